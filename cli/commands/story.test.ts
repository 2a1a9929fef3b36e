// --story of check, explain and render: the steps that matter, and how many are left out.

import { describe, expect, test } from 'vitest';
import { called } from '../testing/command.js';

const seed = [3, 4, 5, 6, 11, 12, 13, 14, 17];
const stepNumbers = (text: string) =>
  text
    .split('\n')
    .flatMap((line) => /^║? *(\d+) {2}/.exec(line)?.[1] ?? [])
    .map(Number);

describe('--story', () => {
  test('of check prints the steps that matter with their numbers, and counts the others', async () => {
    const { status, stdout } = await called(['check', 'thp_truncate', '--story']);
    expect(status).toBe(14);
    expect(stepNumbers(stdout.slice(stdout.indexOf('munmap[0]  ')))).toEqual(seed);
    expect(stdout.match(/… {2}.*/g)).toEqual([
      '…  2 steps of munmap[0]: nothing that matters',
      '…  4 steps of truncate[0]: nothing that matters',
      '…  2 steps of truncate[0]: nothing that matters',
    ]);
    expect(stdout).toContain('page_mapped(page) is true, as it was from the start\n');
    expect(stdout).not.toContain('page.compound_mapcount >= 0');
  });

  test('with --terms prints what a named condition is made of', async () => {
    const { stdout } = await called(['check', 'thp_truncate', '--story', '--terms']);
    expect(stdout).toContain('true  page.compound_mapcount >= 0 (page.compound_mapcount = 0)');
  });

  test('is the same list in the JSON of check and explain', async () => {
    const all = await Promise.all(
      ['check', 'explain'].map((verb) => called([verb, 'thp_truncate', '--story', '--format=json'])),
    );
    const [checked, explained] = all.map(({ stdout }) => JSON.parse(stdout));
    expect(explained.story).toEqual(seed);
    expect(checked.properties.filter((one: { story?: unknown }) => one.story !== undefined)).toMatchObject([
      { name: 'VM_BUG_ON_PAGE(page_mapped(page), page)', story: seed },
    ]);
  });

  test.each(['lanes', 'html', 'markdown', 'mermaid', 'svg'])(
    'of render counts what %s leaves out',
    async (format) => {
      const { stdout } = await called([
        'render',
        'counterexamples/gallery/seed_race.json',
        '--story',
        `--format=${format}`,
      ]);
      const plain = stdout.replaceAll('\\', '').replaceAll('\n', ' ');
      expect(plain).toMatch(/4 steps of truncate\[0\]: nothing +that matters/);
      expect(plain).toContain(
        format === 'html' ? 'only the 9 steps that matter' : 'the story: 9 of 17 steps',
      );
    },
  );

  test('says only that something is hidden where a filter hides a step that matters', async () => {
    const { stdout } = await called(['render', 'thp_truncate', '--story', '--only=munmap']);
    expect(stepNumbers(stdout)).toEqual([3, 4, 5, 6]);
    expect(stdout).toContain('…  2 steps of munmap[0]: nothing that matters');
    expect(stdout.match(/^ +⋮$/gm)).toHaveLength(1);
  });

  test.each([
    [['check', 'increment', '--terms'], '--terms goes with --story: without it, all terms are shown'],
    [
      ['render', 'increment', '--story', '--format=json'],
      '--story cannot be combined with --format=json, which has every step',
    ],
    [
      ['render', 'increment', '--story', '--format=itf'],
      '--story cannot be combined with --format=itf, which has every step',
    ],
  ])('is refused where it changes nothing: %s', async (args, why) => {
    expect(await called(args)).toMatchObject({ status: 2, stdout: '', stderr: `raceproof: ${why}\n` });
  });
});

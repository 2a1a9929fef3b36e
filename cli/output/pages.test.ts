// A folder of pages is written whole or not at all, and only where nobody else has files.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { pagesMark } from '../../comparison/index.js';
import { called, folder } from '../testing/command.js';
import { preparePages, writePages } from './pages.js';

const outside = folder({ 'letter.txt': 'mine' });
afterAll(outside.remove);

const pagesOf = (...names: readonly string[]) =>
  new Map([
    ['index.html', `${pagesMark}${names.join()}`],
    ...names.map((name) => [name, `new ${name}`] as const),
  ]);
const newFolder = (name: string): string => {
  const path = join(outside.path, name);
  preparePages(path);
  return path;
};

describe('pages', () => {
  test('of a second run take the place of those of the first, and stale ones go', () => {
    const path = newFolder('twice');
    writePages(path, pagesOf('run-1.html', 'run-2.html', 'coverage.html'));
    writeFileSync(join(path, 'run-3.html.77.part'), 'left by a run that was killed');
    preparePages(path);
    writePages(path, pagesOf('run-1.html'));
    expect(readdirSync(path).toSorted()).toEqual(['index.html', 'run-1.html']);
    expect(readFileSync(join(path, 'index.html'), 'utf8')).toBe(`${pagesMark}run-1.html`);
  });

  test('that cannot all be written leave those that were there as they were', () => {
    const path = newFolder('failing');
    writePages(path, pagesOf('run-1.html'));
    mkdirSync(join(path, `run-2.html.${process.pid}.part`));
    const before = readFileSync(join(path, 'index.html'), 'utf8');
    expect(() => writePages(path, pagesOf('run-1.html', 'run-2.html'))).toThrow(
      /^cannot write the pages into /,
    );
    expect(readFileSync(join(path, 'index.html'), 'utf8')).toBe(before);
    expect(readdirSync(path)).toContain('run-1.html');
    expect(readdirSync(path)).not.toContain(`run-1.html.${process.pid}.part`);
  });

  test('go nowhere where others have files', () => {
    expect(() => preparePages(outside.path)).toThrow(/there was not written by raceproof; name an empty/);
    const path = join(outside.path, 'site');
    mkdirSync(path);
    writeFileSync(join(path, 'index.html'), '<h1>Mine</h1>');
    expect(() => preparePages(path)).toThrow(/index\.html there was not written by raceproof/);
  });
});

test('a folder that cannot be made is refused before anything is explored', async () => {
  const file = join(outside.path, 'letter.txt', 'pages');
  const outcome = await called(['compare', 'thp_truncate', '--format=html', `--out=${file}`]);
  expect(outcome).toMatchObject({ status: 74, stdout: '' });
  expect(outcome.stderr).toMatch(/^raceproof: cannot write the pages into .*letter\.txt.pages: ENOTDIR/);
});

test.runIf(process.platform === 'linux')('a parent that takes no folders is refused', () => {
  expect(() => preparePages('/proc/nope/pages')).toThrow(
    /^cannot write the pages into \/proc\/nope\/pages: ENOENT/,
  );
});

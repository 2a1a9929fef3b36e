// README.md: what the page shows of commands is what they print.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { called } from './testing/command.js';

const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The block of the page that begins with this line, without it. */
const block = (first: string) => text.split(`\`\`\`\n${first}\n`)[1]!.split('\n```')[0]!;

test.each([
  ['check thp_truncate --width 100', block('$ npx raceproof check thp_truncate --width 100'), 48],
  [
    'explain thp_truncate --width 100',
    block('  1. munmap[0] changes vma[0].pmd from huge to none (pmdp_huge_get_and_clear.clear_pmd) before'),
    3,
  ],
])('raceproof %s prints what README.md shows, without a gap', async (command, shown, lines) => {
  const { stdout } = await called(command.split(' '));
  // The verdict is a heading of the page; what stands between it and the lanes is omitted there.
  const [body = ''] = shown.split(/\n\n/).slice(-1);
  expect(body.split('\n')).toHaveLength(lines);
  expect(stdout).toContain(`${body}\n`);
  for (const line of shown.split('\n')) expect(stdout.split('\n')).toContain(line);
});

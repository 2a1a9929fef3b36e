// check --watch: a change of the file is checked, and a signal ends it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { called, folder, start } from '../testing/command.js';

const text = (
  limit: number,
) => `import { actor, int, model as define, procedure, shared, source } from 'raceproof/language';
import { always } from 'raceproof/properties';
const c = source('x.c');
const state = shared({ n: int(0, 3) });
const p = procedure('p', () => ({ one: c\`n = 2\`(state.n.set(2)) }));
export const model = define('mine', { about: 'x', state, actors: [actor('a', p)] });
export const properties = { small: always(state.n.le(${limit})) };
`;
const files = folder({ 'mine.ts': text(2) });
afterAll(files.remove);

test('checks again when the file has changed, until a signal comes', { timeout: 240_000 }, async () => {
  const child = start(['check', './mine.ts', '--watch'], { cwd: files.path });
  let said = '';
  const heard = async (words: string) => {
    while (!said.includes(words)) await new Promise((again) => setTimeout(again, 50));
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      said += data.toString();
    });
  }
  await heard('./mine.ts: waiting for a change');
  expect(said).toContain('mine: holds');
  writeFileSync(join(files.path, 'mine.ts'), text(1));
  await heard('mine: violated: small in 1 step');
  child.kill('SIGTERM');
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(143);
});

test('a model that is no file cannot be watched', async () => {
  expect(await called(['check', 'increment', '--watch'])).toMatchObject({
    status: 2,
    stderr: "raceproof: --watch is for a model's file: there is no file 'increment'\n",
  });
});

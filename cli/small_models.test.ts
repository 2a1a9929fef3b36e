// docs/small-models.md: every command on the page is run on the page's models, and the page shows the verdict that it
// prints first; and they stay small. `vitest -u` writes the verdicts. packed.test.ts has their types.

import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { called, folder } from './testing/command.js';

const page = new URL('../docs/small-models.md', import.meta.url);
const text = readFileSync(page, 'utf8');
const models = Object.fromEntries(
  [...text.matchAll(/^```ts\n\/\/ (\w+\.ts)\n(.*?)^```$/gms)].map(([, name, code]) => [name!, code!]),
);
const files = folder(models);
afterAll(() => files.remove());

test('every command of docs/small-models.md ends with the verdict that is shown below it', async () => {
  let written = text;
  for (const [whole, command = ''] of text.matchAll(/^\$ npx raceproof (.*)\n.*\n/gm)) {
    // In one line, however long.
    const { stdout } = await called([...command.split(' '), '--width=120'], { cwd: files.path });
    written = written.replace(whole, `$ npx raceproof ${command}\n${stdout.split('\n')[0]}\n`);
  }
  expect(written.match(/: holds$/gm)).toHaveLength(5);
  expect(written.match(/: violated: .* in \d+ steps$/gm)).toHaveLength(7);
  await expect(written).toMatchFileSnapshot(page.pathname);
});

test('each model has at most so many lines', () => {
  const lines = Object.entries(models).map(([name, code]) => [name, code.trimEnd().split('\n').length]);
  expect(Object.fromEntries(lines)).toEqual({
    'drv.ts': 30,
    'rcu.ts': 13,
    'wake.ts': 20,
    'qca.ts': 34,
    'irq.ts': 5,
    'access.ts': 6,
  });
});

// docs/first-model.md: every command on the page is run on the page's model, and the page shows what it prints. `vitest -u`
// writes it.

import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { called, folder } from './testing/command.js';

const page = new URL('../docs/first-model.md', import.meta.url);
const text = readFileSync(page, 'utf8');
const [, code = ''] = /```ts\n(.*?)```/s.exec(text) ?? [];
const files = folder({ 'kvm.ts': code });
afterAll(() => files.remove());

test('every command of docs/first-model.md prints what is shown below it', async () => {
  const command = /```sh\nnpx raceproof (.*?)\n```\n(\n```text\n.*?```\n)?/gs;
  let written = text;
  for (const [whole, args = ''] of text.matchAll(command)) {
    const { stdout } = await called(args.split(' '), { cwd: files.path });
    const shown = `\`\`\`text\n${stdout.trimEnd()}\n\`\`\`\n`;
    written = written.replace(whole, `\`\`\`sh\nnpx raceproof ${args}\n\`\`\`\n\n${shown}`);
  }
  expect(written).toContain('✗');
  await expect(written).toMatchFileSnapshot(page.pathname);
});

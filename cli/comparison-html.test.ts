// The pages of a comparison: the matrix, and behind each cell its trace or what was explored.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { folder, raceproof } from './testing/command.js';

const pages = mkdtempSync(join(tmpdir(), 'raceproof-'));
const outside = folder({});
afterAll(() => {
  rmSync(pages, { recursive: true });
  outside.remove();
});

test('each cell leads to its counterexample or to the figures of its proof', async () => {
  const { status, stdout } = await raceproof(['compare', 'peterson', '--format=html', `--out=${pages}`]);
  expect(status).toBe(0);
  expect(stdout).toContain('index.html');
  const names = readdirSync(pages);
  const index = readFileSync(join(pages, 'index.html'), 'utf8');
  const linked = [...index.matchAll(/href="(run-\d+\.html)"/g)].map(([, file]) => file!);
  expect(linked.length).toBeGreaterThan(0);
  expect([...new Set(linked)].sort()).toEqual(names.filter((name) => name !== 'index.html').sort());
  const texts = new Map(names.map((name) => [name, readFileSync(join(pages, name), 'utf8')] as const));
  for (const [, kind, file] of index.matchAll(/<td class="(good|bad)"><a href="(run-\d+\.html)"/g)) {
    expect(texts.get(file!)).toMatch(kind === 'bad' ? /<ol class="steps">/ : /every reachable state/);
  }
  for (const text of texts.values()) expect(text).not.toMatch(/https?:/);
});

test('pages need a folder, and a folder is for pages', async () => {
  for (const args of [['--format=html'], [`--out=${pages}`]]) {
    const { status, stderr } = await raceproof(['compare', 'peterson', ...args], { cwd: outside.path });
    expect([status, stderr]).toEqual([
      2,
      'raceproof: --format=html and --out=DIR go together: the pages need a folder\n',
    ]);
  }
});

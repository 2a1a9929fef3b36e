// CONTRIBUTING.md names files and folders that are there, for each kind of extension.

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync('CONTRIBUTING.md', 'utf8');
const named = [...page.matchAll(/`([a-z_]+\/[a-z_/]*(?:\.\w+)*)`/g)].map(([, path]) => path!);

test('CONTRIBUTING.md has a recipe for each kind of extension', () => {
  expect([...page.matchAll(/^## Add (.*)$/gm)].map(([, what]) => what)).toEqual([
    'a model',
    'a kind of check',
    'a kind of evidence, a reduction or a memory model',
    'an operator of expressions',
    'a storage',
    'an exporter',
    'a renderer of traces',
    'a kernel primitive',
  ]);
});

test('every file and folder that CONTRIBUTING.md names is there', () => {
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

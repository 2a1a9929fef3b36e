// The Programs of the kernel library's tests, judged by rumur and SPIN: the tests run here once more, every Program that
// they explore is kept, and both tools explore it as well. Only with LONG_TESTS.

import { readdirSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import type { explore, Program, Property } from '../checker/index.js';
import { disagreements, explored, type Figure } from './judge.js';
import { judgeByRumur } from './rumur_judge.js';
import { judgeBySpin } from './spin_judge.js';
import { missingTools } from './tools.js';

interface KernelCase {
  readonly program: Program;
  readonly properties: readonly Property[];
}
const kept = new Map<string, KernelCase>();

const folder = new URL('../models/kernel/', import.meta.url);
const isLong = process.env['LONG_TESTS'] !== undefined;
if (isLong) {
  vi.doMock('../checker/explore.js', async (load) => {
    const original = await load<{ readonly explore: typeof explore }>();
    const keeping: typeof explore = (program, properties, options) => {
      const key = JSON.stringify([program, properties]);
      if (!kept.has(key)) kept.set(key, { program, properties });
      return original.explore(program, properties, options);
    };
    return { ...original, explore: keeping };
  });
  // Files of tests share modules: those that are loaded already would use the explore that keeps nothing, and those that
  // are loaded here must not be used by the files that run after this one.
  vi.resetModules();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.test.ts')))
    await import(new URL(file, folder).href);
  vi.doUnmock('../checker/explore.js');
  vi.resetModules();
}

const missing = missingTools(['rumur', 'spin', 'gcc']);

test.skipIf(!isLong || missing.length > 0)(
  'rumur and SPIN find what raceproof finds in the Programs of the kernel library',
  { timeout: 3_600_000 },
  async () => {
    const all = [...kept.values()];
    expect(all.length).toBeGreaterThan(150);
    const chosen = all;
    const wrong: { readonly program: string; readonly figures: readonly Figure[] }[] = [];
    let count = 0;
    for (const [i, { program, properties }] of chosen.entries()) {
      const report = await explored(program, properties, 'compiled');
      const figures = [...(await judgeByRumur(program, report)), ...(await judgeBySpin(program, report))];
      count += figures.length;
      const differ = disagreements(figures);
      if (differ.length > 0)
        wrong.push({ program: `${i}: ${program.threads.map(({ name }) => name)}`, figures: differ });
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(chosen.length * 6);
  },
);

// Each family of kernel primitives, a file of models/kernel/, is shown in at least two races: what they import says so.
// Which are not stand below, with the reason.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as kernel from '../kernel/index.js';

const races = fileURLToPath(new URL('.', import.meta.url));
const kernelFiles = fileURLToPath(new URL('../kernel', import.meta.url));

/** Families that fewer than two races import, and why. */
const reasons: { readonly [family: string]: string } = {
  cleanup: 'a guard unlocks on every way out, so its fixes are of missing unlocks, and not of races',
  irq: 'the handlers of the races share a lock with a task of their CPU: those are interrupts that a model places itself',
  lockdep: 'the assertions add a step that changes nothing, and all races were written before',
  percpu_refcount:
    'aio_kioctx needs grace periods of two kinds and blk_mq_freeze revives its count: the words have neither',
};

/** The words that a file of models/kernel/ defines and index.ts exports, by the name of the file. */
async function wordsByFamily(): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = readdirSync(kernelFiles).filter((name) => /^\w+\.ts$/.test(name));
  const families = new Map<string, readonly string[]>();
  for (const file of files) {
    // What a file passes on from another one is of that one's family.
    if (/^export (?:\*|(?:type )?\{)/m.test(readFileSync(join(kernelFiles, file), 'utf8'))) continue;
    const words = Object.keys(await import(`../kernel/${basename(file, '.ts')}.ts`)).filter(
      (word) => word in kernel,
    );
    if (words.length > 0) families.set(basename(file, '.ts'), words);
  }
  return families;
}

/** The words that each race imports from models/kernel/. */
const importsByRace: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  readdirSync(races, { recursive: true, encoding: 'utf8' })
    .filter((path) => /[/\\]\w+\.ts$/.test(path))
    .map((path) => {
      const text = readFileSync(join(races, path), 'utf8');
      const names = [...text.matchAll(/import \{([^}]*)\} from '[./]*\/kernel\/\w+\.js'/g)].flatMap(
        ([, list]) =>
          list!
            .split(',')
            .map((name) => name.trim())
            .filter((name) => name !== '' && !name.startsWith('type ')),
      );
      return [basename(path, '.ts'), new Set(names)] as const;
    }),
);

test('every family of kernel primitives is used by two races, or is listed here with the reason why not', async () => {
  const families = await wordsByFamily();
  const usersOf = (words: readonly string[]) =>
    [...importsByRace].filter(([, imported]) => words.some((word) => imported.has(word)));
  const few = [...families].filter(([, words]) => usersOf(words).length < 2).map(([family]) => family);
  expect(few.toSorted()).toEqual(Object.keys(reasons).toSorted());
});

test('the families are all words of the kernel, and the races import them', async () => {
  const words = [...(await wordsByFamily()).values()].flat();
  expect(new Set(words).size).toBe(words.length);
  expect(Object.keys(kernel).filter((word) => !words.includes(word))).toEqual([]);
  expect([...importsByRace.values()].every((imported) => [...imported].every((word) => word in kernel))).toBe(
    true,
  );
});

// Mutants of models that solvers prove: a guard dropped, a lock not taken, an assignment dropped or changed, a step that
// stays where it is. None that one or two of each refute is ever proved.

import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { lower } from '../../checker/index.js';
import { checkNames } from '../../checker/ir/built_in_checks.js';
import { type Parameterised, parameterised } from '../../checker/proof/index.js';
import { random } from '../../checker/testing/random.js';
import { models } from '../../models/index.js';
import { properties } from '../../properties/index.js';
import { mutantsOf } from './testing/mutations.js';
import { alike, isProved, isRefutedAt } from './testing/proving.js';

const isThere = spawnSync('z3', ['--version']).status === 0;
const isLong = process.env['LONG_TESTS'] === '1';
const without = checkNames.filter((name) => name !== 'deadlock' && name !== 'stuck');
const subjects = [
  ['test_and_set', ['NR_LOCKERS'], {}],
  ['readers_writers', ['NR_READERS', 'NR_WRITERS'], {}],
  ['readers_writers', ['NR_READERS', 'NR_WRITERS'], { DOWNGRADE: true }],
] as const;

interface Mutant {
  readonly name: string;
  readonly program: Parameterised;
}

const programOf = ([name, sizes, given]: (typeof subjects)[number]): Parameterised => {
  const open = new Map(sizes.map((size) => [size, 1] as const));
  return parameterised(lower(models.get(name)!.model, given, properties.get(name)!, { without, open }));
};

/** Every mutation of every step that changes something and that one or two of each refute. */
const refutedMutants = (subject: (typeof subjects)[number]): readonly Mutant[] =>
  mutantsOf(programOf(subject)).flatMap(({ name, program }) =>
    [1, 2].some((n) => isRefutedAt(program, alike(program, n)))
      ? [{ name: `${subject[0]}, ${name}`, program }]
      : [],
  );

const all = subjects.flatMap(refutedMutants);
const dice = random(1);
const part = isLong ? all : Array.from({ length: 4 }, () => dice.pick(all));

test('There are enough mutants that one or two of each refute', () => {
  expect(all.length).toBeGreaterThanOrEqual(40);
});

test.skipIf(!isThere)('Without a mutation, the model is proved (z3)', async () => {
  expect(await isProved(programOf(subjects[isLong ? 1 : 0]))).toBe(true);
});

describe.skipIf(!isThere)('None of them is proved (z3):', () => {
  test.each(part.map(({ name, program }) => [name, program] as const))(
    '%s',
    async (_, program) => {
      expect(await isProved(program)).toBe(false);
    },
    300_000,
  );
});

// Mutants of models that solvers prove: a guard dropped, a lock not taken, an assignment dropped or changed, a step that
// stays where it is. None that one or two of each refute is ever proved.

import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { lower } from '../../checker/index.js';
import { checkNames } from '../../checker/ir/built_in_checks.js';
import { type Parameterised, parameterised } from '../../checker/proof/index.js';
import type { Rule, StateTerm } from '../../checker/proof/program.js';
import { random } from '../../checker/testing/random.js';
import { models } from '../../models/index.js';
import { properties } from '../../properties/index.js';
import { alike, isProved, isRefutedAt } from './testing/proving.js';

const isThere = spawnSync('z3', ['--version']).status === 0;
const isLong = process.env['LONG_TESTS'] === '1';
const without = checkNames.filter((name) => name !== 'deadlock' && name !== 'stuck');
const yes: StateTerm = { op: 'const', value: 1, type: 'bool' };

const mutations: { readonly [name: string]: (rule: Rule) => Rule } = {
  'the guard is dropped': (rule) => ({ ...rule, guard: yes }),
  'the last part of the guard is dropped': (rule) =>
    rule.guard.op === 'and'
      ? { ...rule, guard: { op: 'and', xs: rule.guard.xs.slice(0, -1) } }
      : { ...rule, guard: yes },
  'no lock is taken': (rule) => {
    const taken = rule.locks.filter(({ way }) => way === 'take').map(({ fun }) => fun);
    return {
      ...rule,
      locks: rule.locks.filter(({ way }) => way !== 'take'),
      updates: rule.updates.filter(({ fun }) => !taken.includes(fun)),
    };
  },
  'the first assignment is dropped': (rule) => ({ ...rule, updates: rule.updates.slice(1) }),
  'the last assignment is dropped': (rule) => ({ ...rule, updates: rule.updates.slice(0, -1) }),
  'what is stored is something else': (rule) => ({
    ...rule,
    updates: rule.updates.map((one) => {
      const { value } = one;
      if (value.op === 'not') return { ...one, value: value.x };
      if (value.op !== 'const' || value.type === 'int') return one;
      const many = value.type === 'bool' ? 2 : value.type.length;
      return { ...one, value: { ...value, value: (value.value + 1) % many } };
    }),
  }),
  'it stays where it is': (rule) => ({ ...rule, to: rule.from }),
};

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
function refutedMutants(subject: (typeof subjects)[number]): readonly Mutant[] {
  const [name] = subject;
  const program = programOf(subject);
  return program.rules.flatMap((rule, i) => {
    if (rule.reports !== undefined) return [];
    return Object.entries(mutations).flatMap(([what, mutate]): readonly Mutant[] => {
      const mutated = mutate(rule);
      if (JSON.stringify(mutated) === JSON.stringify(rule)) return [];
      const mutant = { ...program, rules: program.rules.with(i, mutated) };
      const isRefuted = [1, 2].some((n) => isRefutedAt(mutant, alike(mutant, n)));
      return isRefuted ? [{ name: `${name}, ${rule.label}: ${what}`, program: mutant }] : [];
    });
  });
}

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

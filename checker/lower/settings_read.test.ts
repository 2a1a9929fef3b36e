// A model is not lowered again under settings that change nothing; and the result is that of lowering it again.

import { expect, test } from 'vitest';
import {
  actors,
  config,
  given,
  If,
  int,
  model,
  oneOf,
  procedure,
  shared,
  source,
} from '../../models/language/index.js';
import { thp_truncate } from '../../models/thp_truncate/model.js';
import { always } from '../../properties/language/index.js';
import { thp_truncate as properties } from '../../properties/thp_truncate.js';
import { lower, lowering } from './lower.js';

const c = source('test.c');
const settings = config({ arch: oneOf('x86', 'powerpc', 's390'), NR_CPUS: int(1, 3), LIMIT: int(0, 9) });
const { arch, NR_CPUS, LIMIT } = settings;
const state = shared({ x: int(0, 9) });
const { x } = state;
const run = procedure('run', () => ({
  hash: If(arch.is('powerpc'), { insert: c`insert`(x.inc()) }),
  step: c`step`(x.inc(), given(NR_CPUS.ge(3), x.set(LIMIT))),
}));
const small = model('small', { about: '', settings, state, actors: [actors('cpu', NR_CPUS, run)] });

test('settings that differ only where lowering does not read them give one Program, each with its own settings', () => {
  const again = lowering(small);
  const [x86, s390, powerpc] = ['x86', 's390', 'powerpc'].map((value) => again({ arch: value }));
  expect(s390!.program.steps).toBe(x86!.program.steps);
  expect(s390!.program.settings).toEqual({ arch: 's390', NR_CPUS: 1, LIMIT: 0 });
  expect(powerpc!.program.steps).not.toBe(x86!.program.steps);
  expect(again({ arch: 'powerpc', LIMIT: 7 }).program.steps).toBe(powerpc!.program.steps);
  expect(again({ NR_CPUS: 2 }).program.threads).toHaveLength(2);
});

test('a setting that only a property reads counts as read', () => {
  const bounded = { bounded: always(x.le(LIMIT)) };
  const again = lowering(small, bounded);
  const [, five] = [again({}), again({ LIMIT: 5 })];
  expect(five.properties).toEqual(lower(small, { LIMIT: 5 }, bounded).properties);
});

test('two settings that are compared with each other both count as read', () => {
  const pair = config({ A: int(0, 3), B: int(0, 3) });
  const body = procedure('body', () => ({ test: If(pair.A.eq(pair.B), { equal: c`equal`() }) }));
  const again = lowering(
    model('pair', { about: '', settings: pair, state, actors: [actors('cpu', 1, body)] }),
  );
  const steps = (A: number, B: number) => again({ A, B }).program.steps.map(({ label }) => label);
  expect(steps(1, 1)).toEqual(['body.equal']);
  expect(steps(1, 2)).toEqual([]);
  expect(steps(2, 2)).toEqual(['body.equal']);
});

test('a setting that does not fit is refused every time', () => {
  const again = lowering(small);
  again({});
  expect(() => again({ arch: 'arm' })).toThrow('arch=arm: not in');
});

const environments = Object.entries(thp_truncate.comparison!.environments!);
test.each([
  ['none', 6],
  ['invalidated_pmd', 5],
  ['synchronize_rcu', 7],
] as const)(
  'the flagship with fix=%s is the same as afresh, and has %i Programs in its environments',
  (fix, programs) => {
    const again = lowering(thp_truncate, properties);
    const cells = environments.map(([, chosen]) => ({ ...chosen, fix, unmap_range_first: true }));
    const remembered = cells.map((cell) => again(cell));
    expect(remembered.map((lowered) => JSON.stringify(lowered))).toEqual(
      cells.map((cell) => JSON.stringify(lower(thp_truncate, cell, properties))),
    );
    expect(new Set(remembered.map(({ program }) => program.steps)).size).toBe(programs);
  },
);

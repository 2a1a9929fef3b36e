// How counters are found to be sums in the states of small instances, and that others are not.

import { expect, test } from 'vitest';
import {
  actors,
  array,
  bool,
  config,
  Either,
  For,
  int,
  model,
  procedure,
  type Stmt,
  shared,
  source,
} from '../../models/language/index.js';
import { checkNames } from '../ir/built_in_checks.js';
import { lower } from '../lower/lower.js';
import { parameterised } from './decode.js';
import { findSums } from './find_sums.js';
import { FiniteInstance } from './instance.js';
import { LinearSystem } from './linear.js';
import { sampled } from './sample.js';
import { sumText } from './sums.js';

const c = source('sums.c');
const without = checkNames.filter((name) => name !== 'deadlock' && name !== 'stuck');
const settings = config({ NR: int(1, 3), NR_PAGES: int(1, 3) });
const { NR, NR_PAGES } = settings;
const state = shared({
  mapcount: int(-1, 4).starts(NR.minus(1)),
  mapped: array(NR, bool().starts(true)),
  pages: array(NR_PAGES, int(0, 3)),
});
const { mapcount, mapped, pages } = state;

/** The sums that are found in a model of NR actors, each of which works on an element of its own. */
function found(
  steps: (k: ReturnType<typeof NR.plus>) => { readonly [label: string]: Stmt<string> },
): readonly string[] {
  const run = procedure('run', { k: int(0, 2) }, ({ k }) => steps(k));
  const all = actors('a', NR, run, (k) => ({ k }));
  const of = model('small', { about: 'a small model', settings, state, actors: [all] });
  const open = new Map([
    ['NR', 1],
    ['NR_PAGES', 1],
  ]);
  const program = parameterised(lower(of, {}, {}, { without, open }));
  const sizes = new Map([...open.keys()].map((name) => [name, 2] as const));
  const instance = new FiniteInstance(program, { sizes, order: 'any', statesMax: 1000 });
  return findSums(program, [{ instance, states: sampled(instance, 1000) }]).map(sumText);
}

test('A mapcount is the number of mapped elements, and of actors between the unmapping and the decrement', () => {
  const sums = found((k) => ({
    clear: c`clear`(mapped.at(k).set(false)),
    dec: c`decrement`(mapcount.dec()),
  }));
  expect(sums).toEqual([
    'mapcount + 1 is the number of m of NR with mapped[m], and the number of x of NR with a[x] at run.dec',
  ]);
});

test('A counter of each page counts those whose loop has been there', () => {
  const [sum, ...others] = found(() => ({
    begin: c`begin`(),
    all: For(NR_PAGES, (i) => ({ get: c`get`(pages.at(i).inc()) })),
    last: c`go on`(),
  }));
  expect(others).toEqual([]);
  expect(sum).toMatch(/^pages\[p0\] is the number of x of NR with \(?a\[x\] at run\.last or done/);
  expect(sum).toContain('!a:NR_PAGES.');
});

test('What an actor does only sometimes, and leaves no trace of, is no sum', () => {
  const sums = found(() => ({
    either: Either({ one: { dec: c`decrement`(mapcount.dec()) }, other: { skip: c`or not`() } }),
  }));
  expect(sums).toEqual([]);
});

test('Linear equations have the solution that leaves out the last features; contradictory ones have none', () => {
  const system = new LinearSystem(3);
  expect([system.add([1, 0, 1], 2), system.add([0, 1, 0], -3), system.add([1, 1, 1], -1)]).toEqual([
    true,
    true,
    true,
  ]);
  expect(system.solution()).toEqual([2, -3, 0]);
  expect(system.add([1, 1, 1], 0)).toBe(false);
});

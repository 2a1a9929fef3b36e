// The parameterised Program of a model has the states of its ordinary Programs, and what cannot be expressed is refused.

import { describe, expect, test } from 'vitest';
import { model as readers_writers_model } from '../../models/examples/readers_writers.js';
import { model as test_and_set_model } from '../../models/examples/test_and_set.js';
import {
  actors,
  array,
  bool,
  config,
  For,
  type Int,
  int,
  type Model,
  model,
  procedure,
  type Stmt,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { thp_truncate } from '../../models/thp_truncate/model.js';
import { checkNames } from '../ir/built_in_checks.js';
import { lower } from '../lower/lower.js';
import { stateStream } from '../state_stream.js';
import { parameterised } from './decode.js';
import { factObligations } from './facts.js';
import { obligationsOf } from './obligations.js';
import { suggested } from './prove.js';
import { tie } from './tie.js';

const c = source('any_number.c');
const without = checkNames.filter((name) => name !== 'deadlock' && name !== 'stuck');

type Numbers = { readonly [setting: string]: number };

/** How many states a model has at each of these sizes; fails where both lowerings differ. */
function statesAt(of: Model, settings: { readonly [name: string]: unknown }, all: readonly Numbers[]) {
  const open = new Map(Object.keys(all[0]!).map((name) => [name, 1] as const));
  const program = parameterised(lower(of, settings, {}, { without, open }));
  return all.map((sizes) => {
    const { program: ordinary } = lower(of, { ...settings, ...sizes }, {}, { without });
    const tied = tie(program, new Map(Object.entries(sizes)), ordinary, stateStream(ordinary), 100_000);
    expect(tied).not.toHaveProperty('isTooLarge');
    expect([tied.onlyInEngine, tied.onlyInInstance]).toEqual([undefined, undefined]);
    return tied.states;
  });
}

describe('At small numbers the parameterised Program has the states of the engines:', () => {
  test('readers and writers', () => {
    const sizes = [1, 2, 3].map((n) => ({ NR_READERS: n, NR_WRITERS: n }));
    expect(statesAt(readers_writers_model, {}, sizes)).toEqual([12, 30, 72]);
    expect(statesAt(readers_writers_model, { DOWNGRADE: true }, sizes.slice(0, 2))).toEqual([24, 102]);
    const wrong = { writers_lock: 'for_reading' };
    expect(statesAt(readers_writers_model, wrong, sizes.slice(0, 2))).toEqual([32, 512]);
  });

  test('the test-and-set lock', () => {
    const sizes = [1, 2, 3].map((n) => ({ NR_LOCKERS: n }));
    expect(statesAt(test_and_set_model, {}, sizes)).toEqual([2, 3, 4]);
  });

  test('the flagship: arrays, loops over them, actors that work on an element, fixed actors beside', () => {
    const settings = { NR_DONTNEED: 1, NR_TRUNCATE: 1, fix: 'unmap_mapping_page' };
    const sizes = [1, 2].map((n) => ({ NR_MMS: n, NR_SUBPAGES: n, NR_MUNMAP: 1 }));
    expect(statesAt(thp_truncate, settings, sizes)).toEqual([696, 934]);
  });
});

/** A model of NR actors and NR flags. */
function small(steps: (k: Int) => { readonly [label: string]: Stmt }): Model {
  const run = procedure('run', { k: int(0, 2) }, ({ k }) => steps(k as Int));
  const all = actors('a', NR, run, (k) => ({ k }));
  return model('small', { about: 'a small model', settings, state, actors: [all] });
}
const settings = config({ NR: int(1, 3) });
const { NR } = settings;
const state = shared({ flags: array(NR, bool()) });
const { flags } = state;
const stored = shared({ last: int(0, 2) });

describe('For any number is refused, with the line,', () => {
  const lowered = (of: Model) => () =>
    parameterised(lower(of, {}, {}, { without, open: new Map([['NR', 1]]) }));

  test('arithmetic on an index', () => {
    const next = small((k) => ({ step: c`set the next flag`(flags.at(k.plus(1)).set(true)) }));
    expect(lowered(next)).toThrow('prove cannot express arithmetic on indices of NR');
  });

  test.each<
    readonly [string, (k: Int, j: Int) => ReturnType<typeof when> | ReturnType<typeof stored.last.set>]
  >([
    ['an order of indices', (k, j) => when(k.gt(j))],
    ['arithmetic on indices', (k, j) => when(k.plus(1).eq(j))],
    ['a variable with the value of indices', (k) => stored.last.set(k)],
    ['arithmetic on indices', (k) => stored.last.set(stored.last.plus(k))],
  ])('%s', (what, of) => {
    const run = procedure('run', { k: int(0, 2) }, ({ k }) => ({
      begin: c`begin`(),
      each: For(NR, (j) => ({ step: c`step`(of(k as Int, j as Int)) })),
    }));
    const all = actors('a', NR, run, (k) => ({ k }));
    const of_any = model('small', { about: 'a small model', settings, state: stored, actors: [all] });
    expect(lowered(of_any)).toThrow(
      expect.objectContaining({
        message: `prove cannot express ${what} of NR`,
        at: expect.objectContaining({ file: expect.stringContaining('tie.test.ts') }),
      }),
    );
  });

  test.each([1, 7, 63])('an element that starts unlike the others: index %i', (other) => {
    const unlike = shared({
      flags: array(
        NR,
        bool().startsAs((i: number) => i === other),
      ),
    });
    const run = procedure('run', {}, () => ({
      step: c`clear the first flag`(unlike.flags.at(0).set(false)),
    }));
    const of = model('small', {
      about: 'a small model',
      settings,
      state: unlike,
      actors: [actors('a', NR, run)],
    });
    expect(lowered(of)).toThrow(
      `flags[0] starts unlike the element with index ${other}, and NR is left open`,
    );
  });

  test('an element that starts unlike the others where two indices are not 0', () => {
    const unlike = shared({
      flags: array(
        NR,
        array(
          NR,
          bool().startsAs((i: number, j: number) => i === 4 && j === 4),
        ),
      ),
    });
    const run = procedure('run', {}, () => ({
      step: c`clear the first flag`(unlike.flags.at(0).at(0).set(false)),
    }));
    const all = [actors('a', NR, run)];
    const of = model('small', { about: 'a small model', settings, state: unlike, actors: all });
    expect(lowered(of)).toThrow('flags[0][0] starts unlike the element with index 4, 4, and NR is left open');
  });

  test('a bound on what is explored: it would be one on what is proved', () => {
    const run = procedure('run', {}, () => ({ step: c`count`(counted.n.set(counted.n.plus(1))) }));
    const counted = shared({ n: int(0, 9) });
    const within = counted.n.le(1);
    const of = model('small', {
      about: 'a',
      settings,
      state: counted,
      actors: [actors('a', NR, run)],
      within,
    });
    expect(lowered(of)).toThrow('small: within, which leaves states out, is not supported by prove');
  });

  test('an element that there may not be', () => {
    const second = small(() => ({ step: c`set the second flag`(flags.at(1).set(true)) }));
    expect(lowered(second)).toThrow(
      'flags.at(1): NR is left open, and may be 1, so there may be no such element',
    );
  });
});

test('That elements start alike whatever a size is, is an obligation, from the size on that has the element', () => {
  const startsAs = (first: (i: number) => boolean | ReturnType<typeof NR.ge>) => {
    const some = shared({ flags: array(NR, bool().startsAs(first)) });
    const run = procedure('run', {}, () => ({
      step: c`clear the first flag`(some.flags.at(0).set(false)),
    }));
    const all = [actors('a', NR, run)];
    const of = model('small', { about: 'a small model', settings, state: some, actors: all });
    return factObligations(lower(of, {}, {}, { without, open: new Map([['NR', 1]]) }).open!)?.questions;
  };
  // True of the sizes 2 to 5, which are tried, and of no others.
  expect(startsAs((i) => (i === 1 ? NR.ge(6) : false))).toEqual([
    {
      id: 'fact 0',
      asks: 'that (< |size of NR| 6) for all sizes',
      text: '(assert (>= |size of NR| 2))\n(assert (not (and (< |size of NR| 6) )))\n',
    },
  ]);
  expect(startsAs((i) => i < 0)).toBeUndefined();
});

test('Each question has an id of its own, also where two clauses have one name', () => {
  const program = parameterised(
    lower(
      readers_writers_model,
      {},
      {},
      {
        without,
        open: new Map([
          ['NR_READERS', 1],
          ['NR_WRITERS', 1],
        ]),
      },
    ),
  );
  const { clauses, sums } = suggested(program, []);
  const named = clauses.map((clause) => ({ ...clause, name: 'a clause' }));
  expect(named.length).toBeGreaterThan(1);
  for (const { questions } of obligationsOf(program, { clauses: named, sums })) {
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
  }
});

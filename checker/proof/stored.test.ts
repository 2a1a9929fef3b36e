// Invariants as data: they come back as they were, and nothing that is no part of the Program passes.

import { describe, expect, test } from 'vitest';
import {
  actors,
  array,
  bool,
  config,
  Goto,
  int,
  model,
  procedure,
  shared,
  source,
} from '../../models/language/index.js';
import { checkNames } from '../ir/built_in_checks.js';
import { lower } from '../lower/lower.js';
import { parameterised } from './decode.js';
import { FiniteInstance } from './instance.js';
import { obligationsOf, type ProofInvariant } from './obligations.js';
import { suggested } from './prove.js';
import { sampled } from './sample.js';
import { readInvariant, storedInvariant } from './stored.js';

const c = source('mapped.c');
const settings = config({ NR: int(1, 3) });
const { NR } = settings;
const state = shared({
  mapcount: int(-1, 4).starts(NR.minus(1)),
  mapped: array(NR, bool().starts(true)),
});
const run = procedure('run', { k: int(0, 2) }, ({ k }) => ({
  clear: c`clear`(state.mapped.at(k).set(false)),
  dec: c`decrement`(state.mapcount.dec()),
  again: Goto('clear'),
}));
const of = model('mapped', {
  ...{ about: 'mapped', settings, state },
  actors: [actors('a', NR, run, (k) => ({ k }))],
});
const without = checkNames.filter((name) => name !== 'deadlock' && name !== 'stuck');
const program = parameterised(lower(of, {}, {}, { without, open: new Map([['NR', 1]]) }));
const instance = new FiniteInstance(program, {
  ...{ sizes: new Map([['NR', 2]]), order: 'any', statesMax: 1000 },
});
const found = suggested(program, [{ instance, states: sampled(instance, 1000) }]);
const invariant: ProofInvariant = { clauses: found.clauses, sums: found.sums };
const stored = JSON.parse(JSON.stringify(storedInvariant(invariant)));

test('An invariant that was stored makes the same obligations', () => {
  expect(invariant.clauses.length).toBeGreaterThan(0);
  const texts = (one: ProofInvariant) =>
    obligationsOf(program, one).map(({ assumes, given, questions }) => [
      ...[assumes, given],
      ...questions.map(({ text }) => text),
    ]);
  expect(texts(readInvariant(stored, program))).toEqual(texts(invariant));
});

describe('A stored invariant is refused', () => {
  const clause = (body: unknown, name: unknown = 'a clause', bound: unknown = []) => ({
    ...{ ...stored, sums: [] },
    clauses: [{ name, bound, body }],
  });
  const isTrue = { op: 'const', value: 1, type: 'bool' };
  const m = { name: 'm', sort: 'NR' };
  const all = (bound: unknown) => ({ op: 'all', bound, x: isTrue });
  const sum = { counter: 'mapcount', args: [], offset: { number: -1, sizes: [] }, summands: [] };
  const part = { bound: m, condition: isTrue, weight: 1, isFirst: true };
  test.each([
    ['that is no object', [], '[] stands where an object is expected'],
    ['of another format', { ...stored, format: 'raceproof 0' }, 'it does not begin with "format"'],
    ['with a name of two lines', clause(isTrue, 'a\n(assert false)'), 'where a line of text is expected'],
    ['with a text as number', clause({ op: 'const', value: '1) (x', type: 'int' }), 'a number is expected'],
    ['with an unknown word', clause({ op: 'const', value: 0, type: ['x'] }), 'is no value'],
    ['with an unknown operation', clause({ op: 'assert' }), '"assert" is no operation of a term'],
    ['with a count', clause({ op: 'sum', bound: m, x: isTrue }), '"sum" is no operation of a term'],
    ['with one element', clause({ op: 'element', sort: 'NR', index: 0 }), '"element" is no operation'],
    ['with an unknown variable', clause({ op: 'read', fun: 'x', args: [] }), 'the model has no variable "x"'],
    [
      'with too few indices',
      clause({ op: 'read', fun: 'mapped', args: [] }),
      'the model has no variable "mapped"',
    ],
    ['with an unknown actor', clause({ op: 'actor', family: 'b' }), 'the model has no actor "b"'],
    ['with no member', clause({ op: 'actor', family: 'a' }), 'a is a family of actors'],
    [
      'with an unknown place',
      clause({ op: 'at', family: 'a', member: { op: 'first', sort: 'NR' }, locations: [99] }),
      'a has no place 99',
    ],
    [
      'about places of nobody',
      { ...stored, clauses: [{ bound: [], places: { family: 'a', at: [0], says: 'x', body: isTrue } }] },
      'self is no member of a',
    ],
    ['with an index of nothing', clause({ op: 'var', ...m }), '"m" is no variable here'],
    ['with an unknown sort', clause(all({ name: 'm', sort: 'NR_X' })), '"NR_X" is not left open'],
    ['with a name that is none', clause(all({ name: 'm|', sort: 'NR' })), '"m|" is no name of a variable'],
    ['with a name within itself', clause(all(m), 'x', [m]), 'm is bound twice'],
    ['with a name twice', clause(isTrue, 'x', [m, m]), 'a variable is bound twice'],
    [
      'with a weight below 1',
      { ...stored, sums: [{ ...sum, summands: [{ ...part, weight: -1 }] }] },
      'the weight -1 is not positive',
    ],
    ['with other indices of a counter', { ...stored, sums: [{ ...sum, args: [m] }] }, 'has other indices'],
  ])('%s', (_, data, message) => {
    expect(() => readInvariant(data, program)).toThrow(message);
  });
});

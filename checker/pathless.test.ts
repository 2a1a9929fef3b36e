// A search that is stopped before it knows the traces of what it found names all of it: assertions and deadlocks, but
// also what is looked for beside the checks that are listed.

import { expect, test } from 'vitest';
import { mutex, mutex_lock, mutex_unlock } from '../models/kernel/index.js';
import { actor, int, procedure, shared, source, While, when } from '../models/language/index.js';
import { explore } from './explore.js';
import { arithmetic, equal, int as number, read } from './ir/expression.js';
import { programOf } from './lower/testing/small.js';
import type { Property } from './property/property.js';

const c = source('x.c');
const state = shared({ a: mutex(), b: mutex(), n: int(-1, 1).starts(1), x: int(0, 99), y: int(0, 99) });
const { a, b, n, x, y } = state;
/** What all else waits for, so that it is far from the initial state. */
const counting = (v: typeof x) => () => ({ count: While(v.lt(99), { one: c`one`(v.inc()) }) });
const nested = (first: typeof a, second: typeof a) => () => ({
  wait: c`wait`(when(x.eq(99).and(y.eq(99)))),
  one: mutex_lock(first),
  two: mutex_lock(second),
  drop: mutex_unlock(second),
  last: mutex_unlock(first),
  count: c`n--`(n.dec()),
});

test('lock orders and formulas without a value are named, too', async () => {
  const program = programOf({
    state,
    actors: [nested(a, b), nested(b, a), counting(x), counting(y)].map((body, i) =>
      actor('pqrs'[i]!, procedure('pqrs'[i]!, body)),
    ),
  });
  const id = program.variables.find(({ name }) => name === 'n')!.id;
  const quotient = arithmetic('div', number(6), read({ variables: [id] }, 'int'));
  const ratio: Property = {
    ...{ name: 'ratio', expectation: 'never', condition: equal(quotient, number(5)), source: {} },
  };
  const { verdict, evidence, properties } = await explore(program, [ratio], {
    storage: 'hash64',
    onProgress: ({ again }) => (again === undefined ? undefined : { kind: 'interrupt', text: 'Ctrl-C' }),
  });
  expect(verdict).toBe('incomplete');
  expect(evidence.pathless).toEqual([
    'no deadlock',
    'formula without a value: ratio',
    'WARNING: possible circular locking dependency detected (a -> b)',
    'WARNING: possible circular locking dependency detected (b -> a)',
  ]);
  const unknown = properties.filter(({ verdict: one }) => one === 'unknown').map(({ check }) => check.name);
  expect(unknown).toEqual(expect.arrayContaining([...evidence.pathless!]));
});

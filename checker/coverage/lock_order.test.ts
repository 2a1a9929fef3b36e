// The order in which classes of locks are taken, over all runs: what is a circle, and what is none. Both engines.

import { describe, expect, test } from 'vitest';
import {
  down_read,
  down_write,
  mutex,
  mutex_lock,
  mutex_lock_nested,
  mutex_unlock,
  rwsem,
  SINGLE_DEPTH_NESTING,
  up_read,
  up_write,
} from '../../models/kernel/index.js';
import {
  actor,
  array,
  type Block,
  bool,
  Either,
  If,
  int,
  procedure,
  shared,
  source,
} from '../../models/language/index.js';
import { explore } from '../explore.js';
import { programOf } from '../lower/testing/small.js';
import { inCircles, orderEdges } from './lock_order.js';

const c = source('mm/rmap.c');
const state = shared({
  a: mutex(),
  b: mutex(),
  gate: mutex(),
  sem: rwsem(),
  fork: array(3, mutex()),
  k: int(0, 2),
  go: bool(),
});
const { a, b, gate, sem, fork, k, go } = state;

const program = (bodies: readonly (() => Block)[]) =>
  programOf({ state, actors: bodies.map((body, i) => actor('xyz'[i]!, procedure('pqr'[i]!, body))) });
const nest = (first: typeof a, second: typeof a) => () => ({
  one: mutex_lock(first),
  two: mutex_lock(second),
  drop_two: mutex_unlock(second),
  drop_one: mutex_unlock(first),
});
const inOrder = (bodies: readonly (() => Block)[]) => inCircles(orderEdges(program(bodies))).length;
/** The edges of circles that are found, with the lengths of their traces, and whether there is a deadlock. */
async function circles(bodies: readonly (() => Block)[]) {
  const results = await Promise.all(
    (['reference', 'compiled'] as const).map(async (engine) => {
      const { properties } = await explore(program(bodies), [], { engine });
      return properties.flatMap(({ check, verdict, finding }) => {
        const edge = /detected \((.*)\)$/.exec(check.name)?.[1] ?? check.name;
        if (check.kind === 'deadlock' && verdict === 'violated') return ['deadlock'];
        return check.kind === 'lockdep' ? [`${edge}: ${finding ? finding.path.steps.length : verdict}`] : [];
      });
    }),
  );
  expect(results[1]).toEqual(results[0]);
  return results[0]!;
}

describe('an inversion', () => {
  test('of two actors is reported edge by edge, beside the deadlock', async () => {
    expect(await circles([nest(a, b), nest(b, a)])).toEqual(['deadlock', 'a -> b: 1', 'b -> a: 1']);
    expect(await circles([nest(a, b), nest(a, b)])).toEqual([]);
  });

  test('of one actor is reported, though no actor can deadlock', async () => {
    const both = () => ({
      first: If(go, nest(a, b)()).Else({
        x: mutex_lock(b),
        y: mutex_lock(a),
        u: mutex_unlock(a),
        v: mutex_unlock(b),
      }),
    });
    const twice = () => ({
      ...nest(a, b)(),
      x: mutex_lock(b),
      y: mutex_lock(a),
      u: mutex_unlock(a),
      v: mutex_unlock(b),
    });
    expect(await circles([twice])).toEqual(['a -> b: 1', 'b -> a: 5']);
    // Only one branch is ever taken: control flow admits the circle, and no run has it.
    expect(await circles([both])).toEqual(['WARNING: possible circular locking dependency detected: holds']);
  });

  test('behind a gate lock is reported as well, as lockdep does', async () => {
    const gated = (body: () => Block) => () => ({ in: mutex_lock(gate), ...body(), out: mutex_unlock(gate) });
    expect(await circles([gated(nest(a, b)), gated(nest(b, a))])).toEqual(['a -> b: 2', 'b -> a: 2']);
  });

  test('between readers counts, for a waiting writer makes one reader wait for another', async () => {
    const reads = () => ({ r: down_read(sem), l: mutex_lock(a), u: mutex_unlock(a), d: up_read(sem) });
    const locks = () => ({ l: mutex_lock(a), r: down_read(sem), d: up_read(sem), u: mutex_unlock(a) });
    expect(await circles([reads, locks])).toEqual(expect.arrayContaining(['sem -> a: 1', 'a -> sem: 1']));
    const writes = () => ({ w: down_write(sem), l: mutex_lock(a), u: mutex_unlock(a), d: up_write(sem) });
    expect(await circles([reads, writes])).toEqual([]);
  });
});

test('a trylock gives no edge, what is taken under it does', async () => {
  const tries = () => ({
    l: mutex_lock(a),
    t: Either({
      got: { take: c`mutex_trylock(b): true`(b.take()), drop: mutex_unlock(b) },
      failed: { no: c`mutex_trylock(b): false`() },
    }),
    u: mutex_unlock(a),
  });
  expect(await circles([tries, nest(b, a)])).toEqual([
    'WARNING: possible circular locking dependency detected: holds',
  ]);
});

test('locks of one class may nest in one order, and not in both', async () => {
  expect(
    await circles([nest(fork.at(0), fork.at(1)), nest(fork.at(1), fork.at(2)), nest(fork.at(0), fork.at(2))]),
  ).toEqual([]);
  expect(
    await circles([nest(fork.at(0), fork.at(1)), nest(fork.at(1), fork.at(2)), nest(fork.at(2), fork.at(0))]),
  ).toEqual(['deadlock', 'fork[0] -> fork[1]: 1', 'fork[1] -> fork[2]: 1', 'fork[2] -> fork[0]: 1']);
  const indexed = () => ({
    l: mutex_lock(fork.at(1)),
    m: mutex_lock(fork.at(k)),
    u: mutex_unlock(fork.at(k)),
    v: mutex_unlock(fork.at(1)),
  });
  expect(await circles([nest(fork.at(0), fork.at(1)), indexed])).toEqual([
    'deadlock',
    'fork[0] -> fork[1]: 1',
    'fork[1] -> fork[0]: 1',
  ]);
});

describe('a subclass', () => {
  const nested =
    (first: typeof a, second: typeof a, subclass = SINGLE_DEPTH_NESTING) =>
    () => ({
      one: mutex_lock(first),
      two: mutex_lock_nested(second, subclass),
      drop_two: mutex_unlock(second),
      drop_one: mutex_unlock(first),
    });
  test('makes a class of its own: the model says that their order is kept otherwise', async () => {
    const gated = (body: () => Block) => () => ({ in: mutex_lock(gate), ...body(), out: mutex_unlock(gate) });
    const both = (pair: typeof nest) => [
      gated(pair(fork.at(0), fork.at(1))),
      gated(pair(fork.at(1), fork.at(0))),
    ];
    expect(await circles(both(nest))).toEqual(['fork[0] -> fork[1]: 2', 'fork[1] -> fork[0]: 2']);
    expect(await circles(both(nested))).toEqual([]);
  });
  test('is part of the order of classes', async () => {
    const back = () => ({
      one: mutex_lock_nested(fork.at(1), 1),
      two: mutex_lock(fork.at(0)),
      drop: mutex_unlock(fork.at(0)),
      last: mutex_unlock(fork.at(1)),
    });
    expect(await circles([nested(fork.at(0), fork.at(2)), back])).toEqual([
      'fork -> fork/1: 1',
      'fork/1 -> fork: 1',
    ]);
    expect(await circles([nested(fork.at(0), fork.at(1)), nested(fork.at(0), fork.at(2), 2)])).toEqual([]);
  });
  test('that is one or another gives no edge', async () => {
    const either = () => ({
      which: If(go, { one: mutex_lock_nested(fork.at(1), 1) }).Else({ other: mutex_lock(fork.at(1)) }),
      two: mutex_lock(a),
      drop: mutex_unlock(a),
      last: mutex_unlock(fork.at(1)),
    });
    expect(await circles([either, nest(a, fork.at(0))])).toEqual([]);
    expect(await circles([nest(fork.at(1), a), nest(a, fork.at(0))])).toEqual([
      'fork -> a: 1',
      'a -> fork: 1',
    ]);
  });
  test('is a number up to 7', () => {
    expect(() => mutex_lock_nested(a, 8)).toThrow('a subclass of locks is a number from 0 to 7, not 8');
  });
});

test('locks of a class by name are of one class, wherever they lie', () => {
  const named = shared({ x: mutex({ class: 'inode' }), y: mutex({ class: 'inode' }), z: mutex() });
  const order = (...bodies: readonly (() => Block)[]) => {
    const actors = bodies.map((body, i) => actor('xy'[i]!, procedure('pq'[i]!, body)));
    return inCircles(orderEdges(programOf({ state: named, actors }))).map(
      ({ before, after }) => `${before} -> ${after}`,
    );
  };
  expect(order(nest(named.x, named.z), nest(named.z, named.y))).toEqual(['inode -> z', 'z -> inode']);
  expect(order(nest(named.x, named.y), nest(named.x, named.z))).toEqual([]);
});

test('without a circle in control flow the search has nothing to look for', () => {
  expect([inOrder([nest(a, b), nest(a, b)]), inOrder([nest(a, b), nest(b, a)])]).toEqual([0, 2]);
});

test('it can be left out', async () => {
  const { properties } = await explore(program([nest(a, b), nest(b, a)]), [], { without: ['lock-order'] });
  expect(properties.filter(({ check }) => check.kind === 'lockdep')).toEqual([]);
});

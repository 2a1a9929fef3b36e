// Attempts that fail, between a store and a load: the kernel orders nothing there, and on x86 only those are a barrier that
// try without a look before. Judged by executions and with store buffers.

import { describe, expect, test } from 'vitest';
import { explore, lower } from '../../checker/index.js';
import {
  atomic_add_unless,
  atomic_inc_not_zero,
  cmpxchg,
  completion,
  down_read_trylock,
  down_write,
  down_write_trylock,
  folio_try_get,
  kref_get_unless_zero,
  mutex,
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  READ_ONCE,
  refcount,
  refcount_dec_not_one,
  refcount_inc_not_zero,
  rwsem,
  smp_mb,
  spin_lock,
  spin_trylock,
  spin_unlock,
  spinlock,
  test_and_set_bit,
  test_and_set_bit_lock,
  try_cmpxchg,
  try_wait_for_completion,
  up_write,
  WRITE_ONCE,
} from '../../models/kernel/index.js';
import {
  actor,
  type Block,
  bool,
  If,
  int,
  model,
  perActor,
  procedure,
  shared,
} from '../../models/language/index.js';
import { never } from '../../properties/language/index.js';
import { litmusLowering } from '../index.js';
import { parseLitmus } from '../syntax/parser.js';
import { modelNamed } from '../testing/judged.js';
import { judgeModel } from '../verdict/model_verdict.js';
import { judge } from '../verdict/verdict.js';
import { translate } from './translate.js';

const state = shared({
  x: int(0, 1),
  y: int(0, 1),
  n: int(0, 3),
  refs: refcount(2).starts(0),
  one: refcount(2).starts(1),
  bit: bool().starts(true),
  done: completion(),
  lock: spinlock(),
  mutex: mutex(),
  sem: rwsem(),
});
const { x, y, n, refs, one, bit, done, lock, sem } = state;
const r0 = perActor('r0', int(0, 3));
const old = perActor('old', int(0, 3));
const got = perActor('got', bool());

/** Store buffering with an attempt that fails on one side, and smp_mb() on the other, which may hold a lock. */
function storeBuffering(attempt: () => Block, hold: () => Block, drop: () => Block) {
  const tries = actor(
    'tries',
    procedure('tries', () => ({
      x: WRITE_ONCE(x, 1),
      ...attempt(),
      y: r0.mine.assign(READ_ONCE(y)),
    })),
  );
  const other = actor(
    'other',
    procedure('other', () => ({
      ...hold(),
      y: WRITE_ONCE(y, 1),
      mb: smp_mb(),
      x: r0.mine.assign(READ_ONCE(x)),
      ...drop(),
    })),
  );
  const bothMiss = tries.done
    .and(other.done)
    .and(got.of(tries).eq(false))
    .and(r0.of(tries).eq(0))
    .and(r0.of(other).eq(0));
  const of = model('failed_attempt', { about: '', state, actors: [tries, other] });
  return { of, properties: { never_both: never(bothMiss) } };
}

async function verdicts(
  attempt: () => Block,
  hold: () => Block = () => ({}),
  drop: () => Block = () => ({}),
) {
  const { of, properties } = storeBuffering(attempt, hold, drop);
  const byExecutions = (name: 'sc' | 'tso' | 'lkmm') => {
    const { program, properties: asked } = lower(of, {}, properties, litmusLowering);
    const verdict = judgeModel(translate(program, asked), modelNamed(name));
    expect(verdict.isComplete).toBe(true);
    return verdict.ends[0]!.positive > 0;
  };
  const { without } = litmusLowering;
  const buffered = lower(of, {}, properties, { without, bufferSlots: 2 });
  const found = await explore(buffered.program, buffered.properties);
  const inBuffers = found.properties.find(({ check }) => check.name === 'never_both')!.verdict === 'violated';
  const tso = byExecutions('tso');
  expect({ tso }).toEqual({ tso: inBuffers });
  return { sc: byExecutions('sc'), tso, lkmm: byExecutions('lkmm') };
}

describe('an attempt that fails orders nothing, and is found by a load', () => {
  test.each([
    ['atomic_inc_not_zero', () => ({ try: got.mine.assign(atomic_inc_not_zero(n)) })],
    ['atomic_add_unless', () => ({ try: got.mine.assign(atomic_add_unless(n, 2, 0)) })],
    ['refcount_inc_not_zero', () => ({ try: got.mine.assign(refcount_inc_not_zero(refs)) })],
    ['refcount_dec_not_one', () => ({ try: got.mine.assign(refcount_dec_not_one(one)) })],
    ['kref_get_unless_zero', () => ({ try: got.mine.assign(kref_get_unless_zero(refs)) })],
    ['folio_try_get', () => ({ try: got.mine.assign(folio_try_get(n)) })],
    ['try_wait_for_completion', () => ({ try: got.mine.assign(try_wait_for_completion(done)) })],
    ['test_and_set_bit_lock', () => ({ try: If(test_and_set_bit_lock(bit), {}) })],
  ])('%s', async (_, attempt: () => Block) => {
    expect(await verdicts(attempt)).toEqual({ sc: false, tso: true, lkmm: true });
  });

  test.each([
    ['spin_trylock', spin_trylock, spin_lock, spin_unlock, lock],
    ['mutex_trylock', mutex_trylock, mutex_lock, mutex_unlock, state.mutex],
    ['down_read_trylock', down_read_trylock, down_write, up_write, sem],
    ['down_write_trylock', down_write_trylock, down_write, up_write, sem],
  ] as const)('%s', async (_, tryToTake, take, drop, of) => {
    expect(
      await verdicts(
        () => ({ try: got.mine.assign(tryToTake(of as never)) }),
        () => ({ hold: take(of as never) }),
        () => ({ drop: drop(of as never) }),
      ),
    ).toEqual({ sc: false, tso: true, lkmm: true });
  });
});

describe('an attempt that fails is a locked instruction on x86 alone', () => {
  test.each([
    ['cmpxchg', () => ({ try: old.mine.assign(cmpxchg(n, 1, 2)) })],
    ['try_cmpxchg', () => ({ try: got.mine.assign(try_cmpxchg(one, old.mine, 2)) })],
  ])('%s', async (_, attempt: () => Block) => {
    expect(await verdicts(attempt)).toEqual({ sc: false, tso: false, lkmm: true });
  });
});

test('test_and_set_bit() that finds the bit set orders everywhere', async () => {
  const attempt = () => ({ try: If(test_and_set_bit(bit), {}) });
  expect(await verdicts(attempt)).toEqual({ sc: false, tso: false, lkmm: false });
});

test('an attempt that succeeds orders everywhere if its name says full', async () => {
  const attempt = () => ({ try: If(atomic_inc_not_zero(one), {}) });
  expect(await verdicts(attempt)).toEqual({ sc: false, tso: false, lkmm: false });
});

describe('in a litmus test', () => {
  /** Store buffering with a call between on one side; the other may hold the lock l. */
  const outcomes = (call: string, hold = '', drop = '') => {
    const parsed = parseLitmus(`C attempt
{}
P0(int *x, int *y, atomic_t *n, spinlock_t *l) { int r0; int r1; WRITE_ONCE(*x, 1); r1 = ${call}; r0 = READ_ONCE(*y); }
P1(int *x, int *y, spinlock_t *l) { int r0; ${hold} WRITE_ONCE(*y, 1); smp_mb(); r0 = READ_ONCE(*x); ${drop} }
exists (0:r1=0 /\\ 0:r0=0 /\\ 1:r0=0)
`);
    return Object.fromEntries(
      (['sc', 'tso', 'lkmm'] as const).map((name) => [name, judge(parsed, modelNamed(name)).outcome]),
    );
  };
  test('atomic_add_unless() and spin_trylock() that fail are loads', () => {
    const weak = { sc: 'Never', tso: 'Sometimes', lkmm: 'Sometimes' };
    expect(outcomes('atomic_add_unless(n, 1, 0)')).toEqual(weak);
    expect(outcomes('spin_trylock(l)', 'spin_lock(l);', 'spin_unlock(l);')).toEqual(weak);
  });
  test('cmpxchg() that fails is locked on x86', () => {
    expect(outcomes('cmpxchg(n, 1, 2)')).toEqual({ sc: 'Never', tso: 'Never', lkmm: 'Sometimes' });
  });
});

// What LKMM says of primitives and of plain accesses, a test for each rule: with what it needs, and without.

import { describe, expect, test } from 'vitest';
import { litmus, said } from '../testing/judged.js';

/** Store buffering, with something between the write and the read of the first thread, and a barrier in the second. */
const sb = (between: string): string =>
  litmus(
    '',
    [`WRITE_ONCE(*x, 1); ${between} r0 = READ_ONCE(*y);`, 'WRITE_ONCE(*y, 1); smp_mb(); r0 = READ_ONCE(*x);'],
    'exists (0:r0=0 /\\ 1:r0=0)',
  );

/** Message passing: what the writer does after `x = 1`, and what the reader does. */
const mp = (writer: string, reader: string, condition = '1:r0=1 /\\ 1:r1=0'): string =>
  litmus('', [`WRITE_ONCE(*x, 1); ${writer}`, reader], `exists (${condition})`);

const pollPlain = 'r0 = READ_ONCE(*y); if (r0) { smp_rmb(); r1 = *x; }';
/** Whether a test of two threads has a data race. */
const races = (first: string, then: string): boolean =>
  said(litmus('', [first, then], 'exists (x=1)')).endsWith(' data-race');

describe('lkmm', () => {
  test.each([
    ['smp_mb();', 'Never'],
    ['smp_mb__before_atomic(); atomic_inc(z);', 'Never'],
    ['atomic_inc(z); smp_mb__after_atomic();', 'Never'],
    ['r1 = xchg(z, 1);', 'Never'],
    ['r1 = cmpxchg(z, 0, 1);', 'Never'],
    ['r1 = cmpxchg(z, 7, 1);', 'Sometimes'],
    ['r1 = atomic_add_return(1, z);', 'Never'],
    ['atomic_inc(z);', 'Sometimes'],
    ['smp_mb__before_atomic();', 'Sometimes'],
    ['smp_mb__after_atomic();', 'Sometimes'],
    ['smp_wmb(); smp_rmb();', 'Sometimes'],
    ['barrier();', 'Sometimes'],
    ['spin_lock(l); spin_unlock(l);', 'Sometimes'],
    ['spin_lock(l); smp_mb__after_spinlock(); spin_unlock(l);', 'Never'],
    ['synchronize_rcu();', 'Never'],
    ['rcu_read_lock(); rcu_read_unlock();', 'Sometimes'],
  ])('orders a write before a later read by %s: %s', (between, outcome) => {
    expect(said(sb(between)).split(' ')[0]).toBe(outcome);
  });

  test('takes spin_is_locked() for an access to a lock', () => {
    const bodies = ['spin_lock(l); spin_unlock(l);', 'r0 = spin_is_locked(l);'];
    expect(said(litmus('', bodies, 'exists (1:r0=1)'))).toBe('Sometimes 1/2');
  });

  test('has smp_store_mb() as a write and a full barrier', () => {
    const half = (write: string) =>
      litmus(
        '',
        [`${write} r0 = READ_ONCE(*y);`, 'WRITE_ONCE(*y, 1); smp_mb(); r0 = READ_ONCE(*x);'],
        'exists (0:r0=0 /\\ 1:r0=0)',
      );
    expect(said(half('smp_store_mb(*x, 1);'))).toBe('Never 0/3');
    expect(said(half('smp_store_release(x, 1);'))).toBe('Sometimes 1/3');
  });

  test('lets a release pass through read-modify-writes of others, relaxed ones too', () => {
    const chain = (change: string) =>
      litmus(
        '',
        [
          'WRITE_ONCE(*x, 1); smp_store_release(y, 1);',
          change,
          'r0 = smp_load_acquire(y); r1 = READ_ONCE(*x);',
        ],
        'exists (1:r0=1 /\\ 2:r0=2 /\\ 2:r1=0)',
      );
    expect(said(chain('r0 = atomic_fetch_add_relaxed(1, y);')).split(' ')[0]).toBe('Never');
    expect(said(chain('r0 = READ_ONCE(*y); WRITE_ONCE(*y, 2);')).split(' ')[0]).toBe('Sometimes');
  });

  test('orders no reads by smp_rmb() behind an atomic operation that returns nothing', () => {
    const reader = (first: string) => `${first} smp_rmb(); r1 = READ_ONCE(*x);`;
    const ask = 'y=2 /\\ 1:r1=0';
    expect(said(mp('smp_store_release(y, 1);', reader('r0 = atomic_fetch_inc_relaxed(y);'), ask))).toBe(
      'Never 0/3',
    );
    expect(said(mp('smp_store_release(y, 1);', reader('atomic_inc(y);'), ask))).toBe('Sometimes 1/3');
  });

  test('keeps an address dependency to a read, a control dependency only to a write', () => {
    const other = 'WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);';
    const ask = 'exists (0:r0=1 /\\ 0:r1=0)';
    expect(said(litmus('', ['r0 = READ_ONCE(*y); if (r0 == 1) { r1 = READ_ONCE(*x); }', other], ask))).toBe(
      'Sometimes 1/2',
    );
    const writes = litmus(
      '',
      [
        'r0 = READ_ONCE(*y); if (r0 == 1) { WRITE_ONCE(*x, 2); }',
        'r0 = READ_ONCE(*x); smp_mb(); WRITE_ONCE(*y, 1);',
      ],
      'exists (0:r0=1 /\\ 1:r0=2)',
    );
    expect(said(writes)).toBe('Never 0/2');
  });

  test('sees a data race where a plain access is not bounded by what orders its thread', () => {
    const released = '*x = 1; smp_store_release(y, 1);';
    expect(races(released, 'r0 = smp_load_acquire(y); if (r0) { r1 = *x; }')).toBe(false);
    expect(races(released, 'r0 = smp_load_acquire(y); r1 = *x;')).toBe(true);
    expect(races(released, 'r0 = smp_load_acquire(y); if (r0) { *x = 2; }')).toBe(false);
    // A control dependency does not bound a plain write: the compiler may move it.
    expect(races(released, 'r0 = READ_ONCE(*y); if (r0) { *x = 2; }')).toBe(true);
    expect(races('*x = 1; smp_wmb(); WRITE_ONCE(*y, 1);', pollPlain)).toBe(false);
    expect(races('*x = 1; WRITE_ONCE(*y, 1);', pollPlain)).toBe(true);
    expect(races('*x = 1; smp_wmb(); WRITE_ONCE(*y, 1);', 'r0 = READ_ONCE(*y); if (r0) { r1 = *x; }')).toBe(
      true,
    );
    expect(races('spin_lock(l); *x = 1; spin_unlock(l);', 'spin_lock(l); r0 = *x; spin_unlock(l);')).toBe(
      false,
    );
    expect(races('spin_lock(l); *x = 1; spin_unlock(l);', 'r0 = *x;')).toBe(true);
    expect(races('r0 = *x;', 'r0 = *x;')).toBe(false);
    expect(races('WRITE_ONCE(*x, 1);', 'r0 = *x;')).toBe(true);
  });
});

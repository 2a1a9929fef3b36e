// Verdicts of small tests: what the tables of herd's verdicts do not have.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sc } from '../models/sc.js';
import { parseLitmus } from '../syntax/parser.js';
import { finalStates, litmus, said } from '../testing/judged.js';
import { judge } from './verdict.js';

const write = (name: string, value: number | string = 1) => `WRITE_ONCE(*${name}, ${value});`;
const read = (register: string, name: string) => `${register} = READ_ONCE(*${name});`;

describe('the verdict', () => {
  const stale = 'exists (1:r0=1 /\\ 1:r1=0)';
  const readers = `${read('r0', 'y')} smp_rmb(); ${read('r1', 'x')}`;

  test('of message passing needs both barriers', () => {
    expect(said(litmus('', [`${write('x')} smp_wmb(); ${write('y')}`, readers], stale))).toBe('Never 0/3');
    expect(said(litmus('', [`${write('x')} ${write('y')}`, readers], stale))).toBe('Sometimes 1/3');
    expect(said(litmus('', [`${write('x')} ${write('y')}`, readers], stale), 'tso')).toBe('Never 0/3');
  });

  test('of exists, ~exists and forall is about the same condition', () => {
    const bodies = [write('x'), read('r0', 'x')];
    expect(said(litmus('', bodies, 'exists (1:r0=1)'))).toBe('Sometimes 1/1');
    expect(said(litmus('', bodies, '~exists (1:r0=2)'))).toBe('Never 0/2');
    expect(said(litmus('', bodies, 'forall (1:r0=0 \\/ 1:r0=1)'))).toBe('Always 2/0');
    expect(said(litmus('', bodies, 'exists (not (1:r0=0) /\\ true)'))).toBe('Sometimes 1/1');
    expect(said(litmus('', bodies, 'forall (1:r0=1 => x=1)'))).toBe('Always 2/0');
  });

  test('leaves out what the filter rules out', () => {
    expect(said(litmus('', [write('x'), read('r0', 'x')], 'filter (1:r0=1) exists (1:r0=1)'))).toBe(
      'Always 1/0',
    );
  });

  test('has load buffering, complete', () => {
    const bodies = [`${read('r0', 'x')} ${write('y')}`, `${read('r0', 'y')} ${write('x')}`];
    expect(said(litmus('', bodies, 'exists (0:r0=1 /\\ 1:r0=1)'))).toBe('Sometimes 1/3');
    expect(said(litmus('', bodies, 'exists (0:r0=1 /\\ 1:r0=1)'), 'tso')).toBe('Never 0/3');
  });

  test('lets no value come from itself, even where plain accesses order nothing', () => {
    const bodies = ['r0 = *x; *y = r0;', 'r0 = *y; *x = r0;'];
    expect(finalStates(litmus('', bodies, 'exists (0:r0=1)'))).toEqual(['0:r0=0;']);
    // The 1 that a third thread writes may travel in a circle, but not keep itself up.
    const third = [...bodies, '*z = 1;'];
    expect(finalStates(litmus('', third, 'exists (0:r0=1)'))).toEqual(['0:r0=0;']);
  });

  test('of a read-modify-write that fails is without order', () => {
    const flag = (cas: string) =>
      litmus('', [`${write('x')} smp_store_release(y, 1);`, `r0 = ${cas}; ${read('r1', 'x')}`], stale);
    expect(said(flag('cmpxchg(y, 0, 5)'))).toBe('Sometimes 1/3');
    expect(said(flag('cmpxchg_acquire(y, 1, 5)'))).toBe('Never 0/3');
    const added = (call: string, condition: string) => said(flag(call).replace(stale, condition));
    expect(added('atomic_add_unless(y, 1, 1)', 'exists (1:r0=0 /\\ 1:r1=0)')).toBe('Sometimes 1/3');
    expect(added('atomic_add_unless(y, 1, 7)', 'exists (y=2 /\\ 1:r1=0)')).toBe('Never 0/3');
  });

  test('counts what atomic operations return', () => {
    const once = (call: string) =>
      finalStates(litmus('int x = 1;', [`r0 = ${call};`], 'exists (0:r0=0 /\\ x=0)'));
    expect(once('atomic_dec_and_test(x)')).toEqual(['0:r0=1; [x]=0;']);
    expect(once('atomic_sub_return_relaxed(3, x)')).toEqual(['0:r0=-2; [x]=-2;']);
    expect(once('atomic_add_negative(-2, x)')).toEqual(['0:r0=1; [x]=-1;']);
    expect(once('atomic_fetch_andnot(1, x)')).toEqual(['0:r0=1; [x]=0;']);
    expect(once('atomic_add_unless(x, 4, 1)')).toEqual(['0:r0=0; [x]=1;']);
  });

  test('knows trylock and tests of locks', () => {
    const held = [
      `spin_lock(l); ${write('x')} spin_unlock(l);`,
      'r0 = spin_trylock(l); r1 = spin_is_locked(l); if (r0) { spin_unlock(l); }',
    ];
    expect(finalStates(litmus('', held, 'exists (1:r0=0 /\\ 1:r1=0)'))).toEqual([
      '1:r0=0; 1:r1=0;',
      '1:r0=0; 1:r1=1;',
      '1:r0=1; 1:r1=1;',
    ]);
  });

  test('of a lock that is taken twice is that no execution ends', () => {
    expect(said(litmus('', ['spin_lock(l); spin_lock(l);'], 'exists (x=0)'))).toBe('Never 0/0');
  });

  test('follows a dependency through memory that a thread writes and reads back', () => {
    const writer = `${write('x')} smp_wmb(); rcu_assign_pointer(*p, x);`;
    const direct = 'r0 = rcu_dereference(*p); r1 = READ_ONCE(*r0);';
    const carried = 'r0 = READ_ONCE(*p); *y = r0; r2 = *y; r1 = READ_ONCE(*r2);';
    const broken = `${read('r0', 'p')} if (r0 == x) { ${read('r1', 'x')} }`;
    const ask = 'exists (1:r0=x /\\ 1:r1=0)';
    expect(said(litmus('int *p = &z;', [writer, direct], ask))).toBe('Never 0/2');
    expect(said(litmus('int *p = &z; int *y = &z;', [writer, carried], ask))).toBe('Never 0/2');
    expect(said(litmus('int *p = &z;', [writer, broken], ask))).toBe('Sometimes 1/2');
  });

  test('ends a control dependency where its if ends', () => {
    const inside = `r0 = READ_ONCE(*x); if (r0) { ${write('y')} }`;
    const behind = `r0 = READ_ONCE(*x); if (r0) { } ${write('y')}`;
    const other = `${read('r0', 'y')} smp_mb(); ${write('x')}`;
    expect(said(litmus('', [inside, other], 'exists (0:r0=1 /\\ 1:r0=1)'))).toBe('Never 0/2');
    expect(said(litmus('', [behind, other], 'exists (0:r0=1 /\\ 1:r0=1)'))).toBe('Sometimes 1/3');
  });

  test('flags data races, mixed accesses, and locks and sections of RCU that are not balanced', () => {
    expect(said(litmus('', ['*x = 1;', 'r0 = *x;'], 'exists (1:r0=1)'))).toBe('Sometimes 1/1 data-race');
    expect(said(litmus('', ['*x = 1; WRITE_ONCE(*x, 2);'], 'exists (x=2)'))).toBe(
      'Always 1/0 mixed-accesses',
    );
    expect(said(litmus('', ['spin_unlock(l);'], 'exists (x=0)'))).toBe('Always 1/0 unmatched-unlock');
    expect(said(litmus('', ['rcu_read_lock();'], 'exists (x=0)'))).toBe('Always 1/0 unmatched-rcu-lock');
    expect(said(litmus('', ['rcu_read_unlock();'], 'exists (x=0)'))).toBe('Always 1/0 unmatched-rcu-unlock');
    expect(said(litmus('', ['spin_lock(l); spin_unlock(l); WRITE_ONCE(*l, 0);'], 'exists (x=0)'))).toMatch(
      /^Always .*mixed-lock-accesses/,
    );
  });

  test('of nested sections of RCU is that of the outer one', () => {
    const reader = `rcu_read_lock(); ${read('r0', 'x')} rcu_read_lock(); rcu_read_unlock(); ${read('r1', 'y')} rcu_read_unlock();`;
    const updater = `${write('y')} synchronize_rcu(); ${write('x')}`;
    expect(said(litmus('', [reader, updater], 'exists (0:r0=1 /\\ 0:r1=0)'))).toBe('Never 0/3');
  });

  test('is refused where an execution computes what has no value, and only there', () => {
    const through = (bodies: readonly string[]) => () =>
      said(litmus('int x = 0; int *p;', bodies, 'exists (0:r1=1)'));
    expect(through(['r0 = READ_ONCE(*p); r1 = READ_ONCE(*r0);'])).toThrow(
      "'r1 = READ_ONCE(*r0)' reads from the address 0, where no location is, in an execution that the model allows",
    );
    expect(through(['r0 = READ_ONCE(*p); if (r0 != 0) { r1 = READ_ONCE(*r0); }'])()).toBe('Never 0/1');
    expect(through(['r0 = READ_ONCE(*x); r1 = 1 / r0;'])).toThrow(
      'a division by zero, in an execution that the model allows',
    );
    expect(through(['r0 = READ_ONCE(*x); r1 = x + r0;'])).toThrow("'+' of the address of x");
  });

  test('of RCU is not that of x86-TSO', () => {
    expect(() => said(litmus('', ['synchronize_rcu();'], 'exists (x=0)'), 'tso')).toThrow(
      "'synchronize_rcu()' has no meaning in x86-TSO: RCU is covered by lkmm and sc",
    );
  });

  test.each([
    ['RCU-MP', 'Never 0 3'],
    ['RCU-LB', 'Never 0 3'],
    ['RCU-2gp-SB', 'Never 0 3'],
    ['RCU-2readers-1gp', 'Never 0 7'],
    ['RCU-noreader-SB', 'Never 0 3'],
    ['RCU-free-nosync', 'Sometimes 1 2'],
    ['rcu-free-after-gp.0', 'Sometimes 1 2'],
    ['rcu-free-after-gp.1', 'Never 0 2'],
  ])(
    'of RCU under sc: a section is over before a grace period that it may have seen ends (%s)',
    (name, is) => {
      const file = new URL(`../../conformance/litmus/files/${name}.litmus`, import.meta.url);
      const { outcome, positive, negative } = judge(parseLitmus(readFileSync(file, 'utf8')), sc);
      expect(`${outcome} ${positive} ${negative}`).toBe(is);
    },
  );

  test('of two grace periods: sections that overlap, under sc, and one of them lets no section through both', () => {
    const reader = (first: string, then: string) =>
      `rcu_read_lock(); r0 = READ_ONCE(*${first}); r1 = READ_ONCE(*${then}); rcu_read_unlock();`;
    const of = (between: string) =>
      said(
        litmus(
          '',
          [`WRITE_ONCE(*x, 1); ${between} WRITE_ONCE(*y, 1);`, reader('x', 'y')],
          'exists (1:r0=0 /\\ 1:r1=1)',
        ),
        'sc',
      );
    expect(of('synchronize_rcu();')).toBe('Never 0/3');
    expect(of('smp_mb();')).toBe('Sometimes 1/3');
  });

  test('of more writes than can be enumerated is refused', () => {
    const many = Array.from({ length: 31 }, () => write('x')).join(' ');
    expect(() => said(litmus('', [many], 'exists (x=1)'))).toThrow(
      'the test has more than 30 writes: too many to enumerate',
    );
  });
});

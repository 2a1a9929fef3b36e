// What a .litmus file may have, and what is refused, with its place.

import { describe, expect, test } from 'vitest';
import { compile } from '../program/compile.js';
import { LitmusError } from './ast.js';
import { parseLitmus } from './parser.js';

/** 'line:column: message' of what is refused. */
function refusal(text: string): string {
  try {
    compile(parseLitmus(text));
  } catch (error) {
    if (!(error instanceof LitmusError)) throw error;
    return error.at === undefined ? error.message : `${error.at.line}:${error.at.column}: ${error.message}`;
  }
  return 'nothing is refused';
}

const body = (statements: string): string =>
  `C t\n{}\nP0(int *x, int *y, spinlock_t *l)\n{\n${statements}\n}\nexists (x=0)\n`;

describe('a litmus test', () => {
  test('may have remarks, first values of every kind, and locations with and without brackets', () => {
    const text = `C MP+poll "a remark: { is not yet a brace's"
(* a comment (* in a comment *) *)
// Cycle=Rfe PodRR
{ int x = 1; int *p = &x; atomic_t c = ATOMIC_INIT(3); spinlock_t l; y = 0x10; [z] = -1; int w; }
P0(int *x, atomic_t *c, volatile int *y) { int r0, r1 = 2; r0 = READ_ONCE(*x); /* C's */ }
locations [0:r0; x; [y]; *p]
~exists (0:r0=1 /\\ (x=2 \\/ not [y]=16))`;
    const { name, initial, locations, condition, threads } = parseLitmus(
      text.replace(' "a remark: { is not yet a brace\'s"', ''),
    );
    expect(name).toBe('MP+poll');
    expect([...initial]).toEqual([
      ['x', 1],
      ['p', 'x'],
      ['c', 3],
      ['l', 0],
      ['y', 16],
      ['z', -1],
      ['w', 0],
    ]);
    expect(locations.map((each) => each.name)).toEqual(['r0', 'x', 'y', 'p']);
    expect(condition.text).toBe('~exists (0:r0=1 /\\ (x=2 \\/ not [y]=16))');
    expect(threads[0]!.body.map(({ kind }) => kind)).toEqual(['declare', 'declare', 'assign', 'assign']);
    expect(parseLitmus(text).name).toBe('MP+poll');
  });

  test.each([
    ['', '1:1: the file is empty'],
    ['AArch64 MP\n{}', '1:1: a test of flavour AArch64: only flavour C is covered'],
    ['# a note', "1:1: no litmus test of flavour C: such a file begins with 'C NAME'"],
    ['C\n{}', '1:1: the test has no name'],
    ['C t\n{ int x = 0; int x; }', "2:18: 'x' has two first values"],
    ['C t\n{ int a[2]; }', "2:7: 'a' is an array, which is not covered: give each element a location"],
    ['C t\n{ 0:r0 = 1; }', '2:3: first values of registers are not covered: assign them in the thread'],
    ['C t\n{}\nexists (x=0)', "3:1: expected a thread, P0(…) { … }, found 'exists'"],
    ['C t\n{}\nP1(int *x) {}\nexists (x=0)', '3:1: expected P0, found P1'],
    [
      'C t\n{}\nP0(int x) {}\nexists (x=0)',
      "3:4: 'int x' is no pointer: parameters of threads are pointers to locations",
    ],
    ['C t\n{}\nP0(int *x) {', "3:13: expected '}', found the file ends"],
    [
      'C t\n{}\nP0(int *x) {}',
      "3:14: the test asks nothing: it ends without 'exists', '~exists' or 'forall'",
    ],
    ['C t\n{}\nP0(int *x) {}\nexists (1:r0=0)', '4:9: there is no thread P1'],
    ['C t\n{}\nP0(int *x) {}\nexists (x=0) x', "4:14: expected the end of the file, found 'x'"],
    ['C t\n(* {}', "2:1: a comment that begins with '(*' and does not end"],
    ['C t\n{}\nP0(int *x) { /* }', '3:14: a comment that does not end'],
    ['C t\n{ int x = \u0001; }', "2:11: '\u0001' means nothing here"],
    ['C t\0', '1:4: this is no text: there is a NUL character here'],
  ])('that is damaged is refused with its place: %j', (text, message) => {
    expect(refusal(text)).toBe(message);
  });

  test.each([
    ['while (1) { }', "5:1: 'while' is not covered: write out as many rounds as there are to be"],
    [
      'r0 = *x + *y;',
      "5:11: 'r0 = *x + *y' accesses memory twice and C gives the accesses no order: write two statements",
    ],
    ['r0 = r0 && READ_ONCE(*x);', "5:12: 'READ_ONCE(*x)' accesses memory behind && or ||: write an if"],
    ['r0 = READ_ONCE(x);', "5:16: READ_ONCE(x) is an access to 'x' itself: write READ_ONCE(*x)"],
    ['r0 = READ_ONCE(*z);', "5:17: 'z' is no parameter of this thread, and nothing is assigned to it"],
    [
      'srcu_read_lock(x);',
      '5:1: srcu_read_lock() is not covered: there is no SRCU here; of RCU there are rcu_read_lock(), rcu_read_unlock() and synchronize_rcu()',
    ],
    [
      'frob(x);',
      '5:1: frob() is not covered: no primitive of this name is known (docs/memory.md lists them)',
    ],
    ['smp_mb(1);', '5:1: smp_mb() takes 0 arguments, not 1'],
    ['r0 = spin_lock(l);', '5:6: spin_lock() returns nothing'],
    ['r0 = (long)r1;', '5:7: casts are not covered: leave it out, numbers have no size'],
    ['r0 += 1;', "5:4: '+=' is not covered: write 'r = r + 1'"],
    ['r0 = x[1];', '5:7: arrays are not covered: give each element a location'],
    ['r0 = x->next;', '5:7: members of a struct are not covered: give each a location'],
    ['x = 1;', "5:1: 'x' is a parameter: it cannot be a register as well; what it points to is '*x'"],
    ['r0 = 99999999999999999999;', '5:6: 99999999999999999999 is too large a number'],
    ['r0 = r0 ? 1 : 2;', "5:9: '?:' is not covered: write an if"],
    ['return;', "5:1: 'return' is not covered: a thread runs to its end; write if and else"],
    ['r0 = 1', "6:1: expected ';' after 'r0 = 1', found '}'"],
  ])('that has something not covered is refused with its place: %s', (statements, message) => {
    expect(refusal(body(statements))).toBe(message);
  });

  test('that is too deep or too large is refused', () => {
    expect(refusal(body(`r0 = ${'('.repeat(5000)}1${')'.repeat(5000)};`))).toMatch(
      /nested more than 100 levels deep$/,
    );
    expect(refusal(body('if (r0) '.repeat(5000)))).toMatch(/nested more than 100 levels deep$/);
    expect(refusal(`C t\n${' '.repeat(300_000)}`)).toBe(
      'the file has more than 262144 characters: too large for a litmus test',
    );
    expect(
      refusal(
        `C t\n{}\n${Array.from({ length: 17 }, (_, i) => `P${i}(int *x) {}`).join('\n')}\nexists (x=0)`,
      ),
    ).toBe('20:1: 17 threads: there may be at most 16');
  });
});

// The code that finds threads that wait for each other's locks for ever, as defined by checker/reference/lock_cycle.ts.
// While a state is expanded, the code of a thread without successors records the thread and the holders of the locks
// that it waits for, as bits. Only if a holder is itself recorded is the state examined.
//
//   thread 0, at a place where it takes a lock, without a successor:    blocked |= 1 << 1; holders |= 1 << owner;
//   a state in which (blocked & holders) is not 0:                      hasLockCycle(s, at, blocked)

import type { BarrierPlan, LockPlacePlan, LockPlan } from '../plan/lock_cycle.js';
import type { ProgramPlan } from '../plan/program.js';
import type { Code } from './code.js';
import { localsText, wordsText } from './javascript_steps.js';
import { fieldText, testText, valueText } from './javascript_values.js';

/** Bits for threads, from 1 on: an owner's value is the bit of its thread. With more threads some share a bit. */
export const bitsMax = 28;
export const bitOf = (thread: number): number => 1 + (thread % bitsMax);

/** Writes the code of a thread that has no successor at a location; `n` still equals `first`. */
export function noteText({ thread, barriers }: LockPlacePlan, threads: number): string {
  const locks = barriers.flatMap((barrier) => barrier.locks);
  const bits = locks.map(({ value, holder }) => {
    if (threads > bitsMax || value.kind !== 'field') return '-1';
    const text = fieldText(value.field);
    return holder === undefined ? `1 << ${text}` : `${text} << ${bitOf(holder)}`;
  });
  const holders = bits.includes('-1') ? '-1' : [...new Set(bits)].join(' | ');
  return `if (n === first) { blocked |= ${1 << bitOf(thread)}; holders |= ${holders}; }`;
}

/** Writes `hasLockCycle(s, at, among)`: do threads wait for each other for ever, of those whose bits are in `among`? */
export function writeLockCycle(code: Code, { layout, locks, threads: all }: ProgramPlan): void {
  if (locks.length === 0) {
    code.write('function hasLockCycle() { return false; }');
    return;
  }
  code.write(`const lockedOut = new Uint8Array(${layout.threads.length});`, 'let blocked = 0, holders = 0;');
  const threads = all.map(({ thread }) => thread).filter((id) => locks.some(({ thread }) => thread === id));
  for (const thread of threads) {
    writeKept(
      code,
      locks.filter((place) => place.thread === thread),
      layout.words,
    );
  }
  // Remove threads that no remaining thread keeps, until none changes.
  code.block('function hasLockCycle(s, at, among)', () => {
    code.write('let found = 0, how = 0, left = 0;');
    code.write(...threads.map((id) => `left += lockedOut[${id}] = among >>> ${bitOf(id)} & 1;`));
    code.block('for (let before = -1; before !== left && left !== 0;)', () => {
      code.write('before = left;', 'found = 0;');
      for (const id of threads) {
        code.block(`if (lockedOut[${id}] !== 0)`, () => {
          code.write(`how = kept${id}(s, at);`);
          code.write(`if (how === 0) { lockedOut[${id}] = 0; left--; } else if (how > found) found = how;`);
        });
      }
    });
    code.write('return found === 2 && !isFinal(s, at);');
  });
}

/**
 * Writes the function of a thread: do locked-out threads keep it at its location? 1 if it rests there, else 2; 0 if
 * they do not.
 */
function writeKept(code: Code, places: readonly LockPlacePlan[], words: number): void {
  const { thread, field } = places[0]!;
  code.block(`function kept${thread}(s, at)`, () => {
    const locals = Math.max(...places.map((place) => place.locals));
    code.write(wordsText(words), 'let fault = 0, closed = false, waits = false;', ...localsText(locals));
    code.block(`switch (${fieldText(field)})`, () => {
      for (const { at, rests, barriers } of places) {
        code.block(`case ${at}:`, () => {
          for (const barrier of barriers) writeBarrier(code, barrier);
          code.write(`return waits ? ${rests ? 1 : 2} : 0;`);
        });
      }
    });
    code.write('return 0;');
  });
}

/** Writes: return 0 unless this step is closed, or waits for a thread that is locked out. */
function writeBarrier(code: Code, { locks, own }: BarrierPlan): void {
  const held = locks.map(heldText).join(' || ');
  const waits = held === '' ? 'return 0;' : `{ if (${held}) waits = true; else return 0; }`;
  if (own.length > 0) code.write('closed = false;');
  for (const test of own) code.write('fault = 0;', `if (!${testText(test)} && fault === 0) closed = true;`);
  code.write(own.length === 0 ? waits : `if (!closed) ${waits}`);
}

function heldText({ value, holder, local }: LockPlan): string {
  const by = holder === undefined ? `t${local} - 1` : String(holder);
  return `((t${local} = ${valueText(value)}) !== 0 && lockedOut[${by}] !== 0)`;
}

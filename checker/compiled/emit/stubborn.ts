// The code that takes the steps of a stubborn set of threads (checker/analyse/stubborn.ts). All threads are expanded, so
// that every event of the state is seen; then the successors of threads outside of the set are removed.
//
//   choose    from the ends of the threads' records in the batch: the threads of the set, as bits. Of the sets that one
//             thread with a step needs, the one with the fewest threads that have steps, and of these the first
//
// Where a step has a fault, a thread would go no further: there all threads are taken.

import type { ProgramPlan } from '../plan/program.js';
import type { StubbornPlan } from '../plan/stubborn.js';
import type { Code } from './code.js';
import { wordsText } from './javascript_steps.js';
import { fieldText } from './javascript_values.js';

/** Writes the expansion of a state from index `n` of the batch on, which is also `before`. */
export type WriteExpansion = () => void;

/** Writes `choose` and the flag `faulted`; `expands` are the functions of the threads of the plan. */
export function writeStubborn(
  code: Code,
  { layout, threads }: ProgramPlan,
  { first, rowAt, columnAt, needs }: StubbornPlan,
  expands: readonly string[],
): WriteExpansion {
  code.write(
    `const rowAt = Int32Array.of(${rowAt.join()}), columnAt = Int32Array.of(${columnAt.join()});`,
    `const needs = Uint8Array.of(${needs.join()});`,
  );
  const all = threads.map((_, i) => i);
  const ends = all.map((i) => `e${i}`);
  const begin = (i: number) => (i === 0 ? 'before' : ends[i - 1]!);
  code.block(`function choose(s, at, before, ${ends.join(', ')})`, () => {
    const moves = all.map((i) => `(${ends[i]} !== ${begin(i)} ? ${1 << i} : 0)`);
    code.write(`const moving = ${moves.join(' | ')};`);
    code.write('if ((moving & (moving - 1)) === 0) return moving;', wordsText(layout.words));
    threads.forEach(({ field }, i) => {
      const location = field.bits === 0 ? String(field.min) : fieldText(field);
      code.write(`const l${i} = ${first[i]} + ${location};`);
      code.write(`const r${i} = rowAt[2 * l${i} + (moving >>> ${i} & 1)], c${i} = columnAt[l${i}];`);
    });
    writeClosures(code, all);
    code.write(`const sticky = ${all.map((i) => `needs[r${i}] << ${i}`).join(' | ')};`);
    code.write('let best = moving, fewest = bitCount(moving), count = 0;');
    for (const i of all) {
      code.block(`if ((moving & ${1 << i}) !== 0 && (m${i} & sticky) === 0)`, () => {
        code.write(`count = bitCount(m${i} & moving);`);
        code.write(`if (count < fewest) { fewest = count; best = m${i} & moving; }`);
      });
    }
    code.write('return best;');
  });
  code.block('function bitCount(bits)', () => {
    code.write('let count = 0;', 'for (let rest = bits; rest !== 0; rest &= rest - 1) count++;');
    code.write('return count;');
  });
  return () => {
    code.write('faulted = 0;');
    code.write(...expands.map((expand, i) => `const ${ends[i]} = n = ${expand}(s, at, number, n);`));
    code.block('if (faulted === 0)', () => {
      code.write(`const chosen = choose(s, at, before, ${ends.join(', ')});`, 'n = before;');
      for (const i of all) {
        code.block(`if ((chosen & ${1 << i}) !== 0)`, () => {
          code.write(`batch.copyWithin(n, ${begin(i)}, ${ends[i]});`, `n += ${ends[i]} - ${begin(i)};`);
        });
      }
    });
  };
}

/** Writes for each thread, as bits, whom it needs, and whom those need in turn. */
function writeClosures(code: Code, all: readonly number[]): void {
  for (const i of all) {
    const others = all.filter((k) => k !== i).map((k) => `needs[r${i} + c${k}] << ${k}`);
    code.write(`let m${i} = ${[1 << i, ...others].join(' | ')};`);
  }
  for (const k of all) {
    for (const i of all) if (i !== k) code.write(`m${i} |= -(m${i} >>> ${k} & 1) & m${k};`);
  }
}

// The code that lets a thread run alone while it stands at a mover location (checker/analyse/movers.ts): no other
// thread is expanded there, and the states between such steps are not stored.
//
//   expandAlone    the successors of the first thread at a mover location that has an enabled step; none if there is none
//   settle         replaces each record of the batch that is such a state by its successors, until none is left

import type { ProgramPlan } from '../plan/program.js';
import type { Code } from './code.js';
import { wordsText } from './javascript_steps.js';
import { fieldText } from './javascript_values.js';

/** The most states that are expanded on the way from one state; the rest is stored, and expanded from there. */
export const settledMax = 64;

/** Writes the two functions; returns their names. `expands` are those of the threads of the plan. */
export function writeMovers(
  code: Code,
  { layout, threads }: ProgramPlan,
  expands: readonly string[],
  movers: readonly ReadonlySet<number>[],
): { readonly expand: string; readonly settle: string } {
  const stride = layout.words + 1;
  const own = threads.flatMap(({ thread, field }, i) =>
    movers[thread]!.size === 0 ? [] : [{ thread, field, expand: expands[i]!, locations: movers[thread]! }],
  );
  for (const { thread, locations } of own) {
    const last = Math.max(...locations);
    const flags = Array.from({ length: last + 1 }, (_, at) => (locations.has(at) ? 1 : 0));
    code.write(`const moves${thread} = Uint8Array.of(${flags.join(', ')});`);
  }
  code.block('function expandAlone(s, at, number, n)', () => {
    code.write(wordsText(layout.words), 'let after = n;');
    for (const { thread, field, expand } of own) {
      const location = field.bits === 0 ? String(field.min) : fieldText(field);
      code.write(
        `if (moves${thread}[${location}] === 1 && (after = ${expand}(s, at, number, n)) !== n) return after;`,
      );
    }
    code.write('return n;');
  });
  code.block('function settle(number, from, n)', () => {
    code.write(`let left = ${settledMax};`);
    code.block(`for (let o = from; o < n && left > 0;)`, () => {
      code.write('const after = expandAlone(batch, o, number, n);');
      code.block('if (after === n)', () => code.write(`o += ${stride};`, 'continue;'));
      code.write(`left--;`, `n = after - ${stride};`, `batch.copyWithin(o, n, after);`);
    });
    code.write('return n;');
  });
  return { expand: 'expandAlone', settle: 'settle' };
}

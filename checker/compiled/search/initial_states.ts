// The initial states in their order: every combination of the variables' first values that `initially` admits, the
// last variable changing fastest.

import { isTrue } from '../../ir/expression.js';
import type { Program } from '../../ir/program.js';
import type { CompiledProgram } from '../compile.js';
import { encode } from '../plan/layout.js';

/** It yields after this many combinations, even if `initially` admits few of them. */
const combinationsPerYield = 4096;

/** Fills the batch with initial states, as often as needed; yields how many numbers of the batch are filled. */
export function* encodeInitialStates(
  compiled: CompiledProgram,
  batch: Int32Array,
): Generator<number, void, void> {
  const { layout, stride } = compiled;
  const { variables, threads, initially } = compiled.program;
  if (variables.some(({ initial }) => initial.length === 0)) return;
  const admits = isTrue(initially) ? () => true : compiled.truth(compiled.condition(initially));
  const at = threads.map(({ start }) => start);
  const choice = variables.map(() => 0);
  let [n, tried] = [0, 0];
  for (let more = true; more; more = advance(choice, variables)) {
    encode({ at, value: variables.map(({ initial }, i) => initial[choice[i]!]!) }, layout, batch, n);
    batch[n + layout.words] = -1;
    const admitted = admits(batch, n);
    if (typeof admitted === 'string')
      throw new Error(`the condition on initial states has no value: ${admitted}`);
    if (admitted) n += stride;
    if (n + stride > batch.length || ++tried % combinationsPerYield === 0) {
      yield n;
      n = 0;
    }
  }
  if (n > 0) yield n;
}

/** The next combination; false after the last. */
function advance(choice: number[], variables: Program['variables']): boolean {
  for (let i = variables.length - 1; i >= 0; i--) {
    choice[i]!++;
    if (choice[i]! < variables[i]!.initial.length) return true;
    choice[i] = 0;
  }
  return false;
}

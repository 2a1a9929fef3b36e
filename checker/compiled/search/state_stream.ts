// The states of a Program, expanded one by one in the order in which they are found, with the numbers of their successors.

import type { ExpandedState } from '../../search/expanded_state.js';
import type { CompiledProgram } from '../compile.js';
import { maskOf } from '../plan/layout.js';
import { StateNumbers } from '../table/state_numbers.js';
import { encodeInitialStates } from './initial_states.js';

/** Yields the states; memory is taken for the states, not for the transitions. */
export function* compiledStates(compiled: CompiledProgram): Generator<ExpandedState> {
  const { layout, stride } = compiled;
  const { words, threads, variables } = layout;
  const fields = [...threads, ...variables].map((field) => ({ ...field, mask: maskOf(field) }));
  const { batch, expand, faults } = compiled.successors();
  const numbers = new StateNumbers(words);
  for (const length of encodeInitialStates(compiled, batch)) {
    for (let at = 0; at < length; at += stride) numbers.numberOf(batch, at);
  }
  const initialCount = numbers.count;
  for (let number = 0; number < numbers.count; number++) {
    const from = number * words;
    const columns = fields.map(({ word, shift, bits, min, mask }) =>
      bits === 0 ? min : ((numbers.words[from + word]! & mask) >>> shift) + min,
    );
    const filled = expand(numbers.words, from);
    const failed = faults.map((step) => ({ step }));
    const transitions: ExpandedState['transitions'][number][] = [];
    for (let at = 0; at < filled; at += stride) {
      transitions.push({ step: batch[at + words]!, to: numbers.numberOf(batch, at) });
    }
    yield {
      ...{ number, isInitial: number < initialCount, columns },
      transitions: [...transitions, ...failed].toSorted((a, b) => a.step - b.step),
    };
  }
}

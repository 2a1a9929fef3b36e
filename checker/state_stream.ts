// All states and transitions of a Program, one state after the other while they are found: for exports that keep no
// graph. States are numbered in breadth-first order, so a transition may lead to one whose turn is later.

import { compile } from './compiled/compile.js';
import { compiledStates } from './compiled/search/state_stream.js';
import type { Program } from './ir/program.js';
import type { ExpandedState } from './search/expanded_state.js';

/**
 * Takes memory for the states, not for the transitions. Can be read as often as needed, and is the same each time.
 * Example: `[...stateStream(program)].length === 12`
 */
export function stateStream(program: Program): Iterable<ExpandedState> {
  const compiled = compile(program);
  return { [Symbol.iterator]: () => compiledStates(compiled) };
}

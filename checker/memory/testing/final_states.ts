// The final states of a litmus test, found by exploring its model with store buffers.

import type { LitmusTest } from '../../../litmus/syntax/ast.js';
import { lower } from '../../lower/lower.js';
import type { State } from '../../reference/semantics.js';
import { referenceSystem } from '../../reference/system.js';
import { addresses, litmusModel } from './litmus_model.js';

/** As `machine.ts` writes them: what `locations` names. `slots` is how many stores a buffer holds; `isFull`: found one full. */
export function finalStates(
  test: LitmusTest,
  slots: number,
): { readonly states: ReadonlySet<string>; readonly isFull: boolean } {
  const { model, locations } = litmusModel(test);
  const { program } = lower(model, {}, {}, { bufferSlots: slots });
  const system = referenceSystem(program);
  const seen = system.seenStates();
  const open: State[] = system.initialStates().filter((state) => seen.add(state));
  const states = new Set<string>();
  const ids = new Map(program.variables.map(({ name, id }) => [name, id] as const));
  const text = (value: number | undefined) => {
    if (value === undefined) return '0';
    return value >= addresses ? locations[value - addresses]! : String(value);
  };
  const { full } = program.storeBuffers!;
  let isFull = false;
  for (const state of open) {
    if (system.holds(full, state) === true) isFull = true;
    const moves = system.transitions(state);
    const isOver = program.threads.every(({ id, done }) => state.at.get(id) === done);
    if (moves.length === 0 && isOver) {
      const values = test.locations.map((each) => {
        const name =
          each.kind === 'register'
            ? `${each.name}[P${each.thread}]`
            : `memory[${locations.indexOf(each.name)}]`;
        const value = text(state.value.get(ids.get(name) ?? -1));
        return each.kind === 'register' ? `${each.thread}:${each.name}=${value}` : `[${each.name}]=${value}`;
      });
      states.add(values.join(' '));
    }
    for (const move of moves) {
      if (!('to' in move)) throw new Error(`${test.name}: ${move.fault}`);
      if (seen.add(move.to)) open.push(move.to);
    }
  }
  return { states, isFull };
}

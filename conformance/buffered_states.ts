// The final states of a litmus test by store buffers: it is made a model, and its Program one under x86-TSO, whose states the
// reference engine finds. It shares nothing with the axioms of x86-TSO but the parser.

import { lower, type Program, referenceSystem, type State } from '../checker/index.js';
import {
  type FinalState,
  type LitmusTest,
  type LitmusValue,
  type Observable,
  observedIn,
  observedName,
} from '../litmus/index.js';
import { addresses, litmusModel } from './litmus_model.js';

export interface BufferedStates {
  /** Different ones, in the order in which they are found: what `locations` and the condition name. */
  readonly states: readonly FinalState[];
  /** Some store found its buffer full, so more slots may leave more. */
  readonly isFull: boolean;
}

/** What the test leaves with buffers of so many stores. Its filter leaves out nothing here. */
export function bufferedStates(test: LitmusTest, slots: number): BufferedStates {
  const { model, locations } = litmusModel(test);
  const { program } = lower(model, {}, {}, { bufferSlots: slots });
  const system = referenceSystem(program);
  const seen = system.seenStates();
  const open: State[] = system.initialStates().filter((state) => seen.add(state));
  const states = new Map<string, FinalState>();
  const observed = observedIn(test);
  const ids = new Map(program.variables.map(({ name, id }) => [name, id] as const));
  const valueIn = (state: State, of: Observable): LitmusValue => {
    // A register that nothing reads or writes is no variable.
    const id = ids.get(variableName(of, locations));
    const value = id === undefined ? 0 : state.value.get(id)!;
    return value >= addresses ? locations[value - addresses]! : value;
  };
  const { full } = program.storeBuffers!;
  let isFull = false;
  for (const state of open) {
    if (system.holds(full, state) === true) isFull = true;
    const moves = system.transitions(state);
    if (moves.length === 0 && isOver(program, state)) {
      const left = observed.map((of) => [observedName(of), valueIn(state, of)] as const);
      states.set(JSON.stringify(left), left);
    }
    for (const move of moves) {
      if (!('to' in move)) throw new Error(`${test.name}: ${move.fault}`);
      if (seen.add(move.to)) open.push(move.to);
    }
  }
  return { states: [...states.values()], isFull };
}

const isOver = ({ threads }: Program, state: State): boolean =>
  threads.every(({ id, done }) => state.at.get(id) === done);

const variableName = (of: Observable, locations: readonly string[]): string =>
  of.kind === 'register' ? `${of.name}[P${of.thread}]` : `memory[${locations.indexOf(of.name)}]`;

// The Program as a System that a search can walk, by the semantics.

import { Map as ImmutableMap } from 'immutable';
import { type LockPlace, lockPlaces } from '../ir/lock_waits.js';
import { mayStayAt, type Program } from '../ir/program.js';
import type { SeenStates, System } from '../search/system.js';
import { hasLockCycle } from './lock_cycle.js';
import { holds, initialStates, type State, transitions } from './semantics.js';

/** The Program as a System that a search can walk. Example: `referenceSystem(program).initialStates()` */
export function referenceSystem(program: Program): System<State> {
  let places: readonly LockPlace[] | undefined;
  return {
    initialStates: () => initialStates(program),
    transitions: (state) => transitions(state, program),
    holds: (condition, state) => holds(condition, state, program),
    isFinal: (state) =>
      (program.within !== undefined && holds(program.within, state, program) === false) ||
      program.threads.some(({ id, dead }) => state.at.get(id) === dead) ||
      program.threads.every((thread) => mayStayAt(thread).includes(state.at.get(thread.id)!)),
    hasLockCycle(state) {
      places ??= lockPlaces(program);
      return hasLockCycle(program, state, places);
    },
    seenStates: () => new SeenSet(),
  };
}

/** The smallest distance at which each state was reached. */
class SeenSet implements SeenStates<State> {
  #distances = ImmutableMap<State, number>().asMutable();

  add(state: State): boolean {
    return this.reach(state, 0) === 'new';
  }

  reach(state: State, distance: number): 'new' | 'nearer' | 'known' {
    const before = this.#distances.get(state);
    if (before !== undefined && before <= distance) return 'known';
    this.#distances.set(state, distance);
    return before === undefined ? 'new' : 'nearer';
  }
}

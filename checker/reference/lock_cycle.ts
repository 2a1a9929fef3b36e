// Threads that wait for each other's locks for ever. A thread is locked out if each of its steps waits for a lock whose
// holder is locked out: none of them can take a step before another one does, so none ever will.
//
//   p holds a, waits for b      q holds b, waits for a      r waits for a      all three are locked out

import { type LockCell, type LockPlace, lockPlaces } from '../ir/lock_waits.js';
import { mayStayAt, type Program, type ThreadId } from '../ir/program.js';
import type { LockWait, Path } from '../search/report.js';
import { evaluate, holds, initialStates, type State, take } from './semantics.js';

/** The reason why a step is not taken: its locks, or a condition that no other thread can change. */
interface BlockedStep {
  readonly isClosed: boolean;
  readonly waits: readonly LockWait[];
}

/**
 * All waits between threads that are locked out; empty if there are none.
 * Example: `lockedOut(program, state).length === 0`
 */
export function lockedOut(
  program: Program,
  state: State,
  places: readonly LockPlace[] = lockPlaces(program),
): readonly LockWait[] {
  const here = places.filter(({ thread, location }) => state.at.get(thread) === location);
  const ways = new Map(here.map((place) => [place.thread, waysOf(place, program, state)] as const));
  for (let before = -1; before !== ways.size; ) {
    before = ways.size;
    for (const [thread, own] of ways) {
      const isKept = ({ isClosed, waits }: BlockedStep) =>
        isClosed || waits.some(({ holder }) => ways.has(holder));
      if (!own.every(isKept) || own.every(({ isClosed }) => isClosed)) ways.delete(thread);
    }
  }
  return [...ways.values()].flatMap((own) =>
    own.flatMap(({ isClosed, waits }) => (isClosed ? [] : waits.filter(({ holder }) => ways.has(holder)))),
  );
}

/** The waits in the last state of a run without faults. */
export function lockedOutAfter(program: Program, { initial, steps }: Path): readonly LockWait[] {
  const start = initialStates(program)[initial]!;
  return lockedOut(
    program,
    steps.reduce((state, id) => take(program.steps[id]!, state, program), start),
  );
}

/** Is a thread locked out that does not rest? */
export const hasLockCycle = (program: Program, state: State, places: readonly LockPlace[]): boolean =>
  lockedOut(program, state, places).some(
    ({ thread }) => !mayStayAt(program.threads[thread]!).includes(state.at.get(thread)!),
  );

const waysOf = ({ thread, steps }: LockPlace, program: Program, state: State): readonly BlockedStep[] =>
  steps.map(({ locks, own }) => ({
    isClosed: own.some((condition) => holds(condition, state, program) === false),
    waits: locks.flatMap((lock) => waitFor(lock, thread, program, state)),
  }));

function waitFor(
  { cell, holder }: LockCell,
  thread: ThreadId,
  program: Program,
  state: State,
): readonly LockWait[] {
  const lock = cell.variables[cell.index === undefined ? 0 : evaluate(cell.index, state, program)];
  if (lock === undefined) return [];
  const value = state.value.get(lock)!;
  return value === 0 ? [] : [{ thread, lock, holder: holder ?? value - 1 }];
}

// What a thread waits for at a location where locks alone can keep it, as data: there the search checks which threads
// wait for each other when the thread has no successor. checker/ir/lock_waits.ts defines these locations.
//
//   mutex_lock(b), b in bits 2 … 3 of word 0     ->     barrier: lock (field 2 … 3 of word 0)

import { read, typeOfDomain } from '../../ir/expression.js';
import { type Barrier, type LockCell, type LockPlace, lockPlaces } from '../../ir/lock_waits.js';
import { type Location, mayStayAt, type Program, type ThreadId } from '../../ir/program.js';
import { ExpressionPlanner } from './expression.js';
import type { Field, Layout } from './layout.js';
import type { Local, PlanValue, Test } from './value.js';

export interface LockPlacePlan {
  readonly thread: ThreadId;
  /** Holds the location. */
  readonly field: Field;
  readonly at: Location;
  /** May the thread stay there for ever without a failure? */
  readonly rests: boolean;
  /** For each step, what it waits for. */
  readonly barriers: readonly BarrierPlan[];
  /** How many locals all this uses: 0, 1, … */
  readonly locals: number;
}

/** A step waits while one of the locks is held, and is closed for good where one of the tests is false. */
export interface BarrierPlan {
  readonly locks: readonly LockPlan[];
  readonly own: readonly Test[];
}

export interface LockPlan {
  /**
   * Not 0 if it is held: 1 + the thread of an owner, or 1 for the share of `holder`. 0 where the index is out of range.
   */
  readonly value: PlanValue;
  readonly holder: ThreadId | undefined;
  readonly local: Local;
}

/** Plans all locations where locks alone can keep a thread. */
export const planLocks = (program: Program, layout: Layout): readonly LockPlacePlan[] =>
  lockPlaces(program).flatMap((place) => {
    const field = layout.threads[place.thread]!;
    const isPossible = place.location >= field.min && place.location <= field.max;
    return isPossible ? [planPlace(place, field, program, layout)] : [];
  });

function planPlace(place: LockPlace, field: Field, program: Program, layout: Layout): LockPlacePlan {
  const { thread, location: at, steps } = place;
  const planner = new ExpressionPlanner(program, layout);
  const barriers = steps.map((step) => planBarrier(step, planner));
  const rests = mayStayAt(program.threads[thread]!).includes(at);
  return { thread, field, at, rests, barriers, locals: planner.locals };
}

const planBarrier = ({ locks, own }: Barrier, planner: ExpressionPlanner): BarrierPlan => ({
  locks: locks.map((lock) => planLock(lock, planner)),
  own: own.map((condition) => planner.test(condition)),
});

function planLock({ cell, holder }: LockCell, planner: ExpressionPlanner): LockPlan {
  const { domain } = planner.program.variables[cell.variables[0]!]!;
  return { value: planner.value(read(cell, typeOfDomain(domain))), holder, local: planner.local() };
}

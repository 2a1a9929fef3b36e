// Local movers (Lipton 1975): locations whose steps are independent of all other threads. Where a thread stands at one
// and has a step, exploring that thread alone suffices: any step of the others can be taken afterwards, with the same
// result.
//
//   lock    x := shared        y := x + 1; x := 2 * y        shared := y    unlock
//             (under the lock: a mover)    (movers)
//
// So a location is a mover only if no step that leaves it depends on a step of another thread, changes what a condition
// reads, reports, can fault, or is a back edge: a thread that runs alone must come to an end. Every step writes the
// monitors, so with a property that has monitors no location is a mover.

import { lockPlaces } from '../ir/lock_waits.js';
import type { ComposedProgram } from '../ir/monitors.js';
import type { Expr, Location, Step } from '../ir/program.js';
import { backEdges } from './back_edges.js';
import { dependenciesOf } from './dependencies.js';
import { stepsThatCanFault } from './step_faults.js';

/** By thread: its mover locations. */
export type Movers = readonly ReadonlySet<Location>[];

/** The movers of a Program; `conditions` are evaluated in its states. */
export function moversOf(program: ComposedProgram, conditions: readonly Expr[]): Movers {
  const dependencies = dependenciesOf(program, conditions);
  const back = backEdges(program);
  const faulty = stepsThatCanFault(program);
  const waiting = lockPlaces(program);
  const isLocal = (step: Step) =>
    !dependencies.isMet(step.id) &&
    !dependencies.isSeen(step.id) &&
    step.reports === undefined &&
    !back.has(step.id) &&
    !faulty.has(step.id);
  return program.threads.map(({ id }) => {
    const own = program.steps.filter(({ thread }) => thread === id);
    const found = new Set(own.map(({ from }) => from));
    for (const step of own) if (!isLocal(step)) found.delete(step.from);
    for (const { thread, location } of waiting) if (thread === id) found.delete(location);
    return found;
  });
}

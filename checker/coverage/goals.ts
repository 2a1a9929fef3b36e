// What a run should cover, as conditions that the search looks for beside the properties: every step enabled once,
// every lock contended once. Each is dropped as soon as it is found, so what is found early costs nothing.
//
//   lock: when (ptl == free)        taken: at lock && ptl == free        blocked: at lock && ptl != free

import { and, anyOf, at, not, walk } from '../ir/expression.js';
import {
  type Expr,
  type Location,
  type Program,
  type StepId,
  stepsFrom,
  type ThreadId,
} from '../ir/program.js';
import { isAlwaysTrue } from '../ir/tautology.js';
import type { Check } from '../search/report.js';

/** A step that should be taken, or a location where an actor should have to wait. */
export interface Goal {
  readonly thread: ThreadId;
  readonly location: Location;
  /** Undefined for waiting. */
  readonly step: StepId | undefined;
  readonly check: Check;
}

/** Looks for a state in which the condition is true. */
export const wanted = (name: string, condition: Expr): Check => {
  return { name, kind: 'sometimes', condition, about: undefined, source: {} };
};

/** Can evaluating it fail? Then the engine reports a fault of the step, and it is no goal. */
export function canFail(x: Expr): boolean {
  let fails = false;
  walk(x, (part) => {
    if (part.op === 'div' || part.op === 'mod') fails = true;
    if (part.op === 'read' && part.cell.index !== undefined) fails = true;
  });
  return fails;
}

/** All goals of a Program, in the order of its threads, locations and steps. */
export function goalsOf(program: Program): readonly Goal[] {
  // Where the model's bound cuts, nobody waits.
  const isOpen = (x: Expr) => (program.within === undefined ? x : and(program.within, x));
  return program.threads.flatMap(({ id: thread, locations }) =>
    locations.flatMap((_, location): readonly Goal[] => {
      const steps = stepsFrom(program, thread, location);
      if (steps.length === 0 || steps.some(({ guard }) => canFail(guard))) return [];
      const here = at(thread, [location]);
      const enabled = anyOf(steps.map(({ guard }) => guard));
      const taken = steps.map(({ id, label, guard }): Goal => {
        return { thread, location, step: id, check: wanted(`${label} taken`, and(here, guard)) };
      });
      if (isAlwaysTrue(enabled)) return taken;
      const blocked = wanted(`${steps[0]!.label} blocked`, and(here, isOpen(not(enabled))));
      return [...taken, { thread, location, step: undefined, check: blocked }];
    }),
  );
}

// The cycles of each thread's locations. Without its back edges the graph of a thread is acyclic, so an infinite run
// takes some back edge infinitely often.
//
//   0 -> 1 -> 2 -> 1        the step from 2 to 1 is a back edge; those between 1 and 2 can be taken more than once

import type { Location, Program, Step, StepId, Thread } from '../ir/program.js';

/** The steps that lead back to a location on the current depth-first path. */
export function backEdges(program: Program): ReadonlySet<StepId> {
  return new Set(program.threads.flatMap((thread) => backEdgesOf(thread, stepsByLocation(program, thread))));
}

/** The steps that a run can take more than once. */
export function repeatable(program: Program): ReadonlySet<StepId> {
  const found = new Set<StepId>();
  for (const thread of program.threads) {
    const byLocation = stepsByLocation(program, thread);
    for (const [from, steps] of byLocation) {
      for (const { id, to } of steps) if (leadsTo(from, to, byLocation)) found.add(id);
    }
  }
  return found;
}

type StepsByLocation = ReadonlyMap<Location, readonly Step[]>;

function stepsByLocation({ steps }: Program, { id }: Thread): StepsByLocation {
  const found = new Map<Location, Step[]>();
  for (const step of steps) {
    if (step.thread !== id) continue;
    const here = found.get(step.from);
    if (here === undefined) found.set(step.from, [step]);
    else here.push(step);
  }
  return found;
}

/** Depth-first search from the start, then from each location that it did not reach. */
function backEdgesOf({ start }: Thread, steps: StepsByLocation): readonly StepId[] {
  const found: StepId[] = [];
  const seen = new Set<Location>();
  const onWay = new Set<Location>();
  for (const root of [start, ...steps.keys()]) {
    if (seen.has(root)) continue;
    seen.add(root);
    onWay.add(root);
    const way = [{ at: root, next: 0 }];
    for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
      const step = steps.get(top.at)?.[top.next++];
      if (step === undefined) {
        onWay.delete(top.at);
        way.pop();
      } else if (onWay.has(step.to)) found.push(step.id);
      else if (!seen.has(step.to)) {
        seen.add(step.to);
        onWay.add(step.to);
        way.push({ at: step.to, next: 0 });
      }
    }
  }
  return found;
}

/** Does a path lead from one location to the other? */
function leadsTo(goal: Location, from: Location, steps: StepsByLocation): boolean {
  const seen = new Set([from]);
  for (const at of seen) {
    if (at === goal) return true;
    for (const { to } of steps.get(at) ?? []) seen.add(to);
  }
  return false;
}

// The cycles of each thread's locations: without its back edges a thread has none, so a run that goes on for ever takes
// some of them again and again.
//
//   0 -> 1 -> 2 -> 1        the step from 2 to 1 is a back edge; those between 1 and 2 can be taken more than once

import type { Location, Program, Step, StepId, Thread } from '../ir/program.js';

/** The steps that lead back to a location on the way to where they begin. */
export function backEdges(program: Program): ReadonlySet<StepId> {
  return new Set(program.threads.flatMap((thread) => backEdgesOf(thread, stepsByLocation(program, thread))));
}

/** The steps that can be taken more than once in a run. */
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

/** By walking in depth from the start, and from whatever is not reached from there. */
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

/** Is there a way from one location to another? */
function leadsTo(goal: Location, from: Location, steps: StepsByLocation): boolean {
  const seen = new Set([from]);
  for (const at of seen) {
    if (at === goal) return true;
    for (const { to } of steps.get(at) ?? []) seen.add(to);
  }
  return false;
}

// Can any actor be stuck, by control flow and guards alone? It takes one actor that can be kept waiting, and another
// one that can go on for ever. If there are no such two, the graph of all states need not be searched for stuck actors.
//
//   p: wait (x), done                 q: jiffies++, again              p may be stuck beside q
//   p: wait (x), done                 q: x := true, done               every run ends: a wait at its end is a deadlock

import { anyOf } from '../ir/expression.js';
import { type Location, mayStayAt, type Program, type Step, type Thread } from '../ir/program.js';
import { isAlwaysTrue } from '../ir/tautology.js';

/** May some run go on for ever while an actor that is neither done nor at rest can take no further step? */
export function mayBeStuck({ threads, steps, storeBuffers }: Program): boolean {
  // Who only brings stores to memory comes to an end once nobody stores.
  const isFlusher = ({ id }: Thread) => storeBuffers?.buffers.some(({ flusher }) => flusher === id) ?? false;
  const stepsOf = grouped(steps, ({ thread }) => thread);
  const endless = threads.filter(
    (thread) => !isFlusher(thread) && !isAcyclic(thread, stepsOf.get(thread.id) ?? []),
  );
  if (endless.length === 0) return false;
  return threads.some(
    (thread) => endless.some((one) => one !== thread) && canBeKept(thread, stepsOf.get(thread.id) ?? []),
  );
}

/**
 * Can the thread never return to a location that it left? Removes locations without predecessors until none is left.
 */
function isAcyclic({ locations }: Thread, steps: readonly Step[]): boolean {
  const entering = new Int32Array(locations.length);
  const targets = locations.map((): Location[] => []);
  for (const { from, to } of steps) {
    entering[to]!++;
    targets[from]!.push(to);
  }
  const free = [...entering.keys()].filter((location) => entering[location] === 0);
  for (const location of free) {
    for (const to of targets[location]!) if (--entering[to]! === 0) free.push(to);
  }
  return free.length === locations.length;
}

/** Is there a location, other than where it may stay or is dead, at which no step may be enabled? */
function canBeKept(thread: Thread, steps: readonly Step[]): boolean {
  const from = grouped(steps, (step) => step.from);
  const ends = [...mayStayAt(thread), thread.dead];
  return thread.locations.some(
    (_, location) =>
      !ends.includes(location) && !isAlwaysTrue(anyOf((from.get(location) ?? []).map(({ guard }) => guard))),
  );
}

function grouped(steps: readonly Step[], by: (step: Step) => number): ReadonlyMap<number, readonly Step[]> {
  const groups = new Map<number, Step[]>();
  for (const step of steps) {
    const group = groups.get(by(step));
    if (group === undefined) groups.set(by(step), [step]);
    else group.push(step);
  }
  return groups;
}

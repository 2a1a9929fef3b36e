// The subclasses with which a thread may hold each lock, at each of its locations, computed from its control flow.

import type { Location, Program, Step, ThreadId, VariableId } from '../ir/program.js';

/** By lock: the subclasses with which it may have been taken; absent where it is not held. */
type SubclassesHeld = ReadonlyMap<VariableId, readonly number[]>;

/** At each location that the thread reaches; empty if it takes every lock as subclass 0. */
export function subclassesIn(program: Program, thread: ThreadId): ReadonlyMap<Location, SubclassesHeld> {
  const steps = program.steps.filter((step) => step.thread === thread);
  if (!steps.some(({ locks = [] }) => locks.some(({ subclass }) => subclass !== undefined))) return new Map();
  const { start } = program.threads[thread]!;
  const known = new Map<Location, SubclassesHeld>([[start, new Map()]]);
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const step of steps) {
      if (step.from !== at) continue;
      const before = known.get(step.to);
      const after = joined(before ?? new Map(), afterStep(known.get(at)!, step));
      if (before !== undefined && sizeOf(after) === sizeOf(before)) continue;
      known.set(step.to, after);
      open.push(step.to);
    }
  }
  return known;
}

function afterStep(held: SubclassesHeld, { locks = [] }: Step): SubclassesHeld {
  const after = new Map(held);
  for (const { way, lock, subclass = 0 } of locks) {
    const isOne = lock.variables.length === 1;
    for (const id of lock.variables) {
      if (way === 'drop') {
        if (isOne) after.delete(id);
      } else {
        after.set(id, isOne ? [subclass] : [...new Set([...(after.get(id) ?? []), subclass])]);
      }
    }
  }
  return after;
}

const joined = (x: SubclassesHeld, y: SubclassesHeld): SubclassesHeld =>
  new Map(
    [...new Set([...x.keys(), ...y.keys()])].map((id) => {
      const all = new Set([...(x.get(id) ?? []), ...(y.get(id) ?? [])]);
      return [id, [...all].sort((a, b) => a - b)];
    }),
  );

const sizeOf = (held: SubclassesHeld): number =>
  [...held.values()].reduce((sum, { length }) => sum + length, 0);

// States of an instance in which candidates for invariants are tried.

import type { InstanceState } from './evaluation.js';
import type { FiniteInstance } from './instance.js';
import { Seen } from './seen.js';

/** So many steps of a run are sampled, where it does not end before. */
const runMax = 1000;

/** Some states: all, if there are few, else those on runs, which a fixed sequence of numbers picks, and beside them. */
export function sampled(instance: FiniteInstance, statesMax: number): readonly InstanceState[] {
  const { states, isPart } = instance.explore();
  if (!isPart) return states;
  const successors = instance.successors();
  const seen = new Seen(instance.first());
  let state = instance.first();
  let random = 1;
  for (let turn = 1; turn < 20 * statesMax && seen.states.length < statesMax; turn++) {
    const next: InstanceState[] = [];
    successors(state, (one) => next.push(one));
    for (const one of next) seen.add(one);
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    const picked = next[(random >>> 12) % next.length];
    state = picked === undefined || turn % runMax === 0 ? instance.first() : picked;
  }
  return seen.states;
}

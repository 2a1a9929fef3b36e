// States of an instance in which candidates for invariants are tried.

import type { InstanceState } from './evaluation.js';
import type { FiniteInstance } from './instance.js';
import { Seen } from './seen.js';

/** So many steps of a run are sampled, where it does not end before. */
const runMax = 1000;
/** In a run, a member is picked this often for each time that another one is, or as often, or somewhere between. */
const weights = [1, 4, 16, 64] as const;

/**
 * Some states: all, if there are few, else those on runs, which a fixed sequence of numbers picks, and beside them. In
 * each run some members are picked more often than others: else those that repeat for ever keep the others from coming
 * far.
 */
export function sampled(instance: FiniteInstance, statesMax: number): readonly InstanceState[] {
  const { states, isPart } = instance.explore();
  if (!isPart) return states;
  const successors = instance.successors();
  const members = instance.actors().length;
  const next = numbers();
  const newWeights = () => Array.from({ length: members }, () => weights[next() % weights.length]!);
  const seen = new Seen(instance.first());
  let state = instance.first();
  let weightOf = newWeights();
  for (let turn = 1; turn < 20 * statesMax && seen.states.length < statesMax; turn++) {
    const after: { readonly state: InstanceState; readonly weight: number }[] = [];
    successors(state, (one, member) => after.push({ state: one, weight: weightOf[member]! }));
    for (const one of after) seen.add(one.state);
    const picked = pick(after, next());
    if (picked !== undefined && turn % runMax !== 0) state = picked;
    else {
      state = instance.first();
      weightOf = newWeights();
    }
  }
  return seen.states;
}

/** One of some states, each as likely as its weight. */
function pick(
  all: readonly { readonly state: InstanceState; readonly weight: number }[],
  number: number,
): InstanceState | undefined {
  let left = number % all.reduce((sum, { weight }) => sum + weight, 0);
  for (const { state, weight } of all) {
    if (left < weight) return state;
    left -= weight;
  }
  return undefined;
}

/** The same sequence of numbers each time, up to 2^20. */
function numbers(): () => number {
  let random = 1;
  return () => {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    return random >>> 12;
  };
}

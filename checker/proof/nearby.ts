// Without a solver: which candidates do steps lose from states near the explored ones? A state that differs in one value
// and has all candidates is one that no candidate excludes, so what a step from it loses is not inductive. What is left
// is likely to be inductive, and no more than that: solvers have to judge it.

import { boundsOf } from '../ir/expression.js';
import type { Clause } from './clauses.js';
import type { InstanceState } from './evaluation.js';
import type { FiniteInstance, InstanceCell } from './instance.js';
import { closedTerm, type Sample } from './mined.js';

/** So many states are looked at for each sample and round. */
const statesMax = 20_000;

/** Candidates that no step from a nearby state loses, where all of them are assumed. */
export function keptNearby(candidates: readonly Clause[], samples: readonly Sample[]): readonly Clause[] {
  let clauses = candidates;
  for (let size = -1; size !== clauses.length; ) {
    size = clauses.length;
    for (const sample of samples) clauses = keptIn(sample, clauses);
  }
  return clauses;
}

function keptIn({ instance, states }: Sample, clauses: readonly Clause[]): readonly Clause[] {
  const tests = clauses.map((clause) => ({ clause, holds: instance.compile(closedTerm(clause)) }));
  const lost = new Set<Clause>();
  const valuesOf = instance.cells().map((cell) => valuesIn(cell, instance));
  const successors = instance.successors();
  let looked = 0;
  for (const state of states) {
    for (const near of neighbours(state, valuesOf)) {
      if (++looked > statesMax) return clauses.filter((clause) => !lost.has(clause));
      if (tests.some(({ clause, holds }) => !lost.has(clause) && holds(near, []) === 0)) continue;
      successors(near, (next) => {
        for (const { clause, holds } of tests) if (holds(next, []) === 0) lost.add(clause);
      });
    }
  }
  return clauses.filter((clause) => !lost.has(clause));
}

function* neighbours(
  state: InstanceState,
  valuesOf: readonly (readonly number[])[],
): Generator<InstanceState> {
  for (const [at, values] of valuesOf.entries()) {
    for (const value of values) if (value !== state[at]) yield state.with(at, value);
  }
}

/** The values that a number of a state may have; none for counters, which have no bounds. */
function valuesIn(cell: InstanceCell, instance: FiniteInstance): readonly number[] {
  if (cell.kind === 'place') return [...cell.family.locations.keys()];
  const { range, isCounter } = cell.fun;
  if (range.kind === 'index') return upTo(0, instance.size(range.sort) - 1);
  if (range.kind === 'owner') return [0, ...instance.actors().map(({ value }) => value)];
  if (isCounter) return [];
  const { min, max } = boundsOf(range);
  return upTo(min, Math.min(max, min + 15));
}

const upTo = (min: number, max: number): readonly number[] =>
  Array.from({ length: max - min + 1 }, (_, i) => min + i);

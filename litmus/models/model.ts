// What a memory model is: axioms that every execution satisfies, and flags for executions in which the program is wrong.

import { Evaluator } from '../relations/evaluate.js';
import { type Edge, wayOf } from '../relations/explain.js';
import { eventOnCycle, type Matrix, shortestWay } from '../relations/matrix.js';
import type { Relation } from '../relations/relation.js';

export interface Axiom {
  /** As the model's own file names it. */
  readonly name: string;
  /** What the relation must be. */
  readonly demand: 'acyclic' | 'irreflexive' | 'empty';
  readonly of: Relation;
}

export interface Flag {
  /** Printed as `Flag data-race`. */
  readonly name: string;
  /** An execution with a pair of it is flagged. */
  readonly of: Relation;
}

export interface AxiomaticModel {
  readonly name: 'lkmm' | 'tso' | 'sc';
  /** For people: 'the Linux-kernel memory model'. */
  readonly title: string;
  /** The cheaper ones first. */
  readonly axioms: readonly Axiom[];
  readonly flags: readonly Flag[];
  /** Does it define the ordering of grace periods and read-side sections of RCU? */
  readonly hasRcu: boolean;
  /** Does it allow a read to see what is written only because of it? */
  readonly hasLoadBuffering: boolean;
  /** Which program order between accesses it preserves, for any locations. */
  readonly keeps: Relation;
}

/** Does an execution satisfy an axiom? */
export function satisfies(evaluation: Evaluator, { demand, of }: Axiom): boolean {
  const relation = evaluation.relation(of);
  switch (demand) {
    case 'acyclic':
      return eventOnCycle(relation) === undefined;
    case 'irreflexive':
      return reflexive(relation) === undefined;
    case 'empty':
      return relation.isEmpty();
  }
}

/** The first axiom that an execution breaks. */
export const broken = (evaluation: Evaluator, { axioms }: AxiomaticModel): Axiom | undefined =>
  axioms.find((axiom) => !satisfies(evaluation, axiom));

function reflexive(relation: Matrix): number | undefined {
  for (let event = 0; event < relation.size; event++) if (relation.has(event, event)) return event;
  return undefined;
}

/** Why an axiom is broken: the edges of a shortest cycle; for one that demands emptiness, of one pair. */
export function reasonOf(evaluation: Evaluator, { demand, of }: Axiom): readonly Edge[] {
  const relation = evaluation.relation(of);
  const way = (from: number, to: number): readonly Edge[] => wayOf(evaluation, of, from, to) ?? [];
  const along = (events: readonly number[]): readonly Edge[] =>
    events.slice(1).flatMap((to, i) => way(events[i]!, to));
  const shortest = (ways: readonly (readonly Edge[])[]): readonly Edge[] =>
    ways.toSorted((a, b) => a.length - b.length)[0] ?? [];
  const all = Array.from({ length: relation.size }, (_, event) => event);
  switch (demand) {
    case 'acyclic':
      return shortest(all.flatMap((event) => optional(shortestWay(relation, event, event))).map(along));
    case 'irreflexive':
      return shortest(all.filter((event) => relation.has(event, event)).map((event) => way(event, event)));
    case 'empty':
      return shortest(relation.pairs().map(([from, to]) => way(from, to)));
  }
}

const optional = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);

export { Evaluator };

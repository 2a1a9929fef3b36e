// What a verdict rests on: an exploration of states, or a proof. A closed union: whoever reads evidence asks for its
// kind, and a new kind of evidence is one more member here. Options borrow their words from these lists.

import type { LimitReached } from './limit.js';

/** `reference` is the readable engine that defines what a Program means. */
export const engineNames = ['compiled', 'reference'] as const;
/** Breadth-first, depth-first, or by iterative deepening. Only depth-first traces are not the shortest. */
export const searchNames = ['bfs', 'dfs', 'iterative'] as const;
/** Whole states; their 64-bit hashes; or a few bits each. Only `exact` can be exhaustive. */
export const storageNames = ['exact', 'hash64', 'bitstate'] as const;
/** What leaves out states that decide nothing. `movers`: a thread goes on alone where nobody else notices. */
export const reductionNames = ['movers'] as const;
/** In which order the memory shows the writes of one actor to the others. `sc`: sequential consistency, as written. */
export const memoryModels = ['sc'] as const;

export type EngineName = (typeof engineNames)[number];
export type SearchName = (typeof searchNames)[number];
export type StorageName = (typeof storageNames)[number];
export type ReductionName = (typeof reductionNames)[number];
export type MemoryModel = (typeof memoryModels)[number];

export type Evidence = Explored | Proved;

export interface Counts {
  /** Distinct reachable states, the initial ones included. */
  readonly states: number;
  /** Enabled (state, step) pairs. */
  readonly transitions: number;
  /** The largest breadth-first distance from an initial state; depth-first the longest path walked. */
  readonly depth: number;
  /** How many states are new at each distance; depth-first it is not known, and this is empty. */
  readonly levels: readonly number[];
}

/** States were explored, one by one. */
export interface Explored extends Counts {
  readonly kind: 'explored';
  readonly engine: EngineName;
  readonly search: SearchName;
  readonly storage: StorageName;
  /** Those that were used, in the order of `reductionNames`: with one, the counts are those of what is left. */
  readonly reductions: readonly ReductionName[];
  readonly memoryModel: MemoryModel;
  /** Was every reachable state seen and expanded, for certain? */
  readonly exhaustive: boolean;
  /** What stopped the search or leaves its answer in doubt, if it is not exhaustive. */
  readonly limit: LimitReached | undefined;
  /** The checks that something was found for, though the search was stopped before it knew the way there. */
  readonly pathless?: readonly string[];
  /** Without exact storage: how likely some state was taken for one seen before. */
  readonly missProbability?: number;
  /** For bitstate: the estimated share of the reachable states that was found. */
  readonly coverage?: number;
}

/** Obligations were proved that together imply what is said of the checks. No command of this version proves. */
export interface Proved {
  readonly kind: 'proved';
  readonly obligations: readonly Obligation[];
  /** Who decided the obligations, with their versions: `z3 4.8.12`. */
  readonly judges: readonly string[];
}

export interface Obligation {
  readonly name: string;
  readonly outcome: 'proved' | 'refuted' | 'unknown';
}

/** Does the evidence decide what nothing was found against? */
export const isConclusive = (evidence: Evidence): boolean =>
  evidence.kind === 'explored'
    ? evidence.exhaustive
    : evidence.obligations.every(({ outcome }) => outcome === 'proved');

/** Why evidence does not decide, in words: a limit that was reached, or the obligations that are open; undefined if it has none. */
export function gapText(evidence: Evidence): string | undefined {
  if (evidence.kind === 'explored') return evidence.limit && limitText(evidence.limit);
  const open = evidence.obligations.filter(({ outcome }) => outcome !== 'proved').map(({ name }) => name);
  return open.length === 0 ? undefined : `not proved: ${open.join(', ')}`;
}

/** `stopped at 5 states`; what a storage leaves in doubt is a sentence of its own. */
export const limitText = (limit: LimitReached): string =>
  limit.kind === 'storage' ? limit.text : `stopped at ${limit.text}`;

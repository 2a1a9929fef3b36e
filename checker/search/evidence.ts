// What a verdict rests on: an exploration of states, or a proof. A closed union: readers of evidence switch over its
// kind, and a new kind of evidence is one more member here. Options take their words from these lists.

import type { CoarseStep, Program } from '../ir/program.js';
import { isSentence, type LimitReached } from './limit.js';

/** `reference` is the readable engine that defines the meaning of a Program. */
export const engineNames = ['compiled', 'reference'] as const;
/** Breadth-first, depth-first, or by iterative deepening. Only depth-first traces are not the shortest. */
export const searchNames = ['bfs', 'dfs', 'iterative'] as const;
/** Whole states; their 64-bit hashes; or a few bits each. Only `exact` can be exhaustive. */
export const storageNames = ['exact', 'hash64', 'bitstate'] as const;
/**
 * Searches that leave out states without changing verdicts. `movers`: a thread runs alone where no other thread can
 * observe it. `stubborn`: the steps of some threads are taken before those of others, where the order does not matter.
 * `symmetry`: of states that differ only in which copy of an actor is which, one is kept.
 */
export const reductionNames = ['movers', 'stubborn', 'symmetry'] as const;
/** What may be asked for: one by name, or `auto`, those that leave states out. */
export const reductionChoices = [...reductionNames, 'auto'] as const;
/**
 * The order in which other actors see the writes of an actor. `sc`: sequential consistency, as written. `tso`: x86-TSO,
 * where they wait in a buffer.
 */
export const memoryModels = ['sc', 'tso'] as const;

export type EngineName = (typeof engineNames)[number];
export type SearchName = (typeof searchNames)[number];
export type StorageName = (typeof storageNames)[number];
export type ReductionName = (typeof reductionNames)[number];
export type ReductionChoice = (typeof reductionChoices)[number];
export type MemoryModel = (typeof memoryModels)[number];

export type Evidence = Explored | Proved;

export interface Counts {
  /** Distinct reachable states, the initial ones included. */
  readonly states: number;
  /** Enabled (state, step) pairs. */
  readonly transitions: number;
  /** The largest breadth-first distance from an initial state; depth-first the longest path walked. */
  readonly depth: number;
  /** How many states are new at each distance; empty for depth-first search, which has no distances. */
  readonly levels: readonly number[];
}

/** States were explored, one by one. */
export interface Explored extends Counts {
  readonly kind: 'explored';
  readonly engine: EngineName;
  readonly search: SearchName;
  readonly storage: StorageName;
  /**
   * The reductions that were used, in the order of `reductionNames`: with one, the counts are those of the reduced
   * graph.
   */
  readonly reductions: readonly ReductionName[];
  /** Why these or none, where the choice was left to `auto`. */
  readonly reductionsWhy?: string;
  readonly memoryModel: MemoryModel;
  /** Under `tso`: how many stores a buffer holds. They are enough unless the limit says otherwise. */
  readonly bufferSlots?: number;
  /** Under `tso`: statements that are taken for one locked instruction and do not say that they are; absent if none are. */
  readonly coarse?: readonly CoarseStep[];
  /** Is it certain that every reachable state was expanded? */
  readonly exhaustive: boolean;
  /** The limit that stopped the search or leaves its answer in doubt, if it is not exhaustive. */
  readonly limit: LimitReached | undefined;
  /** The checks with a finding whose trace was not rebuilt before the search was stopped. */
  readonly pathless?: readonly string[];
  /** Without exact storage: the probability that some state was taken for a seen one. */
  readonly missProbability?: number;
  /** For bitstate: the estimated share of the reachable states that was found. */
  readonly coverage?: number;
}

/** Obligations were proved that together imply the verdicts, for every value of some settings. */
export interface Proved {
  readonly kind: 'proved';
  /** The settings that may have any value from the given one on. */
  readonly forEvery: { readonly [setting: string]: number };
  /** What was explored beside the proof, and violates nothing. */
  readonly instances: readonly Instance[];
  readonly obligations: readonly Obligation[];
  /** Who decided the obligations, tools with their versions: `z3 4.8.12`. */
  readonly judges: readonly string[];
}

/** Some values of settings, and how many states there are. */
export interface Instance {
  readonly settings: Program['settings'];
  readonly states: number;
}

export interface Obligation {
  readonly name: string;
  readonly outcome: 'proved' | 'refuted' | 'unknown';
}

/** Does the evidence decide checks without a finding? */
export const isConclusive = (evidence: Evidence): boolean =>
  evidence.kind === 'explored'
    ? evidence.exhaustive
    : evidence.obligations.every(({ outcome }) => outcome === 'proved');

/**
 * Why evidence does not decide, in words: a limit that was reached, or the open obligations; undefined if it decides.
 */
export function gapText(evidence: Evidence): string | undefined {
  if (evidence.kind === 'explored') return evidence.limit && limitText(evidence.limit);
  const open = evidence.obligations.filter(({ outcome }) => outcome !== 'proved').map(({ name }) => name);
  return open.length === 0 ? undefined : `not proved: ${open.join(', ')}`;
}

/** `stopped at 5 states`; the doubt of a storage, a buffer or a bound is a sentence of its own. */
export const limitText = (limit: LimitReached): string =>
  isSentence(limit) ? limit.text : `stopped at ${limit.text}`;

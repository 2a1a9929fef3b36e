// A breadth-first search in progress, and what runs it: one thread or several.

import type { CompiledProgram } from '../compile.js';
import type { SeenTable } from '../table/seen_table.js';
import type { States } from '../table/states.js';
import type { Findings } from './findings.js';

/** How far a search has come. */
export interface SearchState {
  readonly compiled: CompiledProgram;
  readonly states: States;
  readonly findings: Findings;
  /** The first state that is not expanded. */
  head: number;
  transitions: number;
}

/** A search, what expands its states, and the storage of its states. */
export interface ActiveSearch {
  readonly search: SearchState;
  expander: Expander;
  /** Undefined once workers have their own tables. */
  table: SeenTable | undefined;
}

/** What expands states: one thread, or several. */
export interface Expander {
  /** Expands some states up to `end`; false once a state beyond `countMax` was found. */
  advance(end: number, countMax: number): boolean;
  /** How many calls of `advance` lie between two reports of progress. */
  readonly sweepsPerProgress: number;
  /** The bytes it takes beside the states, and how many more when it grows. */
  readonly bytes: number;
  readonly growthBytes: number;
}

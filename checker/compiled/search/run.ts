// A breadth-first search under way, and what carries it on: one thread or several.

import type { Program } from '../../ir/program.js';
import type { Layout } from '../layout.js';
import type { SeenTable } from '../table/seen_table.js';
import type { States } from '../table/states.js';
import type { Findings } from './findings.js';

/** A search under way. */
export interface Run {
  readonly program: Program;
  readonly layout: Layout;
  readonly states: States;
  readonly findings: Findings;
  /** The first state that is not expanded. */
  head: number;
  transitions: number;
}

/** A search, what expands its states, and what it remembers them in. */
export interface Underway {
  readonly run: Run;
  stepper: Stepper;
  /** Undefined once workers have tables of their own. */
  table: SeenTable | undefined;
}

/** What expands states: one thread, or several. */
export interface Stepper {
  /** Expands some states of the run up to `end`; false once a state beyond `countMax` was found. */
  advance(end: number, countMax: number): boolean;
  /** How often it advances between two reports of progress. */
  readonly sweepsPerProgress: number;
  /** What it takes beside the states, and how much more when it grows. */
  readonly bytes: number;
  readonly growthBytes: number;
}

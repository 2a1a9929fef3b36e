// A breadth-first search under way, and what carries it on: one thread or several.

import type { Program } from '../ir/program.js';
import type { Findings } from './findings.js';
import type { Layout } from './layout.js';
import type { States } from './states.js';

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

/** What expands states: one thread, or several. */
export interface Stepper {
  /** Expands some states of the run up to `end`; returns the limit that it reached. */
  advance(end: number, countMax: number): string | undefined;
  /** How often it advances between two reports of progress. */
  readonly sweepsPerProgress: number;
  /** What it takes beside the states, and how much more when it grows. */
  readonly bytes: number;
  readonly growthBytes: number;
  close(): void;
}

// Estimates how many states a breadth-first search will have, from the shape of its levels, and how many bytes they
// take. For progress and advice only.
//
//   levels 1 10 55 … 6743 6580 … 3162 2300      they shrink, the last is below half of the largest: about 56,900 in all

import { layoutOf } from './compiled/plan/layout.js';
import { composed } from './ir/monitors.js';
import type { Program } from './ir/program.js';

export interface Outlook {
  readonly trend: 'growing' | 'shrinking';
  /** The estimated number of states; only when the levels have shrunk far. */
  readonly states?: number;
}

/** The number of levels over which a trend is measured. */
const span = 4;
/** Estimates begin once the levels are smaller than this share of the largest. */
const farShare = 0.75;

/**
 * What the complete levels say about those to come; undefined if they are too few.
 * Example: `outlookOf([1, 2, 4, 8, 16, 32, 64])?.trend`
 */
export function outlookOf(levels: readonly number[]): Outlook | undefined {
  const last = levels.at(-1);
  const before = levels.at(-1 - span);
  if (last === undefined || before === undefined || before === 0 || last === 0) return undefined;
  if (last >= before) return { trend: 'growing' };
  if (last > farShare * Math.max(...levels)) return { trend: 'shrinking' };
  const found = levels.reduce((sum, level) => sum + level, 0);
  return { trend: 'shrinking', states: Math.round(found + left(levels, last, before)) };
}

/** The levels to come shrink by a factor that keeps falling as it has fallen before. */
function left(levels: readonly number[], last: number, before: number): number {
  const slope = Math.log(last / before) / span;
  const earlier = levels.at(-1 - 2 * span) ?? before;
  const slopeBefore = Math.log(before / earlier) / span;
  const bend = Math.min(0, (slope - slopeBefore) / span);
  let sum = 0;
  let factor = slope + (bend * (span + 1)) / 2;
  for (let level = last * Math.exp(factor); level >= 1; level *= Math.exp(factor)) {
    sum += level;
    factor += bend;
  }
  return sum;
}

/** The estimated bytes per state of a large search, table included. */
export interface BytesPerState {
  readonly exact: number;
  readonly hash64: number;
  /** Of the table alone, at ten bits each. */
  readonly bitstate: number;
}

/** A table of numbers is 0.61 full on average, one of hashes 0.78; see exact_table.ts and compact_table.ts. */
const exactTableBytes = 4 / 0.61;
const hash64TableBytes = 8 / 0.78;
/** Two bits for the parent. */
const parentBytes = 0.25;

/** The bytes per state of a Program, by storage. Example: `bytesPerState(program).exact * states` */
export function bytesPerState(program: Program): BytesPerState {
  const record = 4 * (layoutOf(composed(program)).words + 1);
  return {
    exact: record + exactTableBytes,
    hash64: hash64TableBytes + parentBytes,
    bitstate: 10 / 8 + parentBytes,
  };
}

// From a search with exact storage to a snapshot, and back: the records are entered in their order, so every state gets
// its number again.

import type { Progress } from '../../search/breadth_first.js';
import type { LimitReached } from '../../search/limit.js';
import type { Check } from '../../search/report.js';
import type { Snapshot } from '../../search/snapshot.js';
import type { SeenTable } from '../table/seen_table.js';
import { type States, segmentStates, statesMax } from '../table/states.js';
import type { Findings } from './findings.js';
import type { SearchState } from './search_state.js';

/** What a search knows beside its state. */
export interface SnapshotLevel {
  readonly levels: readonly number[];
  readonly levelEnd: number;
  readonly isCut: boolean;
}

/** Where a search stands between two sweeps. It only ever appends states and findings, so counts of them are enough. */
export interface SnapshotMark {
  readonly level: SnapshotLevel;
  readonly states: number;
  readonly head: number;
  readonly transitions: number;
  readonly found: number;
  readonly undecided: number;
}

/** To be called between two sweeps. */
export const markOf = (
  { states, findings, head, transitions }: SearchState,
  level: SnapshotLevel,
): SnapshotMark => ({
  ...{ level, states: states.count, head, transitions },
  ...{ found: findings.places.size, undecided: findings.undecided.size },
});

/**
 * Of a search that stood at the mark, on the same level; a sweep that was given up since then is left out. The records
 * are those of the search itself: they are read before it goes on.
 */
export function snapshotOf(
  { states, findings }: SearchState,
  checks: readonly Check[],
  { level, found, undecided, ...counts }: SnapshotMark,
): Snapshot {
  const places = [...findings.places].slice(0, found);
  return {
    ...{ ...counts, ...level, levels: [...level.levels] },
    found: places.map(([check, place]) => [checks.indexOf(check), place] as const),
    undecided: [...findings.undecided].slice(0, undecided).map((check) => checks.indexOf(check)),
    stride: states.stride,
    records: () => recordsOf(states, counts.states),
  };
}

function* recordsOf(states: States, end: number): Generator<Int32Array> {
  for (let from = 0; from < end; from += segmentStates) {
    const count = Math.min(segmentStates, end - from);
    yield states.segment(from).subarray(0, count * states.stride);
  }
}

/**
 * Enters the records into a table that is empty; `batch` is that of the table. Yields now and then; returns the reason
 * to stop if one is sent.
 */
export function* enterRecords(
  snapshot: Snapshot,
  states: States,
  table: SeenTable,
  batch: Int32Array,
): Generator<Progress, LimitReached | undefined, LimitReached | undefined> {
  const { stride } = snapshot;
  const whole = batch.length - (batch.length % stride);
  for (const piece of snapshot.records()) {
    for (let from = 0; from < piece.length; from += whole) {
      const part = piece.subarray(from, from + whole);
      batch.set(part);
      table.insert(part.length, statesMax);
    }
    const queue = states.count;
    const counts = { states: queue, transitions: snapshot.transitions, depth: 0, levels: [] };
    const reason = yield { ...counts, queue, bytes: states.bytes + table.bytes };
    if (reason !== undefined) return reason;
  }
  if (states.count !== snapshot.states) {
    throw new Error(`${snapshot.states} states were written, and ${states.count} of them differ`);
  }
  return undefined;
}

/** Enters what was found. */
export function enterFindings(snapshot: Snapshot, findings: Findings, checks: readonly Check[]): void {
  const check = (index: number): Check => {
    const found = checks[index];
    if (found === undefined) throw new Error(`there is no check ${index}`);
    return found;
  };
  findings.restore(
    snapshot.found.map(([index, place]) => [check(index), place] as const),
    snapshot.undecided.map(check),
  );
}

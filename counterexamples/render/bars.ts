// Held locks as bars at the left edge of the holder's lane:
//
//   4  ┏  spin_lock(ptl)
//   5  ┃  clear_pmd
//   6  ┗  spin_unlock(ptl)

import { type Hold, holdsOf } from '../explain/lock_spans.js';
import type { Trace } from '../trace/trace.js';
import { wholeOf } from './trace_facts.js';

export type Bar = 'starts' | 'goes on' | 'ends' | undefined;

/** The bars of one actor. A slot is a column for bars; locks that are held at the same time are in different slots. */
export interface Bars {
  /** The number of slots. */
  readonly slots: number;
  /** The state of the bar in a slot at a step, which is given by its number. */
  atStep(slot: number, number: number): Bar;
  /** The lock that is held in a state, by its number. */
  lockIn(slot: number, state: number): string | undefined;
}

/** The bars by lane. Locks that a view hides have none. */
export function barsOf(trace: Trace, actors: readonly string[]): readonly Bars[] {
  const { states } = wholeOf(trace);
  const holds = holdsOf({ variables: trace.variables, states });
  return actors.map((actor) =>
    barsIn(
      holds.filter((hold) => hold.actor === actor),
      states.length,
    ),
  );
}

function barsIn(holds: readonly Hold[], statesCount: number): Bars {
  /** For each state: 0, or 1 plus the index of the hold that covers it. */
  const slots: Int32Array[] = [];
  for (const [i, { from, to = statesCount }] of holds.entries()) {
    // Locks that are dropped and taken in the same step get different slots.
    const isFree = (slot: Int32Array) => slot[from] === 0 && (from === 0 || slot[from - 1] === 0);
    const slot = slots.find(isFree) ?? new Int32Array(statesCount);
    if (!slots.includes(slot)) slots.push(slot);
    slot.fill(i + 1, from, to);
  }
  const lockIn = (slot: number, state: number) =>
    holds[slots[slot]![Math.min(state, statesCount - 1)]! - 1]?.lock;
  return {
    slots: slots.length,
    lockIn,
    atStep(slot, number) {
      const isHeld = lockIn(slot, number) !== undefined;
      if (lockIn(slot, number - 1) === undefined) return isHeld ? 'starts' : undefined;
      return isHeld ? 'goes on' : 'ends';
    },
  };
}

/** How the bars of a lane are drawn on one line of a step's text. */
export function barText(bars: Bars, number: number, line: { isFirst: boolean; isLast: boolean }): string {
  return Array.from({ length: bars.slots }, (_, slot) => {
    switch (bars.atStep(slot, number)) {
      case 'starts':
        return line.isFirst ? '┏' : '┃';
      case 'ends':
        return line.isLast ? '┗' : '┃';
      case 'goes on':
        return '┃';
      default:
        return ' ';
    }
  }).join('');
}

/** The same between two steps. */
export const barTextAfter = (bars: Bars, number: number): string =>
  Array.from({ length: bars.slots }, (_, slot) => (bars.lockIn(slot, number) === undefined ? ' ' : '┃')).join(
    '',
  );

// Sleep sets as masks, which generated code has as constants: a set of sleeping threads is a number of 64 bits.

import { type SleepClass, wakes } from '../../analyse/sleep_sets.js';
import type { Location, StepId, ThreadId } from '../../ir/program.js';

export interface SleepPlan {
  /** By thread: all its bits. */
  readonly threads: readonly bigint[];
  /** The bit of a thread at a location, for each number of successors with which it can sleep there. */
  at(thread: ThreadId, location: Location): readonly SleepPlace[];
  /** The bits of the threads that go on sleeping after a step. */
  after(step: StepId): bigint;
  /** For each number of successors: the bits of the threads that have so many where they sleep. */
  readonly counts: readonly (readonly [successors: number, bits: bigint])[];
}

export interface SleepPlace {
  readonly bit: bigint;
  readonly successors: number;
}

export function planSleep(classes: readonly SleepClass[], threadCount: number): SleepPlan {
  const threads = Array.from({ length: threadCount }, () => 0n);
  const counts = new Map<number, bigint>();
  const places = new Map<string, SleepPlace[]>();
  classes.forEach(({ thread, locations, successors }, i) => {
    const bit = 1n << BigInt(i);
    threads[thread]! |= bit;
    counts.set(successors, (counts.get(successors) ?? 0n) | bit);
    for (const location of locations) {
      const key = `${thread} ${location}`;
      places.set(key, [...(places.get(key) ?? []), { bit, successors }]);
    }
  });
  return {
    threads,
    at: (thread, location) => places.get(`${thread} ${location}`) ?? [],
    after: (step) =>
      classes.reduce((bits, one, i) => (wakes(one, step) ? bits : bits | (1n << BigInt(i))), 0n),
    counts: [...counts],
  };
}

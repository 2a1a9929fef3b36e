// Which steps of different threads depend on each other. Two independent steps commute: in every reachable state
// neither enables, disables or faults the other, and both orders lead to the same state.
//
//   dependent if      one writes what the other reads or writes
//   but not if        both only add, or each holds a lock where it begins that excludes the other
//
// Steps of one thread are not compared: a thread stands at one location.

import type { ComposedProgram } from '../ir/monitors.js';
import type { Expr, Step, StepId } from '../ir/program.js';
import { HeldLocks } from './held_locks.js';
import { type MeetingPlace, PlaceReader, type StepPlaces } from './step_places.js';

export interface Dependencies {
  /** May these steps, of different threads, depend on each other? */
  depend(a: StepId, b: StepId): boolean;
  /**
   * May a step of another thread, taken while the thread of this one stands at its `from`, depend on it? A step that
   * waits for a lock that the thread holds there cannot be taken.
   */
  isMet(step: StepId): boolean;
  /** Does the step change a variable that some condition reads? */
  isSeen(step: StepId): boolean;
  /** Does one write what the other reads or writes? Without regard to locks. */
  share(a: StepId, b: StepId): boolean;
  /** The steps that change what a condition reads: one of those given, or of a guard. */
  changers(condition: Expr): readonly StepId[];
  /** The locks that are held where steps begin. */
  readonly held: HeldLocks;
}

/** Analyses a Program. `conditions` are evaluated in states, beside the steps. */
export function dependenciesOf(program: ComposedProgram, conditions: readonly Expr[] = []): Dependencies {
  const { steps } = program;
  const reader = new PlaceReader(program, conditions);
  const places = steps.map((step) => reader.places(step));
  const rows = rowsOf(steps, places, reader.count);
  const held = new HeldLocks(program);
  const others = (step: Step) =>
    steps.filter(({ id, thread }) => thread !== step.thread && has(rows[step.id]!, id));
  const asked = reader.reads(...conditions);
  const changes = (seen: ReadonlySet<MeetingPlace>, { writes, adds }: StepPlaces) =>
    [...writes, ...adds].some((place) => seen.has(place));
  return {
    depend: (a, b) => has(rows[a]!, b) && !held.areExclusive(steps[a]!, steps[b]!),
    isMet: (id) => others(steps[id]!).some((other) => !held.keepsOut(steps[id]!, other)),
    isSeen: (step) => changes(asked, places[step]!),
    share: (a, b) => has(rows[a]!, b),
    changers: (condition) => {
      const seen = reader.reads(condition);
      return steps.flatMap(({ id }) => (changes(seen, places[id]!) ? [id] : []));
    },
    held,
  };
}

/** A set of steps, a bit each. */
type StepBits = Uint32Array;

const noSteps = (count: number): StepBits => new Uint32Array((count + 31) >>> 5);
const has = (bits: StepBits, step: StepId): boolean => (bits[step >>> 5]! & (1 << (step & 31))) !== 0;
const add = (bits: StepBits, step: StepId): void => {
  bits[step >>> 5]! |= 1 << (step & 31);
};
const addAll = (bits: StepBits, more: StepBits): void => {
  for (let i = 0; i < bits.length; i++) bits[i]! |= more[i]!;
};

/** The steps that read a place, write it, and only add to it. */
interface Users {
  readonly readers: StepBits;
  readonly writers: StepBits;
  readonly adders: StepBits;
}

/** For each step: the steps that share a place with it, those of its own thread included. */
function rowsOf(steps: readonly Step[], places: readonly StepPlaces[], count: number): readonly StepBits[] {
  const none = () => noSteps(steps.length);
  const users = Array.from({ length: count }, (): Users => {
    return { readers: none(), writers: none(), adders: none() };
  });
  places.forEach(({ reads, writes, adds }, step) => {
    for (const place of reads) add(users[place]!.readers, step);
    for (const place of writes) add(users[place]!.writers, step);
    for (const place of adds) add(users[place]!.adders, step);
  });
  return places.map(({ reads, writes, adds }) => {
    const row = none();
    const meet = (all: Iterable<MeetingPlace>, ...who: readonly (keyof Users)[]) => {
      for (const place of all) for (const each of who) addAll(row, users[place]![each]);
    };
    meet(reads, 'writers', 'adders');
    meet(writes, 'readers', 'writers', 'adders');
    meet(adds, 'readers', 'writers');
    return row;
  });
}

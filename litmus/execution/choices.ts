// The choices that an execution has: which write a read takes its value from, and which place in coherence a write has.
// Each choice is added to the candidate, explored, and removed again.

import type { Access } from '../program/instructions.js';
import type { ValuesByLocation } from '../program/possible_values.js';
import { controlling, type ThreadState, type Traced } from '../program/thread.js';
import type { LitmusValue } from '../syntax/ast.js';
import type { Candidate } from './candidate.js';
import type { LockPart, MemoryEvent } from './event.js';

/** The access that a thread executes next. */
export interface AccessArrival {
  readonly thread: number;
  readonly state: ThreadState;
  readonly access: Access;
}

/** The same, with the location that it is about. */
export interface Aimed extends AccessArrival {
  readonly location: string;
  readonly address: Traced;
}

/** What an event is beyond its place. */
type Details = Pick<MemoryEvent, 'kind'> & Partial<MemoryEvent>;

/** No value of interest. */
export const nothing: Traced = { value: 0, reads: [] };

export class Choices {
  readonly #candidate: Candidate;
  /** Only coherent and atomic candidates are extended. */
  readonly #isCoherent: boolean;
  /** By thread: what later threads may write. */
  readonly #later: readonly ValuesByLocation[];

  constructor(candidate: Candidate, isCoherent: boolean, later: readonly ValuesByLocation[]) {
    this.#candidate = candidate;
    this.#isCoherent = isCoherent;
    this.#later = later;
  }

  /** Adds an event with its dependencies, explores, and removes it. */
  event(
    arrival: AccessArrival & Partial<Aimed>,
    details: Details,
    data: readonly number[],
    source: number | undefined,
    next: () => void,
  ): void {
    const { thread, state, access, location, address = nothing } = arrival;
    const candidate = this.#candidate;
    const mark = candidate.mark();
    const { at, text } = access;
    const place = location === undefined ? {} : { location };
    const id = candidate.push({ thread, at, text, isModification: false, ...place, ...details }, source);
    candidate.depend('control', controlling(state), id);
    candidate.depend('address', address.reads, id);
    candidate.depend('data', data, id);
    candidate.depend('flow', [...address.reads, ...data], id);
    next();
    candidate.back(mark);
  }

  #isFine = (location: string): boolean => !this.#isCoherent || this.#candidate.isCoherentAt(location);

  /** A read from each write that is there, and of each value that a later thread may write. */
  read(
    aimed: Aimed,
    details: Details | ((value: LitmusValue) => Details),
    next: (read: number, value: LitmusValue) => void,
  ): void {
    const candidate = this.#candidate;
    const { location } = aimed;
    const id = candidate.events.length;
    const take = (value: LitmusValue, source: number | undefined): void =>
      this.event(
        aimed,
        { ...(typeof details === 'function' ? details(value) : details), value },
        [],
        source,
        () => {
          if (this.#isFine(location)) next(id, value);
        },
      );
    for (const source of [...candidate.coherence.get(location)!])
      take(candidate.events[source]!.value!, source);
    for (const value of this.#later[aimed.thread]!.get(location) ?? []) take(value, undefined);
  }

  /** A write in each place of coherence that may be its own. */
  write(
    aimed: Aimed,
    details: Details,
    data: readonly number[],
    read: number | undefined,
    next: () => void,
  ): void {
    const candidate = this.#candidate;
    const { location } = aimed;
    const order = candidate.coherence.get(location)!;
    const id = candidate.events.length;
    for (const place of this.#placesOf(aimed, details, read)) {
      order.splice(place, 0, id);
      this.event(aimed, details, data, undefined, () => {
        if (read !== undefined) candidate.modifications.push([read, id]);
        if (this.#isFine(location)) this.#answer(id, this.#guessesOf(location, details.value, read), next);
      });
      order.splice(place, 1);
    }
  }

  /**
   * Places in coherence for a write. A read-modify-write is directly after the write that its read has read; a lock is taken
   * after its first value or an unlock, and other writes may still be placed in between; an unlock ends its own section.
   */
  #placesOf({ thread, location }: Aimed, { lock }: Details, read: number | undefined): readonly number[] {
    const { coherence, readsFrom, events } = this.#candidate;
    const order = coherence.get(location)!;
    const behind = order.map((write, i) => ({ place: i + 1, write: events[write]! }));
    const source = read === undefined ? undefined : readsFrom[read];
    const own = events.findLast(
      (event) => event.thread === thread && event.location === location && event.lock !== undefined,
    );
    const isPossible = (write: MemoryEvent): boolean => {
      if (!this.#isCoherent) return true;
      if (source !== undefined) return write.id === source;
      if (lock === 'LKW') return write.thread === -1 || write.lock === 'UL';
      return lock !== 'UL' || own?.lock !== 'LKW' || write === own;
    };
    const places = behind.flatMap(({ place, write }) => (isPossible(write) ? [place] : []));
    // Where incoherent ones are wanted too, those first in which writes keep the order of their thread.
    return this.#isCoherent ? places : places.toReversed();
  }

  /** Reads that have guessed what a write writes; not the one that is part of it. */
  #guessesOf = (
    location: string,
    value: LitmusValue | undefined,
    read: number | undefined,
  ): readonly MemoryEvent[] =>
    this.#candidate
      .open()
      .filter((open) => open.location === location && open.value === value && open.id !== read);

  /** A write is the source of some of these guessing reads, and not of the others. */
  #answer(write: number, [read, ...others]: readonly MemoryEvent[], next: () => void): void {
    if (read === undefined) {
      next();
      return;
    }
    const { readsFrom } = this.#candidate;
    readsFrom[read.id] = write;
    if (this.#isFine(read.location!)) this.#answer(write, others, next);
    readsFrom[read.id] = undefined;
    this.#answer(write, others, next);
  }

  /** A read of a lock that finds it taken, 1, or free, 0. */
  readLock(
    aimed: Aimed,
    lock: LockPart,
    wanted: number,
    next: (read: number) => void,
    more: Partial<MemoryEvent> = {},
  ): void {
    this.read(aimed, { kind: 'read', lock, order: 'once', ...more }, (read, value) => {
      if (value === wanted) next(read);
    });
  }

  /** Both events of a lock that is taken. */
  takeLock(aimed: Aimed, next: (read: number) => void): void {
    this.readLock(aimed, 'LKR', 0, (read) =>
      this.write(aimed, { kind: 'write', lock: 'LKW', order: 'once', value: 1 }, [], read, () => next(read)),
    );
  }
}

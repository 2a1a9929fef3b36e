// All executions of a program: each thread is run to its end, one after the other; a read takes its value from any
// write that is there, or guesses one that a later thread may write; a write takes any place in coherence, and may be
// what earlier reads have guessed. So each execution is met once, those with load buffering among them.

import { LitmusFault } from '../program/arithmetic.js';
import type { Access, LitmusProgram } from '../program/instructions.js';
import { changeOf, isComputed, orderOf, resultOf } from '../program/modification.js';
import { possibleWrites, type ValuesByLocation } from '../program/possible_values.js';
import {
  assigned,
  controlling,
  startOfThread,
  type ThreadState,
  type Traced,
  toAccess,
  traced,
} from '../program/thread.js';
import { LitmusError, type LitmusTest, type LitmusValue, type Position } from '../syntax/ast.js';
import { Candidate } from './candidate.js';
import type { Execution, LockPart, MemoryEvent } from './event.js';

/** What is done with executions while they are enumerated. */
export interface Visitor {
  /** False: what begins like this is not gone on with. Asked where a thread has come to its end. */
  readonly isPossible: (begun: Execution) => boolean;
  /** True: only what is coherent and atomic is gone on with. */
  readonly isCoherent: boolean;
  /** A whole execution, which changes once this returns. False: enough. */
  readonly visit: (whole: Candidate) => boolean;
}

/** An execution has no more events. */
const eventsMax = 96;

/** Enumerates the executions of a test. Throws a LitmusError for what has no value, and what is too large. */
export function enumerate(test: LitmusTest, program: LitmusProgram, visitor: Visitor): void {
  new Enumeration(test, program, visitor).thread(0);
}

/** An access that a thread has come to. */
interface AccessArrival {
  readonly thread: number;
  readonly state: ThreadState;
  readonly access: Access;
}

/** The same, with the location that it is about. */
interface Aimed extends AccessArrival {
  readonly location: string;
  readonly address: Traced;
}

/** What an event is beyond its place. */
type Details = Pick<MemoryEvent, 'kind'> & Partial<MemoryEvent>;

const nothing: Traced = { value: 0, reads: [] };

class Enumeration {
  readonly #program: LitmusProgram;
  readonly #visitor: Visitor;
  readonly #candidate: Candidate;
  /** By thread: what later threads may write. */
  readonly #later: readonly ValuesByLocation[];
  /** The first thing that has no value. */
  #fault: LitmusError | undefined;
  #isEnough = false;

  constructor(test: LitmusTest, program: LitmusProgram, visitor: Visitor) {
    this.#program = program;
    this.#visitor = visitor;
    this.#candidate = new Candidate(program.locations.map((name) => [name, test.initial.get(name) ?? 0]));
    const written = possibleWrites(test, program);
    this.#later = program.threads.map((_, i) => merged(written.slice(i + 1)));
  }

  /** Runs the threads from this one on. */
  thread(index: number): void {
    if (index < this.#program.threads.length) {
      this.#run(index, startOfThread);
      return;
    }
    const candidate = this.#candidate;
    if (candidate.open().length > 0 || !candidate.hasGroundedValues()) return;
    if (this.#fault !== undefined) throw this.#fault;
    this.#isEnough = !this.#visitor.visit(candidate);
  }

  #run(thread: number, from: ThreadState): void {
    if (this.#isEnough) return;
    this.#attempt(thread, from, () => {
      const { state, access } = toAccess(this.#program.threads[thread]!, from);
      if (access === undefined) this.#end(thread, state);
      else this.#access({ thread, state, access });
    });
  }

  /** Where something has no value, nobody can say what comes next: if an execution may come so far, the test means nothing. */
  #attempt(thread: number, state: ThreadState, work: () => void): void {
    const before = this.#fault;
    try {
      work();
    } catch (error) {
      if (!(error instanceof LitmusFault)) throw error;
      const message = `${error.message}, in an execution that the model allows`;
      this.#fault ??= new LitmusError(message, this.#placeOf(thread, state));
      this.#end(thread, state);
    }
    this.#fault = before;
  }

  #placeOf(thread: number, { next }: ThreadState): Position | undefined {
    const code = this.#program.threads[thread]!.slice(next);
    return code.flatMap((instruction) => ('at' in instruction ? [instruction.at] : []))[0];
  }

  #end(thread: number, state: ThreadState): void {
    const later = this.#later[thread]!;
    const isHopeless = this.#candidate
      .open()
      .some(({ location, value }) => !later.get(location!)?.has(value!));
    if (isHopeless) return;
    const values = [...state.registers].map(([name, { value }]) => [name, value] as const);
    this.#candidate.registers.push(new Map(values));
    if (this.#visitor.isPossible(this.#candidate)) this.thread(thread + 1);
    this.#candidate.registers.pop();
  }

  #access(arrival: AccessArrival): void {
    const { access } = arrival;
    if (this.#candidate.events.length >= eventsMax) {
      throw new LitmusError(`an execution has more than ${eventsMax} events: too large`, access.at);
    }
    if (access.kind === 'fence') {
      this.#event(arrival, { kind: 'fence', fence: access.fence }, [], undefined, () => this.#goOn(arrival));
    } else {
      const address = traced(access.address, arrival.state);
      const aimed = { ...arrival, address, location: this.#locationOf(address.value, access) };
      this.#memory(aimed, access);
    }
  }

  #memory(aimed: Aimed, access: Exclude<Access, { readonly kind: 'fence' }>): void {
    switch (access.kind) {
      case 'read':
        this.#read(aimed, { kind: 'read', order: access.order }, (read, value) =>
          this.#goOn(aimed, access.to, { value, reads: [read] }),
        );
        break;
      case 'write': {
        const { value, reads } = traced(access.value, aimed.state);
        this.#write(aimed, { kind: 'write', order: access.order, value }, reads, undefined, () =>
          this.#goOn(aimed),
        );
        break;
      }
      case 'modify':
        this.#modify(aimed, access);
        break;
      default:
        this.#lock(aimed, access);
    }
  }

  /** Behind the access, with a value in a register if it has one. */
  #goOn({ thread, state }: AccessArrival, to?: string, value = nothing): void {
    this.#run(thread, assigned(state, to, value));
  }

  #locationOf(address: LitmusValue, { kind, text }: Access): string {
    if (typeof address === 'string' && this.#candidate.coherence.has(address)) return address;
    const does = kind === 'write' ? 'writes to' : 'reads from';
    throw new LitmusFault(`'${text}' ${does} the address ${address}, where no location is`);
  }

  /** Puts an event on, with what it depends on, goes on, and takes it off. */
  #event(
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

  #isFine = (location: string): boolean =>
    !this.#visitor.isCoherent || this.#candidate.isCoherentAt(location);

  /** A read from each write that is there, and of each value that a later thread may write. */
  #read(aimed: Aimed, details: Details, next: (read: number, value: LitmusValue) => void): void {
    const candidate = this.#candidate;
    const { location } = aimed;
    const id = candidate.events.length;
    const take = (value: LitmusValue, source: number | undefined): void =>
      this.#event(aimed, { ...details, value }, [], source, () => {
        if (this.#isFine(location)) next(id, value);
      });
    for (const source of [...candidate.coherence.get(location)!])
      take(candidate.events[source]!.value!, source);
    for (const value of this.#later[aimed.thread]!.get(location) ?? []) take(value, undefined);
  }

  /** A write in each place of coherence that may be its own. */
  #write(
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
      this.#event(aimed, details, data, undefined, () => {
        if (read !== undefined) candidate.modifications.push([read, id]);
        if (this.#isFine(location)) this.#answer(id, this.#guessesOf(location, details.value, read), next);
      });
      order.splice(place, 1);
    }
  }

  /**
   * Places in coherence for a write. That of a read-modify-write is right behind what its read has read; a lock is taken
   * behind its first value or an unlock, between which and it others may still come; an unlock ends its own section.
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
      if (!this.#visitor.isCoherent) return true;
      if (source !== undefined) return write.id === source;
      if (lock === 'LKW') return write.thread === -1 || write.lock === 'UL';
      return lock !== 'UL' || own?.lock !== 'LKW' || write === own;
    };
    return behind.flatMap(({ place, write }) => (isPossible(write) ? [place] : []));
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

  /** A write is what some of these reads have guessed, and not what the others have. */
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

  #modify(aimed: Aimed, { primitive, operand, expected, to }: Access & { readonly kind: 'modify' }): void {
    const [given, compared] = [traced(operand, aimed.state), traced(expected, aimed.state)];
    const part = (kind: 'read' | 'write') =>
      ({ kind, order: orderOf(primitive.order, kind), isModification: true }) as const;
    this.#read(aimed, part('read'), (read, old) => {
      this.#attempt(aimed.thread, aimed.state, () => {
        const change = changeOf(primitive, old, given.value, compared.value);
        const goOn = () => this.#goOn(aimed, to, { value: resultOf(primitive, old, change), reads: [read] });
        const data = isComputed(primitive) ? [...given.reads, read] : given.reads;
        if (change === undefined) goOn();
        else this.#write(aimed, { ...part('write'), value: change }, data, read, goOn);
      });
    });
  }

  #lock(aimed: Aimed, access: Access & { readonly kind: 'lock' | 'unlock' | 'trylock' | 'is locked' }): void {
    const to = 'to' in access ? access.to : undefined;
    const goOn = (value: number, read: number) => this.#goOn(aimed, to, { value, reads: [read] });
    const taking = () =>
      this.#readLock(aimed, 'LKR', 0, (read) =>
        this.#write(aimed, { kind: 'write', lock: 'LKW', order: 'once', value: 1 }, [], read, () =>
          goOn(1, read),
        ),
      );
    switch (access.kind) {
      case 'lock':
        taking();
        break;
      case 'unlock':
        this.#write(aimed, { kind: 'write', lock: 'UL', order: 'once', value: 0 }, [], undefined, () =>
          this.#goOn(aimed),
        );
        break;
      case 'trylock':
        taking();
        this.#readLock(aimed, 'LF', 1, (read) => goOn(0, read));
        break;
      case 'is locked':
        this.#readLock(aimed, 'RL', 1, (read) => goOn(1, read));
        this.#readLock(aimed, 'RU', 0, (read) => goOn(0, read));
    }
  }

  /** A read of a lock that finds it taken, 1, or free, 0. */
  #readLock(aimed: Aimed, lock: LockPart, wanted: number, next: (read: number) => void): void {
    this.#read(aimed, { kind: 'read', lock, order: 'once' }, (read, value) => {
      if (value === wanted) next(read);
    });
  }
}

function merged(all: readonly ValuesByLocation[]): ValuesByLocation {
  const result = new Map<string, ReadonlySet<LitmusValue>>();
  for (const [location, values] of all.flatMap((each) => [...each])) {
    result.set(location, new Set([...(result.get(location) ?? []), ...values]));
  }
  return result;
}

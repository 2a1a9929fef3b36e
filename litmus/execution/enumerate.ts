// All executions of a program: each thread is run to its end, one after the other; a read takes its value from any
// write that is there, or guesses one that a later thread may write; a write takes any place in coherence, and may be
// what earlier reads have guessed. So each execution is enumerated once, load buffering included.

import { isTrue, LitmusFault } from '../program/arithmetic.js';
import type { Access, LitmusProgram } from '../program/instructions.js';
import { changeOf, isComputed, onlyLoads, orderOf, resultOf } from '../program/modification.js';
import { type FirstValues, possibleWrites, type ValuesByLocation } from '../program/possible_values.js';
import { assigned, reached, startOfThread, type ThreadState, traced } from '../program/thread.js';
import { LitmusError, type LitmusValue, type Position } from '../syntax/ast.js';
import { Candidate } from './candidate.js';
import { type AccessArrival, type Aimed, Choices, nothing } from './choices.js';
import type { Execution } from './event.js';

/** Callbacks of the enumeration. */
export interface Visitor {
  /** False: no execution with this prefix is enumerated. Called when a thread has ended. */
  readonly isPossible: (begun: Execution) => boolean;
  /** True: only coherent and atomic candidates are extended. */
  readonly isCoherent: boolean;
  /** Called with each complete execution, which is valid only during the call. Returns false to stop. */
  readonly visit: (whole: Candidate) => boolean;
  /** So many events are tried at most; any number if absent. */
  readonly triesMax?: number;
}

/** More events would have to be tried than the visitor wants. */
export class TooManyTries extends Error {
  override readonly name = 'TooManyTries';
}

/** An execution has no more events. */
const eventsMax = 96;

/** Enumerates the executions of a program. Throws a LitmusError for what has no value, and what is too large. */
export function enumerate(initial: FirstValues, program: LitmusProgram, visitor: Visitor): void {
  new Enumeration(initial, program, visitor).thread(0);
}

/** Runs threads, and makes events of their accesses. Long, since each kind of access is a method of one recursion. */
class Enumeration {
  readonly #program: LitmusProgram;
  readonly #visitor: Visitor;
  readonly #candidate: Candidate;
  readonly #choices: Choices;
  /** By thread: what later threads may write. */
  readonly #later: readonly ValuesByLocation[];
  /** The first thing that has no value. */
  #fault: LitmusError | undefined;
  #isEnough = false;
  #tries = 0;

  constructor(initial: FirstValues, program: LitmusProgram, visitor: Visitor) {
    this.#program = program;
    this.#visitor = visitor;
    this.#candidate = new Candidate(program.locations.map((name) => [name, initial.get(name) ?? 0]));
    const written = possibleWrites(initial, program);
    this.#later = program.threads.map((_, i) => merged(written.slice(i + 1)));
    this.#choices = new Choices(this.#candidate, visitor.isCoherent, this.#later);
  }

  /** Runs the threads from this one on. */
  thread(index: number): void {
    if (index < this.#program.threads.length) {
      this.#run(index, startOfThread);
      return;
    }
    const candidate = this.#candidate;
    if (candidate.open().length > 0 || !candidate.hasGroundedValues() || !candidate.hasLastReads()) return;
    if (this.#fault !== undefined) throw this.#fault;
    this.#isEnough = !this.#visitor.visit(candidate);
  }

  #run(thread: number, from: ThreadState): void {
    if (this.#isEnough) return;
    this.#attempt(thread, from, () => {
      const now = reached(this.#program.threads[thread]!, from);
      if (now.kind === 'end') this.#end(thread, now.state);
      if (now.kind === 'access') this.#access({ thread, ...now });
      if (now.kind === 'ways') for (const state of now.states) this.#run(thread, state);
    });
  }

  /** Where an expression has no value, the continuation is undefined: if an execution can reach it, the test has no meaning. */
  #attempt(thread: number, state: ThreadState, work: () => void): void {
    const before = this.#fault;
    try {
      work();
    } catch (error) {
      if (!(error instanceof LitmusFault)) throw error;
      const message = `${error.message}, in an execution that the model allows`;
      this.#fault ??= new LitmusError(message, placeOf(this.#program.threads[thread]!, state));
      this.#end(thread, state);
    }
    this.#fault = before;
  }

  #end(thread: number, state: ThreadState): void {
    const later = this.#later[thread]!;
    const lacksLaterStore = this.#candidate
      .open()
      .some(({ location, value }) => !later.get(location!)?.has(value!));
    if (lacksLaterStore) return;
    this.#candidate.registers.push(finalRegisters(state));
    if (this.#visitor.isPossible(this.#candidate)) this.thread(thread + 1);
    this.#candidate.registers.pop();
  }

  #access(arrival: AccessArrival): void {
    const { access } = arrival;
    this.#tries++;
    if (this.#tries > (this.#visitor.triesMax ?? Number.POSITIVE_INFINITY)) throw new TooManyTries();
    if (this.#candidate.events.length >= eventsMax) {
      throw new LitmusError(
        `an execution has more than ${eventsMax} events, and no more fit: write a shorter test, or give fewer rounds, --unroll=N`,
        access.at,
      );
    }
    if (access.kind === 'fence') {
      this.#choices.event(arrival, { kind: 'fence', fence: access.fence }, [], undefined, () =>
        this.#goOn(arrival),
      );
    } else {
      const address = traced(access.address, arrival.state);
      const aimed = { ...arrival, address, location: locationOf(address.value, access, this.#candidate) };
      this.#memory(aimed, access);
    }
  }

  #memory(aimed: Aimed, access: Exclude<Access, { readonly kind: 'fence' }>): void {
    switch (access.kind) {
      case 'read':
        this.#choices.read(aimed, { kind: 'read', order: access.order, ...lastOf(access) }, (read, value) =>
          this.#goOn(aimed, access.to, { value, reads: [read] }),
        );
        break;
      case 'write': {
        const { value, reads } = traced(access.value, aimed.state);
        this.#choices.write(aimed, { kind: 'write', order: access.order, value }, reads, undefined, () =>
          this.#goOn(aimed),
        );
        break;
      }
      case 'modify':
        this.#modify(aimed, access);
        break;
      case 'update':
        this.#update(aimed, access);
        break;
      default:
        this.#lock(aimed, access);
    }
  }

  /** The thread after the access, with the value in a register if the access has one. */
  #goOn({ thread, state }: AccessArrival, to?: string, value = nothing): void {
    this.#run(thread, assigned(state, to, value));
  }

  #modify(aimed: Aimed, { primitive, operand, expected, to }: Access & { readonly kind: 'modify' }): void {
    const [given, compared] = [traced(operand, aimed.state), traced(expected, aimed.state)];
    const part = (kind: 'read' | 'write') =>
      ({ kind, order: orderOf(primitive.order, kind), isModification: true }) as const;
    const loaded = { kind: 'read', order: 'once' } as const;
    const readOf = (old: LitmusValue) => (onlyLoads(primitive, old, compared.value) ? loaded : part('read'));
    this.#choices.read(aimed, readOf, (read, old) => {
      this.#attempt(aimed.thread, aimed.state, () => {
        const change = changeOf(primitive, old, given.value, compared.value);
        const goOn = () => this.#goOn(aimed, to, { value: resultOf(primitive, old, change), reads: [read] });
        const data = isComputed(primitive) ? [...given.reads, read] : given.reads;
        if (change === undefined) goOn();
        else this.#choices.write(aimed, { ...part('write'), value: change }, data, read, goOn);
      });
    });
  }

  #update(aimed: Aimed, { order, to, outcome, outcomes }: Access & { readonly kind: 'update' }): void {
    const part = (kind: 'read' | 'write') =>
      ({ kind, order: orderOf(order, kind), isModification: true }) as const;
    this.#choices.read(aimed, part('read'), (read, value) => {
      const { next } = aimed.state;
      const known = { ...assigned(aimed.state, to, { value, reads: [read] }), next };
      const arrived = { ...aimed, state: known };
      this.#attempt(aimed.thread, known, () => {
        for (const [i, one] of outcomes.entries()) {
          const condition = traced(one.condition, known);
          if (!isTrue(condition.value)) continue;
          const goOn = () => this.#goOn(arrived, outcome, { value: i, reads: condition.reads });
          if (one.value === undefined) goOn();
          else {
            const change = traced(one.value, known);
            const details = { ...part('write'), value: change.value };
            this.#choices.write(aimed, details, change.reads, read, goOn);
          }
        }
      });
    });
  }

  #lock(aimed: Aimed, access: Access & { readonly kind: 'lock' | 'unlock' | 'trylock' | 'is locked' }): void {
    const to = 'to' in access ? access.to : undefined;
    const goOn = (value: number, read: number) => this.#goOn(aimed, to, { value, reads: [read] });
    switch (access.kind) {
      case 'lock':
        this.#choices.takeLock(aimed, (read) => goOn(1, read));
        break;
      case 'unlock':
        this.#choices.write(
          aimed,
          { kind: 'write', lock: 'UL', order: 'once', value: 0 },
          [],
          undefined,
          () => this.#goOn(aimed),
        );
        break;
      case 'trylock':
        this.#choices.takeLock(aimed, (read) => goOn(1, read));
        this.#choices.readLock(aimed, 'LF', 1, (read) => goOn(0, read));
        break;
      case 'is locked':
        this.#choices.readLock(aimed, 'RL', 1, (read) => goOn(1, read), lastOf(access));
        this.#choices.readLock(aimed, 'RU', 0, (read) => goOn(0, read));
    }
  }
}

const lastOf = ({ isLast }: { readonly isLast?: true }) => (isLast === undefined ? {} : { isLast });

function merged(all: readonly ValuesByLocation[]): ValuesByLocation {
  const result = new Map<string, ReadonlySet<LitmusValue>>();
  for (const [location, values] of all.flatMap((each) => [...each])) {
    result.set(location, new Set([...(result.get(location) ?? []), ...values]));
  }
  return result;
}

const finalRegisters = ({ registers }: ThreadState): ReadonlyMap<string, LitmusValue> =>
  new Map([...registers].map(([name, { value }]) => [name, value]));

/** Where a thread stands, in the file. */
function placeOf(code: LitmusProgram['threads'][number], { next }: ThreadState): Position | undefined {
  return code.slice(next).flatMap((instruction) => ('at' in instruction ? [instruction.at] : []))[0];
}

/** Throws a LitmusFault for an address that is not that of a location. */
function locationOf(address: LitmusValue, { kind, text }: Access, { coherence }: Candidate): string {
  if (typeof address === 'string' && coherence.has(address)) return address;
  const does = kind === 'write' ? 'writes to' : 'reads from';
  throw new LitmusFault(`'${text}' ${does} the address ${address}, where no location is`);
}

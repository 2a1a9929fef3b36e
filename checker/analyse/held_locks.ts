// Which locks a thread surely holds at each of its locations, and which threads that excludes: where one thread holds a
// lock exclusively, no other thread stands at a location at which it holds that lock, and none takes it.

import type { Location, Program, Step, ThreadId, Variable, VariableId } from '../ir/program.js';
import type { Ownership } from './ownership.js';
import { ownershipIn } from './program_ownership.js';

type Mode = 'exclusive' | 'shared';

/** By location, then by the name of the lock: how it is held. */
type Held = ReadonlyMap<Location, ReadonlyMap<string, Mode>>;

const noLocks: ReadonlyMap<string, Mode> = new Map();
const exclude = (a: Mode, b: Mode | undefined): boolean =>
  b !== undefined && (a === 'exclusive' || b === 'exclusive');

export class HeldLocks {
  /** By thread and location: which of the trusted locks that the thread takes it owns. */
  readonly #owned: readonly ReadonlyMap<Location, Ownership>[];
  readonly #held: readonly Held[];
  /** By step: the locks that it waits for and takes. */
  readonly #taken: readonly ReadonlyMap<string, Mode>[];

  constructor(program: Program) {
    const trusted = trustedLocks(program);
    this.#owned = program.threads.map(({ id }) => ownedBy(program, id, trusted));
    this.#held = this.#owned.map((owned) => heldBy(owned, trusted));
    this.#taken = program.steps.map((step) => takenBy(step, trusted));
  }

  /** Is it impossible that the threads of two steps stand at the `from` of both at once? */
  areExclusive(a: Pick<Step, 'thread' | 'from'>, b: Pick<Step, 'thread' | 'from'>): boolean {
    const other = this.#at(b);
    for (const [lock, mode] of this.#at(a)) if (exclude(mode, other.get(lock))) return true;
    return false;
  }

  /** Is it impossible to take `other`, a step of another thread, while a thread stands at the `from` of `step`? */
  keepsOut(step: Pick<Step, 'thread' | 'from'>, other: Step): boolean {
    const taken = this.#taken[other.id]!;
    for (const [lock, mode] of this.#at(step)) if (exclude(mode, taken.get(lock))) return true;
    return this.areExclusive(step, other);
  }

  /** The locks that the thread of a step surely holds at its `from`, and how: equal texts for equal locks. */
  locksText(step: Pick<Step, 'thread' | 'from'>): string {
    return [...this.#at(step)]
      .map(([lock, mode]) => `${lock} ${mode}`)
      .sort()
      .join();
  }

  /**
   * If a step drops a lock that its thread surely holds: the locations at which the thread may hold it, since from any
   * other one it has to take the lock first. Else undefined.
   */
  drop(step: Step, lock: VariableId): ReadonlySet<Location> | undefined {
    const owned = this.#owned[step.thread]!;
    const drops = step.locks?.some(
      ({ way, lock: { variables } }) => way === 'drop' && variables.includes(lock),
    );
    if (!drops || owned.get(step.from)?.get(lock) !== true) return undefined;
    const may = [...owned].filter(([, here]) => here.get(lock) !== false);
    return new Set(may.map(([location]) => location));
  }

  #at({ thread, from }: Pick<Step, 'thread' | 'from'>): ReadonlyMap<string, Mode> {
    return this.#held[thread]!.get(from) ?? noLocks;
  }
}

/** Locks that are free at first, and that change only in steps that list them among the locks they take or drop. */
function trustedLocks({ variables, steps }: Program): ReadonlyMap<VariableId, Variable> {
  const trusted = new Map(variables.filter(({ lock }) => lock !== undefined).map((one) => [one.id, one]));
  for (const { id, initial } of trusted.values())
    if (initial.some((value) => value !== 0)) trusted.delete(id);
  for (const { assignments, locks = [] } of steps) {
    for (const { target } of assignments) {
      for (const id of target.variables) {
        if (trusted.has(id) && !locks.some(({ lock }) => lock.variables.includes(id))) trusted.delete(id);
      }
    }
  }
  return trusted;
}

function ownedBy(
  program: Program,
  thread: ThreadId,
  trusted: ReadonlyMap<VariableId, Variable>,
): ReadonlyMap<Location, Ownership> {
  const own = program.steps.filter((step) => step.thread === thread);
  const taken = new Set(own.flatMap(({ locks = [] }) => locks.flatMap(({ lock }) => lock.variables)));
  const locks = [...trusted.keys()].filter((id) => taken.has(id));
  return locks.length === 0 ? new Map() : ownershipIn(program, thread, locks);
}

function heldBy(ownedAt: ReadonlyMap<Location, Ownership>, trusted: ReadonlyMap<VariableId, Variable>): Held {
  const held = new Map<Location, Map<string, Mode>>();
  for (const [location, owned] of ownedAt) {
    const here = new Map<string, Mode>();
    for (const [id, isOwned] of owned) {
      const { name, mode } = trusted.get(id)!.lock!;
      if (isOwned && here.get(name) !== 'exclusive') here.set(name, mode);
    }
    if (here.size > 0) held.set(location, here);
  }
  return held;
}

/** If an index selects the lock, the analysis does not know which lock is taken. */
function takenBy(
  { locks = [] }: Step,
  trusted: ReadonlyMap<VariableId, Variable>,
): ReadonlyMap<string, Mode> {
  const taken = new Map<string, Mode>();
  for (const { way, lock } of locks) {
    const [id, ...more] = lock.variables;
    const variable = trusted.get(id!);
    if (way === 'take' && more.length === 0 && variable !== undefined) {
      taken.set(variable.lock!.name, variable.lock!.mode);
    }
  }
  return taken;
}

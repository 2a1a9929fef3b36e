// Which locks a thread surely holds at each of its locations, and which threads that excludes: where one thread holds a
// lock exclusively, no other thread stands at a location at which it holds that lock, and none takes it.

import type { Location, Program, Step, ThreadId, Variable, VariableId } from '../ir/program.js';
import { ownershipIn } from './program_ownership.js';

type Mode = 'exclusive' | 'shared';

/** By location, then by the name of the lock: how it is held. */
type Held = ReadonlyMap<Location, ReadonlyMap<string, Mode>>;

const noLocks: ReadonlyMap<string, Mode> = new Map();
const exclude = (a: Mode, b: Mode | undefined): boolean =>
  b !== undefined && (a === 'exclusive' || b === 'exclusive');

export class HeldLocks {
  readonly #held: readonly Held[];
  /** By step: the locks that it waits for and takes. */
  readonly #taken: readonly ReadonlyMap<string, Mode>[];

  constructor(program: Program) {
    const trusted = trustedLocks(program);
    this.#held = program.threads.map(({ id }) => heldBy(program, id, trusted));
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

function heldBy(program: Program, thread: ThreadId, trusted: ReadonlyMap<VariableId, Variable>): Held {
  const own = program.steps.filter((step) => step.thread === thread);
  const taken = new Set(own.flatMap(({ locks = [] }) => locks.flatMap(({ lock }) => lock.variables)));
  const locks = [...trusted.values()].filter(({ id }) => taken.has(id));
  const held = new Map<Location, Map<string, Mode>>();
  if (locks.length === 0) return held;
  const ids = locks.map(({ id }) => id);
  for (const [location, owned] of ownershipIn(program, thread, ids)) {
    const here = new Map<string, Mode>();
    for (const { id, lock } of locks) {
      if (owned.get(id) === true && here.get(lock!.name) !== 'exclusive') here.set(lock!.name, lock!.mode);
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

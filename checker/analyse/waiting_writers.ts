// Where does it matter that a waiting writer keeps out new readers? The rule makes one reader wait for another. That
// makes a deadlock only if the other reader waits while it holds the lock: for a lock whose order with this one forms a
// circle; or, itself or through the holder of the lock that it waits for, for something that is no lock. The rule adds
// no runs, so nothing else depends on it. Elsewhere the Program keeps no record of waiting writers.
//
//   x: down_read(sem), wait for y      y: down_read(sem), wake x      w: down_write(sem)       w waits for x, y for w

import { anyOf, constant, rewrite } from '../ir/expression.js';
import {
  type LockChange,
  type Program,
  type Step,
  stepsFrom,
  type ThreadId,
  type Variable,
} from '../ir/program.js';
import { isAlwaysTrue } from '../ir/tautology.js';
import { ownershipIn } from './program_ownership.js';

/** For each class of locks where it may matter, or for `all`: the threads that take a lock of it for writing. */
export function waitingWriters(program: Program, all = false): ReadonlyMap<string, readonly ThreadId[]> {
  const writers = writersOf(program);
  if (writers.size === 0) return new Map();
  const { order, held } = waitsIn(program);
  const behind = (name: string): ReadonlySet<string> => {
    const found = new Set(order.get(name));
    for (const one of found) for (const next of order.get(one) ?? []) found.add(next);
    return found;
  };
  const matters = [...writers].filter(
    ([, { names }]) =>
      all ||
      [...names].some((name) => {
        const reached = behind(name);
        return reached.has(name) || held.has(name) || [...reached].some((one) => held.has(one));
      }),
  );
  return new Map(matters.map(([of, { threads }]) => [of, [...threads].sort((a, b) => a - b)]));
}

/**
 * The classes of locks that some thread takes for reading and some for writing: their locks, and the writing threads.
 */
function writersOf({ steps, variables }: Program) {
  const classes = new Map<string, { names: Set<string>; threads: Set<ThreadId>; isRead: boolean }>();
  for (const { thread, locks = [] } of steps) {
    for (const { way, mode, lock } of locks) {
      for (const id of way === 'take' ? lock.variables : []) {
        const { name, class: of } = variables[id]!.lock!;
        const known = classes.get(of) ?? { names: new Set(), threads: new Set(), isRead: false };
        known.names.add(name);
        if (mode === 'exclusive') known.threads.add(thread);
        else known.isRead = true;
        classes.set(of, known);
      }
    }
  }
  return new Map([...classes].filter(([, { threads, isRead }]) => isRead && threads.size > 0));
}

/**
 * Which locks are taken while a lock is held, and which are held while a thread waits for something that is no lock.
 */
function waitsIn(program: Program) {
  const order = new Map<string, Set<string>>();
  const held = new Set<string>();
  for (const { id: thread } of program.threads) {
    for (const [location, facts] of ownershipIn(program, thread)) {
      const steps = stepsFrom(program, thread, location);
      const names = program.variables.flatMap(({ id, lock, holder }) =>
        lock !== undefined && (holder ?? thread) === thread && facts.get(id) !== false ? [lock.name] : [],
      );
      if (steps.length > 0 && !isAlwaysTrue(anyOf(steps.map((step) => withLocksFree(step, program))))) {
        for (const name of names) held.add(name);
      }
      for (const step of steps) {
        // A downgrade drops the lock in the step that takes it.
        const kept = names.filter((name) => !namesOf(step, 'drop', program.variables).includes(name));
        for (const taken of namesOf(step, 'take', program.variables)) {
          for (const name of kept) order.set(name, (order.get(name) ?? new Set()).add(taken));
        }
      }
    }
  }
  return { order, held };
}

const namesOf = (
  { locks = [] }: Step,
  of: LockChange['way'],
  variables: readonly Variable[],
): readonly string[] =>
  locks.flatMap(({ way, lock }) => (way === of ? lock.variables.map((id) => variables[id]!.lock!.name) : []));

/** What the step waits for other than locks. */
const withLocksFree = ({ guard }: Step, { variables }: Program) =>
  rewrite(guard, (x) =>
    x.op === 'read' && x.cell.variables.every((id) => variables[id]!.lock !== undefined)
      ? constant(0, x.type)
      : x,
  );

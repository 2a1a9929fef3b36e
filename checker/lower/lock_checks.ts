// The built-in checks of locks, as expectations of the steps that take and drop them. A check that the thread's own
// control flow decides is a constant, so it adds no step; one that may fail adds states only if it fails.
//
//   spin_lock(ptl)     on arrival: not held already        (lock-recursion)
//   spin_unlock(ptl)   held                                (lock-balance)
//   the last step      nothing is held after it, nor off   (lock-held)

import type { Ownership } from '../analyse/ownership.js';
import { builtInChecks, type CheckName, spinningRecursion } from '../ir/built_in_checks.js';
import {
  and,
  anyOf,
  constant,
  equal,
  int,
  less,
  not,
  or,
  read,
  truth,
  typeOfDomain,
} from '../ir/expression.js';
import type { Cell, Expr, Lock, LockChange, ThreadId, Variable, VariableId } from '../ir/program.js';
import type { DraftExpectation, DraftLock, FlowEdge, Kept } from './draft.js';
import { type KnownValues, valueAfter, whereKnown } from './known_values.js';

/** The state of the locks for one thread at one location. */
export interface Holder {
  readonly thread: ThreadId;
  readonly variables: readonly Variable[];
  readonly owned: Ownership;
  /** The shares that it may take again, each with the variable that counts how often it is held. */
  readonly nested: ReadonlyMap<VariableId, VariableId>;
  /** What must be 0 when it is done. */
  readonly kept: readonly Kept[];
  readonly known: KnownValues;
}

/** The expectations of a step that takes and drops these locks. `isLast`: its actor is done after it. */
export function lockChecks(
  edge: Pick<FlowEdge, 'locks' | 'isChosen' | 'tried' | 'assignments'>,
  isLast: boolean,
  holder: Holder,
  without: ReadonlySet<CheckName>,
): readonly DraftExpectation[] {
  const { locks, isChosen, tried = [] } = edge;
  const checks = [
    ...locks.flatMap((change): readonly DraftExpectation[] => {
      if (change.way === 'drop') return [balance(change, holder)];
      // The arm of an Either that takes a held lock is not chosen, and a test that takes one is false, as trylock fails.
      return isChosen || tried.includes(change) ? [] : recursions(change, locks, holder);
    }),
    ...(isLast ? [...held(locks, holder), ...leftOn(edge, holder)] : []),
  ];
  return checks.filter(({ check }) => check === undefined || !without.has(check));
}

/** Does the thread own the variable, as far as is known? It never owns the share of another thread. */
export function owns({ id, lock, holder, domain }: Variable, { thread, owned }: Holder): Expr {
  if (lock === undefined || (holder !== undefined && holder !== thread)) return truth(false);
  const fact = owned.get(id);
  if (fact !== undefined) return truth(fact);
  const value = read({ variables: [id] }, typeOfDomain(domain));
  return equal(value, constant(holder === undefined ? thread + 1 : 1, typeOfDomain(domain)));
}

/** Does the thread own the lock of the cell? */
export function ownsCell(cell: Cell, of: Holder): Expr {
  const first = of.variables[cell.variables[0]!]!;
  if (cell.variables.length === 1) return owns(first, of);
  const type = typeOfDomain(first.domain);
  return equal(read(cell, type), constant(first.holder === undefined ? of.thread + 1 : 1, type));
}

const lockOf = (id: VariableId, { variables }: Holder): Lock => variables[id]!.lock!;

/** Is the cell this variable? */
const means = ({ variables, index }: Cell, id: VariableId): Expr =>
  index === undefined ? truth(variables[0] === id) : equal(index, int(variables.indexOf(id)));

function balance({ lock }: LockChange, holder: Holder): DraftExpectation {
  return {
    condition: ownsCell(lock, holder),
    ...reported('lock-balance', builtInChecks['lock-balance'].message, lockOf(lock.variables[0]!, holder)),
    kind: 'bug',
    onArrival: false,
  };
}

/**
 * A thread that holds any part of a lock must not take a part of it, unless it drops that part in the same step. It
 * may take a share again where that overtakes waiting writers.
 */
function recursions(
  { lock: cell, mode, overtakes = truth(false) }: DraftLock,
  changes: readonly LockChange[],
  holder: Holder,
): readonly DraftExpectation[] {
  const dropped = new Set(
    changes.flatMap(({ way, lock }) =>
      way === 'drop' ? lock.variables.map((id) => lockOf(id, holder).name) : [],
    ),
  );
  const ownsPart = (of: Lock['mode']) =>
    anyOf(
      cell.variables.flatMap((id) => {
        const { name } = lockOf(id, holder);
        if (dropped.has(name)) return [];
        const parts = holder.variables.filter(({ lock }) => lock?.name === name && lock.mode === of);
        return [and(means(cell, id), anyOf(parts.map((part) => owns(part, holder))))];
      }),
    );
  const lock = lockOf(cell.variables[0]!, holder);
  const expected = (kind: DraftExpectation['kind'], message: string, again: Expr): DraftExpectation => ({
    condition: not(again),
    ...reported('lock-recursion', message, lock),
    kind,
    onArrival: true,
  });
  const possible = (again: Expr) => expected('warning', builtInChecks['lock-recursion'].message, again);
  if (mode === 'shared') {
    return [possible(or(ownsPart('exclusive'), and(not(overtakes), ownsPart('shared'))))];
  }
  return lock.spins
    ? [expected('bug', spinningRecursion(lock.kind), ownsPart('exclusive')), possible(ownsPart('shared'))]
    : [possible(or(ownsPart('exclusive'), ownsPart('shared')))];
}

/** After the step no lock is held: one check for each class of locks. */
function held(changes: readonly LockChange[], holder: Holder): readonly DraftExpectation[] {
  const byClass = new Map<string, { lock: Lock; kept: Expr[] }>();
  for (const variable of holder.variables) {
    const { lock, id } = variable;
    if (lock === undefined) continue;
    const after = changes.reduce(
      (before, change) => ownedAfter(before, id, change, holder),
      owns(variable, holder),
    );
    const known = byClass.get(lock.class) ?? { lock, kept: [] };
    known.kept.push(after);
    byClass.set(lock.class, known);
  }
  return [...byClass.values()].map(({ lock, kept }) => ({
    condition: not(anyOf(kept)),
    ...reported('lock-held', builtInChecks['lock-held'].message, lock),
    kind: 'warning',
    onArrival: false,
  }));
}

/** After the step nothing is off, and the thread is inside no section. */
const leftOn = (
  edge: Pick<FlowEdge, 'assignments'>,
  { kept, known, variables }: Holder,
): readonly DraftExpectation[] =>
  kept.map(({ id, message }) => {
    const type = typeOfDomain(variables[id]!.domain);
    const after = whereKnown(valueAfter(id, read({ variables: [id] }, type), edge), known);
    return {
      condition: equal(after, constant(0, type)),
      check: 'lock-held',
      message: () => message,
      kind: 'warning',
      onArrival: false,
    };
  });

function ownedAfter(before: Expr, id: VariableId, { way, lock }: LockChange, { nested }: Holder): Expr {
  if (!lock.variables.includes(id)) return before;
  if (way === 'take') return or(means(lock, id), before);
  const count = nested.get(id);
  const isKept = count === undefined ? truth(false) : less('lt', int(0), read({ variables: [count] }, 'int'));
  return and(or(not(means(lock, id)), isKept), before);
}

const reported = (check: CheckName, message: string, lock: Lock) => {
  const text = `${message} (${lock.class})`;
  return { check, message: () => text };
};

// What the steps of one statement do together, as one access: a read with several outcomes, a write, a read-modify-write, a
// lock, a fence, or nothing that others see. What is more than one access is refused.

import type { Assignment, Cell, Expr, LockChange, Step, Variable } from '../../checker/ir/program.js';
import type { FenceKind, Order } from '../program/primitives.js';
import { refuseStep } from './place.js';
import { cellsIn, type VariableKind } from './storage.js';

export type GroupAccess =
  | { readonly kind: 'local' }
  /** In the order in which C evaluates them. */
  | { readonly kind: 'reads'; readonly cells: readonly (Cell & { readonly order: Order })[] }
  | { readonly kind: 'writes' }
  | { readonly kind: 'update'; readonly cell: Cell; readonly order: Order; readonly isCoarse: boolean }
  | { readonly kind: 'lock'; readonly change: LockChange; readonly isTried: boolean }
  | { readonly kind: 'unlock'; readonly change: LockChange };

/** What is known of the variables and threads when steps are looked at. */
export interface GroupContext {
  readonly variables: readonly Variable[];
  readonly storage: readonly VariableKind[];
  /** What plain accesses are taken for. */
  readonly plain: 'plain' | 'once';
}

export const isIn = (kind: VariableKind['kind'], { variables }: Cell, { storage }: GroupContext): boolean =>
  variables.some((id) => storage[id]!.kind === kind);

/** Stores to memory. */
export const writesOf = ({ assignments }: Step, context: GroupContext): readonly Assignment[] =>
  assignments.filter(({ target }) => isIn('memory', target, context));

/** Expressions whose values matter: those that are stored as bookkeeping do not. */
const valued = (step: Step, context: GroupContext): readonly Expr[] => [
  step.guard,
  ...step.assignments
    .filter(({ target }) => !isIn('bookkeeping', target, context) && !isIn('lock', target, context))
    .flatMap(({ target, value }) => (target.index === undefined ? [value] : [target.index, value])),
];

/** The access of some steps of one statement. Throws a LitmusError if they make several. */
export function accessOf(steps: readonly Step[], context: GroupContext): GroupAccess {
  const [first] = steps;
  const reads = steps.flatMap((step) => valued(step, context).flatMap(cellsIn));
  const inMemory = reads.filter((cell) => isIn('memory', cell, context));
  const writes = steps.map((step) => writesOf(step, context));
  const several = writes.find((all) => all.length > 1);
  if (several !== undefined)
    refuseStep(
      first!,
      severalText(
        several.map(({ target }) => target),
        context,
      ),
    );
  const written = writes.flat().map(({ target }) => target);
  const changes = steps.flatMap(({ locks = [] }) => locks);
  if (changes.length > 0) return lockOf(steps, changes, [...inMemory, ...written], context);
  for (const cell of reads) {
    if (isIn('lock', cell, context)) refuseStep(first!, notReadText(cell, context));
  }
  const cells = distinct([...inMemory, ...written]);
  const [only] = cells;
  if (only === undefined) return { kind: 'local' };
  const modify = steps.find(({ memory }) => memory?.kind === 'modify')?.memory;
  const isBoth = inMemory.length > 0 && written.length > 0;
  if (modify !== undefined || isBoth) {
    if (cells.length > 1) refuseStep(first!, severalText(cells, context));
    return { kind: 'update', cell: only, order: modifyOrder(modify), isCoarse: modify === undefined };
  }
  if (written.length > 0) return { kind: 'writes' };
  return { kind: 'reads', cells: readsInOrder(steps, inMemory, context) };
}

/** Several cells are read in an order only by && and || of one condition, which all steps test. */
function readsInOrder(
  steps: readonly Step[],
  reads: readonly (Cell & { readonly order?: string })[],
  context: GroupContext,
): readonly (Cell & { readonly order: Order })[] {
  const cells = distinct(reads);
  const orderOfRead = (cell: Cell): Order => {
    const said = reads.find((one) => keyOf(one) === keyOf(cell) && one.order !== undefined)?.order;
    if (said === undefined) return context.plain;
    return said === 'acquire' ? 'acquire' : 'once';
  };
  if (cells.length > 1) {
    const bare = (x: Expr): Expr => (x.op === 'not' ? bare(x.x) : x);
    const conditions = new Set(steps.map(({ guard }) => JSON.stringify(bare(guard), withoutNames)));
    const { guard } = steps[0]!;
    const [of] = steps;
    const isElsewhere = steps.some((step) =>
      step.assignments.some(({ value }) => cellsIn(value).some((cell) => isIn('memory', cell, context))),
    );
    if (conditions.size > 1 || isElsewhere || !isOrdered(guard, context))
      refuseStep(of!, severalText(cells, context));
  }
  return cells.map((cell) => ({ ...cell, order: orderOfRead(cell) }));
}

const withoutNames = (key: string, value: unknown): unknown => (key === 'name' ? undefined : value);

/** Is each operand that reads memory behind && or ||, and reads one cell? */
function isOrdered(x: Expr, context: GroupContext): boolean {
  if (x.op === 'not') return isOrdered(x.x, context);
  if (x.op === 'and' || x.op === 'or') return isOrdered(x.x, context) && isOrdered(x.y, context);
  return distinct(cellsIn(x).filter((cell) => isIn('memory', cell, context))).length <= 1;
}

function lockOf(
  steps: readonly Step[],
  changes: readonly LockChange[],
  others: readonly Cell[],
  context: GroupContext,
): GroupAccess {
  const [first] = steps;
  const [change] = changes;
  const locks = distinct(changes.map(({ lock }) => lock));
  if (locks.length > 1 || new Set(changes.map(({ way }) => way)).size > 1)
    refuseStep(
      first!,
      `takes or drops ${locks.map((lock) => nameOf(lock, context)).join(' and ')} in one step: make a step of each`,
    );
  if (others.length > 0) {
    refuseStep(
      first!,
      `takes or drops ${nameOf(change!.lock, context)} and accesses ${nameOf(others[0]!, context)} in one step: make a step of each`,
    );
  }
  if (change!.way === 'drop') return { kind: 'unlock', change: change! };
  const isTried = steps.some(({ locks: of = [], reports }) => of.length === 0 && reports === undefined);
  return { kind: 'lock', change: change!, isTried };
}

/** What it says of order: an atomic operation that returns nothing has less, and a step that says nothing has none. */
function modifyOrder(memory: Step['memory']): Order {
  if (memory?.kind !== 'modify') return 'once';
  if (!memory.returns && memory.order === 'relaxed') return 'noreturn';
  return memory.order === 'full' ? 'mb' : memory.order === 'relaxed' ? 'once' : memory.order;
}

/** Cells with the same variables and index are one. */
const keyOf = ({ variables, index }: Cell): string => JSON.stringify([variables, index], withoutNames);
export const distinct = <C extends Cell>(cells: readonly C[]): readonly C[] => [
  ...new Map(cells.map((cell) => [keyOf(cell), cell])).values(),
];
export const isSameCell = (a: Cell, b: Cell): boolean => keyOf(a) === keyOf(b);

export const nameOf = (cell: Cell, { variables }: GroupContext): string =>
  variables[cell.variables[0]!]!.lock?.name ?? variables[cell.variables[0]!]!.name;

/** Why a step cannot read this, and what to write instead. */
export function notReadText(cell: Cell, context: GroupContext): string {
  const name = nameOf(cell, context);
  if (isIn('lock', cell, context))
    return `asks who holds ${name} and does not take it, and no memory model orders that: try to take it, or let its holder set a variable`;
  if (isIn('memory', cell, context)) return `reads ${name} in the same step: make a step of each`;
  return `depends on ${name}, which is not in memory here (notMemory), so no memory model orders it: use a variable with READ_ONCE(), rcu_dereference() or an atomic operation, or 'raceproof check --memory=tso', which covers lists, timers, work and grace periods`;
}

const severalText = (cells: readonly Cell[], context: GroupContext): string =>
  `accesses ${[...new Set(cells.map((cell) => nameOf(cell, context)))].join(' and ')} in one step, and C gives the accesses no order: make a step of each`;

/** The fences of LKMM by the names that steps have. */
export const fenceNames = {
  mb: 'mb',
  rmb: 'rmb',
  wmb: 'wmb',
  mb__before_atomic: 'before-atomic',
  mb__after_atomic: 'after-atomic',
  mb__after_spinlock: 'after-spinlock',
  mb__after_unlock_lock: 'after-unlock-lock',
  read_lock: 'rcu-lock',
  read_unlock: 'rcu-unlock',
  synchronize: 'sync-rcu',
} as const satisfies { readonly [name: string]: FenceKind };

// What each variable of a Program is to a memory model: a location of memory, a register of one thread, a lock, or nothing
// that the model knows, such as what a grace period waits for.

import { walk } from '../../checker/ir/expression.js';
import type { Cell, Expr, Program, Step, ThreadId, Variable, VariableId } from '../../checker/ir/program.js';
import { accessesIn } from '../../checker/memory/accesses.js';

export type VariableKind =
  | { readonly kind: 'memory' }
  | { readonly kind: 'register'; readonly thread: ThreadId }
  | { readonly kind: 'lock' }
  | { readonly kind: 'bookkeeping' };

/**
 * By variable. What one thread alone accesses is its register, wherever it lies; but what an atomic operation changes is
 * memory, since the operation is a barrier as well, and so is what has several first values.
 */
export function storageOf(program: Program): readonly VariableKind[] {
  const { isMemory } = accessesIn(program);
  const users = usersOf(program);
  const modified = new Set(
    program.steps.flatMap(({ memory, assignments }) =>
      memory?.kind === 'modify' ? assignments.flatMap(({ target }) => target.variables) : [],
    ),
  );
  return program.variables.map((variable): VariableKind => {
    const { id, thread, lock } = variable;
    if (thread !== undefined) return { kind: 'register', thread };
    if (lock !== undefined) return { kind: 'lock' };
    if (isWaitingWriter(variable, program)) return { kind: 'bookkeeping' };
    const [user, ...others] = users.get(id) ?? [];
    const isBarrier = isMemory(id) && modified.has(id);
    const isOne = variable.initial.length === 1;
    if (user !== undefined && others.length === 0 && !isBarrier && isOne)
      return { kind: 'register', thread: user };
    return { kind: isMemory(id) ? 'memory' : 'bookkeeping' };
  });
}

/** Does it record that a writer waits for a lock? That decides who is next, and not what is ordered. */
export const isWaitingWriter = ({ place = [] }: Variable, { variables }: Program): boolean =>
  place.at(-2) === 'waiting' &&
  variables.some(({ lock, place: of = [] }) => lock !== undefined && samePrefix(of, place));

const samePrefix = (part: readonly unknown[], place: readonly unknown[]): boolean => {
  const prefix = place.slice(0, -2);
  return part.length > prefix.length && prefix.every((one, i) => one === part[i]);
};

/** The threads whose steps read or write a variable, but for steps that only keep the books. */
function usersOf({ steps, variables }: Program): ReadonlyMap<VariableId, ReadonlySet<ThreadId>> {
  const users = new Map<VariableId, Set<ThreadId>>();
  const uses = (thread: ThreadId) => (cell: Cell) => {
    // Cells that are selected by an index are used together.
    const all = new Set([thread, ...cell.variables.flatMap((id) => [...(users.get(id) ?? [])])]);
    for (const id of cell.variables) users.set(id, all);
  };
  const isLatched = ({ target }: Step['assignments'][number]) =>
    target.variables.every((id) => variables[id]!.isNoMemory);
  for (const { thread, guard, assignments } of steps) {
    for (const x of [guard, ...assignments.filter((one) => !isLatched(one)).map(({ value }) => value)])
      cellsIn(x).forEach(uses(thread));
    for (const { target } of assignments) uses(thread)(target);
  }
  return users;
}

/** The cells that an expression reads, in the order of evaluation. */
export function cellsIn(x: Expr): readonly (Cell & { readonly order?: string })[] {
  const found: (Cell & { readonly order?: string })[] = [];
  walk(x, (part) => {
    if (part.op === 'read')
      found.push(part.order === undefined ? part.cell : { ...part.cell, order: part.order });
  });
  return found;
}

// Splits conditions, sums and effects into those that are the same for all threads of a class, and those that single
// one out.
//
//   p is bound to worker[0]:   arrived[0] && !arrived[1] && !arrived[2]    ->   arrived[0], and !arrived[1] of each other

import { exprKey } from '../../../analyse/keys.js';
import { classOf, isOwnerType, Swap, type ThreadClass } from '../../../analyse/swap.js';
import { parts } from '../../../ir/expression.js';
import type { Cell, Expr, ThreadId } from '../../../ir/program.js';
import type { BoundThreads } from './bound.js';
import type { SymmetricNames } from './names.js';

const unique = (threads: readonly ThreadId[]): readonly ThreadId[] => [...new Set(threads)];

/** The threads of classes that an expression mentions; `named` is the class of which its value names one. */
export function mentioned(x: Expr, names: SymmetricNames, named?: ThreadClass): readonly ThreadId[] {
  const { symmetry, program } = names;
  const all = (xs: readonly Expr[], of?: ThreadClass) => xs.flatMap((y) => mentioned(y, names, of));
  const ofClasses = (id: ThreadId | undefined) =>
    id !== undefined && names.classOf(id) !== undefined ? [id] : [];
  switch (x.op) {
    case 'const':
      return ofClasses(isOwnerType(x, program) ? x.value - 1 : named?.threads[x.value]);
    case 'at':
      return ofClasses(x.thread);
    case 'read':
      return mentionedBy(x.cell, names);
    case 'if':
      return unique([...all([x.x]), ...all([x.then, x.else], named)]);
    case 'eq':
      return unique(all([x.x, x.y], classOf(x.x, symmetry) ?? classOf(x.y, symmetry)));
    default:
      return unique(all(parts(x)));
  }
}

/** The threads of classes that a cell mentions: the thread that it belongs to, or those in its index. */
export function mentionedBy({ variables, index }: Cell, names: SymmetricNames): readonly ThreadId[] {
  if (index !== undefined) return mentioned(index, names);
  const family = names.familyOf(variables[0]!);
  return family === undefined ? [] : [family.of.threads[family.variables.indexOf(variables[0]!)]!];
}

/** How expressions, or assignments, are compared when they are grouped. */
export interface ThreadGrouping<T> {
  mentioned(item: T, names: SymmetricNames): readonly ThreadId[];
  key(item: T): string;
  swapped(item: T, swap: Swap): T;
}

/** Operands of a chain or of a sum. */
export const expressionKind: ThreadGrouping<Expr> = {
  mentioned: (x, names) => mentioned(x, names),
  key: exprKey,
  swapped: (x, swap) => swap.expr(x),
};

/**
 * What one item for each thread that is not bound has in common, as the item for this thread; or the items of no such
 * thread.
 */
export interface ThreadGroup<T> {
  readonly item: T;
  readonly each: ThreadId | undefined;
}

/** The items about threads that are not bound. */
export type ThreadGroups<T> =
  | { readonly ok: true; readonly groups: readonly ThreadGroup<T>[] }
  /** An item about this thread that does not exist for all others. */
  | { readonly ok: false; readonly unbound: ThreadId };

/** Finds the items that are the same for all threads that are not bound. */
export function grouped<T>(
  items: readonly T[],
  kind: ThreadGrouping<T>,
  bound: BoundThreads,
  names: SymmetricNames,
): ThreadGroups<T> {
  const left = new Map(items.map((item) => [kind.key(item), item] as const));
  const groups: ThreadGroup<T>[] = [];
  for (const item of items) {
    if (!left.delete(kind.key(item))) continue;
    const open = unique(kind.mentioned(item, names)).filter((thread) => !bound.has(thread));
    const [one] = open;
    if (one === undefined || isAboutAll(item, open, kind, bound, names)) {
      groups.push({ item, each: undefined });
      continue;
    }
    const images = swapsWithOthers(one, bound, names).map((swap) => kind.key(kind.swapped(item, swap)));
    if (open.length > 1 || !images.every((key) => left.delete(key))) return { ok: false, unbound: one };
    groups.push({ item, each: one });
  }
  return { ok: true, groups };
}

/** Is it a chain or a sum itself that is the same for all threads that are not bound? */
const isAboutAll = <T>(
  item: T,
  open: readonly ThreadId[],
  kind: ThreadGrouping<T>,
  bound: BoundThreads,
  names: SymmetricNames,
): boolean =>
  open.every((one) => {
    const swaps = swapsWithOthers(one, bound, names);
    return swaps.length > 0 && swaps.every((swap) => kind.key(kind.swapped(item, swap)) === kind.key(item));
  });

/** With each other thread of the same class that is not bound. */
const swapsWithOthers = (one: ThreadId, bound: BoundThreads, names: SymmetricNames): readonly Swap[] =>
  names
    .classOf(one)!
    .threads.filter((thread) => thread !== one && !bound.has(thread))
    .map((other) => new Swap(names.symmetry, one, other, names.program));

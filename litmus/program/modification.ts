// Read-modify-writes: the value they write, the value they return, and the order of each of their two events.

import type { LitmusValue } from '../syntax/ast.js';
import { arithmetic } from './arithmetic.js';
import type { Modification, Order } from './primitives.js';

/** An acquire is in the read, a release in the write. */
export function orderOf(order: Order, of: 'read' | 'write'): Order {
  if (order === 'acquire') return of === 'read' ? 'acquire' : 'once';
  if (order === 'release') return of === 'write' ? 'release' : 'once';
  if (order === 'noreturn') return of === 'read' ? 'noreturn' : 'once';
  return order;
}

/**
 * Is it found by a load that there is nothing to do? atomic_add_unless() looks before it tries, and orders nothing where it
 * finds the value; cmpxchg() has no way but to try.
 */
export const onlyLoads = ({ how }: Modification, old: LitmusValue, expected: LitmusValue): boolean =>
  how === 'unless' && old === expected;

/** Is what it writes computed from what it reads? */
export const isComputed = ({ how }: Modification): boolean => how === 'arithmetic' || how === 'unless';

/** The value that it writes; undefined if it does not write. Throws a LitmusFault. */
export function changeOf(
  { how, operator }: Modification,
  old: LitmusValue,
  operand: LitmusValue,
  expected: LitmusValue,
): LitmusValue | undefined {
  switch (how) {
    case 'exchange':
      return operand;
    case 'compare':
      return old === expected ? operand : undefined;
    case 'unless':
      return old === expected ? undefined : arithmetic(operator!, old, operand);
    case 'arithmetic':
      return arithmetic(operator!, old, operand);
  }
}

/** What it returns, having read `old` and written `change`. */
export function resultOf(
  { returns }: Modification,
  old: LitmusValue,
  change: LitmusValue | undefined,
): LitmusValue {
  switch (returns) {
    case 'old':
    case 'nothing':
      return old;
    case 'new':
      return change!;
    case 'new is 0':
      return change === 0 ? 1 : 0;
    case 'new is negative':
      return typeof change === 'number' && change < 0 ? 1 : 0;
    case 'done':
      return change === undefined ? 0 : 1;
  }
}

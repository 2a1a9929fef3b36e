// A step that reads and writes one variable at once, as an atomic operation of litmus tests.
//
//   x = x + 1              atomic_inc(), atomic_fetch_inc() where the old value is asked for
//   when (x != 0) x++      atomic_add_unless()
//   when (x) x = 0         cmpxchg(), with the values of the run
//   r = x, x = 1           xchg()

import type { Expr } from '../../checker/index.js';
import type { Order } from '../../litmus/program/primitives.js';
import type { LitmusStatement, LocationKey, UpdateOrder } from './statements.js';

export interface Modified {
  readonly of: LocationKey;
  readonly to: number;
  /** The register that `to` names. */
  readonly old: Expr;
  readonly order: Order;
  /** What is written, over registers. */
  readonly value: Expr;
  /** The values of the run. */
  readonly before: number;
  readonly after: number;
  /** Where it depends on what is read whether there is a write at all: that condition. */
  readonly condition: Expr | undefined;
  /** Does somebody ask for what was read? */
  readonly isAsked: boolean;
}

export interface ModifyCode {
  readonly statement: LitmusStatement;
  /** What follows is under it; undefined if it follows in any case. */
  readonly condition: Expr | undefined;
}

export function modifyCode({
  of,
  to,
  old,
  value,
  before,
  after,
  condition,
  isAsked,
  ...rest
}: Modified): ModifyCode {
  const order = orderOf(rest.order);
  const amount = amountOf(value, old);
  // An operation with an order gives a value, and herd takes a call that gives one only where it goes to a register.
  const isFetched = isAsked || order !== 'relaxed';
  if (condition === undefined) {
    if (amount !== undefined)
      return { statement: { kind: 'add', of, to: isFetched ? to : undefined, amount, order }, condition };
    if (value.op === 'const') return { statement: { kind: 'exchange', of, to, value, order }, condition };
  }
  const unless = condition === undefined ? undefined : exceptionOf(condition, old);
  if (unless !== undefined && amount !== undefined && !isAsked && order === 'full')
    return { statement: { kind: 'add unless', of, to, amount, unless }, condition: notZero(old) };
  const written: Expr = { op: 'const', value: after, type: 'int' };
  return {
    statement: { kind: 'compare', of, to, expected: before, value: written, order },
    condition: { op: 'eq', x: old, y: { op: 'const', value: before, type: 'int' } },
  };
}

const notZero = (x: Expr): Expr => ({
  op: 'not',
  x: { op: 'eq', x, y: { op: 'const', value: 0, type: 'int' } },
});

function orderOf(order: Order): UpdateOrder {
  if (order === 'mb') return 'full';
  return order === 'acquire' || order === 'release' ? order : 'relaxed';
}

const isSame = (x: Expr, y: Expr): boolean => JSON.stringify(x) === JSON.stringify(y);

/** `old + amount`. */
function amountOf(value: Expr, old: Expr): number | undefined {
  if (value.op !== 'add' && value.op !== 'sub') return undefined;
  if (isSame(value.x, old) && value.y.op === 'const')
    return value.op === 'add' ? value.y.value : -value.y.value;
  return value.op === 'add' && isSame(value.y, old) && value.x.op === 'const' ? value.x.value : undefined;
}

/** `old != exception`. */
function exceptionOf(condition: Expr, old: Expr): number | undefined {
  if (condition.op !== 'not' || condition.x.op !== 'eq') return undefined;
  const { x, y } = condition.x;
  return isSame(x, old) && y.op === 'const' ? y.value : undefined;
}

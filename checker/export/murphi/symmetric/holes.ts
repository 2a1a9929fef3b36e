// Trees of a symmetric Program before bindings are known: with holes for threads that a rule has to bind, and for sums
// over a class, which become functions of the module.

import type { ThreadId } from '../../../ir/program.js';
import type { MurphiExpression, MurphiParameter, MurphiPlace, MurphiStatement } from '../syntax.js';

/** A hole in a tree. */
export type TreeHole = UnboundThread | SumOverClass;

/** A thread is mentioned that is not bound, and not together with all others: a rule has to bind it. */
export interface UnboundThread {
  readonly kind: 'unbound';
  readonly thread: ThreadId;
}

/** The sum of a value over the threads of a class, except some. */
export interface SumOverClass {
  readonly kind: 'total';
  readonly over: MurphiParameter;
  /** The condition on the threads that count, as a conjunction; empty: all count. */
  readonly others: readonly MurphiExpression<TreeHole>[];
  readonly value: MurphiExpression<TreeHole>;
  /** The bounds of the sum, and of its parts. */
  readonly min: number;
  readonly max: number;
  /** Bound variables that it may mention. */
  readonly bound: readonly MurphiParameter[];
}

/** Trees with holes. */
export type OpenExpression = MurphiExpression<TreeHole>;
export type OpenPlace = MurphiPlace<TreeHole>;
export type OpenStatement = MurphiStatement<TreeHole>;

/** A place whose name depends on the variable that binds the thread. */
export const unbound = (thread: ThreadId): OpenPlace => ({ kind: 'hole', hole: { kind: 'unbound', thread } });
/** A sum, as an expression. */
export const total = (hole: Omit<SumOverClass, 'kind'>): OpenExpression => ({
  kind: 'hole',
  hole: { kind: 'total', ...hole },
});

/** The replacement of each hole. */
export type HoleFilling = (hole: TreeHole) => MurphiExpression;

/** The expression without holes. */
export function filled(x: OpenExpression, fill: HoleFilling): MurphiExpression {
  const inner = (y: OpenExpression) => filled(y, fill);
  switch (x.kind) {
    case 'name':
    case 'number':
      return x;
    case 'element':
      return { ...x, index: inner(x.index) };
    case 'call':
      return { ...x, given: x.given.map(inner) };
    case 'not':
      return { ...x, x: inner(x.x) };
    case 'binary':
      return { ...x, x: inner(x.x), y: inner(x.y) };
    case 'chain':
      return { ...x, all: x.all.map(inner) };
    case 'choice':
      return { ...x, x: inner(x.x), yes: inner(x.yes), no: inner(x.no) };
    case 'quantified':
      return { ...x, body: inner(x.body) };
    case 'hole':
      return fill(x.hole);
  }
}

/** The statement without holes. */
export function filledStatement(statement: OpenStatement, fill: HoleFilling): MurphiStatement {
  const x = (y: OpenExpression) => filled(y, fill);
  const place = (y: OpenPlace) => x(y) as MurphiPlace;
  const all = (statements: readonly OpenStatement[]) => statements.map((one) => filledStatement(one, fill));
  switch (statement.kind) {
    case 'assign':
      return { ...statement, to: place(statement.to), value: x(statement.value) };
    case 'undefine':
      return { ...statement, place: place(statement.place) };
    case 'copy':
      return { ...statement, to: place(statement.to), from: place(statement.from) };
    case 'if': {
      const { condition, yes, no } = statement;
      return { kind: 'if', condition: x(condition), yes: all(yes), ...(no && { no: all(no) }) };
    }
    case 'for':
      return { ...statement, body: all(statement.body) };
    case 'switch': {
      const { of, cases, otherwise } = statement;
      return { kind: 'switch', of: x(of), cases: all(cases), otherwise: filledStatement(otherwise, fill) };
    }
    case 'return':
      return { ...statement, value: x(statement.value) };
    case 'assume':
      return { ...statement, condition: x(statement.condition) };
    case 'error':
      return statement;
  }
}

/** An expression and statements, such as a rule consists of. */
export interface OpenTree {
  readonly condition?: OpenExpression | undefined;
  readonly body?: readonly OpenStatement[];
}

/** The first thread in reading order that is not bound; undefined if all are. */
export function firstUnbound({ condition, body = [] }: OpenTree): ThreadId | undefined {
  let first: ThreadId | undefined;
  const look = (hole: TreeHole): MurphiExpression => {
    if (hole.kind === 'unbound') first ??= hole.thread;
    else for (const part of [...hole.others, hole.value]) filled(part, look);
    return { kind: 'name', name: '' };
  };
  if (condition !== undefined) filled(condition, look);
  for (const statement of body) filledStatement(statement, look);
  return first;
}

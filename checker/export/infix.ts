// Expressions in languages with infix operators. Every compound operand stands in parentheses, except in a chain of one
// `and` or `or`: no reader has to know the precedence of another language.
//
//   and(and(lt(a, b), c), not(eq(d, e)))  ->  (a < b) & c & (d != e)

import type { Cell, Expr, Location, ThreadId, Type } from '../ir/program.js';

/** The parts in which languages differ. */
export interface Dialect {
  readonly symbol: { readonly [op in Operator]: string };
  readonly not: string;
  /** `name` is the name of the expression; the language may use it instead. */
  constant(value: number, type: Type, name?: string): string;
  /** An atom: a name, a call, or in parentheses. */
  read(cell: Cell): string;
  /** Is the thread there? */
  at(thread: ThreadId, location: Location): string;
  ifElse(x: string, yes: string, no: string): string;
  /** For a language whose division differs from C's. */
  divide?(op: 'div' | 'mod', x: string, y: string): string;
}
type Operator =
  | 'and'
  | 'or'
  | 'eq'
  | 'ne'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'mod';

const negated = { eq: 'ne', lt: 'ge', le: 'gt' } as const;

/** The expression as text; `isInner` puts parentheses around all but atoms. */
export function infix(x: Expr, dialect: Dialect, isInner = false): string {
  const atom = (y: Expr) => infix(y, dialect, true);
  const wrap = (text: string) => (isInner ? `(${text})` : text);
  const binary = (op: Operator, left: Expr, right: Expr) =>
    wrap(`${atom(left)} ${dialect.symbol[op]} ${atom(right)}`);
  switch (x.op) {
    case 'const':
      return dialect.constant(x.value, x.type, x.name);
    case 'read':
      return dialect.read(x.cell);
    case 'at': {
      const all = x.locations.map((location) => dialect.at(x.thread, location));
      if (all.length === 0) return dialect.constant(0, 'bool');
      if (all.length === 1) return wrap(all[0]!);
      return wrap(all.map((one) => `(${one})`).join(` ${dialect.symbol.or} `));
    }
    case 'not': {
      const { x: y } = x;
      if (y.op === 'eq' || y.op === 'lt' || y.op === 'le') return binary(negated[y.op], y.x, y.y);
      return wrap(`${dialect.not}${atom(y)}`);
    }
    case 'and':
    case 'or':
      return wrap(chain(x, x.op).map(atom).join(` ${dialect.symbol[x.op]} `));
    case 'if':
      return `(${dialect.ifElse(atom(x.x), atom(x.then), atom(x.else))})`;
    case 'div':
    case 'mod':
      if (dialect.divide !== undefined) {
        return dialect.divide(x.op, infix(x.x, dialect), infix(x.y, dialect));
      }
      return binary(x.op, x.x, x.y);
    default:
      return binary(x.op, x.x, x.y);
  }
}

/** The operands of a left-leaning chain, which are evaluated in this order until one decides. */
function chain(x: Expr, op: 'and' | 'or'): readonly Expr[] {
  return x.op === op ? [...chain(x.x, op), ...chain(x.y, op)] : [x];
}

// Expressions of a Program as expressions over registers. What is in memory is read before, into a register.

import { typeOfDomain } from '../../checker/ir/expression.js';
import type { Cell, Expr, Variable } from '../../checker/ir/program.js';
import type { Pure } from '../program/instructions.js';
import type { CBinaryOperator } from '../syntax/ast.js';

export const number = (value: number): Pure => ({ kind: 'value', value });
export const register = (name: string): Pure => ({ kind: 'register', name });
export const negation = (operand: Pure): Pure => ({ kind: 'unary', operator: '!', operand });
export const binaryOf = (operator: CBinaryOperator, left: Pure, right: Pure): Pure => ({
  kind: 'binary',
  operator,
  left,
  right,
});
/** As C evaluates them: the second only if the first does not decide. */
export const both = (x: Pure, y: Pure): Pure => ({ kind: 'if', condition: x, then: y, otherwise: number(0) });
export const either = (x: Pure, y: Pure): Pure => ({
  kind: 'if',
  condition: x,
  then: number(1),
  otherwise: y,
});

/** What leaves of expressions become. */
export interface Leaves {
  readonly read: (cell: Cell) => Pure;
  readonly at: (x: Expr & { readonly op: 'at' }) => Pure;
}

const operators = {
  eq: '==',
  lt: '<',
  le: '<=',
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  mod: '%',
} as const satisfies { readonly [op: string]: CBinaryOperator };

export function pureOf(x: Expr, leaves: Leaves): Pure {
  const of = (part: Expr): Pure => pureOf(part, leaves);
  switch (x.op) {
    case 'const':
      return number(x.value);
    case 'read':
      return leaves.read(x.cell);
    case 'at':
      return leaves.at(x);
    case 'not':
      return negation(of(x.x));
    case 'and':
      return both(of(x.x), of(x.y));
    case 'or':
      return either(of(x.x), of(x.y));
    case 'if':
      return { kind: 'if', condition: of(x.x), then: of(x.then), otherwise: of(x.else) };
    default:
      return binaryOf(operators[x.op], of(x.x), of(x.y));
  }
}

/** One of several registers, by its number. */
export function selected(cell: Cell, nameOf: (id: number) => string, of: (x: Expr) => Pure): Pure {
  const [first, ...rest] = cell.variables.map((id) => register(nameOf(id)));
  if (cell.index === undefined) return first!;
  const index = of(cell.index);
  const inside: Pure = {
    kind: 'within',
    of: index,
    min: 0,
    max: cell.variables.length - 1,
    name: nameOf(cell.variables[0]!),
  };
  return rest.reduce<Pure>(
    (others, one, i) => ({
      kind: 'if',
      condition: binaryOf('==', inside, number(i + 1)),
      then: one,
      otherwise: others,
    }),
    first!,
  );
}

/** The value as it is stored in a variable, whose domain it must be in. */
export function storedAs(value: Pure, { domain, name }: Variable): Pure {
  if (typeOfDomain(domain) !== 'int' || domain.kind !== 'int') return value;
  const { min, max } = domain;
  const isInside =
    value.kind === 'value' && typeof value.value === 'number' && value.value >= min && value.value <= max;
  return isInside ? value : { kind: 'within', of: value, min, max, name };
}

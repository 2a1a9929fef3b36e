// The meaning of combined parts of a formula: conditions and numbers become expressions, temporal operators become a
// formula, and a name becomes a variable or a value of the other operand's type.
//
//   state == locked     the word 'locked' is a value of the enum of 'state', unless a variable has this name

import type { Formula } from '../../../properties/language/temporal.js';
import { isExact } from '../../analyse/ranges.js';
import {
  type Arithmetic,
  and,
  arithmetic,
  constant,
  equal,
  less,
  not,
  or,
  sameType,
  typeOf,
  typeOfDomain,
} from '../../ir/expression.js';
import type { Expr, Type } from '../../ir/program.js';
import type { Token } from './lexer.js';
import { type FormulaNames, orList } from './names.js';
import type { FormulaOp } from './words.js';

/** A part of the text: a formula, a value, or a name whose meaning depends on the other operand. */
export type ParsedPart =
  | { readonly kind: 'formula'; readonly formula: Formula<Expr>; readonly token: Token }
  | { readonly kind: 'value'; readonly expr: Expr; readonly token: Token }
  | { readonly kind: 'word'; readonly name: string; readonly token: Token };

export const valuePart = (token: Token, expr: Expr): ParsedPart => ({ kind: 'value', token, expr });

export const formulaPart = (token: Token, formula: Formula<Expr>): ParsedPart =>
  formula.op === 'state' ? valuePart(token, formula.x) : { kind: 'formula', token, formula };

export const negated = (x: Formula<Expr>): Formula<Expr> =>
  x.op === 'state' ? { op: 'state', x: not(x.x) } : { op: 'not', x };

/** Combines parts. `fail` throws an error that points at a token. */
export class PartMeaning {
  readonly #names: FormulaNames;
  readonly #fail: (problem: string, token: Token) => never;

  constructor(names: FormulaNames, fail: (problem: string, token: Token) => never) {
    this.#names = names;
    this.#fail = fail;
  }

  /** Joins conditions on the state into one, and temporal formulas into a formula. */
  join(op: FormulaOp, x: ParsedPart, y: ParsedPart): ParsedPart {
    const [a, b] = [this.formula(x), this.formula(y)];
    if (a.op === 'state' && b.op === 'state') {
      if (op === 'and') return valuePart(x.token, and(a.x, b.x));
      if (op === 'or') return valuePart(x.token, or(a.x, b.x));
      if (op === 'implies') return valuePart(x.token, or(not(a.x), b.x));
      if (op === 'iff') return valuePart(x.token, equal(a.x, b.x));
    }
    return formulaPart(x.token, { op, x: a, y: b } as Formula<Expr>);
  }

  compare(op: Token, x: ParsedPart, y: ParsedPart): ParsedPart {
    const a = this.#value(x, y);
    const b = this.#value(y, x);
    const [left, right] = [typeOf(a), typeOf(b)];
    if (!sameType(left, right)) this.#fail(`${kindOf(right)} is compared with ${kindOf(left)}`, y.token);
    const isOrder = op.text !== '==' && op.text !== '!=';
    if (isOrder && left !== 'int') this.#fail(`'${op.text}' compares numbers only, not ${kindOf(left)}`, op);
    return valuePart(x.token, compared(op.text, a, b));
  }

  calculate(op: Arithmetic, x: ParsedPart, y: ParsedPart): ParsedPart {
    const expr = arithmetic(op, this.int(x), this.int(y));
    if (!isExact(this.#names.rangeOf(expr))) {
      this.#fail('this computes numbers beyond 2^53, which are not exact', x.token);
    }
    return valuePart(x.token, expr);
  }

  formula(x: ParsedPart): Formula<Expr> {
    if (x.kind === 'formula') return x.formula;
    const expr = this.#value(x);
    if (typeOf(expr) !== 'bool') this.#fail(`${kindOf(typeOf(expr))} is neither true nor false`, x.token);
    return { op: 'state', x: expr };
  }

  /** A formula, or a value of any type. */
  any(x: ParsedPart): Formula<Expr> {
    return x.kind === 'formula' ? x.formula : { op: 'state', x: this.#value(x) };
  }

  int(x: ParsedPart): Expr {
    const expr = this.#value(x);
    if (typeOf(expr) !== 'int') this.#fail(`${kindOf(typeOf(expr))} is no number`, x.token);
    return expr;
  }

  /** A word is one of those of the enum that it is compared with. */
  #value(x: ParsedPart, beside?: ParsedPart): Expr {
    if (x.kind === 'value') return x.expr;
    if (x.kind === 'formula') {
      if (x.formula.op === 'state') return x.formula.x;
      return this.#fail('a temporal formula has no value to compare or calculate with', x.token);
    }
    const { name: text } = x;
    const found = this.#names.variables(text);
    const type = beside && this.#typeBeside(beside);
    const words = type === undefined || typeof type === 'string' ? undefined : type;
    if (words?.includes(text)) {
      const same = found.find(({ domain }) => sameType(typeOfDomain(domain), words));
      if (same === undefined) return constant(words.indexOf(text), words);
      return this.#fail(`'${text}' may be the variable ${same.name} or one of ${words.join(', ')}`, x.token);
    }
    const [variable, ...others] = found;
    if (others.length > 0) this.#fail(`'${text}' may be ${orList(found.map(({ name }) => name))}`, x.token);
    if (variable !== undefined) return this.#names.read(variable);
    const isNone = words !== undefined && `'${text}' is none of ${words.join(', ')}`;
    return this.#fail(isNone || this.#names.unknown(text), x.token);
  }

  /** The type of the operand that a name is compared with, if it is known without the name. */
  #typeBeside(beside: ParsedPart): Type | undefined {
    if (beside.kind === 'value') return typeOf(beside.expr);
    if (beside.kind === 'formula') return undefined;
    const [variable, ...others] = this.#names.variables(beside.name);
    return variable === undefined || others.length > 0 ? undefined : typeOfDomain(variable.domain);
  }
}

function compared(op: string, a: Expr, b: Expr): Expr {
  switch (op) {
    case '==':
      return equal(a, b);
    case '!=':
      return not(equal(a, b));
    case '<':
      return less('lt', a, b);
    case '<=':
      return less('le', a, b);
    case '>':
      return not(less('le', a, b));
    default:
      return not(less('lt', a, b));
  }
}

const kindOf = (type: ReturnType<typeof typeOf>): string =>
  type === 'bool' ? 'a condition' : type === 'int' ? 'a number' : `one of ${type.join(', ')}`;

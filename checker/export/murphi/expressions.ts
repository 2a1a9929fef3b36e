// Expressions of a Program as Murphi trees, in which each variable and each thread's location has its own name.

import { operands } from '../../analyse/keys.js';
import type { Cell, Expr, Location, ThreadId, Type } from '../../ir/program.js';
import type { Symbols } from '../symbols.js';
import {
  binary,
  chain,
  equals,
  type MurphiExpression,
  type MurphiOperator,
  name,
  negation,
} from './syntax.js';

/** The infix operators of Murphi. */
export const signs: { readonly [op in 'lt' | 'le' | 'sub' | 'mul' | 'div' | 'mod']: MurphiOperator } = {
  lt: '<',
  le: '<=',
  sub: '-',
  mul: '*',
  div: '/',
  mod: '%',
};

/** A constant; a value that is not a word of its enum is a number. */
export function constantOf(value: number, type: Type, symbols: Symbols): MurphiExpression {
  if (type === 'bool') return name(value === 0 ? 'false' : 'true');
  if (type === 'int') return { kind: 'number', value };
  const word = symbols.enumOf(type).words[value];
  return word === undefined ? { kind: 'number', value } : name(word);
}

/** Is the thread there? */
export const standsAt = (thread: ThreadId, location: Location, symbols: Symbols): MurphiExpression =>
  equals(name(symbols.at[thread]!), name(symbols.locations[thread]![location]!));

/** A variable; a variable selected by an index is read by a function. */
function readOf({ variables, index }: Cell, symbols: Symbols): MurphiExpression {
  if (index === undefined) return name(symbols.variables[variables[0]!]!);
  return { kind: 'call', name: symbols.groupOf({ variables }).name, given: [expressionOf(index, symbols)] };
}

/** The expression in Murphi. Example: `!(x == 1)` is `x != 1`. */
export function expressionOf(x: Expr, symbols: Symbols): MurphiExpression {
  const inner = (y: Expr) => expressionOf(y, symbols);
  switch (x.op) {
    case 'const':
      return constantOf(x.value, x.type, symbols);
    case 'read':
      return readOf(x.cell, symbols);
    case 'at':
      if (x.locations.length === 0) return name('false');
      return chain(
        '|',
        x.locations.map((location) => standsAt(x.thread, location, symbols)),
      );
    case 'not':
      return negation(inner(x.x));
    case 'and':
    case 'or':
      return chain(x.op === 'and' ? '&' : '|', operands(x, x.op).map(inner));
    case 'if':
      return { kind: 'choice', x: inner(x.x), yes: inner(x.then), no: inner(x.else) };
    case 'eq':
      return equals(inner(x.x), inner(x.y));
    case 'add':
      return binary('+', inner(x.x), inner(x.y));
    default:
      return binary(signs[x.op], inner(x.x), inner(x.y));
  }
}

// The values of expressions. Numbers are exact within JavaScript's safe integers; addresses can be compared.

import type { CBinaryOperator, CUnaryOperator, LitmusValue } from '../syntax/ast.js';
import type { Pure } from './instructions.js';
import type { AtomicOperator } from './primitives.js';

/** An expression without a value: a division by zero, arithmetic with an address, a number that is too large. */
export class LitmusFault extends Error {
  override readonly name = 'LitmusFault';
}

export const isTrue = (value: LitmusValue): boolean => value !== 0;

/** The value of an expression. Throws a LitmusFault. */
export function computed(expression: Pure, register: (name: string) => LitmusValue): LitmusValue {
  switch (expression.kind) {
    case 'value':
      return expression.value;
    case 'register':
      return register(expression.name);
    case 'unary':
      return unary(expression.operator, computed(expression.operand, register));
    case 'binary':
      return binary(
        expression.operator,
        computed(expression.left, register),
        computed(expression.right, register),
      );
    case 'if':
      return computed(
        isTrue(computed(expression.condition, register)) ? expression.then : expression.otherwise,
        register,
      );
    case 'element':
      return elementOf(expression, computed(expression.index, register));
    case 'within':
      return inRange(expression, computed(expression.of, register));
  }
}

function elementOf({ of, name }: Pure & { readonly kind: 'element' }, index: LitmusValue): LitmusValue {
  const value = of[Number(index)];
  if (value === undefined) throw new LitmusFault(`index ${index} is out of range for ${name}`);
  return value;
}

function inRange({ min, max, name }: Pure & { readonly kind: 'within' }, value: LitmusValue): LitmusValue {
  if (typeof value === 'string' || (value >= min && value <= max)) return value;
  throw new LitmusFault(`${value} is outside the domain ${min} … ${max} of ${name}`);
}

/** The registers that an expression reads. */
export function registersIn(expression: Pure): readonly string[] {
  switch (expression.kind) {
    case 'value':
      return [];
    case 'register':
      return [expression.name];
    case 'unary':
      return registersIn(expression.operand);
    case 'binary':
      return [...registersIn(expression.left), ...registersIn(expression.right)];
    case 'if':
      return [expression.condition, expression.then, expression.otherwise].flatMap(registersIn);
    case 'element':
      return registersIn(expression.index);
    case 'within':
      return registersIn(expression.of);
  }
}

function unary(operator: CUnaryOperator, value: LitmusValue): LitmusValue {
  if (operator === '!') return isTrue(value) ? 0 : 1;
  const number = numeric(value, operator);
  return checked(operator === '-' ? 0 - number : ~narrow(number));
}

export function binary(operator: CBinaryOperator | '&~', a: LitmusValue, b: LitmusValue): LitmusValue {
  switch (operator) {
    case '==':
      return a === b ? 1 : 0;
    case '!=':
      return a === b ? 0 : 1;
    case '&&':
      return isTrue(a) && isTrue(b) ? 1 : 0;
    case '||':
      return isTrue(a) || isTrue(b) ? 1 : 0;
  }
  return checked(fromNumbers(operator, numeric(a, operator), numeric(b, operator)));
}

/** The value that an atomic operation writes. */
export const arithmetic = (operator: AtomicOperator, old: LitmusValue, operand: LitmusValue): LitmusValue =>
  binary(operator, old, operand);

type NumberOperator = Exclude<CBinaryOperator, '==' | '!=' | '&&' | '||'> | '&~';

function fromNumbers(operator: NumberOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
    case '%':
      if (b === 0) throw new LitmusFault('a division by zero');
      return operator === '/' ? Math.trunc(a / b) : a % b;
    case '<':
      return Number(a < b);
    case '<=':
      return Number(a <= b);
    case '>':
      return Number(a > b);
    case '>=':
      return Number(a >= b);
    case '&':
      return narrow(a) & narrow(b);
    case '&~':
      return narrow(a) & ~narrow(b);
    case '|':
      return narrow(a) | narrow(b);
    case '^':
      return narrow(a) ^ narrow(b);
    case '<<':
    case '>>':
      if (b < 0 || b > 31) throw new LitmusFault(`a shift by ${b}`);
      return operator === '<<' ? a * 2 ** b : Math.floor(a / 2 ** b);
  }
}

function numeric(value: LitmusValue, operator: string): number {
  if (typeof value === 'number') return value;
  throw new LitmusFault(`'${operator}' of the address of ${value}`);
}

function narrow(value: number): number {
  if (value === (value | 0)) return value;
  throw new LitmusFault(`an operation on the bits of ${value}, which has more than 32`);
}

/** -0 is 0. */
function checked(value: number): number {
  if (Number.isSafeInteger(value)) return value + 0;
  throw new LitmusFault(`the number ${value}, which is too large`);
}

// Expressions as JavaScript text over the words of a state, w0, w1, …
//
//   counter < 4, counter in bits 4 … 6 of word 0     ->     (w0 >>> 4 & 7) < 4
//   mine == 2, mine in bits 7 … 9                    ->     (w0 & 896) === 256
//
// Where evaluation can fault, the text says what happens then: the fast form sets a flag and goes on with 0, the
// explaining form fails with the words of the reference engine.

import { constant, constantOf, isFalse, rewrite, typeOf, walk } from '../../ir/expression.js';
import type { Cell, Expr, Program } from '../../ir/program.js';
import { EngineError } from '../../search/engine_error.js';
import { type Field, type Layout, maskOf } from '../layout.js';
import { canFault, indexCanFault, rangeOf } from '../plan/ranges.js';

/** What a fault becomes: an expression in JavaScript. */
export type FaultText = (message: string) => string;

/** Sets a flag and stands for 0. */
export const flagFault: FaultText = () => '(fault = 1, 0)';
/** Throws; `message` is itself JavaScript. */
export const throwFault: FaultText = (message) => `fail(${message})`;

export class ExpressionWriter {
  readonly #temporaries: string[] = [];

  readonly program: Program;
  readonly layout: Layout;
  readonly onFault: FaultText;

  constructor(program: Program, layout: Layout, onFault: FaultText) {
    this.program = program;
    this.layout = layout;
    this.onFault = onFault;
  }

  /** Names a variable that the text may assign; `declarations` declares all. */
  temporary(): string {
    const name = `t${this.#temporaries.length}`;
    this.#temporaries.push(name);
    return name;
  }

  get declarations(): readonly string[] {
    return this.#temporaries.length === 0 ? [] : [`let ${this.#temporaries.join(', ')};`];
  }

  /** The text of a value as a number. */
  number(x: Expr): string {
    switch (x.op) {
      case 'const':
        return literal(x.value);
      case 'read':
        return this.#read(x.cell);
      case 'add':
      case 'sub':
      case 'mul':
      case 'div':
      case 'mod':
        return this.#arithmetic(x);
      case 'if':
        return `(${this.truth(x.x)} ? ${this.number(x.then)} : ${this.number(x.else)})`;
      default:
        return `(${this.truth(x)} ? 1 : 0)`;
    }
  }

  /** The text of a bool as a condition. */
  truth(x: Expr): string {
    switch (x.op) {
      case 'const':
        return x.value === 0 ? 'false' : 'true';
      case 'at':
        return this.#stands(x.thread, x.locations);
      case 'not':
        return `!${this.truth(x.x)}`;
      case 'and':
        return `(${this.truth(x.x)} && ${this.truth(x.y)})`;
      case 'or':
        return `(${this.truth(x.x)} || ${this.truth(x.y)})`;
      case 'eq':
        return this.#equal(x.x, x.y);
      case 'lt':
        return `(${this.number(x.x)} < ${this.number(x.y)})`;
      case 'le':
        return `(${this.number(x.x)} <= ${this.number(x.y)})`;
      case 'if':
        return `(${this.truth(x.x)} ? ${this.truth(x.then)} : ${this.truth(x.else)})`;
      default:
        return `(${this.number(x)} !== 0)`;
    }
  }

  /** The text of an index that was found to be outside: what happens then. */
  outside(index: string, { variables }: Cell): string {
    const { name } = this.program.variables[variables[0]!]!;
    const rest = ` is outside 0 … ${variables.length - 1} of ${name} and its neighbours`;
    return this.onFault(`'index ' + ${index} + ${JSON.stringify(rest)}`);
  }

  #field(cell: Cell, i = 0): Field {
    return this.layout.variables[cell.variables[i]!]!;
  }

  #read(cell: Cell): string {
    if (cell.index === undefined) return fieldText(this.#field(cell));
    const fixed = constantOf(cell.index);
    if (fixed !== undefined) {
      return fixed >= 0 && fixed < cell.variables.length
        ? fieldText(this.#field(cell, fixed))
        : this.outside(literal(fixed), cell);
    }
    const index = this.temporary();
    const checked = indexCanFault(cell, this.layout);
    const first = `(${index} = ${this.number(cell.index)})`;
    const row = rowOf(cell.variables.map((id) => this.layout.variables[id]!));
    const fault = this.outside(index, cell);
    if (row !== undefined) {
      const value = rowText(row, index);
      return checked
        ? `(${first} >= 0 && ${index} < ${cell.variables.length} ? ${value} : ${fault})`
        : `(${first}, ${value})`;
    }
    const choices = cell.variables.map((_, i) => fieldText(this.#field(cell, i)));
    const last = checked ? fault : choices.pop()!;
    const chain = choices.map((text, i) => `${i === 0 ? first : index} === ${i} ? ${text} : `).join('');
    return chain === '' ? `(${first}, ${last})` : `(${chain}${last})`;
  }

  #stands(thread: number, locations: readonly number[]): string {
    const field = this.layout.threads[thread]!;
    const possible = [...new Set(locations)].filter((at) => at >= field.min && at <= field.max);
    if (field.bits === 0) return possible.length > 0 ? 'true' : 'false';
    if (possible.length === 0) return 'false';
    const only = possible.map((at) => isText(field, at));
    if (possible.length < 4 || field.max > 31) return `(${only.join(' || ')})`;
    const set = possible.reduce((bits, at) => bits | (1 << at), 0);
    return `((${set} >>> ${fieldText(field)} & 1) !== 0)`;
  }

  #equal(x: Expr, y: Expr): string {
    const [field, value] =
      x.op === 'read' && y.op === 'const' ? [this.#fixedField(x.cell), y.value] : [undefined, 0];
    if (field !== undefined) return isText(field, value);
    return `(${this.number(x)} === ${this.number(y)})`;
  }

  #fixedField(cell: Cell): Field | undefined {
    return cell.index === undefined ? this.#field(cell) : undefined;
  }

  #arithmetic(x: Expr & { readonly op: 'add' | 'sub' | 'mul' | 'div' | 'mod' }): string {
    const { min, max } = rangeOf(x, this.layout);
    const small = min >= -(2 ** 31) && max < 2 ** 31;
    const [a, b] = [this.number(x.x), this.number(x.y)];
    switch (x.op) {
      case 'add':
        return `(${a} + ${b})`;
      case 'sub':
        return `(${a} - ${b})`;
      case 'mul':
        return small && fitsInt32(x.x, this.layout) && fitsInt32(x.y, this.layout)
          ? `Math.imul(${a}, ${b})`
          : `(${a} * ${b})`;
      case 'div':
      case 'mod': {
        const by = rangeOf(x.y, this.layout);
        const result = (p: string, q: string) => {
          const exact = x.op === 'div' ? `${p} / ${q}` : `${p} % ${q}`;
          return small ? `(${exact} | 0)` : `(Math.trunc(${exact}) + 0)`;
        };
        const whole = by.min > 0 || by.max < 0;
        if (whole) return result(a, b);
        const [p, q] = [this.temporary(), this.temporary()];
        const zero = this.onFault(`'division by zero'`);
        return `((${p} = ${a}), (${q} = ${b}) === 0 ? ${zero} : ${result(p, q)})`;
      }
    }
  }
}

const fitsInt32 = (x: Expr, layout: Layout): boolean => {
  const { min, max } = rangeOf(x, layout);
  return min >= -(2 ** 31) && max < 2 ** 31;
};

export const literal = (value: number): string => (value < 0 ? `(${value})` : String(value + 0));

/** The value of a field as a number. */
export function fieldText(field: Field): string {
  const { word, shift, bits, min } = field;
  if (bits === 0) return literal(min);
  const mask = bits === 32 ? -1 : (1 << bits) - 1;
  const raw =
    shift + bits === 32
      ? `(w${word} >>> ${shift})`
      : shift === 0
        ? `(w${word} & ${mask})`
        : `(w${word} >>> ${shift} & ${mask})`;
  if (min === 0) return raw;
  return min < 0 ? `(${raw} - ${-min})` : `(${raw} + ${min})`;
}

/** The condition that a field has a value. */
export function isText(field: Field, value: number): string {
  if (value < field.min || value > field.max) return 'false';
  if (field.bits === 0) return 'true';
  return `((w${field.word} & ${maskOf(field)}) === ${literal(placed(field, value))})`;
}

/** A value in the field's place in its word, as a signed number. */
export const placed = ({ shift, min }: Field, value: number): number => (value - min) << shift;

/** Fields of one shape in one word, at equal distances: an index is then a shift. */
interface Row {
  readonly first: Field;
  readonly distance: number;
}

export function rowOf(fields: readonly Field[]): Row | undefined {
  const [first, second] = fields;
  if (first === undefined || second === undefined || first.bits === 0) return undefined;
  const distance = second.shift - first.shift;
  const regular = fields.every(
    ({ word, bits, min, shift }, i) =>
      word === first.word && bits === first.bits && min === first.min && shift === first.shift + i * distance,
  );
  return regular ? { first, distance } : undefined;
}

/** How far the indexed field of a row is shifted. */
export function rowShift({ first, distance }: Row, index: string): string {
  const far = distance === 1 ? index : `${index} * ${literal(distance)}`;
  return first.shift === 0 ? `(${far})` : `(${far} + ${first.shift})`;
}

function rowText(row: Row, index: string): string {
  const { word, bits, min } = row.first;
  const raw = `(w${word} >>> ${rowShift(row, index)} & ${(1 << bits) - 1})`;
  if (min === 0) return raw;
  return min < 0 ? `(${raw} - ${-min})` : `(${raw} + ${min})`;
}

/** The Program with what never changes put in, and without the steps that are never enabled; faults stay. */
export function foldFixed(program: Program, layout: Layout): Program {
  const fold = (x: Expr): Expr =>
    rewrite(x, (y) => {
      if (y.op !== 'read' || y.cell.index !== undefined) return y;
      const { bits, min } = layout.variables[y.cell.variables[0]!]!;
      return bits === 0 ? constant(min, y.type) : y;
    });
  const foldCell = (cell: Cell): Cell =>
    cell.index === undefined ? cell : { ...cell, index: fold(cell.index) };
  const steps = program.steps.map((step) => ({
    ...step,
    guard: fold(step.guard),
    assignments: step.assignments.map(({ target, value }) => ({
      target: foldCell(target),
      value: fold(value),
    })),
  }));
  return { ...program, steps: steps.filter(({ guard }) => !isFalse(guard)) };
}

/** Refuses what numbers in JavaScript cannot hold exactly. */
export function requireExact(x: Expr, layout: Layout, where: string): void {
  walk(x, (y) => {
    if (typeOf(y) !== 'int') return;
    const { min, max } = rangeOf(y, layout);
    if (max < min || (max <= Number.MAX_SAFE_INTEGER && min >= Number.MIN_SAFE_INTEGER)) return;
    throw new EngineError(`${where} computes numbers beyond 2^53`);
  });
}

export { canFault };

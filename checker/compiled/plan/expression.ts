// From expressions of a Program to values and tests over the fields of a packed state.
//
//   counter < 4, counter in bits 4 … 6 of word 0     ->     less (field 4 … 6 of word 0) (constant 4)
//   mine == 2, mine in bits 7 … 9                    ->     is (field 7 … 9 of word 0) 2

import { indexCanFault, rangeOf } from '../../analyse/ranges.js';
import { constantOf, typeOf, walk } from '../../ir/expression.js';
import type { Cell, Expr, Location, Program, ThreadId } from '../../ir/program.js';
import { EngineError } from '../../search/engine_error.js';
import { type Field, fieldBounds, type Layout } from './layout.js';
import { fixed, isValue, type Local, type PlanValue, rowOf, type Test } from './value.js';

/** Up to this many locations are compared one by one. */
const locationsOfSet = 4;

/** Plans the expressions of one step or condition, and counts the locals that they need. */
export class ExpressionPlanner {
  /** How many locals there are so far. */
  locals = 0;

  readonly program: Program;
  readonly layout: Layout;

  constructor(program: Program, layout: Layout) {
    this.program = program;
    this.layout = layout;
  }

  local(): Local {
    return this.locals++;
  }

  /** The value of an expression as a number; a bool is 0 or 1. */
  value(x: Expr): PlanValue {
    switch (x.op) {
      case 'const':
        return { kind: 'constant', value: x.value };
      case 'read':
        return this.#read(x.cell);
      case 'add':
      case 'sub':
      case 'mul':
      case 'div':
      case 'mod':
        return this.#arithmetic(x);
      case 'if':
        return { kind: 'choice', test: this.test(x.x), yes: this.value(x.then), no: this.value(x.else) };
      default:
        return { kind: 'truth', test: this.test(x) };
    }
  }

  /** The truth of a bool. */
  test(x: Expr): Test {
    switch (x.op) {
      case 'const':
        return fixed(x.value !== 0);
      case 'at':
        return this.#stands(x.thread, x.locations);
      case 'not':
        return { kind: 'not', x: this.test(x.x) };
      case 'and':
      case 'or':
        return { kind: x.op, x: this.test(x.x), y: this.test(x.y) };
      case 'eq':
        return this.#equal(x.x, x.y);
      case 'lt':
        return { kind: 'less', x: this.value(x.x), y: this.value(x.y) };
      case 'le':
        return { kind: 'atMost', x: this.value(x.x), y: this.value(x.y) };
      case 'if':
        return { kind: 'choice', test: this.test(x.x), yes: this.test(x.then), no: this.test(x.else) };
      default:
        return { kind: 'nonzero', x: this.value(x) };
    }
  }

  fieldsOf({ variables }: Cell): readonly Field[] {
    return variables.map((id) => this.layout.variables[id]!);
  }

  /** The fault of an index outside a cell's variables. */
  outside({ variables }: Cell) {
    const { name } = this.program.variables[variables[0]!]!;
    return { kind: 'index', name, count: variables.length } as const;
  }

  #read(cell: Cell): PlanValue {
    const fields = this.fieldsOf(cell);
    if (cell.index === undefined) return { kind: 'field', field: fields[0]! };
    const index = constantOf(cell.index);
    if (index !== undefined) {
      const field = fields[index];
      return field === undefined
        ? { kind: 'outside', index, fault: this.outside(cell) }
        : { kind: 'field', field };
    }
    const local = this.local();
    const row = rowOf(fields);
    return {
      kind: 'element',
      fields,
      ...(row !== undefined && { row }),
      index: this.value(cell.index),
      local,
      ...(indexCanFault(cell, fieldBounds(this.layout)) && { fault: this.outside(cell) }),
    };
  }

  #stands(thread: ThreadId, locations: readonly Location[]): Test {
    const field = this.layout.threads[thread]!;
    const possible = [...new Set(locations)].filter((at) => at >= field.min && at <= field.max);
    if (field.bits === 0) return fixed(possible.length > 0);
    if (possible.length >= locationsOfSet && field.max <= 31) {
      return { kind: 'in', field, set: possible.reduce((bits, at) => bits | (1 << at), 0) };
    }
    return (
      possible.map((at) => isValue(field, at)).reduceRight<Test | undefined>(eitherOf, undefined) ??
      fixed(false)
    );
  }

  #equal(x: Expr, y: Expr): Test {
    if (x.op === 'read' && x.cell.index === undefined && y.op === 'const') {
      return isValue(this.fieldsOf(x.cell)[0]!, y.value);
    }
    return { kind: 'equal', x: this.value(x), y: this.value(y) };
  }

  #arithmetic(x: Expr & { readonly op: 'add' | 'sub' | 'mul' | 'div' | 'mod' }): PlanValue {
    const isInt32 = [x, x.x, x.y].every((part) => fitsInt32(part, this.layout));
    const divides = x.op === 'div' || x.op === 'mod';
    const by = rangeOf(x.y, fieldBounds(this.layout));
    const plain = { kind: 'arithmetic', op: x.op, isInt32 } as const;
    if (!divides || by.min > 0 || by.max < 0) return { ...plain, x: this.value(x.x), y: this.value(x.y) };
    const checked = { x: this.local(), y: this.local(), fault: { kind: 'division' } } as const;
    return { ...plain, x: this.value(x.x), y: this.value(x.y), checked };
  }
}

const eitherOf = (rest: Test | undefined, x: Test): Test =>
  rest === undefined ? x : { kind: 'or', x, y: rest };

const fitsInt32 = (x: Expr, layout: Layout): boolean => {
  const { min, max } = rangeOf(x, fieldBounds(layout));
  return min >= -(2 ** 31) && max < 2 ** 31;
};

/** Refuses what numbers in JavaScript cannot hold exactly. */
export function requireExact(x: Expr, layout: Layout, where: string): void {
  walk(x, (y) => {
    if (typeOf(y) !== 'int') return;
    const { min, max } = rangeOf(y, fieldBounds(layout));
    if (max < min || (max <= Number.MAX_SAFE_INTEGER && min >= Number.MIN_SAFE_INTEGER)) return;
    throw new EngineError(`${where} computes numbers beyond 2^53`);
  });
}

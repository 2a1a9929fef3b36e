// What a plan computes, as data: values and tests over the fields of a packed state. It has no variables, domains or
// threads, only bits of words, so an emitter translates node by node and makes no decisions.
//
//   page[i] + 1     ->     arithmetic add (element of row at 3, 5, 7 by field i) (constant 1)
//
// A node whose evaluation can fail carries the fault; a fault has the value 0, and evaluation continues.

import type { Arithmetic } from '../../ir/expression.js';
import type { VariableId } from '../../ir/program.js';
import type { Field } from './layout.js';

/** A temporary of a step or a condition, by number: each is assigned in one place only. */
export type Local = number;

/** Why a value or a step has no value. */
export type Fault =
  /** The index is outside 0 … count - 1 of the variable with this name and those behind it. */
  | { readonly kind: 'index'; readonly name: string; readonly count: number }
  | { readonly kind: 'division' }
  /** The value is outside the domain of the variable; of the one that `index` names, where there are several. */
  | { readonly kind: 'domain'; readonly variables: readonly VariableId[]; readonly index?: Local };

/** Fields of one shape in one word, at equal distances: the field with index i is shifted by first.shift + i * distance. */
export interface FieldRow {
  readonly first: Field;
  readonly distance: number;
}

/** A whole number, exact up to 2^53. */
export type PlanValue =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'local'; readonly local: Local }
  /** One of several fields; `local` holds the index. Without a fault the index is always in range. */
  | {
      readonly kind: 'element';
      readonly fields: readonly Field[];
      readonly row?: FieldRow;
      readonly index: PlanValue;
      readonly local: Local;
      readonly fault?: Fault;
    }
  /** An index that is a constant outside its array. */
  | { readonly kind: 'outside'; readonly index: number; readonly fault: Fault }
  /** `isInt32`: the operands and the result fit into 32 bits with a sign. */
  | {
      readonly kind: 'arithmetic';
      readonly op: Arithmetic;
      readonly x: PlanValue;
      readonly y: PlanValue;
      readonly isInt32: boolean;
      /** Where the divisor can be 0: locals for both operands, which are computed in this order. */
      readonly checked?: { readonly x: Local; readonly y: Local; readonly fault: Fault };
    }
  | { readonly kind: 'choice'; readonly test: Test; readonly yes: PlanValue; readonly no: PlanValue }
  /** 1 where the test is true, else 0. */
  | { readonly kind: 'truth'; readonly test: Test };

export type Test =
  | { readonly kind: 'fixed'; readonly value: boolean }
  /** Does a field hold a value? The value is in its range, and the field has bits. */
  | { readonly kind: 'is'; readonly field: Field; readonly value: number }
  /** Is the value of a field the number of a bit that is set? It is below 32. */
  | { readonly kind: 'in'; readonly field: Field; readonly set: number }
  | { readonly kind: 'not'; readonly x: Test }
  /** The right side is evaluated only where the left does not decide. */
  | { readonly kind: 'and' | 'or'; readonly x: Test; readonly y: Test }
  | { readonly kind: 'equal' | 'less' | 'atMost'; readonly x: PlanValue; readonly y: PlanValue }
  | { readonly kind: 'choice'; readonly test: Test; readonly yes: Test; readonly no: Test }
  | { readonly kind: 'nonzero'; readonly x: PlanValue };

export const fixed = (value: boolean): Test => ({ kind: 'fixed', value });

/** The test whether a field holds a value. */
export function isValue(field: Field, value: number): Test {
  if (value < field.min || value > field.max) return fixed(false);
  return field.bits === 0 ? fixed(true) : { kind: 'is', field, value };
}

/** The row that the fields form; undefined if they form none. */
export function rowOf(fields: readonly Field[]): FieldRow | undefined {
  const [first, second] = fields;
  if (first === undefined || second === undefined || first.bits === 0) return undefined;
  const distance = second.shift - first.shift;
  const regular = fields.every(
    ({ word, bits, min, shift }, i) =>
      word === first.word && bits === first.bits && min === first.min && shift === first.shift + i * distance,
  );
  return regular ? { first, distance } : undefined;
}

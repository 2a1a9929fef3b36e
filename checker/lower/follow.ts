// From a place to its cell: its fields and indices, followed into the variables of a variable of the model.

import { ModelError, type SourceLocation } from '../../models/language/index.js';
import { and, arithmetic, constantOf, ifElse, int, less } from '../ir/expression.js';
import type { Expr } from '../ir/program.js';
import type { RecordSlot, Slot } from './state_variables.js';

/** One step of a place's path, already folded: a field name or an index. */
export type PathStep = string | Expr;
export interface SlotCell {
  /** The slots that the place may be; `index` selects among them. */
  readonly slots: readonly Slot[];
  readonly index: Expr | undefined;
  /** The place as the model writes it. */
  readonly text: readonly (string | Expr)[];
}

/** Follows a path into a slot. A constant index is checked here, any other index when the step is taken. */
export function follow(
  slot: Slot,
  path: readonly PathStep[],
  name: string,
  at: SourceLocation | undefined,
): SlotCell {
  let slots: readonly Slot[] = [slot];
  let index: Expr | undefined;
  const text: (string | Expr)[] = [name];
  for (const step of path) {
    if (typeof step === 'string') {
      slots = slots.map((inner) =>
        inner.kind === 'array' ? inner.length! : (inner as RecordSlot).fields.get(step)!,
      );
      text.push(`.${step}`);
      continue;
    }
    const arrays = slots as readonly Extract<Slot, { kind: 'array' }>[];
    const length = arrays[0]!.elements.length;
    const constant = constantOf(step);
    if (constant === undefined) {
      slots = arrays.flatMap((inner) => inner.elements);
      index = index === undefined ? step : nested(index, step, length);
    } else if (constant >= 0 && constant < length) {
      slots = arrays.map((inner) => inner.elements[constant]!);
    } else {
      const array = text.map((part) => (typeof part === 'string' ? part : '…')).join('');
      if (arrays[0]!.open !== undefined) {
        const problem = `${array}.at(${constant}): ${arrays[0]!.open} is left open, and may be 1`;
        throw new ModelError(`${problem}, so there may be no such element`, at);
      }
      throw new ModelError(`${array}.at(${constant}): the array has the indices 0 … ${length - 1}`, at);
    }
    text.push('[', step, ']');
  }
  return { slots, index, text };
}

/** The index of an element of an inner array: -1, which is out of range, where the inner index is out of range. */
const nested = (outer: Expr, inner: Expr, length: number): Expr =>
  ifElse(
    and(less('le', int(0), inner), less('lt', inner, int(length))),
    arithmetic('add', arithmetic('mul', outer, int(length)), inner),
    int(-1),
  );

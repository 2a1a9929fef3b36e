// Values and tests of a plan as JavaScript over the words of a state, w0, w1, …, and locals, t0, t1, …
//
//   less (field 4 … 6 of word 0) (constant 4)     ->     (w0 >>> 4 & 7) < 4
//   is (field 7 … 9 of word 0) 2                  ->     (w0 & 896) === 256
//
// A fault sets `fault` and has the value 0.

import { type Field, maskOf, placed } from '../plan/layout.js';
import type { FieldRow, PlanValue, Test } from '../plan/value.js';

const flagged = '(fault = 1, 0)';

/** A number as a literal that may stand anywhere. */
export const literal = (value: number): string => (value < 0 ? `(${value})` : String(value + 0));

/** The text of a value as a number. */
export function valueText(x: PlanValue): string {
  switch (x.kind) {
    case 'constant':
      return literal(x.value);
    case 'field':
      return fieldText(x.field);
    case 'local':
      return `t${x.local}`;
    case 'element':
      return elementText(x);
    case 'outside':
      return flagged;
    case 'arithmetic':
      return arithmeticText(x);
    case 'choice':
      return `(${testText(x.test)} ? ${valueText(x.yes)} : ${valueText(x.no)})`;
    case 'truth':
      return `(${testText(x.test)} ? 1 : 0)`;
  }
}

/** The text of a test as a condition. */
export function testText(x: Test): string {
  switch (x.kind) {
    case 'fixed':
      return String(x.value);
    case 'is':
      return `((w${x.field.word} & ${maskOf(x.field)}) === ${literal(placed(x.field, x.value))})`;
    case 'in':
      return `((${x.set} >>> ${fieldText(x.field)} & 1) !== 0)`;
    case 'not':
      return `!${testText(x.x)}`;
    case 'and':
      return `(${testText(x.x)} && ${testText(x.y)})`;
    case 'or':
      return `(${testText(x.x)} || ${testText(x.y)})`;
    case 'equal':
      return `(${valueText(x.x)} === ${valueText(x.y)})`;
    case 'less':
      return `(${valueText(x.x)} < ${valueText(x.y)})`;
    case 'atMost':
      return `(${valueText(x.x)} <= ${valueText(x.y)})`;
    case 'choice':
      return `(${testText(x.test)} ? ${testText(x.yes)} : ${testText(x.no)})`;
    case 'nonzero':
      return `(${valueText(x.x)} !== 0)`;
  }
}

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
  return offsetText(raw, min);
}

/** How far the field of a row is shifted whose index this is. */
export function rowShift({ first, distance }: FieldRow, index: string): string {
  const far = distance === 1 ? index : `${index} * ${literal(distance)}`;
  return first.shift === 0 ? `(${far})` : `(${far} + ${first.shift})`;
}

/** The value in a local or constant, put where a field has its bits. */
export function placedText({ shift, min }: Field, value: string): string {
  return `${min === 0 ? value : `(${value} - ${literal(min)})`} << ${shift}`;
}

const offsetText = (raw: string, min: number): string => {
  if (min === 0) return raw;
  return min < 0 ? `(${raw} - ${-min})` : `(${raw} + ${min})`;
};

function elementText({ fields, row, index, local, fault }: PlanValue & { readonly kind: 'element' }): string {
  const held = `t${local}`;
  const first = `(${held} = ${valueText(index)})`;
  if (row !== undefined) {
    const { word, bits, min } = row.first;
    const value = offsetText(`(w${word} >>> ${rowShift(row, held)} & ${(1 << bits) - 1})`, min);
    return fault === undefined
      ? `(${first}, ${value})`
      : `(${first} >= 0 && ${held} < ${fields.length} ? ${value} : ${flagged})`;
  }
  const choices = fields.map(fieldText);
  const last = fault === undefined ? choices.pop()! : flagged;
  const chain = choices.map((text, i) => `${i === 0 ? first : held} === ${i} ? ${text} : `).join('');
  return chain === '' ? `(${first}, ${last})` : `(${chain}${last})`;
}

function arithmeticText({ op, x, y, isInt32, checked }: PlanValue & { readonly kind: 'arithmetic' }): string {
  const [a, b] = [valueText(x), valueText(y)];
  switch (op) {
    case 'add':
      return `(${a} + ${b})`;
    case 'sub':
      return `(${a} - ${b})`;
    case 'mul':
      return isInt32 ? `Math.imul(${a}, ${b})` : `(${a} * ${b})`;
    case 'div':
    case 'mod': {
      const sign = op === 'div' ? '/' : '%';
      // Adding 0 turns -0 into 0.
      const whole = (p: string, q: string) =>
        isInt32 ? `(${p} ${sign} ${q} | 0)` : `(Math.trunc(${p} ${sign} ${q}) + 0)`;
      if (checked === undefined) return whole(a, b);
      const [p, q] = [`t${checked.x}`, `t${checked.y}`];
      return `((${p} = ${a}), (${q} = ${b}) === 0 ? ${flagged} : ${whole(p, q)})`;
    }
  }
}

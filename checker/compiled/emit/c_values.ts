// Values and tests of a plan as C over the words of a state, uint32_t w0, w1, …, and locals, int64_t t0, t1, …
//
//   less (field 4 … 6 of word 0) (constant 4)     ->     NUM(w0 >> 4 & 0x7u) < 4
//   is (field 7 … 9 of word 0) 2                  ->     (w0 & 0x380u) == 0x100u
//
// All numbers have 64 bits, so no computation of a plan overflows. A fault calls fail(), which returns 0.

import { type Field, maskOf, placed } from '../plan/layout.js';
import type { FieldRow, PlanValue, Test } from '../plan/value.js';

/** A number as a literal that may stand anywhere. */
export const literal = (value: number): string => (value < 0 ? `(${value})` : String(value + 0));

/** The bits of a word as an unsigned literal. */
export const bitsText = (bits: number): string => `0x${(bits >>> 0).toString(16)}u`;

/** A field's bits, all 1, at the low end of a word. */
const lowMask = ({ bits }: Field): string => bitsText(bits === 32 ? -1 : (1 << bits) - 1);

const operators = { add: '+', sub: '-', mul: '*', div: '/', mod: '%' } as const;

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
      return 'fail()';
    case 'arithmetic': {
      const { checked } = x;
      const [a, b] = [valueText(x.x), valueText(x.y)];
      if (checked === undefined) return `(${a} ${operators[x.op]} ${b})`;
      const [p, q] = [`t${checked.x}`, `t${checked.y}`];
      return `((${p} = ${a}), (${q} = ${b}) == 0 ? fail() : ${p} ${operators[x.op]} ${q})`;
    }
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
      return x.value ? '1' : '0';
    case 'is':
      return `((w${x.field.word} & ${bitsText(maskOf(x.field))}) == ${bitsText(placed(x.field, x.value))})`;
    case 'in':
      return `((${bitsText(x.set)} >> ${fieldText(x.field)} & 1) != 0)`;
    case 'not':
      return `!${testText(x.x)}`;
    case 'and':
      return `(${testText(x.x)} && ${testText(x.y)})`;
    case 'or':
      return `(${testText(x.x)} || ${testText(x.y)})`;
    case 'equal':
      return `(${valueText(x.x)} == ${valueText(x.y)})`;
    case 'less':
      return `(${valueText(x.x)} < ${valueText(x.y)})`;
    case 'atMost':
      return `(${valueText(x.x)} <= ${valueText(x.y)})`;
    case 'choice':
      return `(${testText(x.test)} ? ${testText(x.yes)} : ${testText(x.no)})`;
    case 'nonzero':
      return `(${valueText(x.x)} != 0)`;
  }
}

/** The value of a field as a number. */
export function fieldText(field: Field): string {
  const { word, shift, bits, min } = field;
  if (bits === 0) return literal(min);
  const moved = shift === 0 ? `w${word}` : `w${word} >> ${shift}`;
  return offsetText(shift + bits === 32 ? `NUM(${moved})` : `NUM(${moved} & ${lowMask(field)})`, min);
}

/** A value put where a field has its bits. */
export const placedText = ({ shift, min }: Field, value: string): string =>
  `(uint32_t)(${min === 0 ? value : `${value} - ${literal(min)}`}) << ${shift}`;

/** How far the field of a row is shifted whose index this is. */
export const rowShift = ({ first, distance }: FieldRow, index: string): string =>
  `(${index} * ${literal(distance)} + ${first.shift})`;

/** The field of a row in a word, by its shift: the bits to clear, and the bits to set. */
export const rowMask = ({ first }: FieldRow, shift: string): string => `(${lowMask(first)} << ${shift})`;

const offsetText = (raw: string, min: number): string => {
  if (min === 0) return raw;
  return min < 0 ? `(${raw} - ${-min})` : `(${raw} + ${min})`;
};

function elementText({ fields, row, index, local, fault }: PlanValue & { readonly kind: 'element' }): string {
  const held = `t${local}`;
  const first = `(${held} = ${valueText(index)})`;
  if (row !== undefined) {
    const { word, min } = row.first;
    const value = offsetText(`NUM(w${word} >> ${rowShift(row, held)} & ${lowMask(row.first)})`, min);
    return fault === undefined
      ? `(${first}, ${value})`
      : `(${first} >= 0 && ${held} < ${fields.length} ? ${value} : fail())`;
  }
  const choices = fields.map(fieldText);
  const last = fault === undefined ? choices.pop()! : 'fail()';
  const chain = choices.map((text, i) => `${held} == ${i} ? ${text} : `).join('');
  return `(${first}, ${chain}${last})`;
}

// Writes the code of steps: one function for each thread that appends all successors of a state to the batch. It
// looks where the thread stands first, so a state costs little more than the steps that are enabled in it.
//
//   function expand0(s, at, number, n) {          s[at] is the first word of the state with this number;
//     const w0 = s[at], w1 = s[at + 1];           the batch has n entries filled already
//     switch (w0 & 3) {
//       case 0: …
//
// A batch record is the words of a successor and a mark: the number of the state it comes from or, for a search that
// wants to know the way, the step that was taken.

import { constantOf, isTrue, typeOfDomain, valueText } from '../../ir/expression.js';
import type { Assignment, Program, Step, Thread } from '../../ir/program.js';
import { domainText } from '../../ir/text.js';
import { type Field, type Layout, maskOf } from '../layout.js';
import { indexCanFault, rangeOf } from '../plan/ranges.js';
import { Code } from './code.js';
import {
  canFault,
  ExpressionWriter,
  fieldText,
  flagFault,
  isText,
  literal,
  placed,
  requireExact,
  rowOf,
  rowShift,
  throwFault,
} from './expressions.js';

/** A function larger than this stays interpreted: the optimising compiler stops at 60 kB of bytecode. */
const charactersMax = 40_000;

/** Declares the words of the state at `s[at]`. */
export const wordsText = ({ words }: Layout): string =>
  `const ${Array.from({ length: words }, (_, k) => `w${k} = s[at${k === 0 ? '' : ` + ${k}`}]`).join(', ')};`;

/** What the last number of a batch record says of a successor. */
export type Mark = 'parent' | 'step';

/** Writes the functions of a thread; returns the name of the one to call. */
export function writeThread(
  code: Code,
  thread: Thread,
  program: Program,
  layout: Layout,
  mark: Mark,
): string {
  const field = layout.threads[thread.id]!;
  const steps = program.steps.filter((step) => step.thread === thread.id);
  const here = [...new Set(steps.map(({ from }) => from))]
    .filter((at) => at >= field.min && at <= field.max)
    .sort((a, b) => a - b);
  const cases = here.map((at) => {
    const writer = new ExpressionWriter(program, layout, flagFault);
    const body = new Code();
    for (const step of steps) if (step.from === at) writeStep(body, step, writer, mark);
    return { at, writer, text: body.text };
  });
  const parts = chunks(cases, ({ text }) => text.length);
  const name = (i: number) => `expand${thread.id}${i === 0 ? '' : `_${i}`}`;
  parts.forEach((part, i) => {
    code.block(`function ${name(i)}(s, at, number, n)`, () => {
      code.write(wordsText(layout), 'let fault = 0;');
      writeDispatch(code, field, part);
      code.write(i + 1 < parts.length ? `return ${name(i + 1)}(s, at, number, n);` : 'return n;');
    });
  });
  return name(0);
}

interface Case {
  readonly at: number;
  readonly writer: ExpressionWriter;
  readonly text: string;
}

function writeDispatch(code: Code, field: Field, cases: readonly Case[]): void {
  const one = ({ writer, text }: Case) => {
    code.write(...writer.declarations, ...text.split('\n'), 'return n;');
  };
  if (field.bits === 0) {
    cases.forEach(one);
    return;
  }
  // Small dense numbers, so that the compiler makes a jump table of it.
  code.block(`switch (${fieldText(field)})`, () => {
    for (const each of cases) code.block(`case ${each.at}:`, () => one(each));
  });
}

/** Splits a list so that each part stays below the size that is still compiled; at least one part. */
function chunks<T>(all: readonly T[], size: (x: T) => number): readonly (readonly T[])[] {
  const parts: T[][] = [[]];
  let total = 0;
  for (const x of all) {
    if (total + size(x) > charactersMax && total > 0) {
      parts.push([]);
      total = 0;
    }
    parts.at(-1)!.push(x);
    total += size(x);
  }
  return parts;
}

function writeStep(code: Code, step: Step, writer: ExpressionWriter, mark: Mark): void {
  const { layout } = writer;
  requireExact(step.guard, layout, step.label);
  const guard = writer.truth(step.guard);
  const take = () => writeTaking(code, step, writer, mark);
  if (canFault(step.guard, layout)) {
    const enabled = writer.temporary();
    code.write('fault = 0;', `${enabled} = ${guard};`);
    code.block('if (fault !== 0)', () => code.write(`onFault(number, ${step.id});`));
    code.block(`else if (${enabled})`, take);
  } else if (isTrue(step.guard)) {
    code.block('', take);
  } else {
    code.block(`if (${guard})`, take);
  }
}

function writeTaking(code: Code, step: Step, writer: ExpressionWriter, mark: Mark): void {
  const { layout } = writer;
  const risky = step.assignments.some((assignment) => assignmentCanFault(assignment, layout));
  const body = new Code();
  if (risky) body.write('fault = 0;');
  const writes = step.assignments.map((assignment) => writeValue(body, assignment, writer));
  code.write(...body.text.split('\n').filter((line) => line !== ''));
  const store = () => {
    writeWords(code, step, writes, layout, mark);
    if (step.reports !== undefined)
      code.write(`if (openSteps[${step.id}] !== 0) onReport(number, ${step.id});`);
  };
  if (!risky) {
    store();
    return;
  }
  code.block('if (fault !== 0)', () => code.write(`onFault(number, ${step.id});`));
  code.block('else', store);
}

function assignmentCanFault({ target, value }: Assignment, layout: Layout): boolean {
  if (indexCanFault(target, layout) || canFault(value, layout)) return true;
  const { min, max } = rangeOf(value, layout);
  return target.variables.some((id) => min < layout.variables[id]!.min || max > layout.variables[id]!.max);
}

/** What a step writes: into one field, or into one of several by an index that a variable holds. */
interface FixedWrite {
  readonly field: Field;
  readonly value: number | string;
}
interface IndexedWrite {
  readonly fields: readonly Field[];
  readonly index: string;
  readonly value: string;
}
type Write = FixedWrite | IndexedWrite;

/** Writes the checks of an assignment, and the value into a variable unless it is a constant. */
function writeValue(code: Code, { target, value }: Assignment, writer: ExpressionWriter): Write {
  const { layout } = writer;
  requireExact(value, layout, 'an assignment');
  const fields = target.variables.map((id) => layout.variables[id]!);
  const index = target.index === undefined ? 0 : (constantOf(target.index) ?? target.index);
  const range = rangeOf(value, layout);
  const fixed = constantOf(value);
  const hold = (text: string): string => {
    const name = writer.temporary();
    code.write(`${name} = ${text};`);
    return name;
  };
  const check = (text: string, { min, max }: Field, when = '') => {
    const wrong = [
      ...(range.min < min ? [`${text} < ${literal(min)}`] : []),
      ...(range.max > max ? [`${text} > ${literal(max)}`] : []),
    ];
    if (wrong.length > 0) code.write(`if (${when}(${wrong.join(' || ')})) fault = 1;`);
  };
  if (typeof index === 'number') {
    const field = fields[index];
    if (field === undefined) {
      code.write('fault = 1;');
      return { field: { word: 0, shift: 0, bits: 0, min: 0, max: 0 }, value: 0 };
    }
    const text = fixed === undefined ? hold(writer.number(value)) : literal(fixed);
    check(text, field);
    return { field, value: fixed ?? text };
  }
  requireExact(index, layout, 'an index');
  const place = hold(writer.number(index));
  if (indexCanFault(target, layout)) {
    code.write(`if (${place} < 0 || ${place} >= ${fields.length}) fault = 1;`);
  }
  const text = hold(writer.number(value));
  const alike = fields.every(({ min, max }) => min === fields[0]!.min && max === fields[0]!.max);
  if (alike) check(text, fields[0]!);
  else {
    fields.forEach((field, i) => {
      check(text, field, `${place} === ${i} && `);
    });
  }
  return { fields, index: place, value: text };
}

/** Writes the successor into the batch. */
function writeWords(code: Code, step: Step, writes: readonly Write[], layout: Layout, mark: Mark): void {
  const own = layout.threads[step.thread]!;
  const all: Write[] = [...(step.from === step.to ? [] : [{ field: own, value: step.to }]), ...writes];
  const fixed = all.filter((write) => 'field' in write);
  const indexed = all.filter((write) => 'fields' in write);
  const texts = Array.from({ length: layout.words }, (_, word) => wordText(word, fixed));
  if (indexed.length > 0) {
    const touched = new Set(indexed.flatMap(({ fields }) => fields.map(({ word }) => word)));
    for (const word of touched) {
      code.write(`let x${word} = ${texts[word]};`);
      texts[word] = `x${word}`;
    }
    for (const write of indexed) writeIndexed(code, write);
  }
  texts.forEach((text, word) => {
    code.write(`batch[n${word === 0 ? '' : ` + ${word}`}] = ${text};`);
  });
  const marked = mark === 'step' ? step.id : 'number';
  code.write(`batch[n + ${layout.words}] = ${marked};`, `n += ${layout.words + 1};`);
}

/** A word with some of its fields replaced: all constants in one go. */
function wordText(word: number, writes: readonly FixedWrite[]): string {
  let cleared = 0;
  let set = 0;
  const variable: string[] = [];
  for (const { field, value } of writes) {
    if (field.word !== word || field.bits === 0) continue;
    cleared |= maskOf(field);
    if (typeof value === 'number') set |= placed(field, value);
    else variable.push(placedText(field, value));
  }
  if (cleared === 0) return `w${word}`;
  const kept = cleared === -1 ? [] : [`w${word} & ${literal(~cleared)}`];
  const parts = [...kept, ...(set === 0 ? [] : [literal(set)]), ...variable];
  return parts.length === 0 ? '0' : parts.join(' | ');
}

function placedText({ shift, min }: Field, value: string): string {
  const raw = min === 0 ? value : `(${value} - ${literal(min)})`;
  return `${raw} << ${shift}`;
}

function writeIndexed(code: Code, { fields, index, value }: IndexedWrite): void {
  const row = rowOf(fields);
  if (row !== undefined) {
    const { word, bits, min } = row.first;
    const shift = rowShift(row, index);
    const raw = min === 0 ? value : `(${value} - ${literal(min)})`;
    code.write(`x${word} = x${word} & ~(${(1 << bits) - 1} << ${shift}) | ${raw} << ${shift};`);
    return;
  }
  code.block(`switch (${index})`, () => {
    fields.forEach((field, i) => {
      if (field.bits === 0) return;
      const { word } = field;
      const kept = field.bits === 32 ? '' : `x${word} & ${literal(~maskOf(field))} | `;
      code.write(`case ${i}: x${word} = ${kept}${placedText(field, value)}; break;`);
    });
  });
}

/** Writes a function that throws the fault of a step in a state, in the order in which the reference meets it. */
export function writeExplanation(code: Code, step: Step, program: Program, layout: Layout): void {
  const writer = new ExpressionWriter(program, layout, throwFault);
  const body = new Code();
  body.write(`if (!${writer.truth(step.guard)}) return;`);
  for (const { target, value } of step.assignments) {
    const place = writer.temporary();
    const held = writer.temporary();
    body.write(`${place} = ${target.index === undefined ? '0' : writer.number(target.index)};`);
    const inside = `${place} >= 0 && ${place} < ${target.variables.length}`;
    body.write(`if (!(${inside})) ${writer.outside(place, target)};`, `${held} = ${writer.number(value)};`);
    target.variables.forEach((id, i) => {
      body.write(`if (${place} === ${i}) inDomain(${id}, ${held});`);
    });
  }
  code.write(wordsText(layout), ...writer.declarations, ...body.text.split('\n'));
}

/** The fault of a value that its variable cannot hold. */
export function domainFault(program: Program, id: number, value: number): string {
  const { name, domain } = program.variables[id]!;
  return `${name} would become ${valueText(value, typeOfDomain(domain))}, outside ${domainText(domain)}`;
}

export { isText };

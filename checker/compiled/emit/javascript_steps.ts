// The plans of a thread as JavaScript: a function that appends all successors of a state to the batch. It branches on
// the thread's location first, so a state costs little more than the steps that are enabled in it.
//
//   function expand0(s, at, number, n) {          s[at] is the first word of the state with this number;
//     const w0 = s[at], w1 = s[at + 1];           the batch has n entries filled already
//     switch (w0 & 3) {
//       case 0: …
//
// A batch record is the words of a successor and a mark: the number of the state it comes from or, for a search that
// wants the path, the step that was taken.

import { type Layout, maskOf } from '../plan/layout.js';
import type { LockPlacePlan } from '../plan/lock_cycle.js';
import type { ThreadPlan } from '../plan/program.js';
import type { Action, IndexedWrite, StepPlan, WordWrite } from '../plan/step.js';
import { Code, commentText } from './code.js';
import { fieldText, literal, placedText, rowShift, testText, valueText } from './javascript_values.js';

/** A function larger than this stays interpreted: the optimising compiler stops at 60 kB of bytecode. */
const charactersMax = 40_000;

/** The meaning of the last number of a batch record. */
export type Mark = 'parent' | 'step';

/** How successors are written. */
export interface SuccessorStyle {
  readonly layout: Layout;
  readonly mark: Mark;
  /** Statements that run where a step has a fault. */
  readonly onFault: string;
}

/** Declares the words of the state at `s[at]`. */
export const wordsText = (words: number): string =>
  `const ${Array.from({ length: words }, (_, k) => `w${k} = s[at${k === 0 ? '' : ` + ${k}`}]`).join(', ')};`;

/** Declares locals 0, 1, … */
export const localsText = (locals: number): readonly string[] =>
  locals === 0 ? [] : [`let ${Array.from({ length: locals }, (_, i) => `t${i}`).join(', ')};`];

/**
 * Writes the functions of a thread; returns the name of the one to call. `noteAt` writes the code that runs last at a
 * location, where `first` is the value of `n` before its steps; undefined where there is none.
 */
export function writeThread(
  code: Code,
  { thread, field, locations }: ThreadPlan,
  style: SuccessorStyle,
  noteAt: (at: LockPlacePlan['at']) => string | undefined,
): string {
  const cases = locations.map(({ at, steps }): LocationCode => {
    const body = new Code();
    const note = noteAt(at);
    if (note !== undefined) body.write('const first = n;');
    for (const step of steps) writeStep(body, step, style);
    if (note !== undefined) body.write(note);
    return { at, locals: Math.max(0, ...steps.map(({ locals }) => locals)), text: body.text };
  });
  const parts = chunks(cases, ({ text }) => text.length);
  const name = (i: number) => `expand${thread}${i === 0 ? '' : `_${i}`}`;
  parts.forEach((part, i) => {
    code.block(`function ${name(i)}(s, at, number, n)`, () => {
      code.write(wordsText(style.layout.words), 'let fault = 0;');
      if (field.bits === 0) for (const each of part) writeCase(code, each);
      else writeDispatch(code, fieldText(field), part);
      code.write(i + 1 < parts.length ? `return ${name(i + 1)}(s, at, number, n);` : 'return n;');
    });
  });
  return name(0);
}

/** The code for a thread that stands at a location. */
interface LocationCode {
  readonly at: number;
  readonly locals: number;
  readonly text: string;
}

/** Small dense numbers, so that the compiler makes a jump table of it. */
function writeDispatch(code: Code, location: string, cases: readonly LocationCode[]): void {
  code.block(`switch (${location})`, () => {
    for (const each of cases) code.block(`case ${each.at}:`, () => writeCase(code, each));
  });
}

function writeCase(code: Code, { locals, text }: LocationCode): void {
  code.write(...localsText(locals), ...text.split('\n'), 'return n;');
}

/** Splits a list so that each part stays below the size that is still optimised; at least one part. */
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

function writeStep(code: Code, step: StepPlan, style: SuccessorStyle): void {
  const guard = testText(step.guard);
  const take = () => writeTaking(code, step, style);
  code.write(`// ${commentText(step.label)}`);
  if (step.guardCanFault) {
    code.block('', () => {
      code.write('fault = 0;', `const enabled = ${guard};`);
      code.block('if (fault !== 0)', () => code.write(`${style.onFault}onFault(number, ${step.id});`));
      code.block('else if (enabled)', take);
    });
  } else {
    code.block(guard === 'true' ? '' : `if (${guard})`, take);
  }
}

function writeTaking(code: Code, step: StepPlan, style: SuccessorStyle): void {
  if (step.actionsCanFault) code.write('fault = 0;');
  for (const action of step.actions) code.write(actionText(action));
  const store = () => {
    writeSuccessor(code, step, style);
    if (step.reports) code.write(`if (openSteps[${step.id}] !== 0) onReport(number, ${step.id});`);
  };
  if (!step.actionsCanFault) {
    store();
    return;
  }
  code.block('if (fault !== 0)', () => code.write(`${style.onFault}onFault(number, ${step.id});`));
  code.block('else', store);
}

function actionText(action: Action): string {
  switch (action.kind) {
    case 'compute':
      return `t${action.local} = ${valueText(action.value)};`;
    case 'check': {
      const { when, min, max } = action;
      const value = valueText(action.value);
      const wrong = [
        ...(min === undefined ? [] : [`${value} < ${literal(min)}`]),
        ...(max === undefined ? [] : [`${value} > ${literal(max)}`]),
      ].join(' || ');
      return `if (${when === undefined ? wrong : `t${when.local} === ${when.is} && (${wrong})`}) fault = 1;`;
    }
    case 'fail':
      return 'fault = 1;';
  }
}

/** Writes the successor into the batch. */
function writeSuccessor(
  code: Code,
  { id, words, indexed }: StepPlan,
  { layout, mark }: SuccessorStyle,
): void {
  const texts = Array.from({ length: layout.words }, (_, word) => `w${word}`);
  for (const write of words) texts[write.word] = wordText(write);
  for (const word of new Set(indexed.flatMap(({ fields }) => fields.map((field) => field.word)))) {
    code.write(`let x${word} = ${texts[word]};`);
    texts[word] = `x${word}`;
  }
  for (const write of indexed) writeIndexed(code, write);
  texts.forEach((text, word) => {
    code.write(`batch[n${word === 0 ? '' : ` + ${word}`}] = ${text};`);
  });
  const marked = mark === 'step' ? id : 'number';
  code.write(`batch[n + ${layout.words}] = ${marked};`, `n += ${layout.words + 1};`);
}

/** A word with some of its fields replaced: all constants in one go. */
function wordText({ word, cleared, set, fields }: WordWrite): string {
  const kept = cleared === -1 ? [] : [`w${word} & ${literal(~cleared)}`];
  const placed = fields.map(({ field, local }) => placedText(field, `t${local}`));
  const parts = [...kept, ...(set === 0 ? [] : [literal(set)]), ...placed];
  return parts.length === 0 ? '0' : parts.join(' | ');
}

function writeIndexed(code: Code, { fields, row, index, local }: IndexedWrite): void {
  const value = `t${local}`;
  if (row !== undefined) {
    const { word, bits, min } = row.first;
    const shift = rowShift(row, `t${index}`);
    const raw = min === 0 ? value : `(${value} - ${literal(min)})`;
    code.write(`x${word} = x${word} & ~(${(1 << bits) - 1} << ${shift}) | ${raw} << ${shift};`);
    return;
  }
  code.block(`switch (t${index})`, () => {
    fields.forEach((field, i) => {
      if (field.bits === 0) return;
      const { word } = field;
      const kept = field.bits === 32 ? '' : `x${word} & ${literal(~maskOf(field))} | `;
      code.write(`case ${i}: x${word} = ${kept}${placedText(field, value)}; break;`);
    });
  });
}

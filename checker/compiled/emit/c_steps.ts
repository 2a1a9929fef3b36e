// The plans of a thread as C: a function that appends the successors of a state to `batch`, and counts faults.

import { maskOf } from '../plan/layout.js';
import type { ThreadPlan } from '../plan/program.js';
import type { Action, IndexedWrite, StepPlan, WordWrite } from '../plan/step.js';
import {
  bitsText,
  fieldText,
  literal,
  placedText,
  rowMask,
  rowShift,
  testText,
  valueText,
} from './c_values.js';
import { type Code, commentText } from './code.js';

/** Writes the function of a thread; returns its name. */
export function writeThread(code: Code, { thread, field, locations }: ThreadPlan, words: number): string {
  const name = `expand${thread}`;
  code.block(`static int ${name}(const uint32_t *s, int number, int n)`, () => {
    const all = Array.from({ length: words }, (_, k) => k);
    code.write(`const uint32_t ${all.map((k) => `w${k} = s[${k}]`).join(', ')};`);
    code.block(`switch (${fieldText(field)})`, () => {
      for (const { at, steps } of locations) {
        code.block(`case ${at}:`, () => {
          for (const step of steps) writeStep(code, step, words);
          code.write('return n;');
        });
      }
    });
    code.write('return n;');
  });
  return name;
}

function writeStep(code: Code, step: StepPlan, words: number): void {
  code.write(`// ${commentText(step.label)}`);
  code.block('', () => {
    if (step.locals > 0) {
      code.write(`int64_t ${Array.from({ length: step.locals }, (_, i) => `t${i}`).join(', ')};`);
    }
    const guard = testText(step.guard);
    const take = () => writeTaking(code, step, words);
    if (step.guardCanFault) {
      code.write('fault = 0;', `const int enabled = ${guard};`, 'if (fault) faults++;');
      code.block('else if (enabled)', take);
    } else if (guard === '1') take();
    else code.block(`if (${guard})`, take);
  });
}

function writeTaking(code: Code, step: StepPlan, words: number): void {
  if (step.actionsCanFault) code.write('fault = 0;');
  for (const action of step.actions) code.write(actionText(action));
  const store = () => writeSuccessor(code, step, words);
  if (step.actionsCanFault) {
    code.write('if (fault) faults++;');
    code.block('else', store);
  } else store();
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
      return `if (${when === undefined ? wrong : `t${when.local} == ${when.is} && (${wrong})`}) fault = 1;`;
    }
    case 'fail':
      return 'fault = 1;';
  }
}

function writeSuccessor(code: Code, { words, indexed }: StepPlan, count: number): void {
  const texts = Array.from({ length: count }, (_, word) => `w${word}`);
  for (const write of words) texts[write.word] = wordText(write);
  for (const word of new Set(indexed.flatMap(({ fields }) => fields.map((field) => field.word)))) {
    code.write(`uint32_t x${word} = ${texts[word]};`);
    texts[word] = `x${word}`;
  }
  for (const write of indexed) writeIndexed(code, write);
  texts.forEach((text, word) => {
    code.write(`batch[n + ${word}] = ${text};`);
  });
  code.write(`batch[n + ${count}] = (uint32_t)number;`, `n += ${count + 1};`);
}

function wordText({ word, cleared, set, fields }: WordWrite): string {
  const placed = fields.map(({ field, local }) => placedText(field, `t${local}`));
  return [`(w${word} & ${bitsText(~cleared)})`, bitsText(set), ...placed].join(' | ');
}

function writeIndexed(code: Code, { fields, row, index, local }: IndexedWrite): void {
  const value = `t${local}`;
  if (row !== undefined) {
    const { word, min } = row.first;
    const shift = rowShift(row, `t${index}`);
    const bits = `(uint32_t)(${value} - ${literal(min)}) << ${shift}`;
    code.write(`x${word} = (x${word} & ~${rowMask(row, shift)}) | ${bits};`);
    return;
  }
  code.block(`switch (t${index})`, () => {
    fields.forEach((field, i) => {
      if (field.bits === 0) return;
      const kept = `(x${field.word} & ${bitsText(~maskOf(field))})`;
      code.write(`case ${i}: x${field.word} = ${kept} | ${placedText(field, value)}; break;`);
    });
  });
}

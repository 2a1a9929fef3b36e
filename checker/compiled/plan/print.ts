// A plan as text, for people: the bits of every variable, and what each step reads, tests, computes, checks and writes.
//
//   step 2  inc.store  at 1
//     reads   mine in word 0, bits 1 to 2
//     t0      mine + 1
//     fault   unless t0 <= 4
//     word 0  clear 0x3f, set 0x1, t0 << 3

import type { Program } from '../../ir/program.js';
import { type Field, maskOf } from './layout.js';
import type { ProgramPlan, ThreadPlan } from './program.js';
import type { Action, IndexedWrite, StepPlan, WordWrite } from './step.js';
import type { PlanValue, Test } from './value.js';

/** Prints the plan of a Program. */
export function printPlan(plan: ProgramPlan, program: Program): string {
  const { layout } = plan;
  const fields = [
    ...layout.threads.map((field, i): [Field, string] => [field, `location of ${program.threads[i]!.name}`]),
    ...layout.variables.map((field, i): [Field, string] => [field, program.variables[i]!.name]),
  ];
  const printer = new PlanPrinter(new Map(fields));
  return [
    `a state has ${layout.words} ${layout.words === 1 ? 'word' : 'words'} of 32 bits`,
    ...fields.map(([field, name]) => `  ${name}: ${placeText(field)}`),
    ...plan.threads.flatMap((thread) => ['', ...printer.thread(thread, program)]),
    '',
    `a state without successors is no deadlock where ${printer.test(plan.isFinal)}`,
    '',
  ].join('\n');
}

function placeText({ word, shift, bits, min, max }: Field): string {
  if (bits === 0) return `always ${min}`;
  const last = shift + bits - 1;
  const where = bits === 1 ? `bit ${shift}` : `bits ${shift} to ${last}`;
  return `${min} to ${max}, word ${word}, ${where}`;
}

const hex = (bits: number): string => `0x${(bits >>> 0).toString(16)}`;

const operators = { add: '+', sub: '-', mul: '*', div: '/', mod: '%' } as const;
const comparisons = { equal: '==', less: '<', atMost: '<=' } as const;

class PlanPrinter {
  readonly #names: ReadonlyMap<Field, string>;

  constructor(names: ReadonlyMap<Field, string>) {
    this.#names = names;
  }

  thread({ thread, locations }: ThreadPlan, program: Program): readonly string[] {
    const { name } = program.threads[thread]!;
    return locations.flatMap(({ at, steps }) => [
      `${name} at ${at}`,
      ...steps.flatMap((step) => this.step(step).map((line) => `  ${line}`)),
    ]);
  }

  step(step: StepPlan): readonly string[] {
    const rows: readonly (readonly [string, string])[] = [
      ['reads', step.reads.map((field) => this.#name(field)).join(', ') || 'nothing'],
      [step.guardCanFault ? 'guard?' : 'guard', this.test(step.guard)],
      ...step.actions.map((action) => this.#action(action)),
      ...step.words.map((write) => wordRow(write)),
      ...step.indexed.map((write) => this.#indexed(write)),
      ...(step.reports ? [['reports', 'a bug or a warning'] as const] : []),
    ];
    return [`step ${step.id}  ${step.label}`, ...rows.map(([head, text]) => `  ${head.padEnd(8)}${text}`)];
  }

  value(x: PlanValue): string {
    switch (x.kind) {
      case 'constant':
        return String(x.value);
      case 'field':
        return this.#name(x.field);
      case 'local':
        return `t${x.local}`;
      case 'element': {
        const names = x.fields.map((field) => this.#name(field)).join(', ');
        return `[${names}][t${x.local} = ${this.value(x.index)}${x.fault === undefined ? '' : ', or a fault'}]`;
      }
      case 'outside':
        return `fault (index ${x.index})`;
      case 'arithmetic': {
        const text = `(${this.value(x.x)} ${operators[x.op]} ${this.value(x.y)})`;
        return x.checked === undefined ? text : `${text} or a fault`;
      }
      case 'choice':
        return `(${this.test(x.test)} ? ${this.value(x.yes)} : ${this.value(x.no)})`;
      case 'truth':
        return this.test(x.test);
    }
  }

  test(x: Test): string {
    switch (x.kind) {
      case 'fixed':
        return String(x.value);
      case 'is':
        return `${this.#name(x.field)} == ${x.value}`;
      case 'in':
        return `${this.#name(x.field)} in set ${hex(x.set)}`;
      case 'not':
        return `!(${this.test(x.x)})`;
      case 'and':
        return `(${this.test(x.x)} && ${this.test(x.y)})`;
      case 'or':
        return `(${this.test(x.x)} || ${this.test(x.y)})`;
      case 'equal':
      case 'less':
      case 'atMost':
        return `${this.value(x.x)} ${comparisons[x.kind]} ${this.value(x.y)}`;
      case 'choice':
        return `(${this.test(x.test)} ? ${this.test(x.yes)} : ${this.test(x.no)})`;
      case 'nonzero':
        return `${this.value(x.x)} != 0`;
    }
  }

  #name(field: Field): string {
    return this.#names.get(field) ?? placeText(field);
  }

  #action(action: Action): readonly [string, string] {
    switch (action.kind) {
      case 'compute':
        return [`t${action.local}`, this.value(action.value)];
      case 'check': {
        const { min, max, when } = action;
        const value = this.value(action.value);
        const right = [
          ...(min === undefined ? [] : [`${value} >= ${min}`]),
          ...(max === undefined ? [] : [`${value} <= ${max}`]),
        ].join(' && ');
        return [
          'fault',
          `unless ${right}${when === undefined ? '' : `, where t${when.local} == ${when.is}`}`,
        ];
      }
      case 'fail':
        return ['fault', `always: index ${action.index}`];
    }
  }

  #indexed({ fields, index, local }: IndexedWrite): readonly [string, string] {
    return ['element', `[${fields.map((field) => this.#name(field)).join(', ')}][t${index}] = t${local}`];
  }
}

function wordRow({ word, cleared, set, fields }: WordWrite): readonly [string, string] {
  const parts = [
    `clear ${hex(cleared)}`,
    ...(set === 0 ? [] : [`set ${hex(set)}`]),
    ...fields.map(({ field, local }) => {
      const value = field.min === 0 ? `t${local}` : `(t${local} - ${field.min})`;
      return `${value} << ${field.shift}, mask ${hex(maskOf(field))}`;
    }),
  ];
  return [`word ${word}`, parts.join(', ')];
}

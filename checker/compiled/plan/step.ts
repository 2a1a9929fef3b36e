// What a step does to the words of a state, as data: its guard, what it computes and checks, and then what it writes
// into each word. Every value is computed from the state before the step.
//
//   counter = mine + 1; mine = 0; goto unlock     counter in bits 3 … 5, mine in 1 … 2, location in 0, of word 0
//
//   guard     true
//   computes  t0 = mine + 1; a fault if t0 > 4
//   writes    word 0: clear bits 0 … 5, set bit 0, t0 at bit 3

import { canFault, indexCanFault, type Range, rangeOf } from '../../analyse/ranges.js';
import { assignmentCanFault } from '../../analyse/step_faults.js';
import { constantOf } from '../../ir/expression.js';
import type { Assignment, Program, Step, StepId, VariableId } from '../../ir/program.js';
import { ExpressionPlanner, requireExact } from './expression.js';
import { type Field, fieldBounds, type Layout, maskOf, placed } from './layout.js';
import { type Fault, type FieldRow, type Local, type PlanValue, rowOf, type Test } from './value.js';

/** A value that is computed or checked before anything is written. */
export type Action =
  | { readonly kind: 'compute'; readonly local: Local; readonly value: PlanValue }
  /** A fault if the value is below `min` or above `max`; with `when`, only where that local is that number. */
  | {
      readonly kind: 'check';
      readonly value: PlanValue;
      readonly min?: number;
      readonly max?: number;
      readonly when?: { readonly local: Local; readonly is: number };
      readonly fault: Fault;
    }
  /** Always a fault: an index that is a constant outside its array. */
  | { readonly kind: 'fail'; readonly index: number; readonly fault: Fault };

/**
 * A word of the successor: the old one with the bits of `cleared` cleared, those of `set` set, and fields filled from
 * locals.
 */
export interface WordWrite {
  readonly word: number;
  readonly cleared: number;
  readonly set: number;
  readonly fields: readonly { readonly field: Field; readonly local: Local }[];
}

/** Writes a local into one of several fields, after all words. */
export interface IndexedWrite {
  readonly fields: readonly Field[];
  readonly row?: FieldRow;
  readonly index: Local;
  readonly local: Local;
}

export interface StepPlan {
  readonly id: StepId;
  readonly thread: number;
  /** `procedure.label`, for people. */
  readonly label: string;
  /** Fields that guard and actions read, in the order of their words. */
  readonly reads: readonly Field[];
  readonly guard: Test;
  readonly guardCanFault: boolean;
  readonly actions: readonly Action[];
  readonly actionsCanFault: boolean;
  /** Only words that change, in ascending order. */
  readonly words: readonly WordWrite[];
  readonly indexed: readonly IndexedWrite[];
  /** Does taking it report a bug or a warning? */
  readonly reports: boolean;
  /** How many locals guard and actions use: 0, 1, … */
  readonly locals: number;
}

/** A field that becomes a constant or a local. */
interface FixedWrite {
  readonly field: Field;
  readonly value: number | Local;
  readonly isConstant: boolean;
}

/** Plans a step. Throws an EngineError for what numbers in JavaScript cannot hold exactly. */
export function planStep(step: Step, program: Program, layout: Layout): StepPlan {
  requireExact(step.guard, layout, step.label);
  const planner = new ExpressionPlanner(program, layout);
  const guard = planner.test(step.guard);
  const plans = step.assignments.map((assignment) => planAssignment(assignment, planner));
  const moves = step.from !== step.to;
  const location = { field: layout.threads[step.thread]!, value: step.to, isConstant: true };
  const writes = [...(moves ? [location] : []), ...plans.flatMap(({ write }) => write ?? [])];
  const words = Array.from({ length: layout.words }, (_, word) => wordWrite(word, writes));
  const actions = plans.flatMap((plan) => plan.actions);
  return {
    id: step.id,
    thread: step.thread,
    label: step.label,
    reads: fieldsRead(guard, actions),
    guard,
    guardCanFault: canFault(step.guard, fieldBounds(layout)),
    actions,
    actionsCanFault: step.assignments.some((assignment) =>
      assignmentCanFault(assignment, fieldBounds(layout)),
    ),
    words: words.filter(({ cleared }) => cleared !== 0),
    indexed: plans.flatMap(({ indexed }) => indexed ?? []),
    reports: step.reports !== undefined,
    locals: planner.locals,
  };
}

interface AssignmentPlan {
  readonly actions: readonly Action[];
  readonly write?: FixedWrite;
  readonly indexed?: IndexedWrite;
}

function planAssignment({ target, value }: Assignment, planner: ExpressionPlanner): AssignmentPlan {
  const { layout } = planner;
  requireExact(value, layout, 'an assignment');
  const fields = planner.fieldsOf(target);
  const range = rangeOf(value, fieldBounds(layout));
  const index = target.index === undefined ? 0 : (constantOf(target.index) ?? target.index);
  if (typeof index === 'number') {
    const field = fields[index];
    if (field === undefined) return { actions: [{ kind: 'fail', index, fault: planner.outside(target) }] };
    const fixed = constantOf(value);
    const [computed, held] = fixed === undefined ? compute(planner, value) : [[], constant(fixed)];
    const checks = domainCheck(held, range, field, { variables: [target.variables[index]!] });
    const written = held.kind === 'local' ? held.local : fixed!;
    return {
      actions: [...computed, ...checks],
      write: { field, value: written, isConstant: held.kind !== 'local' },
    };
  }
  requireExact(index, layout, 'an index');
  const [place, at] = compute(planner, index);
  const inside = { kind: 'check', value: at, min: 0, max: fields.length - 1 } as const;
  const [computed, held] = compute(planner, value);
  const row = rowOf(fields);
  return {
    actions: [
      ...place,
      ...(indexCanFault(target, fieldBounds(layout)) ? [{ ...inside, fault: planner.outside(target) }] : []),
      ...computed,
      ...elementChecks(held, range, fields, target.variables, at.local),
    ],
    indexed: { fields, ...(row !== undefined && { row }), index: at.local, local: held.local },
  };
}

const constant = (value: number): PlanValue & { readonly kind: 'constant' } => ({ kind: 'constant', value });

type LocalValue = PlanValue & { readonly kind: 'local' };

/** Computes an expression into a new local. */
function compute(
  planner: ExpressionPlanner,
  x: Assignment['value'],
): readonly [readonly Action[], LocalValue] {
  const value = planner.value(x);
  const local = planner.local();
  return [[{ kind: 'compute', local, value }], { kind: 'local', local }];
}

/** The range checks for a value that is stored in one of several variables: one check if their domains are equal. */
function elementChecks(
  held: PlanValue,
  range: Range,
  fields: readonly Field[],
  variables: readonly VariableId[],
  index: Local,
): readonly Action[] {
  const [first] = fields;
  if (fields.every(({ min, max }) => min === first!.min && max === first!.max)) {
    return domainCheck(held, range, first!, { variables, index });
  }
  return fields.flatMap((field, i) =>
    domainCheck(held, range, field, { variables: [variables[i]!], when: { local: index, is: i } }),
  );
}

/** The check that a value fits a field; nothing if it always does. */
function domainCheck(
  value: PlanValue,
  range: Range,
  { min, max }: Field,
  {
    variables,
    index,
    when,
  }: {
    readonly variables: readonly VariableId[];
    readonly index?: Local;
    readonly when?: { readonly local: Local; readonly is: number };
  },
): readonly Action[] {
  if (range.min >= min && range.max <= max) return [];
  const fault: Fault = { kind: 'domain', variables, ...(index !== undefined && { index }) };
  return [
    {
      kind: 'check',
      value,
      ...(range.min < min && { min }),
      ...(range.max > max && { max }),
      ...(when !== undefined && { when }),
      fault,
    },
  ];
}

/** The new value of a word: all constants together, then the fields that locals hold. */
function wordWrite(word: number, writes: readonly FixedWrite[]): WordWrite {
  let cleared = 0;
  let set = 0;
  const fields: WordWrite['fields'][number][] = [];
  for (const { field, value, isConstant } of writes) {
    if (field.word !== word || field.bits === 0) continue;
    cleared |= maskOf(field);
    if (isConstant) set |= placed(field, value);
    else fields.push({ field, local: value });
  }
  return { word, cleared, set, fields };
}

/** The fields that a test and some actions read. */
function fieldsRead(guard: Test, actions: readonly Action[]): readonly Field[] {
  const found = new Set<Field>();
  readByTest(guard, found);
  for (const action of actions) if (action.kind !== 'fail') readByValue(action.value, found);
  return [...found].sort((a, b) => a.word - b.word || a.shift - b.shift);
}

function readByValue(x: PlanValue, found: Set<Field>): void {
  switch (x.kind) {
    case 'field':
      found.add(x.field);
      return;
    case 'element':
      for (const field of x.fields) found.add(field);
      readByValue(x.index, found);
      return;
    case 'arithmetic':
      readByValue(x.x, found);
      readByValue(x.y, found);
      return;
    case 'choice':
      readByTest(x.test, found);
      readByValue(x.yes, found);
      readByValue(x.no, found);
      return;
    case 'truth':
      readByTest(x.test, found);
  }
}

function readByTest(x: Test, found: Set<Field>): void {
  switch (x.kind) {
    case 'is':
    case 'in':
      found.add(x.field);
      return;
    case 'not':
      readByTest(x.x, found);
      return;
    case 'and':
    case 'or':
      readByTest(x.x, found);
      readByTest(x.y, found);
      return;
    case 'equal':
    case 'less':
    case 'atMost':
      readByValue(x.x, found);
      readByValue(x.y, found);
      return;
    case 'choice':
      readByTest(x.test, found);
      readByTest(x.yes, found);
      readByTest(x.no, found);
      return;
    case 'nonzero':
      readByValue(x.x, found);
  }
}

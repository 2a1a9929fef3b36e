// The meaning of a Program. A state is a value: one location for each thread, one number for each variable, with those
// of monitors last. A step is enabled when its thread is at `from` and its guard is true; taking it evaluates all its
// assignments and all monitors in the old state, and then stores all results.
//
//   state { at: [0, 0], value: [1] }   step 'thread 0: from 0 to 1, guard x > 0, x := x - 1'
//   -> state { at: [1, 0], value: [0] }

import { List, Record } from 'immutable';
import { boundsOf, compute, typeOfDomain, valueText } from '../ir/expression.js';
import { variableAt } from '../ir/monitors.js';
import type { Cell, Expr, Program, Step, VariableId } from '../ir/program.js';
import { domainText } from '../ir/text.js';
import type { Transition } from '../search/system.js';

export class State extends Record({ at: List<number>(), value: List<number>() }) {}

/** A step or a condition that has no value in this state: an index or a value is out of range. */
class NoMeaning extends Error {}

/**
 * The value of an expression; bools are 0 and 1. Throws a Fault.
 * Example: `evaluate(step.guard, state, program) === 1`
 */
export function evaluate(x: Expr, state: State, program: Program): number {
  const value = (y: Expr) => evaluate(y, state, program);
  switch (x.op) {
    case 'const':
      return x.value;
    case 'read':
      return state.value.get(variableOf(x.cell, state, program))!;
    case 'at':
      return Number(x.locations.includes(state.at.get(x.thread)!));
    case 'not':
      return 1 - value(x.x);
    case 'and':
      return value(x.x) && value(x.y);
    case 'or':
      return value(x.x) || value(x.y);
    case 'eq':
      return Number(value(x.x) === value(x.y));
    case 'lt':
      return Number(value(x.x) < value(x.y));
    case 'le':
      return Number(value(x.x) <= value(x.y));
    case 'if':
      return value(x.x) ? value(x.then) : value(x.else);
    default: {
      const result = compute(x.op, value(x.x), value(x.y));
      if (result === undefined) throw new NoMeaning('division by zero');
      return result;
    }
  }
}

/** The variable that a cell means in this state. */
function variableOf(cell: Cell, state: State, program: Program): VariableId {
  const index = cell.index === undefined ? 0 : evaluate(cell.index, state, program);
  const id = cell.variables[index];
  if (id !== undefined) return id;
  const name = program.variables[cell.variables[0]!]!.name;
  throw new NoMeaning(
    `index ${index} is outside 0 … ${cell.variables.length - 1} of ${name} and its neighbours`,
  );
}

/**
 * The state after a step that is enabled in `state`. Throws a Fault.
 * Example: `take(step, state, program).value.get(0)`
 */
export function take(step: Step, state: State, program: Program): State {
  const stored = (id: VariableId, value: Expr) =>
    [id, inDomain(id, evaluate(value, state, program), program)] as const;
  const writes = [
    ...step.assignments.map(({ target, value }) => stored(variableOf(target, state, program), value)),
    ...(program.monitors ?? []).map(({ variable, update }) => stored(variable.id, update)),
  ];
  return state
    .update('at', (at) => at.set(step.thread, step.to))
    .update('value', (values) =>
      values.withMutations((all) => writes.forEach(([id, value]) => void all.set(id, value))),
    );
}

function inDomain(id: VariableId, value: number, program: Program): number {
  const { name, domain } = variableAt(program, id);
  const { min, max } = boundsOf(domain);
  if (value >= min && value <= max) return value;
  throw new NoMeaning(
    `${name} would become ${valueText(value, typeOfDomain(domain))}, outside ${domainText(domain)}`,
  );
}

/** Is the step enabled? Throws a Fault. Example: `isEnabled(step, state, program) === true` */
export const isEnabled = (step: Step, state: State, program: Program): boolean =>
  state.at.get(step.thread) === step.from && evaluate(step.guard, state, program) !== 0;

/**
 * The initial states: every combination of the variables' first values that `initially` admits, in order.
 * Example: `initialStates(program).length`
 */
export function initialStates(program: Program): readonly State[] {
  const at = List(program.threads.map((thread) => thread.start));
  const variables = [...program.variables, ...(program.monitors ?? []).map(({ variable }) => variable)];
  const combinations = variables.reduce<List<List<number>>>(
    (all, { initial }) => all.flatMap((values) => initial.map((value) => values.push(value))),
    List.of(List<number>()),
  );
  return combinations
    .map((value) => new State({ at, value }))
    .filter((state) => evaluate(program.initially, state, program) !== 0)
    .toArray();
}

/** Is a condition true? A text says why it has no value. */
export function holds(condition: Expr, state: State, program: Program): boolean | string {
  try {
    return evaluate(condition, state, program) !== 0;
  } catch (fault) {
    return faultMessage(fault);
  }
}

/** The enabled steps, in their order, with their successors. */
export const transitions = (state: State, program: Program): readonly Transition<State>[] =>
  program.steps.flatMap((step) => transition(step, state, program));

function transition(step: Step, state: State, program: Program): readonly Transition<State>[] {
  try {
    return isEnabled(step, state, program) ? [{ step: step.id, to: take(step, state, program) }] : [];
  } catch (fault) {
    return [{ step: step.id, fault: faultMessage(fault) }];
  }
}

function faultMessage(fault: unknown): string {
  if (fault instanceof NoMeaning) return fault.message;
  throw fault;
}

// What a step of a run does to one variable: it reads it, writes it, or both at once.

import { type Program, type Step, stepsFrom, type VariableId } from '../../checker/index.js';
import { accessOf, type GroupAccess } from '../../litmus/translate/group.js';
import type { Orderings } from '../essence/orderings.js';
import type { RunIndex } from '../story/recorded_run.js';
import { type AskedOrdering, isAskedFor } from './asked.js';
import type { Included } from './included.js';
import type { RunValues } from './run_values.js';

/** A step of the run, and a variable that it accesses. */
export interface StepAccess {
  readonly i: RunIndex;
  readonly step: Step;
  readonly id: VariableId;
}

export interface AccessSource {
  readonly program: Program;
  readonly found: Orderings;
  readonly asked: readonly AskedOrdering[];
  readonly included: Included;
}

/**
 * The access to the variable of a step that is resolved. What is read though another value decides is read all the same:
 * `a || b` where b is true.
 */
export function accessTo(
  { program: { variables }, found, asked, included }: AccessSource,
  values: RunValues,
  { i, step: { locks: _, ...step }, id }: StepAccess,
): GroupAccess {
  const cell = { variables: [id] };
  if (variables[id]!.isNoMemory) {
    if (!found.taken[i]!.accesses.writes.has(id))
      return { kind: 'reads', cells: [{ ...cell, order: 'plain' }] };
    const isWait = included.waits.some(({ wait, variable }) => wait === i && variable === id);
    if (!isWait && !isAskedFor(asked, i)) return { kind: 'writes' };
  }
  const storage = Array.from({ length: values.count() }, (_, one) =>
    one === id ? ({ kind: 'memory' } as const) : ({ kind: 'register', thread: step.thread } as const),
  );
  const assignments = step.assignments.filter(
    ({ target, value }) =>
      target.variables[0] !== id || !(value.op === 'read' && value.cell.variables[0] === id),
  );
  const access = accessOf([{ ...step, assignments }], { variables, storage, plain: 'plain' });
  if (access.kind === 'local') return { kind: 'reads', cells: [{ ...cell, order: 'plain' }] };
  const isReadToo = access.kind === 'writes' && isAskedFor(asked, i);
  return isReadToo ? { kind: 'update', cell, order: 'once', isCoarse: true } : access;
}

/** Do all ways on from there write the same, so that there is a write whatever is read? */
export function isWrittenAnyway(program: Program, values: RunValues, { i, step, id }: StepAccess): boolean {
  const text = (one: Step) => {
    const { assignments } = values.resolved(i, one, (other) => other === id);
    return JSON.stringify(assignments.find(({ target }) => target.variables[0] === id)?.value);
  };
  const ways = stepsFrom(program, step.thread, step.from).filter(
    ({ label, reports }) => label === step.label && reports?.kind !== 'bug',
  );
  return ways.length > 1 && ways.every((way) => text(way) === text(step));
}

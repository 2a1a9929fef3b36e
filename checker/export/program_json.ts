// A Program and its checks as JSON, for programs that others write: docs/program.schema.json describes it. A reader
// needs nothing of raceproof to explore all states; certificate/verify.js does so. It contains no path of this machine,
// so the same model gives the same bytes everywhere.

import { type Formula, mapAtoms, state } from '../../properties/language/temporal.js';
import { checkKinds } from '../decide/kinds.js';
import { type LockPlace, lockPlaces } from '../ir/lock_waits.js';
import { composed } from '../ir/monitors.js';
import type { Cell, Expr, Program, Step, Thread, Variable } from '../ir/program.js';
import type { Check } from '../search/report.js';
import { refuseBounded } from './refusals.js';

/** The version of the format. It increases with a change that old readers would misread. */
const programVersion = 1;

/** Steps include the updates of monitors. One line for each variable, thread, step and check. */
export function programJson(bare: Program, checks: readonly Check[]): string {
  refuseBounded(bare, 'the JSON of a Program');
  const program = composed(bare);
  const { name, settings, variables, threads, steps, initially } = program;
  return `${object([
    ['format', JSON.stringify('raceproof-program')],
    ['version', String(programVersion)],
    ['name', JSON.stringify(name)],
    ['settings', JSON.stringify(settings)],
    ['variables', list(variables.map(variableData))],
    ['threads', list(threads.map(threadData))],
    ['steps', list(steps.map(stepData))],
    ['initially', JSON.stringify(expressionData(initially))],
    ['checks', list(checks.map(checkData))],
    ['lockWaits', list(lockPlaces(program).map(lockWaitData))],
  ])}\n`;
}

const list = (all: readonly unknown[]): string =>
  all.length === 0 ? '[]' : `[\n${all.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]`;

const object = (parts: readonly (readonly [string, string])[]): string =>
  `{\n${parts.map(([key, text]) => `  ${JSON.stringify(key)}: ${text}`).join(',\n')}\n}`;

/** JSON has no undefined: fields that are absent are left out. */
const variableData = ({ id, name, place, domain, initial, thread, lock, holder }: Variable) => {
  return { id, name, place, domain, initial, thread, lock, holder };
};

const threadData = ({ id, name, locations, start, done, dead, rests }: Thread) => {
  return { id, name, locations, start, done, dead, rests };
};

const stepData = ({ source, reports, ...step }: Step) => ({
  id: step.id,
  thread: step.thread,
  from: step.from,
  to: step.to,
  label: step.label,
  armPath: step.armPath,
  caption: step.caption,
  file: source.file,
  guard: expressionData(step.guard),
  assignments: step.assignments.map(({ target, value }) => {
    return { target: cellData(target), value: expressionData(value) };
  }),
  reports: reports && { kind: reports.kind, message: reports.message, check: reports.check },
});

const cellData = ({ variables, index }: Cell): object => {
  return { variables, index: index && expressionData(index) };
};

/** Without names for people. */
function expressionData(x: Expr): object {
  switch (x.op) {
    case 'const':
      return { op: x.op, value: x.value, type: x.type };
    case 'read':
      return { op: x.op, cell: cellData(x.cell), type: x.type };
    case 'at':
      return { op: x.op, thread: x.thread, locations: x.locations };
    case 'not':
      return { op: x.op, x: expressionData(x.x) };
    case 'if':
      return {
        op: x.op,
        x: expressionData(x.x),
        then: expressionData(x.then),
        else: expressionData(x.else),
      };
    default:
      return { op: x.op, x: expressionData(x.x), y: expressionData(x.y) };
  }
}

/** The part that decides a check, of which a lemma asks what `always` does: its condition, its formula over whole runs, or its kind alone. */
function checkData({ name, kind, condition, about, liveness }: Check) {
  const { asks } = checkKinds[kind].question;
  return {
    name,
    kind: kind === 'lemma' ? 'always' : kind,
    about,
    condition: asks === 'condition' || asks === 'possibility' ? expressionData(condition) : undefined,
    liveness: liveness && {
      formula: formulaData(liveness.formula),
      assumption: liveness.assumption && formulaData(liveness.assumption),
      fairness: liveness.fairness.map(({ strength, name: of, steps }) => ({ strength, name: of, steps })),
      previously: liveness.previously,
    },
  };
}

const formulaData = (formula: Formula<Expr>): Formula<object> =>
  mapAtoms(formula, (x) => state(expressionData(x)));

const lockWaitData = ({ thread, location, steps }: LockPlace) => ({
  thread,
  location,
  steps: steps.map(({ locks, own }) => ({
    locks: locks.map(({ cell, holder }) => ({ cell: cellData(cell), holder })),
    own: own.map(expressionData),
  })),
});

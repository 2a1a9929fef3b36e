// A Program and what is checked of it as JSON, for programs that others write: docs/program.schema.json describes it.
// Whoever reads it needs nothing of raceproof to walk through all states; certificate/verify.js does.

import { checkKinds } from '../decide/kinds.js';
import { lockPlaces } from '../ir/lock_waits.js';
import { composed } from '../ir/monitors.js';
import type { Program } from '../ir/program.js';
import type { Check } from '../search/report.js';

/** The version of the format: a change that old readers would misread makes it larger. */
const programVersion = 1;

/** What runs beside the steps for properties is part of the steps here. One line for each variable, thread, step and check. The same Program and checks give the same bytes. */
export function programJson(program: Program, checks: readonly Check[]): string {
  const { name, settings, variables, threads, steps, initially } = composed(program);
  return `${object([
    ['format', JSON.stringify('raceproof-program')],
    ['version', String(programVersion)],
    ['name', JSON.stringify(name)],
    ['settings', JSON.stringify(settings)],
    ['variables', list(variables)],
    ['threads', list(threads)],
    ['steps', list(steps)],
    ['initially', JSON.stringify(initially)],
    ['checks', list(checks.map(checkData))],
    ['lockWaits', list(lockPlaces(composed(program)))],
  ])}\n`;
}

/** A check is decided by its condition, or by what its kind says. */
function checkData({ name, kind, condition, about, liveness }: Check) {
  const hasCondition = checkKinds[kind].question.asks === 'condition';
  return {
    name,
    kind,
    ...(about !== undefined && { about }),
    ...((hasCondition || kind === 'alwaysPossible') && { condition }),
    ...(liveness !== undefined && { liveness }),
  };
}

const list = (all: readonly unknown[]): string =>
  all.length === 0 ? '[]' : `[\n${all.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]`;

const object = (parts: readonly (readonly [string, string])[]): string =>
  `{\n${parts.map(([key, text]) => `  ${JSON.stringify(key)}: ${text}`).join(',\n')}\n}`;

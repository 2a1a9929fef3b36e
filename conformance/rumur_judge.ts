// What rumur says of a report: its states and rules fired and what holds, in one run, as compiling its C takes longer
// than running it; and what does not hold each alone, by a shortest trace of the same length. What is always possible
// has a run of its own.

import { meaningOf } from '../checker/analyse/meaning.js';
import { exportMurphi } from '../checker/export/murphi/murphi.js';
import { plainText } from '../checker/export/names.js';
import { finalExpr } from '../checker/export/symbols.js';
import {
  asks,
  checkKinds,
  type Explored,
  isExample,
  type Program,
  type PropertyResult,
  type Report,
} from '../checker/index.js';
import { composed } from '../checker/ir/monitors.js';
import { type Check, noDeadlock, noFault } from '../checker/search/report.js';
import { type Figure, figure, judged } from './judge.js';
import { type RumurError, type RumurResult, runRumur } from './rumur.js';
import { judgeSymmetry } from './symmetry_judge.js';

/**
 * Compares all figures of rumur for a Program with our report. `runsMax` limits the runs after the first, which are for
 * traces and depth.
 */
export async function judgeByRumur(
  program: Program,
  report: Report<Explored>,
  runsMax = Number.POSITIVE_INFINITY,
): Promise<readonly Figure[]> {
  const faults = report.properties.some(
    ({ check, verdict }) => check.name === noFault && verdict === 'violated',
  );
  const alone = candidatesAlone(program, report, faults);
  const violated = alone.filter(isViolated);
  // What is reached has been judged by its cover already, so it comes last.
  const others = alone.filter((result) => !isViolated(result));
  const comparisons = [...(await (faults ? countsByRumur : compareTogether)(program, report))];
  for (const what of [...violated, 'depth' as const, ...others].slice(0, runsMax)) {
    if (what === 'depth') comparisons.push(...(await compareDepth(program, report)));
    else comparisons.push(await compareAlone(program, report, faults, what));
  }
  comparisons.push(...(await judgePossible(program, report)));
  return [...comparisons, ...(await judgeSymmetry(program, report))];
}

/**
 * What is always possible, which rumur calls liveness: all of it in one run. After an error rumur does not judge it, so
 * it is given the Program without its faults: their steps lead nowhere, and wait for ever instead.
 */
export async function judgePossible(program: Program, report: Report<Explored>): Promise<readonly Figure[]> {
  const asked = report.properties.filter(
    ({ check, verdict }) => asks(check, 'possibility') && verdict !== 'unknown',
  );
  if (asked.length === 0) return [];
  const checks = asked.map(({ check }) => check);
  const whole = composed(program);
  const steps = whole.steps.map((step) => ({ ...step, guard: meaningOf(step, whole).isTaken }));
  const { errors } = await runRumur(exportMurphi({ ...whole, steps }, checks), {
    goesOn: true,
    withoutTraces: true,
    statesExpected: report.evidence.states,
  });
  const messages = new Set(errors.map(({ message }) => message));
  return asked.map(({ check: { name }, verdict }) => {
    const isViolated = messages.has(`liveness property "${plainText(name)}" violated`);
    return figure(name, verdict, isViolated ? 'violated' : 'holds');
  });
}

/** Without checks, and past all errors: the whole state space. */
export async function countsByRumur(
  program: Program,
  { evidence }: Report<Explored>,
): Promise<readonly Figure[]> {
  const { states, rulesFired, errors } = await runRumur(exportMurphi(program, []), {
    goesOn: true,
    withoutTraces: true,
    statesExpected: evidence.states,
  });
  return [
    figure('states', evidence.states, states),
    figure('transitions', evidence.transitions, rulesFired + errors.length),
  ];
}

/** One step short of our depth rumur must miss just the states of the last level: so depth and levels agree as well. */
async function compareDepth(program: Program, { evidence }: Report<Explored>): Promise<readonly Figure[]> {
  const { depth, levels, states } = evidence;
  if (depth < 2) return [];
  const depthMax = depth - 1;
  const result = await runRumur(exportMurphi(program, []), {
    goesOn: true,
    withoutTraces: true,
    statesExpected: states,
    depthMax,
  });
  return [figure(`states within ${depthMax} steps`, states - levels[depth]!, result.states)];
}

/** The counts, all that holds, and all covers, in one run: it must end without an error. */
async function compareTogether(program: Program, report: Report<Explored>): Promise<readonly Figure[]> {
  const { evidence } = report;
  const together = judged(program, report).filter((result) => !isViolated(result));
  const checks = together.map(({ check }) => check);
  const findsDeadlocks = checks.some(({ name }) => name === noDeadlock);
  const covered = findsDeadlocks ? [...checks, finished(program)] : checks;
  const result = await runRumur(exportMurphi(program, covered), {
    findsDeadlocks,
    withoutTraces: true,
    statesExpected: evidence.states,
  });
  const [first] = result.errors;
  if (first !== undefined) return [figure('all that holds', 'holds', `violated: ${first.message}`)];
  // With the deadlock check, a rule that is no step of the Program fires once in every finished state.
  const addedRules = result.covers.get(finishedName) ?? 0;
  return [
    figure('states', evidence.states, result.states),
    figure('transitions', evidence.transitions, result.rulesFired - addedRules),
    ...together.map(({ check, verdict }) => figure(check.name, verdict, theirVerdict(check, result))),
  ];
}

const finishedName = 'all are done, or one is dead';

/** Lets rumur itself count the states in which a run may end. */
function finished(program: Program): Check {
  const condition = finalExpr(program);
  return { name: finishedName, kind: 'sometimes', condition, about: undefined, source: {} };
}

function theirVerdict(check: Check, { covers }: RumurResult): string {
  if (!isExample(check)) return 'holds';
  const count = covers.get(plainText(check.name));
  return count === undefined ? 'no cover' : count > 0 ? 'reached' : 'unreached';
}

/** What a run of its own can find: what is violated or reached. */
function candidatesAlone(
  program: Program,
  report: Report<Explored>,
  faults: boolean,
): readonly PropertyResult[] {
  return judged(program, report).filter(({ check, verdict }) => {
    // A state in which every step faults is stuck for rumur, and not for raceproof.
    if (faults) return !asks(check, 'deadlock');
    return verdict === 'violated' || verdict === 'reached';
  });
}

/** One check alone: the same verdict, by a trace of the same length. */
async function compareAlone(
  program: Program,
  { evidence }: Report<Explored>,
  faults: boolean,
  result: PropertyResult,
): Promise<Figure> {
  const { check } = result;
  const alone = isExample(check) ? { ...check, kind: 'never' as const } : check;
  const { errors } = await runRumur(exportMurphi(program, [alone]), {
    findsDeadlocks: asks(check, 'deadlock'),
    goesOn: faults,
    statesExpected: evidence.states,
  });
  const error = errors.find(({ message }) => isAbout(alone, message));
  return figure(check.name, ourFinding(result), theirFinding(error));
}

const isViolated = ({ verdict }: PropertyResult): boolean => verdict === 'violated';

const ourFinding = ({ finding }: PropertyResult): string =>
  finding === undefined ? 'not found' : `found after ${finding.path.steps.length}`;
const theirFinding = (error: RumurError | undefined): string =>
  error === undefined ? 'not found' : `found after ${error.length}`;

function isAbout({ kind, name }: Check, message: string): boolean {
  switch (checkKinds[kind].question.asks) {
    case 'report':
      return message === plainText(name);
    case 'deadlock':
      return message === 'deadlock';
    case 'fault':
      return true;
    default:
      return message === `invariant "${plainText(name)}" failed`;
  }
}

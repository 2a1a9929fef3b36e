// The judge: one Program explored by raceproof and by a foreign tool, and everything on which they can disagree.

import { exportMurphi } from '../checker/export/murphi.js';
import { plainText } from '../checker/export/names.js';
import {
  type Exploration,
  explore,
  type Program,
  type Property,
  type PropertyResult,
  type Report,
} from '../checker/index.js';
import { type Check, noDeadlock, noFault } from '../checker/search/report.js';
import { type RumurError, type RumurResult, runRumur } from './rumur.js';

/** One figure that both sides have. */
export interface Comparison {
  readonly what: string;
  readonly ours: string;
  readonly theirs: string;
}

export interface Judgement {
  readonly report: Report;
  readonly comparisons: readonly Comparison[];
}

export const disagreements = ({ comparisons }: Judgement): readonly Comparison[] =>
  comparisons.filter(({ ours, theirs }) => ours !== theirs);

/** Explores a Program with one of our engines and with rumur, and compares all that both tell. */
export async function judgeByRumur(
  program: Program,
  properties: readonly Property[],
  engine: Exploration['engine'] = 'reference',
): Promise<Judgement> {
  const report = await explore(program, properties, { engine });
  const faults = verdictOf(report, noFault) === 'violated';
  return {
    report,
    comparisons: [
      ...(await countsByRumur(report, program)),
      ...(faults ? [] : await compareTogether(report, program)),
      ...(await compareAlone(report, program, faults)),
    ],
  };
}

const verdictOf = ({ properties }: Report, name: string) =>
  properties.find(({ check }) => check.name === name)!.verdict;

const figure = (what: string, ours: unknown, theirs: unknown): Comparison => ({
  what,
  ours: String(ours),
  theirs: String(theirs),
});

/** Without checks, and past all errors: the whole state space. */
export async function countsByRumur(
  { exploration }: Report,
  program: Program,
): Promise<readonly Comparison[]> {
  const { states, rulesFired, errors } = await runRumur(exportMurphi(program, []), { goesOn: true });
  return [
    figure('states', exploration.states, states),
    figure('transitions', exploration.transitions, rulesFired + errors.length),
  ];
}

/** All that holds, and all covers, in one run: it must end without an error. */
async function compareTogether({ properties }: Report, program: Program): Promise<readonly Comparison[]> {
  const together = properties.filter(
    ({ check, verdict }) => check.kind !== 'liveness' && verdict !== 'violated' && verdict !== 'unknown',
  );
  const checks = together.map(({ check }) => check);
  const findsDeadlocks = checks.some(({ name }) => name === noDeadlock);
  const result = await runRumur(exportMurphi(program, checks), { findsDeadlocks });
  const [first] = result.errors;
  if (first !== undefined) return [figure('all that holds', 'holds', `violated: ${first.message}`)];
  return together.map(({ check, verdict }) => figure(check.name, verdict, theirVerdict(check, result)));
}

function theirVerdict({ kind, name }: Check, { covers }: RumurResult): string {
  if (kind !== 'sometimes') return 'holds';
  const count = covers.get(plainText(name));
  return count === undefined ? 'no cover' : count > 0 ? 'reached' : 'unreached';
}

/** What is violated or reached, each alone: the same verdict, by a trace of the same length. */
async function compareAlone(
  { properties }: Report,
  program: Program,
  faults: boolean,
): Promise<readonly Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const result of properties) {
    const isFound = result.verdict === 'violated' || result.verdict === 'reached';
    // A state in which every step faults is stuck for rumur, and not for raceproof.
    if (!comparable(result, faults) || (!isFound && !faults)) continue;
    const { kind } = result.check;
    const alone = kind === 'sometimes' ? { ...result.check, kind: 'never' as const } : result.check;
    const { errors } = await runRumur(exportMurphi(program, [alone]), {
      findsDeadlocks: kind === 'deadlock',
      goesOn: faults,
    });
    const error = errors.find(({ message }) => isAbout(alone, message));
    comparisons.push(figure(result.check.name, ourFinding(result), theirFinding(error)));
  }
  return comparisons;
}

const comparable = ({ check, verdict }: PropertyResult, faults: boolean): boolean =>
  verdict !== 'unknown' && check.kind !== 'liveness' && !(faults && check.kind === 'deadlock');

const ourFinding = ({ finding }: PropertyResult): string =>
  finding === undefined ? 'not found' : `found after ${finding.path.steps.length}`;
const theirFinding = (error: RumurError | undefined): string =>
  error === undefined ? 'not found' : `found after ${error.length}`;

function isAbout({ kind, name }: Check, message: string): boolean {
  switch (kind) {
    case 'assertion':
      return message === plainText(name);
    case 'deadlock':
      return message === 'deadlock';
    case 'domain':
      return true;
    default:
      return message === `invariant "${plainText(name)}" failed`;
  }
}

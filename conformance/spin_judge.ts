// What SPIN says of a report: its states and transitions, every condition as a never claim, and of the rest what holds
// in one run, what does not hold each alone; of liveness whether there is a run that its claim accepts. pan
// searches depth first, so its traces are not the shortest.

import { exportPromela, initialChoices } from '../checker/export/promela/promela.js';
import { asks, type Explored, type Program, type PropertyResult, type Report } from '../checker/index.js';
import type { Check } from '../checker/search/report.js';
import { type Figure, figure, isCondition, judged } from './judge.js';
import { runSpin, type SpinOptions } from './spin.js';

/** Compares all figures of SPIN for a Program with our report. `aloneMax` limits the runs for single checks. */
export async function judgeBySpin(
  program: Program,
  report: Report<Explored>,
  aloneMax = Number.POSITIVE_INFINITY,
): Promise<readonly Figure[]> {
  return [
    ...(await countsBySpin(program, report)),
    ...(await compareClaims(program, report)),
    ...(await compareOthers(program, report, aloneMax)),
    ...(await livenessBySpin(program, report)),
  ];
}

const isFound = ({ verdict }: PropertyResult): boolean => verdict === 'violated' || verdict === 'reached';
const verdict = (found: boolean): string => (found ? 'found' : 'not found');

/** The mapping that promela.ts states, read backwards. */
async function countsBySpin(program: Program, { evidence }: Report<Explored>): Promise<readonly Figure[]> {
  const [result] = await runSpin(exportPromela(program, []), [{}], {
    statesExpected: evidence.states,
  });
  const choices = initialChoices(program);
  return [
    figure('states', evidence.states, result!.states - (choices > 0 ? 1 : 0)),
    figure('transitions', evidence.transitions, result!.transitions - 1 - choices),
  ];
}

async function compareClaims(program: Program, report: Report<Explored>): Promise<readonly Figure[]> {
  const claims = judged(program, report).filter(({ check }) => isCondition(check));
  return claimsBySpin(program, claims, { statesExpected: report.evidence.states });
}

/** Each of them is a never claim, and gets a run of its own. */
async function claimsBySpin(
  program: Program,
  claims: readonly PropertyResult[],
  options: SpinOptions,
): Promise<readonly Figure[]> {
  if (claims.length === 0) return [];
  const checks = claims.map(({ check }) => check);
  const text = exportPromela(program, checks);
  const runs = [...text.matchAll(/^never (\w+) /gm)].map(([, claim]) => ({ claim: claim! }));
  const results = await runSpin(text, runs, options);
  return claims.map((claim, i) =>
    figure(claim.check.name, verdict(isFound(claim)), verdict(results[i]!.errors > 0)),
  );
}

async function compareOthers(
  program: Program,
  report: Report<Explored>,
  aloneMax: number,
): Promise<readonly Figure[]> {
  const { states } = report.evidence;
  const others = judged(program, report).filter(({ check }) => !isCondition(check));
  const found = others.filter(isFound);
  const together = others.filter((result) => !isFound(result)).map(({ check }) => check);
  const comparisons = [
    figure('all that holds', verdict(false), verdict(await finds(program, together, states))),
  ];
  for (const { check } of found.slice(0, aloneMax)) {
    comparisons.push(figure(check.name, verdict(true), verdict(await finds(program, [check], states))));
  }
  return comparisons;
}

async function finds(program: Program, checks: readonly Check[], states: number): Promise<boolean> {
  const findsDeadlocks = checks.some((check) => asks(check, 'deadlock'));
  const [result] = await runSpin(exportPromela(program, checks), [{ findsDeadlocks }], {
    statesExpected: states,
  });
  return result!.errors > 0;
}

/** Every liveness property as the claim that accepts the fair runs on which it is false. */
export async function livenessBySpin(program: Program, report: Report<Explored>): Promise<readonly Figure[]> {
  const live = report.properties.filter(
    ({ check, verdict }) => check.liveness !== undefined && verdict !== 'unknown',
  );
  return claimsBySpin(program, live, { statesExpected: report.evidence.states, liveness: true });
}

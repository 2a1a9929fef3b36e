// What follows from the cells of a comparison for each candidate. A conclusion is computed from the
// cells alone, and claims no more than they show.

import { counted, violationText } from '../counterexamples/text.js';
import type { SettingValue } from '../models/language/index.js';
import { decidingResult, differs, type OutcomeKind, outcomeOfCell, outcomeText } from './cell_outcome.js';
import { type Comparison, type ComparisonCell, inEnvironment } from './comparison.js';
import { costConclusion } from './costs.js';

/** What follows for one candidate. */
export interface Conclusion {
  readonly candidate: SettingValue;
  /** Computed from the cells. */
  readonly explored: string;
  /** What it costs beyond the first candidate, computed as well. */
  readonly costs: readonly string[];
  /** What the model says, if it says anything. */
  readonly about: string | undefined;
}

export function conclusions(comparison: Comparison): readonly Conclusion[] {
  return comparison.candidates.map((candidate) => ({
    candidate,
    explored: [conclusion(candidate, inUsual(comparison)), ...elsewhere(candidate, comparison)].join('; '),
    costs: comparison.costs.flatMap((table) => costConclusion(table, candidate) ?? []),
    about: comparison.about[String(candidate)],
  }));
}

const inUsual = (comparison: Comparison) => inEnvironment(comparison, comparison.environments[0] ?? '');

/** `on powerpc hash violated in …`, for each environment in which the candidate has another result. */
function elsewhere(candidate: SettingValue, comparison: Comparison): readonly string[] {
  return comparison.environments.slice(1).flatMap((environment) => {
    const own = inEnvironment(comparison, environment);
    const others = [...own.cells, ...own.refused].filter(
      (cell) => cell.candidate === candidate && differs(cell, comparison),
    );
    return others.length === 0 ? [] : [`on ${environment} ${conclusion(candidate, own)}`];
  });
}

function conclusion(candidate: SettingValue, { cells, refused, scenarios, across }: Comparison): string {
  const own = cells.filter((cell) => cell.candidate === candidate);
  if (across?.length === 0) {
    return outcomeText(outcomeOfCell([...own, ...refused].find((cell) => cell.candidate === candidate)));
  }
  const violated = own.filter(is('violated'));
  const unreached = own.filter(is('unreached'));
  const barred = refused.filter((cell) => cell.candidate === candidate).length;
  const decided = own.length - own.filter(is('incomplete')).length;
  const open = scenarios.length - barred - decided;
  const rest = [
    ...(unreached.length > 0 && violated.length > 0 ? [unreachedText(unreached, scenarios.length)] : []),
    ...(barred > 0 ? [`${counted(barred, 'scenario')} refused`] : []),
    ...(open > 0 ? [`${counted(open, 'scenario')} incomplete: not a proof`] : []),
  ]
    .map((text) => `; ${text}`)
    .join('');
  if (violated.length > 0) {
    const shortest = violated.reduce((best, cell) => (stepsOf(cell) < stepsOf(best) ? cell : best));
    const how = violationText(resultOf(shortest)!);
    return `violated in ${inScenarios(violated.length, scenarios.length)}; shortest: ${how} (${shortest.scenario})${rest}`;
  }
  if (unreached.length > 0)
    return `${unreachedText(unreached, scenarios.length)}; nothing is violated${rest}`;
  if (barred === scenarios.length) return `refused in ${inScenarios(barred, barred)}: nothing was explored`;
  if (open + barred > 0) return `not violated so far${rest}`;
  const raced = scenarios.filter((scenario) =>
    cells.some((cell) => cell.scenario === scenario && is('violated')(cell)),
  ).length;
  const states = own.reduce((sum, { run }) => sum + run.report.evidence.states, 0);
  const proof = `exhaustively (${counted(states, 'state')})`;
  const all = inScenarios(scenarios.length, scenarios.length);
  if (raced === 0 || across !== undefined) return `holds in ${all}, ${proof}`;
  if (raced === scenarios.length) return `closes the race in ${all}, ${proof}`;
  return `closes the race in ${inScenarios(raced, scenarios.length)}, and holds in all of them, ${proof}`;
}

const is = (kind: OutcomeKind) => (cell: ComparisonCell) => outcomeOfCell(cell).kind === kind;
const resultOf = (cell: ComparisonCell) => decidingResult(outcomeOfCell(cell));

/** `split_happens is never reached in 2 of 7 scenarios`. */
function unreachedText(cells: readonly ComparisonCell[], all: number): string {
  const names = new Set(cells.map((cell) => resultOf(cell)!.check.name));
  return `${[...names].join(', ')} ${names.size === 1 ? 'is' : 'are'} never reached in ${inScenarios(cells.length, all)}`;
}

const stepsOf = (cell: ComparisonCell): number =>
  resultOf(cell)?.finding?.path.steps.length ?? Number.POSITIVE_INFINITY;

function inScenarios(some: number, all: number): string {
  if (some < all) return `${some} of ${all} scenarios`;
  return all === 1 ? 'the one scenario' : all === 2 ? 'both scenarios' : `all ${all} scenarios`;
}

// Every candidate against every scenario, and what follows from the results. Nothing here is known beforehand: a
// conclusion is computed from the cells, and says no more than they do.

import { counted } from '../counterexamples/index.js';
import { type DomainNode, type Model, ModelError, type SettingValue } from '../models/language/index.js';
import { UsageError } from './errors.js';
import { decisive, type ExitStatus, exitStatus } from './exit-status.js';
import type { LoadedModel } from './model.js';
import type { ExplorationArguments, GivenSettings } from './options.js';
import { violationText } from './report-text.js';
import { type Run, run } from './run.js';

export interface Cell {
  readonly candidate: SettingValue;
  readonly scenario: string;
  readonly run: Run;
}

export interface Comparison {
  readonly model: string;
  /** The setting whose values are the candidates. */
  readonly setting: string;
  readonly candidates: readonly SettingValue[];
  readonly scenarios: readonly string[];
  /** Candidate by candidate, in the order of the scenarios; fewer than all of them after Ctrl-C. */
  readonly cells: readonly Cell[];
}

/** Runs every candidate in every scenario. Throws a UsageError for a model that names no candidates. */
export async function compare(
  loaded: LoadedModel,
  given: GivenSettings,
  options: ExplorationArguments,
): Promise<Comparison> {
  const { model } = loaded;
  if (model.comparison === undefined) {
    throw new UsageError(`${model.name} has nothing to compare: its model names no candidates`);
  }
  const { candidates: setting, scenarios } = model.comparison;
  const chosen = [setting, ...Object.values(scenarios).flatMap((settings) => Object.keys(settings))];
  const clash = Object.keys(given).find((name) => chosen.includes(name));
  if (clash !== undefined) throw new UsageError(`--set ${clash}: the comparison chooses ${clash} itself`);
  const candidates = candidatesOf(model, setting);
  const pairs = candidates.flatMap((candidate) =>
    Object.entries(scenarios).map(([scenario, settings]) => ({ candidate, scenario, settings })),
  );
  const cells: Cell[] = [];
  for (const { candidate, scenario, settings } of pairs) {
    const what = `${setting}=${candidate}, ${scenario}`;
    const result = await run(what, loaded, { ...given, ...settings, [setting]: candidate }, options);
    cells.push({ candidate, scenario, run: result });
    if (result.isInterrupted) break;
  }
  return { model: model.name, setting, candidates, scenarios: Object.keys(scenarios), cells };
}

function candidatesOf(model: Model, setting: string): readonly SettingValue[] {
  const domain = model.settings[setting]?.node;
  if (domain !== undefined) return valuesOf(domain);
  throw new ModelError(`there is no setting '${setting}' whose values could be compared`, model.at);
}

function valuesOf(domain: DomainNode): readonly SettingValue[] {
  switch (domain.kind) {
    case 'enum':
      return domain.values;
    case 'bool':
      return [false, true];
    case 'int':
      return Array.from({ length: domain.max - domain.min + 1 }, (_, i) => domain.min + i);
    default:
      return [];
  }
}

/** A violated candidate is a result; what is missing is a cell that was not explored to its end. */
export function comparisonStatus({ cells }: Comparison): ExitStatus {
  if (cells.some(({ run: { isInterrupted } }) => isInterrupted)) return exitStatus.interrupted;
  return cells.some(({ run: { report } }) => report.verdict === 'incomplete')
    ? exitStatus.incomplete
    : exitStatus.ok;
}

/** `holds (196 states)`, `violated: no_bad_page_cache in 13 steps`, `incomplete: 1000 states`. */
export function cellText({ run: { report } }: Cell): string {
  const { verdict, exploration } = report;
  const result = decisive(report);
  if (result !== undefined) return `violated: ${violationText(result)}`;
  if (verdict === 'holds') return `holds (${counted(exploration.states, 'state')})`;
  return `incomplete: stopped at ${exploration.limit}`;
}

/** One sentence on each candidate. */
export function conclusions(comparison: Comparison): readonly string[] {
  const { candidates, setting } = comparison;
  return candidates.map((candidate) => `${setting}=${candidate}: ${conclusion(candidate, comparison)}`);
}

function conclusion(candidate: SettingValue, { cells, scenarios }: Comparison): string {
  const own = cells.filter((cell) => cell.candidate === candidate);
  const violated = own.filter(isViolated);
  const open = scenarios.length - own.filter(({ run }) => run.report.verdict !== 'incomplete').length;
  const rest = open === 0 ? '' : `; ${counted(open, 'scenario')} incomplete: not a proof`;
  if (violated.length > 0) {
    const shortest = violated.reduce((best, cell) => (stepsOf(cell) < stepsOf(best) ? cell : best));
    const how = violationText(decisive(shortest.run.report)!);
    return `violated in ${inScenarios(violated.length, scenarios.length)}; shortest: ${how} (${shortest.scenario})${rest}`;
  }
  if (open > 0) return `not violated so far${rest}`;
  const raced = scenarios.filter((scenario) =>
    cells.some((cell) => cell.scenario === scenario && isViolated(cell)),
  ).length;
  const states = own.reduce((sum, { run }) => sum + run.report.exploration.states, 0);
  const proof = `exhaustively (${counted(states, 'state')})`;
  const all = inScenarios(scenarios.length, scenarios.length);
  if (raced === 0) return `holds in ${all}, ${proof}`;
  if (raced === scenarios.length) return `closes the race in ${all}, ${proof}`;
  return `closes the race in ${inScenarios(raced, scenarios.length)}, and holds in ${all}, ${proof}`;
}

const isViolated = ({ run }: Cell): boolean => run.report.verdict === 'violated';

const stepsOf = ({ run }: Cell): number =>
  decisive(run.report)?.finding?.path.steps.length ?? Number.POSITIVE_INFINITY;

function inScenarios(some: number, all: number): string {
  if (some < all) return `${some} of ${all} scenarios`;
  return all === 1 ? 'the one scenario' : `all ${all} scenarios`;
}

// Every candidate against every scenario, and what follows from the results. Nothing here is known beforehand: a
// conclusion is computed from the cells, and says no more than they do.

import { didYouMean, type LimitReached } from '../checker/index.js';
import { counted } from '../counterexamples/text.js';
import {
  type DomainNode,
  type Model,
  ModelError,
  type Comparison as Plan,
  type SettingValue,
} from '../models/language/index.js';
import { type CostTable, chosenByCosts, costConclusion, costsCounted, countCosts } from './costs.js';
import { UsageError } from './errors.js';
import { decisive, type ExitStatus, exitStatus, statusOfSignal } from './exit-status.js';
import type { LoadedModel } from './model.js';
import type { ExplorationValues, GivenSettings } from './options.js';
import { limitText, violationText } from './report-text.js';
import { type Questions, type Run, run } from './run.js';
import { type Signal, type Stop, Stopped } from './stop.js';
import { watchAll } from './watch.js';

export interface Cell {
  readonly candidate: SettingValue;
  readonly scenario: string;
  readonly environment: string;
  readonly run: Run;
}

export interface Comparison {
  readonly model: string;
  /** The setting whose values are the candidates. */
  readonly setting: string;
  readonly candidates: readonly SettingValue[];
  readonly scenarios: readonly string[];
  /** At least one, the usual one first; a model that names none has one without a name. */
  readonly environments: readonly string[];
  /** What the model says of a candidate beside what is explored. */
  readonly about: { readonly [candidate: string]: string };
  /** Environment by environment, candidate by candidate, scenario by scenario; fewer than all once it is stopped. */
  readonly cells: readonly Cell[];
  /** What the candidates cost, if the model counts something; fewer than all once it is stopped. */
  readonly costs: readonly CostTable[];
  /** Why it was stopped before all cells were run and all costs counted. */
  readonly stopped: LimitReached | undefined;
}

/**
 * Runs every candidate in every scenario and environment: those of the model's comparison, or of another one that it
 * names. Throws a UsageError for a model that has nothing to compare.
 */
export async function compare(
  loaded: LoadedModel,
  which: string | undefined,
  given: GivenSettings,
  options: ExplorationValues,
  stop: Stop,
  questions: Pick<Questions, 'coverage'> = {},
): Promise<Comparison> {
  const { model } = loaded;
  const plan = planOf(model, which);
  const { candidates: setting, scenarios, environments = { '': {} }, about = {} } = plan;
  const fixed = [plan.settings ?? {}, ...Object.values(scenarios), ...Object.values(environments)];
  const chosen = [setting, ...fixed.flatMap((settings) => Object.keys(settings)), ...chosenByCosts(plan)];
  const clash = Object.keys(given).find((name) => chosen.includes(name));
  if (clash !== undefined) throw new UsageError(`--set ${clash}: the comparison chooses ${clash} itself`);
  const candidates = plan.only ?? candidatesOf(model, setting);
  const known = new Map<unknown, Run>();
  const cells: Cell[] = [];
  const places = placesOf(plan, candidates);
  const progress = watchAll(places.length + costsCounted(plan, candidates));
  for (const { environment, candidate, scenario } of places) {
    const all = {
      ...given,
      ...plan.settings,
      ...scenarios[scenario],
      ...environments[environment],
      [setting]: candidate,
    };
    const what = [`${setting}=${candidate}`, scenario, environment].filter((text) => text !== '').join(', ');
    progress.next(what);
    const result = await untilStopped(() => runOnce(known, what, loaded, all, options, stop, questions));
    if (result !== undefined) cells.push({ candidate, scenario, environment, run: result });
    if (result === undefined || stop.reason() !== undefined) break;
    await turn();
  }
  const costs = await countCosts(loaded, plan, candidates, given, options, stop, progress.next);
  progress.end();
  return {
    model: model.name,
    setting,
    candidates,
    scenarios: Object.keys(scenarios),
    environments: Object.keys(environments),
    about,
    cells,
    costs,
    stopped: stop.reason(),
  };
}

/** The event loop has a turn: runs that are too short to yield are many. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function untilStopped<R>(work: () => Promise<R>): Promise<R | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Stopped) return undefined;
    throw error;
  }
}

/** Environment by environment, candidate by candidate, scenario by scenario. */
const placesOf = ({ scenarios, environments = { '': {} } }: Plan, candidates: readonly SettingValue[]) =>
  Object.keys(environments).flatMap((environment) =>
    candidates.flatMap((candidate) =>
      Object.keys(scenarios).map((scenario) => ({ environment, candidate, scenario })),
    ),
  );

function planOf({ name, comparison }: Model, which: string | undefined): Plan {
  if (comparison === undefined) {
    throw new UsageError(`${name} has nothing to compare: its model names no candidates`);
  }
  if (which === undefined || which === comparison.candidates) return comparison;
  const others = comparison.others ?? {};
  const other = others[which];
  if (other !== undefined) return other;
  const words = [comparison.candidates, ...Object.keys(others)];
  throw new UsageError(
    `--candidates=${which}: ${name} compares ${words.join(', ')}${didYouMean(which, words)}`,
  );
}

/** Many environments leave a Program as it is: it is explored once, and the result told for each. */
async function runOnce(
  known: Map<unknown, Run>,
  what: string,
  loaded: LoadedModel,
  settings: { readonly [name: string]: unknown },
  options: ExplorationValues,
  stop: Stop,
  questions: Questions,
): Promise<Run> {
  const lowered = stop.run(`${what} was lowered`, () => loaded.lower(settings));
  const { settings: resolved, ...rest } = lowered.program;
  const same = known.get(rest.steps);
  if (same !== undefined) return { ...same, settings: resolved };
  const key = JSON.stringify([rest, lowered.properties]);
  const result =
    known.get(key) ?? (await run(what, lowered, settings, options, stop, { ...questions, told: 'decisive' }));
  known.set(rest.steps, result).set(key, result);
  return { ...result, settings: resolved };
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
export function comparisonStatus(comparison: Comparison, signal: Signal | undefined): ExitStatus {
  if (signal !== undefined) return statusOfSignal[signal];
  const isCounted = comparison.costs.every((table) =>
    table.cells.every(({ values }) => values !== undefined),
  );
  return comparison.stopped === undefined && isExplored(comparison) && isCounted
    ? exitStatus.ok
    : exitStatus.incomplete;
}

/** `holds (196 states)`, `violated: no_bad_page_cache in 13 steps`, `incomplete: 1000 states`. */
export function cellText({ run: { report } }: Cell): string {
  const { verdict, exploration } = report;
  const result = decisive(report);
  if (result !== undefined) return `violated: ${violationText(result)}`;
  if (verdict === 'holds') return `holds (${counted(exploration.states, 'state')})`;
  return `incomplete: ${limitText(exploration)}`;
}

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

/** `stopped at Ctrl-C: 12 of 84 cells were run`; empty if it was not stopped. */
export function stoppedText({ stopped, cells, candidates, scenarios, environments }: Comparison): string {
  if (stopped === undefined) return '';
  const all = candidates.length * scenarios.length * environments.length;
  return `stopped at ${stopped.text}: ${cells.length} of ${counted(all, 'cell')} ${all === 1 ? 'was' : 'were'} run`;
}

/** The comparison in one of its environments. */
export const inEnvironment = (comparison: Comparison, environment: string): Comparison => ({
  ...comparison,
  environments: [environment],
  cells: comparison.cells.filter((cell) => cell.environment === environment),
});
const inUsual = (comparison: Comparison) => inEnvironment(comparison, comparison.environments[0] ?? '');

/** Was every cell explored to its end, or until it was violated? */
export const isExplored = ({ candidates, scenarios, environments, cells }: Comparison): boolean =>
  cells.length === candidates.length * scenarios.length * environments.length &&
  cells.every(({ run }) => run.report.verdict !== 'incomplete');

/** Does a candidate fare otherwise in this cell than in the same scenario of the usual environment? */
export function differs(cell: Cell, { environments, cells }: Comparison): boolean {
  const usual = cells.find(
    ({ candidate, scenario, environment }) =>
      candidate === cell.candidate && scenario === cell.scenario && environment === environments[0],
  );
  return usual !== undefined && usual.run.report.verdict !== cell.run.report.verdict;
}

/** `violated on powerpc hash: …`, for each environment in which the candidate fares otherwise. */
function elsewhere(candidate: SettingValue, comparison: Comparison): readonly string[] {
  return comparison.environments.slice(1).flatMap((environment) => {
    const own = inEnvironment(comparison, environment);
    const others = own.cells.filter((cell) => cell.candidate === candidate && differs(cell, comparison));
    return others.length === 0 ? [] : [`on ${environment} ${conclusion(candidate, own)}`];
  });
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
  return `closes the race in ${inScenarios(raced, scenarios.length)}, and holds in all of them, ${proof}`;
}

const isViolated = ({ run }: Cell): boolean => run.report.verdict === 'violated';

const stepsOf = ({ run }: Cell): number =>
  decisive(run.report)?.finding?.path.steps.length ?? Number.POSITIVE_INFINITY;

function inScenarios(some: number, all: number): string {
  if (some < all) return `${some} of ${all} scenarios`;
  return all === 1 ? 'the one scenario' : all === 2 ? 'both scenarios' : `all ${all} scenarios`;
}

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
import { unlessRefused } from './refusal.js';
import { limitText, violationText } from './report-text.js';
import { type Questions, type Run, run } from './run.js';
import type { Signal, Stop } from './stop.js';
import { watchAll } from './watch.js';

export interface Cell {
  readonly candidate: SettingValue;
  readonly scenario: string;
  readonly environment: string;
  readonly run: Run;
}

/** A cell whose model was refused: it has no meaning under these settings, or the engine cannot check it. */
export interface Refusal extends Omit<Cell, 'run'> {
  readonly why: string;
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
  /** In the same order: those that could not be run. The others are none the worse for it. */
  readonly refused: readonly Refusal[];
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
  const refused: Refusal[] = [];
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
    const result = await unlessRefused(() => runOnce(known, what, loaded, all, options, stop, questions));
    if (result === undefined) break;
    if ('why' in result) refused.push({ candidate, scenario, environment, ...result });
    else cells.push({ candidate, scenario, environment, run: result });
    if (stop.reason() !== undefined) break;
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
    refused,
    costs,
    stopped: stop.reason(),
  };
}

/** The event loop has a turn: runs that are too short to yield are many. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

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
  const other = Object.hasOwn(others, which) ? others[which] : undefined;
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
  const domain = Object.hasOwn(model.settings, setting) ? model.settings[setting]?.node : undefined;
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

/** A violated candidate is a result; what is missing is a cell that was refused, or not explored to its end. */
export function comparisonStatus(comparison: Comparison, signal: Signal | undefined): ExitStatus {
  if (signal !== undefined) return statusOfSignal[signal];
  if (comparison.refused.length > 0) return exitStatus.usage;
  const isCounted = comparison.costs.every((table) =>
    table.cells.every(({ values }) => values !== undefined),
  );
  return comparison.stopped === undefined && isExplored(comparison) && isCounted
    ? exitStatus.ok
    : exitStatus.incomplete;
}

/**
 * `holds (196 states)`, `violated: no_bad_page_cache in 13 steps`, `never reached: split_happens`,
 * `incomplete: 1000 states`, `refused: fix.ts:3: …`.
 */
export function cellText(cell: Cell | Refusal): string {
  if ('why' in cell) return `refused: ${cell.why}`;
  const { report } = cell.run;
  const { verdict, exploration } = report;
  const result = decisive(report);
  if (result?.verdict === 'unreached') return `never reached: ${result.check.name}`;
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
  refused: comparison.refused.filter((cell) => cell.environment === environment),
});

/** The cell of a candidate in a scenario of the first environment; undefined if it was not run. */
export const cellAt = (
  { cells, refused, environments }: Comparison,
  candidate: SettingValue,
  scenario: string,
): Cell | Refusal | undefined =>
  [...cells, ...refused].find(
    (cell) =>
      cell.candidate === candidate && cell.scenario === scenario && cell.environment === environments[0],
  );

const inUsual = (comparison: Comparison) => inEnvironment(comparison, comparison.environments[0] ?? '');

/** Was every cell explored to its end, or until it was violated, if it was not refused? */
export const isExplored = ({ candidates, scenarios, environments, cells, refused }: Comparison): boolean =>
  cells.length + refused.length === candidates.length * scenarios.length * environments.length &&
  cells.every(({ run }) => run.report.verdict !== 'incomplete');

/**
 * Does a candidate fare otherwise in this cell than in the same scenario of the usual environment: is the verdict
 * another, or does it fail in another property?
 */
export function differs(cell: Cell | Refusal, comparison: Comparison): boolean {
  const usual = cellAt(comparison, cell.candidate, cell.scenario);
  return usual !== undefined && fate(usual) !== fate(cell);
}

const fate = (cell: Cell | Refusal): string => {
  if ('why' in cell) return 'refused';
  const result = decisive(cell.run.report);
  return result === undefined ? cell.run.report.verdict : `${result.verdict} ${result.check.name}`;
};

/** `violated on powerpc hash: …`, for each environment in which the candidate fares otherwise. */
function elsewhere(candidate: SettingValue, comparison: Comparison): readonly string[] {
  return comparison.environments.slice(1).flatMap((environment) => {
    const own = inEnvironment(comparison, environment);
    const others = [...own.cells, ...own.refused].filter(
      (cell) => cell.candidate === candidate && differs(cell, comparison),
    );
    return others.length === 0 ? [] : [`on ${environment} ${conclusion(candidate, own)}`];
  });
}

function conclusion(candidate: SettingValue, { cells, refused, scenarios }: Comparison): string {
  const own = cells.filter((cell) => cell.candidate === candidate);
  const violated = own.filter(isViolated);
  const unreached = own.filter(isUnreached);
  const barred = refused.filter((cell) => cell.candidate === candidate).length;
  const decided = own.filter(({ run }) => run.report.verdict !== 'incomplete').length;
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
    const how = violationText(decisive(shortest.run.report)!);
    return `violated in ${inScenarios(violated.length, scenarios.length)}; shortest: ${how} (${shortest.scenario})${rest}`;
  }
  if (unreached.length > 0)
    return `${unreachedText(unreached, scenarios.length)}; nothing is violated${rest}`;
  if (barred === scenarios.length) return `refused in ${inScenarios(barred, barred)}: nothing was explored`;
  if (open + barred > 0) return `not violated so far${rest}`;
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

const isViolated = ({ run }: Cell): boolean => decisive(run.report)?.verdict === 'violated';
/** Is nothing violated, but something that should be possible is not? */
const isUnreached = ({ run }: Cell): boolean => decisive(run.report)?.verdict === 'unreached';

/** `split_happens is never reached in 2 of 7 scenarios`. */
function unreachedText(cells: readonly Cell[], all: number): string {
  const names = new Set(cells.map(({ run }) => decisive(run.report)!.check.name));
  return `${[...names].join(', ')} ${names.size === 1 ? 'is' : 'are'} never reached in ${inScenarios(cells.length, all)}`;
}

const stepsOf = ({ run }: Cell): number =>
  decisive(run.report)?.finding?.path.steps.length ?? Number.POSITIVE_INFINITY;

function inScenarios(some: number, all: number): string {
  if (some < all) return `${some} of ${all} scenarios`;
  return all === 1 ? 'the one scenario' : all === 2 ? 'both scenarios' : `all ${all} scenarios`;
}

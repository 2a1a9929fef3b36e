// Every candidate against every scenario, in every environment. How one cell is explored is up to the caller, who knows
// what stops it; here cells are chosen, those that are the same are explored once, and those that are refused are noted.

import { didYouMean, type Lowered } from '../checker/index.js';
import {
  type DomainNode,
  type Model,
  ModelError,
  type ComparisonPlan as Plan,
  type SettingValue,
} from '../models/language/index.js';
import type { CellRun, Comparison, ComparisonCell, Refusal } from './comparison.js';
import { type CostRunner, chosenByCosts, costsCounted, countCosts } from './costs.js';
import { unlessRefused } from './refusal.js';

/** A comparison that cannot be made: the model has none of that name, or a setting is chosen twice. */
export class ComparisonError extends Error {
  override readonly name = 'ComparisonError';
}

/** What explores the cells of a comparison. `what` names a cell, for people. */
export interface Runner extends CostRunner {
  /** Explores a cell and replays its decisive finding; undefined once it is stopped. */
  readonly explore: (what: string, lowered: Lowered, settings: CellSettings) => Promise<CellRun | undefined>;
  /** Called once, before anything is explored, with the number of cells; `next` is called before each, `end` at last. */
  readonly watch: (cells: number) => { readonly next: (what: string) => void; readonly end: () => void };
}

type CellSettings = { readonly [name: string]: unknown };

/**
 * Runs every candidate in every scenario and environment: those of the model's comparison, or of another one that it
 * names. `given` are settings beside those that the comparison chooses. Throws a ComparisonError.
 */
export async function compare(
  model: Model,
  which: string | undefined,
  given: CellSettings,
  runner: Runner,
): Promise<Comparison> {
  const plan = planOf(model, which);
  const { candidates: setting, scenarios, environments = { '': {} }, about = {} } = plan;
  refuseChosen(plan, given);
  const candidates = plan.only ?? candidatesOf(model, setting);
  const known = new Map<unknown, CellRun>();
  const cells: ComparisonCell[] = [];
  const refused: Refusal[] = [];
  const places = placesOf(plan, candidates);
  const progress = runner.watch(places.length + costsCounted(plan, candidates));
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
    const result = await unlessRefused(() => runOnce(known, what, all, runner), runner.locate);
    if (result === undefined) break;
    if ('why' in result) refused.push({ candidate, scenario, environment, ...result });
    else cells.push({ candidate, scenario, environment, run: result });
    if (runner.stopped() !== undefined) break;
    await turn();
  }
  const costs = await countCosts(model, plan, candidates, given, runner, progress.next);
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
    stopped: runner.stopped(),
  };
}

/** Settings that the comparison chooses are not given beside. */
function refuseChosen(plan: Plan, given: CellSettings): void {
  const { candidates: setting, scenarios, environments = {} } = plan;
  const fixed = [plan.settings ?? {}, ...Object.values(scenarios), ...Object.values(environments)];
  const chosen = [setting, ...fixed.flatMap((settings) => Object.keys(settings)), ...chosenByCosts(plan)];
  const clash = Object.keys(given).find((name) => chosen.includes(name));
  if (clash !== undefined) {
    throw new ComparisonError(`--set ${clash}: the comparison chooses ${clash} itself`);
  }
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
    throw new ComparisonError(`${name} has nothing to compare: its model names no candidates`);
  }
  if (which === undefined || which === comparison.candidates) return comparison;
  const others = comparison.others ?? {};
  const other = Object.hasOwn(others, which) ? others[which] : undefined;
  if (other !== undefined) return other;
  const words = [comparison.candidates, ...Object.keys(others)];
  throw new ComparisonError(
    `--candidates=${which}: ${name} compares ${words.join(', ')}${didYouMean(which, words)}`,
  );
}

/** Many environments leave a Program as it is: it is explored once, and the result counts for each. */
async function runOnce(
  known: Map<unknown, CellRun>,
  what: string,
  settings: CellSettings,
  runner: Runner,
): Promise<CellRun | undefined> {
  const lowered = await runner.lower(what, settings);
  if (lowered === undefined) return undefined;
  const { settings: resolved, ...rest } = lowered.program;
  const same = known.get(rest.steps);
  if (same !== undefined) return { ...same, settings: resolved };
  const key = JSON.stringify([rest, lowered.properties]);
  const result = known.get(key) ?? (await runner.explore(what, lowered, settings));
  if (result === undefined) return undefined;
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

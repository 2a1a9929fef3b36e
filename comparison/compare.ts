// Runs every candidate in every scenario and environment. The caller explores a single cell and decides when to stop;
// this file starts the cells, explores equal Programs once, and records the cells that are refused.

import { type Lowered, resolveSettings } from '../checker/index.js';
import type { Model, ComparisonPlan as Plan, SettingValue } from '../models/language/index.js';
import type { CellRun, Comparison, ComparisonCell, Refusal } from './comparison.js';
import { type CostRunner, costsCounted, countCosts } from './costs.js';
import { type ComparisonAsked, onlyUsual, refuseChosen, selectionOf, underMemory } from './plan.js';
import {
  type Planned,
  type SearchSettings,
  Slots,
  type Started,
  type Subject,
  startSearches,
} from './searches.js';

/** What explores the cells of a comparison. `what` names a cell, for people. */
export interface Runner extends CostRunner {
  /** How many searches it takes at once. */
  readonly jobs: number;
  /** Explores a cell and replays its decisive finding; undefined once it is stopped. */
  readonly explore: (what: string, lowered: Lowered, subject: Subject) => Promise<CellRun | undefined>;
  /** Called once, before anything is explored, with the number of cells; `next` is called before each, `end` at last. */
  readonly watch: (cells: number) => { readonly next: (what: string) => void; readonly end: () => void };
}

type CellPlace = Pick<ComparisonCell, 'candidate' | 'scenario' | 'environment'>;

/**
 * Runs candidates in scenarios and environments: those of the model's comparison, or those that are asked for. `given`
 * are settings beside those that the comparison chooses. Throws a ComparisonError.
 */
export async function compare(
  model: Model,
  asked: ComparisonAsked,
  given: SearchSettings,
  runner: Runner,
): Promise<Comparison> {
  // A setting that is wrong here is wrong in every cell.
  resolveSettings(model, given);
  const { plan: named, candidates, across } = selectionOf(model, asked);
  refuseChosen(named, given);
  const plan = underMemory(named, asked.memory);
  const { candidates: setting, scenarios, environments = onlyUsual, about = {} } = plan;
  const places = placesOf(plan, candidates);
  const progress = runner.watch(places.length + costsCounted(plan, candidates));
  const starting = { runner, slots: new Slots(runner.jobs), onNext: progress.next };
  const started = await startSearches(plannedCells(places, plan, given), starting, runner.explore);
  const cells: ComparisonCell[] = [];
  const refused: Refusal[] = [];
  for (const one of started) {
    const found = await cellResult(one);
    if (found === undefined) continue;
    if ('why' in found) refused.push({ ...one.place, ...found });
    else cells.push({ ...one.place, run: found });
  }
  const costs = await countCosts(model, plan, candidates, given, starting);
  progress.end();
  return {
    model: model.name,
    setting,
    ...(across !== undefined && { across }),
    ...(asked.memory !== undefined && { memory: asked.memory }),
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

/** Environment by environment, candidate by candidate, scenario by scenario. */
const placesOf = (
  { scenarios, environments = onlyUsual }: Plan,
  candidates: readonly SettingValue[],
): readonly CellPlace[] =>
  Object.keys(environments).flatMap((environment) =>
    candidates.flatMap((candidate) =>
      Object.keys(scenarios).map((scenario) => ({ environment, candidate, scenario })),
    ),
  );

const plannedCells = (
  places: readonly CellPlace[],
  { candidates: setting, settings, scenarios, environments = onlyUsual }: Plan,
  given: SearchSettings,
): readonly Planned<CellPlace>[] =>
  places.map((place) => {
    const { candidate, scenario, environment } = place;
    const { memory, ...around } = environments[environment]!;
    return {
      place,
      what: [`${setting}=${candidate}`, scenario, environment].filter((text) => text !== '').join(', '),
      subject: {
        settings: { ...given, ...settings, ...scenarios[scenario], ...around, [setting]: candidate },
        ...(memory !== undefined && { memory }),
      },
    };
  });

/** Environments that give an equal Program share its result; each cell has its own settings. */
async function cellResult({ result, lowered }: Started<CellPlace, CellRun>) {
  const found = await result;
  if (found === undefined || 'why' in found) return found;
  return { ...found, settings: lowered!.program.settings };
}

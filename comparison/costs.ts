// What each candidate costs, where a model counts something beside its verdicts. A counter is a variable of the model;
// the checker is asked which values it has where everyone is done.
//
//   munmap and truncate, each of which may be the one to zap, at a cost or without        idtes: 0 or 1

import type { FinalValues, LimitReached, Lowered, Program, Variable } from '../checker/index.js';
import {
  type Cost,
  type Model,
  ModelError,
  type ComparisonPlan as Plan,
  type SettingValue,
  type SourceLocation,
} from '../models/language/index.js';
import { unlessRefused } from './refusal.js';

/** What explores the Programs whose costs are counted. `what` names one, for people. */
export interface CostRunner {
  /** Lowers the model under these settings; undefined once it is stopped. */
  readonly lower: (
    what: string,
    settings: { readonly [name: string]: unknown },
  ) => Promise<Lowered | undefined>;
  /** The values of a variable at the ends of all runs; undefined once it is stopped. */
  readonly finalValues: (
    what: string,
    program: Program,
    variable: Variable,
  ) => Promise<FinalValues | undefined>;
  /** Why it was stopped, once it is. */
  readonly stopped: () => LimitReached | undefined;
  /** A place in a model, as people read it. */
  readonly locate: (at: SourceLocation) => string;
}

export interface CostCell {
  readonly candidate: SettingValue;
  readonly scenario: string;
  /** The values of the counter on runs that come to their end, ascending; absent if not every state was explored. */
  readonly values: readonly number[] | undefined;
  /** Does the candidate fail here? Then its runs end early, and what they cost says little. */
  readonly isViolated: boolean;
}

export interface CostTable {
  readonly cost: Cost;
  readonly scenarios: readonly string[];
  /** Candidate by candidate, scenario by scenario. */
  readonly cells: readonly CostCell[];
}

/** The settings that the costs of a comparison choose themselves. */
export const chosenByCosts = ({ costs = [] }: Plan): readonly string[] =>
  costs.flatMap(({ settings, scenarios }) =>
    [settings, ...Object.values(scenarios)].flatMap((chosen) => Object.keys(chosen)),
  );

/** How many runs that takes. */
export const costsCounted = ({ costs = [] }: Plan, candidates: readonly SettingValue[]): number =>
  costs.reduce((sum, { scenarios }) => sum + candidates.length * Object.keys(scenarios).length, 0);

/** Counts every cost of every candidate, and says before each what it is; once it is stopped the rest is missing. */
export async function countCosts(
  model: Model,
  plan: Plan,
  candidates: readonly SettingValue[],
  given: { readonly [name: string]: unknown },
  runner: CostRunner,
  onNext: (what: string) => void = () => {},
): Promise<readonly CostTable[]> {
  const tables: CostTable[] = [];
  for (const cost of plan.costs ?? []) {
    const cells: CostCell[] = [];
    // Many candidates are the same where nobody deletes the page: one run counts for all of them.
    const known = new Map<string, Counted>();
    const places = candidates.flatMap((candidate) =>
      Object.entries(cost.scenarios).map(([scenario, chosen]) => ({ candidate, scenario, chosen })),
    );
    for (const { candidate, scenario, chosen } of places) {
      const environment = plan.environments?.[cost.environment];
      const settings = {
        ...{ ...given, ...plan.settings, ...environment, ...cost.settings },
        ...{ ...chosen, [plan.candidates]: candidate },
      };
      const what = [`${plan.candidates}=${candidate}`, scenario, cost.environment, cost.name].join(', ');
      if (runner.stopped() !== undefined) return tables;
      onNext(what);
      const counting = () => countOnce(known, what, settings, cost, model, runner);
      const found = await unlessRefused(counting, runner.locate);
      if (found === undefined) return tables;
      cells.push({ candidate, scenario, ...('why' in found ? uncounted : found) });
    }
    tables.push({ cost, scenarios: Object.keys(cost.scenarios), cells });
  }
  return tables;
}

type Counted = Pick<CostCell, 'values' | 'isViolated'>;

/** Of a candidate that is refused. */
const uncounted: Counted = { values: undefined, isViolated: false };

/** Counts one cost of one candidate, unless its Program is one of those that are known. */
async function countOnce(
  known: Map<string, Counted>,
  what: string,
  settings: { readonly [name: string]: unknown },
  { counter }: Cost,
  model: Model,
  runner: CostRunner,
): Promise<Counted | undefined> {
  const lowered = await runner.lower(what, settings);
  if (lowered === undefined) return undefined;
  const { settings: _, ...rest } = lowered.program;
  const key = JSON.stringify(rest);
  const before = known.get(key);
  if (before !== undefined) return before;
  const variable = lowered.program.variables.find(({ name }) => name === counter);
  if (variable?.domain.kind !== 'int')
    throw new ModelError(`'${counter}' is no variable that counts`, model.at);
  const ends = await runner.finalValues(what, lowered.program, variable);
  if (ends === undefined) return undefined;
  const found = { values: ends.values, isViolated: ends.isViolated };
  known.set(key, found);
  return found;
}

/** `0`, `0 or 1`, `0 to 2`; `none ends` where no run does, `?` where not every state was explored. */
export function costText({ values }: Pick<CostCell, 'values'>): string {
  if (values === undefined) return '?';
  const [first, ...others] = values;
  const last = others.at(-1);
  if (first === undefined) return 'none ends';
  if (last === undefined) return String(first);
  return `${first} ${others.length === 1 ? 'or' : 'to'} ${last}`;
}

/** The cells of one candidate, one for each scenario. */
export const costsOf = ({ cells }: CostTable, candidate: SettingValue): readonly CostCell[] =>
  cells.filter((cell) => cell.candidate === candidate);

/** Does this candidate cost something else than the first one, where it does not fail? */
export const costsDiffer = (table: CostTable, candidate: SettingValue): boolean =>
  differences(table, candidate).length > 0;

/** The heading of a table of costs, for people. */
export const costHeading = ({ cost: { name, environment } }: CostTable): string =>
  `Cost${environment === '' ? '' : ` on ${environment}`}: ${name}, on every run that comes to its end`;

/** `on s390, IDTEs under a pmd lock: 1 instead of 0 (munmap)`, or nothing where nothing differs. */
export function costConclusion(table: CostTable, candidate: SettingValue): string | undefined {
  const { cost } = table;
  const on = cost.environment === '' ? '' : `on ${cost.environment}, `;
  const texts = differences(table, candidate).map(
    ([cell, usual]) => `${costText(cell)} instead of ${costText(usual)} (${cell.scenario})`,
  );
  return texts.length === 0 ? undefined : `${on}${cost.name}: ${texts.join(', ')}`;
}

function differences(table: CostTable, candidate: SettingValue): readonly (readonly [CostCell, CostCell])[] {
  const first = table.cells[0]?.candidate;
  return costsOf(table, candidate).flatMap((cell) => {
    const usual = table.cells.find((other) => other.candidate === first && other.scenario === cell.scenario);
    const isOther = usual !== undefined && costText(usual) !== costText(cell);
    return isOther && !cell.isViolated ? [[cell, usual] as const] : [];
  });
}

// The costs of each candidate, where a model counts something. A counter is a variable of the model; the checker
// computes its values in the states in which all actors are done.
//
//   munmap and truncate: either may zap the page, with an IDTE or without one        idtes: 0 or 1

import type { FinalValues, Lowered, Variable } from '../checker/index.js';
import {
  type Cost,
  type Model,
  ModelError,
  type ComparisonPlan as Plan,
  type SettingValue,
} from '../models/language/index.js';
import {
  type Lowering,
  type Planned,
  type SearchSettings,
  type Starting,
  type Subject,
  startSearches,
} from './searches.js';

/** What explores the Programs whose costs are counted. `what` names one, for people. */
export interface CostRunner extends Lowering {
  /** The values of a variable at the ends of all runs; undefined once it is stopped. */
  readonly finalValues: (
    what: string,
    lowered: Lowered,
    subject: Subject,
    variable: Variable,
  ) => Promise<Pick<FinalValues, 'values' | 'isViolated'> | undefined>;
}

export interface CostCell {
  readonly candidate: SettingValue;
  readonly scenario: string;
  /** The values of the counter on runs that come to their end, ascending; absent if not every state was explored. */
  readonly values: readonly number[] | undefined;
  /** Is the candidate violated here? Then some runs end early, and their costs cannot be compared. */
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

/** The number of searches that this takes. */
export const costsCounted = ({ costs = [] }: Plan, candidates: readonly SettingValue[]): number =>
  costs.reduce((sum, { scenarios }) => sum + candidates.length * Object.keys(scenarios).length, 0);

/** Counts every cost of every candidate; once it is stopped the rest is missing. */
export async function countCosts(
  model: Model,
  plan: Plan,
  candidates: readonly SettingValue[],
  given: { readonly [name: string]: unknown },
  starting: Starting<CostRunner>,
): Promise<readonly CostTable[]> {
  const tables: CostTable[] = [];
  for (const cost of plan.costs ?? []) {
    const planned = plannedCounts(plan, cost, candidates, given);
    const count = async (what: string, lowered: Lowered, subject: Subject) =>
      starting.runner.finalValues(what, lowered, subject, counterOf(cost, lowered, model));
    const cells: CostCell[] = [];
    for (const { place, result } of await startSearches(planned, starting, count)) {
      const found = await result;
      if (found === undefined) return tables;
      const { values, isViolated } = 'why' in found ? uncounted : found;
      cells.push({ ...place, values, isViolated });
    }
    if (cells.length < planned.length) return tables;
    tables.push({ cost, scenarios: Object.keys(cost.scenarios), cells });
  }
  return tables;
}

/** Of a candidate that is refused. */
const uncounted = { values: undefined, isViolated: false };

const plannedCounts = (
  plan: Plan,
  cost: Cost,
  candidates: readonly SettingValue[],
  given: SearchSettings,
): readonly Planned<Pick<CostCell, 'candidate' | 'scenario'>>[] =>
  candidates.flatMap((candidate) =>
    Object.entries(cost.scenarios).map(([scenario, chosen]) => {
      const { memory, ...around } = plan.environments?.[cost.environment] ?? {};
      return {
        place: { candidate, scenario },
        what: [`${plan.candidates}=${candidate}`, scenario, cost.environment, cost.name].join(', '),
        subject: {
          settings: {
            ...{ ...given, ...plan.settings, ...around, ...cost.settings, ...chosen },
            [plan.candidates]: candidate,
          },
          ...(memory !== undefined && { memory }),
        },
      };
    }),
  );

/** Throws a ModelError if the model has no such variable. */
function counterOf({ counter }: Cost, { program }: Lowered, { at }: Model): Variable {
  const variable = program.variables.find(({ name }) => name === counter);
  if (variable?.domain.kind === 'int') return variable;
  throw new ModelError(`'${counter}' is no variable that counts`, at);
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

/** Does this candidate have other costs than the first one, in a scenario in which it is not violated? */
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

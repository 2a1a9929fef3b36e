// The result of a comparison: a cell for each candidate in each scenario and environment, and what candidates cost.

import type {
  Explored,
  LimitReached,
  Lowered,
  MemoryModel,
  PropertyResult,
  Report,
} from '../checker/index.js';
import type { Trace } from '../counterexamples/trace/trace.js';
import type { SettingValue } from '../models/language/index.js';
import type { CostTable } from './costs.js';

/** What was explored for a cell; cells whose settings leave the same Program share its report. */
export interface CellRun {
  readonly model: string;
  /** All of them, resolved. */
  readonly settings: { readonly [name: string]: SettingValue };
  readonly report: Report<Explored>;
  /** At least the trace of the decisive result, if it has one. */
  readonly traces: ReadonlyMap<PropertyResult, Trace>;
  /** What was explored. */
  readonly lowered: Lowered;
}

export interface ComparisonCell {
  readonly candidate: SettingValue;
  readonly scenario: string;
  readonly environment: string;
  readonly run: CellRun;
}

/** A cell whose model was refused: it has no meaning under these settings, or the engine cannot check it. */
export interface Refusal extends Omit<ComparisonCell, 'run'> {
  readonly why: string;
}

export interface Comparison {
  readonly model: string;
  /** The setting whose values are the candidates. */
  readonly setting: string;
  /** The settings that scenarios vary, if --over chose them: then candidates need not be fixes. */
  readonly across?: readonly string[];
  /** The memory model of environments that name none, if it was asked for. */
  readonly memory?: MemoryModel;
  readonly candidates: readonly SettingValue[];
  readonly scenarios: readonly string[];
  /** At least one, the usual one first; a model that names none has one without a name. */
  readonly environments: readonly string[];
  /** The model's description of each candidate. */
  readonly about: { readonly [candidate: string]: string };
  /** Environment by environment, candidate by candidate, scenario by scenario; fewer than all once it is stopped. */
  readonly cells: readonly ComparisonCell[];
  /** In the same order: the cells that could not be run. The others do not depend on them. */
  readonly refused: readonly Refusal[];
  /** What the candidates cost, if the model counts something; fewer than all once it is stopped. */
  readonly costs: readonly CostTable[];
  /** Why it was stopped before all cells were run and all costs counted. */
  readonly stopped: LimitReached | undefined;
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
): ComparisonCell | Refusal | undefined =>
  [...cells, ...refused].find(
    (cell) =>
      cell.candidate === candidate && cell.scenario === scenario && cell.environment === environments[0],
  );

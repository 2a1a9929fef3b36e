// A cell of a comparison in a few words, the title of a comparison, and how much of it was run.

import { counted } from '../../counterexamples/text.js';
import { outcomeOfCell, outcomeText } from '../cell_outcome.js';
import { type Comparison, type ComparisonCell, cellAt, type Refusal } from '../comparison.js';

/** `peterson: every fix in 4 scenarios and 2 environments`; `race: fix by NR`. */
export function titleOf({ model, setting, across, memory, scenarios, environments }: Comparison): string {
  const under = memory === 'tso' ? ', under x86-TSO' : '';
  if (across !== undefined) return `${[`${model}: ${setting}`, ...across].join(' by ')}${under}`;
  const several = environments.length > 1 ? ` and ${counted(environments.length, 'environment')}` : '';
  return `${model}: every ${setting} in ${counted(scenarios.length, 'scenario')}${several}${under}`;
}

/** `stopped at Ctrl-C: 12 of 84 cells were run`; empty if it was not stopped. */
export function stoppedText({ stopped, cells, candidates, scenarios, environments }: Comparison): string {
  if (stopped === undefined) return '';
  const all = candidates.length * scenarios.length * environments.length;
  return `stopped at ${stopped.text}: ${cells.length} of ${counted(all, 'cell')} ${all === 1 ? 'was' : 'were'} run`;
}

/** The costs that are counted in an environment. */
export const costsIn = (environment: string, { costs }: Comparison) =>
  costs.filter(({ cost }) => cost.environment === environment);

/** The candidates with their cells, one for each scenario. */
export const rowsOf = (comparison: Comparison) =>
  comparison.candidates.map(
    (candidate) =>
      [
        String(candidate),
        comparison.scenarios.map((scenario) => cellAt(comparison, candidate, scenario)),
      ] as const,
  );

/** The outcome of a cell in words. */
export const textOf = (cell: ComparisonCell | Refusal | undefined): string =>
  outcomeText(outcomeOfCell(cell));

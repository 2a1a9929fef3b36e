// A cell of a comparison in a few words, the title of a comparison, and how far one that was stopped has come.

import { decisive, incompleteText } from '../../checker/index.js';
import { counted, violationText } from '../../counterexamples/text.js';
import { type Comparison, type ComparisonCell, cellAt, type Refusal } from '../comparison.js';

/**
 * `holds (196 states)`, `violated: no_bad_page_cache in 13 steps`, `never reached: split_happens`,
 * `incomplete: 1000 states`, `refused: fix.ts:3: …`.
 */
function cellText(cell: ComparisonCell | Refusal): string {
  if ('why' in cell) return `refused: ${cell.why}`;
  const { report } = cell.run;
  const { verdict, evidence } = report;
  const result = decisive(report);
  if (result?.verdict === 'unreached') return `never reached: ${result.check.name}`;
  if (result !== undefined) return `violated: ${violationText(result)}`;
  if (verdict === 'holds') return `holds (${counted(evidence.states, 'state')})`;
  return `incomplete: ${incompleteText(report)}`;
}

/** `peterson: every fix in 4 scenarios and 2 environments`. */
export function titleOf({ model, setting, scenarios, environments }: Comparison): string {
  const several = environments.length > 1 ? ` and ${counted(environments.length, 'environment')}` : '';
  return `${model}: every ${setting} in ${counted(scenarios.length, 'scenario')}${several}`;
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

/** In words, or that it was not run. */
export const textOf = (cell: ComparisonCell | Refusal | undefined): string =>
  cell === undefined ? 'not run' : cellText(cell);

// A cell of a comparison in a few words, the title of a comparison, and how far one that was stopped has come.

import { counted, violationText } from '../../counterexamples/text.js';
import { type Comparison, type ComparisonCell, cellAt, type Refusal } from '../comparison.js';
import { type Fate, fateOf } from '../fate.js';

/**
 * `holds (196 states)`, `violated: no_bad_page_cache in 13 steps`, `never reached: split_happens`,
 * `incomplete: 1000 states`, `refused: fix.ts:3: …`, `not run`.
 */
function fateText(fate: Fate): string {
  switch (fate.kind) {
    case 'holds':
      return `holds (${counted(fate.states, 'state')})`;
    case 'violated':
      return `violated: ${violationText(fate.result)}`;
    case 'unreached':
      return `never reached: ${fate.result.check.name}`;
    case 'incomplete':
      return `incomplete: ${fate.why}`;
    case 'refused':
      return `refused: ${fate.why}`;
    case 'not run':
      return 'not run';
  }
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

/** What became of a cell, in words. */
export const textOf = (cell: ComparisonCell | Refusal | undefined): string => fateText(fateOf(cell));

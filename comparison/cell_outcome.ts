// The outcome of a candidate in one cell. It is decided here once; all renderers take its sign, its look and its words
// from this table.

import { decisive, incompleteText, type PropertyResult } from '../checker/index.js';
import { counted, violationText } from '../counterexamples/text.js';
import { type Comparison, type ComparisonCell, cellAt, type Refusal } from './comparison.js';

export type CellOutcome =
  /** Everything holds in all of its states. */
  | { readonly kind: 'holds'; readonly states: number }
  /** A counterexample was found; `steps` is the length of the shortest. */
  | { readonly kind: 'violated'; readonly result: PropertyResult; readonly steps: number | undefined }
  /** Nothing is violated, but something that should be possible is never reached. */
  | { readonly kind: 'unreached'; readonly result: PropertyResult }
  /** The search stopped before its end, for this reason, and had found nothing. */
  | { readonly kind: 'incomplete'; readonly states: number; readonly why: string | undefined }
  /** The model or the engine refused the settings. */
  | { readonly kind: 'refused'; readonly why: string }
  /** The comparison was stopped before the cell was run. */
  | { readonly kind: 'not run' };

export type OutcomeKind = CellOutcome['kind'];

interface OutcomeWords {
  /** One character, so that no colour carries a meaning alone. */
  readonly sign: string;
  /** The sign's name for screen readers, and the first word of sentences about the cell. */
  readonly name: string;
  readonly look: 'good' | 'bad' | undefined;
  /** What the sign means, for a legend. */
  readonly meaning: string;
}

/** In the order of legends. */
export const outcomeWords: { readonly [kind in OutcomeKind]: OutcomeWords } = {
  holds: { sign: '✓', name: 'holds', look: 'good', meaning: 'holds in all states that can be reached' },
  violated: {
    ...{ sign: '✗', name: 'violated', look: 'bad' },
    meaning: 'violated: which property, and the steps of the shortest counterexample',
  },
  unreached: {
    ...{ sign: '✗', name: 'never reached', look: 'bad' },
    meaning: 'never: what should be possible is never reached',
  },
  incomplete: {
    ...{ sign: '?', name: 'incomplete', look: undefined },
    meaning: 'incomplete: a limit was reached, not a proof',
  },
  refused: { sign: '!', name: 'refused', look: 'bad', meaning: 'refused: nothing was explored' },
  'not run': { sign: '–', name: 'not run', look: undefined, meaning: 'not run' },
};

/** The outcome of a cell; undefined is a cell that was not run. */
export function outcomeOfCell(cell: ComparisonCell | Refusal | undefined): CellOutcome {
  if (cell === undefined) return { kind: 'not run' };
  if ('why' in cell) return { kind: 'refused', why: cell.why };
  const { report } = cell.run;
  const { states } = report.evidence;
  const result = decisive(report);
  if (result?.verdict === 'unreached') return { kind: 'unreached', result };
  if (result !== undefined) return { kind: 'violated', result, steps: result.finding?.path.steps.length };
  return report.verdict === 'holds'
    ? { kind: 'holds', states }
    : { kind: 'incomplete', states, why: incompleteText(report) };
}

/**
 * `holds (196 states)`, `violated: no_bad_page_cache in 13 steps`, `never reached: split_happens`,
 * `incomplete: 1000 states`, `refused: fix.ts:3: …`, `not run`.
 */
export function outcomeText(outcome: CellOutcome): string {
  switch (outcome.kind) {
    case 'holds':
      return `holds (${counted(outcome.states, 'state')})`;
    case 'violated':
      return `violated: ${violationText(outcome.result)}`;
    case 'unreached':
      return `never reached: ${outcome.result.check.name}`;
    case 'incomplete':
      return `incomplete: ${outcome.why}`;
    case 'refused':
      return `refused: ${outcome.why}`;
    case 'not run':
      return 'not run';
  }
}

/** The check that decides an outcome, if one does. */
export const decidingResult = (outcome: CellOutcome): PropertyResult | undefined =>
  outcome.kind === 'violated' || outcome.kind === 'unreached' ? outcome.result : undefined;

/** Are both of the same kind, and decided by the same property? Numbers of states and steps may differ. */
export const isSameOutcome = (one: CellOutcome, other: CellOutcome): boolean =>
  one.kind === other.kind && decidingResult(one)?.check.name === decidingResult(other)?.check.name;

/** Was every cell explored to its end, or until it was violated, if it was not refused? */
export const isExplored = ({ candidates, scenarios, environments, cells, refused }: Comparison): boolean =>
  cells.length + refused.length === candidates.length * scenarios.length * environments.length &&
  cells.every((cell) => outcomeOfCell(cell).kind !== 'incomplete');

/**
 * Does a cell differ from the one of the same candidate and scenario in the usual environment: in its verdict, or in
 * the property that decides it?
 */
export function differs(cell: ComparisonCell | Refusal, comparison: Comparison): boolean {
  const usual = cellAt(comparison, cell.candidate, cell.scenario);
  return usual !== undefined && !isSameOutcome(outcomeOfCell(usual), outcomeOfCell(cell));
}

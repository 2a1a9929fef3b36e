// What became of a candidate in one cell. It is decided here once, and every renderer reads it from this table: its
// sign, its look and its words.

import { decisive, incompleteText, type PropertyResult } from '../checker/index.js';
import { counted, violationText } from '../counterexamples/text.js';
import { type Comparison, type ComparisonCell, cellAt, type Refusal } from './comparison.js';

export type Fate =
  /** Everything holds in all of its states. */
  | { readonly kind: 'holds'; readonly states: number }
  /** A counterexample was found; `steps` is the length of the shortest. */
  | { readonly kind: 'violated'; readonly result: PropertyResult; readonly steps: number | undefined }
  /** Nothing is violated, but something that should be possible is never reached. */
  | { readonly kind: 'unreached'; readonly result: PropertyResult }
  /** The search stopped before its end, for this reason, and nothing was found until then. */
  | { readonly kind: 'incomplete'; readonly states: number; readonly why: string | undefined }
  /** The model or the engine refused the settings. */
  | { readonly kind: 'refused'; readonly why: string }
  /** The comparison was stopped before. */
  | { readonly kind: 'not run' };

export type FateKind = Fate['kind'];

interface FateWords {
  /** One character, so that no colour carries a meaning alone. */
  readonly sign: string;
  /** What a screen reader says for the sign, and what begins a sentence about the cell. */
  readonly name: string;
  readonly look: 'good' | 'bad' | undefined;
  /** What the sign means, for a legend. */
  readonly meaning: string;
}

/** In the order of legends. */
export const fates: { readonly [kind in FateKind]: FateWords } = {
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

/** The fate of a cell; undefined is a cell that was not run. */
export function fateOf(cell: ComparisonCell | Refusal | undefined): Fate {
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
export function fateText(fate: Fate): string {
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

/** The check that decides a fate, if one does. */
export const decidingResult = (fate: Fate): PropertyResult | undefined =>
  fate.kind === 'violated' || fate.kind === 'unreached' ? fate.result : undefined;

/** Is it of the same kind, and decided by the same property? How many states or steps it took may differ. */
export const isSameFate = (one: Fate, other: Fate): boolean =>
  one.kind === other.kind && decidingResult(one)?.check.name === decidingResult(other)?.check.name;

/** Was every cell explored to its end, or until it was violated, if it was not refused? */
export const isExplored = ({ candidates, scenarios, environments, cells, refused }: Comparison): boolean =>
  cells.length + refused.length === candidates.length * scenarios.length * environments.length &&
  cells.every((cell) => fateOf(cell).kind !== 'incomplete');

/**
 * Does a cell differ from the one of the same candidate and scenario in the usual environment: in its verdict, or in
 * the property that decides it?
 */
export function differs(cell: ComparisonCell | Refusal, comparison: Comparison): boolean {
  const usual = cellAt(comparison, cell.candidate, cell.scenario);
  return usual !== undefined && !isSameFate(fateOf(usual), fateOf(cell));
}

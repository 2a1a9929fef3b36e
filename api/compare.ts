// Comparing candidates from TypeScript: what `raceproof compare` does.

import { type ExploreOptions, finalValues } from '../checker/index.js';
import {
  type Comparison,
  compare as compareCells,
  comparisonJson,
  comparisonMarkdown,
  comparisonText,
  type Runner,
} from '../comparison/index.js';
import { plain } from '../counterexamples/index.js';
import { displayLocation } from '../models/language/index.js';
import { check, loweredOf, type ModelToCheck, type SettingValues } from './checked_model.js';

export interface CompareOptions extends ExploreOptions {
  /** SettingValues beside those that the comparison chooses. */
  readonly settings?: SettingValues;
  /** Another comparison of the model than its first, by name. */
  readonly candidates?: string;
}

/**
 * Checks every candidate of the model's `comparison` in every scenario and environment. Throws a ComparisonError where
 * the model has none. Example: `const { cells } = await compare(await loadModel('thp_truncate'))`
 */
export function compare(of: ModelToCheck, options: CompareOptions = {}): Promise<Comparison> {
  const { settings = {}, candidates, ...exploration } = options;
  const runner: Runner = {
    lower: async (_, given) => loweredOf(of, given as SettingValues, options.without),
    explore: (_, lowered) => check({ ...of, lower: () => lowered }, exploration),
    finalValues: (_, program, variable) => finalValues(program, variable, exploration),
    watch: () => ({ next: () => {}, end: () => {} }),
    stopped: () => undefined,
    locate: displayLocation,
  };
  return compareCells(of.model, candidates, settings, runner);
}

/** A comparison as text: a table of `width` characters a line, Markdown, or JSON. */
export function renderComparison(
  comparison: Comparison,
  format: 'table' | 'markdown' | 'json' = 'table',
  { width = 100 }: { readonly width?: number } = {},
): string {
  switch (format) {
    case 'table':
      return comparisonText(comparison, { width, style: plain });
    case 'markdown':
      return comparisonMarkdown(comparison);
    case 'json':
      return comparisonJson(comparison);
  }
}

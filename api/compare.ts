// Comparing candidates from TypeScript: what `raceproof compare` does.

import { type ExploreOptions, finalValues } from '../checker/index.js';
import {
  type Axis,
  type Comparison,
  compare as compareCells,
  comparisonJson,
  comparisonMarkdown,
  comparisonText,
  type Runner,
  type Subject,
} from '../comparison/index.js';
import { plain } from '../counterexamples/index.js';
import { displayLocation } from '../models/language/index.js';
import { check, loweredOf, type ModelToCheck, type SettingValues } from './checked_model.js';
import {
  type Accepted,
  explorationAccepted,
  type MemoryOptions,
  memoryAccepted,
  requireOptions,
} from './options.js';

export interface CompareOptions extends ExploreOptions, MemoryOptions {
  /** SettingValues beside those that the comparison chooses. */
  readonly settings?: SettingValues;
  /** Another comparison of the model than its first, by name; or names of candidates, separated by commas. */
  readonly candidates?: string;
  /** Settings to vary instead: the values of the first are the candidates, those of the others the scenarios. */
  readonly over?: readonly Axis[];
  /** Names of the candidates, scenarios and environments to run. */
  readonly only?: readonly string[];
}

const accepted: Accepted<CompareOptions> = {
  ...explorationAccepted,
  ...memoryAccepted,
  ...{ settings: 'any', candidates: 'any', over: 'any', only: 'any' },
};

/**
 * Checks every candidate of the model's `comparison` in every scenario and environment, or what `over` varies. Throws a
 * ComparisonError where the model has no comparison and nothing is varied, a TypeError for an option that there is not.
 * Example: `const { cells } = await compare(await loadModel('thp_truncate'))`
 */
export async function compare(of: ModelToCheck, options: CompareOptions = {}): Promise<Comparison> {
  requireOptions('compare', options, accepted);
  const { settings = {}, candidates, over, only, memory, buffer, ...exploration } = options;
  const asked = {
    ...{ candidates, ...(over && { over }), ...(only && { only }) },
    ...(memory !== undefined && { memory }),
  };
  const under = ({ memory }: Subject): MemoryOptions => ({
    ...(memory !== undefined && { memory }),
    ...(memory === 'tso' && buffer !== undefined && { buffer }),
  });
  const slotsOf = ({ memory }: Subject) => (memory === 'tso' ? (buffer ?? 1) : undefined);
  const runner: Runner = {
    jobs: 1,
    lower: async (_, subject) =>
      loweredOf(of, subject.settings as SettingValues, options.without, slotsOf(subject)),
    explore: (_, { program }, subject) =>
      check(of, { ...exploration, ...under(subject), settings: program.settings }),
    finalValues: (_, { program }, __, variable) => finalValues(program, variable, exploration),
    watch: () => ({ next: () => {}, end: () => {} }),
    stopped: () => undefined,
    locate: displayLocation,
  };
  return compareCells(of.model, asked, settings, runner);
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

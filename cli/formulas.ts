// Properties that are typed at the command line: --always, --never, --sometimes and --ltl, each as often as one likes.

import type { Argv } from 'yargs';
import type { TypedProperty } from '../checker/index.js';
import { word } from './options.js';

/** What `withFormulas` parses. */
export interface FormulaArguments {
  readonly always: readonly string[];
  readonly never: readonly string[];
  readonly sometimes: readonly string[];
  readonly ltl: readonly string[];
  readonly fair: 'none' | 'weak' | 'strong';
}

const formulas = { type: 'string', array: true, requiresArg: true, default: [] as string[] } as const;

/** Commands that check what is typed. */
export const withFormulas = <T>(yargs: Argv<T>) =>
  yargs
    .option('always', formulas)
    .option('never', formulas)
    .option('sometimes', formulas)
    .option('ltl', formulas)
    .option('fair', word('fair', ['none', 'weak', 'strong']));

/** The properties that were typed, each named by its text. */
export function typedProperties(given: FormulaArguments): readonly TypedProperty[] {
  const fair = given.fair === 'none' ? {} : { fair: given.fair };
  const stated = (['always', 'never', 'sometimes'] as const).flatMap((expectation) =>
    given[expectation].map((text) => ({ name: text, expectation, text, ...fair })),
  );
  return [
    ...stated,
    ...given.ltl.map((text) => ({ name: text, expectation: 'run' as const, text, ...fair })),
  ];
}

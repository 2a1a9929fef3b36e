// Properties that are typed at the command line: --always, --never, --sometimes, --always-possible and --ltl, each
// repeatable.

import type { TypedProperty } from '../../checker/index.js';
import { UsageError } from '../errors.js';
import { texts, word } from './options.js';
import type { ParameterValues } from './parameters.js';

/** For commands that check such properties. */
export const formulas = {
  always: texts,
  never: texts,
  sometimes: texts,
  'always-possible': texts,
  ltl: texts,
  fair: word(['none', 'weak', 'strong']),
};

const examples = {
  always: "'x <= 3'",
  never: "'a at done and x == 0'",
  sometimes: "'x == 3'",
  'always-possible': "'a at done'",
  ltl: "'G (x == 1 -> F x == 0)'",
} as const;

/** Throws a UsageError where nothing stands between the quotes, such as a variable of a script that is not set. */
function requireFormulas(given: ParameterValues<typeof formulas>): void {
  for (const [name, example] of Object.entries(examples)) {
    const texts = given[name as keyof typeof examples];
    if (texts.some((text) => text.trim() === ''))
      throw new UsageError(`--${name} has an empty formula: write --${name} ${example}`);
  }
}

/** The properties that were typed, each named by its text. Throws a UsageError for an empty text. */
export function typedProperties(given: ParameterValues<typeof formulas>): readonly TypedProperty[] {
  requireFormulas(given);
  const fair = given.fair === 'none' ? {} : { fair: given.fair };
  const stated = (['always', 'never', 'sometimes'] as const).flatMap((expectation) =>
    given[expectation].map((text) => ({ name: text, expectation, text, ...fair })),
  );
  const possible = given['always-possible'].map((text) => ({
    name: text,
    expectation: 'alwaysPossible' as const,
    text,
  }));
  return [
    ...stated,
    ...possible,
    ...given.ltl.map((text) => ({ name: text, expectation: 'run' as const, text, ...fair })),
  ];
}

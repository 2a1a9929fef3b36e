// Properties that are typed at the command line: --always, --never, --sometimes, --always-possible and --ltl, each as often as one likes.

import type { TypedProperty } from '../../checker/index.js';
import { texts, word } from './options.js';
import type { ParameterValues } from './parameters.js';

/** Commands that check what is typed. */
export const formulas = {
  always: texts,
  never: texts,
  sometimes: texts,
  'always-possible': texts,
  ltl: texts,
  fair: word(['none', 'weak', 'strong']),
};

/** The properties that were typed, each named by its text. */
export function typedProperties(given: ParameterValues<typeof formulas>): readonly TypedProperty[] {
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

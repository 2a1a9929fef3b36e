// Properties from a command line: formulas as text, for a Program that is already lowered.

import { ModelError } from '../../models/language/index.js';
import { flushed } from '../memory/flushed.js';
import type { Fairness, Property } from '../property/property.js';
import { type Stated, specify } from '../property/specify.js';
import { FormulaError } from '../property/text/lexer.js';
import { parseFormula } from '../property/text/parser.js';
import { everyone } from './formulas.js';
import type { Lowered } from './lower.js';
import { didYouMean } from './nearest.js';

export interface TypedProperty {
  readonly name: string;
  /** `run`: the formula is true at the first position of every run. */
  readonly expectation: Stated['expectation'];
  readonly text: string;
  /** Fairness of runs to every actor; none if absent. */
  readonly fair?: Fairness['strength'];
}

/** A formula that has a meaning but cannot be checked: the message points at all of it. */
function refused<T>(text: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new FormulaError(error.message.replace(`'${text}': `, ''), text, 0);
  }
}

/**
 * Puts the properties before the existing ones. Throws a FormulaError that points into the text, or a ModelError.
 * Example: `addTyped(lowered, [{ name: 'low', expectation: 'always', text: 'counter <= 2' }])`
 */
export function addTyped({ program, properties }: Lowered, typed: readonly TypedProperty[]): Lowered {
  const stated = typed.map(({ name, expectation, text, fair }): Stated => {
    const claim = parseFormula(text, program, didYouMean);
    const fairness = fair === undefined ? [] : everyone(fair, program);
    const about = text === name ? undefined : text;
    return flushed({ name, expectation, claim, fairness, about, source: {} }, program);
  });
  const added = stated.reduce(
    (sofar, one) => {
      const next = refused(one.name, () => specify(sofar.program, [one]));
      return { program: next.program, properties: [...sofar.properties, ...next.properties] };
    },
    { program, properties: [] as readonly Property[] },
  );
  return { program: added.program, properties: [...added.properties, ...properties] };
}

// Properties that are typed at a command line: formulas as text, read against a Program that is already lowered.

import { ModelError } from '../../models/language/index.js';
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
  /** How fair runs are to every actor; not at all if absent. */
  readonly fair?: Fairness['strength'];
}

/** A formula that means something, but nothing that can be checked, is pointed at as a whole. */
function refused<T>(text: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new FormulaError(error.message.replace(`'${text}': `, ''), text, 0);
  }
}

/** Puts the properties before those there are. Throws a FormulaError that points into the text, or a ModelError. */
export function addTyped({ program, properties }: Lowered, typed: readonly TypedProperty[]): Lowered {
  const stated = typed.map(({ name, expectation, text, fair }): Stated => {
    const claim = parseFormula(text, program, didYouMean);
    const fairness = fair === undefined ? [] : everyone(fair, program);
    return { name, expectation, claim, fairness, about: text === name ? undefined : text, source: {} };
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

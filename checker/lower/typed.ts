// Properties that are typed at a command line: formulas as text, read against a Program that is already lowered.

import { type Stated, specify } from '../../properties/automaton/index.js';
import { parseFormula } from '../../properties/language/text/parser.js';
import type { Fairness } from '../ir/program.js';
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

/** Adds the properties to those there are. Throws a FormulaError that points into the text, or a ModelError. */
export function addTyped({ program, properties }: Lowered, typed: readonly TypedProperty[]): Lowered {
  const stated = typed.map(({ name, expectation, text, fair }): Stated => {
    const claim = parseFormula(text, program, didYouMean);
    const fairness = fair === undefined ? [] : everyone(fair, program);
    return { name, expectation, claim, fairness, about: text === name ? undefined : text, source: {} };
  });
  const added = specify(program, stated);
  return { program: added.program, properties: [...properties, ...added.properties] };
}

// The value of a formula that a user types, in the last state of a walk.

import {
  didYouMean,
  evaluate,
  exprText,
  type Program,
  parseValue,
  type State,
  typeOf,
  valueText,
} from '../../checker/index.js';
import { termsOf } from '../explain/terms.js';
import type { Term } from '../trace/trace.js';

export interface Evaluated {
  /** The formula as it was understood. */
  readonly text: string;
  readonly value: string;
  /** Its terms with their values, the whole first; empty for a number, a word and a constant. */
  readonly terms: readonly Term[];
}

/** Throws an Error that says what is wrong with the text, or why it has no value in that state. */
export function evaluated(program: Program, states: readonly State[], text: string): Evaluated {
  const formula = parseValue(text, program, didYouMean);
  if (formula.op !== 'state')
    throw new Error(`'${text}' is about runs: a formula that is evaluated here is about one state`);
  const { x } = formula;
  const value = evaluate(x, states.at(-1)!, program);
  const type = typeOf(x);
  return {
    text: exprText(x, program),
    value: type === 'int' ? String(value) : valueText(value, type),
    terms: type === 'bool' ? termsOf(program, states, x) : [],
  };
}

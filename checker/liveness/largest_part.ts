// For a formula with too large an automaton: the smallest part whose automaton is too large by itself, as the part to
// simplify.

import { automatonOf, normalise } from '../../properties/automaton/index.js';
import { atomsOf, type Formula, formulaText, operands } from '../../properties/language/temporal.js';
import type { Expr, Program } from '../ir/program.js';
import { exprText } from '../ir/text.js';
import { Atoms } from '../property/atoms.js';
import type { Liveness } from '../property/property.js';

/** How many parts are translated: each may take as long as one translation may. */
const looksMax = 12;

/** In words, with its size: `G (…), with 9 conditions and 17 temporal operators`. */
export function largestPart({ formula, assumption }: Liveness, program: Program): string {
  let looks = looksMax;
  const isTooLarge = (part: Formula<Expr>) =>
    looks-- > 0 &&
    [true, false].some(
      (positive) => automatonOf(normalise(part, positive, new Atoms().literal)) === undefined,
    );
  let part = [formula, ...(assumption === undefined ? [] : [assumption])].find(isTooLarge) ?? formula;
  for (let inner = operands(part).find(isTooLarge); inner !== undefined; ) {
    part = inner;
    inner = operands(part).find(isTooLarge);
  }
  const conditions = new Set(atomsOf(part).map((x) => JSON.stringify(x))).size;
  const text = formulaText(part, (x) => exprText(x, program));
  return `'${shortened(text)}', with ${conditions} conditions and ${operatorCount(part)} operators`;
}

const operatorCount = (part: Formula<Expr>): number =>
  operands(part).reduce((sum, inner) => sum + operatorCount(inner), part.op === 'state' ? 0 : 1);

const textMax = 200;
const shortened = (text: string): string => (text.length <= textMax ? text : `${text.slice(0, textMax)} …`);

// The atoms of a formula: its conditions on the state, numbered.

import { False, literal, type Normal, negate, True } from '../../properties/automaton/index.js';
import type { Expr } from '../ir/program.js';

/** The expressions of the atoms; equal expressions share a number. */
export class Atoms {
  readonly #numbers = new Map<string, number>();
  readonly exprs: Expr[] = [];

  readonly literal = (x: Expr): Normal => {
    if (x.op === 'const') return x.value === 0 ? False : True;
    if (x.op === 'not') return negate(this.literal(x.x));
    const key = JSON.stringify(x);
    const number = this.#numbers.get(key) ?? this.exprs.length;
    if (number === this.exprs.length) {
      this.#numbers.set(key, number);
      this.exprs.push(x);
    }
    return literal(number, true);
  };
}

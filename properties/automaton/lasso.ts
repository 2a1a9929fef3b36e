// Lassos: infinite words that end in a loop, and the truth of formulas on them. Formulas are evaluated here by
// definition, and automata by searching for an accepting run: two independent ways to the same answer.
//
//   word: letters [0n, 1n, 3n], loop 1      means 0 1 3 1 3 1 3 …        letter 3n: atoms 0 and 1 are true

import { reads } from './alternating.js';
import { allOf, type Bits, has } from './bits.js';
import type { Automaton } from './buchi.js';
import { components, edgesOf } from './components.js';
import type { Normal } from './normal.js';

export interface Lasso {
  /** Which atoms are true at each position. */
  readonly letters: readonly Bits[];
  /** The position after the last one. */
  readonly loop: number;
}

/** Is the formula true at each position? By definition. */
export function truthOf(formula: Normal, word: Lasso): readonly boolean[] {
  const { letters, loop } = word;
  const after = (values: readonly boolean[], i: number) => values[i + 1 < letters.length ? i + 1 : loop]!;
  switch (formula.op) {
    case 'true':
    case 'false':
      return letters.map(() => formula.op === 'true');
    case 'literal':
      return letters.map((letter) => has(letter, formula.atom) === formula.positive);
    case 'next': {
      const x = truthOf(formula.x, word);
      return x.map((_, i) => after(x, i));
    }
    default: {
      const x = truthOf(formula.x, word);
      const y = truthOf(formula.y, word);
      if (formula.op === 'and') return x.map((a, i) => a && y[i]!);
      if (formula.op === 'or') return x.map((a, i) => a || y[i]!);
      const isUntil = formula.op === 'until';
      // The least fixed point for until, the greatest for release; each position is final after two rounds.
      const values = letters.map(() => !isUntil);
      for (let i = 2 * letters.length - 1; i >= 0; i--) {
        const at = i % letters.length;
        const later = after(values, at);
        values[at] = isUntil ? y[at]! || (x[at]! && later) : y[at]! && (x[at]! || later);
      }
      return values;
    }
  }
}

/** Does the automaton accept the word? */
export function accepts({ initial, states, setCount }: Automaton, { letters, loop }: Lasso): boolean {
  const node = (position: number, state: number) => position * states.length + state;
  const transitions = letters.flatMap((letter, i) =>
    states.map((out) =>
      out
        .filter((transition) => reads(transition, letter))
        .map(({ to, sets }) => ({ to: node(i + 1 < letters.length ? i + 1 : loop, to), sets })),
    ),
  );
  const all = components(
    edgesOf(transitions.map((out) => out.map(({ to }) => to))),
    initial.map((state) => node(0, state)),
  );
  return all.some((members) => {
    const inside = members.flatMap((member) => transitions[member]!.filter(({ to }) => members.includes(to)));
    return inside.length > 0 && inside.reduce((met, { sets }) => met | sets, 0n) === allOf(setCount);
  });
}

// From a formula to a very weak alternating automaton, the first half of Gastin and Oddoux, "Fast LTL to Büchi
// Automata Translation" (CAV 2001). Its states are the formula's temporal parts; a transition reads the present, and
// names all those parts that must hold from the next position on.
//
//   p U q:   reads q, and demands nothing more
//            reads p, and demands p U q

import { type Normal, True } from './normal.js';

/** Atoms that must be true (`yes`) or false (`no`), as bit sets; others are free. */
export interface Letter {
  readonly yes: number;
  readonly no: number;
}

/** A set of formulas that must all hold, as a sorted list without repetition. */
export type Conjunction = readonly Normal[];

export interface Demand extends Letter {
  readonly next: Conjunction;
}

/** Bit sets are 32-bit integers; the sign bit is left alone. */
export const atomsMax = 30;

export const conjunctionKey = (all: Conjunction): string => all.map(({ key }) => key).join(' & ');

const union = (x: Conjunction, y: Conjunction): Conjunction =>
  [...new Map([...x, ...y].map((formula) => [formula.key, formula] as const)).values()].sort((a, b) =>
    a.key < b.key ? -1 : a.key > b.key ? 1 : 0,
  );

export const isSubset = (x: Conjunction, y: Conjunction): boolean =>
  x.every(({ key }) => y.some((other) => other.key === key));

/** Does everything that `x` reads, `y` read too? */
export const reads = (x: Letter, y: Letter): boolean => (x.yes & ~y.yes) === 0 && (x.no & ~y.no) === 0;

/** Both demands at once; those that contradict each other in the present are gone. */
export function conjoin(xs: readonly Demand[], ys: readonly Demand[]): readonly Demand[] {
  const all = xs.flatMap((x) =>
    ys.flatMap((y) => {
      const yes = x.yes | y.yes;
      const no = x.no | y.no;
      return (yes & no) === 0 ? [{ yes, no, next: union(x.next, y.next) }] : [];
    }),
  );
  return [...new Map(all.map((x) => [`${x.yes} ${x.no} ${conjunctionKey(x.next)}`, x] as const)).values()];
}

/** The transitions of a formula; remembers those that it has computed. */
export class Alternating {
  readonly #known = new Map<string, readonly Demand[]>();

  demands(x: Normal): readonly Demand[] {
    const known = this.#known.get(x.key);
    if (known !== undefined) return known;
    const demands = this.#compute(x);
    this.#known.set(x.key, demands);
    return demands;
  }

  #compute(x: Normal): readonly Demand[] {
    switch (x.op) {
      case 'true':
        return [{ yes: 0, no: 0, next: [] }];
      case 'false':
        return [];
      case 'literal':
        return [{ yes: x.positive ? 1 << x.atom : 0, no: x.positive ? 0 : 1 << x.atom, next: [] }];
      case 'next':
        return conjunctions(x.x).map((next) => ({ yes: 0, no: 0, next }));
      case 'and':
        return conjoin(this.demands(x.x), this.demands(x.y));
      case 'or':
        return [...this.demands(x.x), ...this.demands(x.y)];
      case 'until':
        return [...this.demands(x.y), ...conjoin(this.demands(x.x), [stay(x)])];
      case 'release':
        return conjoin(this.demands(x.y), [...this.demands(x.x), stay(x)]);
    }
  }
}
const stay = (x: Normal): Demand => ({ yes: 0, no: 0, next: [x] });

/** The formula as alternatives, each a set of temporal formulas that must all hold. */
export function conjunctions(x: Normal): readonly Conjunction[] {
  switch (x.op) {
    case 'or':
      return [...conjunctions(x.x), ...conjunctions(x.y)];
    case 'and':
      return conjunctions(x.x).flatMap((one) => conjunctions(x.y).map((other) => union(one, other)));
    case 'false':
      return [];
    default:
      return [x.key === True.key ? [] : [x]];
  }
}

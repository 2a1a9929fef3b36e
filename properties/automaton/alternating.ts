// From a formula to a very weak alternating automaton, the first half of Gastin and Oddoux, "Fast LTL to Büchi Automata
// Translation" (CAV 2001). Its states are the formula's temporal parts; a transition reads the present, and lists the
// parts that must hold from the next position on.
//
//   p U q:   reads q, and demands nothing more
//            reads p, and demands p U q

import { type Bits, bit, has, isWithin, membersOf } from './bits.js';
import { conjunctsOf, isAlways, type Normal } from './normal.js';

/** Atoms that must be true (`yes`) or false (`no`); others are free. */
export interface Letter {
  readonly yes: Bits;
  readonly no: Bits;
}

/** Formulas that must all hold, by their numbers among the parts. */
export type Conjunction = Bits;

export interface Demand extends Letter {
  readonly next: Conjunction;
  /** The untils that it postpones: they are demanded again at the next position. */
  readonly late: Conjunction;
}

/** Can it be read while these atoms are true? */
export const reads = ({ yes, no }: Letter, atoms: Bits): boolean =>
  isWithin(yes, atoms) && (no & atoms) === 0n;

/** Does `y` read everything that `x` reads? */
export const isWeaker = (x: Letter, y: Letter): boolean => isWithin(x.yes, y.yes) && isWithin(x.no, y.no);

/** Thrown when a translation exceeds its budget: the automaton is too large. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** The budget of a translation, in pairs of demands that are combined or compared. */
export class Effort {
  #left: number;

  constructor(effortMax: number) {
    this.#left = effortMax;
  }

  /** Throws TooLarge once the budget is exceeded. */
  spend(pairs: number): void {
    this.#left -= pairs;
    if (this.#left < 0) throw new TooLarge('the automaton of the formula is too large');
  }
}

/** The parts of a formula, and their transitions; each is computed once. */
export class Alternating {
  readonly #effort: Effort;
  /** Only demands that can be satisfied while just these atoms are true; all if undefined. */
  readonly #atoms: Bits | undefined;
  readonly #parts: Parts;
  readonly #known = new Map<string, readonly Demand[]>();

  constructor(parts: Parts, effort: Effort, atoms?: Bits) {
    this.#parts = parts;
    this.#effort = effort;
    this.#atoms = atoms;
  }

  /** The demands of a set of parts: each transition combines one of each part. */
  ofAll(parts: Conjunction): readonly Demand[] {
    return membersOf(parts)
      .map((part) => this.of(this.#parts.formula(part)))
      .reduce((xs, ys) => this.#conjoin(xs, ys), everything);
  }

  of(x: Normal): readonly Demand[] {
    const known = this.#known.get(x.key);
    if (known !== undefined) return known;
    const demands = this.#weakest(this.#compute(x));
    this.#known.set(x.key, demands);
    return demands;
  }

  #compute(x: Normal): readonly Demand[] {
    switch (x.op) {
      case 'true':
        return everything;
      case 'false':
        return [];
      case 'literal':
        return this.#literal(x.atom, x.positive);
      case 'next':
        return this.#parts.conjunctions(x.x, this.#effort).map((next) => ({ ...nothing, next }));
      case 'and':
        return this.#conjoin(this.of(x.x), this.of(x.y));
      case 'or':
        return [...this.of(x.x), ...this.of(x.y)];
      case 'until':
        return [...this.of(x.y), ...this.#conjoin(this.of(x.x), this.#stay(x, true))];
      case 'release':
        return this.#conjoin(this.of(x.y), [...this.of(x.x), ...this.#stay(x, false)]);
    }
  }

  #literal(atom: number, positive: boolean): readonly Demand[] {
    if (this.#atoms !== undefined) return has(this.#atoms, atom) === positive ? everything : [];
    return [{ yes: positive ? bit(atom) : 0n, no: positive ? 0n : bit(atom), next: 0n, late: 0n }];
  }

  #stay(x: Normal, isLate: boolean): readonly Demand[] {
    const next = bit(this.#parts.numberOf(x));
    return [{ ...nothing, next, late: isLate ? next : 0n }];
  }

  /** Both demands at once; combinations that contradict each other in the present are dropped. */
  #conjoin(xs: readonly Demand[], ys: readonly Demand[]): readonly Demand[] {
    if (xs === everything) return ys;
    this.#effort.spend(xs.length * ys.length);
    const all = new Map<string, Demand>();
    for (const x of xs) {
      for (const y of ys) {
        const [yes, no, next, late] = [x.yes | y.yes, x.no | y.no, x.next | y.next, x.late | y.late];
        if ((yes & no) === 0n) all.set(`${yes} ${no} ${next} ${late}`, { yes, no, next, late });
      }
    }
    return this.#weakest([...all.values()]);
  }

  /** Drops a demand if another one reads less, demands less and postpones less. */
  #weakest(all: readonly Demand[]): readonly Demand[] {
    this.#effort.spend((all.length * all.length) / 8);
    const implies = (x: Demand, y: Demand) =>
      isWeaker(y, x) && isWithin(y.next, x.next) && isWithin(y.late, x.late);
    return all.filter((x, i) => !all.some((y, j) => i !== j && implies(x, y) && !(implies(y, x) && i < j)));
  }
}

/** Nothing is read and nothing demanded. */
const nothing: Demand = { yes: 0n, no: 0n, next: 0n, late: 0n };
const everything: readonly Demand[] = [nothing];

/** The temporal parts of a formula, in the order in which they are found. */
export class Parts {
  readonly #numbers = new Map<string, number>();
  readonly #formulas: Normal[] = [];
  /** For each part of the form `always`: the parts that it implies at every position. */
  readonly #always = new Map<number, Conjunction>();

  numberOf(x: Normal): number {
    const known = this.#numbers.get(x.key);
    if (known !== undefined) return known;
    const number = this.#formulas.length;
    this.#numbers.set(x.key, number);
    this.#formulas.push(x);
    if (isAlways(x)) {
      const inner = conjunctsOf(x.y).filter(({ op }) => op === 'until' || op === 'release' || op === 'next');
      this.#always.set(
        number,
        inner.reduce((all, one) => all | bit(this.numberOf(one)), 0n),
      );
    }
    return number;
  }

  formula = (part: number): Normal => this.#formulas[part]!;

  /** Without the parts that another one implies at every position: `always eventually p` implies `eventually p`. */
  reduce(all: Conjunction): Conjunction {
    let implied = 0n;
    for (const part of membersOf(all)) implied |= this.#always.get(part) ?? 0n;
    return all & ~implied;
  }

  /** The formula as alternatives, each a set of temporal formulas that must all hold. */
  conjunctions(x: Normal, effort: Effort): readonly Conjunction[] {
    switch (x.op) {
      case 'or':
        return [...this.conjunctions(x.x, effort), ...this.conjunctions(x.y, effort)];
      case 'and': {
        const [xs, ys] = [this.conjunctions(x.x, effort), this.conjunctions(x.y, effort)];
        effort.spend(xs.length * ys.length);
        return [...new Set(xs.flatMap((one) => ys.map((other) => one | other)))];
      }
      case 'false':
        return [];
      case 'true':
        return [0n];
      default:
        return [bit(this.numberOf(x))];
    }
  }
}

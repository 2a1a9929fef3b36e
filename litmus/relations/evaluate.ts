// The value of relations and sets in one execution; each is computed once, on first use.

import {
  bitsOf,
  closure,
  composition,
  diagonal,
  difference,
  type EventBits,
  identity,
  intersection,
  inverse,
  isIn,
  Matrix,
  product,
  union,
} from './matrix.js';
import type { EventSet, Least, Relation } from './relation.js';

/** The basic sets and relations of an execution, by the names that models use. */
export interface BaseRelations {
  readonly size: number;
  relation(name: string): Matrix;
  set(name: string): EventBits;
}

export class Evaluator {
  readonly facts: BaseRelations;
  /** Inside of a `least`: the evaluator of what does not change from round to round, and the initial values of the rest. */
  readonly #round: { readonly outer: Evaluator; readonly of: Least } | undefined;
  readonly #relations = new Map<Relation, Matrix>();
  readonly #sets = new Map<EventSet, EventBits>();
  readonly #rounds = new Map<Least, readonly Matrix[]>();

  constructor(
    facts: BaseRelations,
    round?: { readonly outer: Evaluator; readonly of: Least; readonly self: Matrix },
  ) {
    this.facts = facts;
    this.#round = round;
    if (round !== undefined) this.#relations.set(round.of.self, round.self);
  }

  relation(asked: Relation): Matrix {
    const known = this.#relations.get(asked);
    if (known !== undefined) return known;
    if (this.#round?.of.changing.has(asked) === false) return this.#round.outer.relation(asked);
    const found = this.#compute(asked);
    this.#relations.set(asked, found);
    return found;
  }

  set(asked: EventSet): EventBits {
    const known = this.#sets.get(asked);
    if (known !== undefined) return known;
    const found = this.#computeSet(asked);
    this.#sets.set(asked, found);
    return found;
  }

  #compute(asked: Relation): Matrix {
    const { size } = this.facts;
    switch (asked.kind) {
      case 'base':
        return this.facts.relation(asked.name);
      case 'identity':
        return diagonal(size, this.set(asked.on));
      case 'product':
        return product(size, this.set(asked.from), this.set(asked.to));
      case 'union':
        return asked.parts.map((part) => this.relation(part)).reduce(union);
      case 'sequence':
        return this.#sequence(asked.parts);
      case 'both':
        return this.#ifAny(asked.parts, intersection);
      case 'minus':
        return this.#ifAny(asked.parts, difference);
      case 'inverse':
        return inverse(this.relation(asked.of));
      case 'plus':
        return closure(this.relation(asked.of));
      case 'star':
        return union(identity(size), closure(this.relation(asked.of)));
      case 'maybe':
        return union(identity(size), this.relation(asked.of));
      case 'least':
        return this.rounds(asked).at(-1)!;
      case 'named':
        return this.relation(asked.of);
    }
  }

  /** If one operand is empty, the result is empty. */
  #ifAny([first, second]: readonly [Relation, Relation], left: (a: Matrix, b: Matrix) => Matrix): Matrix {
    const found = this.relation(first);
    return found.isEmpty() ? found : left(found, this.relation(second));
  }

  /** Parts after an empty one are not computed. */
  #sequence([first, ...rest]: readonly Relation[]): Matrix {
    let found = this.relation(first!);
    for (const part of rest) {
      if (found.isEmpty()) return found;
      found = composition(found, this.relation(part));
    }
    return found;
  }

  /** The values of a least relation after one round, two rounds and so on, up to its fixed point. */
  rounds(of: Least): readonly Matrix[] {
    const known = this.#rounds.get(of);
    if (known !== undefined) return known;
    const found: Matrix[] = [];
    this.#rounds.set(of, found);
    for (let isGrowing = true; isGrowing; ) {
      const before = found.at(-1) ?? new Matrix(this.facts.size);
      const next = this.inRound(of, found.length).relation(of.body);
      isGrowing = next.bits.some((word, i) => word !== before.bits[i]);
      if (isGrowing || found.length === 0) found.push(next);
    }
    return found;
  }

  /** The evaluation of the body of a least relation after so many rounds. */
  inRound(of: Least, count: number): Evaluator {
    const self = this.#rounds.get(of)?.[count - 1] ?? new Matrix(this.facts.size);
    return new Evaluator(this.facts, { outer: this, of, self });
  }

  #computeSet(asked: EventSet): EventBits {
    const { size } = this.facts;
    switch (asked.kind) {
      case 'base':
        return this.facts.set(asked.name);
      case 'union':
      case 'both':
      case 'minus': {
        const [a, b] = [this.set(asked.parts[0]), this.set(asked.parts[1])];
        return bitsOf(size, (event) => {
          if (asked.kind === 'union') return isIn(a, event) || isIn(b, event);
          return isIn(a, event) && isIn(b, event) === (asked.kind === 'both');
        });
      }
      case 'domain':
      case 'range': {
        const of = this.relation(asked.of);
        const pairs = of.pairs().map(([from, to]) => (asked.kind === 'domain' ? from : to));
        return bitsOf(size, (event) => pairs.includes(event));
      }
    }
  }
}

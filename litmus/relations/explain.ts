// Why a pair of events is in a relation: as a path of edges from one to the other, such as wmb, rf, fr. Paths are
// shortest.

import type { Evaluator } from './evaluate.js';
import { isIn, type Matrix } from './matrix.js';
import type { Least, Relation } from './relation.js';

/** One edge of a path through an execution. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  /** 'rf', 'mb', 'data'. */
  readonly name: string;
}

type Way = readonly Edge[];

/** The shortest of some paths, the first of several. */
function shortest(ways: Iterable<Way | undefined>): Way | undefined {
  let best: Way | undefined;
  for (const way of ways)
    if (way !== undefined && (best === undefined || way.length < best.length)) best = way;
  return best;
}

/** A shortest path from one event to another along edges that the relation is made of; undefined if there is none. */
export const wayOf = (evaluation: Evaluator, relation: Relation, from: number, to: number): Way | undefined =>
  new Explanation(evaluation).way(relation, from, to);

/** Inside of a least relation: its rounds, and the number of the round that its own name refers to. */
interface Round {
  readonly evaluation: Evaluator;
  readonly of: Least;
  readonly count: number;
}

class Explanation {
  readonly #evaluation: Evaluator;
  readonly #round: Round | undefined;
  readonly #size: number;
  readonly #known = new Map<Relation, Map<number, Way | undefined>>();

  constructor(evaluation: Evaluator, round?: Round) {
    this.#evaluation = evaluation;
    this.#round = round;
    this.#size = evaluation.facts.size;
  }

  way(relation: Relation, from: number, to: number): Way | undefined {
    const known = this.#known.get(relation) ?? new Map<number, Way | undefined>();
    this.#known.set(relation, known);
    const key = from * this.#size + to;
    if (!known.has(key))
      known.set(key, this.#matrix(relation).has(from, to) ? this.#find(relation, from, to) : undefined);
    return known.get(key);
  }

  #matrix = (relation: Relation): Matrix => this.#evaluation.relation(relation);

  #find(relation: Relation, from: number, to: number): Way | undefined {
    switch (relation.kind) {
      case 'base':
        if (relation === this.#round?.of.self)
          return this.#least(this.#round.of, this.#round.count, from, to);
        return relation.name === 'id' ? [] : [{ from, to, name: relation.name }];
      case 'identity':
        return [];
      case 'product':
        return isIn(this.#evaluation.set(relation.from), from) ? [{ from, to, name: 'both' }] : undefined;
      case 'union':
        return shortest(relation.parts.map((part) => this.way(part, from, to)));
      case 'sequence':
        return this.#sequence(relation.parts, from, to);
      case 'both':
      case 'minus':
        return this.way(relation.parts[0], from, to);
      case 'inverse':
        return this.way(relation.of, to, from)
          ?.toReversed()
          .map((step) => ({ from: step.to, to: step.from, name: `${step.name}^-1` }));
      case 'plus':
      case 'star':
      case 'maybe':
        return this.#repeated(relation.kind, relation.of, from, to);
      case 'least':
        return this.#least(relation, this.#evaluation.rounds(relation).length, from, to);
      case 'named':
        return relation.isEdge ? [{ from, to, name: relation.name }] : this.way(relation.of, from, to);
    }
  }

  /** Explained by the body in the first round in which it contains the pair. */
  #least(of: Least, count: number, from: number, to: number): Way | undefined {
    const evaluation = this.#round?.evaluation ?? this.#evaluation;
    const round = evaluation.rounds(of).findIndex((matrix) => matrix.has(from, to));
    if (round === -1 || round >= count) return undefined;
    return new Explanation(evaluation.inRound(of, round), { evaluation, of, count: round }).way(
      of.body,
      from,
      to,
    );
  }

  readonly #ends = new Map<readonly Relation[], Map<string, Way | undefined>>();

  /** Along the parts of a sequence from the one with this index on. */
  #sequence(parts: readonly Relation[], from: number, to: number, index = 0): Way | undefined {
    const first = parts[index]!;
    if (index === parts.length - 1) return this.way(first, from, to);
    const known = this.#ends.get(parts) ?? new Map<string, Way | undefined>();
    this.#ends.set(parts, known);
    const key = `${index} ${from} ${to}`;
    if (!known.has(key)) {
      const ways = Array.from({ length: this.#size }, (_, middle) => {
        if (!this.#matrix(first).has(from, middle)) return undefined;
        const after = this.#sequence(parts, middle, to, index + 1);
        const before = after === undefined ? undefined : this.way(first, from, middle);
        return before === undefined || after === undefined ? undefined : [...before, ...after];
      });
      known.set(key, shortest(ways));
    }
    return known.get(key);
  }

  /** The fewest edges, not the fewest pairs: Dijkstra's algorithm over the pairs of the relation. */
  #repeated(kind: 'plus' | 'star' | 'maybe', of: Relation, from: number, to: number): Way | undefined {
    if (kind !== 'plus' && from === to) return [];
    if (kind === 'maybe') return this.way(of, from, to);
    const best = new Map<number, Way>();
    const open = new Map<number, Way>();
    const extend = (at: number, way: Way) => {
      for (let next = 0; next < this.#size; next++) {
        const step = best.has(next) ? undefined : this.way(of, at, next);
        if (step === undefined) continue;
        const longer = [...way, ...step];
        if (longer.length < (open.get(next)?.length ?? Number.POSITIVE_INFINITY)) open.set(next, longer);
      }
    };
    extend(from, []);
    while (open.size > 0) {
      const [at, way] = [...open].reduce((a, b) => (b[1].length < a[1].length ? b : a));
      if (at === to) return way;
      open.delete(at);
      best.set(at, way);
      extend(at, way);
    }
    return undefined;
  }
}

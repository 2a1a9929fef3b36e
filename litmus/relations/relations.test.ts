// Relations as bits against relations as sets of pairs, with more events than a word has bits; and the ways through them.

import { describe, expect, test } from 'vitest';
import { random } from '../../checker/testing/random.js';
import { type BaseRelations, Evaluator } from './evaluate.js';
import { wayOf } from './explain.js';
import { bitsOf, eventOnCycle, Matrix, shortestWay } from './matrix.js';
import {
  at,
  base,
  both,
  bothSets,
  domain,
  edge,
  either,
  eitherSet,
  inverse,
  least,
  maybe,
  minus,
  product,
  type Relation,
  range,
  sequence,
  set,
  setMinus,
  star,
} from './relation.js';

const size = 70;
type Pairs = ReadonlySet<number>;
const [from, to] = [(pair: number) => Math.floor(pair / size), (pair: number) => pair % size];

function randomPairs(seed: number): Pairs {
  const dice = random(seed);
  return new Set(Array.from({ length: 90 }, () => dice.below(size * size)));
}

const [a, b] = [randomPairs(1), randomPairs(2)];
const matrixOf = (pairs: Pairs): Matrix => {
  const matrix = new Matrix(size);
  for (const pair of pairs) matrix.add(from(pair), to(pair));
  return matrix;
};
const facts: BaseRelations = {
  size,
  relation: (name) =>
    matrixOf(
      name === 'a' ? a : name === 'b' ? b : new Set(Array.from({ length: size }, (_, i) => i * size + i)),
    ),
  set: (name) => bitsOf(size, (event) => event % (name === 'two' ? 2 : 3) === 0),
};
const [ra, rb] = [base('a'), base('b')];
const [two, three] = [set('two'), set('three')];

const pairsOf = (relation: Relation): readonly number[] =>
  new Evaluator(facts)
    .relation(relation)
    .pairs()
    .map(([x, y]) => x * size + y);
const all = Array.from({ length: size * size }, (_, pair) => pair);
const where = (isIn: (pair: number) => boolean): readonly number[] => all.filter(isIn);

/** By repeated composition. */
function reach(pairs: Pairs): Pairs {
  const found = new Set(pairs);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const one of [...found])
      for (const other of pairs) if (to(one) === from(other)) found.add(from(one) * size + to(other));
  }
  return found;
}

describe('relations of 70 events', () => {
  test('are what relations as sets of pairs are', () => {
    expect(pairsOf(either(ra, rb))).toEqual(where((pair) => a.has(pair) || b.has(pair)));
    expect(pairsOf(both(ra, either(rb, ra)))).toEqual(where((pair) => a.has(pair)));
    expect(pairsOf(minus(either(ra, rb), ra))).toEqual(where((pair) => b.has(pair) && !a.has(pair)));
    expect(pairsOf(inverse(ra))).toEqual(where((pair) => a.has(to(pair) * size + from(pair))));
    expect(pairsOf(sequence(ra, rb))).toEqual(
      where((pair) => [...a].some((one) => from(one) === from(pair) && b.has(to(one) * size + to(pair)))),
    );
    const closed = reach(a);
    expect(pairsOf(star(ra))).toEqual(where((pair) => from(pair) === to(pair) || closed.has(pair)));
    expect(pairsOf(maybe(ra))).toEqual(where((pair) => from(pair) === to(pair) || a.has(pair)));
    expect(pairsOf(least((self) => either(ra, sequence(self, ra))))).toEqual(
      where((pair) => closed.has(pair)),
    );
    expect(pairsOf(least((self) => either(ra, sequence(self, self))))).toEqual(
      where((pair) => closed.has(pair)),
    );
  });

  test('have sets as those of their events', () => {
    expect(pairsOf(at(bothSets(two, three)))).toEqual(
      where((pair) => from(pair) === to(pair) && to(pair) % 6 === 0),
    );
    expect(pairsOf(product(setMinus(two, three), eitherSet(two, three)))).toEqual(
      where(
        (pair) => from(pair) % 2 === 0 && from(pair) % 3 !== 0 && (to(pair) % 2 === 0 || to(pair) % 3 === 0),
      ),
    );
    const ends = new Set([...a].map(to));
    expect(pairsOf(at(range(ra)))).toEqual(where((pair) => from(pair) === to(pair) && ends.has(to(pair))));
    const begins = new Set([...a].map(from));
    expect(pairsOf(at(domain(ra)))).toEqual(where((pair) => from(pair) === to(pair) && begins.has(to(pair))));
  });

  test('have a cycle where an event reaches itself, and a shortest way from one event to another', () => {
    const closed = reach(a);
    expect(eventOnCycle(matrixOf(a))).toBe(
      from(all.find((pair) => from(pair) === to(pair) && closed.has(pair))!),
    );
    expect(eventOnCycle(matrixOf(new Set([1, size + 2])))).toBeUndefined();
    expect(eventOnCycle(matrixOf(new Set([1, size + 2, 2 * size])))).toBe(0);
    const matrix = matrixOf(new Set([1, size + 2, 2 * size + 69, 3, 3 * size + 69, 69 * size]));
    expect(shortestWay(matrix, 0, 69)).toEqual([0, 3, 69]);
    expect(shortestWay(matrix, 0, 0)).toEqual([0, 3, 69, 0]);
    expect(shortestWay(matrix, 0, 5)).toBeUndefined();
  });
});

describe('a way', () => {
  const evaluator = new Evaluator(facts);
  const relations: readonly Relation[] = [
    sequence(ra, rb),
    star(either(ra, rb)),
    either(sequence(ra, at(two), maybe(rb)), rb),
    least((self) => either(ra, sequence(ra, rb, self))),
    sequence(inverse(ra), edge('edge', sequence(rb, rb))),
  ];

  test.each(relations.map((relation, i) => [i, relation] as const))(
    'leads along edges from one event to the other, in relation %i, wherever the pair is in it',
    (_, relation) => {
      const edges = new Evaluator(facts).relation(sequence(rb, rb));
      const isEdge = {
        a: (x: number, y: number) => a.has(x * size + y),
        b: (x: number, y: number) => b.has(x * size + y),
        'a^-1': (x: number, y: number) => a.has(y * size + x),
        edge: (x: number, y: number) => edges.has(x, y),
      };
      const pairs = evaluator.relation(relation).pairs();
      expect(pairs.length).toBeGreaterThan(10);
      for (const [start, end] of pairs) {
        const way = wayOf(evaluator, relation, start, end)!;
        expect([way[0]?.from ?? end, way.at(-1)?.to ?? start]).toEqual([start, end]);
        expect(way.every(({ from: x }, i) => i === 0 || way[i - 1]!.to === x)).toBe(true);
        expect(way.filter(({ name, from: x, to: y }) => !isEdge[name as keyof typeof isEdge](x, y))).toEqual(
          [],
        );
      }
      const [outside] = all.filter((pair) => !evaluator.relation(relation).has(from(pair), to(pair)));
      expect(wayOf(evaluator, relation, from(outside!), to(outside!))).toBeUndefined();
    },
  );
});

// The translation: small automata for formulas whose sizes are known, and the same results as direct evaluation.

import { describe, expect, test } from 'vitest';
import type { Formula } from '../language/temporal.js';
import { type Automaton, automatonOf, readerOfFormula, translate } from './buchi.js';
import { accepts, type Lasso, truthOf } from './lasso.js';
import { literal, type Normal, normalise } from './normal.js';

type F = Formula<number>;
const atom = (x: number) => literal(x, true);
const [p, q, r, s] = [0, 1, 2, 3].map((x): F => ({ op: 'state', x })) as [F, F, F, F];
const not = (x: F): F => ({ op: 'not', x });
const F = (x: F): F => ({ op: 'eventually', x });
const G = (x: F): F => ({ op: 'always', x });
const X = (x: F): F => ({ op: 'next', x });
const U = (x: F, y: F): F => ({ op: 'until', x, y });
const W = (x: F, y: F): F => ({ op: 'weakUntil', x, y });
const R = (x: F, y: F): F => ({ op: 'release', x, y });
const and = (x: F, y: F): F => ({ op: 'and', x, y });
const or = (x: F, y: F): F => ({ op: 'or', x, y });
const implies = (x: F, y: F): F => ({ op: 'implies', x, y });
const buchi = (formula: F) => automatonOf(normalise(formula, true, atom))!;

/** A fixed sequence of numbers below n: a linear congruential generator (Numerical Recipes' constants). */
function numbers(seed: number): (n: number) => number {
  let x = seed >>> 0;
  return (n) => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return Math.floor((x / 2 ** 32) * n);
  };
}
const unary = ['not', 'next', 'eventually', 'always'] as const;
const binary = ['and', 'or', 'implies', 'iff', 'until', 'weakUntil', 'release', 'leadsTo'] as const;
function randomFormula(below: (n: number) => number, depth: number, atoms: number): F {
  if (depth === 0 || below(5) === 0) return { op: 'state', x: below(atoms) };
  const inner = () => randomFormula(below, depth - 1, atoms);
  const i = below(unary.length + binary.length);
  const op = unary[i];
  return op === undefined ? { op: binary[i - unary.length]!, x: inner(), y: inner() } : { op, x: inner() };
}
const wordText = ({ letters, loop }: Lasso) => `${letters.join(' ')}, loop ${loop}`;
function randomLasso(below: (n: number) => number, atoms: number): Lasso {
  const letters = Array.from({ length: 1 + below(6) }, () => BigInt(below(1 << atoms)));
  return { letters, loop: below(letters.length) };
}

describe('automata of known size', () => {
  // One state with one acceptance set for GF p, one more state for each event to remember: the sizes of Couvreur's and
  // Gastin and Oddoux's transition-based automata.
  const table: readonly (readonly [string, F, number, number])[] = [
    ['G p', G(p), 1, 0],
    ['F p', F(p), 2, 1],
    ['p U q', U(p, q), 2, 1],
    ['p W q', W(p, q), 2, 0],
    ['p R q', R(p, q), 2, 0],
    ['X p', X(p), 3, 0],
    ['GF p', G(F(p)), 1, 1],
    ['FG p', F(G(p)), 2, 1],
    ['G (p -> F q)', G(implies(p, F(q))), 2, 1],
    ['G (p -> X q)', G(implies(p, X(q))), 2, 0],
    ['GF p & GF q', and(G(F(p)), G(F(q))), 1, 2],
    ['GF p & GF q & GF r', and(and(G(F(p)), G(F(q))), G(F(r))), 1, 3],
    ['GF p -> GF q', implies(G(F(p)), G(F(q))), 3, 1],
    ['p U (q U r)', U(p, U(q, r)), 3, 1],
    ['p U (q U (r U s))', U(p, U(q, U(r, s))), 4, 1],
    ['not (p U (q U r))', not(U(p, U(q, r))), 3, 0],
  ];
  test.each(table)('%s', (_, formula, states, sets) => {
    const automaton = buchi(formula);
    expect([automaton.states.length, automaton.setCount]).toEqual([states, sets]);
  });

  test('a contradiction has no state left', () => {
    expect(buchi(and(G(p), F(not(p)))).states).toEqual([]);
    expect(buchi(and(X(s), X(not(s)))).states).toEqual([]);
  });
});

test('1,500 random formulas and their automata agree on 20 random lassos each', () => {
  const below = numbers(1);
  const answers = { true: 0, false: 0 };
  for (let i = 0; i < 1500; i++) {
    const normal: Normal = normalise(randomFormula(below, 3, 3), true, atom);
    const raw = translate(normal);
    const small = automatonOf(normal)!;
    for (let j = 0; j < 20; j++) {
      const word = randomLasso(below, 3);
      const truth = truthOf(normal, word)[0]!;
      const same = accepts(raw, word) === truth && accepts(small, word) === truth;
      if (!same) expect.fail(`${normal.key} on ${wordText(word)} is ${truth}`);
      answers[`${truth}`]++;
    }
  }
  expect(answers).toEqual({ true: 17_949, false: 12_051 });
});

test('all lassos of up to four letters over two atoms agree with the automata of the usual formulas', () => {
  const formulas = [
    G(implies(p, F(q))),
    U(p, q),
    W(p, q),
    F(G(p)),
    implies(G(F(p)), G(F(q))),
    R(p, or(q, X(p))),
  ];
  for (const formula of formulas) {
    const normal = normalise(formula, true, atom);
    const automaton = automatonOf(normal)!;
    for (let length = 1; length <= 4; length++) {
      for (let code = 0; code < 4 ** length; code++) {
        const letters = Array.from({ length }, (_, i) => BigInt((code >> (2 * i)) & 3));
        for (let loop = 0; loop < length; loop++) {
          const word = { letters, loop };
          if (accepts(automaton, word) !== truthOf(normal, word)[0]) {
            expect.fail(`${normal.key} on ${wordText(word)}`);
          }
        }
      }
    }
  }
});

test('a formula and its negation are never both true of a lasso, nor both false', () => {
  const below = numbers(7);
  for (let i = 0; i < 1000; i++) {
    const formula = randomFormula(below, 4, 3);
    const word = randomLasso(below, 3);
    const [yes, no] = [true, false].map((positive) => truthOf(normalise(formula, positive, atom), word)[0]);
    expect(yes).toBe(!no);
  }
});

test('an automaton that is built on demand accepts what the whole one accepts', () => {
  const below = numbers(12);
  const answers = { true: 0, false: 0 };
  for (let i = 0; i < 500; i++) {
    const normal = normalise(randomFormula(below, 3, 3), true, atom);
    for (let j = 0; j < 3; j++) {
      const word = randomLasso(below, 3);
      const truth = truthOf(normal, word)[0]!;
      if (accepts(readAlong(normal, word), word) !== truth) expect.fail(`${normal.key} on ${wordText(word)}`);
      answers[`${truth}`]++;
    }
  }
  expect(answers).toEqual({ true: 869, false: 631 });
});

describe('a formula of many parts', () => {
  const atoms = Array.from({ length: 40 }, (_, x): F => ({ op: 'state', x }));

  test('has as many acceptance sets as it needs', () => {
    const { states, setCount } = buchi(
      atoms
        .slice(0, 8)
        .map((x) => G(F(x)))
        .reduce(and),
    );
    expect([states.length, setCount]).toEqual([1, 8]);
    const some = buchi(atoms.map((x) => F(x)).reduce(or));
    expect([some.states.length, some.setCount]).toEqual([2, 1]);
  });

  test('with more sets than 32 bits is read correctly', () => {
    // One until is false on the word, the others do not matter: bit 31 and above are bits like the others.
    const normal = normalise(atoms.map((x, i) => U(X(x), atoms[(i + 1) % 40]!)).reduce(or), true, atom);
    for (let i = 0; i < 40; i++) {
      const one: Lasso = { letters: [0n, 0n, 1n << BigInt(i)], loop: 0 };
      expect(accepts(readAlong(normal, one), one)).toBe(truthOf(normal, one)[0]);
    }
  });

  test('is refused before it grows without bound', () => {
    const equivalence = (count: number) =>
      atoms
        .slice(0, count)
        .map((x) => F(x))
        .reduce((x, y): F => ({ op: 'iff', x, y }));
    expect(normalise(equivalence(5), true, atom).key.length).toBeLessThan(1000);
    expect(() => normalise(equivalence(30), true, atom)).toThrow(
      "the formula is too large: each 'iff' between formulas about runs doubles what it joins",
    );
  });

  test('has an automaton of bounded size, or none', () => {
    const delayed = (count: number) =>
      normalise(
        atoms
          .slice(0, count)
          .map((x, i) => G(implies(x, X(X(atoms[i + 1]!)))))
          .reduce(and),
        true,
        atom,
      );
    expect(automatonOf(delayed(2))?.states.length).toBe(16);
    expect(automatonOf(delayed(8))).toBeUndefined();
    // A word of few letters needs a small part of it.
    const reader = readerOfFormula(delayed(8));
    expect(reader.transitions(0, 0n).length).toBe(1);
    expect(reader.stateCount).toBe(1);
  });
});

/** The part of an automaton that the letters of a word need: enough to decide whether it accepts the word. */
function readAlong(normal: Normal, { letters }: Lasso): Automaton {
  const reader = readerOfFormula(normal);
  const states = [];
  for (let state = 0; state < reader.stateCount; state++) {
    states.push(
      [...new Set(letters)].flatMap((letter) =>
        reader
          .transitions(state, letter)
          .map((way) => ({ ...way, yes: letter, no: ~letter & ((1n << 40n) - 1n) })),
      ),
    );
  }
  return { initial: reader.initial, states, setCount: reader.setCount };
}

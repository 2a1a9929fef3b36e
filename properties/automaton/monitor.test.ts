// Monitors report `violated` at the first position after which every continuation violates the formula: not later, and
// not earlier.

import { expect, test } from 'vitest';
import type { Formula } from '../language/temporal.js';
import { automatonOf } from './buchi.js';
import { type Lasso, truthOf } from './lasso.js';
import { isViolatedByRepeat, type MonitorAutomaton, monitorOf, violated } from './monitor.js';
import { isSyntacticSafety, literal, type Normal, normalise } from './normal.js';

type F = Formula<number>;
const atom = (x: number) => literal(x, true);
const [p, q]: readonly [F, F] = [
  { op: 'state', x: 0 },
  { op: 'state', x: 1 },
];
const G = (x: F): F => ({ op: 'always', x });
const X = (x: F): F => ({ op: 'next', x });
const monitor = (formula: F) => {
  const normal = normalise(formula, true, atom);
  return monitorOf(automatonOf(normal)!, 2)!;
};

/** The number of the first letter after which the monitor reports a violation; undefined if there is none. */
function firstViolation(
  { initial, after }: MonitorAutomaton,
  letters: readonly number[],
): number | undefined {
  let at = initial;
  for (const [i, letter] of letters.entries()) {
    if (at === violated) return 0;
    at = after[at]![letter]!;
    if (at === violated) return i;
  }
  return undefined;
}

test('p weakUntil q waits in one state, is satisfied in another, and is violated where neither is true', () => {
  const { initial, after } = monitor({ op: 'weakUntil', x: p, y: q });
  expect({ initial, after }).toEqual({
    initial: 0,
    // Letters: neither, p, q, both.
    after: [
      [violated, 0, 1, 1],
      [1, 1, 1, 1],
    ],
  });
});

test('a monitor has no more states than it needs', () => {
  const implies = (x: F, y: F): F => ({ op: 'implies', x, y });
  expect(monitor(G(implies(p, X(q)))).after.length).toBe(2);
  expect(monitor(G(implies(p, X(X(q))))).after.length).toBe(4);
  expect(monitor(G(implies(p, { op: 'weakUntil', x: p, y: q }))).after.length).toBe(2);
  expect(monitor({ op: 'or', x: G(p), y: G(q) }).after.length).toBe(3);
});

test('a contradiction between later positions is reported as soon as it is certain', () => {
  const never: F = { op: 'not', x: p };
  expect(firstViolation(monitor({ op: 'and', x: p, y: X(never) }), [1, 1])).toBe(1);
  expect(monitor({ op: 'and', x: X(p), y: X(never) }).initial).toBe(violated);
});

test('a run that ends repeats its last letter', () => {
  const formula: F = G({ op: 'implies', x: p, y: X({ op: 'not', x: p }) });
  const { initial, ...rest } = monitor(formula);
  expect(isViolatedByRepeat({ initial, ...rest }, initial, 1)).toBe(true);
  expect(isViolatedByRepeat({ initial, ...rest }, initial, 2)).toBe(false);
});

/** A fixed sequence of numbers below n (Numerical Recipes' constants). */
function numbers(seed: number): (n: number) => number {
  let x = seed >>> 0;
  return (n) => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return Math.floor((x / 2 ** 32) * n);
  };
}
const unary = ['not', 'next', 'always', 'eventually'] as const;
const binary = ['and', 'or', 'implies', 'weakUntil', 'release', 'until'] as const;
function randomFormula(below: (n: number) => number, depth: number): F {
  if (depth === 0 || below(6) === 0) return { op: 'state', x: below(2) };
  const op = [...unary, ...binary][below(10)]!;
  const x = randomFormula(below, depth - 1);
  const isUnary = (word: string): word is (typeof unary)[number] => unary.some((one) => one === word);
  return isUnary(op) ? { op, x } : { op, x, y: randomFormula(below, depth - 1) };
}

/** All words of up to three letters, looping at any of them. */
const continuations: readonly Lasso[] = [1, 2, 3].flatMap((length) =>
  Array.from({ length: 4 ** length }, (_, code) =>
    Array.from({ length }, (_, i) => BigInt((code >> (2 * i)) & 3)),
  ).flatMap((letters) => letters.map((_, loop) => ({ letters, loop }))),
);
const canStillHold = (normal: Normal, prefix: readonly number[]) =>
  continuations.some(({ letters, loop }) => {
    const word = { letters: [...prefix.map(BigInt), ...letters], loop: prefix.length + loop };
    return truthOf(normal, word)[0];
  });

test('300 random safety formulas on random words are violated exactly when no continuation can hold', () => {
  const below = numbers(3);
  const seen = { formulas: 0, violated: 0, open: 0 };
  while (seen.formulas < 300) {
    const normal = normalise(randomFormula(below, 3), true, atom);
    if (!isSyntacticSafety(normal)) continue;
    seen.formulas++;
    const watching = monitorOf(automatonOf(normal)!, 2)!;
    const letters = Array.from({ length: 4 }, () => below(4));
    const at = firstViolation(watching, letters);
    const open = watching.initial === violated ? -1 : (at ?? letters.length);
    const hint = `${normal.key} on ${letters.join()}`;
    if (open >= 0) expect(canStillHold(normal, letters.slice(0, open)), hint).toBe(true);
    if (at !== undefined) expect(canStillHold(normal, letters.slice(0, at + 1)), hint).toBe(false);
    seen[at === undefined ? 'open' : 'violated']++;
  }
  expect(seen).toEqual({ formulas: 300, violated: 169, open: 131 });
});

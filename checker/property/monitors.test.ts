// Past formulas become conditions on a Program with monitors: compared with their definition on every path of random
// graphs, by the length of the shortest counterexample.

import { describe, expect, test } from 'vitest';
import type { Formula } from '../../properties/language/temporal.js';
import { explore } from '../index.js';
import { composed } from '../ir/monitors.js';
import type { Expr, Program } from '../ir/program.js';
import { graphProgram } from '../liveness/testing/graph_program.js';
import { specify } from './specify.js';

type F = Formula<string>;
const past = ['previously', 'once', 'historically'] as const;

/** Is the formula true at position i of the word? By definition. */
function isTrue(formula: F, word: readonly string[], truths: { [atom: string]: string }, i: number): boolean {
  const at = (x: F, j: number) => isTrue(x, word, truths, j);
  const before = Array.from({ length: i + 1 }, (_, j) => j);
  switch (formula.op) {
    case 'state':
      return truths[formula.x]!.includes(word[i]!);
    case 'not':
      return !at(formula.x, i);
    case 'and':
      return at(formula.x, i) && at(formula.y, i);
    case 'or':
      return at(formula.x, i) || at(formula.y, i);
    case 'previously':
      return i > 0 && at(formula.x, i - 1);
    case 'once':
      return before.some((j) => at(formula.x, j));
    case 'historically':
      return before.every((j) => at(formula.x, j));
    case 'since':
      return before.some((j) => at(formula.y, j) && before.slice(j + 1).every((k) => at(formula.x, k)));
    default:
      throw new Error(formula.op);
  }
}

function numbers(seed: number): (n: number) => number {
  let x = seed >>> 0;
  return (n) => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return Math.floor((x / 2 ** 32) * n);
  };
}
function randomPast(below: (n: number) => number, depth: number): F {
  if (depth === 0) return { op: 'state', x: 'pq'[below(2)]! };
  const x = randomPast(below, depth - 1);
  const i = below(7);
  const op = past[i];
  if (op !== undefined) return { op, x };
  if (i === 3) return { op: 'not', x };
  return { op: (['since', 'and', 'or'] as const)[i - 4]!, x, y: randomPast(below, depth - 1) };
}
const overExprs = (formula: F, atoms: { readonly [name: string]: Expr }): Formula<Expr> =>
  formula.op === 'state'
    ? { op: 'state', x: atoms[formula.x]! }
    : 'y' in formula
      ? { op: formula.op, x: overExprs(formula.x, atoms), y: overExprs(formula.y, atoms) }
      : { op: formula.op, x: overExprs(formula.x, atoms) };

const stated = (claim: Formula<Expr>) =>
  ({ name: 'it', expectation: 'always', claim, fairness: [], about: undefined, source: {} }) as const;

/** The number of steps of the shortest counterexample; undefined if there is none. */
async function shortest(program: Program, claim: Formula<Expr>): Promise<number | undefined> {
  const specified = specify(program, [stated(claim)]);
  const lengths: (number | undefined)[] = [];
  for (const engine of ['reference', 'compiled'] as const) {
    const { properties } = await explore(specified.program, specified.properties, { engine });
    lengths.push(properties[0]!.finding?.path.steps.length);
  }
  expect(lengths[0]).toBe(lengths[1]);
  return lengths[0];
}

/** All words of up to `length` letters that the graph spells from its first node. */
function wordsOf(edges: string, length: number): readonly string[] {
  const pairs = edges.split(' ');
  const words = [pairs[0]![0]!];
  for (const word of words) {
    if (word.length >= length) continue;
    const out = pairs.filter((pair) => pair[0] === word.at(-1) && pair.length === 2);
    words.push(...out.map((pair) => word + pair[1]!));
    // A run that ends repeats its last node.
    if (out.length === 0) words.push(word + word.at(-1)!);
  }
  return words;
}

describe('past operators', () => {
  const edges = 'ab bc cd db';
  const truths = { p: 'a', q: 'd' };
  const of = (formula: F) => {
    const { program, atoms } = graphProgram(edges, truths);
    return shortest(program, overExprs(formula, atoms));
  };
  const p: F = { op: 'state', x: 'p' };
  const q: F = { op: 'state', x: 'q' };
  const not = (x: F): F => ({ op: 'not', x });
  const or = (x: F, y: F): F => ({ op: 'or', x, y });
  test.each([
    ['once p, always', { op: 'once', x: p }, undefined],
    ['never once q', not({ op: 'once', x: q }), 3],
    ['historically p ends at once', { op: 'historically', x: p }, 1],
    ['q only after p', or(not(q), { op: 'once', x: p }), undefined],
    ['p only at the start', or(not(p), not({ op: 'previously', x: { op: 'once', x: p } })), undefined],
    ['not q, ever since p', { op: 'since', x: not(q), y: p }, 3],
    ['never q the step before', not({ op: 'previously', x: q }), 4],
  ] as readonly (readonly [string, F, number | undefined])[])('%s', async (_, formula, steps) => {
    expect(await of(formula)).toBe(steps);
  });
});

test('a condition on the present alone adds nothing to the Program', () => {
  const { program, atoms } = graphProgram('ab', { p: 'a' });
  expect(specify(program, [stated({ op: 'state', x: atoms['p']! })]).program).toBe(program);
});

test('monitors change no variables and steps of the model, so they make no two steps dependent', () => {
  const { program, atoms } = graphProgram('ab ba', { p: 'a' });
  const once: Formula<Expr> = { op: 'once', x: { op: 'state', x: atoms['p']! } };
  const { program: monitored } = specify(program, [stated(once)]);
  expect(monitored.monitors).toHaveLength(1);
  expect(monitored.variables).toBe(program.variables);
  expect(monitored.steps).toBe(program.steps);
});

test('later monitors are numbered after earlier ones', () => {
  const { program, atoms } = graphProgram('ab ba', { p: 'a', q: 'b' });
  const once = (atom: string): Formula<Expr> => ({ op: 'once', x: { op: 'state', x: atoms[atom]! } });
  const first = specify(program, [stated(once('p'))]).program;
  const second = specify(first, [stated(once('q'))]).program;
  expect(second.monitors!.map(({ variable: { id, name } }) => [id, name])).toEqual([
    [0, 'it.once'],
    [1, 'it.once_2'],
  ]);
  expect(second.monitors![0]).toBe(first.monitors![0]);
});

test('equal formulas share monitors, and different monitors have different names', () => {
  const { program, atoms } = graphProgram('ab ba', { p: 'a', q: 'b' });
  const once = (atom: string): Formula<Expr> => ({ op: 'once', x: { op: 'state', x: atoms[atom]! } });
  const both: Formula<Expr> = {
    op: 'and',
    x: { op: 'and', x: once('p'), y: once('q') },
    y: { op: 'and', x: once('p'), y: { op: 'once', x: once('p') } },
  };
  const specified = specify(program, [stated(both), stated({ op: 'not', x: once('q') })]);
  const names = specified.program.monitors!.map(({ variable }) => variable.name);
  expect(names).toEqual(['it.once', 'it.once_2', 'it.once_3']);
  // Each step of the product writes each of them once.
  for (const { assignments } of composed(specified.program).steps) {
    expect(assignments.map(({ target }) => target.variables)).toEqual([[0], [1], [2]]);
  }
});

test('a state is counted once for each combination of the values of its monitors', async () => {
  const { program, atoms } = graphProgram('ab ba', { q: 'b' });
  const { program: remembering } = specify(program, [
    stated({ op: 'not', x: { op: 'once', x: { op: 'state', x: atoms['q']! } } }),
  ]);
  const { evidence } = await explore(remembering, []);
  // a, b, and both again once b is over.
  expect([evidence.states, evidence.transitions]).toEqual([4, 4]);
});

test('in a run that has ended, `previously` reads the last state', async () => {
  const { program, atoms } = graphProgram('ab', { q: 'b' });
  const q: Formula<Expr> = { op: 'state', x: atoms['q']! };
  const neverLong: Formula<Expr> = { op: 'not', x: { op: 'previously', x: { op: 'previously', x: q } } };
  expect(await shortest(program, neverLong)).toBe(1);
});

test('200 random past formulas on random graphs are violated at the position that their definition gives', async () => {
  const below = numbers(11);
  let found = 0;
  for (let i = 0; i < 200; i++) {
    const pairs = Array.from({ length: 5 }, () => 'abcd'[below(4)]! + 'abcd'[below(4)]!);
    const edges = [...new Set([`a${'bcd'[below(3)]}`, ...pairs])].join(' ');
    const truths = { p: 'abcd'.slice(below(4)), q: 'abcd'.slice(0, below(4)) };
    const formula = randomPast(below, 3);
    const { program, atoms } = graphProgram(edges, truths);
    const steps = await shortest(program, overExprs(formula, atoms));
    const isBad = (word: string) => !isTrue(formula, [...word], truths, word.length - 1);
    const bad = wordsOf(edges, 7).filter(isBad);
    const expected = bad.length === 0 ? undefined : Math.min(...bad.map((word) => stepsOf(word, edges)));
    if (steps !== undefined) found++;
    if (steps === undefined || steps <= 6)
      expect(steps, `${JSON.stringify(formula)} on ${edges}`).toBe(expected);
  }
  expect(found).toBe(151);
});

/** The trace of a run that ends stops at its last state, although that is repeated. */
function stepsOf(word: string, edges: string): number {
  const ends = [...word].findIndex((node) => edges.split(' ').every((pair) => pair[0] !== node));
  return (ends < 0 ? word.length : ends + 1) - 1;
}

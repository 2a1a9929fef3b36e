// Live locals of small graphs, edge by edge.

import { expect, test } from 'vitest';
import { int, less, read, truth } from '../ir/expression.js';
import type { Assignment, Cell, Expr } from '../ir/program.js';
import { type LiveEdge, liveLocals } from './live_variables.js';

const [a, b, shared] = [0, 1, 2];
const locals = new Set([a, b]);
const value = (id: number): Expr => read({ variables: [id] }, 'int');
const set = (id: number, to: Expr): Assignment => ({ target: { variables: [id] }, value: to });
const isPositive = (id: number): Expr => less('lt', int(0), value(id));

/** An edge from one location to another, with what it assigns and waits for. */
const edge = (from: number, to: number, parts: Partial<LiveEdge> = {}): LiveEdge => {
  return { from, to, guard: truth(true), assignments: [], fresh: [], anew: [], ...parts };
};
const live = (edges: readonly LiveEdge[], of: ReadonlySet<number> = locals) =>
  Object.fromEntries([...liveLocals(edges, of)].map(([at, ids]) => [at, [...ids].sort()]));

test('a local lives from where it is stored to where it is last read', () => {
  const edges = [
    edge(0, 1, { assignments: [set(a, int(1))] }),
    edge(1, 2, { assignments: [set(b, value(a))] }),
    edge(2, 3, { guard: isPositive(b) }),
  ];
  expect(live(edges)).toEqual({ 0: [], 1: [a], 2: [b] });
});

test('a local that some way on reads is live, whatever the other ways do', () => {
  const edges = [edge(0, 1), edge(0, 2), edge(1, 3, { guard: isPositive(a) }), edge(2, 3)];
  expect(live(edges)).toEqual({ 0: [a], 1: [a], 2: [] });
});

test('a loop keeps alive what its next turn reads', () => {
  const edges = [
    edge(0, 1, { guard: isPositive(a) }),
    edge(1, 0, { assignments: [set(b, int(1))] }),
    edge(0, 2, { guard: isPositive(b) }),
  ];
  expect(live(edges)).toEqual({ 0: [a, b], 1: [a] });
});

test('what a dead local would be made of is not read', () => {
  const edges = [
    edge(0, 1, { assignments: [set(b, value(a))] }),
    edge(1, 2, { assignments: [set(shared, int(1))] }),
  ];
  expect(live(edges)).toEqual({ 0: [], 1: [] });
});

test('a variable that is not among the locals is none of our business', () => {
  expect(live([edge(0, 1, { guard: isPositive(shared) })])).toEqual({ 0: [] });
});

test('a local that starts anew on the way, or as a step begins, was not needed before', () => {
  const use = edge(1, 2, { guard: isPositive(a) });
  expect(live([edge(0, 1), use])).toEqual({ 0: [a], 1: [a] });
  expect(live([edge(0, 1, { fresh: [a] }), use])).toEqual({ 0: [], 1: [a] });
  expect(live([edge(0, 1, { anew: [a] }), use])).toEqual({ 0: [], 1: [a] });
});

test('a step that reads a local before it starts anew needs it all the same', () => {
  const edges = [edge(0, 1, { guard: isPositive(a), fresh: [a] }), edge(1, 2, { guard: isPositive(a) })];
  expect(live(edges)).toEqual({ 0: [a], 1: [a] });
});

test('locals that an index tells apart live together', () => {
  const either: Cell = { variables: [a, b], index: value(shared) };
  const edges = [
    edge(0, 1, { assignments: [set(a, int(1))] }),
    edge(1, 2, { assignments: [{ target: either, value: int(2) }] }),
    edge(2, 3, { guard: isPositive(b) }),
  ];
  expect(live(edges)).toEqual({ 0: [a, b], 1: [a, b], 2: [a, b] });
});

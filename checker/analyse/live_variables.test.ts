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

test('a local is live from where it is stored to where it is last read', () => {
  const edges = [
    edge(0, 1, { assignments: [set(a, int(1))] }),
    edge(1, 2, { assignments: [set(b, value(a))] }),
    edge(2, 3, { guard: isPositive(b) }),
  ];
  expect(live(edges)).toEqual({ 0: [], 1: [a], 2: [b] });
});

test('a local that one successor reads is live, whatever the other successors do', () => {
  const edges = [edge(0, 1), edge(0, 2), edge(1, 3, { guard: isPositive(a) }), edge(2, 3)];
  expect(live(edges)).toEqual({ 0: [a], 1: [a], 2: [] });
});

test('a local that the next iteration of a loop reads is live at the end of the loop', () => {
  const edges = [
    edge(0, 1, { guard: isPositive(a) }),
    edge(1, 0, { assignments: [set(b, int(1))] }),
    edge(0, 2, { guard: isPositive(b) }),
  ];
  expect(live(edges)).toEqual({ 0: [a, b], 1: [a] });
});

test('an assignment to a dead local reads nothing', () => {
  const edges = [
    edge(0, 1, { assignments: [set(b, value(a))] }),
    edge(1, 2, { assignments: [set(shared, int(1))] }),
  ];
  expect(live(edges)).toEqual({ 0: [], 1: [] });
});

test('a variable that is not among the locals is left out', () => {
  expect(live([edge(0, 1, { guard: isPositive(shared) })])).toEqual({ 0: [] });
});

test('a local that is reset on the way, or when a step begins, is not live before', () => {
  const use = edge(1, 2, { guard: isPositive(a) });
  expect(live([edge(0, 1), use])).toEqual({ 0: [a], 1: [a] });
  expect(live([edge(0, 1, { fresh: [a] }), use])).toEqual({ 0: [], 1: [a] });
  expect(live([edge(0, 1, { anew: [a] }), use])).toEqual({ 0: [], 1: [a] });
});

test('a local that a step reads before its reset is live before the step', () => {
  const edges = [edge(0, 1, { guard: isPositive(a), fresh: [a] }), edge(1, 2, { guard: isPositive(a) })];
  expect(live(edges)).toEqual({ 0: [a], 1: [a] });
});

test('locals that an index selects are live together', () => {
  const either: Cell = { variables: [a, b], index: value(shared) };
  const edges = [
    edge(0, 1, { assignments: [set(a, int(1))] }),
    edge(1, 2, { assignments: [{ target: either, value: int(2) }] }),
    edge(2, 3, { guard: isPositive(b) }),
  ];
  expect(live(edges)).toEqual({ 0: [a, b], 1: [a, b], 2: [a, b] });
});

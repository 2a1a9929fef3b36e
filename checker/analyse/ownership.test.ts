// Which locks a thread owns in small graphs, edge by edge.

import { expect, test } from 'vitest';
import { type LockEdge, ownership } from './ownership.js';

const [x, y] = [7, 8];
const edge = (from: number, to: number, parts: Partial<LockEdge> = {}): LockEdge => {
  return { from, to, takes: [], drops: [], ...parts };
};
/** What is known at each location: `x` owned, `-x` not owned, nothing if it is undecided. */
const known = (edges: readonly LockEdge[]) =>
  Object.fromEntries(
    [...ownership(0, edges, [x, y])].map(([at, facts]) => [
      at,
      [...facts].map(([lock, isOwned]) => (isOwned ? '' : '-') + (lock === x ? 'x' : 'y')).join(' '),
    ]),
  );

test('a lock is owned from where it is taken to where it is dropped', () => {
  const edges = [edge(0, 1, { takes: [[x]] }), edge(1, 2), edge(2, 3, { drops: [[x]] })];
  expect(known(edges)).toEqual({ 0: '-x -y', 1: 'x -y', 2: 'x -y', 3: '-x -y' });
});

test('where two paths join, only what both agree on is known', () => {
  const edges = [
    edge(0, 1, { takes: [[x]] }),
    edge(0, 2),
    edge(1, 3),
    edge(2, 3),
    edge(3, 4, { takes: [[y]] }),
  ];
  expect(known(edges)).toEqual({ 0: '-x -y', 1: 'x -y', 2: '-x -y', 3: '-y', 4: 'y' });
});

test('a lock that only the back edge of a loop owns is undecided at the start of the loop', () => {
  const edges = [edge(0, 1), edge(1, 2, { takes: [[x]] }), edge(2, 1), edge(2, 3, { drops: [[x]] })];
  expect(known(edges)).toEqual({ 0: '-x -y', 1: '-y', 2: 'x -y', 3: '-x -y' });
});

test('taking one of several locks by index leaves all of them undecided', () => {
  expect(known([edge(0, 1, { takes: [[x, y]] })])).toEqual({ 0: '-x -y', 1: '' });
  expect(known([edge(0, 1, { takes: [[x]] }), edge(1, 2, { drops: [[x, y]] })])).toEqual({
    0: '-x -y',
    1: 'x -y',
    2: '',
  });
});

test('one lock may be dropped in the step that takes another', () => {
  expect(known([edge(0, 1, { takes: [[x]] }), edge(1, 2, { drops: [[x]], takes: [[y]] })])).toEqual({
    0: '-x -y',
    1: 'x -y',
    2: '-x y',
  });
});

test('a location that nothing leads to is not known at all', () => {
  expect(known([edge(1, 2, { takes: [[x]] })])).toEqual({ 0: '-x -y' });
});

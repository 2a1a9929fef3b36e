// A cycle that passes over nobody, found where there is one and nowhere else.

import { describe, expect, test } from 'vitest';
import { fairCycle, hasCycle, type RunNode } from './fair_cycle.js';

/** Nodes as their edges, each by the actor's number and where it leads, and who cannot take a step. */
const graph = (
  ...nodes: readonly {
    readonly edges: readonly (readonly [thread: number, to: number])[];
    readonly idle?: number[];
  }[]
): readonly RunNode[] => {
  let step = 0;
  return nodes.map(({ edges, idle = [] }) => ({
    idle,
    edges: edges.map(([thread, to]) => ({ step: step++, thread, to })),
  }));
};

const cycleOf = (nodes: readonly RunNode[], actors: readonly number[]) => {
  const cycle = fairCycle(nodes, actors);
  return cycle && { start: cycle.start, edges: cycle.edges.map(({ thread, to }) => [thread, to]) };
};

describe('a fair cycle', () => {
  test('is one in which those who take no step cannot take one', () => {
    const nodes = graph(
      {
        edges: [
          [0, 0],
          [1, 1],
        ],
      },
      { edges: [[0, 1]], idle: [1] },
    );
    expect(cycleOf(nodes, [0, 1])).toEqual({ start: 1, edges: [[0, 1]] });
  });

  test('may go several ways from one node to serve everybody', () => {
    const nodes = graph(
      {
        edges: [
          [0, 1],
          [1, 2],
          [2, 3],
        ],
      },
      { edges: [[0, 0]] },
      { edges: [[1, 0]] },
      { edges: [] },
    );
    expect(cycleOf(nodes, [0, 1])).toEqual({
      start: 0,
      edges: [
        [0, 1],
        [0, 0],
        [1, 2],
        [1, 0],
      ],
    });
    expect(cycleOf(nodes, [0, 1, 2])).toBeUndefined();
  });

  test('passes by a node at which somebody waits, even for a moment', () => {
    const nodes = graph({ edges: [[0, 1]] }, { edges: [[0, 2]] }, { edges: [[0, 0]], idle: [1] });
    expect(cycleOf(nodes, [0, 1])).toEqual({
      start: 0,
      edges: [
        [0, 1],
        [0, 2],
        [0, 0],
      ],
    });
  });

  test('is not there where everything comes to an end, or passes over somebody', () => {
    const ending = graph({ edges: [[0, 1]] }, { edges: [], idle: [0] });
    expect([cycleOf(ending, [0]), hasCycle(ending)]).toEqual([undefined, false]);
    const unfair = graph(
      {
        edges: [
          [0, 0],
          [1, 1],
        ],
      },
      { edges: [] },
    );
    expect([cycleOf(unfair, [0, 1]), hasCycle(unfair)]).toEqual([undefined, true]);
  });
});

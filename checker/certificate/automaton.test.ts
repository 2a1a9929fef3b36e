// Sets of states as automata: the same words, in as few nodes as their common beginnings and endings allow.

import { expect, test } from 'vitest';
import { random } from '../testing/random.js';
import { automatonOf, type StateAutomaton } from './automaton.js';

const storedOf = (words: readonly (readonly number[])[]) => ({
  count: words.length,
  columns: words[0]!.length,
  value: (state: number, column: number) => words[state]![column]!,
});
const inOrder = (count: number) => [...Array(count).keys()];

/** `1: 0>0 1>0` */
const nodesText = ({ nodes }: StateAutomaton): readonly string[] =>
  inOrder(nodes.count).map((i) => {
    const edges = nodes.edgesOf(i + 1);
    const pairs = inOrder(edges.length / 2).map((e) => `${edges[2 * e]}>${edges[2 * e + 1]}`);
    return `${i + 1}: ${pairs.join(' ')}`;
  });

/** The words that lead from a node to the end. */
function wordsOf({ nodes }: StateAutomaton, node = nodes.count): readonly string[] {
  if (node === 0) return [''];
  const edges = nodes.edgesOf(node);
  return inOrder(edges.length / 2).flatMap((e) =>
    wordsOf({ states: 0, columns: [], nodes }, edges[2 * e + 1]!).map((rest) => `${edges[2 * e]} ${rest}`),
  );
}

test('words with the same set of endings share a node', () => {
  const square = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  expect(nodesText(automatonOf(storedOf(square), [0, 1]))).toEqual(['1: 0>0 1>0', '2: 0>1 1>1']);
  expect(nodesText(automatonOf(storedOf(square.slice(0, 3)), [0, 1]))).toEqual([
    '1: 0>0 1>0',
    '2: 0>0',
    '3: 0>1 1>2',
  ]);
});

test('the order of columns decides how many nodes there are, not the order of states', () => {
  // Two pairs of equal values.
  const words = inOrder(64).map((n) => [n >> 3, n & 7, n >> 3, n & 7]);
  expect(automatonOf(storedOf(words), [0, 1, 2, 3]).nodes.count).toBe(81);
  expect(automatonOf(storedOf(words), [0, 2, 1, 3]).nodes.count).toBe(18);
  const turned = words.toReversed();
  expect(nodesText(automatonOf(storedOf(turned), [0, 2, 1, 3]))).toEqual(
    nodesText(automatonOf(storedOf(words), [0, 2, 1, 3])),
  );
});

test.each([1, 2, 3, 4])('it accepts exactly the words that it was made of (seed %i)', (seed) => {
  const { below } = random(seed);
  const values = [2, 5, 1_000_000, 3];
  const all = new Map<string, readonly number[]>();
  for (let n = 0; n < 3_000; n++) {
    const word = values.map((count) => below(count) - below(2));
    all.set(`${word.join(' ')} `, word);
  }
  const automaton = automatonOf(storedOf([...all.values()]), [0, 1, 2, 3]);
  expect([...wordsOf(automaton)].sort()).toEqual([...all.keys()].sort());
  // The automaton is minimal: no two nodes are equal.
  const edges = nodesText(automaton).map((text) => text.replace(/^\d+/, ''));
  expect(new Set(edges).size).toBe(edges.length);
});

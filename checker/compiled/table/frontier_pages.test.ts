// Pages for the sleeping threads of states that are not expanded.

import { expect, test } from 'vitest';
import { FrontierPages } from './frontier_pages.js';

/** Pages of 4 states with 32 bytes, from address 1000 on. */
const made = (pages: number, count: number) => {
  const addresses = new Int32Array(8);
  const frontier = new FrontierPages({ addresses, begin: 1000, pages, pageBits: 2, pageBytes: 32 }, count);
  return { addresses, frontier };
};

test('a page is used again once its states are expanded, for the states behind all others', () => {
  const { addresses, frontier } = made(8, 0);
  frontier.reserve(0, 9);
  expect([...addresses]).toEqual([1000, 1032, 1064, 0, 0, 0, 0, 0]);
  frontier.reserve(3, 12);
  frontier.reserve(3, 13);
  expect([...addresses]).toEqual([1000, 1032, 1064, 1096, 0, 0, 0, 0]);
  frontier.reserve(8, 24);
  expect([...addresses]).toEqual([0, 0, 1064, 1096, 1000, 1032, 0, 0]);
  expect(frontier.bytes).toBe(4 * 32);
});

test('the first page is that of the state at which the search begins', () => {
  const { addresses, frontier } = made(8, 6);
  frontier.reserve(2, 7);
  expect([...addresses]).toEqual([0, 1000, 0, 0, 0, 0, 0, 0]);
});

test('where there are no more pages, states have none until others are expanded', () => {
  const { addresses, frontier } = made(2, 0);
  frontier.reserve(0, 16);
  expect([...addresses]).toEqual([1000, 1032, 0, 0, 0, 0, 0, 0]);
  frontier.reserve(15, 24);
  expect([...addresses]).toEqual([0, 0, 0, 0, 1000, 1032, 0, 0]);
  frontier.reserve(20, 28);
  expect([...addresses]).toEqual([0, 0, 0, 0, 0, 1032, 1000, 0]);
});

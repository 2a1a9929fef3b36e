// A search with very many initial states can be stopped while it enumerates them, also where few of them are admitted.

import { expect, test } from 'vitest';
import { equal, int, read, truth } from '../../ir/expression.js';
import type { Program } from '../../ir/program.js';
import { counters } from '../../testing/small_programs.js';
import { compile } from '../compile.js';
import { compiledSearch } from '../compiled_search.js';

/** Twenty variables that start at 0 or 1. */
const bits: Program['variables'] = Array.from({ length: 20 }, (_, id) => {
  return { id, name: `bit${id}`, domain: { kind: 'int', min: 0, max: 1 }, initial: [0, 1] };
});
const { threads } = counters(1, 1);
const program: Program = { ...counters(1, 1), threads, variables: bits, steps: [], initially: truth(true) };
const reason = { kind: 'interrupt', text: 'stopped' } as const;

test('a search that is stopped before it has all initial states reports those that it has', () => {
  const search = compiledSearch(compile(program), []);
  const { value, done } = search.next();
  expect(done).toBe(false);
  expect(value).toMatchObject({ transitions: 0, depth: 0 });
  const stopped = search.next(reason);
  if (!stopped.done) throw new Error('the search went on');
  expect(stopped.value.limit).toBe(reason);
  expect(stopped.value.counts.states).toBeGreaterThan(1000);
  expect(stopped.value.counts.states).toBeLessThan(2 ** 20);
});

test('it also yields while it looks for the few that are admitted', () => {
  const zero = bits.map(({ id }) => equal(read({ variables: [id] }, 'int'), int(1)));
  const initially = zero.reduce((x, y) => ({ op: 'and', x, y }));
  const search = compiledSearch(compile({ ...program, initially }), []);
  expect(search.next()).toMatchObject({ done: false, value: { states: 0 } });
  let next = search.next();
  while (!next.done) next = search.next();
  expect(next.value.counts.states).toBe(1);
});

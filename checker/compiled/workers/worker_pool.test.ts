// Several workers on one search in JavaScript. In these tests they join at once, however small the Program; every count, every
// finding and every state's number must be the same as with one worker.

import { afterEach, expect, test, vi } from 'vitest';
import type { Program } from '../../ir/program.js';
import type { Property } from '../../property/property.js';
import { EngineError } from '../../search/engine_error.js';
import { checksOf } from '../../search/report.js';
import { randomProgram } from '../../testing/random_program.js';
import { choices, counters, countersHave, graph, nodeIs } from '../../testing/small_programs.js';
import { compile } from '../compile.js';
import { type CompiledOptions, compiledSearch } from '../compiled_search.js';
import { OwnedTable } from '../table/owned_table.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Makes other threads start from a changed text from now on; the main thread keeps its code. */
function damageThreads(before: string, after: string): void {
  const text = String(OwnedTable);
  expect(text).toContain(before);
  vi.spyOn(OwnedTable as { toString(): string }, 'toString').mockReturnValue(text.replace(before, after));
}

function search(program: Program, properties: readonly Property[], options: CompiledOptions) {
  const run = compiledSearch(compile(program), checksOf(program, properties), {
    backend: 'javascript',
    ...options,
  });
  let next = run.next();
  while (!next.done) next = run.next();
  const { counts, findings, undecided, limit, reached } = next.value;
  return { counts, findings, undecided, limit, reached: [...reached()] };
}

function isRefused(program: Program): boolean {
  try {
    search(program, [], { statesMax: 1 });
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    return true;
  }
}

test('two and three workers find the states in the order of a single worker, with its report', () => {
  const program = counters(3, 19);
  const alone = search(program, [], {});
  expect(alone.counts).toMatchObject(countersHave(3, 19));
  for (const workers of [2, 3]) {
    expect(search(program, [], { workers, workersFrom: 0 })).toEqual(alone);
  }
});

test('on random Programs too, at every limit', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const { program, properties } = randomProgram(seed * 97);
    if (isRefused(program)) continue;
    const limits = { statesMax: 10 + seed * 3, ...(seed % 3 === 0 && { depthMax: seed % 5 }) };
    const alone = search(program, properties, limits);
    const workers = seed % 16 === 0 ? 5 : 2 + (seed % 2);
    expect(search(program, properties, { ...limits, workers, workersFrom: seed % 7 })).toEqual(alone);
  }
});

test('workers that join late have the states found before', () => {
  const program = counters(3, 40);
  const alone = search(program, [], { statesMax: 60_000 });
  expect(search(program, [], { statesMax: 60_000, workers: 2, workersFrom: 20_000 })).toEqual(alone);
  expect(alone.counts.states).toBe(60_000);
});

test('workers keep to the memory limit; if it is low, a single worker goes on', () => {
  const within = (mebibytes: number, workers: number) => {
    const options = { memoryMax: mebibytes * 2 ** 20, workers, workersFrom: 100 };
    const { counts, limit } = search(counters(3, 99), [], options);
    return [counts.states, limit?.kind];
  };
  expect(within(2, 2)).toEqual(within(2, 1));
  // How far they come depends on which worker expands which state.
  expect(within(18, 2)[1]).toBe('memory');
});

test('a round with more successors than fit into the outboxes is repeated in smaller rounds', () => {
  const program = choices(2, 500);
  const alone = search(program, [], {});
  const together = search(program, [], { workers: 2, workersFrom: 0 });
  expect(alone.counts).toMatchObject({ states: 1 + 500 + 250_000, transitions: 500 + 250_000, depth: 2 });
  expect(together.counts).toEqual(alone.counts);
  expect(JSON.stringify(together.reached)).toBe(JSON.stringify(alone.reached));
});

test('a deadlock in the same level as other findings is reported as by one worker', () => {
  const program = graph('0 1 3', '0 2 4', '2 5');
  const properties = [nodeIs('never', 4), nodeIs('sometimes', 5)];
  const alone = search(program, properties, {});
  expect(search(program, properties, { workers: 2, workersFrom: 0 })).toEqual(alone);
  expect([...alone.findings].map(([{ name }, { path }]) => [name, path.steps])).toEqual([
    ['no deadlock', [0, 1]],
    ['never 4', [2, 3]],
    ['sometimes 5', [2, 4]],
  ]);
});

test('a worker that fails while it prepares ends the search with its error', () => {
  const recordsMax = 'this.recordsAtOnce = table.recordsMax;';
  damageThreads(recordsMax, `${recordsMax} if (setup.me === 2) throw new Error('no memory');`);
  const together = () => search(counters(3, 9), [], { workers: 3, workersFrom: 0 });
  expect(together).toThrow(/^a worker failed: Error: no memory$/);
});

test('another worker that fails in a round ends the search with its error', () => {
  const enter = 'enter(box, begin, end) {';
  damageThreads(enter, `${enter} if (this.#setup.me === 1) throw new Error('no memory');`);
  const together = () => search(counters(3, 9), [], { workers: 3, workersFrom: 0 });
  expect(together).toThrow(/^a worker failed: Error: no memory$/);
});

test('the main thread that fails in a round ends the search with its error', () => {
  vi.spyOn(OwnedTable.prototype, 'enter').mockImplementation(() => {
    throw new Error('no memory');
  });
  expect(() => search(counters(3, 9), [], { workers: 3, workersFrom: 0 })).toThrow(/^no memory$/);
});

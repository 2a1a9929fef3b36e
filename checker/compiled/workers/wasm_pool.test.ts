// Several threads on one search in WebAssembly. In these tests they join at once, however small the Program; every count,
// every finding and every state's number must be the same as with one thread of JavaScript.

import { afterEach, expect, test, vi } from 'vitest';
import { models } from '../../../models/index.js';
import type { Program } from '../../ir/program.js';
import { lower } from '../../lower/lower.js';
import type { Property } from '../../property/property.js';
import { EngineError } from '../../search/engine_error.js';
import { checksOf } from '../../search/report.js';
import { finish } from '../../search/work.js';
import { randomProgram } from '../../testing/random_program.js';
import { choices, counters, graph, nodeIs } from '../../testing/small_programs.js';
import { compile } from '../compile.js';
import { type CompiledOptions, compiledSearch } from '../compiled_search.js';
import { ChunkMailbox } from './chunk_mailbox.js';
import { wasmThreadCode } from './wasm_thread.js';

afterEach(() => {
  vi.restoreAllMocks();
});

function search(program: Program, properties: readonly Property[], options: CompiledOptions) {
  const work = compiledSearch(compile(program), checksOf(program, properties), options);
  const { counts, findings, undecided, limit, reached } = finish(work);
  return { counts, findings, undecided, limit, reached: [...reached()] };
}

const alone = (program: Program, properties: readonly Property[], options: CompiledOptions = {}) =>
  search(program, properties, { ...options, backend: 'javascript' });

const together = (
  program: Program,
  properties: readonly Property[],
  workers: number,
  options: CompiledOptions = {},
) => search(program, properties, { workersFrom: 0, ...options, workers, backend: 'wasm' });

test.each([2, 3, 7])('%i threads find the states in the order of one, with its report', (workers) => {
  const program = counters(3, 19);
  expect(together(program, [], workers)).toEqual(alone(program, []));
});

test('on random Programs too, at every limit', () => {
  let compared = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const { program, properties } = randomProgram(seed * 97);
    const limits = { statesMax: 10 + seed * 3, ...(seed % 3 === 0 && { depthMax: seed % 5 }) };
    try {
      const found = together(program, properties, 2 + (seed % 2), { ...limits, workersFrom: seed % 7 });
      expect(found).toEqual(alone(program, properties, limits));
      compared++;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
    }
  }
  expect(compared).toBeGreaterThan(30);
});

test.each([
  ['peterson', { NR_PROCESSES: 4 }],
  ['philosophers', { NR_PHILOSOPHERS: 8 }],
  ['thp_truncate', { fix: 'unmap_mapping_page', NR_TRUNCATE: 2 }],
])('%s %j has the same levels and findings with threads that join at 2,000 states', (name, settings) => {
  const { program } = lower(models.get(name)!.model, settings);
  const [two, one] = [search(program, [], { workers: 2, workersFrom: 2_000 }), alone(program, [])];
  expect(two.counts).toEqual(one.counts);
  expect(two.findings).toEqual(one.findings);
  expect(JSON.stringify(two.reached) === JSON.stringify(one.reached)).toBe(true);
});

test('states with more successors than a chunk has records are expanded one by one', () => {
  const program = choices(2, 5_000);
  const limits = { statesMax: 20_000 };
  expect(together(program, [], 2, limits).counts).toEqual(alone(program, [], limits).counts);
});

test('a deadlock in the same level as other findings is reported as by one thread', () => {
  const program = graph('0 1 3', '0 2 4', '2 5');
  const properties = [nodeIs('never', 4), nodeIs('sometimes', 5)];
  expect(together(program, properties, 2)).toEqual(alone(program, properties));
});

test('JavaScript goes on where the memory of the threads is full', () => {
  const program = counters(3, 19);
  expect(together(program, [], 2, { wasmStatesMax: 3_000 })).toEqual(alone(program, []));
});

test('a thread that fails while it expands ends the search with its error', () => {
  const text = String(wasmThreadCode.expandChunk);
  const damaged = text.replace('tally.reset();', "throw new Error('no memory');");
  expect(damaged).not.toBe(text);
  vi.spyOn(wasmThreadCode.expandChunk as { toString(): string }, 'toString').mockReturnValue(damaged);
  // The main thread expands nothing itself, so it waits for the others.
  const claim = vi.spyOn(ChunkMailbox.prototype, 'claim').mockReturnValue(undefined);
  expect(() => together(counters(3, 9), [], 3)).toThrow(/^a thread of the search failed: Error: no memory$/);
  expect(claim).toHaveBeenCalled();
});

test('chunks are claimed in order, none crosses the end of a level, and the next level waits for whole chunks', () => {
  const mailbox = new ChunkMailbox(new Int32Array(new SharedArrayBuffer(4 * ChunkMailbox.length(4))), 4);
  mailbox.set('chunkStates', 10);
  mailbox.set('next', 5);
  mailbox.set('levelEnd', 21);
  for (let slot = 0; slot < 4; slot++) mailbox.free(slot, 33);
  expect([1, 2, 3].map(() => mailbox.claim())).toEqual([
    { slot: 0, from: 5, to: 15 },
    { slot: 1, from: 15, to: 21 },
    { slot: 2, from: 21, to: 31 },
  ]);
  expect(mailbox.claim()).toBeUndefined();
  mailbox.set('levelEnd', 33);
  expect(mailbox.claim()).toEqual({ slot: 3, from: 31, to: 33 });
  mailbox.free(1, 60);
  expect(mailbox.claim()).toBeUndefined();
  mailbox.free(0, 60);
  expect(mailbox.claim()).toEqual({ slot: 0, from: 33, to: 43 });
});

// The mailbox through which the threads of a search communicate, and what a worker writes there in a round: each number
// under its own name.

import { expect, test } from 'vitest';
import type { Program } from '../../ir/program.js';
import { checksOf } from '../../search/report.js';
import { counters } from '../../testing/small_programs.js';
import { compile } from '../compile.js';
import { Findings } from '../search/findings.js';
import { encodeInitialStates } from '../search/initial_states.js';
import type { SearchState } from '../search/search_state.js';
import { ExactTable } from '../table/exact_table.js';
import { States } from '../table/states.js';
import { Mailbox } from './mailbox.js';
import { threadCode } from './thread_code.js';
import { setupOf } from './worker_pool.js';

const numbersFor = (workers: number) => new Int32Array(new SharedArrayBuffer(4 * Mailbox.length(workers)));

test('each field has its own index, the same for every thread', () => {
  const numbers = numbersFor(3);
  const [here, there] = [new Mailbox(numbers, 3), new Mailbox(numbers, 3)];
  Mailbox.fields.forEach((name, i) => {
    here.set(name, 100 + i);
  });
  expect(Mailbox.fields.map((name) => there.get(name))).toEqual(Mailbox.fields.map((_, i) => 100 + i));
  expect(there.add('nextChunk', 5)).toBe(100 + Mailbox.fields.indexOf('nextChunk'));
  expect(here.get('nextChunk')).toBe(105 + Mailbox.fields.indexOf('nextChunk'));
});

test('each result of each worker has its own index, and sums are over workers', () => {
  const mailbox = new Mailbox(numbersFor(3), 3);
  for (const worker of [0, 1, 2]) {
    const figure = (i: number) => 10 ** worker * (i + 1);
    mailbox.report(worker, Object.fromEntries(Mailbox.results.map((name, i) => [name, figure(i)])));
  }
  mailbox.report(1, { cells: 0 });
  expect(Mailbox.results.map((name) => mailbox.sum(name))).toEqual([111, 222, 333, 444, 505, 666]);
});

test('fields and results fit into their cache lines', () => {
  expect(Mailbox.fields.length).toBeLessThanOrEqual(Mailbox.rowLength);
  expect(Mailbox.results.length).toBeLessThanOrEqual(Mailbox.rowLength);
});

test('a thread that waits at a barrier when the search ends throws', () => {
  const mailbox = new Mailbox(numbersFor(2), 2);
  mailbox.end();
  expect(() => mailbox.barrier()).toThrow('a worker failed');
});

/** A search by one worker in this thread, which is the whole pool: its mailbox, and a function that does a round. */
function alone(program: Program) {
  const compiled = compile(program);
  const states = new States(compiled.layout.words);
  const batch = new Int32Array(compiled.batchLength());
  const findings = new Findings(compiled, checksOf(program, []), states, batch);
  const table = new ExactTable(states, batch);
  for (const length of encodeInitialStates(compiled, batch)) table.insert(length, 2 ** 20);
  states.share();
  states.reserve(2 ** 16);
  const search: SearchState = { compiled, states, findings, head: 0, transitions: 0 };
  const setup = setupOf(search, 1);
  const mailbox = new Mailbox(setup.numbers, 1);
  const part = threadCode.makePart(setup, threadCode, (events) => ({
    program: findings.code.lend(events),
    batch,
  }));
  mailbox.set('chunkStates', 128);
  mailbox.set('numberBits', 16);
  const round = (from: number, to: number, firstNew: number) => {
    mailbox.set('from', from);
    mailbox.set('to', to);
    mailbox.set('firstNew', firstNew);
    mailbox.set('nextChunk', 0);
    part.round({});
    return Object.fromEntries(Mailbox.results.map((name) => [name, mailbox.sum(name)]));
  };
  return { mailbox, round, states };
}

test('a worker reports of a round its successors, faults, news, routed records, cells and growth', () => {
  // Two counters up to 99; the first leaves its domain beyond 30, which is a fault and no successor.
  const program = counters(2, 99);
  const [first, second] = program.variables;
  const narrow = { ...first!, domain: { kind: 'int', min: 0, max: 30 } as const };
  const { mailbox, round, states } = alone({ ...program, variables: [narrow, second!] });
  expect(round(0, 1, 1)).toEqual({
    successors: 2,
    faults: 0,
    news: 0,
    routed: 2,
    cells: 1024,
    growthCells: expect.any(Number),
  });
  let [from, count] = [1, 3];
  for (let level = 1; level < 30; level++) {
    const width = level + 1;
    // Of 2 × width successors all but the outermost two are found twice; the cache drops the second one.
    expect(round(from, from + width, count)).toMatchObject({
      successors: 2 * width,
      faults: 0,
      routed: width + 1,
    });
    from += width;
    count += width + 1;
  }
  mailbox.set('faultIsNews', 0);
  expect(round(from, from + 31, count)).toMatchObject({
    successors: 61,
    faults: 1,
    news: 0,
    routed: 31,
    cells: 1024,
  });
  from += 31;
  count += 31;
  mailbox.set('faultIsNews', 1);
  expect(round(from, from + 31, count)).toMatchObject({ successors: 61, faults: 1, news: 1, routed: 31 });
  expect(states.parent(count)).toBe(from);
});

// The memory that one worker accounts for beside the states.

import { expect, test } from 'vitest';
import { counters, countersHave } from '../../testing/small_programs.js';
import { compile } from '../compile.js';
import { CompactTable } from '../table/compact_table.js';
import { hash64 } from '../table/hash64.js';
import { Parents } from '../table/parents.js';
import { queueSegmentBits, States } from '../table/states.js';
import { Findings } from './findings.js';
import { encodeInitialStates } from './initial_states.js';
import type { SearchState } from './search_state.js';
import { SingleWorker } from './single_worker.js';

/** Searches 4,096 states with a table of hashes; returns the worker's bytes at the end. */
async function bytesWith(parents: Parents | undefined): Promise<number> {
  const compiled = compile(counters(2, 63));
  const states = new States(compiled.layout.words, queueSegmentBits);
  const batch = new Int32Array(compiled.batchLength());
  const table = new CompactTable(states, batch, await hash64());
  const findings = new Findings(compiled, [], states, batch);
  for (const length of encodeInitialStates(compiled, batch)) table.insert(length, 2 ** 20);
  const search: SearchState = { compiled, states, findings, head: 0, transitions: 0 };
  const worker = new SingleWorker(search, table, batch, parents);
  while (search.head < states.count) worker.advance(states.count, 2 ** 20);
  expect(states.count).toBe(countersHave(2, 63).states);
  return worker.bytes;
}

test('the parents of freed states count as memory: two bits a state', async () => {
  const parents = new Parents();
  const [withParents, without] = [await bytesWith(parents), await bytesWith(undefined)];
  expect(parents.bytes).toBe(4096);
  expect(withParents - without).toBe(4096);
});

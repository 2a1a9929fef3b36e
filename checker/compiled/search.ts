// Breadth-first search on packed states, with the numbers, counts and findings of the reference engine. States are
// expanded in the order of their numbers, a batch of successors at a time; a batch never crosses a level.
//
//   sweep states 17 … 81 of a level  ->  batch of 512 successors  ->  states 6,402 … 6,519 are new

import type { Program } from '../ir/program.js';
import type { Limits, Progress, SearchResult } from '../search/breadth_first.js';
import type { Check } from '../search/report.js';
import { Bitstate } from './bitstate.js';
import { CompactTable } from './compact_table.js';
import { ExactTable } from './exact_table.js';
import { Findings } from './findings.js';
import type { Hash64 } from './hash64.js';
import { encodeInitialStates } from './initial_states.js';
import { decode, type Layout, layoutOf, type PlainState } from './layout.js';
import { branchingMax } from './program_code.js';
import type { SeenTable } from './seen.js';
import { States, segmentStates, statesMax as statesMaxEver } from './states.js';

/** Successors in a batch: enough to overlap the waiting for memory, few enough to stay in the first cache. */
const batchRecords = 512;
const sweepsPerProgress = 64;
/** With fewer states, preparing for a long search would take longer than the search. */
const statesOfSmallSearch = 4_000;

/** How seen states are remembered. */
export type Storage =
  | { readonly kind: 'exact' }
  | { readonly kind: 'hash64'; readonly hash: Hash64 }
  | { readonly kind: 'bitstate'; readonly hash: Hash64; readonly bytes: number };

export interface CompiledOptions extends Limits {
  readonly storage?: Storage;
  /** Stop before the search takes more bytes than this for states, table and queue. */
  readonly memoryMax?: number;
}

export interface CompiledResult extends SearchResult {
  /** All states found, in the order of their numbers. Only with exact storage. */
  reached(): Iterable<PlainState>;
}

/** Searches. Yields before every few batches, and stops if it is sent a reason to. */
export function* compiledSearch(
  program: Program,
  checks: readonly Check[],
  options: CompiledOptions = {},
): Generator<Progress, CompiledResult, string | undefined> {
  const {
    storage = { kind: 'exact' },
    statesMax = Number.POSITIVE_INFINITY,
    depthMax = Number.POSITIVE_INFINITY,
  } = options;
  const { memoryMax = Number.POSITIVE_INFINITY } = options;
  const layout = layoutOf(program);
  const { states, batch, findings, table, branching } = start(program, checks, layout, storage);
  const countMax = Math.min(statesMax, statesMaxEver);
  const levels = [states.count];
  let [head, levelEnd, transitions] = [0, states.count, 0];
  let warm = false;
  /** What stops the search, and what it only leaves out. */
  let limit: string | undefined;
  let cut: string | undefined;
  const bytes = () => batch.byteLength + states.bytes + table.bytes;
  const counts = () => ({ states: states.count, transitions, depth: levels.length - 1, levels });
  for (let sweeps = 1; head < states.count; sweeps++) {
    if (head === levelEnd) {
      levels.push(states.count - levelEnd);
      levelEnd = states.count;
    }
    if (bytes() + states.growthBytes + table.growthBytes > memoryMax) limit = memoryText(memoryMax);
    else if (sweeps % sweepsPerProgress === 0) {
      limit = yield { ...counts(), queue: states.count - head, bytes: bytes() };
    }
    if (limit !== undefined) break;
    if (!warm && states.count > statesOfSmallSearch) {
      findings.warmUp();
      warm = true;
    }
    const end = Math.min(levelEnd, segmentEnd(head));
    if (levels.length > depthMax) {
      cut = `depth ${depthMax}`;
      findings.inspect(head, end);
      head = end;
      continue;
    }
    // Close to the limit, one state at a time: then the search stops exactly where it is reached.
    const near = states.count + batchRecords + branching > countMax;
    head = findings.sweep(head, near ? head + 1 : end);
    transitions += findings.batchLength / states.stride + findings.faults;
    if (table.insert(findings.batchLength, countMax) < findings.batchLength) {
      limit = `${countMax} states`;
      break;
    }
    if (storage.kind !== 'exact') states.forget(head);
  }
  if (limit !== undefined && states.count > levelEnd) levels.push(states.count - levelEnd);
  const last = Math.max(-1, ...[...findings.places.values()].map(({ number }) => number));
  const kept = storage.kind === 'exact' || last < 0 ? states : retrace(program, layout, storage, last);
  return {
    counts: counts(),
    findings: findings.settle(kept),
    undecided: findings.undecided,
    limit: limit ?? cut,
    ...doubts(table),
    *reached() {
      for (let i = 0; i < states.count; i++) yield decode(layout, states.segment(i), states.offset(i));
    },
  };
}

/** What a search consists of, with the initial states found. */
function start(program: Program, checks: readonly Check[], layout: Layout, storage: Storage) {
  const states = new States(layout.words);
  const branching = branchingMax(program);
  const batch = new Int32Array((batchRecords + branching) * states.stride);
  const findings = new Findings(program, checks, layout, states, batch);
  const table = tableFor(storage, states, batch);
  for (const length of encodeInitialStates(program, layout, batch)) table.insert(length, statesMaxEver);
  return { states, branching, batch, findings, table };
}

function tableFor(storage: Storage, states: States, batch: Int32Array): SeenTable {
  switch (storage.kind) {
    case 'exact':
      return new ExactTable(states, batch);
    case 'hash64':
      return new CompactTable(states, batch, storage.hash);
    case 'bitstate':
      return new Bitstate(states, batch, storage.hash, storage.bytes);
  }
}

/** A search that forgets states finds the way to one by searching again, up to that one, and keeping all. */
function retrace(program: Program, layout: Layout, storage: Storage, last: number): States {
  const { states, findings, table } = start(program, [], layout, storage);
  for (let head = 0; states.count <= last; ) {
    head = findings.sweep(head, Math.min(states.count, segmentEnd(head)));
    table.insert(findings.batchLength, statesMaxEver);
  }
  return states;
}

const segmentEnd = (number: number): number => (Math.floor(number / segmentStates) + 1) * segmentStates;

function doubts(table: SeenTable): Pick<SearchResult, 'missProbability' | 'coverage'> {
  const missProbability = table.missProbability();
  if (missProbability === undefined) return {};
  return table instanceof Bitstate ? { missProbability, coverage: table.coverage() } : { missProbability };
}

function memoryText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let [amount, unit] = [bytes, 0];
  for (; amount >= 1024 && unit < units.length - 1; unit++) amount /= 1024;
  return `${Math.round(amount * 100) / 100} ${units[unit]} of memory`;
}

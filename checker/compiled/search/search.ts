// Breadth-first search on packed states, with the numbers, counts and findings of the reference engine. States are
// expanded in the order of their numbers, a batch of successors at a time; a batch never crosses a level.
//
//   sweep states 17 … 81 of a level  ->  batch of 512 successors  ->  states 6,402 … 6,519 are new

import type { Program } from '../../ir/program.js';
import type { Limits, Progress, SearchResult } from '../../search/breadth_first.js';
import { depthReached, type LimitReached, memoryReached, statesReached } from '../../search/limit.js';
import type { Check } from '../../search/report.js';
import { branchingMax } from '../emit/program_code.js';
import { decode, type Layout, layoutOf, type PlainState } from '../layout.js';
import { Bitstate } from '../table/bitstate.js';
import { CompactTable } from '../table/compact_table.js';
import { ExactTable } from '../table/exact_table.js';
import type { Hash64 } from '../table/hash64.js';
import { KeptStates, Parents } from '../table/parents.js';
import { type Recent, recentBytes, recentStates } from '../table/recent_cache.js';
import type { SeenTable } from '../table/seen_table.js';
import { queueSegmentBits, States, segmentBits, statesMax as statesMaxEver } from '../table/states.js';
import { tableStatesMax } from '../table/table_text.js';
import { Recruits } from '../workers/worker_pool.js';
import { Findings } from './findings.js';
import { encodeInitialStates } from './initial_states.js';
import { findingsAt, type Place, type Ways } from './paths.js';
import type { Run, Stepper, Underway } from './run.js';

/** Successors in a batch: enough to overlap the waiting for memory, few enough to stay in the first cache. */
const batchRecords = 512;
/** With fewer states, preparing for a long search would take longer than the search. */
const statesOfSmallSearch = 30_000;
/** With fewer states, starting workers would take longer than they save. */
const statesOfLoneSearch = 100_000;

/** How seen states are remembered. */
export type Storage =
  | { readonly kind: 'exact' }
  | { readonly kind: 'hash64'; readonly hash: Hash64 }
  | { readonly kind: 'bitstate'; readonly hash: Hash64; readonly bytes: number };

export interface CompiledOptions extends Limits {
  readonly storage?: Storage;
  /** Stop before the search takes more bytes than this for states, table and queue. */
  readonly memoryMax?: number;
  /** How many threads search together; only with exact storage. */
  readonly workers?: number;
  /** One thread searches alone until there are so many states. */
  readonly workersFrom?: number;
}

export interface CompiledResult extends SearchResult {
  /** All states found, in the order of their numbers. Only with exact storage. */
  reached(): Iterable<PlainState>;
}

/** What is left of a walk through all states; all else that it took can be let go. */
interface Walked extends Omit<SearchResult, 'findings'> {
  readonly places: ReadonlyMap<Check, Place>;
  /** The reason that was sent, if one was. */
  readonly stopped: LimitReached | undefined;
  /** All states, if they were kept; else where they came from. */
  readonly states: States | undefined;
  readonly parents: Parents;
}

/** Searches. Yields before every few batches, and stops if it is sent a reason to. */
export function* compiledSearch(
  program: Program,
  checks: readonly Check[],
  options: CompiledOptions = {},
): Generator<Progress, CompiledResult, LimitReached | undefined> {
  const layout = layoutOf(program);
  const { places, stopped, states, parents, ...result } = yield* walk(program, checks, layout, options);
  const wanted = parents.ways(numbersOf(places));
  const ways = states ?? (yield* searchAgain(program, layout, options, wanted, stopped));
  const found = 'kind' in ways ? new Map() : findingsAt(places, program, layout, ways);
  return {
    ...result,
    findings: found,
    ...('kind' in ways && { limit: ways, pathless: [...places.keys()] }),
    *reached() {
      if (states === undefined) throw new Error('the states were not kept');
      for (let i = 0; i < states.count; i++) yield decode(layout, states.segment(i), states.offset(i));
    },
  };
}

const numbersOf = (places: ReadonlyMap<Check, Place>): readonly number[] =>
  [...places.values()].map(({ number }) => number);

/** Walks through all states, and remembers where something was found. */
function* walk(
  program: Program,
  checks: readonly Check[],
  layout: Layout,
  options: CompiledOptions,
): Generator<Progress, Walked, LimitReached | undefined> {
  const { storage = { kind: 'exact' }, workers = 1, workersFrom = statesOfLoneSearch } = options;
  const [statesMax, depthMax, memoryMax] = [options.statesMax, options.depthMax, options.memoryMax].map(
    (limit) => limit ?? Number.POSITIVE_INFINITY,
  ) as [number, number, number];
  const parents = new Parents();
  const search = start(program, checks, layout, storage, parents);
  const { run } = search;
  const { states, findings } = run;
  const countMax = Math.min(statesMax, storage.kind === 'exact' ? tableStatesMax : statesMaxEver);
  const levels = [states.count];
  const recruits = new Recruits(run, workers, workersFrom);
  let levelEnd = states.count;
  /** What stops the search, and what it only leaves out. */
  let limit: LimitReached | undefined;
  let cut: LimitReached | undefined;
  let stopped: LimitReached | undefined;
  const bytes = () => states.bytes + search.stepper.bytes;
  const counts = () => {
    return { states: states.count, transitions: run.transitions, depth: levels.length - 1, levels };
  };
  try {
    for (let sweeps = 1; run.head < states.count && limit === undefined; sweeps++) {
      if (run.head === levelEnd) {
        levels.push(states.count - levelEnd);
        levelEnd = states.count;
        findings.endLevel();
      }
      const bytesLeft = memoryMax - bytes() - states.growthBytes - search.stepper.growthBytes;
      if (bytesLeft < 0) limit = memoryReached(memoryMax);
      else if (sweeps % search.stepper.sweepsPerProgress === 0) {
        stopped = yield { ...counts(), queue: states.count - run.head, bytes: bytes() };
        limit = stopped;
      }
      if (limit !== undefined) break;
      if (levels.length > depthMax) {
        cut = depthReached(depthMax);
        inspect(run, levelEnd);
        continue;
      }
      if (states.count > statesOfSmallSearch) findings.warmUp();
      recruits.attend(search, bytesLeft);
      if (!search.stepper.advance(levelEnd, countMax)) limit = statesReached(countMax);
    }
  } finally {
    recruits.close();
  }
  if (limit !== undefined && states.count > levelEnd) levels.push(states.count - levelEnd);
  return {
    counts: counts(),
    places: findings.places,
    undecided: findings.undecided,
    limit: limit ?? cut,
    stopped,
    ...doubts(search.table),
    states: storage.kind === 'exact' ? states : undefined,
    parents,
  };
}

/** Checks the conditions in states up to `levelEnd`, and does not expand them. */
function inspect(run: Run, levelEnd: number): void {
  const end = Math.min(levelEnd, run.states.segmentEnd(run.head));
  run.findings.inspect(run.head, end);
  run.head = end;
}

/**
 * A search that lets go of its states finds the ways to some by searching again, up to the last of them. It keeps only
 * those, so it takes no more memory than before. Returns the reason if it is stopped; the one that stopped the first
 * search does not stop this one too.
 */
function* searchAgain(
  program: Program,
  layout: Layout,
  { storage = { kind: 'exact' }, memoryMax = Number.POSITIVE_INFINITY }: CompiledOptions,
  wanted: readonly number[],
  stopped: LimitReached | undefined,
): Generator<Progress, Ways | LimitReached, LimitReached | undefined> {
  const kept = new KeptStates(layout.words);
  if (wanted.length === 0) return kept;
  const { run, stepper } = start(program, [], layout, storage);
  const { states } = run;
  const last = wanted.at(-1)!;
  const said = ({ kind, text }: LimitReached): LimitReached => {
    return { kind, text: `${text}, while the way to what was found was searched again` };
  };
  let next = 0;
  for (let sweeps = 1; ; sweeps++) {
    for (; next < wanted.length && wanted[next]! < states.count; next++) kept.keep(states, wanted[next]!);
    if (next === wanted.length) return kept;
    const bytes = states.bytes + stepper.bytes;
    if (bytes + states.growthBytes + stepper.growthBytes > memoryMax) return said(memoryReached(memoryMax));
    if (sweeps % stepper.sweepsPerProgress === 0) {
      const counts = { states: states.count, transitions: run.transitions, depth: 0, levels: [] };
      const queue = states.count - run.head;
      const reason = yield { ...counts, queue, bytes, again: states.count / (last + 1) };
      if (reason !== undefined && reason.text !== stopped?.text) return said(reason);
    }
    stepper.advance(states.count, statesMaxEver);
  }
}

/** Begins a search: the initial states are found. */
function start(
  program: Program,
  checks: readonly Check[],
  layout: Layout,
  storage: Storage,
  parents?: Parents,
): Underway {
  const states = new States(layout.words, storage.kind === 'exact' ? segmentBits : queueSegmentBits);
  const batch = new Int32Array((batchRecords + branchingMax(program)) * states.stride);
  const findings = new Findings(program, checks, layout, states, batch);
  const table = tableFor(storage, states, batch);
  for (const length of encodeInitialStates(program, layout, batch)) table.insert(length, statesMaxEver);
  const run: Run = { program, layout, states, findings, head: 0, transitions: 0 };
  return { run, table, stepper: new Alone(run, table, batch, storage.kind === 'exact' ? 'all' : parents) };
}

/** One thread, a batch at a time. */
class Alone implements Stepper {
  readonly sweepsPerProgress = 64;
  readonly #run: Run;
  readonly #table: SeenTable;
  readonly #batch: Int32Array;
  readonly #recent: Recent;
  /** What is kept of states that are expanded: all, or their parents if that. */
  readonly #kept: 'all' | Parents | undefined;

  constructor(run: Run, table: SeenTable, batch: Int32Array, kept: 'all' | Parents | undefined) {
    this.#run = run;
    this.#table = table;
    this.#batch = batch;
    this.#recent = recentStates(run.states.words);
    this.#kept = kept;
    this.#forget(0);
  }

  get bytes(): number {
    const parents = this.#kept instanceof Parents ? this.#kept.bytes : 0;
    return this.#batch.byteLength + recentBytes(this.#run.states.stride) + this.#table.bytes + parents;
  }

  get growthBytes(): number {
    return this.#table.growthBytes;
  }

  advance(end: number, countMax: number): boolean {
    const run = this.#run;
    const { states, findings } = run;
    // Close to the limit, one state at a time: then the search stops exactly where it is reached.
    const near = states.count + this.#batch.length / states.stride > countMax;
    run.head = findings.sweep(run.head, near ? run.head + 1 : Math.min(end, states.segmentEnd(run.head)));
    run.transitions += findings.batchLength / states.stride + findings.faults;
    const from = states.count;
    const length = this.#recent.sift(this.#batch, findings.batchLength);
    const isFull = this.#table.insert(length, countMax) < length;
    this.#forget(from);
    return !isFull;
  }

  /** Lets go of what was expanded; the states from `from` on are new. */
  #forget(from: number): void {
    const { states, head } = this.#run;
    if (this.#kept === 'all') return;
    if (this.#kept !== undefined) {
      for (let i = from; i < states.count; i++) this.#kept.add(states.parent(i));
    }
    states.forget(head);
  }
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

function doubts(table: SeenTable | undefined): Pick<SearchResult, 'missProbability' | 'coverage'> {
  const missProbability = table?.missProbability();
  if (missProbability === undefined) return {};
  return table instanceof Bitstate ? { missProbability, coverage: table.coverage() } : { missProbability };
}

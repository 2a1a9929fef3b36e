// Breadth-first search on packed states, with the numbers, counts and findings of the reference engine. States are
// expanded in the order of their numbers, a batch of successors at a time; a batch never crosses a level.
//
//   sweep states 17 … 81 of a level  ->  batch of 512 successors  ->  states 6,402 … 6,519 are new

import type { Limits, Progress, SearchResult } from '../search/breadth_first.js';
import { depthReached, type LimitReached, memoryReached, statesReached } from '../search/limit.js';
import type { Check } from '../search/report.js';
import type { Snapshot } from '../search/snapshot.js';
import type { CompiledProgram } from './compile.js';
import { LateWasm, type WasmOptions } from './late_wasm.js';
import { decode, type PlainState } from './plan/layout.js';
import { Findings } from './search/findings.js';
import { encodeInitialStates } from './search/initial_states.js';
import { orbitFindingsAt } from './search/orbit_paths.js';
import { type FoundAt, findingsAt } from './search/paths.js';
import type { ActiveSearch, SearchState } from './search/search_state.js';
import { SingleWorker } from './search/single_worker.js';
import { enterFindings, enterRecords, markOf, type SnapshotMark, snapshotOf } from './search/snapshots.js';
import { storedStates } from './search/stored_states.js';
import { Bitstate } from './table/bitstate.js';
import { CompactTable } from './table/compact_table.js';
import { ExactTable, tableStatesMax } from './table/exact_table.js';
import type { Hash64 } from './table/hash64.js';
import { KeptStates, Parents, type PathStates } from './table/parents.js';
import type { SeenTable } from './table/seen_table.js';
import { queueSegmentBits, States, segmentBits, statesMax as statesMaxEver } from './table/states.js';

/** How the set of seen states is stored. */
export type Storage =
  | { readonly kind: 'exact' }
  | { readonly kind: 'hash64'; readonly hash: Hash64 }
  | { readonly kind: 'bitstate'; readonly hash: Hash64; readonly bytes: number };

export interface CompiledOptions extends Limits, WasmOptions {
  readonly storage?: Storage;
  /** Stop before the search takes more bytes than this for states, table and queue. */
  readonly memoryMax?: number;
  /** How many threads search together; only with exact storage. */
  readonly workers?: number;
  /** A single thread searches until there are so many states. */
  readonly workersFrom?: number;
  /** Go on from here; only with exact storage. */
  readonly resume?: Snapshot;
  /** Stop once something was found for all of these checks; without it, when all states were explored. */
  readonly until?: readonly Check[];
}

export interface CompiledResult extends SearchResult {
  /** All states found, in the order of their numbers. Only with exact storage. */
  reached(): Iterable<PlainState>;
}

/** The result of a search through all states; everything else that it used can be freed. */
export interface Walked extends Omit<SearchResult, 'findings'> {
  readonly places: ReadonlyMap<Check, FoundAt>;
  /** The reason that was sent, if one was. */
  readonly stopped: LimitReached | undefined;
  /** All states, if they were kept; otherwise their parents. */
  readonly states: States | undefined;
  readonly parents: Parents;
}

/** Searches. Yields before every few batches, and stops if the caller sends a reason. */
export function* compiledSearch(
  compiled: CompiledProgram,
  checks: readonly Check[],
  options: CompiledOptions = {},
): Generator<Progress, CompiledResult, LimitReached | undefined> {
  const { layout } = compiled;
  const { places, stopped, states, parents, ...result } = yield* walk(compiled, checks, options);
  const wanted = parents.ways(numbersOf(places));
  const ways = states ?? (yield* searchAgain(compiled, options, wanted, stopped));
  const pathsTo = compiled.orbits === undefined ? findingsAt : orbitFindingsAt;
  const found = 'kind' in ways ? new Map() : pathsTo(places, compiled, ways);
  return {
    ...result,
    findings: found,
    ...(states !== undefined && compiled.orbits === undefined && { stored: storedStates(layout, states) }),
    ...(states !== undefined && cutsAmong(states, compiled)),
    ...('kind' in ways && { limit: ways, pathless: [...places.keys()] }),
    *reached() {
      if (states === undefined) throw new Error('the states were not kept');
      for (let i = 0; i < states.count; i++) yield decode(layout, states.segment(i), states.offset(i));
    },
  };
}

/** How many states the Program's `within` cuts; not where a reduction leaves states out. */
function cutsAmong(states: States, compiled: CompiledProgram): Pick<SearchResult, 'cuts'> {
  const { within } = compiled.program;
  if (within === undefined || compiled.isReduced) return {};
  const isWithin = compiled.truth(compiled.condition(within));
  let cuts = 0;
  for (let i = 0; i < states.count; i++) {
    if (isWithin(states.segment(i), states.offset(i)) === false) cuts++;
  }
  return { cuts };
}

const numbersOf = (places: ReadonlyMap<Check, FoundAt>): readonly number[] =>
  [...places.values()].map(({ number }) => number);

/** Searches all states, and records where something was found. */
export function* walk(
  compiled: CompiledProgram,
  checks: readonly Check[],
  options: CompiledOptions,
): Generator<Progress, Walked, LimitReached | undefined> {
  const { storage = { kind: 'exact' }, resume } = options;
  const isKept = storage.kind === 'exact';
  const { statesMax = Infinity, depthMax = Infinity, memoryMax = Infinity } = options;
  const parents = new Parents();
  const begun = yield* start(compiled, checks, { storage, memoryMax, resume }, parents);
  const { active } = begun;
  const { search } = active;
  const { states, findings } = search;
  const countMax = Math.min(statesMax, isKept ? tableStatesMax : statesMaxEver);
  const levels = resume === undefined ? [states.count] : [...resume.levels];
  const late = new LateWasm(active, options);
  let levelEnd = resume?.levelEnd ?? states.count;
  /** The reason that stops the search, and the reason that only leaves states out. */
  let { limit, stopped } = begun;
  let cut: LimitReached | undefined = resume?.isCut ? depthReached(depthMax) : undefined;
  const bytes = () => states.bytes + active.expander.bytes;
  const isDone = () => options.until?.every((check) => findings.places.has(check)) ?? false;
  const counts = () => countsOf(search, levels);
  /** Before the last sweep, which a limit of states ends in the middle. */
  let mark: SnapshotMark | undefined;
  const snapshot = isKept ? () => snapshotOf(search, checks, mark!) : undefined;
  const progress = () => ({ ...counts(), ...sizesOf(search, bytes(), snapshot), found: findings.places });
  try {
    for (let sweeps = 1; search.head < states.count && limit === undefined && !isDone(); sweeps++) {
      if (search.head === levelEnd) {
        levels.push(states.count - levelEnd);
        levelEnd = states.count;
      }
      mark = markOf(search, { levels, levelEnd, isCut: cut !== undefined });
      const bytesLeft = memoryMax - bytes() - states.growthBytes - active.expander.growthBytes;
      if (bytesLeft < 0) limit = memoryReached(memoryMax);
      else if (sweeps % active.expander.sweepsPerProgress === 0) {
        stopped = yield progress();
        limit = stopped;
      }
      if (limit !== undefined) break;
      if (levels.length > depthMax) {
        cut = depthReached(depthMax);
        inspect(search, levelEnd);
        continue;
      }
      late.changeWhenDue(bytesLeft);
      if (!active.expander.advance(levelEnd, countMax)) limit = statesReached(countMax);
    }
    if (limit !== undefined && stopped === undefined && mark !== undefined)
      yield { ...progress(), reached: limit };
  } finally {
    late.close();
  }
  if (limit !== undefined && states.count > levelEnd) levels.push(states.count - levelEnd);
  return {
    counts: counts(),
    ...{ places: findings.places, undecided: findings.undecided },
    ...{ limit: limit ?? cut, stopped },
    ...doubts(active.table),
    states: isKept ? states : undefined,
    parents,
  };
}

const countsOf = ({ states, transitions }: SearchState, levels: readonly number[]) => ({
  ...{ states: states.count, transitions, depth: levels.length - 1, levels },
});

/** What a report of progress has beside the counts. */
const sizesOf = ({ states, head }: SearchState, bytes: number, snapshot: (() => Snapshot) | undefined) => ({
  ...{ queue: states.count - head, bytes },
  ...(snapshot && { snapshot }),
});

/** Checks the conditions in states up to `levelEnd`, and does not expand them. */
function inspect(search: SearchState, levelEnd: number): void {
  const end = Math.min(levelEnd, search.states.segmentEnd(search.head));
  search.findings.code.inspect(search.head, end);
  search.head = end;
}

/**
 * A search that frees its states finds traces by a second search, up to the last state of a finding. The second search
 * keeps only the states of those traces, so it takes no more memory than the first. Returns the reason if it is
 * stopped; the reason that stopped the first search does not apply to it.
 */
function* searchAgain(
  compiled: CompiledProgram,
  { storage = { kind: 'exact' }, memoryMax = Number.POSITIVE_INFINITY }: CompiledOptions,
  wanted: readonly number[],
  stopped: LimitReached | undefined,
): Generator<Progress, PathStates | LimitReached, LimitReached | undefined> {
  const kept = new KeptStates(compiled.layout.words);
  if (wanted.length === 0) return kept;
  const said = ({ kind, text }: LimitReached): LimitReached => {
    return { kind, text: `${text}, while the trace of a finding was searched again` };
  };
  const begun = yield* start(compiled, [], { storage, memoryMax, ignored: stopped });
  if (begun.limit !== undefined) return said(begun.limit);
  const { search, expander } = begun.active;
  const { states } = search;
  const last = wanted.at(-1)!;
  let next = 0;
  for (let sweeps = 1; ; sweeps++) {
    for (; next < wanted.length && wanted[next]! < states.count; next++) kept.keep(states, wanted[next]!);
    if (next === wanted.length) return kept;
    const bytes = states.bytes + expander.bytes;
    if (bytes + states.growthBytes + expander.growthBytes > memoryMax) return said(memoryReached(memoryMax));
    if (sweeps % expander.sweepsPerProgress === 0) {
      const counts = { states: states.count, transitions: search.transitions, depth: 0, levels: [] };
      const queue = states.count - search.head;
      const reason = yield { ...counts, queue, bytes, again: states.count / (last + 1) };
      if (reason !== undefined && reason.text !== stopped?.text) return said(reason);
    }
    expander.advance(states.count, statesMaxEver);
  }
}

/** A search that has its initial states, or as many as it found before a limit. */
interface Begun {
  readonly active: ActiveSearch;
  readonly limit: LimitReached | undefined;
  /** The reason that was sent, if one was. */
  readonly stopped: LimitReached | undefined;
}

interface StartOptions {
  readonly storage: Storage;
  readonly memoryMax: number;
  /** The reason to stop, unless it does not apply here. */
  readonly ignored?: LimitReached | undefined;
  readonly resume?: Snapshot | undefined;
}

/** The number of batches of initial states between two reports of progress. */
const batchesPerProgress = 64;

/** Starts a search: finds the initial states, of which there may be millions, or goes on. Yields now and then. */
function* start(
  compiled: CompiledProgram,
  checks: readonly Check[],
  { storage, memoryMax, ignored, resume }: StartOptions,
  parents?: Parents,
): Generator<Progress, Begun, LimitReached | undefined> {
  const states = new States(compiled.layout.words, storage.kind === 'exact' ? segmentBits : queueSegmentBits);
  const batch = new Int32Array(compiled.batchLength());
  const findings = new Findings(compiled, checks, states, batch);
  const table = tableFor(storage, states, batch);
  let [limit, stopped]: [LimitReached?, LimitReached?] = [];
  let batches = 0;
  if (resume !== undefined) {
    stopped = yield* enterRecords(resume, states, table, batch);
    limit = stopped;
    enterFindings(resume, findings, checks);
  }
  for (const length of resume === undefined ? encodeInitialStates(compiled, batch) : []) {
    table.insert(length, statesMaxEver);
    if (++batches % batchesPerProgress !== 0) continue;
    const { count: queue } = states;
    const bytes = states.bytes + table.bytes;
    const reason = yield { states: queue, transitions: 0, depth: 0, levels: [queue], queue, bytes };
    stopped = reason?.text === ignored?.text ? undefined : reason;
    limit = stopped ?? (bytes > memoryMax ? memoryReached(memoryMax) : undefined);
    if (limit !== undefined) break;
  }
  const { head, transitions } = resume ?? { head: 0, transitions: 0 };
  const search: SearchState = { compiled, states, findings, head, transitions };
  const expander = new SingleWorker(search, table, batch, storage.kind === 'exact' ? 'all' : parents);
  return { active: { search, table, expander }, limit, stopped };
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

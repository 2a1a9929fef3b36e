// Selects the search for a request. What an engine, a search or a storage cannot do exactly is refused here, by name,
// before anything is explored; there is no fallback.

import { type CompiledProgram, compile } from './compiled/compile.js';
import { compiledSearch, type Storage } from './compiled/compiled_search.js';
import { type Backend, workersMax } from './compiled/late_wasm.js';
import { reducedSearch } from './compiled/reduced_search.js';
import { compiledSystem } from './compiled/search/system.js';
import { bitstateBytes } from './compiled/table/bitstate.js';
import { hash64 } from './compiled/table/hash64.js';
import type { Growth, StateGraph } from './graph/state_graph.js';
import type { Program } from './ir/program.js';
import { referenceSystem } from './reference/system.js';
import { breadthFirst, type Limits, type Progress, type SearchResult } from './search/breadth_first.js';
import { depthFirst, iterativeDeepening } from './search/depth_first.js';
import { EngineError } from './search/engine_error.js';
import type { EngineName, ReductionChoice, SearchName, StorageName } from './search/evidence.js';
import type { LimitReached } from './search/limit.js';
import type { Check } from './search/report.js';
import type { Snapshot } from './search/snapshot.js';
import type { Work } from './search/work.js';

export interface SearchOptions extends Limits {
  /** The reference engine, which defines the meaning of a Program, or the compiled one. Default: compiled. */
  readonly engine?: EngineName;
  /** Default: bfs. */
  readonly search?: SearchName;
  /** How seen states are stored. Default: exact. */
  readonly storage?: StorageName;
  /**
   * How many threads of WebAssembly search together once there are many states; results do not depend on it. Default: 1.
   */
  readonly workers?: number;
  /** A single thread searches until there are so many states. Default: as many as it takes to start the others. */
  readonly workersFrom?: number;
  /** Which code expands states; results do not depend on it. Default: WebAssembly once a search has grown, where it can. */
  readonly backend?: Backend;
  /**
   * Leave out states without changing verdicts and lengths of traces; counts are those of the reduced graph. `auto`:
   * by those reductions that leave states out here.
   */
  readonly reduce?: ReductionChoice;
  /** Stop before states, table and queue take more bytes than this; with bitstate, half of it is the table. */
  readonly memoryMax?: number;
  /** Must reports of progress have snapshots? */
  readonly snapshots?: boolean;
  /** Go on from a snapshot of the same search. */
  readonly resume?: Snapshot;
}

/** A search in progress: yields its progress, stops if it is sent a reason. */
export type Search = Generator<Progress, SearchResult, LimitReached | undefined>;

/** A Program prepared for the selected engine; the preparation is done once. */
export interface Engine {
  /** Starts a search. */
  search(checks: readonly Check[]): Promise<Search>;
  /** Builds the graph of all states, for checks of whole runs. Yields its size now and then. */
  graph(): Promise<Work<StateGraph, Growth>>;
}

/**
 * Selects an engine. Throws an EngineError for what cannot be done exactly. The code for graphs is loaded when one is
 * built.
 */
export function chooseEngine(program: Program, options: SearchOptions): Engine {
  refuse(options);
  if (options.snapshots || options.resume !== undefined) refuseSnapshots(options);
  return options.engine === 'reference'
    ? referenceEngine(program, options)
    : compiledEngine(compile(program), options);
}

function referenceEngine(program: Program, options: SearchOptions): Engine {
  const system = referenceSystem(program);
  return {
    search: async (checks) => searchOf(options.search)(system, program, checks, options),
    graph: async () => (await import('./reference/reference_graph.js')).referenceGraph(program),
  };
}

function compiledEngine(compiled: CompiledProgram, options: SearchOptions): Engine {
  const { search = 'bfs', storage = 'exact', workers = 1, memoryMax } = options;
  return {
    async search(checks) {
      if (search !== 'bfs') {
        return searchOf(search)(compiledSystem(compiled), compiled.program, checks, options);
      }
      const { statesMax, depthMax, workersFrom, reduce, backend, resume } = options;
      const limited = {
        ...(statesMax !== undefined && { statesMax }),
        ...(depthMax !== undefined && { depthMax }),
        ...(memoryMax !== undefined && { memoryMax }),
        ...(workersFrom !== undefined && { workersFrom }),
        ...(backend !== undefined && { backend }),
        ...(resume !== undefined && { resume }),
        workers,
        storage: await storageOf(storage, memoryMax),
      };
      return reduce === undefined
        ? compiledSearch(compiled, checks, limited)
        : reducedSearch(compiled, checks, reduce, limited);
    },
    graph: async () => (await import('./compiled/search/compiled_graph.js')).compiledGraph(compiled),
  };
}

/** A search that goes state by state. */
function searchOf(search: SearchOptions['search'] = 'bfs') {
  return search === 'bfs' ? breadthFirst : search === 'dfs' ? depthFirst : iterativeDeepening;
}

/** A search goes on from the states that it has kept: only breadth-first search on packed states keeps them so. */
function refuseSnapshots({
  engine = 'compiled',
  search = 'bfs',
  storage = 'exact',
  reduce,
  statesMax,
  resume,
}: SearchOptions): void {
  const [who] = [
    ...(engine === 'reference' ? ['the reference engine'] : []),
    ...(search === 'bfs' ? [] : [`${search} search`]),
    ...(storage === 'exact' ? [] : [`${storage} storage`]),
    ...(reduce === undefined ? [] : [`the reduction '${reduce}'`]),
  ];
  if (who !== undefined) {
    throw new EngineError(
      `${who} has no checkpoints; breadth-first search by the compiled engine has them, with exact storage and without a reduction`,
    );
  }
  if (resume !== undefined && statesMax !== undefined && statesMax < resume.states) {
    throw new EngineError(
      `the search goes on from ${resume.states} states, more than its limit of ${statesMax}`,
    );
  }
}

function refuse({
  engine = 'compiled',
  search = 'bfs',
  storage = 'exact',
  workers = 1,
  memoryMax,
  reduce,
  depthMax,
  backend,
}: SearchOptions): void {
  const asked = search === 'bfs' ? '' : `${search} search`;
  for (const who of [engine === 'reference' ? 'the reference engine' : '', asked]) {
    if (who === '') continue;
    if (storage !== 'exact') throw new EngineError(`${who} has no ${storage} storage`);
    if (memoryMax !== undefined) throw new EngineError(`${who} does not count its memory`);
    if (workers > 1) throw new EngineError(`${who} has one worker`);
    if (reduce !== undefined) throw new EngineError(`${who} has no reduction '${reduce}'`);
  }
  if (reduce === 'movers' && depthMax !== undefined) {
    throw new EngineError(
      `with the reduction '${reduce}' a depth does not count every step: a limit on depth is not supported`,
    );
  }
  if (reduce === 'stubborn' && depthMax !== undefined) {
    throw new EngineError(
      `with the reduction '${reduce}' a state need not be found by a shortest path: a limit on depth is not supported`,
    );
  }
  if (backend === 'wasm') {
    const other =
      engine === 'reference' ? 'the reference engine' : search !== 'bfs' ? `${search} search` : undefined;
    const what = other ?? (storage === 'exact' ? undefined : `${storage} storage`);
    if (what !== undefined) throw new EngineError(`${what} has no WebAssembly backend`);
  }
  if (workers > 1 && backend === 'javascript') throw new EngineError('the JavaScript backend has one worker');
  if (workers > 1 && storage !== 'exact')
    throw new EngineError(`${storage} storage does not support several workers`);
  if (workers > workersMax) throw new EngineError(`there are at most ${workersMax} workers`);
}

async function storageOf(kind: StorageName, memoryMax: number | undefined): Promise<Storage> {
  switch (kind) {
    case 'exact':
      return { kind };
    case 'hash64':
      return { kind, hash: await hash64() };
    case 'bitstate':
      return { kind, hash: await hash64(), bytes: memoryMax === undefined ? bitstateBytes : memoryMax / 2 };
  }
}

/** Why a completed search is no proof; undefined if it is one. */
export function doubtOf(storage: StorageName, result: SearchResult): LimitReached | undefined {
  const { missProbability, coverage } = result;
  if (missProbability === undefined) return undefined;
  const seen =
    coverage === undefined ? '' : `, about ${(100 * coverage).toPrecision(4)} % of the states seen`;
  const text = `${storage} storage: a state was missed with probability ${missProbability.toPrecision(2)}${seen}`;
  return { kind: 'storage', text };
}

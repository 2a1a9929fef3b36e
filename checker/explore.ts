// The one way to check a Program: choose an engine, drive its search, report. A search that is told to stop, or
// that reaches a limit, ends in 'incomplete', never in 'holds'.

import { bitstateBytes } from './compiled/bitstate.js';
import { workersMax } from './compiled/crew.js';
import { compiledGraph } from './compiled/graph.js';
import { hash64 } from './compiled/hash64.js';
import { compiledSearch, type Storage } from './compiled/search.js';
import { coverageOf } from './coverage/coverage.js';
import { goalsOf } from './coverage/goals.js';
import { antecedentChecks, isVacuous } from './coverage/vacuity.js';
import type { Program, Property } from './ir/program.js';
import { type LivenessResults, livenessOf } from './liveness/run.js';
import { referenceGraph } from './reference/graph.js';
import { referenceSystem } from './reference/semantics.js';
import { breadthFirst, type Limits, type Progress, type SearchResult } from './search/breadth_first.js';
import { EngineError } from './search/engine_error.js';
import { type Check, checksOf, type Exploration, type Report, reportOf } from './search/report.js';

export interface ExploreOptions extends Limits {
  /** The readable engine that defines what a Program means, or the fast one. Default: compiled. */
  readonly engine?: Exploration['engine'];
  /** How seen states are remembered. Default: exact. */
  readonly storage?: Exploration['storage'];
  /** How many threads search together once there are many states; no result depends on it. Default: 1. */
  readonly workers?: number;
  /** Stop before states, table and queue take more bytes than this; with bitstate, half of it is the table. */
  readonly memoryMax?: number;
  /** Look for the shortest lassos of liveness properties, not just for short ones. */
  readonly shortestLassos?: boolean;
  /** Tell what the run met of each label. */
  readonly coverage?: boolean;
  /** Called now and then; a text stops the search, and says why. */
  readonly onProgress?: (progress: Progress) => string | undefined;
  /** Stops the search when it is aborted. */
  readonly signal?: AbortSignal;
}

/** How many progress reports pass between two turns of the event loop, so that signals are heard. */
const turnEvery = 8;

/** A search under way: yields how far it is, stops if it is sent a reason to. */
type Search = Generator<Progress, SearchResult, string | undefined>;

/** Explores a Program and checks its properties. Throws an EngineError for what the engine cannot do exactly. */
export async function explore(
  program: Program,
  properties: readonly Property[],
  options: ExploreOptions = {},
): Promise<Report> {
  const { engine = 'compiled', storage = 'exact', onProgress, signal } = options;
  const checks = checksOf(program, properties);
  const antecedents = antecedentChecks(checks);
  const goals = options.coverage ? goalsOf(program) : [];
  const beside = [...[...antecedents.values()].flat(), ...goals.map(({ check }) => check)];
  const search = await searchOf(engine, program, [...checks, ...beside], options);
  const stop = (progress: Progress) => onProgress?.(progress) ?? (signal?.aborted ? 'stopped' : undefined);
  const result = await drive(search, stop);
  const { counts, missProbability, coverage } = result;
  const limit = result.limit ?? doubtOf(storage, missProbability, coverage);
  const exploration: Exploration = {
    engine,
    search: 'bfs',
    storage,
    exhaustive: limit === undefined,
    limit,
    ...(missProbability !== undefined && { missProbability }),
    ...(coverage !== undefined && { coverage }),
    ...counts,
  };
  const runs = checks.filter(({ kind }) => kind === 'liveness');
  const live = await livenessAfter(exploration, program, runs, options, stop);
  const idle = checks.filter((check) => isVacuous(check, antecedents, result.findings));
  const report = reportOf(
    exploration,
    checks,
    new Map([...result.findings, ...live.findings]),
    new Set([...result.undecided, ...live.undecided]),
    new Set([...idle, ...live.vacuous]),
  );
  return options.coverage ? { ...report, labels: coverageOf(program, goals, result.findings) } : report;
}

/** Runs a search to its end, with turns of the event loop in between; `answer` may stop it. */
async function drive<P, R, A>(search: Generator<P, R, A>, answer: (progress: P) => A): Promise<R> {
  let next = search.next();
  for (let turn = 1; !next.done; turn++) {
    if (turn % turnEvery === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    next = search.next(answer(next.value));
  }
  return next.value;
}

/** What is true of whole runs is decided on the graph of all states: only if the search has seen them all. */
async function livenessAfter(
  exploration: Exploration,
  program: Program,
  runs: readonly Check[],
  { shortestLassos = false }: ExploreOptions,
  stop: (progress: Progress) => string | undefined,
): Promise<LivenessResults> {
  if (runs.length === 0 || !exploration.exhaustive) {
    return { findings: new Map(), undecided: new Set(runs), vacuous: new Set() };
  }
  const graph = exploration.engine === 'reference' ? referenceGraph(program) : compiledGraph(program);
  return drive(livenessOf(program, graph, runs, shortestLassos), (queue) => {
    return stop({ ...exploration, queue }) !== undefined;
  });
}

/** Why a search that came to its end is no proof. */
function doubtOf(
  storage: Exploration['storage'],
  missProbability: number | undefined,
  coverage: number | undefined,
): string | undefined {
  if (missProbability === undefined) return undefined;
  const seen =
    coverage === undefined ? '' : `, about ${(100 * coverage).toPrecision(4)} % of the states seen`;
  return `${storage} storage: a state was missed with probability ${missProbability.toPrecision(2)}${seen}`;
}

async function searchOf(
  engine: Exploration['engine'],
  program: Program,
  checks: readonly Check[],
  options: ExploreOptions,
): Promise<Search> {
  const { storage = 'exact', workers = 1, memoryMax, ...limits } = options;
  if (engine === 'reference') {
    if (storage !== 'exact') throw new EngineError(`the reference engine has no ${storage} storage`);
    if (memoryMax !== undefined) throw new EngineError('the reference engine does not count its memory');
    if (workers > 1) throw new EngineError('the reference engine has one worker');
    return breadthFirst(referenceSystem(program), program, checks, limits);
  }
  if (workers > 1 && storage !== 'exact') throw new EngineError(`${storage} storage has one worker`);
  if (workers > workersMax) throw new EngineError(`there are at most ${workersMax} workers`);
  const memory = memoryMax === undefined ? {} : { memoryMax };
  return compiledSearch(program, checks, {
    ...limits,
    ...memory,
    workers,
    storage: await storageOf(storage, memoryMax),
  });
}

async function storageOf(kind: Exploration['storage'], memoryMax: number | undefined): Promise<Storage> {
  switch (kind) {
    case 'exact':
      return { kind };
    case 'hash64':
      return { kind, hash: await hash64() };
    case 'bitstate':
      return { kind, hash: await hash64(), bytes: memoryMax === undefined ? bitstateBytes : memoryMax / 2 };
  }
}

export { EngineError };

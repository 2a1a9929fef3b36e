// Breadth-first search on packed states, with the numbers, counts and findings of the reference engine. States are
// expanded in the order of their numbers, a batch of successors at a time; a batch never crosses a level.
//
//   sweep states 17 … 81 of a level  ->  batch of 512 successors  ->  states 6,402 … 6,519 are new

import type { Program } from '../ir/program.js';
import type { Limits, Progress, SearchResult } from '../search/breadth_first.js';
import type { Check } from '../search/report.js';
import { ExactTable } from './exact_table.js';
import { Findings } from './findings.js';
import { encodeInitialStates } from './initial_states.js';
import { decode, layoutOf, type PlainState } from './layout.js';
import { branchingMax } from './program_code.js';
import { States, segmentStates, statesMax as statesMaxEver } from './states.js';

/** Successors in a batch: enough to overlap the waiting for memory, few enough to stay in the first cache. */
const batchRecords = 512;

export interface CompiledResult extends SearchResult {
  /** All states found, in the order of their numbers. */
  reached(): Iterable<PlainState>;
}

/** Searches. Yields before every few batches, and stops if it is sent a reason to. */
export function* compiledSearch(
  program: Program,
  checks: readonly Check[],
  limits: Limits = {},
): Generator<Progress, CompiledResult, string | undefined> {
  const layout = layoutOf(program);
  const states = new States(layout.words);
  const branching = branchingMax(program);
  const batch = new Int32Array((batchRecords + branching) * states.stride);
  const findings = new Findings(program, checks, layout, states, batch);
  const table = new ExactTable(states, batch);
  const { statesMax = Number.POSITIVE_INFINITY, depthMax = Number.POSITIVE_INFINITY } = limits;
  const countMax = Math.min(statesMax, statesMaxEver);

  for (const length of encodeInitialStates(program, layout, batch)) table.insert(length, statesMaxEver);
  const levels = [states.count];
  let [head, levelEnd, transitions] = [0, states.count, 0];
  let warm = false;
  /** What stops the search, and what it only leaves out. */
  let limit: string | undefined;
  let cut: string | undefined;
  const counts = () => ({ states: states.count, transitions, depth: levels.length - 1, levels });
  for (let sweeps = 1; head < states.count; sweeps++) {
    if (head === levelEnd) {
      levels.push(states.count - levelEnd);
      levelEnd = states.count;
    }
    if (sweeps % sweepsPerProgress === 0) {
      limit = yield { ...counts(), queue: states.count - head };
      if (limit !== undefined) break;
    }
    if (!warm && states.count > statesOfSmallSearch) {
      findings.warmUp();
      warm = true;
    }
    const end = Math.min(levelEnd, (Math.floor(head / segmentStates) + 1) * segmentStates);
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
  }
  if (limit !== undefined && states.count > levelEnd) levels.push(states.count - levelEnd);
  const { found, undecided } = findings.settle();
  return {
    counts: counts(),
    findings: found,
    undecided,
    limit: limit ?? cut,
    *reached() {
      for (let i = 0; i < states.count; i++) yield decode(layout, states.segment(i), states.offset(i));
    },
  };
}

const sweepsPerProgress = 64;
/** With fewer states, preparing for a long search would take longer than the search. */
const statesOfSmallSearch = 4_000;

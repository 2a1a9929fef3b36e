// A search that leaves states out. With `movers` a thread runs alone where no other thread can observe it
// (checker/analyse/movers.ts); with `stubborn` some threads go first where the order does not matter
// (checker/analyse/stubborn.ts); with `symmetry` one state stands for all that differ only in which copy of an actor is
// which (checker/analyse/orbits.ts). It has a finding for the same checks as the full search, among fewer states.
//
// Paths with movers or stubborn sets are not shortest. So their traces come from a search without both, which stops once
// it has reached all findings: they are the same as without a reduction.
//
//   reduced, to the end: a bug is found among few states     without both, up to that bug: its shortest trace

import type { Progress } from '../search/breadth_first.js';
import type { ReductionChoice, ReductionName } from '../search/evidence.js';
import type { LimitReached } from '../search/limit.js';
import type { Check } from '../search/report.js';
import { type CompiledProgram, compile } from './compile.js';
import {
  type CompiledOptions,
  type CompiledResult,
  compiledSearch,
  type Storage,
  walk,
} from './compiled_search.js';
import { reductionsFor } from './reductions.js';

/** The findings of a reduced search; its states are those of the reduced graph. */
export interface ReducedResult extends Omit<CompiledResult, 'reached'> {
  /** The reductions that were used. */
  readonly reductions: readonly ReductionName[];
  /** Why these, where the choice was left open. */
  readonly reductionsWhy?: string;
}

/**
 * Searches. Yields now and then, and stops if the caller sends a reason. With movers or stubborn sets there is no
 * `depthMax`: it would count steps of the reduced graph.
 */
export function* reducedSearch(
  compiled: CompiledProgram,
  checks: readonly Check[],
  choice: ReductionChoice,
  options: Omit<CompiledOptions, 'until'> = {},
): Generator<Progress, ReducedResult, LimitReached | undefined> {
  const { program } = compiled;
  const { names, why, movers, stubborn, orbits } = reductionsFor(
    program,
    checks,
    choice,
    options.depthMax !== undefined,
  );
  const used = { reductions: names, ...(why !== undefined && { reductionsWhy: why }) };
  const withOrbits = orbits === undefined ? compiled : compile(program, { orbits });
  if (movers === undefined && stubborn === undefined) {
    const { reached: _, ...result } = yield* compiledSearch(withOrbits, checks, options);
    return { ...result, ...used };
  }
  const reduced = compile(program, {
    ...(movers && { movers }),
    ...(stubborn && { stubborn }),
    ...(orbits && { orbits }),
  });
  const { places, stopped, states, parents, ...result } = yield* walk(reduced, checks, options);
  if (places.size === 0) return { ...result, ...used, findings: new Map() };
  const until = [...places.keys()];
  const ways = yield* searchForWays(withOrbits, checks, { ...options, until });
  const pathless = until.filter((check) => !ways.findings.has(check));
  if (pathless.length === 0) return { ...result, ...used, findings: ways.findings };
  const limit = ways.limit ?? missedBy(options.storage);
  if (limit === undefined) {
    throw new Error(`only the reduced search found something for ${pathless.map(({ name }) => `'${name}'`)}`);
  }
  return { ...result, ...used, findings: ways.findings, limit, pathless };
}

/** Why the full search may miss a finding of the reduced one although nothing stopped it; undefined if it cannot. */
function missedBy(storage: Storage | undefined): LimitReached | undefined {
  if (storage === undefined || storage.kind === 'exact') return undefined;
  const text = `${storage.kind} storage: the search for the trace of a finding missed states on it`;
  return { kind: 'storage', text };
}

/**
 * The search without both, up to the given findings. It may take many times as long as the reduced one, so the reason
 * that stopped that one stops this one too.
 */
function* searchForWays(
  compiled: CompiledProgram,
  checks: readonly Check[],
  options: CompiledOptions,
): Generator<Progress, CompiledResult, LimitReached | undefined> {
  const search = compiledSearch(compiled, checks, options);
  let next = search.next();
  while (!next.done) {
    const { states, queue } = next.value;
    next = search.next(yield { ...next.value, again: 1 - queue / states });
  }
  const { limit, ...result } = next.value;
  return limit === undefined
    ? next.value
    : { ...result, limit: { ...limit, text: `${limit.text}, while the trace of a finding was searched` } };
}

// A search that lets a thread run alone where no other thread can observe it (checker/analyse/movers.ts). It has a
// finding for the same checks as the full search, among fewer states; but its paths are not shortest. So traces come
// from the full search, which stops once it has reached all findings: they are the same as without a reduction.
//
//   reduced, to the end: a bug is found among few states     full, up to that bug: its shortest trace

import { moversOf } from '../analyse/movers.js';
import { conditionChecks, valueChecks } from '../decide/decide.js';
import type { Expr } from '../ir/program.js';
import type { Progress } from '../search/breadth_first.js';
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

/** The findings of a reduced search; its states are those of the reduced graph. */
export type ReducedResult = Omit<CompiledResult, 'reached'>;

/**
 * Searches. Yields now and then, and stops if the caller sends a reason. There is no `depthMax`: it would count steps
 * of the reduced graph.
 */
export function* reducedSearch(
  compiled: CompiledProgram,
  checks: readonly Check[],
  options: Omit<CompiledOptions, 'depthMax' | 'until'> = {},
): Generator<Progress, ReducedResult, LimitReached | undefined> {
  const { program } = compiled;
  const reduced = compile(program, moversOf(program, conditionsOf(checks)));
  const { places, stopped, states, parents, ...result } = yield* walk(reduced, checks, options);
  if (places.size === 0) return { ...result, findings: new Map() };
  const until = [...places.keys()];
  const ways = yield* searchForWays(compiled, checks, { ...options, until });
  const pathless = until.filter((check) => !ways.findings.has(check));
  if (pathless.length === 0) return { ...result, findings: ways.findings };
  const limit = ways.limit ?? missedBy(options.storage);
  if (limit === undefined) {
    throw new Error(`only the reduced search found something for ${pathless.map(({ name }) => `'${name}'`)}`);
  }
  return { ...result, findings: ways.findings, limit, pathless };
}

/** Why the full search may miss a finding of the reduced one although nothing stopped it; undefined if it cannot. */
function missedBy(storage: Storage | undefined): LimitReached | undefined {
  if (storage === undefined || storage.kind === 'exact') return undefined;
  const text = `${storage.kind} storage: the search for the trace of a finding missed states on it`;
  return { kind: 'storage', text };
}

/** All conditions that are evaluated in states. */
const conditionsOf = (checks: readonly Check[]): readonly Expr[] => [
  ...conditionChecks(checks).map(({ check }) => check.condition),
  ...valueChecks(checks).keys(),
];

/**
 * The full search, up to the given findings. It may take many times as long as the reduced one, so the reason that
 * stopped that one stops this one too.
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

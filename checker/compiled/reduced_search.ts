// A search that lets threads go on alone where nobody notices (checker/analyse/movers.ts). It finds for the same checks
// something as the whole search does, among fewer states; what it finds lies at the end of other ways. So the ways come
// from the whole search, which stops once it has come to all that was found: they are the same as without a reduction.
//
//   reduced, to the end: a bug is found among few states     whole, up to that bug: its shortest trace

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

/** What a reduced search finds; its states are those of the reduced graph. */
export type ReducedResult = Omit<CompiledResult, 'reached'>;

/** Searches. Yields now and then, and stops if it is sent a reason to; `depthMax` would count other steps. */
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

/** Why the whole search may not come to what the reduced one found, though nothing stopped it; undefined if it must. */
function missedBy(storage: Storage | undefined): LimitReached | undefined {
  if (storage === undefined || storage.kind === 'exact') return undefined;
  const text = `${storage.kind} storage: the search for the way to what was found missed states on it`;
  return { kind: 'storage', text };
}

/** All that is asked of states. */
const conditionsOf = (checks: readonly Check[]): readonly Expr[] => [
  ...conditionChecks(checks).map(({ check }) => check.condition),
  ...valueChecks(checks).keys(),
];

/**
 * The whole search, up to what is wanted. It may take many times as long as the reduced one, so what stopped that one
 * stops this one too.
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
    : { ...result, limit: { ...limit, text: `${limit.text}, while the way to what was found was searched` } };
}

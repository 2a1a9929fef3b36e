// The values of a variable at the ends of runs: one question for each value, does some run end with it?

import { type ExploreOptions, explore } from './explore.js';
import { allOf, at, boundsOf, constant, equal, read, typeOfDomain } from './ir/expression.js';
import type { Program, Variable } from './ir/program.js';
import type { Property } from './property/property.js';
import type { Explored } from './search/evidence.js';

/** The values of a variable where all actors are done, and their stores have reached memory. */
export interface FinalValues {
  /** Ascending; undefined if not every reachable state was explored. */
  readonly values: readonly number[] | undefined;
  /** Is a built-in check or an assertion violated: a bug, a deadlock or a domain error? */
  readonly isViolated: boolean;
  readonly evidence: Explored;
}

/**
 * Explores a Program for the values that one of its variables has in states where all actors are done. Throws an
 * EngineError for what the engine cannot do exactly.
 * Example: `(await finalValues(program, program.variables[0]!)).values`
 */
export async function finalValues(
  program: Program,
  variable: Variable,
  options: ExploreOptions = {},
): Promise<FinalValues> {
  const { min, max } = boundsOf(variable.domain);
  const type = typeOfDomain(variable.domain);
  const candidates = Array.from({ length: max - min + 1 }, (_, i) => min + i);
  const ended = [
    ...program.threads.map(({ id, done }) => at(id, [done])),
    ...(program.storeBuffers?.buffers ?? []).map(({ isEmpty }) => isEmpty),
  ];
  const questions = candidates.map((value): Property => {
    const has = equal(read({ variables: [variable.id] }, type), constant(value, type));
    return {
      name: `${variable.name} ends as ${value}`,
      expectation: 'sometimes',
      condition: allOf([...ended, has]),
      source: {},
    };
  });
  const { evidence, properties } = await explore(program, questions, options);
  // Results are in the order of the checks: first those for the values, then the Program's own.
  const values = candidates.filter((_, i) => properties[i]!.verdict === 'reached');
  return {
    values: evidence.exhaustive ? values : undefined,
    isViolated: properties.some(({ verdict }) => verdict === 'violated'),
    evidence,
  };
}

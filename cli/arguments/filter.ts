// --only and --hide: which actors and variables of a trace are shown. Names that mean nothing are refused, before a
// search begins where that can be.

import { didYouMean, type Program } from '../../checker/index.js';
import {
  type Cast,
  type Filter,
  filtered,
  nameable,
  unknownName,
} from '../../counterexamples/trace/filter.js';
import type { Trace } from '../../counterexamples/trace/trace.js';
import { UsageError } from '../errors.js';
import type { Parameter, ParameterValues } from './parameters.js';

/** Names, as often as one likes, and several at once with commas between them. */
const names: Parameter<readonly string[]> = {
  kind: 'value',
  read: (given, option) => {
    const all = given.flatMap((text) => text.split(',')).map((name) => name.trim());
    if (all.includes('')) throw new UsageError(`--${option} needs the name of an actor or a variable`);
    return all;
  },
};

/** Commands that show a trace to people. */
export const filters = { only: names, hide: names };
type FilterValues = ParameterValues<typeof filters>;

/** Whom and what a filter can name, before there is a trace. */
export const castOf = ({ threads, variables }: Program): Cast => ({
  actors: threads.map(({ name }) => name),
  variables,
});

/** Throws a UsageError for a name that means nothing. */
export function requireNames(filter: Filter, cast: Cast): void {
  const name = unknownName(filter, cast);
  if (name === undefined) return;
  const nearest = didYouMean(name, nameable(cast)) || `; the actors are ${cast.actors.join(', ')}`;
  throw new UsageError(`no actor and no variable is named '${name}'${nearest}`);
}

/** Formats for programs tell everything. */
export function requireReader(
  { only, hide }: FilterValues,
  format: string,
  programs: readonly string[],
): void {
  if (only.length + hide.length === 0 || !programs.includes(format)) return;
  throw new UsageError(`--format=${format} tells everything: --only and --hide are for people who read`);
}

/** The part of a trace that was asked for. Throws a UsageError for a name that means nothing. */
export function shown(trace: Trace, asked: FilterValues): Trace {
  requireNames(asked, trace);
  return filtered(trace, asked);
}

// --only, --hide and --story: which actors, variables and steps of a trace are shown. Names of no actor and no variable
// are refused, where possible before the search starts.

import { didYouMean, type Program } from '../../checker/index.js';
import {
  type Cast,
  type Filter,
  filtered,
  nameable,
  unknownName,
} from '../../counterexamples/trace/filter.js';
import type { Trace } from '../../counterexamples/trace/trace.js';
import { storyView } from '../../counterexamples/trace/view.js';
import { UsageError } from '../errors.js';
import { flag } from './options.js';
import type { Parameter, ParameterValues } from './parameters.js';

/** Names: the option may be repeated, and takes several names separated by commas. */
const names: Parameter<readonly string[]> = {
  kind: 'value',
  read: (given, option) => {
    const all = given.flatMap((text) => text.split(',')).map((name) => name.trim());
    if (all.includes('')) throw new UsageError(`--${option} needs the name of an actor or a variable`);
    return all;
  },
};

/** For commands that print a trace as text for people. */
export const filters = { only: names, hide: names };
type FilterValues = ParameterValues<typeof filters>;

/** For commands that print a counterexample: only the steps that matter, and what named conditions are made of. */
export const storyOptions = { story: flag, terms: flag };
type StoryValues = ParameterValues<typeof storyOptions>;

/** Throws a UsageError for --terms where it changes nothing, and for a story in a format that has every step. */
export function requireStory(
  { story, terms }: StoryValues,
  format: string,
  programs: readonly string[],
): void {
  if (terms && !story) throw new UsageError('--terms goes with --story: without it, all terms are shown');
  if (story && programs.includes(format))
    throw new UsageError(`--story cannot be combined with --format=${format}, which has every step`);
}

/** The actors and variables that a filter can name, known before there is a trace. */
export const castOf = ({ threads, variables }: Program): Cast => ({
  actors: threads.map(({ name }) => name),
  variables,
});

/** Throws a UsageError for a name of no actor and no variable. */
export function requireNames(filter: Filter, cast: Cast): void {
  const name = unknownName(filter, cast);
  if (name === undefined) return;
  const nearest = didYouMean(name, nameable(cast)) || `; the actors are ${cast.actors.join(', ')}`;
  throw new UsageError(`no actor and no variable is named '${name}'${nearest}`);
}

/** Throws a UsageError if a filter is combined with a format for programs, which always holds the whole trace. */
export function requireReader(
  { only, hide }: FilterValues,
  format: string,
  programs: readonly string[],
): void {
  if (only.length + hide.length === 0 || !programs.includes(format)) return;
  throw new UsageError(`--only and --hide cannot be combined with --format=${format}`);
}

/**
 * The filtered trace; with `story`, the numbers of the steps that matter, only these. Throws a UsageError for a name of
 * no actor and no variable.
 */
export function shown(
  trace: Trace,
  asked: FilterValues & Partial<StoryValues>,
  story?: readonly number[] | undefined,
): Trace {
  requireNames(asked, trace);
  const whole = filtered(trace, asked);
  return story === undefined ? whole : storyView(whole, story, asked.terms);
}

// Views of a trace with some of its actors and variables. A view keeps the whole trace and the numbers of its steps, so
// that renderers print how much is hidden.
//
//   only: ['munmap']        the steps of munmap[0], munmap[1] …
//   only: ['_mapcount']     the steps that change page[0]._mapcount, page[1]._mapcount …
//   hide: ['page']          every step, but none of the changes of what lies in page

import type { Trace, TraceState, TraceStep, TraceVariable } from './trace.js';

/** Names of actors, of all actors of a kind, and of variables: `munmap`, `munmap[0]`, `page`, `page[*]._mapcount`. */
export interface Filter {
  readonly only: readonly string[];
  readonly hide: readonly string[];
}

/** The actors and variables that a filter can name, such as those of a Trace. */
export interface Cast {
  readonly actors: readonly string[];
  readonly variables: readonly Pick<TraceVariable, 'name' | 'actor'>[];
}

/** The first name of a filter that matches nothing; undefined if there is none. */
export const unknownName = ({ only, hide }: Filter, cast: Cast): string | undefined =>
  [...only, ...hide].find(
    (name) => !namesActor(name, cast) && !cast.variables.some((variable) => fits(name, variable.name)),
  );

/** The names for suggestions: actors, their kinds, and variables with any leading parts omitted. */
export function nameable({ actors, variables }: Cast): readonly string[] {
  const kinds = actors.map((actor) => actor.replace(/\[\d+\]$/, ''));
  const paths = variables.flatMap(({ name }) => {
    const starts = [0, ...[...name.matchAll(/[.:]/g)].map(({ index }) => index + 1)];
    const ends = [...[...name.matchAll(/[.[:]/g)].map(({ index }) => index), name.length];
    return starts.flatMap((start) => ends.filter((end) => end > start).map((end) => name.slice(start, end)));
  });
  return [...new Set([...actors, ...kinds, ...paths])];
}

/**
 * The trace without what the filter hides. The property, its verdict and the numbers of steps stay. With variables in
 * `only`, steps that change none of them are hidden.
 */
export function filtered(whole: Trace, { only, hide }: Filter): Trace {
  const [shown, hidden] = [split(only, whole), split(hide, whole)];
  const actors = whole.actors.filter(
    (actor) => (shown.actors.length === 0 || isNamed(shown.actors, actor)) && !isNamed(hidden.actors, actor),
  );
  const asked = (name: string) => shown.variables.length === 0 || isNamed(shown.variables, name);
  const variables = whole.variables.filter(
    ({ name, actor, holder }) =>
      asked(name) &&
      !isNamed(hidden.variables, name) &&
      [actor, holder].every((whose) => whose === undefined || actors.includes(whose)),
  );
  const names = new Set(variables.map(({ name }) => name));
  const kept = whole.steps.flatMap((step, i) => {
    const writes = step.writes.filter(({ path }) => names.has(path));
    const isKept = actors.includes(step.actor) && (shown.variables.length === 0 || writes.length > 0);
    return isKept ? [{ number: i + 1, step: { ...step, writes } }] : [];
  });
  const numbers = kept.map(({ number }) => number);
  const view = viewOf(whole, numbers);
  const standing = whole.ending.standing.filter(({ actor }) => actors.includes(actor));
  const steps = kept.map(({ step }) => step);
  const partial = { ...whole, actors, variables, steps, ...view, ending: { ...whole.ending, standing } };
  return isWhole(partial, whole) ? whole : partial;
}

/** The parts of a view that depend on which steps remain. */
function viewOf(
  whole: Trace,
  numbers: readonly number[],
): { readonly states: readonly TraceState[] } & Pick<Trace, 'view'> {
  const states = [0, ...numbers].flatMap((number) => whole.states[number] ?? []);
  return { states, view: { whole, numbers } };
}

const changesIn = (steps: readonly TraceStep[]): number =>
  steps.reduce((sum, { writes }) => sum + writes.length, 0);

const isWhole = (a: Trace, b: Trace): boolean =>
  a.steps.length === b.steps.length &&
  a.actors.length === b.actors.length &&
  a.variables.length === b.variables.length &&
  changesIn(a.steps) === changesIn(b.steps);

/** A name that matches an actor means the actor, not its locals, whose names start with it. */
function split(names: readonly string[], cast: Cast) {
  return {
    actors: names.filter((name) => namesActor(name, cast)),
    variables: names.filter((name) => !namesActor(name, cast)),
  };
}

const namesActor = (name: string, { actors }: Cast): boolean => actors.some((actor) => fits(name, actor));

const isNamed = (names: readonly string[], text: string): boolean => names.some((name) => fits(name, text));

/** Does the name (`*` is a wildcard) match the whole text, or whole parts of it, as `b.c` matches `a.b.c[0].d`? */
function fits(name: string, text: string): boolean {
  const pattern = name
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`(?:^|[.:])${pattern}(?:$|[.[:])`, 's').test(text);
}

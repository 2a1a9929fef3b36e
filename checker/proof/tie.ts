// The tie to the engines: a parameterised Program at given sizes has the states of the ordinary lowering at the same
// sizes, as far as shared variables and labels go. Without it, what is proved of the one says nothing of the other.

import { typeOfDomain, valueText } from '../ir/expression.js';
import type { Program } from '../ir/program.js';
import type { ExpandedState } from '../search/expanded_state.js';
import { FiniteInstance } from './instance.js';
import type { Parameterised, Rule, Sort } from './program.js';

export interface Tie {
  readonly sizes: ReadonlyMap<Sort, number>;
  /** How many different states there are, as far as they are compared. */
  readonly states: number;
  /** A state that only one of both has, as text; absent if there is none. */
  readonly onlyInEngine?: string;
  readonly onlyInInstance?: string;
  /** The transitions that are taken. */
  readonly taken: ReadonlySet<Rule>;
  /** Has either more states than the limit? Then nothing was compared. */
  readonly isTooLarge?: true;
}

/** `states`: those of the ordinary Program at these sizes, from an engine. */
export function tie(
  program: Parameterised,
  sizes: ReadonlyMap<Sort, number>,
  ordinary: Program,
  states: Iterable<ExpandedState>,
  statesMax: number,
): Tie {
  const instance = new FiniteInstance(program, { sizes, order: 'ascending', statesMax });
  const explored = instance.explore();
  const none = { sizes, states: 0, taken: explored.taken };
  if (explored.isPart) return { ...none, isTooLarge: true };
  const names = [...instance.shown(instance.first()).keys()];
  const textOf = (shown: ReadonlyMap<string, string>) =>
    names.map((name) => `${name}=${shown.get(name)}`).join(' ');
  const ours = new Set(explored.states.map((state) => textOf(instance.shown(state))));
  const theirs = new Set<string>();
  let count = 0;
  for (const { columns } of states) {
    if (++count > statesMax) return { ...none, isTooLarge: true };
    theirs.add(textOf(shownIn(ordinary, columns)));
  }
  const [onlyInEngine] = [...theirs].filter((one) => !ours.has(one));
  const [onlyInInstance] = [...ours].filter((one) => !theirs.has(one));
  return {
    ...none,
    states: ours.size,
    ...(onlyInEngine !== undefined && { onlyInEngine }),
    ...(onlyInInstance !== undefined && { onlyInInstance }),
  };
}

/** The variables and the labels of a state of the ordinary Program. */
function shownIn({ variables, threads }: Program, columns: readonly number[]): ReadonlyMap<string, string> {
  const shown = new Map<string, string>();
  for (const { id, name, locations: places } of threads) shown.set(name, places[columns[id]!]!.label);
  for (const { id, name, domain, thread } of variables) {
    if (thread === undefined) shown.set(name, valueText(columns[threads.length + id]!, typeOfDomain(domain)));
  }
  return shown;
}

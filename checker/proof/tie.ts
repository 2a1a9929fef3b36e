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
  const codes = new Codes(names);
  const [ofInstance, ofEngine] = [instance.shows(names), showsOf(ordinary, names)];
  const ours = new Set(explored.states.map((state) => codes.key(ofInstance(state))));
  const theirs = new Set<string>();
  let count = 0;
  for (const { columns } of states) {
    if (++count > statesMax) return { ...none, isTooLarge: true };
    theirs.add(codes.key(ofEngine(columns)));
  }
  const [onlyInEngine] = [...theirs].filter((one) => !ours.has(one));
  const [onlyInInstance] = [...ours].filter((one) => !theirs.has(one));
  return {
    ...none,
    states: ours.size,
    ...(onlyInEngine !== undefined && { onlyInEngine: codes.text(onlyInEngine) }),
    ...(onlyInInstance !== undefined && { onlyInInstance: codes.text(onlyInInstance) }),
  };
}

/** A character for each text of a value, so that a state is a short string. */
class Codes {
  readonly #names: readonly string[];
  readonly #codes = new Map<string, number>();
  readonly #texts: string[] = [];

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  key(values: readonly (string | undefined)[]): string {
    return String.fromCharCode(...values.map((value) => this.#code(String(value))));
  }

  #code(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#texts.push(text);
    this.#codes.set(text, this.#texts.length - 1);
    return this.#texts.length - 1;
  }

  text(key: string): string {
    return this.#names.map((name, i) => `${name}=${this.#texts[key.charCodeAt(i)]}`).join(' ');
  }
}

/** The texts of the variables and labels with these names, in a state of the ordinary Program. */
function showsOf({ variables, threads }: Program, names: readonly string[]) {
  const columnOf = new Map<string, (value: number) => string>();
  const at = new Map<string, number>();
  for (const { id, name, locations } of threads) {
    at.set(name, id);
    columnOf.set(name, (value) => locations[value]!.label);
  }
  for (const { id, name, domain, thread } of variables) {
    if (thread !== undefined) continue;
    at.set(name, threads.length + id);
    columnOf.set(name, (value) => valueText(value, typeOfDomain(domain)));
  }
  const each = names.map((name) => ({ at: at.get(name), of: remembered(columnOf.get(name)) }));
  return (columns: readonly number[]): readonly (string | undefined)[] =>
    each.map((one) => (one.at === undefined ? undefined : one.of(columns[one.at]!)));
}

/** The same function, which computes each text once. */
function remembered(of: ((value: number) => string) | undefined): (value: number) => string {
  const texts = new Map<number, string>();
  return (value) => {
    const known = texts.get(value) ?? of!(value);
    texts.set(value, known);
    return known;
  };
}

// A configuration: the shared part and some of the members, in any order; the others are out of view. A view is one of
// a fixed number of members. References name members by their place, and those out of view by one value.
//
//   manager at decide, commit | rm at next, prepared | rm at next, aborted

import type { Location } from '../ir/program.js';
import { nobody } from './membership.js';
import type { Schema, SchemaVariable } from './schema.js';

/** A reference to some member out of view. */
export const outOfView = 1_000_000;

export interface MemberState {
  readonly class: number;
  readonly at: Location;
  readonly values: readonly number[];
}

export interface Configuration {
  /** Where each thread is that is no member. */
  readonly at: readonly Location[];
  readonly values: readonly number[];
  readonly members: readonly MemberState[];
}

/** Says which of a configuration's values are references. */
export class References {
  readonly #shared: readonly number[];
  readonly #own: readonly (readonly number[])[];
  readonly hasAny: boolean;

  constructor({ variables, classes }: Schema) {
    const placesOf = (all: readonly SchemaVariable[]) => [...all.keys()].filter((id) => all[id]!.refers);
    this.#shared = placesOf(variables);
    this.#own = classes.map((one) => placesOf(one.variables));
    this.hasAny = this.#shared.length > 0 || this.#own.some((places) => places.length > 0);
  }

  /** The configuration with every reference changed. */
  mapped(of: Configuration, change: (reference: number) => number): Configuration {
    if (!this.hasAny) return of;
    return {
      at: of.at,
      values: mappedAt(of.values, this.#shared, change),
      members: of.members.map((one) => this.mappedIn(one, change)),
    };
  }
  /** The member with every reference of its own changed. */
  mappedIn(one: MemberState, change: (reference: number) => number): MemberState {
    const places = this.#own[one.class]!;
    return places.length === 0 ? one : { ...one, values: mappedAt(one.values, places, change) };
  }
  /** Whether it is a reference to a member, and not to nobody or a thread. */
  static isMember = (reference: number): boolean => reference > nobody;
}

const mappedAt = (
  values: readonly number[],
  places: readonly number[],
  change: (reference: number) => number,
): readonly number[] => {
  if (places.length === 0) return values;
  const all = [...values];
  for (const place of places) all[place] = change(all[place]!);
  return all;
};

/** Only some of the members, in this order: references to the others lead out of view. */
export function seen(of: Configuration, places: readonly number[], references: References): Configuration {
  const kept = { ...of, members: places.map((place) => of.members[place]!) };
  return references.mapped(kept, (reference) => {
    if (!References.isMember(reference) || reference === outOfView) return reference;
    const place = places.indexOf(reference);
    return place < 0 ? outOfView : place;
  });
}

/** The same configuration with its members in the order that makes its text the least. */
export function ordered(of: Configuration, references: References): Configuration {
  const places = [...of.members.keys()];
  const texts = of.members.map((one) => memberText(references.mappedIn(one, plainly)));
  if (!references.hasAny) {
    places.sort((a, b) => compare(texts[a]!, texts[b]!));
    return { ...of, members: places.map((place) => of.members[place]!) };
  }
  let [best, least]: [Configuration, string | undefined] = [of, undefined];
  for (const order of permutations(places)) {
    if (order.some((place, i) => i > 0 && texts[order[i - 1]!]! > texts[place]!)) continue;
    const candidate = seen(of, order, references);
    const text = keyOf(candidate);
    if (least === undefined || text < least) [best, least] = [candidate, text];
  }
  return best;
}

const plainly = (reference: number): number => (References.isMember(reference) ? 0 : reference);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const memberText = ({ class: index, at, values }: MemberState): string => `${index}:${at}:${values.join()}`;

/** As text: the same for the same configuration with its members in the same order. */
export const keyOf = ({ at, values, members }: Configuration): string =>
  `${at.join()}|${values.join()}|${members.map(memberText).join('|')}`;

/** All orders of some things. */
function permutations(of: readonly number[]): readonly (readonly number[])[] {
  if (of.length < 2) return [of];
  return of.flatMap((first, i) => permutations(of.toSpliced(i, 1)).map((rest) => [first, ...rest]));
}

/** All selections of so many of 0 … n - 1, ascending. */
export function selections(n: number, count: number, from = 0): readonly (readonly number[])[] {
  if (count === 0) return [[]];
  const all: (readonly number[])[] = [];
  for (let first = from; first <= n - count; first++) {
    for (const rest of selections(n, count - 1, first + 1)) all.push([first, ...rest]);
  }
  return all;
}

/** The first configuration with members of these classes. */
export const initialConfiguration = (schema: Schema, classes: readonly number[]): Configuration => ({
  at: schema.threads.map(({ start }) => start),
  values: schema.variables.map(({ initial }) => initial),
  members: classes.map((index) => {
    const { start, variables } = schema.classes[index]!;
    return { class: index, at: start, values: variables.map(({ initial }) => initial) };
  }),
});

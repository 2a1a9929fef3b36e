// Clauses that may be invariants, from what is known without looking at a state: who holds which lock where, ranges of
// numbers, and what the model's properties and expectations ask.

import { boundsOf } from '../ir/expression.js';
import type { Location } from '../ir/program.js';
import { heldBy, type LockHeld } from './held.js';
import {
  type BoundIndex,
  type Family,
  type Fun,
  type Parameterised,
  type StateTerm,
  self,
} from './program.js';
import { and, equal, implies, keyOf, not, or } from './term.js';

/** A condition that may be true in every state, for all values of its variables. */
export interface Clause {
  readonly name: string;
  readonly bound: readonly BoundIndex[];
  readonly body: StateTerm;
  /** Is it claimed by the user? */
  readonly isLemma?: true;
  /** Of a clause about a member that stands at one place: what it says of it. */
  readonly place?: { readonly family: Family; readonly at: Location; readonly says: string };
  /** Of a clause about a member that stands at one of some places: what is true of it there. */
  readonly places?: {
    readonly family: Family;
    readonly at: readonly Location[];
    readonly says: string;
    readonly body: StateTerm;
  };
}

/** The variable for the member of a family, where it is bound in a clause. */
export const selfOf = ({ sort }: Family): readonly BoundIndex[] =>
  sort === undefined ? [] : [{ name: 'self', sort }];

export const variable = (bound: BoundIndex): StateTerm => ({ op: 'var', ...bound });

/** The member stands at one of these places. */
export const standsAt = (family: Family, locations: readonly Location[]): StateTerm => {
  const member = self(family);
  return { op: 'at', family, ...(member !== undefined && { member }), locations };
};

/** The member holds the lock. */
function isHeld({ fun, args }: LockHeld, family: Family): StateTerm {
  const held: StateTerm = { op: 'read', fun, args };
  if (fun.kind === 'share') return held;
  const member = self(family);
  return equal(held, { op: 'actor', family, ...(member !== undefined && { member }) });
}

/** Lock discipline in both directions: who stands here holds it, and who holds it stands there. */
export function lockClauses(program: Parameterised): readonly Clause[] {
  const locks = program.funs.filter(({ lock }) => lock !== undefined);
  const held = program.families.flatMap((family) => {
    const byPlace = heldBy(family, program);
    return [...surelyHeld(family, byPlace), ...locks.flatMap((fun) => holders(fun, family, byPlace))];
  });
  return [...held, ...exclusions(locks)];
}

/** By lock: the places of some kind. */
function placesOf(byPlace: ReturnType<typeof heldBy>, way: 'surely' | 'maybe') {
  const places = new Map<string, { readonly lock: LockHeld; readonly at: Location[] }>();
  for (const [at, held] of byPlace) {
    for (const lock of held[way]) {
      const key = `${lock.fun.name} ${lock.args.map(keyOf).join()}`;
      const known = places.get(key) ?? { lock, at: [] };
      known.at.push(at);
      places.set(key, known);
    }
  }
  return [...places.values()];
}

const surelyHeld = (family: Family, byPlace: ReturnType<typeof heldBy>): readonly Clause[] =>
  placesOf(byPlace, 'surely').map(({ lock, at }) => ({
    name: `${family.name} holds ${lock.fun.name}`,
    bound: selfOf(family),
    body: implies(standsAt(family, at), isHeld(lock, family)),
  }));

function holders(fun: Fun, family: Family, byPlace: ReturnType<typeof heldBy>): readonly Clause[] {
  if (fun.kind === 'share' && fun.family !== family) return [];
  const indices = fun.kind === 'share' && family.sort !== undefined ? fun.args.slice(0, -1) : fun.args;
  const bound = indices.map((sort, i) => ({ name: `x${i}`, sort }));
  const args = bound.map(variable);
  const own = selfOf(family).map(variable);
  const lock = { fun, args: fun.kind === 'share' ? [...args, ...own] : args };
  const places = placesOf(byPlace, 'maybe').filter((one) => one.lock.fun === fun);
  const where = places.map((one) =>
    and(standsAt(family, one.at), ...args.map((arg, i) => equal(arg, one.lock.args[i]!))),
  );
  const name = `where ${family.name} holds ${fun.name}`;
  return [{ name, bound: [...bound, ...selfOf(family)], body: implies(isHeld(lock, family), or(...where)) }];
}

/** While a member has a share of a lock, nobody holds it exclusively. */
function exclusions(locks: readonly Fun[]): readonly Clause[] {
  const shares = locks.filter(({ kind }) => kind === 'share');
  return shares.flatMap((share) =>
    locks.flatMap((owner) => {
      if (owner.kind === 'share' || owner.lock!.name !== share.lock!.name) return [];
      const bound = owner.args.map((sort, i) => ({ name: `x${i}`, sort }));
      const args = bound.map(variable);
      const members = selfOf(share.family!);
      const shared: StateTerm = { op: 'read', fun: share, args: [...args, ...members.map(variable)] };
      const free = equal({ op: 'read', fun: owner, args }, { op: 'nobody' });
      const name = `${share.name} excludes ${owner.name}`;
      return [{ name, bound: [...bound, ...members], body: implies(shared, free) }];
    }),
  );
}

/** Numbers stay in their domains, but for counters, which grow with a size. */
export const rangeClauses = ({ funs }: Parameterised): readonly Clause[] =>
  funs.flatMap((fun): readonly Clause[] => {
    if (fun.range.kind !== 'int' || fun.isCounter) return [];
    const { min, max } = boundsOf(fun.range);
    const bound = fun.args.map((sort, i) => ({ name: `x${i}`, sort }));
    const value: StateTerm = { op: 'read', fun, args: bound.map(variable) };
    const number = (n: number): StateTerm => ({ op: 'const', value: n, type: 'int' });
    const body = and({ op: 'le', x: number(min), y: value }, { op: 'le', x: value, y: number(max) });
    return [{ name: `domain of ${fun.name}`, bound, body }];
  });

/** What the properties ask, and what the model's expectations ask where they are asked. */
export function askedClauses({ claims, rules }: Parameterised): readonly Clause[] {
  const stated = claims.map(({ name, condition }): Clause => ({ name, bound: [], body: condition }));
  const expected = rules.flatMap((rule): readonly Clause[] => {
    if (rule.reports === undefined || rule.picks.length > 0) return [];
    const body = not(and(standsAt(rule.family, [rule.from]), rule.guard));
    return [{ name: `${rule.label}: ${rule.reports}`, bound: selfOf(rule.family), body }];
  });
  return [...stated, ...expected];
}

/** A clause about several places as one for each; none if it is about one place, or not about places. */
export function splitByPlace({ places, bound }: Clause): readonly Clause[] {
  if (places === undefined || places.at.length < 2) return [];
  const { family, at, says, body } = places;
  return at.map((one) => ofPlaces({ family, at: [one], says, body }, bound));
}

/** The clause that something is true of the members of a family at some places. */
export const ofPlaces = (places: NonNullable<Clause['places']>, bound: readonly BoundIndex[]): Clause => {
  const { family, at, says, body } = places;
  const labels = at.map((one) => family.locations[one]!.label);
  return {
    name: `${family.name} at ${labels.join(', ')}: ${says}`,
    bound,
    body: implies(standsAt(family, at), body),
    places,
  };
};

/** Clauses that say the same of several places as one. */
export function mergedByPlace(clauses: readonly Clause[]): readonly Clause[] {
  const merged = new Map<string, Clause>();
  for (const clause of clauses) {
    const { places, bound } = clause;
    if (places === undefined) {
      merged.set(`${merged.size}`, clause);
      continue;
    }
    const key = `${places.family.name} ${keyOf(places.body)}`;
    const known = merged.get(key);
    const at = [...new Set([...(known?.places?.at ?? []), ...places.at])].sort((a, b) => a - b);
    merged.set(key, ofPlaces({ ...places, at }, bound));
  }
  return [...merged.values()];
}

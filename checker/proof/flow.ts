// Candidates for invariants from control flow. What a member's own steps establish where it stands: a guard that it has
// passed, a value that it has stored, a value from the start. And for a loop, what is true of the elements that are
// done. Other members may destroy it, so only the places where it is true in all samples are taken.

import type { Location } from '../ir/program.js';
import { elementAtoms, elementOf, isPlain, memberAtoms } from './atoms.js';
import { type Clause, ofPlaces, selfOf, variable } from './clauses.js';
import { heldBy } from './held.js';
import type { Sample } from './mined.js';
import type { BoundIndex, Family, Fun, Parameterised, Rule, StateTerm } from './program.js';
import type { SumRule } from './sums.js';
import { equal, keyOf, not, or, replaced, substitute } from './term.js';
import { termText } from './text.js';
import { fewValues, simplified, withFewValues } from './values.js';

/** Something that may be true of each member at some places; the member is the variable `self`. */
interface PlaceFact {
  readonly family: Family;
  readonly says: string;
  readonly bound: readonly BoundIndex[];
  readonly body: StateTerm;
  readonly places: readonly Location[];
}

/** Candidates about members at places, which are true in all samples. */
export function flowClauses(
  program: Parameterised,
  sums: readonly SumRule[],
  samples: readonly Sample[],
): readonly Clause[] {
  const simple = simplified(program);
  const facts = simple.families.flatMap((family) => [
    ...established(family, simple),
    ...loopFacts(family, simple, sums),
  ]);
  return facts.flatMap((fact) => {
    const places = placesWhereTrue(fact, samples);
    return places.length === 0
      ? []
      : [ofPlaces({ ...fact, at: places }, [...selfOf(fact.family), ...fact.bound])];
  });
}

/** The places at which a fact is true in all states of all samples. */
function placesWhereTrue({ family, bound, body, places }: PlaceFact, samples: readonly Sample[]) {
  let left = places;
  const closed = bound.reduceRight<StateTerm>((x, one) => ({ op: 'all', bound: one, x }), body);
  for (const { instance, states } of samples) {
    const slot = instance.slot('self');
    const holds = instance.compile(closed);
    const members = instance.membersOf(family);
    for (const state of states) {
      for (let member = 0; member < members; member++) {
        const at = instance.placeOf(family, member, state);
        if (!left.includes(at)) continue;
        const indices: number[] = [];
        indices[slot] = member;
        if (holds(state, indices) === 0) left = left.filter((one) => one !== at);
      }
    }
    if (left.length === 0) return left;
  }
  return left;
}

// What a member's own steps establish.

function established(family: Family, program: Parameterised): readonly PlaceFact[] {
  const own = program.rules.filter((rule) => rule.family === family && rule.to !== family.dead);
  return literals(memberAtoms(family, program), program).flatMap((x): readonly PlaceFact[] => {
    const places = placesAfter(x, family, own, program);
    return places.length === 0 ? [] : [{ family, says: termText(x), bound: [], body: x, places }];
  });
}

/** Plain conditions and their negations, each once. */
function literals(atoms: readonly StateTerm[], program: Parameterised): readonly StateTerm[] {
  const few = fewValues(program);
  const all = atoms
    .filter(isPlain)
    .map((x) => withFewValues(x, few))
    .flatMap((x) => (x.op === 'const' ? [] : [x, not(x)]));
  return [...new Map(all.map((x) => [keyOf(x), x])).values()];
}

/** The places that all ways lead to with this being true, if nobody else does anything. */
function placesAfter(x: StateTerm, family: Family, own: readonly Rule[], program: Parameterised) {
  const isAt = new Map<Location, boolean>([[family.start, isTrueAtFirst(x, program)]]);
  const open = [family.start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const rule of own) {
      if (rule.from !== at) continue;
      const after = isTrueAfter(x, rule, isAt.get(at)!);
      const before = isAt.get(rule.to);
      const met = (before ?? true) && after;
      if (before === met) continue;
      isAt.set(rule.to, met);
      open.push(rule.to);
    }
  }
  return [...isAt].flatMap(([at, holds]) => (holds ? [at] : [])).sort((a, b) => a - b);
}

const isTrueAtFirst = (x: StateTerm, { families }: Parameterised): boolean => {
  const first = substitute(x, (one) => {
    if (one.op === 'read' && one.fun.first !== 'any') return one.fun.first;
    if (one.op !== 'at') return undefined;
    const isThere = one.locations.includes(
      families.find(({ thread }) => thread === one.family.thread)!.start,
    );
    return { op: 'const', value: isThere ? 1 : 0, type: 'bool' };
  });
  return isConstant(first, true);
};

function isTrueAfter(x: StateTerm, rule: Rule, before: boolean): boolean {
  let isLost = false;
  let isWritten = false;
  const after = substitute(x, (one) => {
    if (one.op !== 'read') return undefined;
    const writes = rule.updates.filter(({ fun }) => fun === one.fun);
    if (writes.length === 0) return undefined;
    isWritten = true;
    const same = writes.find(({ args }) => args.map(keyOf).join() === one.args.map(keyOf).join());
    if (same === undefined) isLost = true;
    return same?.value;
  });
  // An index that moves on: what is known of the old one says nothing of the new one.
  if (isLost) return false;
  if (isWritten) return isConstant(after, true) || conjuncts(rule.guard).has(keyOf(after));
  return before || conjuncts(rule.guard).has(keyOf(x));
}

const isConstant = (x: StateTerm, value: boolean): boolean =>
  x.op === 'const' && x.type === 'bool' && (x.value !== 0) === value;
const conjuncts = (x: StateTerm): ReadonlySet<string> => new Set((x.op === 'and' ? x.xs : [x]).map(keyOf));

// What is true of the elements that a loop has done.

function loopFacts(family: Family, program: Parameterised, sums: readonly SumRule[]): readonly PlaceFact[] {
  const loops = program.funs.filter((fun) => fun.kind === 'to do' && fun.family === family);
  // Before a loop begins, nothing is to do either.
  const anywhere = [...family.locations.keys()];
  return loops.flatMap((todo) => {
    const index = program.funs.find(({ name }) => name === todo.name.replace(/todo$/, 'index'))!;
    const places = placesFrom(index, family, program);
    const element = elementOf(todo.args[0]!);
    const members = selfOf(family).map(variable);
    const isTodo = (m: StateTerm): StateTerm => ({ op: 'read', fun: todo, args: [m, ...members] });
    const inWork: StateTerm = { op: 'read', fun: index, args: members };
    const about = elementFacts(element, program, sums);
    const short = loopText(todo, loops);
    return [
      {
        ...{ family, places: anywhere, bound: [] },
        says: `the index in work is not to do (${short})`,
        body: not(isTodo(inWork)),
      },
      {
        ...{ family, places: anywhere, bound: [element] },
        says: `nothing is to do (${short})`,
        body: not(isTodo(variable(element))),
      },
      ...about.flatMap(({ bound, about: m, body, says }): readonly PlaceFact[] => [
        {
          ...{ family, places, bound },
          says: `for all ${short} that are done: ${says}`,
          body: or(isTodo(m), body),
        },
        {
          ...{ family, places, bound },
          says: `for all ${short} that are done, but the one in work: ${says}`,
          body: or(isTodo(m), equal(m, inWork), body),
        },
      ]),
    ];
  });
}

/** The sort of a loop, and which one it is, where its family has several over the same. */
function loopText(todo: Fun, loops: readonly Fun[]): string {
  const [sort] = todo.args;
  const alike = loops.filter(({ args }) => args[0] === sort);
  return alike.length === 1 ? sort! : `${sort}, loop ${alike.indexOf(todo) + 1}`;
}

/** The places that can be reached once a loop has begun. */
function placesFrom(index: Fun, family: Family, { rules }: Parameterised): readonly Location[] {
  const own = rules.filter((rule) => rule.family === family && rule.to !== family.dead);
  const begins = own.filter(({ updates }) => updates.some(({ fun }) => fun === index));
  const seen = new Set(begins.map(({ to }) => to));
  for (let size = -1; size < seen.size; ) {
    size = seen.size;
    for (const { from, to } of own) if (seen.has(from)) seen.add(to);
  }
  return [...seen].sort((a, b) => a - b);
}

/** Something about an element, for all values of some variables. */
interface ElementFact {
  readonly bound: readonly BoundIndex[];
  /** The element. */
  readonly about: StateTerm;
  readonly body: StateTerm;
  readonly says: string;
}

/** What may be said of one element: of its variables, and that nobody contributes to a sum there. */
function elementFacts(
  element: BoundIndex,
  program: Parameterised,
  sums: readonly SumRule[],
): readonly ElementFact[] {
  const simple = literals(elementAtoms(element.sort, program), program).map((body): ElementFact => {
    return { bound: [element], about: variable(element), body, says: termText(body) };
  });
  return [
    ...simple,
    ...program.families.flatMap((family) => contributionsOf(family, element, program, sums)),
  ];
}

/**
 * That no member of a family contributes to a sum while it works on an element: it holds a lock of the element there.
 * Contributions that depend on an index of the counter are those of some index.
 */
function contributionsOf(
  family: Family,
  element: BoundIndex,
  program: Parameterised,
  sums: readonly SumRule[],
): readonly ElementFact[] {
  const own = sums.flatMap(({ summands }) => summands.filter((one) => one.family === family));
  const places = new Set(own.flatMap(({ condition }) => placesIn(condition, family)));
  const held = heldBy(family, program);
  const byIndex = new Map<string, { readonly index: StateTerm; readonly at: Set<Location> }>();
  for (const at of [...places].sort((a, b) => a - b)) {
    for (const { fun, args } of held.get(at)?.surely ?? []) {
      if (fun.args.join() !== element.sort) continue;
      const [index] = args;
      const known = byIndex.get(keyOf(index!)) ?? { index: index!, at: new Set() };
      known.at.add(at);
      byIndex.set(keyOf(index!), known);
    }
  }
  const other: BoundIndex | undefined =
    family.sort === undefined ? undefined : { name: 'x', sort: family.sort };
  return [...byIndex.values()].map(({ index, at }) => {
    const named = other === undefined ? index : replaced(index, new Map([['self', variable(other)]]));
    const here: StateTerm = {
      ...{ op: 'at', family, locations: [...at] },
      ...(other !== undefined && { member: variable(other) }),
    };
    const bound = other === undefined ? [] : [other];
    return { bound, about: named, body: not(here), says: `no ${family.name} contributes` };
  });
}

/** All places of a family that a condition names. */
function placesIn(x: StateTerm, family: Family): readonly Location[] {
  const places = new Set<Location>();
  substitute(x, (one) => {
    if (one.op === 'at' && one.family.thread === family.thread)
      for (const at of one.locations) places.add(at);
    return undefined;
  });
  return [...places].sort((a, b) => a - b);
}

// Finds how a counter is a sum: features of the states of small instances, such as "how many elements have this value"
// and "how many members stand at this place", of which weights give the counter in every state. Whether the sum is kept
// for every number, solvers are asked.

import { boundsOf } from '../ir/expression.js';
import type { Location } from '../ir/program.js';
import { variable } from './clauses.js';
import type { FiniteInstance } from './instance.js';
import { LinearSystem } from './linear.js';
import type { Sample } from './mined.js';
import type { BoundIndex, Family, Fun, Parameterised, Rule, StateTerm } from './program.js';
import { type Contribution, combined, type LinearSize, linearIn, type SumRule } from './sums.js';
import { and, equal, keyOf, not, or } from './term.js';
import { type FewValues, fewValues } from './values.js';

/** A condition on an index; the feature is for how many indices it is true. */
interface Feature {
  readonly bound?: BoundIndex;
  readonly condition: StateTerm;
  /** Those of one group are about the same thing: exactly one of the group's cases is true for each index. */
  readonly group: Group;
  readonly at?: Location;
  readonly aspect?: StateTerm;
}
interface Group {
  readonly family?: Family;
  readonly fun?: Fun;
}

/** The rules of all counters that are sums in the samples. */
export function findSums(program: Parameterised, samples: readonly Sample[]): readonly SumRule[] {
  const few = fewValues(program);
  return program.funs.flatMap((fun) => {
    if (fun.kind !== 'shared' || fun.range.kind !== 'int' || !isCounted(fun, program)) return [];
    const rule = sumOf(fun, program, few, samples);
    return rule === undefined ? [] : [rule];
  });
}

/** Is each of its changes by a constant? */
function isCounted(fun: Fun, { rules }: Parameterised): boolean {
  const values = rules.flatMap(({ updates }) => updates.flatMap((one) => (one.fun === fun ? [one] : [])));
  return (
    values.length > 0 &&
    values.every(({ args, value, every }) => {
      if (every.length > 0 || (value.op !== 'add' && value.op !== 'sub') || value.y.op !== 'const')
        return false;
      return keyOf(value.x) === keyOf({ op: 'read', fun, args });
    })
  );
}

function sumOf(
  counter: Fun,
  program: Parameterised,
  few: FewValues,
  samples: readonly Sample[],
): SumRule | undefined {
  const first = counter.first === 'any' ? undefined : linearIn(counter.first);
  if (first === undefined) return undefined;
  const args = counter.args.map((sort, i) => ({ name: `p${i}`, sort }));
  const features = featuresFor(counter, args, program, few);
  const weights = fitted(counter, args, features, samples);
  if (weights === undefined) return undefined;
  const summands = summandsOf(features, weights, args, samples);
  if (summands === undefined) return undefined;
  return { counter, args, summands, offset: offsetOf(first, summands) };
}

const offsetOf = (first: LinearSize, summands: readonly Contribution[]): LinearSize =>
  summands.reduce((rest, { bound, weight, isFirst }) => {
    if (!isFirst) return rest;
    const one: LinearSize =
      bound === undefined
        ? { number: 1, sizes: new Map() }
        : { number: 0, sizes: new Map([[bound.sort, 1]]) };
    return combined(rest, one, -weight);
  }, first);

// What may contribute.

/** First what is likely: the values of elements that they have at first, then others, then places; starts come last. */
function featuresFor(
  counter: Fun,
  args: readonly BoundIndex[],
  program: Parameterised,
  few: FewValues,
): readonly Feature[] {
  const elements = program.funs.flatMap((fun) => (fun === counter ? [] : ofFun(fun, args, few)));
  const places = program.families.flatMap((family) => ofFamily(family, args, program));
  const isLast = ({ group: { family }, at, aspect }: Feature): number =>
    aspect !== undefined ? 1 : at !== undefined && (at === family!.start || at === family!.done) ? 2 : 0;
  return [...elements, ...[0, 1, 2].flatMap((n) => places.filter((one) => isLast(one) === n))];
}

/** The values of a shared function, with one index that is not the counter's. */
function ofFun(fun: Fun, args: readonly BoundIndex[], few: FewValues): readonly Feature[] {
  if (fun.kind !== 'shared' && fun.kind !== 'share') return [];
  const values = valuesOf(fun, few);
  if (values.length < 2) return [];
  return placings(fun, args).flatMap(({ bound, at }) => {
    const read: StateTerm = { op: 'read', fun, args: at };
    return values.map(
      (value): Feature => ({ ...(bound && { bound }), condition: equal(read, value), group: { fun } }),
    );
  });
}

function valuesOf(fun: Fun, few: FewValues): readonly StateTerm[] {
  const known = few.get(fun);
  if (known !== undefined) return known;
  if (fun.range.kind !== 'bool' && fun.range.kind !== 'enum') return [];
  const { min, max } = boundsOf(fun.range);
  const type = fun.range.kind === 'enum' ? fun.range.values : 'bool';
  return Array.from({ length: max - min + 1 }, (_, i): StateTerm => ({ op: 'const', value: min + i, type }));
}

/** The ways to name a function's value for an index of its own, and for the counter's or none. */
function placings(
  fun: Fun,
  args: readonly BoundIndex[],
): readonly { readonly bound?: BoundIndex; readonly at: readonly StateTerm[] }[] {
  const isOf = (sorts: readonly string[]) => sorts.join() === args.map(({ sort }) => sort).join();
  if (fun.args.length === 0) return [{ at: [] }];
  if (isOf(fun.args)) return [{ at: args.map(variable) }];
  return fun.args.flatMap((sort, free) => {
    const others = fun.args.filter((_, i) => i !== free);
    if (others.length > 0 && !isOf(others)) return [];
    const bound = { name: fun.kind === 'share' ? 'x' : 'm', sort };
    let next = 0;
    return [{ bound, at: fun.args.map((_, i) => variable(i === free ? bound : args[next++]!)) }];
  });
}

/** The places of a family; where a loop over the counter's indices goes on there, what is still to do. */
function ofFamily(family: Family, args: readonly BoundIndex[], program: Parameterised): readonly Feature[] {
  const bound = family.sort === undefined ? undefined : { name: 'x', sort: family.sort };
  const member = bound === undefined ? {} : { member: variable(bound) };
  const own = program.rules.filter((rule) => rule.family === family);
  const places = [...new Set([family.start, ...own.flatMap(({ from, to }) => [from, to])])];
  return places
    .filter((at) => at !== family.dead)
    .sort((a, b) => a - b)
    .flatMap((at) => {
      const here: StateTerm = { op: 'at', family, ...member, locations: [at] };
      const about = { ...(bound && { bound }), group: { family }, at };
      const aspects = aspectsAt(at, own, family, args, program);
      return [
        { ...about, condition: here },
        ...aspects.map((aspect): Feature => ({ ...about, condition: and(here, aspect), aspect })),
      ];
    });
}

/** What distinguishes members that stand at one place: their flags, and where their loops are. */
function aspectsAt(
  at: Location,
  own: readonly Rule[],
  family: Family,
  args: readonly BoundIndex[],
  { funs }: Parameterised,
): readonly StateTerm[] {
  const members: readonly StateTerm[] =
    family.sort === undefined ? [] : [variable({ name: 'x', sort: family.sort })];
  const mine = funs.filter((fun) => fun.family === family);
  const flags = mine.filter(
    ({ kind, range, args: indices }) =>
      kind === 'local' && range.kind === 'bool' && indices.length === members.length,
  );
  const [arg, ...more] = args;
  const loops = mine.filter(({ kind, range }) => {
    const isSame = range.kind === 'index' && range.sort === arg?.sort && more.length === 0;
    return kind === 'loop index' && isSame;
  });
  const inLoop = loops.filter((index) =>
    own.some(
      ({ from, updates }) =>
        from === at && updates.some((one) => one.args.some((x) => keyOf(x).includes(index.name))),
    ),
  );
  return [
    ...flags.map((fun): StateTerm => ({ op: 'read', fun, args: members })),
    ...inLoop.flatMap((index): readonly StateTerm[] => {
      const todo = funs.find(({ name }) => name === index.name.replace(/index$/, 'todo'))!;
      return [
        { op: 'read', fun: todo, args: [variable(arg!), ...members] },
        equal(variable(arg!), { op: 'read', fun: index, args: members }),
      ];
    }),
  ];
}

// Which weights fit.

const rowsAtFirst = 600;
const rowsLater = 200;

function fitted(
  counter: Fun,
  args: readonly BoundIndex[],
  features: readonly Feature[],
  samples: readonly Sample[],
): readonly number[] | undefined {
  const system = new LinearSystem(features.length);
  const seen = samples.map((sample) => new Observer(counter, args, features, sample));
  const total = samples.reduce((sum, { states }) => sum + states.length, 0);
  const step = Math.max(1, Math.floor(total / rowsAtFirst));
  for (const [i, observer] of seen.entries()) {
    for (let at = 0; at < samples[i]!.states.length; at += step)
      for (const { row, value } of observer.rows(at)) if (!system.add(row, value)) return undefined;
  }
  for (let round = 0; round < rowsLater; round++) {
    const weights = system.solution();
    if (weights === undefined) return undefined;
    const other = firstUnlike(seen, weights);
    if (other === undefined) return weights;
    if (!system.add(other.row, other.value)) return undefined;
  }
  return undefined;
}

function firstUnlike(seen: readonly Observer[], weights: readonly number[]): Observation | undefined {
  for (const observer of seen) {
    const found = observer.unlike(weights);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Observation {
  readonly row: readonly number[];
  readonly value: number;
}

/** Sees features and the counter in the states of one instance, less what they are at first. */
class Observer {
  readonly #sample: Sample;
  readonly #features: readonly ReturnType<FiniteInstance['compile']>[];
  readonly #counter: ReturnType<FiniteInstance['compile']>;
  readonly #indices: readonly (readonly number[])[];
  #from = 0;

  constructor(counter: Fun, args: readonly BoundIndex[], features: readonly Feature[], sample: Sample) {
    const { instance } = sample;
    this.#sample = sample;
    const slots = args.map(({ name }) => instance.slot(name));
    this.#features = features.map(({ bound, condition }) =>
      instance.compile(bound === undefined ? condition : { op: 'sum', bound, x: condition }),
    );
    this.#counter = instance.compile({ op: 'read', fun: counter, args: args.map(variable) });
    let all: number[][] = [[]];
    for (const [i, { sort }] of args.entries()) {
      all = all.flatMap((before) =>
        Array.from({ length: instance.size(sort) }, (_, value) => {
          const indices = [...before];
          indices[slots[i]!] = value;
          return indices;
        }),
      );
    }
    this.#indices = all;
  }

  #less(compiled: ReturnType<FiniteInstance['compile']>, at: number, indices: readonly number[]): number {
    const { states } = this.#sample;
    return compiled(states[at]!, [...indices]) - compiled(states[0]!, [...indices]);
  }

  rows(at: number): readonly Observation[] {
    return this.#indices.map((indices) => ({
      row: this.#features.map((one) => this.#less(one, at, indices)),
      value: this.#less(this.#counter, at, indices),
    }));
  }

  /** The next state in which the weights do not give the counter. */
  unlike(weights: readonly number[]): Observation | undefined {
    const used = weights.flatMap((weight, i) => (weight === 0 ? [] : [{ weight, of: this.#features[i]! }]));
    for (; this.#from < this.#sample.states.length; this.#from++) {
      for (const [i, indices] of this.#indices.entries()) {
        const sum = used.reduce(
          (rest, { weight, of }) => rest + weight * this.#less(of, this.#from, indices),
          0,
        );
        if (sum !== this.#less(this.#counter, this.#from, indices)) return this.rows(this.#from)[i]!;
      }
    }
    return undefined;
  }
}

// From weights to summands: of each group the least weight becomes 0.

interface WeightedCase {
  readonly condition: StateTerm;
  readonly weight: number;
}

function summandsOf(
  features: readonly Feature[],
  weights: readonly number[],
  args: readonly BoundIndex[],
  samples: readonly Sample[],
): readonly Contribution[] | undefined {
  const groups = new Map<unknown, number[]>();
  for (const [i, { group, bound }] of features.entries()) {
    const key = group.family ?? `${group.fun!.name} ${bound?.sort}`;
    groups.set(key, [...(groups.get(key) ?? []), i]);
  }
  const all: Contribution[] = [];
  for (const members of groups.values()) {
    const cases = casesOf(
      members.map((i) => ({ ...features[i]!, weight: weights[i]! })),
      samples,
    );
    if (cases === undefined) return undefined;
    const least = Math.min(...cases.map(({ weight }) => weight));
    const { bound, group } = features[members[0]!]!;
    const byWeight = new Map<number, StateTerm[]>();
    for (const { condition, weight } of cases) {
      if (weight === least) continue;
      byWeight.set(weight - least, [...(byWeight.get(weight - least) ?? []), condition]);
    }
    for (const [weight, conditions] of byWeight) {
      const condition = joined(conditions);
      const isFirst = atFirst(condition, bound, args, samples);
      if (isFirst === undefined) return undefined;
      all.push({ ...(bound && { bound }), ...group, condition, weight, isFirst });
    }
  }
  return all.length === 0 ? undefined : all;
}

/** Cases that exclude each other; undefined where two things matter at one place. */
function casesOf(
  group: readonly (Feature & { readonly weight: number })[],
  samples: readonly Sample[],
): readonly WeightedCase[] | undefined {
  const cases: WeightedCase[] = [];
  const { family } = group[0]!.group;
  const seen = family === undefined ? new Set<Location>() : seenPlaces(family, samples);
  for (const { condition, weight, at, aspect } of group) {
    if (aspect !== undefined) continue;
    const more = group.filter((one) => one.at === at && one.aspect !== undefined && one.weight !== 0);
    if (at === undefined || more.length === 0) {
      if (at === undefined || seen.has(at)) cases.push({ condition, weight });
      continue;
    }
    const [one, two, ...others] = more;
    if (others.length > 0) return undefined;
    cases.push({ condition: and(condition, one!.aspect!), weight: weight + one!.weight });
    const rest = and(condition, not(one!.aspect!));
    if (two === undefined) cases.push({ condition: rest, weight });
    else {
      cases.push({ condition: and(rest, two.aspect!), weight: weight + two.weight });
      cases.push({ condition: and(rest, not(two.aspect!)), weight });
    }
  }
  return cases;
}

/** Places of one member are one condition. */
function joined(conditions: readonly StateTerm[]): StateTerm {
  const places = conditions.flatMap((x) => (x.op === 'at' ? [x] : []));
  const [first] = places;
  const others = conditions.filter((x) => x.op !== 'at');
  if (first === undefined) return or(...others);
  return or({ ...first, locations: places.flatMap(({ locations }) => locations) }, ...others);
}

/** The places of a family at which some member stands in some sample. */
function seenPlaces(family: Family, samples: readonly Sample[]): ReadonlySet<Location> {
  const seen = new Set<Location>();
  for (const { instance, states } of samples) {
    for (const state of states)
      for (let i = 0; i < instance.membersOf(family); i++) seen.add(instance.placeOf(family, i, state));
  }
  return seen;
}

/** True for all indices in the first states, or for none; undefined if for some. */
export function atFirst(
  condition: StateTerm,
  bound: BoundIndex | undefined,
  args: readonly BoundIndex[],
  samples: readonly Sample[],
): boolean | undefined {
  const found = (x: StateTerm) => {
    const closed = [...args, ...(bound === undefined ? [] : [bound])].reduceRight<StateTerm>(
      (rest, one) => ({ op: 'all', bound: one, x: rest }),
      x,
    );
    return samples.every(({ instance, states }) => instance.compile(closed)(states[0]!, []) !== 0);
  };
  return found(condition) ? true : found(not(condition)) ? false : undefined;
}

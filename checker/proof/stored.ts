// An invariant as data: what one proof has found, to be judged again without looking for it. Nothing of it is believed:
// solvers are asked of each clause and sum as if they had been found now. A term is made anew of the functions, families
// and words of the Program, so no text of a file reaches a solver as it stands.

import type { Location } from '../ir/program.js';
import { type Clause, ofPlaces } from './clauses.js';
import type { ProofInvariant } from './obligations.js';
import type { BoundIndex, Family, Fun, Parameterised, Sort, StateTerm } from './program.js';
import type { Contribution, LinearSize, SumRule } from './sums.js';

const format = 'raceproof invariant 1';

/** A stored invariant that cannot be read, or is one of another Program. */
export class StoredError extends Error {}

/** Plain data, for JSON, where families and functions have their names. */
export function storedInvariant({ clauses, sums }: ProofInvariant): object {
  return {
    format,
    clauses: clauses.map(({ name, bound, body, place, places }) =>
      named(
        places === undefined ? { name, bound, body, place: where(place) } : { bound, places: where(places) },
      ),
    ),
    sums: sums.map((sum) => ({ ...sum, offset: { ...sum.offset, sizes: [...sum.offset.sizes] } })).map(named),
  };
}

/** Of a clause about places, what it is made of. */
const where = <P extends NonNullable<Clause['place'] | Clause['places']>>(about: P | undefined) =>
  about && {
    ...{ family: about.family, at: about.at, says: about.says },
    ...('body' in about && { body: about.body }),
  };

const named = (x: object): unknown =>
  JSON.parse(
    JSON.stringify(x, (key, value: unknown) =>
      ['fun', 'family', 'counter'].includes(key) ? (value as Fun | Family).name : value,
    ),
  );

/** Reads what `storedInvariant` gives. Throws a StoredError. */
export function readInvariant(data: unknown, program: Parameterised): ProofInvariant {
  const reader = new StoredReader(program);
  const { format: given, clauses, sums } = reader.object(data);
  if (given !== format) throw new StoredError(`it does not begin with "format": "${format}"`);
  return {
    clauses: reader.list(clauses).map((one) => reader.clause(one)),
    sums: reader.list(sums).map((one) => reader.sum(one)),
  };
}

/** Variables that a term may name, with their sorts. */
type Variables = ReadonlyMap<string, Sort>;

/** Long, since each kind of term is read by the same words. */
class StoredReader {
  readonly #program: Parameterised;

  constructor(program: Parameterised) {
    this.#program = program;
  }

  object(x: unknown): { readonly [key: string]: unknown } {
    if (typeof x === 'object' && x !== null && !Array.isArray(x)) return { ...x };
    throw new StoredError(`${shortText(x)} stands where an object is expected`);
  }

  list(x: unknown): readonly unknown[] {
    if (Array.isArray(x)) return x;
    throw new StoredError(`${shortText(x)} stands where a list is expected`);
  }

  clause(x: unknown): Clause {
    const { name, bound, body, place, places } = this.object(x);
    const variables = this.list(bound).map((one) => this.#bound(one));
    const scope = scopeOf(variables);
    if (places !== undefined) {
      const { at, ...about } = this.object(places);
      const inner = { ...this.#about(about), body: this.#term(about['body'], scope) };
      if (inner.family.sort !== undefined && scope.get('self') !== inner.family.sort)
        throw new StoredError(`self is no member of ${inner.family.name}`);
      return ofPlaces({ ...inner, at: this.#locations(at, inner.family) }, variables);
    }
    const about = { name: this.#line(name), bound: variables, body: this.#term(body, scope) };
    if (place === undefined) return about;
    const where = this.object(place);
    const one = this.#about(where);
    return { ...about, place: { ...one, at: this.#locations([where['at']], one.family)[0]! } };
  }

  #about({ family, says }: { readonly [key: string]: unknown }) {
    return { family: this.#family(family), says: this.#line(says) };
  }

  sum(x: unknown): SumRule {
    const { counter, args, offset, summands } = this.object(x);
    const variables = this.list(args).map((one) => this.#bound(one));
    const fun = this.#fun(counter);
    if (fun.args.join() !== variables.map(({ sort }) => sort).join())
      throw new StoredError(`${fun.name} has other indices`);
    return {
      ...{ counter: fun, args: variables, offset: this.#linear(offset) },
      summands: this.list(summands).map((one) => this.#contribution(one, variables)),
    };
  }

  #contribution(x: unknown, args: readonly BoundIndex[]): Contribution {
    const { bound, family, condition, weight, isFirst } = this.object(x);
    const own = bound === undefined ? [] : [this.#bound(bound)];
    const times = this.#integer(weight);
    if (times < 1) throw new StoredError(`the weight ${times} is not positive`);
    return {
      ...(own[0] !== undefined && { bound: own[0] }),
      ...(family !== undefined && { family: this.#family(family) }),
      ...{ condition: this.#term(condition, scopeOf([...args, ...own])), weight: times },
      isFirst: isFirst === true,
    };
  }

  #linear(x: unknown): LinearSize {
    const { number, sizes } = this.object(x);
    const pairs = this.list(sizes).map((pair) => {
      const [sort, times] = this.list(pair);
      return [this.#sort(sort), this.#integer(times)] as const;
    });
    return { number: this.#integer(number), sizes: new Map(pairs) };
  }

  #term(x: unknown, scope: Variables): StateTerm {
    const given = this.object(x);
    const of = (one: unknown) => this.#term(one, scope);
    const { op } = given;
    switch (op) {
      case 'const':
        return this.#constant(given);
      case 'first':
      case 'size':
        return { op, sort: this.#sort(given['sort']) };
      case 'var':
        return this.#variable(given, scope);
      case 'modulo':
        return { op, from: this.#sort(given['from']), sort: this.#sort(given['sort']), x: of(given['x']) };
      case 'read':
        return this.#read(given, scope);
      case 'at':
        return this.#at(given, scope);
      case 'nobody':
        return { op };
      case 'actor': {
        const family = this.#family(given['family']);
        return { op, family, ...this.#member(family, given['member'], scope) };
      }
      case 'not':
        return { op, x: of(given['x']) };
      case 'and':
      case 'or':
        return { op, xs: this.list(given['xs']).map(of) };
      case 'eq':
      case 'lt':
      case 'le':
      case 'add':
      case 'sub':
      case 'mul':
        return { op, x: of(given['x']), y: of(given['y']) };
      case 'if':
        return { op, x: of(given['x']), then: of(given['then']), else: of(given['else']) };
      case 'all':
      case 'any': {
        const bound = this.#bound(given['bound']);
        if (scope.has(bound.name)) throw new StoredError(`${bound.name} is bound twice`);
        const inner = new Map(scope).set(bound.name, bound.sort);
        return { op, bound, x: this.#term(given['x'], inner) };
      }
      default:
        throw new StoredError(`${shortText(op)} is no operation of a term`);
    }
  }

  #constant({ value, type }: { readonly [key: string]: unknown }): StateTerm {
    const number = this.#integer(value);
    if (type === 'int') return { op: 'const', value: number, type };
    if (type === 'bool' && (number === 0 || number === 1)) return { op: 'const', value: number, type };
    const enums = this.#program.funs.flatMap(({ range }) => (range.kind === 'enum' ? [range.values] : []));
    const words = Array.isArray(type) ? enums.find((one) => one.join() === type.join()) : undefined;
    if (words?.[number] !== undefined) return { op: 'const', value: number, type: words };
    throw new StoredError(`${shortText({ value, type })} is no value`);
  }

  #variable({ name, sort }: { readonly [key: string]: unknown }, scope: Variables): StateTerm {
    const of = typeof name === 'string' ? scope.get(name) : undefined;
    if (of !== undefined && of === sort) return { op: 'var', name: String(name), sort: of };
    throw new StoredError(`${shortText(name)} is no variable here`);
  }

  #read({ fun: name, args }: { readonly [key: string]: unknown }, scope: Variables): StateTerm {
    const fun = this.#fun(name);
    const given = this.list(args).map((one) => this.#term(one, scope));
    if (given.length === fun.args.length) return { op: 'read', fun, args: given };
    throw new StoredError(`${fun.name} has ${fun.args.length} indices, not ${given.length}`);
  }

  #at({ family: name, member, locations }: { readonly [key: string]: unknown }, scope: Variables): StateTerm {
    const family = this.#family(name);
    const places = this.#locations(locations, family);
    return { op: 'at', family, ...this.#member(family, member, scope), locations: places };
  }

  #locations(x: unknown, family: Family): readonly Location[] {
    const places = this.list(x).map((one) => this.#integer(one));
    const wrong = places.find((at) => family.locations[at] === undefined);
    if (wrong === undefined) return places;
    throw new StoredError(`${family.name} has no place ${wrong}`);
  }

  #member({ name, sort }: Family, x: unknown, scope: Variables): { readonly member?: StateTerm } {
    if ((x === undefined) !== (sort === undefined))
      throw new StoredError(`${name} is ${sort === undefined ? 'a single actor' : 'a family of actors'}`);
    return x === undefined ? {} : { member: this.#term(x, scope) };
  }

  #bound(x: unknown): BoundIndex {
    const { name, sort } = this.object(x);
    if (typeof name !== 'string' || !/^\w+$/.test(name))
      throw new StoredError(`${shortText(name)} is no name of a variable`);
    return { name, sort: this.#sort(sort) };
  }

  #sort(x: unknown): Sort {
    if (typeof x === 'string' && this.#program.sizes.has(x)) return x;
    throw new StoredError(`${shortText(x)} is not left open`);
  }

  #fun = (x: unknown): Fun => the(this.#program.funs, x, 'variable');
  #family = (x: unknown): Family => the(this.#program.families, x, 'actor');

  #integer(x: unknown): number {
    if (typeof x === 'number' && Number.isSafeInteger(x)) return x;
    throw new StoredError(`${shortText(x)} stands where a number is expected`);
  }

  #line(x: unknown): string {
    if (typeof x === 'string' && !/\p{Cc}/u.test(x)) return x;
    throw new StoredError(`${shortText(x)} stands where a line of text is expected`);
  }
}

function scopeOf(variables: readonly BoundIndex[]): Variables {
  const scope = new Map(variables.map(({ name, sort }) => [name, sort]));
  if (scope.size === variables.length) return scope;
  throw new StoredError('a variable is bound twice');
}

/** The only one with this name. */
function the<T extends { readonly name: string }>(all: readonly T[], name: unknown, what: string): T {
  const [found, other] = all.filter((one) => one.name === name);
  if (found !== undefined && other === undefined) return found;
  throw new StoredError(`the model has no ${what} ${shortText(name)}`);
}

const shortText = (x: unknown): string => {
  const text = JSON.stringify(x) ?? 'nothing';
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
};

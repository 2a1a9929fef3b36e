// Terms and states as SMT-LIB 2: sorts are uninterpreted, a state is a set of functions, and the state after a step is
// a set of macros over the one before it, so nothing needs to be said of what a step leaves as it was.

import type { Family, Fun, Parameterised, Rule, Sort, StateTerm, Update } from './program.js';

/** Before a step, or after it. */
export type When = 'before' | 'after';

const quoted = (name: string): string => `|${name.replaceAll(/[|\\]/g, '_')}|`;

/** Names that a function of the state cannot have: those of indices and members, and words of the language. */
const taken =
  /^(?:[a-z]\d*b*|self|nobody|true|false|not|and|or|xor|ite|distinct|select|store|div|mod|abs|is|exp|pi)$/;

/** The words of SMT-LIB for one parameterised Program. Long, since each word is made in one place. */
export class Smtlib {
  readonly #program: Parameterised;
  readonly #instance: ReadonlyMap<Sort, number> | undefined;
  readonly #enums = new Map<string, { readonly name: string; readonly values: readonly string[] }>();

  /** With `instance`: for these sizes alone, where each index has a name. */
  constructor(program: Parameterised, instance?: ReadonlyMap<Sort, number>) {
    this.#program = program;
    this.#instance = instance;
    for (const { range } of program.funs) {
      if (range.kind !== 'enum') continue;
      const key = range.values.join();
      if (!this.#enums.has(key)) this.#enums.set(key, { name: `w${this.#enums.size}`, values: range.values });
    }
  }

  sort = (sort: Sort): string => quoted(sort);

  /** The sorts and the functions that no step changes. */
  header(): string {
    const { sizes, families } = this.#program;
    const actors = families.map((family) => {
      const name = this.#actor(family);
      return family.sort === undefined
        ? `(${name})`
        : `(${name} (${this.#memberOf(family)} ${quoted(family.sort)}))`;
    });
    const places = families.map((family) => {
      const all = family.locations.map((_, at) => `(${this.#place(family, at)})`).join(' ');
      return `(declare-datatypes ((${this.#placeSort(family)} 0)) ((${all})))`;
    });
    return [
      '(set-logic ALL)',
      ...[...sizes].flatMap(([sort, least]) => this.#indices(sort, least)),
      ...[...this.#enums.values()].map(
        ({ name, values }) =>
          `(declare-datatypes ((${name} 0)) ((${values.map((_, i) => `(${quoted(`${name} ${values[i]}`)})`).join(' ')})))`,
      ),
      `(declare-datatypes ((Actor 0)) (((nobody) ${actors.join(' ')})))`,
      ...places,
      ...this.#moduli().flatMap(([from, to]) => [
        `(declare-fun ${this.#modulo(from, to)} (${quoted(from)}) ${quoted(to)})`,
        ...this.#moduloValues(from, to),
      ]),
      '',
    ].join('\n');
  }

  /** A sort, its first index and its size: any size from the least on, or that of the instance. */
  #indices(sort: Sort, least: number): readonly string[] {
    const size = this.#instance?.get(sort);
    const named = (i: number) => quoted(`${sort} ${i}`);
    const declared =
      size === undefined
        ? [`(declare-sort ${quoted(sort)} 0)`, `(declare-const ${named(0)} ${quoted(sort)})`]
        : [
            `(declare-datatypes ((${quoted(sort)} 0)) ((${Array.from({ length: size }, (_, i) => `(${named(i)})`).join(' ')})))`,
          ];
    const isSize =
      size === undefined ? `(>= ${this.#size(sort)} ${least})` : `(= ${this.#size(sort)} ${size})`;
    return [...declared, `(declare-const ${this.#size(sort)} Int)`, `(assert ${isSize})`];
  }

  /** In an instance, what an index is modulo another size. */
  #moduloValues(from: Sort, to: Sort): readonly string[] {
    const [size, modulus] = [this.#instance?.get(from), this.#instance?.get(to)];
    if (size === undefined || modulus === undefined) return [];
    return Array.from(
      { length: size },
      (_, i) =>
        `(assert (= (${this.#modulo(from, to)} ${quoted(`${from} ${i}`)}) ${quoted(`${to} ${i % modulus}`)}))`,
    );
  }

  #moduli(): readonly (readonly [Sort, Sort])[] {
    const sorts = [...this.#program.sizes.keys()];
    return sorts.flatMap((from) => sorts.flatMap((to) => (from === to ? [] : [[from, to] as const])));
  }

  /** The functions of a state. */
  state(): string {
    const { families, funs } = this.#program;
    const places = families.map((family) => {
      const args = family.sort === undefined ? '' : quoted(family.sort);
      return `(declare-fun ${this.#placeOf(family, 'before')} (${args}) ${this.#placeSort(family)})`;
    });
    const declared = funs.map((fun) => {
      const args = fun.args.map(quoted).join(' ');
      return `(declare-fun ${this.#fun(fun, 'before')} (${args}) ${this.#range(fun)})`;
    });
    return `${[...places, ...declared].join('\n')}\n`;
  }

  /** A step: its member, what it chooses, its guard, and the state after it. */
  step(rule: Rule): string {
    const { family, from, to, guard, picks, updates } = rule;
    const member = family.sort === undefined ? [] : [{ name: 'self', sort: family.sort }];
    const here = this.#call(
      this.#placeOf(family, 'before'),
      member.map(({ name }) => quoted(name)),
    );
    const stays = (x: string) => `(= ${here} ${x})`;
    return [
      ...[...member, ...picks].map(({ name, sort }) => `(declare-const ${quoted(name)} ${quoted(sort)})`),
      `(assert ${stays(this.#place(family, from))})`,
      `(assert ${this.term(guard)})`,
      ...this.#program.families.map((each) => this.#placesAfter(each, each === family ? to : undefined)),
      ...this.#program.funs.map((fun) =>
        this.#after(
          fun,
          updates.filter((update) => update.fun === fun),
        ),
      ),
      '',
    ].join('\n');
  }

  #placesAfter(family: Family, to: number | undefined): string {
    const args = family.sort === undefined ? [] : ['x0'];
    const before = this.#call(this.#placeOf(family, 'before'), args);
    const place = to === undefined ? before : this.#place(family, to);
    const value = to === undefined || args.length === 0 ? place : `(ite (= x0 |self|) ${place} ${before})`;
    const declared = args.map((name) => `(${name} ${quoted(family.sort!)})`).join(' ');
    return `(define-fun ${this.#placeOf(family, 'after')} (${declared}) ${this.#placeSort(family)} ${value})`;
  }

  #after(fun: Fun, updates: readonly Update[]): string {
    const args = fun.args.map((_, i) => `x${i}`);
    const declared = fun.args.map((sort, i) => `(x${i} ${quoted(sort)})`).join(' ');
    const before = this.#call(this.#fun(fun, 'before'), args);
    const value = updates.reduceRight((rest, update) => this.#updated(update, args, rest), before);
    return `(define-fun ${this.#fun(fun, 'after')} (${declared}) ${this.#range(fun)} ${value})`;
  }

  #updated({ args, every, value }: Update, names: readonly string[], otherwise: string): string {
    const all = new Set(every.map(({ name }) => name));
    const free = new Map<string, string>();
    const conditions = args.flatMap((arg, i) => {
      if (arg.op === 'var' && all.has(arg.name)) {
        free.set(arg.name, names[i]!);
        return [];
      }
      return [`(= ${names[i]} ${this.term(arg)})`];
    });
    const made = this.term(value, 'before', free);
    if (conditions.length === 0) return made;
    const condition = conditions.length === 1 ? conditions[0]! : `(and ${conditions.join(' ')})`;
    return `(ite ${condition} ${made} ${otherwise})`;
  }

  /** A term in the state before or after a step; `names` are other names for variables. */
  term(x: StateTerm, when: When = 'before', names: ReadonlyMap<string, string> = new Map()): string {
    const of = (y: StateTerm) => this.term(y, when, names);
    switch (x.op) {
      case 'const':
        return this.#constant(x.value, x.type);
      case 'first':
        return quoted(`${x.sort} 0`);
      case 'element':
        return quoted(`${x.sort} ${x.index}`);
      case 'var':
        return names.get(x.name) ?? quoted(x.name);
      case 'modulo':
        return `(${this.#modulo(x.from, x.sort)} ${of(x.x)})`;
      case 'size':
        return this.#size(x.sort);
      case 'read':
        return this.#call(this.#fun(x.fun, when), x.args.map(of));
      case 'at': {
        const place = this.#call(this.#placeOf(x.family, when), x.member === undefined ? [] : [of(x.member)]);
        const each = x.locations.map((at) => `(= ${place} ${this.#place(x.family, at)})`);
        return each.length === 1 ? each[0]! : `(or ${each.join(' ')} false)`;
      }
      case 'nobody':
        return 'nobody';
      case 'actor':
        return this.#call(this.#actor(x.family), x.member === undefined ? [] : [of(x.member)]);
      case 'not':
        return `(not ${of(x.x)})`;
      case 'and':
      case 'or':
        return `(${x.op} ${x.xs.map(of).join(' ')})`;
      case 'if':
        return `(ite ${of(x.x)} ${of(x.then)} ${of(x.else)})`;
      case 'all':
      case 'any': {
        const { name, sort } = x.bound;
        const own = this.#binder(name, names);
        const inner = this.term(x.x, when, new Map(names).set(name, own));
        return `(${x.op === 'all' ? 'forall' : 'exists'} ((${own} ${quoted(sort)})) ${inner})`;
      }
      case 'sum':
        throw new Error('a count has no term');
      default:
        return `(${operators[x.op]} ${of(x.x)} ${of(x.y)})`;
    }
  }

  /** A name for a variable that a quantifier binds, which none of the other names for variables has in it. */
  #binder(name: string, names: ReadonlyMap<string, string>): string {
    const others = [...names].filter(([variable]) => variable !== name).map(([, text]) => text);
    const isFree = (own: string): boolean => others.every((text) => !text.includes(own));
    let own = quoted(name);
    while (!isFree(own)) own = quoted(`inner ${own}`);
    return own;
  }

  /** A term without connectives, as solvers need it in a hint. */
  pattern(x: StateTerm): string {
    if (x.op !== 'at') return this.term(x);
    return this.#call(this.#placeOf(x.family, 'before'), x.member === undefined ? [] : [this.term(x.member)]);
  }

  #constant(value: number, type: 'bool' | 'int' | readonly string[]): string {
    if (type === 'bool') return value === 0 ? 'false' : 'true';
    if (type === 'int') return value < 0 ? `(- ${-value})` : String(value);
    const words = this.#enums.get(type.join())!;
    return quoted(`${words.name} ${words.values[value]}`);
  }

  #range({ range }: Fun): string {
    if (range.kind === 'index') return quoted(range.sort);
    if (range.kind === 'owner') return 'Actor';
    if (range.kind === 'enum') return this.#enums.get(range.values.join())!.name;
    return range.kind === 'bool' ? 'Bool' : 'Int';
  }

  #call = (name: string, args: readonly string[]): string =>
    args.length === 0 ? name : `(${name} ${args.join(' ')})`;
  #size = (sort: Sort): string => quoted(`size of ${sort}`);
  #modulo = (from: Sort, to: Sort): string => quoted(`${from} modulo ${to}`);
  #actor = ({ name }: Family): string => quoted(`actor ${name}`);
  #memberOf = ({ name }: Family): string => quoted(`number of ${name}`);
  #placeSort = ({ name }: Family): string => quoted(`places of ${name}`);
  #placeOf = ({ name }: Family, when: When): string => quoted(`${name} is at${when === 'after' ? "'" : ''}`);
  #place = ({ name, locations }: Family, at: number): string =>
    quoted(`${name} ${at} ${locations[at]!.label}`);
  #fun = ({ name }: Fun, when: When): string => {
    const own = taken.test(name) ? `variable ${name}` : name;
    return quoted(`${own}${when === 'after' ? "'" : ''}`);
  };
}

const operators = { eq: '=', lt: '<', le: '<=', add: '+', sub: '-', mul: '*' } as const;

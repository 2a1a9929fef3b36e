// A finite instance of a parameterised Program, explored on its own: by code that shares nothing with the engines but
// the parameterised Program. It ties that Program to the ordinary lowering, shows which steps are taken, and gives the
// states in which candidates for invariants are tried.

import { typeOfDomain, valueText } from '../ir/expression.js';
import {
  always,
  type Compiled,
  type InstanceState,
  indicesAt,
  negated,
  operations,
  position,
} from './evaluation.js';
import type { Family, Fun, Parameterised, Rule, Sort, StateTerm, Update } from './program.js';
import { Seen } from './seen.js';

export interface InstanceOptions {
  readonly sizes: ReadonlyMap<Sort, number>;
  /** In which order loops take their indices: as the model's, or any. */
  readonly order: 'ascending' | 'any';
  readonly statesMax: number;
}

/** What a number of a state is: where a member stands, or the value of a function. */
export type InstanceCell =
  | { readonly kind: 'place'; readonly family: Family; readonly member?: StateTerm }
  | { readonly kind: 'value'; readonly fun: Fun; readonly args: readonly StateTerm[] };

export interface ExploredInstance {
  readonly states: readonly InstanceState[];
  /** By transition: was it taken? */
  readonly taken: ReadonlySet<Rule>;
  /** Was the limit reached? */
  readonly isPart: boolean;
}

/** Long, since a state, its names and its steps share one layout. */
export class FiniteInstance {
  readonly program: Parameterised;
  readonly #options: InstanceOptions;
  readonly #offsets = new Map<Fun, number>();
  readonly #places = new Map<Family, number>();
  readonly #firstActor = new Map<Family, number>();
  readonly #slots = new Map<string, number>();
  readonly #length: number;

  constructor(program: Parameterised, options: InstanceOptions) {
    this.program = program;
    this.#options = options;
    let at = 0;
    let actor = 1;
    for (const family of program.families) {
      this.#places.set(family, at);
      this.#firstActor.set(family, actor);
      at += this.membersOf(family);
      actor += this.membersOf(family);
    }
    for (const fun of program.funs) {
      this.#offsets.set(fun, at);
      at += fun.args.reduce((product, sort) => product * this.size(sort), 1);
    }
    this.#length = at;
  }

  size(sort: Sort): number {
    return this.#options.sizes.get(sort)!;
  }
  membersOf({ sort }: Family): number {
    return sort === undefined ? 1 : this.size(sort);
  }

  /** Where a member stands. */
  placeOf(family: Family, member: number, state: InstanceState): number {
    return state[this.#places.get(family)! + member]!;
  }

  /** The slot of a variable among the indices. */
  slot(name: string): number {
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    this.#slots.set(name, this.#slots.size);
    return this.#slots.size - 1;
  }

  compile(x: StateTerm): Compiled {
    const of = (y: StateTerm) => this.compile(y);
    switch (x.op) {
      case 'const':
        return always(x.value);
      case 'first':
      case 'nobody':
        return always(0);
      case 'element':
        return always(x.index);
      case 'size':
        return always(this.size(x.sort));
      case 'var': {
        const slot = this.slot(x.name);
        return (_, indices) => indices[slot]!;
      }
      case 'modulo': {
        const [index, size] = [of(x.x), this.size(x.sort)];
        return (state, indices) => index(state, indices) % size;
      }
      case 'read': {
        const at = this.#cell(x.fun, x.args);
        return (state, indices) => state[at(state, indices)]!;
      }
      case 'at': {
        const first = this.#places.get(x.family)!;
        const member = x.member === undefined ? () => 0 : of(x.member);
        const places = new Set(x.locations);
        return (state, indices) => (places.has(state[first + member(state, indices)]!) ? 1 : 0);
      }
      case 'actor': {
        const first = this.#firstActor.get(x.family)!;
        const member = x.member === undefined ? () => 0 : of(x.member);
        return (state, indices) => first + member(state, indices);
      }
      case 'not':
        return negated(of(x.x));
      case 'and':
      case 'or': {
        const xs = x.xs.map(of);
        const decides = x.op === 'or' ? 1 : 0;
        return (state, indices) =>
          xs.some((one) => one(state, indices) === decides) ? decides : 1 - decides;
      }
      case 'if': {
        const [cond, then, otherwise] = [of(x.x), of(x.then), of(x.else)];
        return (state, indices) => (cond(state, indices) ? then : otherwise)(state, indices);
      }
      case 'all':
      case 'any':
      case 'sum':
        return this.#quantified(x);
      default: {
        const [a, b] = [of(x.x), of(x.y)];
        const apply = operations[x.op];
        return (state, indices) => apply(a(state, indices), b(state, indices));
      }
    }
  }

  #quantified(x: Extract<StateTerm, { op: 'all' | 'any' | 'sum' }>): Compiled {
    const inner = this.compile(x.x);
    const [slot, size] = [this.slot(x.bound.name), this.size(x.bound.sort)];
    const { op } = x;
    return (state, indices) => {
      let sum = 0;
      for (let i = 0; i < size; i++) {
        indices[slot] = i;
        const value = inner(state, indices);
        if (op === 'any' && value !== 0) return 1;
        if (op === 'all' && value === 0) return 0;
        sum += value;
      }
      return op === 'sum' ? sum : op === 'all' ? 1 : 0;
    };
  }

  /** The position of a function's value. */
  #cell(fun: Fun, args: readonly StateTerm[]): Compiled {
    const offset = this.#offsets.get(fun)!;
    const compiled = args.map((arg) => this.compile(arg));
    const sizes = fun.args.map((sort) => this.size(sort));
    return (state, indices) =>
      offset +
      position(
        compiled.map((arg) => arg(state, indices)),
        sizes,
      );
  }

  /** What each number of a state is, in their order. */
  cells(): readonly InstanceCell[] {
    const places = this.program.families.flatMap((family) =>
      Array.from({ length: this.membersOf(family) }, (_, index): InstanceCell => {
        const member = family.sort !== undefined && ({ op: 'element', sort: family.sort, index } as const);
        return { kind: 'place', family, ...(member && { member }) };
      }),
    );
    const values = this.program.funs.flatMap((fun) => {
      const sizes = fun.args.map((sort) => this.size(sort));
      return Array.from({ length: sizes.reduce((x, y) => x * y, 1) }, (_, at): InstanceCell => {
        const args = indicesAt(at, sizes).map((index, i) => {
          return { op: 'element', sort: fun.args[i]!, index } as const;
        });
        return { kind: 'value', fun, args };
      });
    });
    return [...places, ...values];
  }

  /** The members that may own a lock, each with its number as a value; 0 is nobody. */
  actors(): readonly { readonly value: number; readonly actor: StateTerm }[] {
    return this.cells().flatMap((cell, i) => {
      if (cell.kind !== 'place') return [];
      const { kind: _, ...actor } = cell;
      return [{ value: i + 1, actor: { op: 'actor', ...actor } as const }];
    });
  }

  /** Is a condition true, with these values of its variables? */
  isTrue(x: StateTerm, state: InstanceState, values: ReadonlyMap<string, number>): boolean {
    return this.compile(x)(state, this.#indices(values)) !== 0;
  }

  #indices(values: ReadonlyMap<string, number>): number[] {
    const indices: number[] = [];
    for (const [name, index] of values) indices[this.slot(name)] = index;
    return indices;
  }

  /**
   * The state after a step of a member that chooses these indices; undefined where it cannot be taken.
   * `chosen`: the member, of a family that has members, and the rule's picks.
   */
  after(state: InstanceState, rule: Rule, chosen: ReadonlyMap<string, number>): InstanceState | undefined {
    const indices = this.#indices(chosen);
    const place = this.#places.get(rule.family)! + (chosen.get('self') ?? 0);
    if (state[place] !== rule.from || this.compile(rule.guard)(state, indices) === 0) return undefined;
    const next = [...state];
    for (const update of rule.updates) this.#update(update)(state, indices, next);
    next[place] = rule.to;
    return next;
  }

  first(): InstanceState {
    const state: number[] = Array.from({ length: this.#length }, () => 0);
    for (const family of this.program.families) {
      const at = this.#places.get(family)!;
      for (let i = 0; i < this.membersOf(family); i++) state[at + i] = family.start;
    }
    for (const fun of this.program.funs) {
      const value = fun.first === 'any' ? 0 : this.compile(fun.first)(state, []);
      const length = fun.args.reduce((product, sort) => product * this.size(sort), 1);
      state.fill(value, this.#offsets.get(fun)!, this.#offsets.get(fun)! + length);
    }
    return state;
  }

  /** All states that can be reached, breadth first. */
  explore(): ExploredInstance {
    const steps = this.program.rules.map((one) => this.#step(one));
    const seen = new Seen(this.first());
    const taken = new Set<Rule>();
    for (let at = 0; at < seen.states.length; at++) {
      if (seen.states.length > this.#options.statesMax) return { states: seen.states, taken, isPart: true };
      for (const step of steps) {
        step(seen.states[at]!, (next, by) => {
          taken.add(by);
          seen.add(next);
        });
      }
    }
    return { states: seen.states, taken, isPart: false };
  }

  /** A function that gives all states that a step leads to from one state, each with which of `actors()` moves. */
  successors(): (state: InstanceState, give: (next: InstanceState, mover: number) => void) => void {
    const steps = this.program.rules.map((one) => this.#step(one));
    return (state, give) => {
      for (const step of steps) step(state, (next, _, mover) => give(next, mover));
    };
  }

  /** Gives all successors of a state by a transition, of every member. */
  #step(
    transition: Rule,
  ): (state: InstanceState, give: (next: InstanceState, by: Rule, mover: number) => void) => void {
    const { family, from, to, picks, updates } = transition;
    const place = this.#places.get(family)!;
    const [guard, slot] = [this.compile(transition.guard), this.slot('self')];
    const slots = picks.map(({ name }) => this.slot(name));
    const sizes = picks.map(({ sort }) => this.size(sort));
    const makes = updates.map((update) => this.#update(update));
    const choose = (i: number, indices: number[], then: () => boolean): boolean => {
      if (i === slots.length) return then();
      for (let value = 0; value < sizes[i]!; value++) {
        indices[slots[i]!] = value;
        const found = choose(i + 1, indices, then);
        if (found && this.#options.order === 'ascending') return true;
      }
      return false;
    };
    return (state, give) => {
      for (let member = 0; member < this.membersOf(family); member++) {
        if (state[place + member] !== from) continue;
        const indices: number[] = [];
        indices[slot] = member;
        choose(0, indices, () => {
          if (guard(state, indices) === 0) return false;
          const next = [...state];
          for (const make of makes) make(state, indices, next);
          next[place + member] = to;
          give(next, transition, place + member);
          return true;
        });
      }
    };
  }

  #update({ fun, args, every, value }: Update) {
    const [cell, make] = [this.#cell(fun, args), this.compile(value)];
    const slots = every.map(({ name }) => this.slot(name));
    const sizes = every.map(({ sort }) => this.size(sort));
    return (state: InstanceState, indices: number[], next: number[]) => {
      const each = (i: number): void => {
        if (i === slots.length) {
          next[cell(state, indices)] = make(state, indices);
          return;
        }
        for (let one = 0; one < sizes[i]!; one++) {
          indices[slots[i]!] = one;
          each(i + 1);
        }
      };
      each(0);
    };
  }

  /** The shared variables and the labels of a state, by the names that the ordinary lowering gives them. */
  shown(state: InstanceState): ReadonlyMap<string, string> {
    return new Map([...this.#shownAt()].map(([name, { at, text }]) => [name, text(state[at]!)]));
  }

  /** The same for many states: the texts for these names, in their order. */
  shows(names: readonly string[]): (state: InstanceState) => readonly (string | undefined)[] {
    const all = this.#shownAt();
    const each = names.map((name) => {
      const { at, text } = all.get(name)!;
      const texts = new Map<number, string>();
      return { at, text, texts };
    });
    return (state) =>
      each.map(({ at, text, texts }) => {
        const value = state[at]!;
        const known = texts.get(value) ?? text(value);
        texts.set(value, known);
        return known;
      });
  }

  /** By name: where its value is, and its text. */
  #shownAt(): ReadonlyMap<string, { readonly at: number; readonly text: (value: number) => string }> {
    const shown = new Map<string, { readonly at: number; readonly text: (value: number) => string }>();
    for (const family of this.program.families) {
      for (let i = 0; i < this.membersOf(family); i++) {
        const at = this.#places.get(family)! + i;
        shown.set(this.#memberName(family, i), { at, text: (place) => family.locations[place]!.label });
      }
    }
    for (const fun of this.program.funs) {
      if (fun.kind !== 'shared' && fun.kind !== 'share') continue;
      const sizes = fun.args.map((sort) => this.size(sort));
      const length = sizes.reduce((x, y) => x * y, 1);
      for (let i = 0; i < length; i++) {
        const text = (value: number) => this.#valueText(fun, value);
        shown.set(this.#nameAt(fun, indicesAt(i, sizes)), { at: this.#offsets.get(fun)! + i, text });
      }
    }
    return shown;
  }

  #memberName({ name, sort }: Family, member: number): string {
    return sort === undefined ? name : `${name}[${member}]`;
  }

  #nameAt(fun: Fun, indices: readonly number[]): string {
    let at = 0;
    let arg = 0;
    const text = fun.place.map((part, i) => {
      if (typeof part !== 'number') return i === 0 ? part : `.${part}`;
      return fun.sorts[at++] === undefined ? `[${part}]` : `[${indices[arg++]!}]`;
    });
    if (fun.kind !== 'share') return text.join('');
    return `${text.join('')}[${this.#memberName(fun.family!, indices[arg] ?? 0)}]`;
  }

  #valueText({ range }: Fun, value: number): string {
    if (range.kind === 'index') return String(value);
    if (range.kind !== 'owner') return valueText(value, typeOfDomain(range));
    for (const [family, first] of this.#firstActor) {
      if (value >= first && value < first + this.membersOf(family))
        return this.#memberName(family, value - first);
    }
    return 'free';
  }
}

// From a Program that was lowered with sizes left open to a parameterised one. Rigid variables become sizes and indices,
// arrays and what belongs to actors become functions. What cannot be expressed is refused, with the line of the model.

import { ModelError } from '../../models/language/index.js';
import type { Cell, Expr, Program, Step, Variable } from '../ir/program.js';
import { exprText } from '../ir/text.js';
import type { Lowered } from '../lower/lower.js';
import type { OpenSizes } from '../lower/rigid.js';
import type { Property } from '../property/property.js';
import { compared } from './counts.js';
import { isSumForm } from './lemmas.js';
import {
  type BoundIndex,
  type Family,
  type Fun,
  type LeftOutProperty,
  type LockChanged,
  type Parameterised,
  type Rule,
  type Sort,
  type StateClaim,
  type StateTerm,
  self,
  type Update,
} from './program.js';
import { type Context, refuse, SizeMatters } from './refuse.js';
import { familyOf, hasCount, kindOfClaim, sizesIn, sortOf } from './rigid.js';
import { all, and, any, equal, ifElse, isFalse, not, or, truth } from './term.js';

/**
 * The parameterised Program. Throws a ModelError for what it cannot express.
 * Example: `parameterised(lower(model, settings, stated, { open: new Map([['NR', 1]]) }))`
 */
export function parameterised(lowered: Lowered): Parameterised {
  if (lowered.open === undefined) throw new Error('no setting is left open');
  return new Decoder(lowered.program, lowered.open).decoded(lowered.properties);
}

/** Long, since each kind of expression is decoded in the same context. */
class Decoder {
  readonly #program: Program;
  readonly #open: OpenSizes;
  readonly #families: readonly Family[];
  readonly #funs = new Map<number, Fun>();
  readonly #todo = new Map<number, Fun>();

  constructor(program: Program, open: OpenSizes) {
    this.#program = program;
    this.#open = open;
    this.#families = program.threads.map((thread) => familyOf(thread, open));
    for (const variable of program.variables) this.#declare(variable);
  }

  decoded(properties: readonly Property[]): Parameterised {
    const program = this.#program;
    if (program.initially.op !== 'const') {
      throw new ModelError(
        `${program.name}: initially, which relates first values, is not supported by prove`,
      );
    }
    if (program.within !== undefined) {
      throw new ModelError(`${program.name}: within, which leaves states out, is not supported by prove`);
    }
    const rules = this.#reachable(program.steps.flatMap((step) => this.#rule(step)));
    const stated = properties.map((one) => this.#claim(one));
    const claims = stated.flatMap((one) => ('condition' in one ? [one] : []));
    return {
      name: program.name,
      sizes: this.#open.least,
      families: this.#families,
      funs: [...this.#funs.values(), ...this.#todo.values()],
      rules,
      claims: claims.filter(({ isLemma }) => isLemma !== true),
      lemmas: claims.filter(({ isLemma }) => isLemma === true),
      assumed: [...new Set(this.#open.sampled.map(sampledText))],
      leftOut: [...this.#open.leftOut, ...stated.flatMap((one) => ('why' in one ? [one] : []))],
    };
  }

  #declare(variable: Variable): void {
    const { id, thread, holder, registerOf, domain, place = [], lock, initial, name } = variable;
    const rigid = this.#open.rigid.get(id);
    if (rigid !== undefined) {
      if (rigid.kind === 'index' && rigid.role === 'loop')
        this.#declareLoop(id, rigid.setting, this.#families[rigid.thread!]!);
      return;
    }
    const owner = thread ?? holder ?? registerOf;
    const family = owner === undefined ? undefined : this.#families[owner]!;
    const sorts = this.#open.sorts.get(id) ?? [];
    const own = sorts.filter((sort) => sort !== undefined);
    const first = this.#open.firstValues.get(id);
    if (initial.length > 1)
      throw new ModelError(`${name} has several first values, which prove does not support`);
    const isCounter = domain.kind === 'int' && (domain.max >= 2 ** 20 || domain.min <= -(2 ** 20));
    this.#funs.set(id, {
      name,
      args: [...own, ...(family?.sort === undefined ? [] : [family.sort])],
      range: domain,
      kind: holder !== undefined ? 'share' : owner !== undefined ? 'local' : 'shared',
      ...(family !== undefined && { family }),
      first: first !== undefined ? this.term(first, {}) : this.#value(initial[0]!, domain, {}),
      ...(lock !== undefined && { lock }),
      place,
      sorts,
      ...((first !== undefined || isCounter) && { isCounter: true }),
    });
  }

  #declareLoop(id: number, sort: Sort, family: Family): void {
    const members = family.sort === undefined ? [] : [family.sort];
    const about = { family, place: [], sorts: [] };
    const earlier = [...this.#todo.values()].filter((one) => one.family === family && one.args[0] === sort);
    const name = `${family.name}:${sort}.${earlier.length + 1}`;
    const range = { kind: 'index', sort } as const;
    this.#funs.set(id, {
      ...about,
      name: `${name}.index`,
      args: members,
      range,
      kind: 'loop index',
      first: 'any',
    });
    const todo = { name: `${name}.todo`, args: [sort, ...members], range: { kind: 'bool' } } as const;
    this.#todo.set(id, { ...about, ...todo, kind: 'to do', first: truth(false) });
  }

  /** A value of a domain. */
  #value(value: number, domain: Variable['domain'], context: Context): StateTerm {
    if (domain.kind === 'owner') return this.#owner(value, undefined, context);
    const type = domain.kind === 'enum' ? domain.values : domain.kind;
    return { op: 'const', value, type };
  }

  #owner(value: number, member: Expr | undefined, context: Context): StateTerm {
    if (value === 0) return { op: 'nobody' };
    const family = this.#families[value - 1]!;
    return { op: 'actor', family, ...this.#member(family, member, context) };
  }

  /** Which member of a family is meant. */
  #member(family: Family, member: Expr | undefined, context: Context): { readonly member?: StateTerm } {
    if (family.sort === undefined) return {};
    if (member !== undefined) return { member: this.#index(member, family.sort, context) };
    if (context.family?.thread === family.thread) return { member: self(family)! };
    return refuse(`this means one particular '${family.name}'`, context);
  }

  /** An index of a sort. */
  #index(x: Expr, sort: Sort, context: Context): StateTerm {
    if (x.op === 'const') {
      if (x.value === 0) return { op: 'first', sort };
      return refuse(`index ${x.value} of ${sort}, which is left open: there may be no such element`, context);
    }
    const index = this.term(x, context);
    const own = sortOf(index);
    if (own === sort) return index;
    if (own === undefined) return refuse(`an index of ${sort} is computed or stored`, context);
    return refuse(`an index of ${own} is used as one of ${sort}`, context);
  }

  #read(cell: Cell, member: Expr | undefined, context: Context): Extract<StateTerm, { op: 'read' }> {
    const [id, ...others] = cell.variables;
    if (others.length > 0) return refuse('an index that varies, into an array of fixed length', context);
    const fun = this.#funs.get(id!);
    if (fun === undefined) return refuse('the memory of a property', context);
    const steps = cell.text?.flatMap((part) => (typeof part === 'string' ? [] : [part])) ?? [];
    if (steps.length > 0 && steps.length !== fun.sorts.length) {
      return refuse('an index that is no number', context);
    }
    const args = fun.sorts.flatMap((sort, i) => {
      if (sort === undefined) return [];
      return steps.length === 0 ? [{ op: 'first', sort } as const] : [this.#index(steps[i]!, sort, context)];
    });
    const whose = fun.family === undefined ? {} : this.#member(fun.family, member, context);
    return { op: 'read', fun, args: whose.member === undefined ? args : [...args, whose.member] };
  }

  #rigid(id: number, context: Context): StateTerm | undefined {
    const rigid = this.#open.rigid.get(id);
    if (rigid === undefined) return undefined;
    if (rigid.kind === 'size') return { op: 'size', sort: rigid.setting };
    if (rigid.role === 'loop' || rigid.role === 'copy') {
      const family = this.#families[rigid.thread!]!;
      if (context.family !== undefined && context.family !== family)
        return refuse('an index of another actor', context);
      if (rigid.role === 'copy') return self(family)!;
      return { op: 'read', fun: this.#funs.get(id)!, args: family.sort === undefined ? [] : [self(family)!] };
    }
    return { op: 'var', name: `k${id}`, sort: rigid.setting };
  }

  term(x: Expr, context: Context): StateTerm {
    const of = (y: Expr) => this.term(y, context);
    switch (x.op) {
      case 'const':
        if (typeof x.type !== 'string' && this.#isOwner(x.type))
          return this.#owner(x.value, x.member, context);
        return { op: 'const', value: x.value, type: x.type };
      case 'read':
        return this.#rigid(x.cell.variables[0]!, context) ?? this.#read(x.cell, x.member, context);
      case 'at': {
        const family = this.#families[x.thread]!;
        const whose = this.#member(family, x.member, context);
        return x.locations.length === 0
          ? truth(false)
          : { op: 'at', family, ...whose, locations: x.locations };
      }
      case 'not':
        return not(of(x.x));
      case 'and':
        return and(of(x.x), of(x.y));
      case 'or':
        return or(of(x.x), of(x.y));
      case 'eq':
      case 'lt':
      case 'le':
        return this.#comparison(x, context);
      case 'add':
      case 'sub':
      case 'mul':
        if (x.op === 'mul' && x.x.op !== 'const' && x.y.op !== 'const') return refuse('a product', context);
        return {
          op: x.op,
          x: this.#number(x.x, 'arithmetic on', context),
          y: this.#number(x.y, 'arithmetic on', context),
        };
      case 'div':
        return refuse(`arithmetic that SMT-LIB's linear integers do not have`, context);
      case 'mod': {
        const [index, size] = [of(x.x), of(x.y)];
        const from = sortOf(index);
        if (from === undefined || size.op !== 'size') return refuse('a remainder', context);
        return { op: 'modulo', from, sort: size.sort, x: index };
      }
      case 'if':
        return this.#conditional(x, context);
    }
  }

  /** A term that is no index: indices can be compared for equality, and nothing else. */
  #number(x: Expr, use: string, context: Context): StateTerm {
    const term = this.term(x, context);
    const sort = sortOf(term);
    return sort === undefined ? term : refuse(`${use} indices of ${sort}`, context);
  }

  #isOwner(type: readonly string[]): boolean {
    return type.length === this.#families.length + 1 && type[0] === 'free';
  }

  #comparison(x: Extract<Expr, { op: 'eq' | 'lt' | 'le' }>, context: Context): StateTerm {
    const sizes = sizesIn(x, this.#open);
    if (sizes.length > 0 && x.op !== 'eq') {
      const text = exprText(x, this.#program);
      const problem = `${text}, which depends on ${sizes.join(', ')}`;
      throw new SizeMatters(
        sizes[0]!,
        `prove cannot express ${problem}: set it, or say from which value on it is left open, as in --for=${sizes[0]}:2`,
        context.at,
      );
    }
    const rigidOnly = (y: Expr) => y.op === 'read' && this.#open.rigid.has(y.cell.variables[0]!);
    const sided = [x.x, x.y] as const;
    const index = sided.map((y) =>
      y.op === 'const' || !(rigidOnly(y) || y.op === 'mod') ? undefined : sortOf(this.term(y, context)),
    );
    const sort = index[0] ?? index[1];
    if (x.op === 'eq' && sort !== undefined) {
      return equal(this.#index(x.x, sort, context), this.#index(x.y, sort, context));
    }
    const use = x.op === 'eq' ? 'a comparison of' : 'an order of';
    const [a, b] = [this.#number(x.x, use, context), this.#number(x.y, use, context)];
    return compared(x.op, a, b) ?? (x.op === 'eq' ? equal(a, b) : { op: x.op, x: a, y: b });
  }

  #conditional(x: Extract<Expr, { op: 'if' }>, context: Context): StateTerm {
    const [then, otherwise] = [this.term(x.then, context), this.term(x.else, context)];
    const id = x.x.op === 'read' && x.x.type === 'bool' ? x.x.cell.variables[0]! : undefined;
    const rigid = id === undefined ? undefined : this.#open.rigid.get(id);
    if (rigid?.kind !== 'index') {
      const sort = sortOf(then) ?? sortOf(otherwise);
      if (sort !== undefined) return refuse(`a choice between indices of ${sort}`, context);
      return ifElse(this.term(x.x, context), then, otherwise);
    }
    const bound: BoundIndex = { name: `k${id}`, sort: rigid.setting };
    if (otherwise.op === 'const' && otherwise.type === 'int') {
      const counted = then.op === 'if' ? then.x : then;
      return isFalse(counted) || (then.op === 'const' && then.value === 0)
        ? { op: 'const', value: 0, type: 'int' }
        : { op: 'sum', bound, x: then.op === 'const' ? truth(true) : counted };
    }
    return isFalse(otherwise) ? any(bound, then) : all(bound, then);
  }

  #rule(step: Step): readonly Rule[] {
    const family = this.#families[step.thread]!;
    const context = { family, at: step.source.model };
    const guard = this.term(step.guard, context);
    const picks: BoundIndex[] = [];
    const loops = (step.loops ?? []).map((move) => this.#move(move, family, picks));
    if (hasCount(guard))
      return refuse('a count, except for whether it is at least 1, or at least 2', context);
    const whole = and(guard, ...loops.map((one) => one.guard));
    if (isFalse(whole)) return [];
    const isReport = step.to === family.dead;
    const updates = isReport
      ? []
      : step.assignments.map(({ target, value }) => this.#update(target, value, context));
    const locks = isReport
      ? []
      : (step.locks ?? []).map(({ way, lock }): LockChanged => {
          const { fun, args } = this.#read(lock, undefined, context);
          return { way, fun, args };
        });
    const { label, caption, source, from, to } = step;
    return [
      {
        ...{ name: `${family.name}.${step.id}`, family, from, to, label, caption, source, picks, locks },
        guard: whole,
        updates: [...updates, ...loops.flatMap((one) => one.updates)],
        ...(step.reports !== undefined && { reports: step.reports.message }),
      },
    ];
  }

  #move(
    { index, way }: NonNullable<Step['loops']>[number],
    family: Family,
    picks: BoundIndex[],
  ): { readonly guard: StateTerm; readonly updates: readonly Update[] } {
    const [own, todo] = [this.#funs.get(index)!, this.#todo.get(index)!];
    const sort = todo.args[0]!;
    const members = family.sort === undefined ? [] : [self(family)!];
    const one: BoundIndex = { name: `next${index}`, sort };
    const each: BoundIndex = { name: `each${index}`, sort };
    const [next, other] = [one, each].map((of): StateTerm => ({ op: 'var', ...of }));
    const isTodo = (x: StateTerm): StateTerm => ({ op: 'read', fun: todo, args: [x, ...members] });
    if (way === 'leave') return { guard: all(each, not(isTodo(other!))), updates: [] };
    picks.push(one);
    const taken: Update = { fun: own, args: members, every: [], value: next! };
    if (way === 'next') {
      const updates = [taken, { fun: todo, args: [next!, ...members], every: [], value: truth(false) }];
      return { guard: isTodo(next!), updates };
    }
    const value = not(equal(other!, next!));
    const rest: Update = { fun: todo, args: [other!, ...members], every: [each], value };
    return { guard: truth(true), updates: [taken, rest] };
  }

  #update(target: Cell, value: Expr, context: Context & { readonly family: Family }): Update {
    const { fun, args } = this.#read(target, undefined, context);
    const every = args.flatMap((arg): BoundIndex[] => {
      if (arg.op !== 'var' || arg.name === 'self') return [];
      return [{ name: arg.name, sort: arg.sort }];
    });
    const to = this.#number(value, 'a variable with the value of', context);
    if (hasCount(to)) return refuse('a count that is stored', context);
    return { fun, args, every, value: to };
  }

  /** Without the steps from places that no step leads to. */
  #reachable(rules: readonly Rule[]): readonly Rule[] {
    return this.#families.flatMap((family) => {
      const own = rules.filter((one) => one.family === family);
      const seen = new Set([family.start]);
      for (let size = 0; size < seen.size; ) {
        size = seen.size;
        for (const { from, to } of own) if (seen.has(from)) seen.add(to);
      }
      return own.filter(({ from }) => seen.has(from));
    });
  }

  #claim({ name, expectation, condition, about, source }: Property): StateClaim | LeftOutProperty {
    const kind = kindOfClaim[expectation];
    if ('why' in kind) return { name, ...kind };
    const named = { name, ...(expectation === 'lemma' && ({ isLemma: true } as const)) };
    try {
      const context = { at: source.model };
      const x = this.term(condition, context);
      const isCounted = hasCount(x) && !(named.isLemma === true && isSumForm(x));
      if (isCounted) return refuse('a count, except for whether it is at least 1, or at least 2', context);
      return { ...named, condition: kind.isWanted ? x : not(x), ...(about !== undefined && { about }) };
    } catch (error) {
      if (error instanceof ModelError) return { ...named, why: error.message, at: error.at };
      throw error;
    }
  }
}

const sampledText = ({ name, setting, elements }: OpenSizes['sampled'][number]): string =>
  `startsAs of ${name}: elements from index ${elements} of ${setting} on start like the first, as those before do`;

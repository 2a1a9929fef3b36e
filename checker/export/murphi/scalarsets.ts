// Expressions of a symmetric Program in Murphi, over scalarsets: a thread is a variable that a rule or a quantifier
// binds, and what is said of all the others alike becomes a quantifier again, or a loop that adds up.
//
//   bound: p is worker[0]     arrived[0] && !arrived[1] && !arrived[2]
//                             arrived[p] & (forall x: worker_t do (x = p) | (!arrived[x]) endforall)

import { exprKey, operands } from '../../analyse/keys.js';
import { boundsIn, rangeOf } from '../../analyse/ranges.js';
import {
  classOf,
  isOwnerType,
  Swap,
  type Symmetry,
  type ThreadClass,
  type VariableFamily,
} from '../../analyse/swap.js';
import { mayFault, parts, typeOf } from '../../ir/expression.js';
import type { Cell, Expr, Program, ThreadId, VariableId } from '../../ir/program.js';
import type { Symbols } from '../symbols.js';
import { constantText } from './murphi.js';

/** Which thread each bound variable stands for; they are all different. */
export type Bound = ReadonlyMap<ThreadId, string>;

/** Somebody is mentioned whom nothing binds, and not all others with it: a rule has to bind it. */
export class Unbound extends Error {
  readonly thread: ThreadId;

  constructor(thread: ThreadId) {
    super(`thread ${thread} is not bound`);
    this.thread = thread;
  }
}

/** What is said of each thread that is not bound, as said of this one; or of no such thread. */
export interface ThreadGroup<T> {
  readonly item: T;
  readonly each: ThreadId | undefined;
}

/** How to look at expressions, or at assignments, when they are grouped. */
export interface Grouping<T> {
  threads(item: T): readonly ThreadId[];
  key(item: T): string;
  swapped(item: T, swap: Swap): T;
}

const unique = (threads: readonly ThreadId[]): readonly ThreadId[] => [...new Set(threads)];

/** The names of a symmetric Program, and its expressions as text. */
export class Scalarsets {
  readonly program: Program;
  readonly symmetry: Symmetry;
  readonly symbols: Symbols;
  readonly #families = new Map<VariableId, { readonly family: VariableFamily; readonly name: string }>();
  readonly #types: ReadonlyMap<
    ThreadClass,
    { readonly type: string; readonly at: string; readonly kind: string }
  >;
  readonly #owners = new Map<string, ReadonlyMap<ThreadClass, string>>();
  readonly #letters = new Map<string, string>();
  /** By the text behind its name. */
  readonly #sums = new Map<string, string>();

  constructor(program: Program, symmetry: Symmetry, symbols: Symbols) {
    this.program = program;
    this.symmetry = symmetry;
    this.symbols = symbols;
    const { names } = symbols;
    this.#types = new Map(
      symmetry.classes.map((one) => {
        const { name } = one;
        return [
          one,
          { type: names.take(`${name}_t`), at: names.take(`at_${name}`), kind: names.take(`a_${name}`) },
        ];
      }),
    );
    for (const family of symmetry.families) {
      // What an index tells apart has a name already.
      const row = symbols.groups.find((group) => group.variables.join() === family.variables.join());
      const name = row?.name ?? names.take(family.name);
      for (const id of family.variables) this.#families.set(id, { family, name });
    }
    for (const { id, name, domain } of program.variables) {
      if (domain.kind !== 'owner') continue;
      const own = symmetry.classes.map((one) => [one, names.take(`${name}_${one.name}`)] as const);
      this.#owners.set(this.nameOf(id), new Map(own));
    }
  }

  typeOf = (of: ThreadClass): string => this.#types.get(of)!.type;
  atOf = (of: ThreadClass): string => this.#types.get(of)!.at;
  /** The word that says that an owner is of the class. */
  kindOf = (of: ThreadClass): string => this.#types.get(of)!.kind;
  classOf = (thread: ThreadId): ThreadClass | undefined =>
    this.symmetry.classes.find(({ threads }) => threads.includes(thread));
  familyOf = (id: VariableId): VariableFamily | undefined => this.#families.get(id)?.family;
  /** The name of a variable, or of the array in which it stands. */
  nameOf = (id: VariableId): string => this.#families.get(id)?.name ?? this.symbols.variables[id]!;
  /** Beside the kind of an owner: for each class, the variable that says which of them it is. */
  ownersOf = (id: VariableId): ReadonlyMap<ThreadClass, string> => this.#owners.get(this.nameOf(id))!;

  /** A name for the so-manieth variable that a rule (`p`, `q`, …) or a quantifier (`x`, `y`, …) binds. */
  letter(first: 'p' | 'x', number: number): string {
    const wish = `${first === 'p' ? 'pqrstu'[number % 6] : 'xyz'[number % 3]}`;
    const key = `${first}${number}`;
    const name = this.#letters.get(key) ?? this.symbols.names.take(wish);
    this.#letters.set(key, name);
    return name;
  }

  /** Conditions that a thread is none of those of its class that are bound; or, with `=`, that it is this one. */
  isOther = (name: string, of: ThreadClass, bound: Bound, sign: '!=' | '=' = '!='): readonly string[] =>
    [...bound].flatMap(([thread, other]) =>
      this.classOf(thread) === of ? [`(${name} ${sign} ${other})`] : [],
    );

  /** The same bindings and one more, for a quantifier. */
  withEach(
    thread: ThreadId,
    bound: Bound,
  ): { readonly name: string; readonly inner: Bound; readonly of: ThreadClass } {
    const name = this.letter('x', [...bound.values()].filter((one) => this.#isQuantified(one)).length);
    return { name, inner: new Map([...bound, [thread, name]]), of: this.classOf(thread)! };
  }
  #isQuantified = (name: string): boolean =>
    [...this.#letters].some(([key, letter]) => key.startsWith('x') && letter === name);

  /** The variable of a bound thread. */
  thread(id: ThreadId, bound: Bound): string {
    const name = bound.get(id);
    if (name === undefined) throw new Unbound(id);
    return name;
  }

  /** What is read or written, without an index that is a number; of an owner, beside its kind, the one of a class. */
  place({ variables, index }: Cell, bound: Bound, ofOwner?: ThreadClass): string {
    const [first] = variables;
    const family = this.familyOf(first!);
    const name = ofOwner === undefined ? this.nameOf(first!) : this.ownersOf(first!).get(ofOwner)!;
    if (index === undefined) {
      if (family === undefined) return name;
      return `${name}[${this.thread(family.of.threads[family.variables.indexOf(first!)]!, bound)}]`;
    }
    if (index.op !== 'read' || family === undefined) throw new Error('an index that names no thread');
    return `${name}[${this.place(index.cell, bound)}]`;
  }

  /** Where a thread is. */
  placeOf(thread: ThreadId, bound: Bound): string {
    const of = this.classOf(thread);
    return of === undefined ? this.symbols.at[thread]! : `${this.atOf(of)}[${this.thread(thread, bound)}]`;
  }
  /** The word for a location of a thread. */
  locationOf = (thread: ThreadId, location: number): string =>
    this.symbols.locations[this.classOf(thread)?.threads[0] ?? thread]![location]!;

  /** The threads of classes that are mentioned; `named` is the class of which the expression names one. */
  threads(x: Expr, named?: ThreadClass): readonly ThreadId[] {
    const all = (xs: readonly Expr[], of?: ThreadClass) => xs.flatMap((y) => this.threads(y, of));
    const ofClasses = (ids: readonly (ThreadId | undefined)[]) =>
      ids.flatMap((id) => (id !== undefined && this.classOf(id) !== undefined ? [id] : []));
    switch (x.op) {
      case 'const':
        return ofClasses(this.isOwner(x) ? [x.value - 1] : [named?.threads[x.value]]);
      case 'at':
        return ofClasses([x.thread]);
      case 'read':
        return this.threadsOf(x.cell);
      case 'if':
        return unique([...all([x.x]), ...all([x.then, x.else], named)]);
      case 'eq':
        return unique(all([x.x, x.y], classOf(x.x, this.symmetry) ?? classOf(x.y, this.symmetry)));
      default:
        return unique(all(parts(x)));
    }
  }
  threadsOf({ variables, index }: Cell): readonly ThreadId[] {
    if (index !== undefined) return this.threads(index);
    const family = this.familyOf(variables[0]!);
    return family === undefined ? [] : [family.of.threads[family.variables.indexOf(variables[0]!)]!];
  }
  isOwner = (x: Expr): boolean => isOwnerType(x, this.program);

  /** Finds what is said of all threads alike that are not bound. Throws Unbound for what is said of some of them. */
  grouped<T>(items: readonly T[], kind: Grouping<T>, bound: Bound): readonly ThreadGroup<T>[] {
    const left = new Map(items.map((item) => [kind.key(item), item] as const));
    const groups: ThreadGroup<T>[] = [];
    for (const item of items) {
      if (!left.delete(kind.key(item))) continue;
      const open = unique(kind.threads(item)).filter((thread) => !bound.has(thread));
      const [one] = open;
      if (one === undefined || this.#isAboutAll(item, open, kind, bound)) {
        groups.push({ item, each: undefined });
        continue;
      }
      if (open.length > 1) throw new Unbound(one);
      for (const other of this.#others(one, bound)) {
        const image = kind.swapped(item, new Swap(this.symmetry, one, other, this.program));
        if (!left.delete(kind.key(image))) throw new Unbound(one);
      }
      groups.push({ item, each: one });
    }
    return groups;
  }
  /** Those of the same class that are not bound. */
  #others = (one: ThreadId, bound: Bound): readonly ThreadId[] =>
    this.classOf(one)!.threads.filter((thread) => thread !== one && !bound.has(thread));

  /** Does it say the same of all that are not bound, being a chain or a sum itself? */
  #isAboutAll<T>(item: T, open: readonly ThreadId[], kind: Grouping<T>, bound: Bound): boolean {
    return open.every((one) => {
      const others = this.#others(one, bound);
      const swaps = others.map((other) => new Swap(this.symmetry, one, other, this.program));
      return (
        others.length > 0 && swaps.every((swap) => kind.key(kind.swapped(item, swap)) === kind.key(item))
      );
    });
  }

  readonly #expressions: Grouping<Expr> = {
    threads: (x) => this.threads(x),
    key: exprKey,
    swapped: (x, swap) => swap.expr(x),
  };

  /** The expression as an atom. */
  text(x: Expr, bound: Bound): string {
    switch (x.op) {
      case 'const':
        return constantText(x.value, x.type, this.symbols);
      case 'not':
        return `(!${this.text(x.x, bound)})`;
      case 'and':
      case 'or':
        return this.#chain(operands(x, x.op), x.op, bound);
      case 'add':
        return this.#sum(operands(x, 'add'), bound);
      case 'if':
        return `(${this.text(x.x, bound)} ? ${this.text(x.then, bound)} : ${this.text(x.else, bound)})`;
      default: {
        // A single condition may speak of the only one that is left.
        const isOpen = typeOf(x) === 'bool' && this.threads(x).some((thread) => !bound.has(thread));
        return isOpen ? this.#chain([x], 'and', bound) : this.#leaf(x, bound);
      }
    }
  }

  #leaf(x: Expr, bound: Bound): string {
    const infix = (sign: string, a: Expr, b: Expr) =>
      `(${this.text(a, bound)} ${sign} ${this.text(b, bound)})`;
    switch (x.op) {
      case 'read': {
        const { index } = x.cell;
        const isRow = index === undefined || classOf(index, this.symmetry) !== undefined;
        return isRow
          ? this.place(x.cell, bound)
          : `${this.symbols.groupOf(x.cell).name}(${this.text(index, bound)})`;
      }
      case 'at': {
        const all = x.locations.map((location) => this.at(x.thread, location, bound));
        return all.length === 1 ? all[0]! : `(${all.join(' | ')})`;
      }
      case 'eq': {
        const named = classOf(x.x, this.symmetry) ?? classOf(x.y, this.symmetry);
        if (named !== undefined) return this.#sameName(x.x, x.y, named, bound);
        return this.isOwner(x.x) ? this.#sameOwner(x.x, x.y, bound) : infix('=', x.x, x.y);
      }
      case 'lt':
        return infix('<', x.x, x.y);
      case 'le':
        return infix('<=', x.x, x.y);
      case 'sub':
        return infix('-', x.x, x.y);
      case 'mul':
        return infix('*', x.x, x.y);
      case 'div':
        return infix('/', x.x, x.y);
      case 'mod':
        return infix('%', x.x, x.y);
      default:
        throw new Error(`'${x.op}' is no leaf`);
    }
  }

  /** Is the thread there? */
  at = (thread: ThreadId, location: number, bound: Bound): string =>
    `(${this.placeOf(thread, bound)} = ${this.locationOf(thread, location)})`;

  #chain(all: readonly Expr[], op: 'and' | 'or', bound: Bound): string {
    const sign = op === 'and' ? ' & ' : ' | ';
    const open = all.flatMap((one) => this.threads(one)).find((thread) => !bound.has(thread));
    // What comes later may have no value unless what comes first has the right one.
    if (open !== undefined && all.some(mayFault)) throw new Unbound(open);
    const parts = this.grouped(all, this.#expressions, bound).map(({ item, each }) => {
      if (each === undefined) return this.#single(item, bound);
      const { name, inner, of } = this.withEach(each, bound);
      const others = this.isOther(name, of, bound);
      const body = this.#single(item, inner);
      if (op === 'or')
        return `(exists ${name}: ${this.typeOf(of)} do ${[...others, body].join(' & ')} endexists)`;
      const same = this.isOther(name, of, bound, '=');
      return `(forall ${name}: ${this.typeOf(of)} do ${[...same, body].join(' | ')} endforall)`;
    });
    return parts.length === 1 ? parts[0]! : `(${parts.join(sign)})`;
  }
  /** Not as a chain of its own: everybody whom it mentions is bound. */
  #single = (x: Expr, bound: Bound): string =>
    ['not', 'and', 'or', 'add', 'if', 'const'].includes(x.op) ? this.text(x, bound) : this.#leaf(x, bound);

  #sum(all: readonly Expr[], bound: Bound): string {
    const open = all.flatMap((one) => this.threads(one)).find((thread) => !bound.has(thread));
    if (open === undefined) return `(${all.map((one) => this.text(one, bound)).join(' + ')})`;
    // Equal operands count as often as they occur.
    if (new Set(all.map(exprKey)).size < all.length) throw new Unbound(open);
    const parts = this.grouped(all, this.#expressions, bound).map(({ item, each }) => {
      if (each === undefined) return this.text(item, bound);
      const { name, inner, of } = this.withEach(each, bound);
      const total = this.#totalType(item, of.threads.filter((thread) => !bound.has(thread)).length);
      return this.#loop(name, of, this.isOther(name, of, bound), this.text(item, inner), total, bound);
    });
    return parts.length === 1 ? parts[0]! : `(${parts.join(' + ')})`;
  }

  /** Has room for what up to `count` such values add up to, and for nothing yet. */
  #totalType(item: Expr, count: number): string {
    const { min, max } = rangeOf(item, boundsIn(this.program.variables));
    return `${Math.min(0, count * min)}..${Math.max(0, count * max)}`;
  }

  /** A call of a function that adds something up over the threads of a class. */
  #loop(
    name: string,
    of: ThreadClass,
    others: readonly string[],
    body: string,
    type: string,
    bound: Bound,
  ): string {
    const parameters = [...bound].map(([thread, one]) => `${one}: ${this.typeOf(this.classOf(thread)!)}`);
    const add = `total := total + ${body};`;
    const text = [
      `(${parameters.join('; ')}): ${type};`,
      `var total: ${type};`,
      'begin',
      '  total := 0;',
      `  for ${name}: ${this.typeOf(of)} do`,
      others.length === 0 ? `    ${add}` : `    if ${others.join(' & ')} then ${add} endif;`,
      '  endfor;',
      '  return total;',
      'end;',
    ].join('\n');
    const own = this.#sums.get(text) ?? this.symbols.names.take('sum');
    this.#sums.set(text, own);
    return `${own}(${[...bound.values()].join(', ')})`;
  }

  /** The functions that the text calls, and those that they call: an attempt that failed may have left others. */
  functions(text: string): readonly string[] {
    const calls = (name: string) => new RegExp(`\\b${name}\\(`);
    const used: string[] = [];
    for (const [body, name] of [...this.#sums].reverse()) {
      if ([text, ...used].some((one) => calls(name).test(one))) used.unshift(`\nfunction ${name}${body}`);
    }
    return used;
  }

  /** Do two expressions name the same thread of a class, or both none? */
  #sameName(x: Expr, y: Expr, named: ThreadClass, bound: Bound): string {
    if (x.op === 'if') return this.#choice(x, (side) => this.#sameName(side, y, named, bound), bound);
    if (y.op === 'if') return this.#choice(y, (side) => this.#sameName(x, side, named, bound), bound);
    if (x.op === 'const' && y.op === 'const') return x.value === y.value ? 'true' : 'false';
    if (x.op === 'const') return this.#sameName(y, x, named, bound);
    const one = this.#leaf(x, bound);
    if (y.op === 'const') {
      const thread = named.threads[y.value];
      if (thread === undefined) {
        return y.value === this.symmetry.nobody.get(named) ? `isundefined(${one})` : 'false';
      }
      return `(!isundefined(${one}) & ${one} = ${this.thread(thread, bound)})`;
    }
    const other = this.#leaf(y, bound);
    return `(isundefined(${one}) ? isundefined(${other}) : (!isundefined(${other}) & ${one} = ${other}))`;
  }
  #choice = (x: Extract<Expr, { op: 'if' }>, side: (x: Expr) => string, bound: Bound): string =>
    `(${this.text(x.x, bound)} ? ${side(x.then)} : ${side(x.else)})`;

  /** Is the owner this one? Nothing compares two variables that say who owns something. */
  #sameOwner(x: Expr, y: Expr, bound: Bound): string {
    if (x.op === 'const' && y.op !== 'const') return this.#sameOwner(y, x, bound);
    if (x.op !== 'read' || x.cell.index !== undefined || y.op !== 'const') throw new Error('two owners');
    const kind = this.place(x.cell, bound);
    const of = y.value > 0 ? this.classOf(y.value - 1) : undefined;
    if (y.value < 0) return 'false';
    if (of === undefined) return `(${kind} = ${constantText(y.value, y.type, this.symbols)})`;
    const which = this.place(x.cell, bound, of);
    return `(${kind} = ${this.kindOf(of)} & ${which} = ${this.thread(y.value - 1, bound)})`;
  }
}

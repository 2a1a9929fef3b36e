// Which threads of a Program are interchangeable? Those of one procedure, if swapping any two of them, together with
// what belongs to them, maps the Program onto itself. What belongs to whom is guessed from names and shapes, and only
// believed when every step of the swapped Program is a step of the Program.
//
//   worker[0], worker[1]    arrived[0], arrived[1]    last: -1 … 1      swapping 0 and 1 everywhere, also as values of
//                                                                      `last`: the same steps

import { boundsOf, mayFault, typeOf, typeOfDomain } from '../ir/expression.js';
import type { Assignment, Cell, Expr, Program, Step, Thread, ThreadId, VariableId } from '../ir/program.js';

/** Threads that may be permuted at will, and at which place each of them stands among them. */
export interface ThreadClass {
  readonly name: string;
  readonly threads: readonly ThreadId[];
}

/** Variables of which each belongs to one thread of a class, in the order of the class. */
export interface Family {
  readonly name: string;
  readonly of: ThreadClass;
  readonly variables: readonly VariableId[];
}

export interface Symmetry {
  readonly classes: readonly ThreadClass[];
  readonly families: readonly Family[];
  /** Variables whose values name threads of a class: 0 for the first, and `nobody` for none. */
  readonly namers: ReadonlyMap<VariableId, ThreadClass>;
  /** By class, the one number that stands for none of its threads. */
  readonly nobody: ReadonlyMap<ThreadClass, number>;
}

const noSymmetry: Symmetry = { classes: [], families: [], namers: new Map(), nobody: new Map() };

/** More ways to guess what belongs to whom are not tried. */
const guessesMax = 1024;

/** All classes of interchangeable threads that it can show. It may miss some; those that it finds are. */
export function symmetryOf(program: Program): Symmetry {
  if (program.variables.some(({ initial }) => initial.length > 1)) return noSymmetry;
  if (program.initially.op !== 'const') return noSymmetry;
  return candidates(program.threads).reduce((known, candidate) => {
    for (const guess of guesses(candidate, known, program)) {
      const found = confirmed(guess, candidate, program);
      if (found !== undefined) return found;
    }
    return known;
  }, noSymmetry);
}

/** Threads of one name and one shape, numbered from 0. */
function candidates(threads: readonly Thread[]): readonly ThreadClass[] {
  const byName = new Map<string, Thread[]>();
  for (const thread of threads) {
    const [, name] = /^(.*)\[\d+\]$/.exec(thread.name) ?? [];
    if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), thread]);
  }
  return [...byName].flatMap(([name, all]) => {
    const isSame = all.every(
      (one, i) => one.name === `${name}[${i}]` && one.locations.length === all[0]!.locations.length,
    );
    return all.length > 1 && isSame ? [{ name, threads: all.map(({ id }) => id) }] : [];
  });
}

/** What may belong to the class, beside what is known of others: locals for certain, arrays and numbers perhaps. */
function* guesses(candidate: ThreadClass, known: Symmetry, program: Program): Generator<Symmetry> {
  const { variables } = program;
  const taken = new Set(known.families.flatMap((family) => family.variables));
  const rows = rowsOf(candidate, program).filter((row) => row.variables.every((id) => !taken.has(id)));
  const locals = rows.filter(({ variables: [first] }) => variables[first!]!.thread !== undefined);
  const shared = rows.filter((row) => !locals.includes(row));
  const inRows = new Set(rows.flatMap((row) => row.variables));
  const numbers = [
    ...rows.map((row) => row.variables),
    ...variables.flatMap(({ id }) => (inRows.has(id) ? [] : [[id]])),
  ].filter((ids) => ids.every((id) => canName(id, candidate, program) && !known.namers.has(id)));
  let left = guessesMax;
  // The more belongs to the threads, and the fewer numbers name them, the likelier.
  for (const named of subsets(numbers)) {
    for (const without of subsets(shared)) {
      if (left-- === 0) return;
      const families = [...locals, ...shared.filter((row) => !without.includes(row))];
      if (
        new Set(families.flatMap((row) => row.variables)).size <
        families.length * candidate.threads.length
      ) {
        continue;
      }
      yield {
        classes: [...known.classes, candidate],
        families: [...known.families, ...families],
        namers: new Map([...known.namers, ...named.flat().map((id) => [id, candidate] as const)]),
        nobody: known.nobody,
      };
    }
  }
}

/** Variables whose names differ in one index, which counts the threads; and their locals. */
function rowsOf(of: ThreadClass, { variables }: Program): readonly Family[] {
  const rows = new Map<string, VariableId[]>();
  for (const { id, name } of variables) {
    for (const match of name.matchAll(/\[(\d+)\]/g)) {
      const [before, after] = [name.slice(0, match.index), name.slice(match.index + match[0].length)];
      const key = `${before}[]${after}`;
      const row = rows.get(key) ?? [];
      if (Number(match[1]) === row.length) rows.set(key, [...row, id]);
    }
  }
  return [...rows].flatMap(([key, ids]): readonly Family[] => {
    const isFull = ids.length === of.threads.length;
    const own = ids.map((id) => variables[id]!.thread);
    const isOwn = own.every((thread) => thread === undefined) || own.every((t, i) => t === of.threads[i]);
    return isFull && isOwn ? [{ name: key.replace('[]', ''), of, variables: ids }] : [];
  });
}

function canName(id: VariableId, { threads }: ThreadClass, { variables }: Program): boolean {
  const { domain } = variables[id]!;
  return domain.kind === 'int' && domain.min <= 0 && domain.max >= threads.length - 1;
}

/** All subsets, small ones first. */
function* subsets<T>(of: readonly T[]): Generator<readonly T[]> {
  for (let size = 0; size <= of.length; size++) yield* ofSize(of, size);
}
function* ofSize<T>(of: readonly T[], size: number): Generator<readonly T[]> {
  if (size === 0) yield [];
  for (let i = 0; size > 0 && i + size <= of.length; i++) {
    for (const rest of ofSize(of.slice(i + 1), size - 1)) yield [of[i]!, ...rest];
  }
}

/** The guess, with what stands for nobody, if swapping the first thread with each other one changes nothing. */
function confirmed(guess: Symmetry, { threads }: ThreadClass, program: Program): Symmetry | undefined {
  const outside = new Map<ThreadClass, Set<number>>();
  const isUnchanged = threads
    .slice(1)
    .every((other) => isAutomorphism(new Swap(guess, threads[0]!, other, program, outside), program));
  if (!isUnchanged) return undefined;
  const nobody = new Map(guess.nobody);
  for (const [id, named] of guess.namers) {
    const all = outside.get(named) ?? new Set();
    for (const value of [...program.variables[id]!.initial].filter((one) => !isMember(one, named)))
      all.add(value);
    outside.set(named, all);
  }
  for (const [named, values] of outside) {
    if (values.size > 1) return undefined;
    for (const value of values) nobody.set(named, value);
  }
  const fits = [...guess.namers].every(([id, named]) => {
    const { min, max } = boundsOf(program.variables[id]!.domain);
    const none = nobody.get(named);
    return none === undefined || (min <= none && none <= max);
  });
  return fits ? { ...guess, nobody } : undefined;
}

const isMember = (value: number, { threads }: ThreadClass): boolean => value >= 0 && value < threads.length;

function isAutomorphism(swap: Swap, program: Program): boolean {
  try {
    const { variables } = program;
    const sameStart = variables.every(({ id, domain, initial }) => {
      const other = variables[swap.variable(id)]!;
      const moved = swap.value(id, initial[0]!);
      return JSON.stringify(domain) === JSON.stringify(other.domain) && moved === other.initial[0];
    });
    if (!sameStart) return false;
    const keys = new Set(program.steps.map(stepKey));
    return (
      keys.size === program.steps.length && program.steps.every((step) => keys.has(stepKey(swap.step(step))))
    );
  } catch (error) {
    if (error instanceof Asymmetric) return false;
    throw error;
  }
}

/** Something that tells threads apart: an order, or arithmetic on their numbers. */
class Asymmetric extends Error {}

/** Can the expression be said of any threads: does it neither order them nor calculate with their numbers? */
export function isAboutAnybody(x: Expr, symmetry: Symmetry, program: Program): boolean {
  try {
    for (const { threads } of symmetry.classes) new Swap(symmetry, threads[0]!, threads[1]!, program).expr(x);
    return true;
  } catch (error) {
    if (error instanceof Asymmetric) return false;
    throw error;
  }
}

/** Two threads of a class exchange their places, and everything that is theirs. */
export class Swap {
  readonly #symmetry: Symmetry;
  readonly #threads: readonly [ThreadId, ThreadId];
  readonly #program: Program;
  readonly #outside: Map<ThreadClass, Set<number>>;
  readonly #variables: readonly VariableId[];

  constructor(
    symmetry: Symmetry,
    one: ThreadId,
    other: ThreadId,
    program: Program,
    outside: Map<ThreadClass, Set<number>> = new Map(),
  ) {
    this.#symmetry = symmetry;
    this.#threads = [one, other];
    this.#program = program;
    this.#outside = outside;
    const moved = program.variables.map(({ id }) => id);
    for (const { of, variables } of symmetry.families) {
      const [i, j] = [of.threads.indexOf(one), of.threads.indexOf(other)];
      if (i < 0 || j < 0) continue;
      [moved[variables[i]!], moved[variables[j]!]] = [variables[j]!, variables[i]!];
    }
    this.#variables = moved;
  }

  thread(id: ThreadId): ThreadId {
    const [one, other] = this.#threads;
    return id === one ? other : id === other ? one : id;
  }
  variable(id: VariableId): VariableId {
    return this.#variables[id]!;
  }
  /** A value of a variable. */
  value(id: VariableId, value: number): number {
    if (this.#program.variables[id]!.domain.kind === 'owner') return this.#owner(value);
    return this.#name(value, this.#symmetry.namers.get(id));
  }
  #owner = (value: number): number => (value <= 0 ? value : 1 + this.thread(value - 1));
  #name(value: number, named: ThreadClass | undefined): number {
    if (named === undefined) return value;
    if (isMember(value, named)) return named.threads.indexOf(this.thread(named.threads[value]!));
    this.#outside.set(named, (this.#outside.get(named) ?? new Set()).add(value));
    return value;
  }

  step(step: Step): Step {
    return {
      ...step,
      thread: this.thread(step.thread),
      guard: this.expr(step.guard),
      assignments: step.assignments.map((assignment) => this.assignment(assignment)),
    };
  }
  assignment({ target, value }: Assignment): Assignment {
    const names = namedBy(target, this.#symmetry);
    // An owner is set to somebody, never to what another one is.
    if (isOwnerType(value, this.#program) && value.op !== 'const') throw new Asymmetric();
    return { target: this.#cell(target), value: this.expr(value, names) };
  }

  /** The expression that says of a swapped state what this one says of the state. `names`: of what class it names one. */
  expr(x: Expr, names?: ThreadClass): Expr {
    const plain = (y: Expr) => this.expr(y);
    if (names !== undefined && x.op !== 'const' && x.op !== 'read' && x.op !== 'if') throw new Asymmetric();
    switch (x.op) {
      case 'const':
        if (names !== undefined) return { ...x, value: this.#name(x.value, names) };
        return isOwnerType(x, this.#program) ? { ...x, value: this.#owner(x.value) } : x;
      case 'read':
        if (namedBy(x.cell, this.#symmetry) !== names) throw new Asymmetric();
        return { ...x, cell: this.#cell(x.cell) };
      case 'at':
        return { ...x, thread: this.thread(x.thread) };
      case 'not':
        return { ...x, x: plain(x.x) };
      case 'if':
        return { ...x, x: plain(x.x), then: this.expr(x.then, names), else: this.expr(x.else, names) };
      case 'eq': {
        const named = classOf(x.x, this.#symmetry) ?? classOf(x.y, this.#symmetry);
        if ([x.x, x.y].every((side) => isOwnerType(side, this.#program) && side.op !== 'const')) {
          throw new Asymmetric();
        }
        return { ...x, x: this.expr(x.x, named), y: this.expr(x.y, named) };
      }
      default:
        return { ...x, x: plain(x.x), y: plain(x.y) };
    }
  }

  #cell({ variables, index }: Cell): Cell {
    if (index === undefined) return { variables: variables.map((id) => this.variable(id)) };
    const named = classOf(index, this.#symmetry);
    if (this.#program.variables[variables[0]!]!.domain.kind === 'owner') throw new Asymmetric();
    if (named === undefined) {
      if (variables.some((id) => this.variable(id) !== id)) throw new Asymmetric();
      return { variables, index: this.expr(index) };
    }
    const isFamily = this.#symmetry.families.some(
      (family) => family.of === named && family.variables.join() === variables.join(),
    );
    if (!isFamily || index.op !== 'read') throw new Asymmetric();
    return { variables, index: this.expr(index, named) };
  }
}

/** Of what class an expression names a thread; undefined for constants, which name one where the other side does. */
export function classOf(x: Expr, symmetry: Symmetry): ThreadClass | undefined {
  if (x.op === 'read') return namedBy(x.cell, symmetry);
  return x.op === 'if' ? (classOf(x.then, symmetry) ?? classOf(x.else, symmetry)) : undefined;
}
/** Of what class a variable names a thread. */
export const namedBy = ({ variables }: Cell, { namers }: Symmetry): ThreadClass | undefined =>
  namers.get(variables[0]!);

/** Does the expression say who owns something? */
export function isOwnerType(x: Expr, { variables }: Program): boolean {
  const type = typeOf(x);
  if (typeof type === 'string') return false;
  return variables.some(
    ({ domain }) => domain.kind === 'owner' && String(typeOfDomain(domain)) === String(type),
  );
}

/** A step as text, the same for those that do the same. */
export const stepKey = ({ thread, from, to, guard, assignments, reports }: Step): string =>
  JSON.stringify([...[thread, from, to, exprKey(guard), reports], assignments.map(assignmentKey).sort()]);

/** An assignment as text, the same for those that do the same. */
export const assignmentKey = ({ target, value }: Assignment): string =>
  `${cellKey(target)}=${exprKey(value)}`;
const cellKey = ({ variables, index }: Cell): string =>
  `${variables.join()}[${index === undefined ? '' : exprKey(index)}]`;

/** An expression as text, the same for two that differ only in the order of operands where order does not matter. */
export function exprKey(x: Expr): string {
  const unordered = (all: readonly Expr[]) => all.map(exprKey).sort().join();
  switch (x.op) {
    case 'const':
      return `${x.value}:${x.type}`;
    case 'read':
      return `read ${cellKey(x.cell)}`;
    case 'at':
      return `at ${x.thread} ${[...x.locations].sort((a, b) => a - b).join()}`;
    case 'not':
      return `not(${exprKey(x.x)})`;
    case 'and':
    case 'or':
    case 'add': {
      const all = operands(x, x.op);
      // What comes later may have no value unless what comes first has the right one.
      return `${x.op}(${all.some(mayFault) && x.op !== 'add' ? all.map(exprKey).join() : unordered(all)})`;
    }
    case 'eq':
    case 'mul':
      return `${x.op}(${unordered([x.x, x.y])})`;
    case 'if':
      return `if(${[x.x, x.then, x.else].map(exprKey).join()})`;
    default:
      return `${x.op}(${[x.x, x.y].map(exprKey).join()})`;
  }
}

/** The operands of a chain of one operator. */
export const operands = (x: Expr, op: 'and' | 'or' | 'add'): readonly Expr[] =>
  x.op === op ? [...operands(x.x, op), ...operands(x.y, op)] : [x];

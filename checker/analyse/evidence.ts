// What the steps show about what belongs to the copies of an actor. Two copies can be swapped only if each step of one
// becomes a step of the other under the exchange. So the numbers of reads, writes and comparisons decide most
// questions, and cells that are compared with, assigned to or indexed by each other have the same answer.
//
//   thread 0 writes arrived[0] once, thread 1 arrived[1]: arrived belongs to them
//   door := 0 by thread 0, door := 1 by thread 1, door compared with last: door and last name them

import { parts } from '../ir/expression.js';
import type { Cell, Expr, Program, ThreadId, VariableId } from '../ir/program.js';
import type { ThreadClass, VariableFamily } from './swap.js';

/** A question: does each of the variables belong to one thread? Or: do their values name threads? */
export interface Unit {
  readonly asks: 'belongs' | 'names';
  readonly variables: readonly VariableId[];
}

/** Units that have one answer. */
export interface Decision {
  readonly units: readonly number[];
  /** Undefined where the steps leave it open. */
  readonly answer: boolean | undefined;
  /** The answer to try first. */
  readonly likelier: boolean;
}

/** The answers for all units, whose numbers are their indices; undefined if the threads cannot be interchangeable. */
export function evidenceOf(
  units: readonly Unit[],
  owned: readonly VariableFamily[],
  of: ThreadClass,
  program: Program,
): readonly Decision[] | undefined {
  const facts = new Facts(units, owned);
  for (const { thread, guard, assignments } of program.steps) {
    facts.plain(guard, thread);
    for (const { target, value } of assignments) facts.together([value], thread, target);
  }
  const possible = units.map((unit, i) =>
    unit.asks === 'belongs' ? canBelong(unit, of, facts, program) : canName(unit, i, of, facts, program),
  );
  const decisions = facts.linked().map((members): Decision | undefined => {
    const canBe = (answer: boolean) =>
      members.every((i) => possible[i]![answer ? 'yes' : 'no'] && !facts.isRuledOut(i, answer));
    const [yes, no] = [canBe(true), canBe(false)];
    if (!yes && !no) return undefined;
    const likelier = members.every((i) => units[i]!.asks === 'belongs');
    return { units: members, answer: yes && no ? undefined : yes, likelier };
  });
  return decisions.every((one) => one !== undefined) ? decisions : undefined;
}

/** Counts what the steps of each thread mention, and links units that have the same answer. */
class Facts {
  readonly #units: readonly Unit[];
  /** By the variables of a row: its unit, or undefined if the row certainly belongs to the threads. */
  readonly #rows = new Map<string, number | undefined>();
  readonly #rowsOf = new Map<VariableId, number[]>();
  readonly #numberOf = new Map<VariableId, number>();
  readonly #same: number[];
  readonly #ruledOut: readonly [Set<number>, Set<number>] = [new Set(), new Set()];
  readonly #mentioned = new Set<VariableId>();
  /** How often a thread reads or writes a variable without an index, or puts a number together with a unit. */
  readonly #counts = new Map<string, number>();

  constructor(units: readonly Unit[], owned: readonly VariableFamily[]) {
    this.#units = units;
    this.#same = [...units.keys()];
    for (const { variables } of owned) this.#rows.set(variables.join(), undefined);
    for (const [i, { asks, variables }] of units.entries()) {
      if (asks === 'belongs') this.#rows.set(variables.join(), i);
      for (const id of variables) {
        if (asks === 'names') this.#numberOf.set(id, i);
        else this.#rowsOf.set(id, [...(this.#rowsOf.get(id) ?? []), i]);
      }
    }
  }

  /** An expression whose value names no thread. */
  plain(x: Expr, thread: ThreadId): void {
    if (x.op === 'eq') this.together([x.x, x.y], thread);
    else if (x.op === 'read') {
      this.#cell(x.cell, thread);
      for (const i of this.#numbersOf(x.cell)) this.#rule(i, false);
    } else for (const part of parts(x)) this.plain(part, thread);
  }

  /**
   * Values that are compared with each other, or stored in the target: either all of them name threads, or none does.
   */
  together(sides: readonly Expr[], thread: ThreadId, target?: Cell): void {
    const cells: Cell[] = target === undefined ? [] : [target];
    const numbers: number[] = [];
    let isCalculated = false;
    const look = (x: Expr): void => {
      if (x.op === 'const') numbers.push(x.value);
      else if (x.op === 'read') cells.push(x.cell);
      else if (x.op === 'if') {
        this.plain(x.x, thread);
        look(x.then);
        look(x.else);
      } else {
        isCalculated = true;
        this.plain(x, thread);
      }
    };
    sides.forEach(look);
    for (const cell of cells) this.#cell(cell, thread);
    const units = new Set(cells.flatMap((cell) => this.#numbersOf(cell)));
    const [first] = units;
    for (const i of units) this.#link(first!, i);
    for (const i of units) for (const value of numbers) this.#count(`${thread} ${value} beside ${i}`);
    const cannot = cells.some(({ variables }) => variables.some((id) => !this.#numberOf.has(id)));
    if (first !== undefined && (isCalculated || cannot)) this.#rule(first, false);
  }

  #numbersOf = ({ variables }: Cell): readonly number[] => [
    ...new Set(variables.flatMap((id) => this.#numberOf.get(id) ?? [])),
  ];

  /** How often a thread mentions it: `3` for a variable without an index, `1 beside 2` for a number and a unit. */
  mentions = (thread: ThreadId, what: string): number => this.#counts.get(`${thread} ${what}`) ?? 0;

  isMentioned = (id: VariableId): boolean => this.#mentioned.has(id);

  /** The threads that mention anything. */
  threads = (): ReadonlySet<ThreadId> =>
    new Set([...this.#counts.keys()].map((key) => Number(key.slice(0, key.indexOf(' ')))));

  /** How many rows have the variable. */
  rowsWith = (id: VariableId): number => this.#rowsOf.get(id)?.length ?? 0;

  #cell({ variables, index }: Cell, thread: ThreadId): void {
    for (const id of variables) this.#mentioned.add(id);
    if (index === undefined) {
      this.#count(`${thread} ${variables[0]}`);
      return;
    }
    const key = variables.join();
    const number = index.op === 'read' ? this.#numberOf.get(index.cell.variables[0]!) : undefined;
    const row = number !== undefined && this.#rows.has(key) ? this.#rows.get(key) : -1;
    for (const i of variables.flatMap((id) => this.#rowsOf.get(id) ?? []))
      if (i !== row) this.#rule(i, false);
    if (number === undefined || row === -1) {
      // Elements that such an index selects hold no names: other tools index arrays of names by names only.
      for (const i of this.#numbersOf({ variables })) this.#rule(i, false);
      this.plain(index, thread);
      return;
    }
    if (row === undefined) this.#rule(number, true);
    else this.#link(row, number);
    this.#cell((index as Extract<Expr, { op: 'read' }>).cell, thread);
  }

  #count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }
  #rule(unit: number, answer: boolean): void {
    this.#ruledOut[answer ? 0 : 1].add(unit);
  }
  #root = (unit: number): number => (this.#same[unit] === unit ? unit : this.#root(this.#same[unit]!));
  #link(one: number, other: number): void {
    this.#same[this.#root(other)] = this.#root(one);
  }

  isRuledOut = (unit: number, answer: boolean): boolean => this.#ruledOut[answer ? 1 : 0].has(unit);

  /** Units that have the same answer. */
  linked(): readonly (readonly number[])[] {
    const all = [...this.#units.keys()];
    return all
      .filter((unit) => this.#root(unit) === unit)
      .map((root) => all.filter((unit) => this.#root(unit) === root));
  }
}

/** Which answers are possible for a unit, as far as the first two threads of the class show. */
interface Possible {
  readonly yes: boolean;
  readonly no: boolean;
}

/** Can the variables belong to the threads, or not? */
function canBelong(
  { variables }: Unit,
  { threads: [one, other] }: ThreadClass,
  facts: Facts,
  program: Program,
): Possible {
  const [a, b] = variables;
  const isSwapped = (of: (id: VariableId) => VariableId) =>
    isUnchanged(one!, other!, variables, facts, (id) => `${of(id)}`);
  // Where another row has the same variables, the exchange may permute them although this row stays.
  const isAlone = variables.every((id) => facts.rowsWith(id) === 1);
  const starts = variables.map((id) => program.variables[id]!);
  const startsAlike =
    new Set(starts.map(({ domain, initial }) => JSON.stringify([domain, initial]))).size === 1;
  // Variables that no step mentions may belong to them: it makes no difference.
  if (isAlone && startsAlike && !variables.some(facts.isMentioned)) return { yes: true, no: false };
  return {
    yes: isSwapped((id) => (id === a ? b! : id === b ? a! : id)),
    no: !isAlone || isSwapped((id) => id),
  };
}

/** Can the values of the variables name threads, or not? */
function canName(
  { variables }: Unit,
  unit: number,
  { threads }: ThreadClass,
  facts: Facts,
  program: Program,
): Possible {
  const [one, other] = threads as readonly [ThreadId, ThreadId];
  const beside = (value: number) => `${value} beside ${unit}`;
  const isSwapped = (of: (value: number) => number) =>
    isUnchanged(one, other, [0, 1], facts, (value) => beside(of(value)), beside);
  // A variable that stays in place cannot start with the number of a thread that is exchanged.
  const fits = variables.every((id) => {
    const value = program.variables[id]!.initial[0]!;
    const mayMove = facts.rowsWith(id) > 0 || program.variables[id]!.thread !== undefined;
    return mayMove || value < 0 || value >= threads.length;
  });
  return {
    yes: fits && variables.some(facts.isMentioned) && isSwapped((value) => 1 - value),
    no: isSwapped((value) => value),
  };
}

/** Is what each thread mentions the same with the two threads exchanged? */
function isUnchanged(
  one: ThreadId,
  other: ThreadId,
  items: readonly number[],
  facts: Facts,
  after: (item: number) => string,
  before = (item: number) => `${item}`,
): boolean {
  return [...facts.threads(), one, other].every((thread) => {
    const swapped = thread === one ? other : thread === other ? one : thread;
    return items.every(
      (item) => facts.mentions(thread, before(item)) === facts.mentions(swapped, after(item)),
    );
  });
}

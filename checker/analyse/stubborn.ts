// Stubborn sets (Valmari 1989), of threads: which other threads have to be explored together with a thread, from where
// they stand. A search may take the steps of a set of threads alone, and leave those of the others for later, if the set
// has all that the threads in it need:
//
//   a thread that has a step needs      those that can come to a step that depends on it, while it stands there
//   a thread that waits needs           those that can come to a step that may end the wait
//
//   t: lock(m)     u at: lock(n); x := 1; lock(m)     t needs u while u can come to lock(m), and not behind it
//
// Steps that change what one condition reads depend on each other. So that no thread is left out for ever, back edges
// are `sticky`: they are taken only where the steps of all threads are.

import { conjuncts, constantOf } from '../ir/expression.js';
import { lockPlaces } from '../ir/lock_waits.js';
import type { ComposedProgram } from '../ir/monitors.js';
import type { Expr, Location, Step, StepId, ThreadId, VariableId } from '../ir/program.js';
import { backEdges } from './back_edges.js';
import { type Dependencies, dependenciesOf } from './dependencies.js';
import { boundsIn, canFault, rangeOf } from './ranges.js';

/** More threads than this do not fit the bits of a number. */
export const stubbornThreadsMax = 31;

/**
 * Who needs whom. A row is for a thread at a location, with or without a step that it can take there; a column is for
 * another thread at a location. Equal rows and equal columns are kept once.
 */
export interface StubbornTable {
  /** 1 in the column of a thread that is needed; in column 0, of a location with a sticky step. */
  readonly rows: readonly Uint8Array[];
  readonly columns: number;
  /** By thread: the row of each location where no step can be taken, and the one where some can. */
  readonly waiting: readonly (readonly number[])[];
  readonly moving: readonly (readonly number[])[];
  /** By thread and location. */
  readonly columnOf: readonly (readonly number[])[];
  /** By thread: the locations at which one with a step may go on without some other thread that has one. */
  readonly loose: readonly ReadonlySet<Location>[];
}

/** What a search asks, beside whether it meets a deadlock. */
export interface Asked {
  /** Conditions on states. */
  readonly conditions: readonly Expr[];
  /** Is what some thread does of interest in itself: a report, a fault, a condition? Then none may be left out for ever. */
  readonly asksForSteps: boolean;
}

/** A thread at a location. */
interface ThreadAt {
  readonly thread: ThreadId;
  readonly from: Location;
}

/**
 * The table of a Program. `alike`: the threads that are interchangeable with one, itself included; what is sticky for one is
 * for all.
 */
export function stubbornTable(
  program: ComposedProgram,
  { conditions, asksForSteps }: Asked,
  alike: (thread: ThreadId) => readonly ThreadId[] = (thread) => [thread],
): StubbornTable {
  const needs = new NeedFinder(program, conditions);
  const sticky = stickyPlaces(program, asksForSteps, alike, needs);
  const first = program.threads.map(() => 0);
  for (const { id, locations } of program.threads) first[id + 1] = first[id]! + locations.length;
  const width = first[program.threads.length]!;
  const rowsOf = (hasStep: boolean) =>
    program.threads.map(({ id: thread, locations }) =>
      locations.map((_, from) => {
        const row = new Uint8Array(1 + width);
        if (hasStep && sticky.has(placeKey({ thread, from }))) row[0] = 1;
        needs.fill({ thread, from }, hasStep, (other, at) => {
          row[1 + first[other]! + at] = 1;
        });
        return row;
      }),
    );
  const [waiting, moving] = [rowsOf(false), rowsOf(true)];
  const hasSteps = new Set(program.steps.map(placeKey));
  const mayLeaveOut = (row: Uint8Array, own: ThreadId) =>
    row[0] === 0 &&
    program.threads.some(({ id, locations }) =>
      locations.some(
        (_, from) =>
          id !== own && row[1 + first[id]! + from] === 0 && hasSteps.has(placeKey({ thread: id, from })),
      ),
    );
  const loose = moving.map((rows, thread) => {
    const all = [...rows.entries()].filter(([from]) => hasSteps.has(placeKey({ thread, from })));
    return new Set(all.filter(([, row]) => mayLeaveOut(row, thread)).map(([from]) => from));
  });
  return { ...shared(waiting, moving, first), loose };
}

const placeKey = ({ thread, from }: ThreadAt): string => `${thread} ${from}`;

/**
 * Locations at which a thread goes on only together with all others: where a loop ends, so that every cycle of states has
 * one; and where a step may end the deadlock of others that wait for each other's locks: a thread dies, or one that
 * waits comes to a bug.
 */
function stickyPlaces(
  program: ComposedProgram,
  asksForSteps: boolean,
  alike: (thread: ThreadId) => readonly ThreadId[],
  needs: NeedFinder,
): ReadonlySet<string> {
  const { steps, threads } = program;
  const lockedAt = new Set(
    lockPlaces(program).map(({ thread, location }) => placeKey({ thread, from: location })),
  );
  const hasLocks = lockedAt.size > 0;
  const bugs = steps.filter((step) => step.reports?.kind === 'bug' && lockedAt.has(placeKey(step)));
  const leadsToBug = new Set(bugs.flatMap((bug) => needs.enablers(bug)));
  const back = asksForSteps || hasLocks ? backEdges(program) : new Set<StepId>();
  const isSticky = (step: Step) =>
    back.has(step.id) || (hasLocks && step.to === threads[step.thread]!.dead) || leadsToBug.has(step);
  const found = steps.filter(isSticky);
  return new Set(
    found.flatMap(({ thread, from }) => alike(thread).map((other) => placeKey({ thread: other, from }))),
  );
}

/** Finds for each thread at a location which others it needs, and where. */
class NeedFinder {
  readonly #dependencies: Dependencies;
  readonly #program: ComposedProgram;
  /** By condition: the steps that change what it reads. */
  readonly #seen: readonly ReadonlySet<StepId>[];
  readonly #steps = new Map<string, Step[]>();
  /** By thread and location: the steps that lead there. */
  readonly #into: readonly (readonly Step[])[][];
  /** By thread and the locks that it holds: the steps that it keeps other threads from. */
  readonly #kept = new Map<string, ReadonlySet<Step>>();
  /** Can a step make this part of a guard true? By part, the steps that can. */
  readonly #enablers = new Map<Expr, readonly Step[]>();

  constructor(program: ComposedProgram, conditions: readonly Expr[]) {
    this.#program = program;
    this.#dependencies = dependenciesOf(program, conditions);
    this.#seen = conditions.map((one) => new Set(this.#dependencies.changers(one)));
    for (const step of program.steps) {
      const here = this.#steps.get(placeKey(step));
      if (here === undefined) this.#steps.set(placeKey(step), [step]);
      else here.push(step);
    }
    const into = program.threads.map(({ locations }) => locations.map((): Step[] => []));
    for (const step of program.steps) into[step.thread]![step.to]!.push(step);
    this.#into = into;
  }

  /** Calls `mark` with each other thread that is needed, at each location from which it is. */
  fill(place: ThreadAt, hasStep: boolean, mark: (thread: ThreadId, at: Location) => void): void {
    const steps = this.#steps.get(placeKey(place)) ?? [];
    if (steps.length === 0) return;
    const met = new Set(hasStep ? steps.flatMap((step) => this.#met(step)) : []);
    const waits = hasStep && steps.length === 1 ? [] : steps.flatMap(({ guard }) => conjuncts(guard));
    /** Drops of locks count only from where the thread may hold the lock. */
    const drops: (readonly [Step, ReadonlySet<Location>])[] = [];
    for (const part of waits) {
      for (const step of this.#enablersOf(part)) {
        if (step.thread === place.thread) continue;
        const from = this.#heldWhereDropped(step, part);
        if (from === undefined) met.add(step);
        else drops.push([step, from]);
      }
    }
    const kept = this.#keptOut(place);
    const byThread = new Map<ThreadId, Step[]>();
    for (const step of met) byThread.set(step.thread, [...(byThread.get(step.thread) ?? []), step]);
    for (const [thread, goals] of byThread) for (const at of this.#before(goals, kept)) mark(thread, at);
    for (const [step, from] of drops) {
      for (const at of this.#before([step], kept)) if (from.has(at)) mark(step.thread, at);
    }
  }

  /** The steps of other threads that depend on this one, or change what a condition reads as this one does. */
  #met(step: Step): readonly Step[] {
    const sees = this.#seen.filter((seen) => seen.has(step.id));
    return this.#program.steps.filter(
      ({ id, thread }) =>
        thread !== step.thread &&
        (this.#dependencies.share(step.id, id) || sees.some((seen) => seen.has(id))),
    );
  }

  /** The steps of other threads that may make a part of this one's guard true, or leave it without a value. */
  enablers({ guard, thread }: Step): readonly Step[] {
    return conjuncts(guard).flatMap((part) =>
      this.#enablersOf(part).filter((step) => step.thread !== thread),
    );
  }

  /** The steps that may make a part of a guard true, or leave it without a value. */
  #enablersOf(part: Expr): readonly Step[] {
    const known = this.#enablers.get(part);
    if (known !== undefined) return known;
    const { steps } = this.#program;
    const found = this.#dependencies.changers(part).flatMap((id) => {
      return mayMakeTrue(steps[id]!, part, this.#program) ? [steps[id]!] : [];
    });
    this.#enablers.set(part, found);
    return found;
  }

  /** If all that a step does to a part of a guard is to drop one lock: where its thread may hold it. */
  #heldWhereDropped(step: Step, part: Expr): ReadonlySet<Location> | undefined {
    const asked = valueAsked(part);
    return asked?.value === 0 ? this.#dependencies.held.drop(step, asked.variable) : undefined;
  }

  /** The steps that other threads cannot take while one stands at this place, by the locks that it holds there. */
  #keptOut(place: ThreadAt): ReadonlySet<Step> {
    const { held } = this.#dependencies;
    const key = `${place.thread} ${held.locksText(place)}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const { steps } = this.#program;
    const found = steps.filter((step) => step.thread !== place.thread && held.keepsOut(place, step));
    this.#kept.set(key, new Set(found));
    return this.#kept.get(key)!;
  }

  /** The locations from which a thread can come to one of these steps and take it, without steps that are kept out. */
  #before(goals: readonly Step[], keptOut: ReadonlySet<Step>): ReadonlySet<Location> {
    const found = new Set(goals.flatMap((goal) => (keptOut.has(goal) ? [] : [goal.from])));
    for (const at of found) {
      for (const step of this.#into[goals[0]!.thread]![at]!) if (!keptOut.has(step)) found.add(step.from);
    }
    return found;
  }
}

/** May the condition be true, or without a value, after a step that changes what it reads? */
function mayMakeTrue(step: Step, condition: Expr, { variables }: ComposedProgram): boolean {
  if (condition.op === 'at') return condition.locations.includes(step.to);
  if (condition.op === 'not' && condition.x.op === 'at') return !condition.x.locations.includes(step.to);
  const asked = valueAsked(condition);
  if (asked === undefined) return true;
  const bounds = boundsIn(variables);
  const last = step.assignments.filter(({ target }) => target.variables.includes(asked.variable)).at(-1);
  if (last === undefined || last.target.index !== undefined || canFault(last.value, bounds)) return true;
  const { min, max } = rangeOf(last.value, bounds);
  return min <= asked.value && asked.value <= max;
}

/** The variable and the value that a condition asks it to have: `x == 2`, `x`, `!x`; undefined for others. */
function valueAsked(condition: Expr): { readonly variable: VariableId; readonly value: number } | undefined {
  const { op } = condition;
  const read = op === 'eq' || op === 'not' ? condition.x : condition;
  const value = op === 'read' ? 1 : op === 'not' ? 0 : op === 'eq' ? constantOf(condition.y) : undefined;
  if (value === undefined || read.op !== 'read' || read.cell.index !== undefined) return undefined;
  return { variable: read.cell.variables[0]!, value };
}

/** Keeps equal rows and equal columns once. */
function shared(
  waiting: readonly (readonly Uint8Array[])[],
  moving: readonly (readonly Uint8Array[])[],
  first: readonly number[],
): Omit<StubbornTable, 'loose'> {
  const rows = new Distinct();
  const numbers = [waiting, moving].map((all) => all.map((own) => own.map((row) => rows.number(row))));
  const width = rows.all[0]?.length ?? 1;
  const column = (at: number) => Uint8Array.from(rows.all, (row) => row[at]!);
  const columns = new Distinct();
  // Column 0 stays alone: it is about the row's own location.
  const of = Array.from({ length: width - 1 }, (_, at) => 1 + columns.number(column(1 + at)));
  const kept = [column(0), ...columns.all];
  return {
    rows: rows.all.map((_, row) => Uint8Array.from(kept, (one) => one[row]!)),
    columns: kept.length,
    waiting: numbers[0]!,
    moving: numbers[1]!,
    columnOf: waiting.map((own, thread) => own.map((_, at) => of[first[thread]! + at]!)),
  };
}

/** Numbers lists of bits: equal ones have one number. */
class Distinct {
  readonly all: Uint8Array[] = [];
  readonly #known = new Map<string, number>();
  readonly #decoder = new TextDecoder('latin1');

  number(bits: Uint8Array): number {
    const key = this.#decoder.decode(bits);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.all.length);
    return this.all.push(bits) - 1;
  }
}

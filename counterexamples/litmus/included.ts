// Which steps of a run go into a litmus test: those of the essence, what the same actors do to the same variables in
// between, every other store to these variables meanwhile, and the locks and read-side sections around all of them.
//
//   first value of x, as the first of these steps finds it   …   the run is an execution of the test

import {
  evaluate,
  type Program,
  type State,
  type Step,
  stepsFrom,
  substitute,
  type ThreadId,
  type VariableId,
} from '../../checker/index.js';
import { LitmusError } from '../../litmus/index.js';
import { refuseStep } from '../../litmus/translate/place.js';
import type { Orderings } from '../essence/orderings.js';
import { chosenBy } from '../explain/accesses.js';
import type { RunIndex } from '../story/recorded_run.js';
import type { AskedOrdering } from './asked.js';

/** A part of the run in which a thread holds a lock, or is in a read-side section of RCU. */
export interface HeldSpan {
  readonly thread: ThreadId;
  /** The name of the lock; undefined for RCU. */
  readonly lock: string | undefined;
  readonly kind: string;
  readonly mode: 'exclusive' | 'shared';
  /** The steps that take and drop it; -1 where it is held from the start, the length of the run where it is kept. */
  readonly from: RunIndex;
  readonly to: RunIndex;
}

export interface Included {
  readonly variables: ReadonlySet<VariableId>;
  /** Steps that access them, or that an ordering is about, ascending. */
  readonly steps: readonly RunIndex[];
  /** In the order in which they have their first of these steps. */
  readonly threads: readonly ThreadId[];
  readonly spans: readonly HeldSpan[];
  readonly waits: readonly EndedWait[];
  /** Locks that several threads hold for reading and nobody for writing: they order nothing, and are left out. */
  readonly readOnlyLocks: readonly string[];
  /** By variable. */
  readonly initial: ReadonlyMap<VariableId, number>;
}

/** Throws a LitmusError for a lock that a spinlock cannot stand for. */
export function includedIn(program: Program, found: Orderings, asked: readonly AskedOrdering[]): Included {
  const { taken, run } = found;
  const threadOf = (i: RunIndex): ThreadId => taken[i]!.step.thread;
  const variables = new Set(asked.flatMap(variablesOf));
  const waits = waitsBefore(program, found, asked);
  for (const { variable } of waits) variables.add(variable);
  const isAccess = (i: RunIndex, id: VariableId) => isIncluded({ program, found, asked, waits }, i, id);
  const ends = asked.flatMap(({ first, then }) => [first, then]);
  const kept = new Set([...ends, ...waits.flatMap(({ wait, ender }) => [wait, ender])]);
  for (const i of taken.keys()) {
    const own = ends.filter((end) => threadOf(end) === threadOf(i));
    const isBetween = own.some((end) => end <= i) && own.some((end) => end >= i);
    if (isBetween && [...variables].some((id) => isAccess(i, id))) kept.add(i);
  }
  const initial = new Map<VariableId, number>();
  for (const id of variables) {
    const accesses = [...kept].filter((i) => isAccess(i, id)).sort((a, b) => a - b);
    const [from, to] = [accesses[0]!, accesses.at(-1)!];
    initial.set(id, run.states[from]!.value.get(id)!);
    for (let i = from; i < to; i++) if (i < run.taken && taken[i]!.accesses.writes.has(id)) kept.add(i);
  }
  const steps = [...kept].sort((a, b) => a - b);
  const threads = [...new Set(steps.map(threadOf))];
  const { spans, readOnlyLocks } = spansAround(program, found, steps, threads);
  return { variables, steps, threads, spans, waits, readOnlyLocks, initial };
}

/**
 * Is what a step does to a variable a part of the test? What steps look at without the code doing so, such as whether an
 * object is live, only where an ordering is about it.
 */
export function isIncluded(
  {
    program,
    found,
    asked,
    waits,
  }: {
    readonly program: Program;
    readonly found: Orderings;
    readonly asked: readonly AskedOrdering[];
    readonly waits: readonly EndedWait[];
  },
  i: RunIndex,
  id: VariableId,
): boolean {
  const { reads, writes } = found.taken[i]!.accesses;
  if (!program.variables[id]!.isNoMemory) return reads.has(id) || writes.has(id);
  const isEnd = asked.some((one) => variablesOf(one).includes(id) && (one.first === i || one.then === i));
  const isWait = waits.some(({ variable, wait }) => variable === id && wait === i);
  return writes.has(id) || (reads.has(id) && (isEnd || isWait));
}

/** A step that waits for what a step of another actor stores. */
export interface EndedWait {
  readonly variable: VariableId;
  readonly wait: RunIndex;
  readonly ender: RunIndex;
}

/** The waits of an actor before its steps of the essence that another actor of the essence has ended: a timer that is armed. */
function waitsBefore(
  program: Program,
  { run, taken }: Orderings,
  asked: readonly AskedOrdering[],
): readonly EndedWait[] {
  const ends = asked.flatMap(({ first, then }) => [first, then]);
  const threads = new Set(ends.map((i) => taken[i]!.step.thread));
  const isData = (id: VariableId) => {
    const { lock, ofLock, thread } = program.variables[id]!;
    return lock === undefined && ofLock === undefined && thread === undefined;
  };
  return taken.slice(0, run.taken).flatMap(({ step, accesses }, wait): readonly EndedWait[] => {
    const isBefore = ends.some((end) => end >= wait && taken[end]!.step.thread === step.thread);
    const ways = stepsFrom(program, step.thread, step.from).filter(({ reports }) => reports === undefined);
    if (!isBefore || ways.length > 1 || step.reports !== undefined || (step.locks ?? []).length > 0)
      return [];
    return [...accesses.tests].filter(isData).flatMap((variable) => {
      const ender = taken.findLastIndex((one, i) => i < wait && one.accesses.writes.has(variable));
      const by = taken[ender]?.step.thread;
      if (by === undefined || by === step.thread || !threads.has(by)) return [];
      const before = run.states[ender]!.value.get(variable)!;
      return isShut(program, step, run.states[wait]!, variable, before) ? [{ variable, wait, ender }] : [];
    });
  });
}

function variablesOf(asked: AskedOrdering): readonly VariableId[] {
  if (asked.kind === 'observed') return [asked.change, asked.later].flatMap(({ variable }) => variable ?? []);
  return 'variable' in asked ? [asked.variable] : [];
}

/** The spans that hold one of the steps, and others of locks that several threads take meanwhile. */
function spansAround(
  program: Program,
  found: Orderings,
  steps: readonly RunIndex[],
  threads: readonly ThreadId[],
): Pick<Included, 'spans' | 'readOnlyLocks'> {
  const ownOf = (thread: ThreadId) => steps.filter((i) => found.taken[i]!.step.thread === thread);
  const near = threads.flatMap((thread) => {
    const own = ownOf(thread);
    return spansOf(program, found, thread).filter(({ from, to }) => from <= own.at(-1)! && to >= own[0]!);
  });
  const holds = ({ thread, from, to }: HeldSpan) => ownOf(thread).some((i) => from <= i && i <= to);
  const takers = (lock: string | undefined) =>
    new Set(near.filter((span) => span.lock === lock).map(({ thread }) => thread)).size;
  const kept = near.filter((span) => holds(span) || (span.lock !== undefined && takers(span.lock) > 1));
  const names = [...new Set(kept.flatMap(({ lock }) => lock ?? []))];
  const readOnlyLocks = names.filter((name) =>
    isReadOnly(
      kept.filter(({ lock }) => lock === name),
      found,
    ),
  );
  return {
    spans: kept.filter(({ lock }) => lock === undefined || !readOnlyLocks.includes(lock)),
    readOnlyLocks,
  };
}

/** Do several threads hold it for reading, and nobody for writing? Refuses it if somebody does. */
function isReadOnly(spans: readonly HeldSpan[], { taken }: Orderings): boolean {
  const threadsIn = (wanted: HeldSpan['mode']) =>
    new Set(spans.filter(({ mode }) => mode === wanted).map(({ thread }) => thread)).size;
  if (threadsIn('shared') < 2) return false;
  if (threadsIn('exclusive') === 0) return true;
  const { lock, from } = spans.find(({ mode }) => mode === 'shared')!;
  const why = `${lock} is held for reading by several actors and for writing by another: litmus tests have no lock of this kind`;
  if (from < 0) throw new LitmusError(why);
  return refuseStep(taken[from]!.step, why);
}

/** All spans of a thread in the run. A lock that is taken again while it is held is one span. */
function spansOf(program: Program, { run, taken }: Orderings, thread: ThreadId): readonly HeldSpan[] {
  const spans: HeldSpan[] = [];
  const open = new Map<string, { depth: number; span: Omit<HeldSpan, 'to'> }>();
  const enter = (key: string, span: Omit<HeldSpan, 'to'>): void => {
    const known = open.get(key);
    if (known === undefined) open.set(key, { depth: 1, span });
    else known.depth++;
  };
  const leave = (key: string, to: RunIndex, otherwise: Omit<HeldSpan, 'to' | 'from'>): void => {
    const known = open.get(key) ?? { depth: 1, span: { ...otherwise, from: -1 } };
    if (--known.depth > 0) return;
    spans.push({ ...known.span, to });
    open.delete(key);
  };
  for (const [i, { step }] of taken.slice(0, run.taken).entries()) {
    if (step.thread !== thread) continue;
    for (const change of step.locks ?? []) {
      const of = lockIn(program, run.states[i]!, change);
      const span = { thread, lock: of.name, kind: of.kind, mode: change.mode };
      if (change.way === 'take') enter(of.name, { ...span, from: i });
      else leave(of.name, i, span);
    }
    const rcu = step.memory?.kind === 'rcu' ? step.memory.event : undefined;
    const section = { thread, lock: undefined, kind: 'rcu', mode: 'shared' } as const;
    if (rcu === 'read_lock') enter('', { ...section, from: i });
    if (rcu === 'read_unlock') leave('', i, section);
  }
  const kept = [...open.values()].map(({ span }) => ({ ...span, to: taken.length }));
  return [...spans, ...kept].sort((a, b) => a.from - b.from);
}

const lockIn = (program: Program, state: State, { lock }: NonNullable<Step['locks']>[number]) =>
  program.variables[chosenBy(lock, state, program)[0]!]!.lock!;

/** Is the guard false with another value of the variable? */
function isShut(
  program: Program,
  { guard }: Step,
  state: State,
  variable: VariableId,
  value: number,
): boolean {
  const instead = substitute(guard, (part) => {
    const isIt = part.op === 'read' && chosenBy(part.cell, state, program).join() === String(variable);
    return isIt ? { op: 'const', value, type: part.type } : undefined;
  });
  return evaluate(instead, state, program) === 0;
}

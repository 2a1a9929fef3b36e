// Where a thread can be kept by locks alone: locations all of whose ways on wait for locks. What keeps a step from
// being taken is read from its guard, so whatever waits for a lock counts: taking it, or waiting until it is free.
//
//   mutex_lock(b):  when (b == free)                           kept while somebody holds b
//   down_write(s):  when (!s.readers[x] && … && s.writer == free)    kept while x reads, or somebody writes
//
// A thread that is kept by one that is kept for good is kept for good too: see `lockedOut` in the reference engine.

import { conjuncts, parts } from './expression.js';
import type { Cell, Expr, Location, Program, Step, Thread, ThreadId } from './program.js';

/** What keeps a step from being taken. */
export interface Barrier {
  /** Owners and shares of locks: while somebody holds one of them, the step waits. */
  readonly locks: readonly LockCell[];
  /** Conditions that must be true, and that no other thread can make true: those about what is the thread's own. */
  readonly own: readonly Expr[];
}

export interface LockCell {
  readonly cell: Cell;
  /** Whose share of a lock it is; undefined for an owner, whose value says who holds it. */
  readonly holder: ThreadId | undefined;
}

/** A location that a thread can be kept at by locks alone: a barrier for each of its steps. */
export interface LockPlace {
  readonly thread: ThreadId;
  readonly location: Location;
  readonly steps: readonly Barrier[];
}

/** All such locations, thread by thread. */
export function lockPlaces(program: Program): readonly LockPlace[] {
  return program.threads.flatMap((thread) => {
    const byLocation = new Map<Location, Step[]>();
    for (const step of program.steps) {
      if (step.thread !== thread.id) continue;
      byLocation.set(step.from, [...(byLocation.get(step.from) ?? []), step]);
    }
    return [...byLocation].flatMap(([location, out]): readonly LockPlace[] => {
      const steps = out.map((step) => barrierOf(step, thread, program));
      const isKept = ({ locks, own }: Barrier) => locks.length > 0 || own.length > 0;
      const waits = steps.some(({ locks }) => locks.length > 0) && steps.every(isKept);
      return waits ? [{ thread: thread.id, location, steps }] : [];
    });
  });
}

/** A bug is no way on, so a step that only reports one keeps nobody from being stuck while it is not enabled. */
function barrierOf({ guard, reports }: Step, thread: Thread, program: Program): Barrier {
  if (reports?.kind === 'bug') return { locks: [], own: [guard] };
  const all = conjuncts(guard);
  return {
    locks: all.flatMap((part) => lockOf(part, thread, program) ?? []),
    own: all.filter((part) => isOwn(part, thread, program) && !lockOf(part, thread, program)),
  };
}

/** The lock that a condition finds free; undefined if it is about something else, or about one and another in turn. */
function lockOf(x: Expr, thread: Thread, { variables }: Program): LockCell | undefined {
  const asksOwner = x.op === 'eq' && x.x.op === 'read' && x.y.op === 'const' && x.y.value === 0;
  const read = asksOwner || x.op === 'not' ? x.x : undefined;
  if (read?.op !== 'read') return undefined;
  const { cell } = read;
  if (cell.variables.some((id) => variables[id]!.lock === undefined)) return undefined;
  if (cell.index !== undefined && !isOwn(cell.index, thread, { variables })) return undefined;
  const holders = new Set(cell.variables.map((id) => variables[id]!.holder));
  const [holder] = holders;
  return holders.size === 1 && asksOwner === (holder === undefined) ? { cell, holder } : undefined;
}

/** Can no other thread change the value, and does it always have one? Its locals are the thread's own, and its locks. */
function isOwn(x: Expr, thread: Thread, names: Pick<Program, 'variables'>): boolean {
  const { variables } = names;
  if (x.op === 'read') {
    const [id] = x.cell.variables;
    const { thread: local, holder } = variables[id!]!;
    return x.cell.index === undefined && (local === thread.id || holder === thread.id);
  }
  if (x.op === 'at') return x.thread === thread.id;
  if (x.op === 'div' || x.op === 'mod') return false;
  if (x.op === 'eq' && x.x.op === 'read' && x.y.op === 'const' && x.x.cell.index === undefined) {
    const { lock, holder } = variables[x.x.cell.variables[0]!]!;
    if (lock !== undefined && holder === undefined) return x.y.value === thread.id + 1;
  }
  return parts(x).every((part) => isOwn(part, thread, names));
}

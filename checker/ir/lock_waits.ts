// Where a thread can be kept by locks alone: locations all of whose steps wait for locks. Guards say what a step waits
// for, so every wait for a lock counts: taking it, or waiting until it is free.
//
//   mutex_lock(b):  when (b == free)                           kept while another thread holds b
//   down_write(s):  when (!s.readers[x] && … && s.writer == free)    kept while x reads, or another thread writes
//
// A thread that waits for a thread that is kept for ever is kept for ever too: see `lockedOut` in the reference engine.

import { conjuncts, not, parts } from './expression.js';
import type { Cell, Expr, Location, Program, Step, Thread, ThreadId } from './program.js';

/** What a step waits for. */
export interface Barrier {
  /** Owners and shares of locks: the step waits while one of them is held. */
  readonly locks: readonly LockCell[];
  /** Conditions on the thread's own locals and locks, which no other thread can make true. */
  readonly own: readonly Expr[];
}

export interface LockCell {
  readonly cell: Cell;
  /**
   * For a share: the thread whose share it is; undefined for an owner, whose value says which thread holds the lock.
   */
  readonly holder: ThreadId | undefined;
}

/** A location at which locks alone can keep a thread: one barrier for each of its steps. */
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
      const steps = [...out.map((step) => barrierOf(step, thread, program)), ...unsettled(thread, program)];
      const isKept = ({ locks, own }: Barrier) => locks.length > 0 || own.length > 0;
      const waits = steps.some(({ locks }) => locks.length > 0) && steps.every(isKept);
      return waits ? [{ thread: thread.id, location, steps }] : [];
    });
  });
}

/** While stores of a thread are on their way, it may have dropped a lock that memory still shows as its own: a way on. */
function unsettled({ id }: Thread, { storeBuffers }: Program): readonly Barrier[] {
  const buffer = storeBuffers?.buffers.find(({ threads }) => threads.includes(id));
  return buffer === undefined ? [] : [{ locks: [], own: [not(buffer.isEmpty)] }];
}

/** A step that reports a bug leads nowhere: the thread can be kept by locks while that step is not enabled. */
function barrierOf({ guard, reports }: Step, thread: Thread, program: Program): Barrier {
  if (reports?.kind === 'bug') return { locks: [], own: [guard] };
  const all = conjuncts(guard);
  return {
    locks: all.flatMap((part) => lockOf(part, thread, program) ?? []),
    own: all.filter((part) => isOwn(part, thread, program) && !lockOf(part, thread, program)),
  };
}

/**
 * The lock that a condition requires to be free; undefined if the condition is about something else, or about different
 * locks in turn.
 */
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

/** Is the value always defined, and can no other thread change it? True of the thread's own locals and locks. */
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

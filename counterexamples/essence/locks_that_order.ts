// Locks that would have ordered the steps of an essence: one actor holds the lock throughout, and steps of others come
// in between because they do not hold it. If it is held for reading, only holding it for writing helps.
//
//   a: [lock  e  ………  g  unlock]      b:  f      e before f, f before g: impossible if b held the lock around f, too

import type { Lock, Program, State, ThreadId } from '../../checker/index.js';
import type { Orderings } from './orderings.js';

/**
 * A lock that one actor holds from its first to its last step of the essence, and that other actors, whose steps come
 * in between, hold at none of theirs.
 */
export interface EssentialLock {
  readonly lock: string;
  readonly heldBy: string;
  readonly notBy: readonly string[];
  readonly sentence: string;
}

interface Span {
  readonly thread: ThreadId;
  /** The locks that it holds at each step from its first to its last. */
  readonly held: readonly (readonly Lock[])[];
}

export function locksThatOrder(program: Program, { run, orderings }: Orderings): readonly EssentialLock[] {
  const threadOf = (i: number): ThreadId => program.steps[run.steps[i]!]!.thread;
  const ends = orderings.flatMap(({ first, then }) => [first, then]);
  const actors = [...new Set(ends.map(threadOf))].sort((a, b) => a - b);
  const spans = actors.map((thread): Span => {
    const own = ends.filter((i) => threadOf(i) === thread);
    const states = run.states.slice(Math.min(...own), Math.max(...own) + 1);
    return { thread, held: states.map((state) => locksLock(program, thread, state)) };
  });
  const comesFirst = (a: ThreadId, b: ThreadId) =>
    orderings.some(({ first, then }) => threadOf(first) === a && threadOf(then) === b);
  return spans.flatMap(({ thread, held }) => {
    // If all its steps come before, or after, those of the other, the lock does not exclude that order.
    const between = spans.filter(
      (other) => comesFirst(thread, other.thread) && comesFirst(other.thread, thread),
    );
    if (between.length === 0) return [];
    return held[0]!
      .filter((lock) => held.every((locks) => locks.some((other) => isSame(lock, other))))
      .filter(({ name }) => between.every((span) => !span.held.flat().some((other) => other.name === name)))
      .map((lock) =>
        advice(
          lock,
          program.threads[thread]!.name,
          between.map((span) => program.threads[span.thread]!.name),
        ),
      );
  });
}

const isSame = (a: Lock, b: Lock): boolean => a.name === b.name && a.mode === b.mode;

function advice({ name, kind, mode }: Lock, heldBy: string, notBy: readonly string[]): EssentialLock {
  const others = notBy.join(' and ');
  const all = 'from its first to its last of these steps';
  const sentence =
    kind === 'rcu'
      ? `${heldBy} is inside ${name} ${all}: had ${others} waited for a grace period between its own, it would have ordered them.`
      : mode === 'shared'
        ? `${heldBy} holds ${name} for reading ${all}, ${others} at none: held by ${others} for writing, it would have ordered them.`
        : `${heldBy} holds ${name} ${all}, ${others} at none: held by both, it would have ordered them.`;
  return { lock: name, heldBy, notBy, sentence };
}

/** The locks that a thread holds. */
function locksLock(program: Program, thread: ThreadId, { value }: State): readonly Lock[] {
  return program.variables.flatMap(({ id, lock, holder, domain }): readonly Lock[] => {
    if (lock === undefined) return [];
    const isLock =
      holder === undefined
        ? domain.kind === 'owner' && value.get(id) === thread + 1
        : holder === thread && value.get(id) !== 0;
    return isLock ? [lock] : [];
  });
}

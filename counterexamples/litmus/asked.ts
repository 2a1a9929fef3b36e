// What a litmus test asks for each ordering of an essence, `e before f`: which value says that it happened so.
//
//   f reads what e wrote           seen          the value that f reads
//   e reads what f writes later    missed        the value that e reads
//   both only write                overwritten   the value at the end
//   both take a lock               section       what e leaves in its critical section, read in f's
//   f waits for e's lock           held          spin_is_locked()
//   the property reads both        observed      a thread of its own looks at what e changes, then at what f changes

import type { Check, Program, Step, VariableId } from '../../checker/index.js';
import { LitmusError } from '../../litmus/index.js';
import { placeOfStep, refuseStep } from '../../litmus/translate/place.js';
import { asksFor } from '../essence/meetings.js';
import type { Orderings } from '../essence/orderings.js';
import { sharedBy } from '../explain/accesses.js';
import type { RunIndex } from '../story/recorded_run.js';

/** A change that the property reads: of a variable, or that an actor has gone past a step. */
export interface Change {
  readonly index: RunIndex;
  readonly variable: VariableId | undefined;
}

/** `first` and `then` are steps of the run. */
export type AskedOrdering = { readonly first: RunIndex; readonly then: RunIndex } & (
  | { readonly kind: 'seen' | 'missed' | 'overwritten'; readonly variable: VariableId }
  | { readonly kind: 'section' | 'held'; readonly lock: string }
  | { readonly kind: 'observed'; readonly change: Change; readonly later: Change }
);

/** One for each ordering. Throws a LitmusError for an ordering that no value of a litmus test can say. */
export function askedOf(program: Program, check: Check, found: Orderings): readonly AskedOrdering[] {
  const { orderings, taken } = found;
  if (program.storeBuffers !== undefined)
    throw new LitmusError(
      'the run is one of store buffers: a litmus test is made of a run in which every access is seen at once by all',
    );
  if (orderings.length === 0)
    throw new LitmusError(
      `'${check.name}' is violated whatever the order of the steps: no ordering to ask for`,
    );
  const shared = orderings.map(({ first, then }) =>
    sharedBy(taken[first]!.accesses, taken[then]!.accesses).filter(
      (id) => program.variables[id]!.lock === undefined && program.variables[id]!.ofLock === undefined,
    ),
  );
  // As few variables as will do: one that several orderings are about says them all.
  const uses = (id: VariableId) => shared.filter((ids) => ids.includes(id)).length;
  return orderings.map((ordering, i): AskedOrdering => {
    const meeting = found.meets(ordering);
    if (meeting === 'asked') return { ...ordering, kind: 'observed', ...observed(program, found, ordering) };
    if (meeting === 'nothing') refuseUnrelated(program, found, ordering);
    const [variable] = shared[i]!.toSorted((a, b) => uses(b) - uses(a) || a - b);
    if (variable !== undefined) return { ...ordering, ...overData(found, ordering, variable) };
    return { ...ordering, ...overLock(program, found, ordering) };
  });
}

type OrderingEnds = { readonly first: RunIndex; readonly then: RunIndex };

function overData({ taken }: Orderings, { first, then }: OrderingEnds, variable: VariableId) {
  const [a, b] = [taken[first]!.accesses, taken[then]!.accesses];
  const kind = !a.writes.has(variable) ? 'missed' : b.reads.has(variable) ? 'seen' : 'overwritten';
  return { kind, variable } as const;
}

function overLock(program: Program, { run, taken }: Orderings, { first, then }: OrderingEnds) {
  const [a, b] = [taken[first]!, taken[then]!];
  if (asksFor(a, b)) refusePlace(program, a.step, b.step);
  if (asksFor(b, a)) refusePlace(program, b.step, a.step);
  const [name] = sharedBy(a.accesses, b.accesses).flatMap((id) => program.variables[id]!.lock?.name ?? []);
  for (const { step, accesses } of [a, b]) {
    if ((step.locks ?? []).length > 0 && name !== undefined) continue;
    const isQueueing = [...accesses.writes].some((id) => program.variables[id]!.ofLock?.what === 'queued');
    refuseStep(
      step,
      isQueueing
        ? 'queues for a lock that it does not take yet: the locks of litmus tests have no queues'
        : 'looks at a lock that it does not take: no litmus test says so',
    );
  }
  return { kind: then >= run.taken ? 'held' : 'section', lock: name! } as const;
}

function observed(program: Program, { taken, asked, run }: Orderings, { first, then }: OrderingEnds) {
  const changeOf = (index: RunIndex): Change => {
    if (index >= run.taken)
      refuseStep(taken[index]!.step, 'is not taken in the run: nothing changes that a thread could look at');
    const [variable] = [...taken[index]!.accesses.writes].filter(
      (id) => asked.variables.has(id) && program.variables[id]?.lock === undefined,
    );
    return { index, variable };
  };
  return { change: changeOf(first), later: changeOf(then) };
}

function refusePlace({ threads }: Program, looker: Step, other: Step): never {
  const [who, whom] = [threads[looker.thread]!, threads[other.thread]!];
  const interrupter = [who, whom].find(({ context }) => context !== undefined && context.level !== 'task');
  const why =
    interrupter === undefined
      ? 'the threads of a litmus test see memory alone'
      : `${interrupter.name} interrupts a CPU, and each thread of a litmus test is a CPU of its own`;
  return refuseStep(looker, `looks where ${whom.name} stands: ${why}`);
}

function refuseUnrelated({ threads }: Program, { taken }: Orderings, { first, then }: OrderingEnds): never {
  const [a, b] = [taken[first]!.step, taken[then]!.step];
  throw new LitmusError(
    `${threads[a.thread]!.name} runs ${a.label} before ${threads[b.thread]!.name} runs ${b.label}, and they access nothing in common: no value says in which order they happened`,
    placeOfStep(a),
  );
}

/** Is what a step reads asked for by an ordering? */
export const isAskedFor = (all: readonly AskedOrdering[], i: RunIndex): boolean =>
  all.some(({ kind, first, then }) => (kind === 'seen' && then === i) || (kind === 'missed' && first === i));

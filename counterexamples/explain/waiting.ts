// Which actor waits for which in a deadlock: a step that a lock disables waits for the holders of the lock. The
// explanation of a deadlock is the shortest cycle of such waits, if there is one.
//
//   a holds first, waits for second      b holds second, waits for first        a -> b -> a

import {
  type Expr,
  lockedOut,
  mayStayAt,
  type Program,
  parts,
  referenceSystem,
  type State,
  stepsFrom,
  type Thread,
  type ThreadId,
  type VariableId,
} from '../../checker/index.js';
import { interruptersOf } from '../trace/interrupters.js';
import type { Wait } from '../trace/trace.js';

/** The explanation of a deadlock. */
export interface Deadlock {
  /** Every wait for a held lock, in the order of the actors and the locks. */
  readonly waits: readonly Wait[];
  /** The shortest cycle of them; undefined if there is none. */
  readonly cycle: readonly Wait[] | undefined;
  /** As text; undefined if no actor waits for a lock or at a step that could be declared to rest. */
  readonly message: string | undefined;
}

/** Explains a state that is a deadlock. */
export function deadlockOf(program: Program, state: State): Deadlock {
  const out = referenceSystem(program).transitions(state);
  const goesOn = ({ id }: Thread) => out.some(({ step }) => program.steps[step]!.thread === id);
  const waits = waitsOf(
    program,
    state,
    program.threads.filter((thread) => !goesOn(thread)),
  );
  const forEver = lockedOut(program, state).map((wait) =>
    waitIn(program, wait.thread, wait.lock, wait.holder),
  );
  const cycle = cycleOf(forEver) ?? (out.length === 0 ? cycleOf(waits) : undefined);
  const texts = [
    waitingText(cycle ?? waits, cycle !== undefined && out.length > 0, (holder) =>
      goesOnText(program, state, holder),
    ),
    out.length === 0 ? serversText(program, state, waits) : undefined,
  ].filter((text) => text !== undefined);
  return { waits, cycle, message: texts.length === 0 ? undefined : texts.join('; ') };
}

/** For each lock that keeps one of the threads from its next steps: who holds it. */
export function waitsOf(program: Program, state: State, threads: readonly Thread[]): readonly Wait[] {
  return threads.flatMap(({ id }) => {
    const guards = stepsFrom(program, id, state.at.get(id)!).map(({ guard }) => guard);
    const read = new Set(guards.flatMap(variablesIn));
    return [...read]
      .sort((a, b) => a - b)
      .flatMap((lock): readonly Wait[] => {
        const holder = holderOf(program, state, lock);
        return holder === undefined ? [] : [waitIn(program, id, lock, holder)];
      });
  });
}

/** `, which goes on when rx is over`; nothing for an actor that no handler has interrupted. */
function goesOnText(program: Program, state: State, actor: string): string {
  const { id } = program.threads.find(({ name }) => name === actor)!;
  const handlers = interruptersOf(program, state, id).map((handler) => program.threads[handler]!.name);
  return handlers.length === 0 ? '' : `, which goes on when ${handlers.join(' and ')} is over`;
}

/** All parts of one lock have one name. */
function waitIn({ variables, threads }: Program, waiter: ThreadId, id: VariableId, holder: ThreadId): Wait {
  const { name, lock } = variables[id]!;
  return {
    actor: threads[waiter]!.name,
    lock: lock?.name ?? name,
    holder: threads[holder]!.name,
    ...(lock?.mode === 'shared' && { isShared: true }),
  };
}

export const variablesIn = (x: Expr): readonly number[] => [
  ...(x.op === 'read' ? x.cell.variables : []),
  ...parts(x).flatMap(variablesIn),
];

/** The holder of a lock, or of this share of it; undefined if it is free, or no lock. */
function holderOf(program: Program, state: State, id: number): ThreadId | undefined {
  const { lock, holder, domain } = program.variables[id]!;
  const value = state.value.get(id)!;
  // An owner that any actor may release is no lock of the checks, but is waited for as one.
  if ((lock === undefined && domain.kind !== 'owner') || value === 0) return undefined;
  return holder ?? value - 1;
}

/**
 * A hint to declare `rests()` for actors that wait for no lock at a location to which they return, as an idle server
 * does; undefined if there is none.
 */
function serversText(program: Program, state: State, waits: readonly Wait[]): string | undefined {
  const idle = program.threads.filter((thread) => {
    const place = state.at.get(thread.id)!;
    return (
      !mayStayAt(thread).includes(place) &&
      waits.every(({ actor }) => actor !== thread.name) &&
      comesBack(program, thread.id, place)
    );
  });
  if (idle.length === 0) return undefined;
  const texts = idle.map(({ id, name, locations }) => `${name} at ${locations[state.at.get(id)!]!.label}`);
  return `if ${texts.join(' and ')} may wait there for ever, say so: add rests() to the step`;
}

/** Can the thread come back to this location? */
function comesBack(program: Program, thread: ThreadId, place: number): boolean {
  const seen = new Set<number>();
  const open = [place];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const { to } of stepsFrom(program, thread, at)) {
      if (to === place) return true;
      if (!seen.has(to)) open.push(to);
      seen.add(to);
    }
  }
  return false;
}

/** The shortest cycle, starting with its first actor; undefined if there is none. */
export function cycleOf(waits: readonly Wait[]): readonly Wait[] | undefined {
  const cycles = [...new Set(waits.map(({ actor }) => actor))].flatMap((actor) => {
    const cycle = wayBack(waits, actor);
    return cycle === undefined ? [] : [cycle];
  });
  return cycles.reduce<readonly Wait[] | undefined>(
    (best, next) => (best === undefined || next.length < best.length ? next : best),
    undefined,
  );
}

/** The shortest path of waits from an actor back to it. */
function wayBack(waits: readonly Wait[], start: string): readonly Wait[] | undefined {
  const ways: (readonly Wait[])[] = waits.filter(({ actor }) => actor === start).map((wait) => [wait]);
  const seen = new Set<string>();
  for (const way of ways) {
    const { holder } = way.at(-1)!;
    if (holder === start) return way;
    if (seen.has(holder)) continue;
    seen.add(holder);
    ways.push(...waits.filter(({ actor }) => actor === holder).map((wait) => [...way, wait]));
  }
  return undefined;
}

/** `a waits for second, held by b; b waits for first, held by a: a cycle`; undefined if no lock is waited for. */
function waitingText(
  waits: readonly Wait[],
  othersGoOn: boolean,
  goesOn: (holder: string) => string,
): string | undefined {
  if (waits.length === 0) return undefined;
  const texts = waits.map(({ actor, lock, holder, isShared }) => {
    if (holder === actor) return `${actor} waits for ${lock}, which it holds itself`;
    return `${actor} waits for ${lock}, held ${isShared ? 'for reading ' : ''}by ${holder}${goesOn(holder)}`;
  });
  const isCycle = waits.length > 1 && cycleOf(waits)?.length === waits.length;
  return `${texts.join('; ')}${isCycle ? ': a cycle' : ''}${othersGoOn ? ', whatever the others do' : ''}`;
}

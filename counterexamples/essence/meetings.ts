// How two steps of a run meet, from the most to the least that their order can matter for: the essence chooses by it.
//
//   a: x = 1        b: t = x          data: both access x, one writes it
//   a: freed = 1    b: armed = 1      asked, of `never(freed && armed)`: the property reads what both change

import {
  asks,
  type Check,
  type Expr,
  type Program,
  parts,
  type State,
  type Step,
  type ThreadId,
  type VariableId,
} from '../../checker/index.js';
import { type Accesses, accessesOf, sharedBy } from '../explain/accesses.js';

/**
 * `data`: both access the same data, and one writes it; or one reads where the other's actor stands. `asked`: both
 * change what the property reads. `lock`: both access the same lock. `nothing`: none of these.
 */
export type Meeting = 'data' | 'asked' | 'lock' | 'nothing';

/** A step as it is taken in a state. */
export interface AccessingStep {
  readonly step: Step;
  readonly accesses: Accesses;
  /** Does it change what the property reads? */
  readonly isAsked: boolean;
}

/** What a check reads of a state. */
export interface CheckReads {
  readonly variables: ReadonlySet<VariableId>;
  readonly places: readonly AtExpr[];
}

/** A question where a thread stands. */
export type AtExpr = Expr & { readonly op: 'at' };

/** What the condition of a check reads, also by what its monitors remember. An assertion reads in its own step. */
export function askedBy(program: Program, check: Check): CheckReads {
  const variables = new Set<VariableId>();
  const places: AtExpr[] = [];
  const visit = (x: Expr): void => {
    if (x.op === 'at') places.push(x);
    if (x.op === 'read') x.cell.variables.forEach(add);
    parts(x).forEach(visit);
  };
  const add = (id: VariableId): void => {
    if (variables.has(id)) return;
    variables.add(id);
    const monitor = program.monitors?.find(({ variable }) => variable.id === id);
    if (monitor !== undefined) visit(monitor.update);
  };
  if (asks(check, 'condition')) visit(check.condition);
  return { variables, places };
}

export function takenIn(program: Program, step: Step, state: State, asked: CheckReads): AccessingStep {
  const accesses = accessesOf(program, step, state);
  const isAsked =
    [...accesses.writes].some((id) => asked.variables.has(id)) ||
    asked.places.some((place) => changes(step, place));
  return { step, accesses, isAsked };
}

/** Does the step change the answer to the question? */
const changes = ({ thread, from, to }: Step, place: AtExpr): boolean =>
  place.thread === thread && place.locations.includes(from) !== place.locations.includes(to);

/** `waitedFor`: locks that are data, since the run ends because somebody waits for them. */
export function meetingOf(
  program: Program,
  waitedFor: ReadonlySet<VariableId>,
  a: AccessingStep,
  b: AccessingStep,
): Meeting {
  const shared = sharedBy(a.accesses, b.accesses);
  const isData = (id: VariableId) => waitedFor.has(id) || program.variables[id]!.lock === undefined;
  if (shared.some(isData) || asksFor(a, b) || asksFor(b, a)) return 'data';
  if (a.isAsked && b.isAsked) return 'asked';
  return shared.length > 0 ? 'lock' : 'nothing';
}

/** Does a step read where the other's actor stands, which that changes? */
export const asksFor = (a: AccessingStep, b: AccessingStep): boolean =>
  a.accesses.places.some((place) => changes(b.step, place));

/**
 * Is what one reads, and the other writes, read to decide how to go on? A guard that reads it does so; to store it in a
 * local does not.
 */
export function isDecided(a: AccessingStep, b: AccessingStep): boolean {
  const decides = (x: AccessingStep, y: AccessingStep) =>
    [...x.accesses.tests].some((id) => y.accesses.writes.has(id));
  return decides(a, b) || decides(b, a) || asksFor(a, b) || asksFor(b, a);
}

/** For each of some events, how many of its own thread come before it. */
export const numberedByActor = (events: readonly { readonly thread: ThreadId }[]): readonly number[] => {
  const counts = new Map<ThreadId, number>();
  return events.map(({ thread }) => {
    const count = counts.get(thread) ?? 0;
    counts.set(thread, count + 1);
    return count;
  });
};

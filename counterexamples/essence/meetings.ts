// How two steps of a run interact, from the strongest kind to the weakest; the essence prefers stronger kinds.
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
 * `data`: both access the same data, and one writes it; or one reads the location of the other's actor. `asked`: both
 * change what the property reads. `lock`: both access the same lock. `nothing`: none of these.
 */
export type Meeting = 'data' | 'asked' | 'lock' | 'nothing';

/** A step with what it accesses in the state where it is taken. */
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

/** An expression that reads the location of a thread. */
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

/** Does the step change the value of the expression? */
const changes = ({ thread, from, to }: Step, place: AtExpr): boolean =>
  place.thread === thread && place.locations.includes(from) !== place.locations.includes(to);

/** `waitedFor`: locks that count as data, since an actor waits for them at the end of the run. */
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

/** Does the first step read the location of the other's actor, and the other step change it? */
export const asksFor = (a: AccessingStep, b: AccessingStep): boolean =>
  a.accesses.places.some((place) => changes(b.step, place));

/**
 * Does one step read what the other writes to decide how to continue, as in a guard? Storing it in a local does not
 * count.
 */
export function isDecided(a: AccessingStep, b: AccessingStep): boolean {
  const decides = (x: AccessingStep, y: AccessingStep) =>
    [...x.accesses.tests].some((id) => y.accesses.writes.has(id));
  return decides(a, b) || decides(b, a) || asksFor(a, b) || asksFor(b, a);
}

/** For each event, how many earlier events have the same thread. */
export const numberedByActor = (events: readonly { readonly thread: ThreadId }[]): readonly number[] => {
  const counts = new Map<ThreadId, number>();
  return events.map(({ thread }) => {
    const count = counts.get(thread) ?? 0;
    counts.set(thread, count + 1);
    return count;
  });
};

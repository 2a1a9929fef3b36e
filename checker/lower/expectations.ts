// Expectations: conditions that must be true when a step is taken become steps that report. Conditions on the thread's
// own locks that control flow decides are not checked again.
//
//   (expects(x > 0, 'x'), y := 1)      from 1:   when (x <= 0) bug 'x', to dead     when (x > 0) y := 1, to 2
//
// They are checked in this order: demands, bugs, warnings, each group as written; the first that fails is reported. A
// warning on arrival leads to a twin of the location, with the same step but without the warning:
//
//   (demandsSoftly(x > 0, 'x'), when(b), y := 1)     1: when (x <= 0) warning 'x', to 1'    when (x > 0 && b) y := 1, to 2
//                                                    1': when (b) y := 1, to 2

import { type Ownership, ownership } from '../analyse/ownership.js';
import type { CheckName } from '../ir/built_in_checks.js';
import {
  allOf,
  and,
  constant,
  ifElse,
  isFalse,
  isTrue,
  not,
  read,
  rewrite,
  truth,
  typeOf,
} from '../ir/expression.js';
import type {
  Assignment,
  Cell,
  Expr,
  Location,
  LockChange,
  ReportKind,
  ThreadId,
  VariableId,
} from '../ir/program.js';
import { exprText, type ProgramNames } from '../ir/text.js';
import { withAccessChecks } from './access_checks.js';
import type { DraftExpectation, FlowEdge, Text, ThreadNames, UnfinishedStep } from './draft.js';
import { knownValues } from './known_values.js';
import { type Holder, lockChecks, ownsCell } from './lock_checks.js';

/** A location at which a thread stands after a warning at another location, or after queueing for a lock there. */
export interface Twin {
  readonly at: Location;
  readonly of: Location;
  /** `warned`, `warned 2`, `queued`. */
  readonly after: string;
}

export interface Reporting {
  /** Those that report, each before the step that goes on. */
  readonly steps: readonly UnfinishedStep[];
  /** In the order of the locations, numbered from `ends.end` on. */
  readonly twins: readonly Twin[];
  /** Shares of locks that the thread takes where it may hold them already. */
  readonly takenAgain: ReadonlySet<VariableId>;
}

/** The first and the last location of a thread; other locations are numbered from `end` on. */
export interface Ends {
  readonly start: Location;
  readonly done: Location;
  readonly dead: Location;
  readonly end: Location;
  /** Does the thread come again, so that it is done where it starts? */
  readonly comesAgain: boolean;
}

/** The steps of a thread, with the built-in checks of its locks except those that are switched off. */
export function reportingSteps(
  edges: readonly FlowEdge[],
  thread: ThreadId,
  ends: Ends,
  names: ThreadNames,
  without: ReadonlySet<CheckName>,
): Reporting {
  const dropsOnlyOwn = !without.has('lock-balance');
  const owned = ownershipOf(edges, ends.start, names, dropsOnlyOwn);
  const known =
    names.kept.length === 0 ? undefined : knownValues(ends.start, edges, names.own, names.variables);
  const isLast = ({ to }: FlowEdge) => to === ends.done || (ends.comesAgain && to === ends.start);
  const twins: Twin[] = [];
  const twin = (of: Location, after: string): Location => {
    const at = ends.end + twins.length;
    twins.push({ at, of, after });
    return at;
  };
  const takenAgain = new Set<VariableId>();
  const steps = outcomesOf(edges).flatMap((outcomes) => {
    const { from } = outcomes[0];
    for (const id of sharesTakenAgain(outcomes, owned.get(from), names)) takenAgain.add(id);
    const { variables, nested, kept } = names;
    const facts = { owned: owned.get(from) ?? new Map(), known: known?.get(from) ?? new Map() };
    const holder = { thread, variables, nested, kept, ...facts };
    const prepared = withAccessChecks(outcomes, names).map((edge): FlowEdge => {
      // Locations that its own control flow cannot reach need no check.
      const checks = owned.has(from) ? lockChecks(edge, isLast(edge), holder, without) : [];
      const drops = dropsOnlyOwn ? edge : onlyOwn(edge, holder);
      const said = edge.expectations.filter(({ check }) => check === undefined || !without.has(check));
      return { ...drops, expectations: inOrder(checks, said) };
    });
    return expand(prepared as unknown as OutcomeEdges, { ends, twin, holder });
  });
  return { steps, twins, takenAgain };
}

/** The shares that a thread takes although it may hold them. */
const sharesTakenAgain = (
  edges: readonly FlowEdge[],
  owned: Ownership | undefined,
  { variables }: ThreadNames,
): readonly VariableId[] =>
  owned === undefined
    ? []
    : edges
        .flatMap(({ locks }) => cellsOf(locks, 'take').flatMap((cell) => cell.variables))
        .filter((id) => variables[id]!.lock!.mode === 'shared' && owned.get(id) !== false);

/** The edges of one test, or one edge of anything else. */
type OutcomeEdges = readonly [FlowEdge, ...FlowEdge[]];

function outcomesOf(edges: readonly FlowEdge[]): readonly OutcomeEdges[] {
  const groups: [FlowEdge, ...FlowEdge[]][] = [];
  for (const edge of edges) {
    const last = groups.at(-1);
    const isOther =
      edge.test === undefined || edge.test.id !== last?.[0].test?.id || edge.from !== last[0].from;
    if (isOther) groups.push([edge]);
    else last!.push(edge);
  }
  return groups;
}

function ownershipOf(
  edges: readonly FlowEdge[],
  start: Location,
  { locks, nested }: ThreadNames,
  dropsOnlyOwn: boolean,
) {
  const lockEdges = edges
    .filter(({ guard }) => !isFalse(guard))
    .map(({ from, to, locks: changes }) => ({
      from,
      to,
      takes: cellsOf(changes, 'take').map((cell) => cell.variables),
      drops: cellsOf(changes, 'drop').map((cell) => cell.variables),
    }));
  return ownership(start, lockEdges, locks, { dropsOnlyOwn, nests: nested });
}

const cellsOf = (changes: readonly LockChange[], way: LockChange['way']): readonly Cell[] =>
  changes.filter((change) => change.way === way).map(({ lock }) => lock);

/**
 * Checks of accesses, then of balance, before the bugs that the model expects; the other built-in checks after them.
 */
const inOrder = (
  checks: readonly DraftExpectation[],
  said: readonly DraftExpectation[],
): readonly DraftExpectation[] => [
  ...said.filter(isOfAccess),
  ...checks.filter(({ check }) => check === 'lock-balance'),
  ...said.filter((one) => !isOfAccess(one)),
  ...checks.filter(({ check }) => check !== 'lock-balance'),
];

const isOfAccess = ({ check }: DraftExpectation): boolean =>
  check === 'null-dereference' || check === 'use-after-free';

/** Without the check, dropping a lock that another thread holds does nothing. */
function onlyOwn(edge: FlowEdge, holder: Holder): FlowEdge {
  const cells = new Set(cellsOf(edge.locks, 'drop'));
  return {
    ...edge,
    assignments: edge.assignments.map((assignment) => {
      if (!cells.has(assignment.target)) return assignment;
      const { target, value } = assignment;
      return { ...assignment, value: ifElse(ownsCell(target, holder), value, read(target, typeOf(value))) };
    }),
  };
}

/** The locations that the steps of an edge may lead to besides its target, and what is known at its start. */
interface EdgeContext {
  readonly ends: Ends;
  readonly twin: (of: Location, after: string) => Location;
  readonly holder: Holder;
}

function expand(
  outcomes: OutcomeEdges,
  { ends: { dead }, twin, holder }: EdgeContext,
): readonly UnfinishedStep[] {
  const [first] = outcomes;
  const asked = outcomes.map((edge) => askedOf(edge, holder));
  const onArrival = (kind: ReportKind) => asked[0]!.filter((one) => one.onArrival && one.kind === kind);
  const [demands, warnings] = [onArrival('bug'), onArrival('warning')];
  // A bug that both answers of a test find is reported once.
  const shared = asked[0]!.filter(
    (one) =>
      first.test !== undefined &&
      isBug(one) &&
      !one.onArrival &&
      asked.every((all) => all.some(({ of }) => of === one.of)),
  );
  const warned = (i: number) => twin(first.from, i === 0 ? 'warned' : `warned ${i + 1}`);
  const places = [first.from, ...warnings.map((_, i) => warned(i))];
  const queue = first.isChosen ? undefined : first.queue;
  const queued = queue === undefined ? undefined : twin(first.from, 'queued');
  const at = (from: Location, given: number, isQueued: boolean): readonly UnfinishedStep[] => {
    const arrival = [...demands, ...warnings.slice(given)];
    const here = { holder, from, dead, arrival: all(arrival) };
    const whole = { ...first, ...(first.test && { caption: first.test.caption }) };
    const stays = idle(stepOf(whole, here));
    const guard = first.test?.guard ?? first.guard;
    return [
      ...arrival.map((one, i) => ({
        ...stays,
        to: isBug(one) ? dead : places[warnings.indexOf(one) + 1]!,
        ...report(one, arrival.slice(0, i), truth(true)),
      })),
      ...shared.map((one, i) => ({
        ...stays,
        to: dead,
        ...report(one, shared.slice(0, i), and(here.arrival, guard)),
      })),
      ...outcomes.flatMap((edge, i) =>
        taken(edge, asked[i]!, shared, isQueued ? { ...here, leaves: queue! } : here),
      ),
      ...(queued === undefined || isQueued
        ? []
        : [
            {
              ...stays,
              to: queued,
              assignments: [waiting(queue!, true)],
              guard: and(here.arrival, and(butForLocks(guard, holder), not(guard))),
              caption: queueing(first),
            },
          ]),
    ];
  };
  const steps = [
    ...places.flatMap((from, given) => at(from, given, false)),
    ...(queued === undefined ? [] : at(queued, warnings.length, true)),
  ];
  return steps.filter((one) => !isFalse(one.guard));
}

/** The start of an edge, and what is true there. */
interface Standpoint {
  readonly holder: Holder;
  readonly from: Location;
  readonly dead: Location;
  /** Nothing is left to report on arrival. */
  readonly arrival: Expr;
  /** The queue that the thread stands in. */
  readonly leaves?: Cell;
}

/** The step of an edge when nothing is reported. */
function stepOf(edge: FlowEdge, { holder, from }: Standpoint): UnfinishedStep {
  const {
    expectations: _1,
    locks,
    queue: _2,
    path: _3,
    rests: _4,
    isChosen: _5,
    test: _6,
    tried: _7,
    begins: _8,
    ...rest
  } = edge;
  return {
    ...rest,
    thread: holder.thread,
    from,
    ...(locks.length > 0 && { locks: locks.map(({ overtakes: _, ...change }) => change) }),
  };
}

/** The step without its effects. */
const idle = ({ locks: _, ...step }: UnfinishedStep): UnfinishedStep => ({
  ...step,
  assignments: [],
  fresh: [],
  anew: [],
});

/** What an edge reports when it is taken, and how it goes on. `before` has been checked already. */
function taken(
  edge: FlowEdge,
  asked: readonly Tested[],
  before: readonly Tested[],
  here: Standpoint,
): readonly UnfinishedStep[] {
  const left = asked.filter(({ of, onArrival }) => !onArrival && !before.some((one) => one.of === of));
  const own = [...left.filter(isBug), ...left.filter((one) => !isBug(one))];
  const step = stepOf(edge, here);
  const { leaves } = here;
  const assignments = leaves === undefined ? edge.assignments : [...edge.assignments, waiting(leaves, false)];
  const isTaken = and(here.arrival, and(edge.guard, all(before)));
  const goesOn = { ...step, assignments };
  const dies = { ...idle(step), to: here.dead };
  return [
    ...own.map((one, i) => ({
      ...(isBug(one) ? dies : goesOn),
      ...report(one, own.slice(0, i), isTaken),
    })),
    { ...goesOn, guard: and(isTaken, all(own)), caption: passedCaption(edge) },
  ];
}

const isBug = ({ kind }: Tested): boolean => kind === 'bug';

const askedOf = ({ expectations }: FlowEdge, holder: Holder): readonly Tested[] =>
  expectations
    .map((one): Tested => {
      return { ...one, of: one, condition: decide(one.condition, holder), tested: one.condition };
    })
    .filter(({ condition }) => !isTrue(condition));

interface Tested extends DraftExpectation {
  readonly of: DraftExpectation;
  /** The condition, simplified by what control flow decides. */
  readonly tested: Expr;
}

/** The fields of a step that reports nothing: without the reports, with the conditions that were tested. */
function passedCaption({ caption, expectations }: FlowEdge): Text {
  return (names) => {
    const said = caption(names);
    const passed = expectations.filter(({ message }) => message(names) === said);
    const tested = passed.map(({ condition }) => outcomeText(condition, names));
    return tested.length === 0 ? said : `tested: ${tested.join(', ')}`;
  };
}

const outcomeText = (x: Expr, names: ProgramNames): string =>
  x.op === 'not' ? `${exprText(x.x, names)} is false` : `${exprText(x, names)} is true`;

const queueing =
  ({ caption }: FlowEdge): Text =>
  (names) =>
    `${caption(names)}: queues`;

const waiting = (target: Cell, is: boolean): Assignment => ({ target, value: truth(is) });

/** The guard with all its locks taken as free. */
const butForLocks = (guard: Expr, { variables }: Holder): Expr =>
  rewrite(guard, (x) =>
    x.op === 'read' && x.cell.variables.every((id) => variables[id]!.lock !== undefined)
      ? constant(0, x.type)
      : x,
  );

const all = (expectations: readonly DraftExpectation[]): Expr =>
  allOf(expectations.map(({ condition }) => condition));

/** The condition that this is the first of its group to fail. */
const report = (
  { condition, message, kind, check, tested }: Tested,
  before: readonly DraftExpectation[],
  when: Expr,
) => ({
  guard: and(when, and(all(before), not(condition))),
  reports: { kind, message, tested, ...(check !== undefined && { check }) },
});

/** Replaces conditions on this thread's own locks by what control flow decides about them. */
function decide(condition: Expr, { thread, owned, variables }: Holder): Expr {
  return rewrite(condition, (x) => {
    if (x.op === 'read' && x.cell.variables.length === 1) {
      const lock = variables[x.cell.variables[0]!]!;
      const fact = lock.holder === thread ? owned.get(lock.id) : undefined;
      return fact === undefined ? x : truth(fact);
    }
    if (x.op !== 'eq' || x.x.op !== 'read' || x.y.op !== 'const' || x.x.cell.variables.length !== 1) return x;
    const lock = variables[x.x.cell.variables[0]!]!;
    const fact = lock.domain.kind === 'owner' ? owned.get(lock.id) : undefined;
    if (fact === undefined) return x;
    if (x.y.value === thread + 1) return truth(fact);
    return fact ? truth(false) : x;
  });
}

// Deciding checks in states and at steps, for whatever an engine takes for a state. What needs more than one state and
// its steps (what is always possible, who is stuck, whole runs) is only recognised here: checker/liveness decides it on the graph.

import { not } from '../ir/expression.js';
import type { Expr, Program, Step, StepId } from '../ir/program.js';
import { type CheckKind, checkKinds, type Question } from './kinds.js';

/** What of a check decides it. */
export interface Criterion {
  readonly kind: CheckKind;
  readonly name: string;
  readonly condition: Expr;
}

/** How an engine evaluates: all that it adds to what is decided here. */
export interface Evaluation<S> {
  /** Is a condition true? A text says why it has no value. */
  holds(condition: Expr, state: S): boolean | string;
  /** May this state be without successors: are all threads done or at rest, or is one dead after a bug? */
  isFinal(state: S): boolean;
  /** Do some threads wait for each other's locks for ever, though others may go on? */
  hasLockCycle(state: S): boolean;
}

/** A step that is taken; `fault` says why it has no value. */
export interface TakenStep {
  readonly step: StepId;
  readonly fault?: string;
}

type Kinded = Pick<Criterion, 'kind'>;

/** Does what decides the check lie in such a question? Example: `asks(check, 'deadlock')`. */
export const asks = ({ kind }: Kinded, question: Question['asks']): boolean =>
  checkKinds[kind].question.asks === question;

/** The check that asks this; undefined if none does. For questions that are asked once. */
export const checkAsking = <C extends Kinded>(
  checks: readonly C[],
  question: Question['asks'],
): C | undefined => checks.find((check) => asks(check, question));

/** Is what it finds an example, and wanted? */
export const isExample = ({ kind }: Kinded): boolean => checkKinds[kind].isExample === true;

/** Is what it finds only a warning of what might happen? */
export const isWarning = ({ kind }: Kinded): boolean => checkKinds[kind].isWarning === true;

/** Does it take more than single states and their steps to decide it? */
export const needsGraph = (check: Kinded): boolean =>
  asks(check, 'possibility') || asks(check, 'stuck') || asks(check, 'run');

/** Was it stated as a condition by a property? */
export const hasStatedCondition = (check: Kinded): boolean =>
  checkKinds[check.kind].askedBy === 'property' && !asks(check, 'run');

/** A check that a condition decides, in a state in which it is `where`. */
export interface ConditionCheck<C> {
  readonly check: C;
  readonly where: boolean;
}

/** Those that a condition on single states decides, in their order. */
export const conditionChecks = <C extends Kinded>(checks: readonly C[]): readonly ConditionCheck<C>[] =>
  checks.flatMap((check) => {
    const { question } = checkKinds[check.kind];
    return question.asks === 'condition' ? [{ check, where: question.where }] : [];
  });

/** What is true in every state if and only if nothing is found; undefined if no condition on states decides. */
export function invariantOf({ kind, condition }: Pick<Criterion, 'kind' | 'condition'>): Expr | undefined {
  const { question } = checkKinds[kind];
  if (question.asks !== 'condition') return undefined;
  return question.where ? not(condition) : condition;
}

/** Does the step report what the check is about? */
export const isReportOf = (
  check: Pick<Criterion, 'kind' | 'name'>,
  { reports }: Pick<Step, 'reports'>,
): boolean => reports !== undefined && asks(check, 'report') && reports.message === check.name;

/** For each step that reports something: the check about it. */
export const reportChecks = <C extends Pick<Criterion, 'kind' | 'name'>>(
  { steps }: Program,
  checks: readonly C[],
): ReadonlyMap<StepId, C> =>
  new Map(
    steps.flatMap((step) => {
      const about = step.reports && checks.find((check) => isReportOf(check, step));
      return about === undefined ? [] : [[step.id, about] as const];
    }),
  );

/** Is it a deadlock? `canGoOn`: does anybody have a step, be it one without a value? */
export const isDeadlock = <S>(
  engine: Pick<Evaluation<S>, 'isFinal' | 'hasLockCycle'>,
  state: S,
  canGoOn: boolean,
): boolean => (!canGoOn || engine.hasLockCycle(state)) && !engine.isFinal(state);

/** By condition: the check that it has a value. */
export const valueChecks = <C extends Criterion>(checks: readonly C[]): ReadonlyMap<Expr, C> =>
  new Map(checks.filter((check) => asks(check, 'value')).map((check) => [check.condition, check]));

/** What a check looks for along a run: it is there in a state, or when a step is taken. */
export interface Decider<S> {
  inState(state: S): boolean;
  atMove(taken: TakenStep): boolean;
}

/**
 * What decides `check`, as an engine evaluates it; undefined if that needs the graph. `canGoOn` says whether somebody
 * has a step in a state.
 */
export function deciderOf<S>(
  check: Criterion,
  { steps }: Program,
  engine: Evaluation<S> & { canGoOn(state: S): boolean },
): Decider<S> | undefined {
  const nowhere = () => false;
  const { question } = checkKinds[check.kind];
  switch (question.asks) {
    case 'condition':
      return {
        inState: (state) => engine.holds(check.condition, state) === question.where,
        atMove: nowhere,
      };
    case 'report':
      return {
        inState: nowhere,
        atMove: ({ step, fault }) => fault === undefined && isReportOf(check, steps[step]!),
      };
    case 'deadlock':
      return { inState: (state) => isDeadlock(engine, state, engine.canGoOn(state)), atMove: nowhere };
    case 'fault':
      return { inState: nowhere, atMove: ({ fault }) => fault !== undefined };
    case 'value':
      return {
        inState: (state) => typeof engine.holds(check.condition, state) === 'string',
        atMove: nowhere,
      };
    case 'possibility':
    case 'stuck':
    case 'run':
      return undefined;
  }
}

/** What is known of a check: was something found, and if not, was everything looked at that could decide it? */
export function verdictOf(check: Kinded, isFound: boolean, isDecided: boolean) {
  if (isFound) return isExample(check) ? 'reached' : 'violated';
  if (!isDecided) return 'unknown';
  return isExample(check) ? 'unreached' : 'holds';
}

// Deciding checks in states and at steps, for any engine's representation of a state. Checks that need more than one
// state and its steps (what is always possible, stuck actors, whole runs) are only recognised here: checker/liveness
// decides them on the graph.

import type { CheckName } from '../ir/built_in_checks.js';
import { not } from '../ir/expression.js';
import type { Expr, Program, Step, StepId } from '../ir/program.js';
import { type CheckKind, checkKinds, type Question } from './kinds.js';

/** Which part of a check decides it. */
export interface Criterion {
  readonly kind: CheckKind;
  readonly name: string;
  readonly condition: Expr;
}

/** How an engine evaluates: the only part that an engine adds. */
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

/** Is this the question that decides the check? Example: `asks(check, 'deadlock')` */
export const asks = ({ kind }: Kinded, question: Question['asks']): boolean =>
  checkKinds[kind].question.asks === question;

/** The check with this question; undefined if there is none. For questions that at most one check has. */
export const checkAsking = <C extends Kinded>(
  checks: readonly C[],
  question: Question['asks'],
): C | undefined => checks.find((check) => asks(check, question));

/** Is a finding of the check an example, and wanted? Example: `isExample({ kind: 'sometimes' }) === true` */
export const isExample = ({ kind }: Kinded): boolean => checkKinds[kind].isExample === true;

/** Is a finding of the check only a warning of what might happen? Example: `isWarning({ kind: 'lockdep' }) === true` */
export const isWarning = ({ kind }: Kinded): boolean => checkKinds[kind].isWarning === true;

/**
 * Does deciding it need more than single states and their steps?
 * Example: `needsGraph({ kind: 'liveness' }) === true`
 */
export const needsGraph = (check: Kinded): boolean =>
  asks(check, 'possibility') || asks(check, 'stuck') || asks(check, 'run');

/**
 * The rules of locks that a Program can break: they are decided over all runs, by no single state or step.
 * Example: `lockRulesOf(program).length === 0`
 */
export function lockRulesOf({ variables, threads, without = [] }: Program): readonly CheckName[] {
  if (!variables.some(({ lock }) => lock !== undefined)) return [];
  const hasInterrupts = threads.some(({ context }) => context !== undefined && context.level !== 'task');
  return (['lock-order', 'irq-safety'] as const).filter(
    (name) => !without.includes(name) && (name === 'lock-order' || hasInterrupts),
  );
}

/** Is it a property's condition? Example: `hasStatedCondition(check) === true` */
export const hasStatedCondition = (check: Kinded): boolean =>
  checkKinds[check.kind].askedBy === 'property' && !asks(check, 'run');

/** A check that a condition decides, in states in which the condition is `where`. */
export interface ConditionCheck<C> {
  readonly check: C;
  readonly where: boolean;
}

/**
 * The checks that a condition on single states decides, in their order.
 * Example: `conditionChecks(checks).map(({ check }) => check.name)`
 */
export const conditionChecks = <C extends Kinded>(checks: readonly C[]): readonly ConditionCheck<C>[] =>
  checks.flatMap((check) => {
    const { question } = checkKinds[check.kind];
    return question.asks === 'condition' ? [{ check, where: question.where }] : [];
  });

/**
 * The condition that is true in every state if and only if nothing is found; undefined if no condition on states
 * decides.
 */
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

/** Is it a deadlock? `canGoOn`: does any actor have a step, including one without a value? */
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
 * The question that decides `check`, with the engine's evaluation; undefined if it needs the graph. `canGoOn` says
 * whether some actor has a step in a state.
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

/**
 * The verdict of a check: from whether something was found, and if not, whether the search covered everything that
 * could decide it.
 * Example: `verdictOf({ kind: 'sometimes' }, true, true) === 'reached'`
 */
export function verdictOf(check: Kinded, isFound: boolean, isDecided: boolean) {
  if (isFound) return isExample(check) ? 'reached' : 'violated';
  if (!isDecided) return 'unknown';
  return isExample(check) ? 'unreached' : 'holds';
}

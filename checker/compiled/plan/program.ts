// The plan of a Program: for each thread and each of its locations the plans of the steps that leave it, in their
// order. Steps that are never enabled are left out, and variables that never change are constants.

import { canFault } from '../../analyse/ranges.js';
import { constant, isFalse, not, rewrite } from '../../ir/expression.js';
import {
  type Cell,
  type Expr,
  type Location,
  mayStayAt,
  type Program,
  type Step,
  type StepId,
  type ThreadId,
} from '../../ir/program.js';
import { ExpressionPlanner, requireExact } from './expression.js';
import { type Field, fieldBounds, type Layout } from './layout.js';
import { type LockPlacePlan, planLocks } from './lock_cycle.js';
import { planStep, type StepPlan } from './step.js';
import { fixed, isValue, type Test } from './value.js';

export interface ProgramPlan {
  readonly layout: Layout;
  readonly threads: readonly ThreadPlan[];
  /** All steps that can be enabled, by their number. */
  readonly steps: ReadonlyMap<StepId, StepPlan>;
  /** Where locks alone can keep a thread. */
  readonly locks: readonly LockPlacePlan[];
  /** May a state have no successors: may all threads stay where they are, or is one dead after a bug? */
  readonly isFinal: Test;
}

export interface ThreadPlan {
  readonly thread: ThreadId;
  /** Holds the location. */
  readonly field: Field;
  /** Locations that some step leaves, in ascending order. */
  readonly locations: readonly { readonly at: Location; readonly steps: readonly StepPlan[] }[];
}

/** A condition on a state. */
export interface ConditionPlan {
  readonly test: Test;
  readonly canFault: boolean;
  readonly locals: number;
}

/** Plans all steps. Throws an EngineError for what numbers in JavaScript cannot hold exactly. */
export function planProgram(program: Program, layout: Layout): ProgramPlan {
  const steps = foldedSteps(program, layout).map((step) => ({ step, plan: planStep(step, program, layout) }));
  const threads = program.threads.map(({ id }): ThreadPlan => {
    const field = layout.threads[id]!;
    const own = steps.filter(({ step }) => step.thread === id);
    const here = [...new Set(own.map(({ step }) => step.from))]
      .filter((at) => at >= field.min && at <= field.max)
      .sort((a, b) => a - b);
    const locations = here.map((at) => ({
      at,
      steps: own.filter(({ step }) => step.from === at).map(({ plan }) => plan),
    }));
    return { thread: id, field, locations };
  });
  return {
    layout,
    threads,
    steps: new Map(steps.map(({ plan }) => [plan.id, plan])),
    locks: planLocks(program, layout),
    isFinal: finalTest(program, layout),
  };
}

/** Plans a condition; `what` is its name in messages. */
export function planCondition(
  condition: Expr,
  program: Program,
  layout: Layout,
  what = 'a property',
): ConditionPlan {
  requireExact(condition, layout, what);
  const planner = new ExpressionPlanner(program, layout);
  const test = planner.test(condition);
  return { test, canFault: canFault(condition, fieldBounds(layout)), locals: planner.locals };
}

/**
 * The steps with constant variables replaced by their values, and without steps that are never enabled; faults stay.
 */
function foldedSteps(program: Program, layout: Layout): readonly Step[] {
  const fold = (x: Expr): Expr =>
    rewrite(x, (y) => {
      if (y.op !== 'read' || y.cell.index !== undefined) return y;
      const { bits, min } = layout.variables[y.cell.variables[0]!]!;
      return bits === 0 ? constant(min, y.type) : y;
    });
  const foldCell = (cell: Cell): Cell =>
    cell.index === undefined ? cell : { ...cell, index: fold(cell.index) };
  const steps = program.steps.map((step) => ({
    ...step,
    guard: fold(step.guard),
    assignments: step.assignments.map(({ target, value }) => ({
      target: foldCell(target),
      value: fold(value),
    })),
  }));
  return steps.filter(({ guard }) => !isFalse(guard));
}

function finalTest(program: Program, layout: Layout): Test {
  const { threads, within } = program;
  const stands = (id: ThreadId, at: Location): Test => isValue(layout.threads[id]!, at);
  const dead = threads.flatMap(({ id, dead: at }) => (at === undefined ? [] : [stands(id, at)]));
  const quiet = threads.map((thread) =>
    mayStayAt(thread)
      .map((at) => stands(thread.id, at))
      .reduceRight((any, x) => either(x, any)),
  );
  const allQuiet = quiet.reduceRight((all, x): Test => both(x, all), fixed(true));
  const ends = dead.reduceRight((any, x) => either(x, any), allQuiet);
  return within === undefined ? ends : either(planCondition(not(within), program, layout).test, ends);
}

const either = (x: Test, y: Test): Test => {
  if (x.kind === 'fixed') return x.value ? x : y;
  if (y.kind === 'fixed') return y.value ? y : x;
  return { kind: 'or', x, y };
};

const both = (x: Test, y: Test): Test => {
  if (x.kind === 'fixed') return x.value ? y : x;
  if (y.kind === 'fixed') return y.value ? x : y;
  return { kind: 'and', x, y };
};

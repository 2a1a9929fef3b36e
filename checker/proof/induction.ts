// A counterexample to induction: a state that no invariant excludes, and a step from it that breaks what is asked. A
// solver finds it among small instances; it is shown only if evaluating the step there, without solvers, agrees.

import type { Clause } from './clauses.js';
import type { InstanceState } from './evaluation.js';
import { valueName, withValues } from './finite.js';
import { FiniteInstance } from './instance.js';
import { isTrueIn } from './mined.js';
import { type Obligations, ObligationsFor, type ProofQuestion } from './obligations.js';
import type { BoundIndex, Parameterised, Rule, Sort } from './program.js';
import type { ProofAttempt, Solver } from './prove.js';

export { valueName };

export interface Induction {
  readonly instance: FiniteInstance;
  readonly sizes: ReadonlyMap<Sort, number>;
  readonly before: InstanceState;
  readonly rule: Rule;
  /** By name: the member that takes the step, as `self`, and the indices that the step chooses. */
  readonly chosen: ReadonlyMap<string, number>;
  /** Absent where the step itself is what must not be: it reports something, or drops a lock of another. */
  readonly after?: InstanceState;
  /** What the step breaks. */
  readonly breaks: string;
  /** Does a run at these sizes reach the state before? Undefined where there are too many states to know. */
  readonly isReached: boolean | undefined;
  /** Conditions that are true in all states that were explored, but not in the one before; the simplest first. */
  readonly excludedBy: readonly Clause[];
}

/** What is asked in an instance: all that may be assumed, and what may be broken. */
interface AskedIn {
  readonly program: Parameterised;
  readonly attempt: ProofAttempt;
  readonly solver: Solver;
  readonly assumed: readonly Clause[];
  readonly sizes: ReadonlyMap<Sort, number>;
  readonly instance: FiniteInstance;
}

/**
 * Looks for one at each of these sizes, in their order; undefined if there is none, or if the solver does not find it.
 * Assumed are the invariants that were found, and all that was asked for and is not one.
 */
export async function inductionBreaks(
  program: Parameterised,
  attempt: ProofAttempt,
  all: readonly ReadonlyMap<Sort, number>[],
  solver: Solver,
): Promise<Induction | undefined> {
  const lost = attempt.notKept.filter(({ by }) => by !== 'initially').map(({ clause }) => clause);
  const assumed = [...attempt.invariant.clauses, ...lost];
  for (const sizes of all) {
    const instance = new FiniteInstance(program, { sizes, order: 'any', statesMax: 1 });
    const scope = { program, attempt, solver, assumed, sizes, instance };
    const found = (await brokenByStep(scope, lost)) ?? (await notAllowed(scope));
    if (found !== undefined) return found;
  }
  return undefined;
}

const obligationsIn = ({ program, attempt, assumed, sizes }: AskedIn): ObligationsFor =>
  new ObligationsFor(program, { clauses: assumed, sums: attempt.invariant.sums }, sizes);

/** A step that breaks one of these clauses; the one that was seen to break it is tried first. */
async function brokenByStep(scope: AskedIn, lost: readonly Clause[]): Promise<Induction | undefined> {
  const { program, attempt } = scope;
  const of = obligationsIn(scope);
  for (const clause of lost) {
    const by = attempt.notKept.find((one) => one.clause === clause)!.by;
    const rules = [...program.rules].sort((x, y) => Number(y === by) - Number(x === by));
    for (const rule of rules) {
      const step = of.step(rule);
      const found = await tried(scope, step, (one) => one.clause === clause);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** A step that must not be taken, in a state that nothing excludes. */
function notAllowed(scope: AskedIn): Promise<Induction | undefined> {
  const { attempt } = scope;
  const failed = new Set(attempt.failed.filter(({ rule }) => rule !== undefined).map(({ asks }) => asks));
  return tried(scope, obligationsIn(scope).consequences(), ({ asks }) => failed.has(asks));
}

/** Asks the questions that are meant, and has the first that has a state in the instance evaluated. */
async function tried(
  scope: AskedIn,
  obligations: Obligations,
  isMeant: (question: ProofQuestion) => boolean,
): Promise<Induction | undefined> {
  const questions = obligations.questions.filter(isMeant);
  const answers = await scope.solver.ask({ ...obligations, questions });
  for (const question of questions) {
    const rule = obligations.rule ?? question.rule;
    if (answers.get(question.id) !== 'sat' || rule === undefined) continue;
    const found = await evaluated(scope, obligations, question, rule);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The state that the solver means, if the instance agrees in all that is said of it. */
async function evaluated(
  { program, attempt, solver, assumed, sizes, instance }: AskedIn,
  obligations: Obligations,
  question: ProofQuestion,
  rule: Rule,
): Promise<Induction | undefined> {
  const self: readonly BoundIndex[] =
    rule.family.sort === undefined ? [] : [{ name: 'self', sort: rule.family.sort }];
  const indices = [...self, ...rule.picks];
  const one = withValues(program, question, indices, instance, sizes);
  const cells = instance.cells().length;
  const values = await solver.values({ ...obligations, questions: [one] }, cells + indices.length);
  const before = values.slice(0, cells);
  const chosen = new Map(indices.map(({ name }, i) => [name, values[cells + i]!] as const));
  const next = instance.after(before, rule, chosen);
  const holds = (clause: Clause, state: InstanceState) => isTrueIn(clause, { instance, states: [state] });
  if (next === undefined || assumed.some((clause) => !holds(clause, before))) return undefined;
  const { clause, wrong } = question;
  if (clause !== undefined && holds(clause, next)) return undefined;
  if (wrong !== undefined && !instance.isTrue(wrong, before, chosen)) return undefined;
  const excludedBy = attempt.dropped
    .filter((one) => !holds(one, before))
    .sort((x, y) => x.name.length - y.name.length);
  const after = clause !== undefined && { after: next };
  const isReached = reaches(program, sizes, before);
  return { instance, sizes, before, rule, chosen, ...after, breaks: question.asks, isReached, excludedBy };
}

/** More states than this are not explored to find one. */
const statesMax = 20_000;

function reaches(
  program: Parameterised,
  sizes: ReadonlyMap<Sort, number>,
  state: InstanceState,
): boolean | undefined {
  const { states, isPart } = new FiniteInstance(program, { sizes, order: 'any', statesMax }).explore();
  const isThere = states.some((one) => one.join() === state.join());
  return isThere || !isPart ? isThere : undefined;
}

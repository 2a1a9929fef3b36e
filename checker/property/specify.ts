// From formulas to checks. A condition on the state stays a condition; a past formula and any other safety formula add
// monitors to the Program, so that counterexamples are shortest ones, on every engine. The remaining formulas are
// liveness.
//
//   always (p implies once q)      monitor for once q           always
//   p weakUntil q                  monitor for its automaton    never (violated)
//   always (p implies eventually q)                             liveness

import { ModelError } from '../../models/language/index.js';
import {
  automatonOf,
  isSyntacticSafety,
  isViolatedByRepeat,
  type MonitorAutomaton,
  monitorOf,
  normalise,
  uses,
  violated,
} from '../../properties/automaton/index.js';
import { type Formula, formulaText, isFutureOperator, mentions } from '../../properties/language/temporal.js';
import { and, int, not, or, truth } from '../ir/expression.js';
import { afterRepeat } from '../ir/monitors.js';
import type { Expr, Program, Source } from '../ir/program.js';
import { exprText } from '../ir/text.js';
import { antecedentsOf, occurrence, trace } from './antecedents.js';
import { Atoms } from './atoms.js';
import { decide, ended, Monitors } from './monitors.js';
import type { Fairness, Liveness, Property } from './property.js';

/** A property of a Program, as stated. */
export interface Stated {
  readonly name: string;
  /** `run`: the claim is true at the first position of every fair run. */
  readonly expectation: 'always' | 'never' | 'lemma' | 'sometimes' | 'alwaysPossible' | 'run';
  readonly claim: Formula<Expr>;
  readonly fairness: readonly Fairness[];
  /** Only runs that make it true count. */
  readonly assumption?: Formula<Expr> | undefined;
  readonly about: string | undefined;
  readonly source: Source;
}

export interface Specified {
  /** With the monitors that the properties need; the very same Program if they need none. */
  readonly program: Program;
  readonly properties: readonly Property[];
}

/** Throws a ModelError for a formula that is not in the language. */
export function specify(program: Program, stated: readonly Stated[]): Specified {
  const monitors = new Monitors(program);
  const properties = stated.map((one) => placed(one, () => propertyOf(one, program, monitors)));
  return { program: monitors.program(), properties };
}

/** Adds the name of a property and its line in the model to an error. */
function placed<T>({ name, source }: Stated, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof ModelError) throw new ModelError(`'${name}': ${error.message}`, source.model);
    throw error;
  }
}

function propertyOf(stated: Stated, program: Program, monitors: Monitors): Property {
  const { name, expectation, claim, assumption, about, source } = stated;
  const origin = { ...(about !== undefined && { about }), source };
  const text = formulaText(claim, (x) => exprText(x, program));
  const antecedents =
    expectation === 'always' || expectation === 'run' ? antecedentsOf(claim, expectation === 'always') : [];
  const withConditions = (conditions: readonly Expr[]) =>
    conditions.length === 0 ? origin : { ...origin, antecedents: conditions };
  if (assumption === undefined && expectation !== 'run' && !mentions(claim, isFutureOperator)) {
    const condition = conditionOf(stated, program, monitors);
    const conditions = antecedents.map(({ formula }) =>
      conditionOf({ name, expectation: 'sometimes', claim: formula }, program, monitors),
    );
    return {
      name,
      expectation,
      condition: claim.op === 'state' ? condition : called(text, condition),
      ...withConditions(conditions),
    };
  }
  if (expectation === 'sometimes' || expectation === 'alwaysPossible' || expectation === 'lemma') {
    throw new ModelError(`${expectation} needs a condition on states, not a formula about runs`);
  }
  const whole: Formula<Expr> =
    expectation === 'run'
      ? claim
      : { op: 'always', x: expectation === 'never' ? { op: 'not', x: claim } : claim };
  const formula = monitors.forgetPast(whole, name);
  const assumed = assumption && { assumption: monitors.forgetPast(assumption, name) };
  const presents = antecedents.map((one) => ({ ...one, formula: monitors.forgetPast(one.formula, name) }));
  const depth = Math.max(depthOf(whole), assumption === undefined ? 0 : depthOf(assumption));
  const isSafety = assumption === undefined && depth === 0;
  const bad = isSafety ? safetyCondition(name, formula, program, monitors) : undefined;
  if (bad !== undefined) {
    const safety = withConditions(presents.map((one) => trace(one.formula, true)));
    if (expectation === 'never') return { name, expectation, condition: called(text, bad), ...safety };
    return { name, expectation: 'always', condition: called(text, not(bad)), ...safety };
  }
  // The search for states finds whether a condition is ever true.
  const conditions = presents.flatMap((one) =>
    one.isAnywhere && one.formula.op === 'state' ? [one.formula.x] : [],
  );
  const isSimple = conditions.length === presents.length && isSafety;
  const liveness: Liveness = {
    formula,
    fairness: stated.fairness,
    ...assumed,
    ...(!isSimple && presents.length > 0 && { antecedents: presents.map(occurrence) }),
    ...(depth > 0 && { previously: depth }),
  };
  const condition = truth(true);
  return {
    name,
    expectation: 'liveness',
    condition,
    liveness,
    ...withConditions(isSimple ? conditions : []),
  };
}

/** Reports print the formula as it was written. */
const called = (name: string, x: Expr): Expr => (x.op === 'const' ? x : { ...x, name });

/** A claim about the present and the past. After a run has ended, `previously` still changes. */
function conditionOf(
  { name, expectation, claim }: Pick<Stated, 'name' | 'expectation' | 'claim'>,
  program: Program,
  monitors: Monitors,
): Expr {
  const now = monitors.present(claim, name);
  const repeats = depthOf(claim);
  const isEnded = repeats === 0 ? truth(false) : ended(program);
  let condition = now;
  let later = now;
  for (let i = 0; i < repeats; i++) {
    later = afterRepeat(later, monitors.all);
    condition =
      expectation === 'always' ? and(condition, or(later, not(isEnded))) : or(condition, and(later, isEnded));
  }
  return condition;
}

/** How deep `previously` is nested. */
function depthOf(formula: Formula<Expr>): number {
  if (formula.op === 'state') return 0;
  const inner = Math.max(depthOf(formula.x), 'y' in formula ? depthOf(formula.y) : 0);
  return formula.op === 'previously' ? inner + 1 : inner;
}

/** When a formula is violated, as a condition on the state and a monitor; undefined if that needs a whole run. */
function safetyCondition(
  name: string,
  formula: Formula<Expr>,
  program: Program,
  monitors: Monitors,
): Expr | undefined {
  const atoms = new Atoms();
  const normal = normalise(formula, true, atoms.literal);
  if (!isSyntacticSafety(normal)) return undefined;
  // always (condition) needs no memory.
  if (
    normal.op === 'release' &&
    normal.x.op === 'false' &&
    formula.op === 'always' &&
    formula.x.op === 'state'
  ) {
    return not(formula.x.x);
  }
  const automaton = automatonOf(normal);
  const deterministic = automaton && monitorOf(automaton, atoms.exprs.length);
  if (deterministic === undefined) return undefined;
  return watch(name, deterministic, atoms.exprs, uses(normal, 'next'), program, monitors);
}

/** Adds a monitor that runs the automaton; the condition is true in its violation state. */
function watch(
  name: string,
  automaton: MonitorAutomaton,
  atoms: readonly Expr[],
  readsNext: boolean,
  program: Program,
  monitors: Monitors,
): Expr {
  if (automaton.initial === violated) return truth(true);
  const { after } = automaton;
  const sink = after.length;
  const byState = (own: Expr, result: (state: number) => Expr, otherwise: Expr): Expr =>
    after.reduceRight<Expr>(
      (rest, _, state) => ({
        op: 'if',
        x: { op: 'eq', x: own, y: int(state) },
        then: result(state),
        else: rest,
      }),
      otherwise,
    );
  const next = (state: number, letter: number) => {
    const to = after[state]![letter]!;
    return to === violated ? sink : to;
  };
  const own = monitors.add(`${name}.monitor`, { kind: 'int', min: 0, max: sink }, automaton.initial, (self) =>
    byState(self, (state) => decide(atoms, (letter) => int(next(state, letter))), int(sink)),
  );
  const when = (fails: (state: number, letter: number) => boolean) =>
    byState(own, (state) => decide(atoms, (letter) => truth(fails(state, letter))), truth(true));
  const now = when((state, letter) => next(state, letter) === sink);
  // Without `next`, the number of repetitions of the last state does not matter.
  if (!readsNext) return now;
  return or(
    now,
    and(
      when((state, letter) => isViolatedByRepeat(automaton, state, letter)),
      ended(program),
    ),
  );
}

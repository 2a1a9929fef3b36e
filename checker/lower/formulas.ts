// Properties: from the model's trees to formulas over the Program's expressions, once its steps are known.

import { type ExprNode, ModelError, type SourceLocation } from '../../models/language/index.js';
import type { AtomNode, FairnessNode, FormulaNode, Properties } from '../../properties/language/index.js';
import { type Formula, mapAtoms, state } from '../../properties/language/temporal.js';
import { and, anyOf, truth } from '../ir/expression.js';
import type { Expr, Program, Step, StepId, ThreadId } from '../ir/program.js';
import type { Fairness } from '../property/property.js';
import type { Stated } from '../property/specify.js';
import { lowerExpr, scopesOf, threadOf } from './expressions.js';
import { labelHint } from './nearest.js';
import { requireConstant, rootScope, type Scope, type World } from './scope.js';

/** The properties that apply under the settings, in the order in which they are written. */
export function lowerProperties(properties: Properties, program: Program, world: World): readonly Stated[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    try {
      return lowerProperty(name, property, program, world);
    } catch (error) {
      // For any number, what cannot be stated of every size is left out.
      if (world.open === undefined || !(error instanceof ModelError)) throw error;
      const isLemma = property.expectation === 'lemma' && ({ isLemma: true } as const);
      world.open.leftOut.push({ name, why: error.message, at: error.at ?? property.at, ...isLemma });
      return [];
    }
  });
}

function lowerProperty(
  name: string,
  property: Properties[string],
  program: Program,
  world: World,
): readonly Stated[] {
  const { expectation, claim, fair, assuming, about, given, at } = property;
  const scope = { ...rootScope(world), at };
  if (given !== undefined && !applies(name, given, scope)) return [];
  const thread = (actor: string, copy: ExprNode) => threadOf(actor, copy, scope);
  const fairness = fair.flatMap((node) => fairnessOf(node, thread, program, at));
  return [
    {
      name,
      expectation,
      claim: lowerFormula(claim, program, scope),
      assumption: assuming && lowerFormula(assuming, program, scope),
      fairness,
      about,
      source: at === undefined ? {} : { model: at },
    },
  ];
}

function lowerFormula(formula: FormulaNode, program: Program, scope: Scope): Formula<Expr> {
  return mapAtoms<AtomNode, Expr>(formula, (atom) => {
    switch (atom.kind) {
      case 'condition':
        return state(lowerExpr(atom.node, scope));
      case 'enabled': {
        const thread = threadOf(atom.actor, atom.copy, scope);
        return state(isEnabled(stepsOf(thread, atom.label, program, scope.at)));
      }
      case 'each': {
        const op = atom.quantifier === 'all' ? 'and' : 'or';
        const [first, ...others] = scopesOf(atom.quantifier, atom.binder, scope).map((one) =>
          lowerFormula(atom.x, program, one),
        );
        return others.reduce((x, y) => ({ op, x, y }), first ?? state(truth(op === 'and')));
      }
    }
  });
}

/** Does a property apply under the settings? */
const applies = (name: string, given: ExprNode, scope: Scope): boolean =>
  requireConstant(lowerExpr(given, scope), `the condition under which '${name}' applies`, scope.at) !== 0;

/** Is one of the steps enabled? */
const isEnabled = (steps: readonly Step[]): Expr =>
  anyOf(steps.map(({ thread, from, guard }) => and({ op: 'at', thread, locations: [from] }, guard)));

/** The steps of an actor, or those that have a label. */
function stepsOf(
  thread: ThreadId,
  label: string | undefined,
  program: Program,
  at: SourceLocation | undefined,
): readonly Step[] {
  const own = program.steps.filter((step) => step.thread === thread);
  if (label === undefined) return own;
  const labelled = own.filter((step) => step.label === label);
  if (labelled.length > 0) return labelled;
  const labels = [...new Set(own.map((step) => step.label))];
  throw new ModelError(`no step is labelled '${label}'${labelHint(label, labels)}`, at);
}

/** Fairness to each of the named actors separately. */
function fairnessOf(
  { strength, actor, label }: FairnessNode,
  thread: (actor: string, copy: ExprNode) => ThreadId,
  program: Program,
  at: SourceLocation | undefined,
): readonly Fairness[] {
  if (actor === undefined) return everyone(strength, program);
  const { id, name } = program.threads[thread(actor.name, actor.copy)]!;
  const steps = stepsOf(id, label, program, at).map((step) => step.id);
  return [{ strength, name: label === undefined ? name : `${name} at ${label}`, steps }];
}

/** Fairness to every actor. */
export function everyone(strength: Fairness['strength'], program: Program): readonly Fairness[] {
  const steps = program.threads.map((): StepId[] => []);
  for (const { id, thread } of program.steps) steps[thread]!.push(id);
  return program.threads.map(({ id, name }) => ({ strength, name, steps: steps[id]! }));
}

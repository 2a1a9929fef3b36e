// Properties: what must hold, as data. `always`, `never` and `property` are refuted by a counterexample, `sometimes`
// is shown by an example: it says that the interesting situation is really reached.

import {
  type Bool,
  conditionNode,
  created,
  describe,
  dropped,
  type ExprNode,
  ModelError,
  requireOptions,
  requireText,
  type SourceLocation,
  whereWritten,
} from '../../models/language/index.js';
import type { FairnessNode } from './fairness.js';
import { type FormulaNode, formulaOf, type Operand, type Temporal } from './formula.js';

export interface PropertyNode {
  /** `run`: the formula is true at the first position of every run that is fair. */
  readonly expectation: 'always' | 'never' | 'sometimes' | 'alwaysPossible' | 'run';
  /** For always, never, sometimes and alwaysPossible what stands inside: a condition on the state, with its past or without. */
  readonly claim: FormulaNode;
  readonly fair: readonly FairnessNode[];
  /** Only runs that make it true count. */
  readonly assuming: FormulaNode | undefined;
  /** What the kernel would say, or why it matters. */
  readonly about: string | undefined;
  /** Under which settings it applies; under all if absent. */
  readonly given: ExprNode | undefined;
  readonly at: SourceLocation | undefined;
}

/** Properties by name, in the order in which they are reported. */
export type Properties = { readonly [name: string]: PropertyNode };

interface Options {
  /** A condition on settings: the property is left out where it is false. */
  readonly given?: Bool;
  /** What runs are assumed to be; by default, anything goes. Nothing but a property that needs it may say so. */
  readonly fair?: FairnessNode | readonly FairnessNode[];
  /** Only runs that make it true count. If there is none, the property is said to hold vacuously. */
  readonly assuming?: Operand;
}

const stated = (
  expectation: PropertyNode['expectation'],
  claim: FormulaNode,
  about: string | undefined,
  options: Options,
): PropertyNode => {
  const whose = expectation === 'run' ? 'property' : expectation;
  if (about !== undefined) requireText(about, `the second argument of ${whose}(…), what it is about,`);
  requireOptions(options, ['given', 'fair', 'assuming'], `${whose}(…, 'about', options)`);
  const { given, fair = [], assuming } = options;
  return {
    expectation,
    claim: created(claim, dropped.property),
    fair: fairnessOf(fair),
    assuming: assuming && formulaOf(assuming),
    about,
    given: given && conditionNode(given, 'given'),
    at: whereWritten(),
  };
};

function fairnessOf(fair: FairnessNode | readonly FairnessNode[]): readonly FairnessNode[] {
  const all: readonly FairnessNode[] = Array.isArray(fair) ? fair : [fair];
  const other = all.find((each) => typeof each !== 'object' || each === null || !('strength' in each));
  if (other === undefined) return all;
  const words = 'weaklyFair() or stronglyFair() of everybody, weaklyFair(actor) of one, or a list of these';
  throw new ModelError(`'fair' is ${words}, not ${describe(other)}`);
}

/** True at every position of every run; as part of a formula, from now on. */
export function always(x: Operand, about?: string, options: Options = {}): PropertyNode & Temporal {
  const claim = formulaOf(x);
  return {
    ...stated('always', claim, about, options),
    formula: { op: 'always', x: claim },
    temporal: true,
  };
}
/** False at every position of every run; as part of a formula, from now on. */
export function never(x: Operand, about?: string, options: Options = {}): PropertyNode & Temporal {
  const claim = formulaOf(x);
  const formula: FormulaNode = { op: 'always', x: { op: 'not', x: claim } };
  return { ...stated('never', claim, about, options), formula, temporal: true };
}
/** True in some reachable state; the condition may speak of the past. */
export const sometimes = (x: Operand, about?: string, options: Options = {}): PropertyNode =>
  stated('sometimes', formulaOf(x), about, options);
/**
 * From every reachable state some run reaches one in which it is true: nothing that happens rules it out for good. No
 * fairness is assumed, since a run that passes over somebody is not asked for. It finds who is stuck beside an actor
 * that goes on for ever, such as a timer: `alwaysPossible(munmap.done)`.
 */
export const alwaysPossible = (
  x: Operand,
  about?: string,
  options: Pick<Options, 'given'> = {},
): PropertyNode => stated('alwaysPossible', formulaOf(x), about, options);
/** True of every run, seen from its first position. */
export const property = (x: Operand, about?: string, options: Options = {}): PropertyNode =>
  stated('run', formulaOf(x), about, options);

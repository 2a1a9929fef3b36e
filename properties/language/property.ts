// Properties, as data. `always`, `never` and `property` are refuted by a counterexample, `sometimes` is shown by an
// example: it states that the interesting situation is reached.

import {
  type Bool,
  conditionNode,
  created,
  describe,
  dropped,
  type ExprNode,
  exactly,
  ModelError,
  requireOptions,
  requireText,
  type SourceLocation,
  whereWritten,
} from '../../models/language/index.js';
import type { FairnessNode } from './fairness.js';
import { type FormulaNode, formulaOf, type Operand, type Temporal } from './formula.js';

export interface PropertyNode {
  /**
   * `run`: the formula is true at the first position of every fair run. `lemma`: what always demands, but claimed for a
   * proof.
   */
  readonly expectation: 'always' | 'never' | 'lemma' | 'sometimes' | 'alwaysPossible' | 'run';
  /**
   * For always, never, lemma, sometimes and alwaysPossible their operand: a condition on the state, with or without operators
   * of the past.
   */
  readonly claim: FormulaNode;
  readonly fair: readonly FairnessNode[];
  /** Only runs that make it true count. */
  readonly assuming: FormulaNode | undefined;
  /** The kernel's message, or why the property matters. */
  readonly about: string | undefined;
  /** The settings under which it applies; all if absent. */
  readonly given: ExprNode | undefined;
  readonly at: SourceLocation | undefined;
}

/** Properties by name, in the order in which they are reported. */
export type Properties = { readonly [name: string]: PropertyNode };

interface Options {
  /** A condition on settings: the property is left out where it is false. */
  readonly given?: Bool;
  /** The fairness that runs are assumed to have; none by default. Only properties that need it should have it. */
  readonly fair?: FairnessNode | readonly FairnessNode[];
  /** Only runs that make it true count. If there are none, the property is reported to hold vacuously. */
  readonly assuming?: Operand;
}

/** For internal use: a property with what it may have beside its claim. */
export const stated = (
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

/**
 * True at every position of every run; as part of a formula, from now on.
 * Example: `always(n.le(2), 'at most two references')`
 */
export const always = exactly(
  'always',
  (x: Operand, about?: string, options: Options = {}): PropertyNode & Temporal => {
    const claim = formulaOf(x);
    return {
      ...stated('always', claim, about, options),
      formula: { op: 'always', x: claim },
      temporal: true,
    };
  },
);
/**
 * False at every position of every run; as part of a formula, from now on.
 * Example: `never(flag.and(pmd.is('huge')), 'no huge pmd under the flag')`
 */
export const never = exactly(
  'never',
  (x: Operand, about?: string, options: Options = {}): PropertyNode & Temporal => {
    const claim = formulaOf(x);
    const formula: FormulaNode = { op: 'always', x: { op: 'not', x: claim } };
    return { ...stated('never', claim, about, options), formula, temporal: true };
  },
);
/**
 * True in some reachable state; the condition may contain operators of the past.
 * Example: `sometimes(n.eq(2), 'two references are reached')`
 */
export const sometimes = exactly(
  'sometimes',
  (x: Operand, about?: string, options: Options = {}): PropertyNode =>
    stated('sometimes', formulaOf(x), about, options),
);
/**
 * From every reachable state some run reaches one in which it is true: no step rules it out for good. It needs no
 * fairness, since it is about what some run can do. It finds actors that are stuck beside an actor that goes on for
 * ever, such as a timer: `alwaysPossible(munmap.done)`.
 * Example: `alwaysPossible(worker.done, 'the worker can end')`
 */
export const alwaysPossible = exactly(
  'alwaysPossible',
  (x: Operand, about?: string, options: Pick<Options, 'given'> = {}): PropertyNode =>
    stated('alwaysPossible', formulaOf(x), about, options),
);
/**
 * True of every run, seen from its first position.
 * Example: `property(leadsTo(flag, n.eq(0)), 'a request is served')`
 */
export const property = exactly(
  'property',
  (x: Operand, about?: string, options: Options = {}): PropertyNode =>
    stated('run', formulaOf(x), about, options),
);

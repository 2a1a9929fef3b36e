// What must hold of a Program: conditions on its states, and for liveness formulas about its runs.

import type { Formula } from '../../properties/language/temporal.js';
import type { Expr, Source, StepId } from '../ir/program.js';

/** `alwaysPossible`: from every reachable state some run reaches the condition. */
export type Expectation = 'always' | 'never' | 'sometimes' | 'alwaysPossible' | 'liveness';

/** What must hold of the states of a Program, or for liveness of its runs. */
export interface Property {
  readonly name: string;
  readonly expectation: Expectation;
  /** Bool; for liveness just true. */
  readonly condition: Expr;
  /** For liveness, and only there. */
  readonly liveness?: Liveness;
  /** The left sides of the implications that it is made of: if none is ever true, it holds vacuously. */
  readonly antecedents?: readonly Expr[];
  /** What the kernel would say, or why it matters. */
  readonly about?: string;
  readonly source: Source;
}

/** What a run may be assumed to do: nobody who could go on for ever is passed over for ever. */
export interface Fairness {
  /**
   * Weak: if one of the steps is enabled at every position from some point on, one is taken again and again.
   * Strong: if one of them is enabled again and again, one is taken again and again.
   */
  readonly strength: 'weak' | 'strong';
  /** Whose steps, for people: `truncate`, or `truncate at zap_huge_pmd.lock`. */
  readonly name: string;
  readonly steps: readonly StepId[];
}

/** A formula that every run must make true at its first position, if the run is fair. */
export interface Liveness {
  readonly formula: Formula<Expr>;
  readonly fairness: readonly Fairness[];
  /** What runs are assumed to make true beside; any run if absent. */
  readonly assumption?: Formula<Expr>;
  /** If each of them is false of every run that is fair and as assumed, the property holds vacuously. */
  readonly antecedents?: readonly Formula<Expr>[];
  /**
   * How deep `previously` is nested, if there is one: in a run that has ended the state stays, and the monitors move on
   * for so many positions.
   */
  readonly previously?: number;
}

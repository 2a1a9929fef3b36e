// Properties: what must hold, as data. `always` and `never` are refuted by a counterexample, `sometimes` is shown
// by an example: it says that the interesting situation is really reached.

import { type Bool, type ExprNode, type SourceLocation, whereWritten } from '../../models/language/index.js';

export interface PropertyNode {
  readonly expectation: 'always' | 'never' | 'sometimes';
  readonly condition: ExprNode;
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
}

const property =
  (expectation: PropertyNode['expectation']) =>
  (condition: Bool, about?: string, { given }: Options = {}): PropertyNode => ({
    expectation,
    condition: condition.node,
    about,
    given: given?.node,
    at: whereWritten(),
  });

/** True in every reachable state. */
export const always = property('always');
/** False in every reachable state. */
export const never = property('never');
/** True in some reachable state. */
export const sometimes = property('sometimes');

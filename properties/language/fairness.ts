// Fairness: what a liveness property may assume of a run. Without any, a run may pass over an actor for ever.

import { type ExprNode, requireActor, requireText } from '../../models/language/index.js';

export interface FairnessNode {
  readonly strength: 'weak' | 'strong';
  /** One actor; every actor if absent. */
  readonly actor: { readonly name: string; readonly copy: ExprNode } | undefined;
  /** Only the steps of this label; all the actor's steps if absent. */
  readonly label: string | undefined;
}

type Someone = { readonly name: string; readonly copy: ExprNode; at(label: never): unknown };
type LabelOfActor<A> = A extends { at(label: infer L extends string): unknown } ? L : never;

const fairness =
  (strength: FairnessNode['strength']) =>
  <A extends Someone>(...of: readonly [actor?: A, label?: LabelOfActor<A>]): FairnessNode => {
    const [actor, label] = of;
    // An actor whose name is misspelt is not everybody.
    if (of.length > 0) requireActor(actor, `${strength}lyFair(actor)`);
    if (of.length > 1) requireText(label, `the label of ${strength}lyFair(actor, label)`);
    return { strength, actor: actor && { name: actor.name, copy: actor.copy }, label };
  };

/** Who can take a step at every position from some point on takes one again and again. */
export const weaklyFair = fairness('weak');
/** Who can take a step again and again takes one again and again. */
export const stronglyFair = fairness('strong');

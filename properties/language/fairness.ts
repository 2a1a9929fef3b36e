// Fairness: what a liveness property may assume of a run. Without any, a run may pass over an actor for ever.

import { type ExprNode, refuseMore, requireActor, requireText } from '../../models/language/index.js';

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
    refuseMore(`${strength}lyFair`, 2, of);
    const [actor, label] = of;
    // A misspelt name of an actor must not mean all actors.
    if (of.length > 0) requireActor(actor, `${strength}lyFair(actor)`);
    if (of.length > 1) requireText(label, `the label of ${strength}lyFair(actor, label)`);
    return { strength, actor: actor && { name: actor.name, copy: actor.copy }, label };
  };

/**
 * An actor that can take a step at every position from some point on takes one infinitely often.
 * Example: `property(eventually(worker.done), 'it ends', { fair: weaklyFair(worker) })`
 */
export const weaklyFair = fairness('weak');
/**
 * An actor that can take a step infinitely often takes one infinitely often.
 * Example: `property(eventually(worker.done), 'it ends', { fair: stronglyFair(worker) })`
 */
export const stronglyFair = fairness('strong');

// Actors as values: `self` is the one that runs a step, a variable of `someone()` names one of them, or nobody.

import { refuseMoreArguments } from './arity.js';
import { Bool, Expr, type ExprNode } from './expression.js';
import { requireActor } from './required.js';

/** One actor, seen from outside: `actor(…)`, or `.of(i)` of several. */
export interface NamedActor {
  readonly name: string;
  readonly copy: ExprNode;
}
/** What means an actor: one by its name, `self`, or what a variable of `someone()` is worth. */
export type Who = NamedActor | ActorRef;

/** An actor, or nobody. */
export class ActorRef extends Expr<string> {
  declare readonly $someone: true;
  is(who: Who | 'nobody'): Bool {
    return new Bool({ op: 'eq', x: this.node, y: someoneNode(who, '.is()') });
  }
  isNobody(): Bool {
    return this.is('nobody');
  }
}

refuseMoreArguments(ActorRef);

/** The actor that runs the step. */
export const self: ActorRef = new ActorRef({ op: 'self' });

/** The tree of what means an actor. Throws a ModelError for anything else. */
export function whoNode(who: Who, whose: string): ExprNode {
  if (who instanceof ActorRef) return who.node;
  requireActor(who, whose);
  return { op: 'actor', actor: who.name, copy: who.copy };
}

/** As `whoNode`, for what may be nobody. */
export const someoneNode = (who: Who | 'nobody', whose: string): ExprNode =>
  who === 'nobody' ? { op: 'const', value: who } : whoNode(who, whose);

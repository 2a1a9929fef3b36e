// Which actor is meant: a thread, and where the number of copies is left open, which copy of it.

import { type Binder, type ExprNode, ModelError } from '../../models/language/index.js';
import type { Expr, ThreadId } from '../ir/program.js';
import { namesIndex, newIndex, openSize, overAll } from './open_sizes.js';
import { requireConstant, type Scope } from './scope.js';

/** The copy of an actor whose number is left open; absent for any other actor. */
type Copy = Pick<Expr, 'member'>;

/** The thread of a copy of an actor. */
export function threadMeant(actor: string, copy: Expr, scope: Scope): ThreadId {
  const family = scope.world.families.get(actor);
  if (family === undefined) throw new ModelError(`the model has no actor '${actor}'`, scope.at);
  if (family.open !== undefined) {
    throw new ModelError(`${family.open} is left open: this needs one particular '${actor}'`, scope.at);
  }
  const i = requireConstant(copy, `which '${actor}'`, scope.at);
  const thread = family.threads[i];
  if (thread === undefined) {
    throw new ModelError(
      `${actor}.of(${i}): there are ${family.threads.length} of it under these settings`,
      scope.at,
    );
  }
  return thread;
}

/** A thread, and which copy of it is meant. */
export function memberMeant(actor: string, copy: Expr, scope: Scope): { readonly thread: ThreadId } & Copy {
  const family = scope.world.families.get(actor);
  if (family?.open === undefined) return { thread: threadMeant(actor, copy, scope) };
  if (namesIndex(copy, scope) && !(copy.op === 'const' && copy.value !== 0)) {
    return { thread: family.threads[0]!, member: copy };
  }
  const problem = `${family.open} is left open: '${actor}' needs an index that a quantifier or a loop binds`;
  throw new ModelError(problem, scope.at);
}

/** The same object, about a copy of an actor: its locations may be filled in later. */
export const withMember = (x: Expr, { member }: Copy): Expr =>
  member === undefined ? x : Object.assign(x, { member });

/** A condition on a thread; on every copy of its actor, if how many there are is left open. */
export function everyCopy(thread: ThreadId, x: (copy: Copy) => Expr, scope: Scope): Expr {
  const family = [...scope.world.families.values()].find(({ threads }) => threads.includes(thread))!;
  if (family.open === undefined) return x({});
  const member = newIndex({ setting: family.open, role: 'quantified' }, scope);
  return overAll('all', member, x({ member }));
}

/** The setting below which the range of a quantifier lies, if it is left open. */
export function openRange(
  binder: Binder,
  lowered: (length: ExprNode) => Expr,
  scope: Scope,
): string | undefined {
  if (scope.world.open === undefined) return undefined;
  if ('everyone' in binder) {
    if ([...scope.world.families.values()].every(({ open }) => open === undefined)) return undefined;
    throw new ModelError('a quantifier over all actors needs a known number of each', scope.at);
  }
  if ('actor' in binder) return scope.world.families.get(binder.actor)?.open;
  return openSize(lowered(binder.length), scope);
}

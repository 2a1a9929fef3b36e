// Latches: variables that record, for an actor that waits, what was true when the wait began. The only step of the
// model that writes them is the one that arms them; every step of any actor updates them.
//
//   latch(cond)                    has cond been true ever since the latch was armed?
//   instance(pending, running)     is the instance that was pending, or running, when it was armed, not over yet?
//
// So a grace period waits for the readers that were inside when it began, in any order, and never for later ones; and a
// flush waits for one instance of a work item that may be queued again meanwhile.

import { exactly, refuseMore } from './arity.js';
import { Domain, type LatchCondition, type LatchEach, type LatchRule } from './domain.js';
import type { Effect } from './effect.js';
import { Bool, conditionNode, describe, type Place } from './expression.js';
import { ModelError } from './location.js';
import { requireOptions, requireText } from './required.js';
import { armed } from './scalar_variable.js';

/** A latch, or several that are armed together. As a Bool: is one of them still set? */
export class LatchDomain extends Domain<boolean> {
  declare readonly $latch: true;
}

/** A field of the record in which the latch lies. */
type Beside = (field: string) => Bool;
/** A condition on the fields beside the latch: `(beside) => beside('pending')`. */
type OfRecord = (beside: Beside) => Bool;

interface LatchOptions<E extends LatchEach> {
  /**
   * `'observed'`: one latch for each actor, with the condition evaluated for that actor: `.mine` is the actor's own.
   * `'waiting'`: one for each actor that arms it. Without it, there is one latch.
   */
  readonly each?: E;
  /** Latches of one group can be armed together, wherever they are. */
  readonly group?: LatchGroup;
}

/**
 * Records whether `cond` has been true after every step since the one that armed it, including that one.
 * Example: `latch(n.eq(0))`
 */
export function latch(cond: OfRecord, options?: LatchOptions<LatchEach>): LatchDomain;
export function latch(cond: Bool, options?: LatchOptions<LatchEach>): LatchDomain;
export function latch(
  cond: Bool | OfRecord,
  options: LatchOptions<LatchEach> = {},
  ...more: readonly unknown[]
): LatchDomain {
  refuseMore('latch', 2, [cond, options, ...more]);
  return domainOf('latch(condition)', { is: 'latch', cond: condAt(cond, 'latch()') }, options);
}

/**
 * Records an instance of something that is first `pending` and then `running`, and may be pending again while it runs:
 * an actor that arms it waits for the pending instance if there is one, else for the running one, and for no later one.
 * Example: `instance(flag, marks.at(0))`
 */
export function instance(
  pending: OfRecord,
  running: OfRecord,
  options?: LatchOptions<'waiting'>,
): LatchDomain;
export function instance(pending: Bool, running: Bool, options?: LatchOptions<'waiting'>): LatchDomain;
export function instance(
  pending: Bool | OfRecord,
  running: Bool | OfRecord,
  options: LatchOptions<'waiting'> = {},
  ...more: readonly unknown[]
): LatchDomain {
  refuseMore('instance', 3, [pending, running, options, ...more]);
  const [first, second] = [condAt(pending, 'instance()'), condAt(running, 'instance()')];
  return domainOf('instance(pending, running)', { is: 'instance', pending: first, running: second }, options);
}

function domainOf(whose: string, latch: LatchRule, options: LatchOptions<LatchEach>): LatchDomain {
  requireOptions(options, ['each', 'group'], whose);
  const { each, group } = options;
  if (each !== undefined && each !== 'observed' && each !== 'waiting') {
    throw new ModelError(`${whose} is for each actor that is 'observed' or 'waiting', not ${describe(each)}`);
  }
  if (latch.is === 'instance' && each === 'observed') {
    throw new ModelError(`${whose} has 'waiting' as its 'each', or none: it is the same for all actors`);
  }
  if (group !== undefined && !(group instanceof LatchGroup)) {
    throw new ModelError(`the group of ${whose} is a latchGroup('name'), not ${describe(group)}`);
  }
  const node = {
    kind: 'latch',
    latch,
    ...(each !== undefined && { each }),
    ...(group !== undefined && { group }),
  } as const;
  return new LatchDomain(node, { values: [false] });
}

function condAt(cond: Bool | OfRecord, whose: string): LatchCondition {
  if (typeof cond !== 'function' || cond instanceof Bool) return conditionNode(cond as Bool, whose);
  return (own) => {
    const beside = (field: string) => new Bool({ op: 'read', place: besideOf(own, field) });
    return conditionNode(cond(beside), whose);
  };
}

const besideOf = (own: Place, field: string): Place => ({ ...own, path: [...own.path.slice(0, -1), field] });

/** Latches that are armed together, wherever they are; as a Bool: is one of them still set? */
class LatchGroup extends Bool {
  readonly place: Place;
  constructor(place: Place) {
    super({ op: 'armed', place });
    this.place = place;
  }
  arm(): Effect {
    return armed(this.place);
  }
}

/** Makes a group: `latch(cond, { group })` is in it. Example: `latchGroup('readers')` */
export const latchGroup = exactly('latchGroup', (name: string): LatchGroup => {
  requireText(name, "the name of latchGroup('name')");
  return new LatchGroup({ name, path: [], group: {} });
});

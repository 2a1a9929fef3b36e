// Latches: variables that remember, for somebody who waits, what was so when the wait began. They are written by no step
// of the model but the one that arms them: every step of any actor keeps them up to date.
//
//   latch(cond)                    has cond been true ever since the latch was armed?
//   instance(pending, running)     is the turn that was pending, or running, when it was armed, not over yet?
//
// So a grace period waits for those who were inside when it began, one by one and in any order, and never for those who
// come later; and a flush waits for one turn of something that may be queued again meanwhile.

import { Domain, type LatchCondition, type LatchEach, type LatchRule } from './domain.js';
import type { Effect } from './effect.js';
import { Bool, conditionNode, describe, type Place } from './expression.js';
import { ModelError } from './location.js';
import { requireOptions, requireText } from './required.js';
import { armed } from './variable.js';

/** A latch, or several that are armed together. Read as a Bool, it says whether one of them still remembers. */
export class LatchDomain extends Domain<boolean> {
  declare readonly $latch: true;
}

/** A field of the record in which the latch lies. */
type Beside = (field: string) => Bool;
/** A condition of what lies beside the latch: `(beside) => beside('pending')`. */
type OfRecord = (beside: Beside) => Bool;

interface LatchOptions<E extends LatchEach> {
  /**
   * `'observed'`: one latch for each actor, of which the condition is asked as if that actor ran: `.mine` is the actor's
   * own. `'waiting'`: one for each actor that arms it. Without, there is one.
   */
  readonly each?: E;
  /** Those of one group can be armed together, wherever they lie. */
  readonly group?: LatchGroup;
}

/** Remembers whether `cond` has been true after every step since the one that armed it, that one included. */
export function latch(cond: OfRecord, options?: LatchOptions<LatchEach>): LatchDomain;
export function latch(cond: Bool, options?: LatchOptions<LatchEach>): LatchDomain;
export function latch(cond: Bool | OfRecord, options: LatchOptions<LatchEach> = {}): LatchDomain {
  return domainOf('latch(condition)', { is: 'latch', cond: condAt(cond, 'latch()') }, options);
}

/**
 * Remembers the turn of something that is `pending` first and `running` then, and may be pending again while it runs: who
 * arms it waits for the pending turn if there is one, else for the running one, and for no later turn.
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
): LatchDomain {
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

/** Latches that are armed together, wherever they lie; as a Bool, whether one of them still remembers. */
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

/** Makes a group: `latch(cond, { group })` is in it. */
export const latchGroup = (name: string): LatchGroup => {
  requireText(name, "the name of latchGroup('name')");
  return new LatchGroup({ name, path: [], group: {} });
};

// include/linux/srcu.h: sections whose readers may sleep, each in a domain of its own.
//
// The kernel guarantees for a domain what RCU guarantees: synchronize_srcu() waits for the sections of this domain that
// run when it is called, and for no others. Sections nest and may sleep, so a reader may wait inside for an actor that
// waits for it: a deadlock, which is found. The model: how often each actor is inside, and a latch for each reader and
// waiter. call_srcu() posts a callback, which an rcu_callback() runs after the sections of the domain. Left out: the index that srcu_read_lock() returns, so a section that is left with the index of another one is
// not found; and that a domain may lie in an object: it is one for the whole model.

import {
  demandsSoftly,
  type EachVar,
  exactly,
  expects,
  type IntDomain,
  inline,
  int,
  type LatchDomain,
  latch,
  latchGroup,
  not,
  notMemory,
  perActor,
  record,
  requireText,
  type Stmt,
  source,
  unused,
  when,
  whenFreed,
} from '../language/index.js';
import { mightSleep } from './bug.js';
import { memoryWord, requireField } from './fields.js';
import { callbackFields, freedWhilePosted, posting, type RcuHead, rcu_read_lock_held } from './rcupdate.js';

const c = source('include/linux/srcu.h');
const tree = source('kernel/rcu/srcutree.c');

/** struct srcu_struct, as DEFINE_SRCU(name) makes it. It needs no place in the shared state. */
export interface Srcu {
  readonly name: string;
  readonly nesting: EachVar<IntDomain>;
  readonly gp: EachVar<LatchDomain>;
  /** The callbacks of call_srcu(), for srcu_barrier(). */
  readonly posted: ReturnType<typeof latchGroup>;
}

export const srcu_struct = exactly('srcu_struct', (name: string): Srcu => {
  requireText(name, "the name of srcu_struct('name')");
  const nesting = perActor(name, int(0, 3), {
    keptMessage: `WARNING: lock held when returning to user space! (${name})`,
  });
  const gp = perActor(`${name}_grace_period`, latch(nesting.mine.gt(0), { each: 'observed' }));
  const posted = latchGroup(`${name}_barrier`);
  unused(posted);
  return { name, nesting, gp, posted };
});

const requireSrcu = (x: Srcu, whose: string): void => requireField(x, 'gp', whose, 'an srcu_struct()');

export const srcu_read_lock = exactly('srcu_read_lock', (ss: Srcu): Stmt => {
  requireSrcu(ss, 'srcu_read_lock()');
  return c`srcu_read_lock(&${ss.name})`(ss.nesting.mine.inc());
});
export const srcu_read_unlock = exactly('srcu_read_unlock', (ss: Srcu): Stmt => {
  requireSrcu(ss, 'srcu_read_unlock()');
  const message = `WARNING: bad unlock balance detected! (${ss.name})`;
  return c`srcu_read_unlock(&${ss.name})`(expects(ss.nesting.mine.gt(0), message), ss.nesting.mine.dec());
});

export const synchronize_srcu = inline('synchronize_srcu', (ss: Srcu) => {
  requireSrcu(ss, 'synchronize_srcu()');
  const illegal = 'Illegal synchronize_srcu() in same-type SRCU (or in RCU) read-side critical section';
  return {
    begin: tree`synchronize_srcu(&${ss.name}): the grace period begins`(
      demandsSoftly(not(ss.nesting.mine.gt(0).or(rcu_read_lock_held())), illegal),
      mightSleep(),
      ss.gp.mine.arm(),
    ),
    end: tree`synchronize_srcu(&${ss.name}): the grace period ends`(when(not(ss.gp.mine))),
  };
});

/** An rcu_head for call_srcu() of one domain. Its callback runs in an rcu_callback(). */
export const srcu_head = exactly('srcu_head', (ss: Srcu) => {
  requireSrcu(ss, 'srcu_head()');
  const fields = callbackFields(ss.nesting.mine.gt(0), ss.posted);
  return whenFreed(
    record({ ...fields, srcu: notMemory(memoryWord()) }),
    (h) => not(h.posted),
    freedWhilePosted,
  );
});
/** Posts the callback of an srcu_head(): it runs once the sections that run now are over. */
export const call_srcu = exactly('call_srcu', (ss: Srcu, head: RcuHead): Stmt => {
  requireSrcu(ss, 'call_srcu()');
  return posting('call_srcu', 'call_srcu(): Leaked duplicate callback', c)(head);
});
/** Waits for the callbacks of the domain that were posted before. Not for a grace period. */
export const srcu_barrier = inline('srcu_barrier', (ss: Srcu) => {
  requireSrcu(ss, 'srcu_barrier()');
  return {
    begin: tree`srcu_barrier(&${ss.name}): looks at what is posted`(mightSleep(), ss.posted.arm()),
    end: tree`srcu_barrier(&${ss.name}): those callbacks are over`(when(not(ss.posted))),
  };
});

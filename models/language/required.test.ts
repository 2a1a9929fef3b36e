// The words of the language, with wrong arguments that no compiler has checked, say what to write: each argument of
// each word is replaced by everything that could stand there by mistake.

import { describe, expect, test } from 'vitest';
import * as kernel from '../../models/kernel/index.js';
import * as properties from '../../properties/language/index.js';
import { deferred } from '../kernel/testing/right_arguments.js';
import * as language from './index.js';

const { actor, actors, array, bool, config, int, oneOf, owner, procedure, shared, source } = language;
const c = source('x.c');
const Node = language.pool(2, { x: bool() });
const state = shared({
  n: int(0, 3),
  b: bool(),
  node_of: kernel.list_node(),
  ref: kernel.percpu_ref(2),
  queue_head: kernel.wait_queue_head(),
  ...{ work: kernel.work_struct(), late: kernel.delayed_work() },
  timer: kernel.timer_list(),
  wq: kernel.workqueue_struct(),
  head: kernel.rcu_head(),
  lock: kernel.spinlock(),
  sleeping: kernel.mutex(),
  sem: kernel.rwsem(),
  rw: kernel.rwlock(),
  seq: kernel.seqcount(),
  sl: kernel.seqlock(),
  pg: kernel.page_lock(),
  bit: kernel.bit_spinlock(),
  cells: array(2, int(0, 1)),
  dev: language.object({ x: bool() }),
  node: Node,
});
const {
  n,
  b,
  node_of,
  ref,
  queue_head,
  work,
  timer,
  wq,
  late,
  head,
  lock,
  sleeping,
  sem,
  rw,
  seq,
  sl,
  pg,
  bit,
  cells,
  dev,
  node,
} = state;
const stat = language.perCpu('stat', int(0, 3));
const pair = shared({ x: language.record({ a: bool() }), y: language.record({ a: bool() }) });
const settings = config({ fix: oneOf('x', 'y') });
const run = procedure('run', () => ({ one: c`x`(n.set(1)) }));
const taking = procedure('taking', { by: int(0, 3) }, ({ by }) => ({ one: c`x`(n.set(by)) }));
const one = actor('one', run);
const many = actors('many', 2, run);
const ss = kernel.srcu_struct('ss');
const block = { one: c`x`(n.set(1)) };
const parts = { about: 'x', state, actors: [one] };
const about = [b, 'about', {}] as const;

/** Exports that the test does not call: those that are no word of a model, and those that take no argument or any. */
const apart =
  /^(describe|visible|tested|thrown|unused|created|exactly|refuseMore|withoutArguments|superseded|unreached|refusalOf|watchCreations|whereWritten|displayLocation|domainText|effectsIn|isMember|require\w+|conditionNode|model|source|bool|Return|rests|mightSleep|someone|ownsAnySpinning|maySleep|isPreemptible|inInterrupt|local_irq_(dis|en)able|local_bh_\w+|irqs_disabled|preempt\w+|in_\w+|get_cpu|put_cpu|smp_processor_id|page_lock|seqcount|lockdep_assert_irqs_\w+|isHandling|rcu_(read|barrier|head)\w*|synchronize_\w+|kick_all_cpus_sync|tlb_remove_table_sync_one|mmu_gather|work_struct|delayed_work|workqueue_struct|timer_list|list_node|schedule\w*|kthread_(should_|parkme)\w*|tasklet_struct|hrtimer)$/;

/** Of these, what only the language itself calls. */
const internal = /^(unused|watchCreations|whereWritten)$/;

/** The same of accesses and barriers. */
const apartOfMemory = /^(loadedIn|storedIn|smp_[rw]?mb\w*)$/;

const isOne = (x: language.Int) => x.eq(1);
const inEveryOrder = (word: string, args: readonly unknown[]) =>
  Object.fromEntries(
    ['', '_relaxed', '_acquire', '_release'].map((order) => [`${word}${order}`, args] as const),
  );

const right: { readonly [word: string]: readonly unknown[] } = {
  ...{
    actor: ['a', run, {}],
    actors: ['a', 2, run, () => ({})],
    Call: [taking, { by: 1 }],
    localsOf: [taking],
  },
  ...{ any: [2, () => b], all: [2, () => b], count: [2, () => b], allOf: [b], anyOf: [b], not: [b] },
  ...{ ifElse: [b, 1, 2], ownsAny: ['spinlock'], int: [0, 3], oneOf: ['a', 'b'], array: [2, int(0, 1)] },
  ...{ record: [{ x: bool() }], owner: ['x', {}], holders: ['x', {}], oneLock: [{ x: owner('x') }, {}] },
  ...{ shared: [{ x: bool() }], config: [{ x: bool() }], procedure: ['p', { x: bool() }, () => block] },
  inline: ['p', { x: bool() }, () => block],
  ...{ cpu: ['cpu0'], interrupt: ['irq', run, { on: language.cpu('cpu0') }] },
  recurring: ['softirq', run, { level: 'softirq' }],
  ...{ perActor: ['x', bool(), {}], perCpu: ['x', bool()], runsAs: ['task'] },
  ...{ local_irq_save: [b], local_irq_restore: [b], this_cpu_add: [stat, 1], __this_cpu_add: [stat, 1] },
  ...{ this_cpu_inc: [stat], this_cpu_dec: [stat], spin_lock_irqsave: [lock, b], spin_lock_irq: [lock] },
  ...{ spin_unlock_irqrestore: [lock, b], spin_trylock_irqsave: [lock, b], spin_unlock_irq: [lock] },
  ...{ spin_trylock_irq: [lock], spin_lock_bh: [lock], spin_unlock_bh: [lock], spin_trylock_bh: [lock] },
  ...{
    spinlock: [{}],
    raw_spinlock: [{}],
    mutex: [{}],
    rwsem: [{}],
    rwlock: [{}],
    spin_lock_nested: [lock, 1],
  },
  ...{ mutex_lock_nested: [sleeping, 1], down_read_nested: [sem, 1], down_write_nested: [sem, 1] },
  ...{ down_read_trylock: [sem], down_write_trylock: [sem], lockdep_assert_held: [lock] },
  ...{
    lockdep_assert_not_held: [sem],
    read_lock: [rw],
    read_unlock: [rw],
    read_trylock: [rw],
    write_lock: [rw],
  },
  ...{ write_unlock: [rw], write_trylock: [rw], read_lock_irqsave: [rw, b], read_unlock_irqrestore: [rw, b] },
  ...{ read_lock_irq: [rw], read_unlock_irq: [rw], read_lock_bh: [rw], read_unlock_bh: [rw] },
  ...{ write_lock_irqsave: [rw, b], write_unlock_irqrestore: [rw, b], write_lock_irq: [rw] },
  ...{ write_unlock_irq: [rw], write_lock_bh: [rw], write_unlock_bh: [rw] },
  ...{ lock_page: [pg], trylock_page: [pg], unlock_page: [pg], wait_on_page_locked: [pg], folio_lock: [pg] },
  ...{ folio_trylock: [pg], folio_unlock: [pg], folio_wait_locked: [pg], folio_test_locked: [pg] },
  ...{ bit_spinlock: [{}], bit_spin_lock: [bit], bit_spin_trylock: [bit], bit_spin_unlock: [bit] },
  ...{ bit_spin_is_locked: [bit], test_and_set_bit_lock: [b], clear_bit_unlock: [b], wait_on_bit: [b] },
  ...{ wait_on_bit_lock: [b], clear_and_wake_up_bit: [b], semaphore: [1, {}], down: [n], up: [n] },
  ...{ down_trylock: [n] },
  ...{ seqlock: [{}], write_seqcount_begin: [seq, {}], raw_write_seqcount_begin: [seq] },
  ...{ write_seqcount_end: [seq], read_seqcount_begin: [seq], raw_seqcount_begin: [seq] },
  ...{ read_seqcount_retry: [seq], seqretry: [seq, block], write_seqlock: [sl], write_sequnlock: [sl] },
  ...{ write_seqlock_irqsave: [sl, b], write_sequnlock_irqrestore: [sl, b], write_seqlock_bh: [sl] },
  ...{ write_sequnlock_bh: [sl], read_seqbegin: [sl], read_seqretry: [sl], read_seqlock_excl: [sl] },
  ...{ read_sequnlock_excl: [sl] },
  ...{ spin_is_locked: [lock], raw_spin_lock: [lock], raw_spin_unlock: [lock], raw_spin_trylock: [lock] },
  ...{ raw_spin_lock_irqsave: [lock, b], raw_spin_unlock_irqrestore: [lock, b] },
  ...{ raw_spin_trylock_irqsave: [lock, b], raw_spin_lock_irq: [lock], raw_spin_unlock_irq: [lock] },
  ...{
    object: [{ x: bool() }, {}],
    pool: [2, { x: bool() }, {}],
    pointer: [Node],
    kfree: [dev],
    frees: [dev],
  },
  ...{ kmalloc: [node], firstUnused: [node], hasUnused: [node], takesFirst: [node], isLive: [dev] },
  ...{ allocates: [dev], notMemory: [bool()], whenFreed: [language.record({ x: bool() }), () => b, 'x'] },
  ...{ If: [b, block], While: [b, block], For: [2, () => block], Either: [{ x: block }], Goto: ['x'] },
  ...{ Choose: [int(0, 1), () => block], when: [b], given: [settings.fix.is('x'), n.set(1)] },
  ...{ expects: [b, 'x'], expectsSoftly: [b, 'x'], demands: [b, 'x'], demandsSoftly: [b, 'x'] },
  ...{ latch: [b, {}], instance: [b, b, {}], latchGroup: ['x'] },
  ...{ forAll: [2, () => n.set(1)], atOnce: [n.set(1)], onlyIf: [b, n.set(1)] },
  ...{ queue: [bool(), 2], same: [pair.x, pair.y] },
  ...{
    guard: [kernel.mutex_lock(sleeping), kernel.mutex_unlock(sleeping), block],
    scoped_guard: [kernel.spin_lock(lock), kernel.spin_unlock(lock), block],
    scoped_cond_guard: [kernel.spin_trylock(lock), kernel.spin_unlock(lock), block, block],
  },
  ...{ bugOn: [b, 'x'], warnOn: [b, 'x'], mutex_lock: [sleeping], mutex_unlock: [sleeping] },
  ...{ spin_lock: [lock], spin_unlock: [lock], down_read: [sem], up_read: [sem], down_write: [sem] },
  ...{ up_write: [sem], downgrade_write: [sem], spin_trylock: [lock], mutex_trylock: [sleeping] },
  ...{ atomic_inc: [n], atomic_dec: [n], atomic_add: [1, n], atomic_sub: [1, n], atomic_fetch_add: [1, n] },
  ...{ atomic_inc_and_test: [n], atomic_dec_and_test: [n], atomic_inc_return: [n], atomic_dec_return: [n] },
  ...{ atomic_add_unless: [n, 1, 0], atomic_inc_not_zero: [n], xchg: [n, 1], cmpxchg: [n, 0, 1] },
  ...{ try_cmpxchg: [n, n, 1], nonatomic: [n, (x: language.Int) => x.plus(1)], set_bit: [b], clear_bit: [b] },
  ...{ test_and_set_bit: [b], test_and_clear_bit: [b], test_and_change_bit: [b] },
  ...{ refcount: [2], refcount_inc: [n], refcount_inc_not_zero: [n], refcount_dec: [n] },
  ...{ refcount_dec_and_test: [n], refcount_dec_not_one: [n], refcount_dec_and_lock: [n, lock, block] },
  ...{ kref_init: [n], kref_get: [n], kref_get_unless_zero: [n], kref_put: [n], completion: [{}] },
  ...{ complete: [n], complete_all: [n], completion_done: [n], reinit_completion: [n] },
  ...{ wait_for_completion: [n], wait_for_completion_timeout: [n], try_wait_for_completion: [n] },
  ...{ wake_up: [queue_head], wake_up_all: [queue_head], wake_up_interruptible: [queue_head] },
  ...{ prepare_to_wait: [queue_head], finish_wait: [queue_head], wait_event: [queue_head, b] },
  ...{ wait_event_interruptible: [queue_head, b], wait_event_timeout: [queue_head, b] },
  ...{ wake_up_process: [one], kthread_stop: [one], kthread_park: [one], kthread_unpark: [one] },
  ...{ get_task_struct: [one], put_task_struct: [one], flush_delayed_work: [late] },
  ...{ list_add: [node_of], list_add_tail: [node_of], list_add_rcu: [node_of], list_add_tail_rcu: [node_of] },
  ...{
    list_del: [node_of],
    list_del_init: [node_of],
    list_del_rcu: [node_of],
    list_has: [node_of],
    list_empty: [node_of],
  },
  ...{ hlist_add_head: [node_of], hlist_add_head_rcu: [node_of], hlist_del: [node_of] },
  ...{
    hlist_del_init: [node_of],
    hlist_del_rcu: [node_of],
    page_refcount: [2],
    folio_get: [n],
    get_page: [n],
  },
  ...{ folio_put: [n], put_page: [n], folio_try_get: [n], folio_ref_freeze: [n, 1] },
  ...{ folio_ref_unfreeze: [n, 1], percpu_ref: [2], percpu_ref_get: [ref], percpu_ref_put: [ref] },
  ...{ percpu_ref_tryget: [ref], percpu_ref_tryget_live: [ref, b], percpu_ref_kill: [ref] },
  ...{ percpu_ref_is_dying: [ref], percpu_ref_is_zero: [ref] },
  ...{
    percpu_ref_switch: ['switch', ref, run, {}],
    add_timer: [timer],
    mod_timer: [timer],
    timer_pending: [timer],
    timer_delete: [timer],
  },
  ...{
    timer_delete_sync: [timer],
    timer_shutdown_sync: [timer],
    del_timer: [timer],
    del_timer_sync: [timer],
  },
  ...{ timer_softirq: ['timer', timer, run], kworker: ['kworker', work, run] },
  ...{ schedule_work: [work], schedule_delayed_work: [late], mod_delayed_work: [late], flush_work: [work] },
  ...{ cancel_work: [work], cancel_delayed_work: [work], cancel_work_sync: [work], enable_work: [work] },
  ...{
    cancel_delayed_work_sync: [work],
    disable_work_sync: [work],
    ordered_kworker: ['k', { x: [work, run] }],
  },
  ...{ queue_work: [wq, work], queue_delayed_work: [wq, late], drain_workqueue: [wq, work] },
  ...{
    destroy_workqueue: [wq, work],
    call_rcu: [head],
    kfree_rcu: [head],
    rcu_callback: ['rcu', head, run],
    rcu_dereference: [b],
  },
  ...{ kfree_rcu_callback: ['rcu', head, dev], rcu_assign_pointer: [b, true] },
  ...{ rcu_dereference_check: [b, b], rcu_dereference_protected: [b, b] },
  ...{ hasInterruptsOff: [one] },
  ...deferred,
  ...{ srcu_struct: ['ss'], srcu_read_lock: [ss], srcu_read_unlock: [ss] },
  ...{ always: about, never: about, sometimes: about, alwaysPossible: about, property: about },
  ...{ lemma: about, contributes: [n, 1, 'about', {}] },
  ...{ weaklyFair: [one, 'run.one'], stronglyFair: [one, 'run.one'], enabled: [one, 'run.one'] },
  ...{ eventually: [b], next: [b], once: [b], historically: [b], previously: [b], negation: [b] },
  ...{ until: [b, b], weakUntil: [b, b], release: [b, b], leadsTo: [b, b], since: [b, b], both: [b, b] },
  ...{ either: [b, b], implies: [b, b], equivalent: [b, b] },
};

/** Accesses in an order, and barriers. */
const rightOfMemory: typeof right = {
  ...{ fence: ['mb'], fences: ['mb'], modifies: ['full'], rcuEvent: ['read_lock'] },
  ...{ READ_ONCE: [n], WRITE_ONCE: [n, 1], smp_load_acquire: [n], smp_store_release: [n, 1] },
  ...{ smp_store_mb: [n, 1], set_current_state: [n, 1], __set_current_state: [n, 1] },
  ...{ smp_cond_load_acquire: [n, isOne], smp_cond_load_relaxed: [n, isOne] },
  ...inEveryOrder('xchg', [n, 1]),
  ...inEveryOrder('cmpxchg', [n, 0, 1]),
  ...inEveryOrder('try_cmpxchg', [n, n, 1]),
  ...inEveryOrder('atomic_inc_return', [n]),
  ...inEveryOrder('atomic_dec_return', [n]),
  ...inEveryOrder('atomic_add_return', [1, n]),
  ...inEveryOrder('atomic_sub_return', [1, n]),
  ...inEveryOrder('atomic_fetch_add', [1, n]),
  ...inEveryOrder('atomic_fetch_sub', [1, n]),
};

const wrong: { readonly [what: string]: unknown } = {
  ...{
    undefined: undefined,
    null: null,
    text: 'text',
    number: 3,
    object: {},
    list: [],
    function: () => ({}),
  },
  ...{
    condition: b,
    int: n,
    lock,
    array: cells,
    actors: many,
    actor: one,
    statement: c`x`(),
    effect: n.set(1),
  },
};

/** The error of a call, if there is one. */
function errorOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

const library: { readonly [word: string]: unknown } = { ...language, ...kernel, ...properties };
const words = Object.keys(library).filter(
  (word) =>
    typeof library[word] === 'function' &&
    /^[a-z]|^(If|While|For|Either|Choose|Goto|Call|Return)$/.test(word),
);

/** Words that take no argument, among those that are apart. */
const withoutParameters = words
  .filter((word) => apart.test(word) || apartOfMemory.test(word))
  .filter((word) => !internal.test(word) && (library[word] as () => unknown).length === 0)
  .map((word) => [word, []] as const);

test('every word is tried', () => {
  expect(
    words.filter(
      (word) =>
        !apart.test(word) &&
        !apartOfMemory.test(word) &&
        !Object.hasOwn({ ...right, ...rightOfMemory }, word),
    ),
  ).toEqual([]);
});

test.each(Object.entries({ ...right, ...rightOfMemory }))(
  '%s accepts the right arguments, and refuses all others with its own message',
  (word, args) => {
    const call = library[word] as (...args: readonly unknown[]) => unknown;
    expect(errorOf(() => call(...args))).toBeUndefined();
    let refused = 0;
    for (const i of args.keys()) {
      for (const [what, given] of Object.entries(wrong)) {
        const error = errorOf(() => call(...args.map((arg, j) => (j === i ? given : arg))));
        if (error === undefined) continue;
        refused++;
        const { name, message } = error as Error;
        const failure = `${word}, argument ${i}, ${what}: ${name}: ${message}`;
        expect(failure).toMatch(/: ModelError: /);
        expect(failure).not.toMatch(/is not a function|Cannot |\[object|undefined[^:]*undefined/);
        // If it names a word of the kernel library, it is the one that was written, not one that it is made of.
        const [, named = ''] = /(\w+)\([^)]*\) needs/.exec(message) ?? [];
        if (named in kernel) expect(failure).toContain(`: ModelError: ${word}(`);
      }
    }
    // Of fifteen things, at most five fit anywhere.
    expect(refused).toBeGreaterThanOrEqual(10 * args.length);
  },
);

/** Words that take any number of arguments. */
const takesAnyNumber = /^(oneOf|unused)$/;

test.each(
  [...Object.entries({ ...right, ...rightOfMemory }), ...withoutParameters].filter(
    ([word]) => !takesAnyNumber.test(word),
  ),
)('%s refuses more arguments than it takes', (word, args) => {
  const call = library[word] as (...args: readonly unknown[]) => unknown;
  // More than any word has parameters with a default.
  const tooMany = [...args, ...Array.from({ length: 5 })];
  expect(String(errorOf(() => call(...tooMany)))).toMatch(
    /^ModelError: (\w+\(\) takes (no|one|\d) argument|.* not undefined: is a name misspelt\?$)/,
  );
});

const refusal = (call: () => unknown): string => String((errorOf(call) as Error | undefined)?.message);
// biome-ignore lint/suspicious/noExplicitAny: what no compiler has looked at
const untyped = (x: unknown): any => x;
const model = untyped(language.model);

describe('a model', () => {
  test.each([
    [{ ...parts, actors: one }, "the 'actors' of model('m', …) are a list, actors: [a, b], not an actor"],
    [{ ...parts, actors: many }, "the 'actors' of model('m', …) are a list, actors: [a, b], not actors"],
    [
      { ...parts, actors: [run] },
      "the 'actors' of model('m', …) are a list, actors: [a, b], of what actor(…) and actors(…) return, not a procedure",
    ],
    [{ ...parts, state: {} }, "the 'state' of model('m', …) is what shared({ … }) returns, not an object"],
    [
      { ...parts, setings: settings },
      "model('m', …) has no option 'setings'; there are about, settings, state, actors, initially, within, excludes, comparison",
    ],
    [undefined, "model('m', …) has options by name, { about: … }, not undefined: is a name misspelt?"],
  ])('%#', (given, message) => {
    expect(refusal(() => model('m', given))).toBe(message);
  });
});

describe('fairness', () => {
  const { property, eventually, weaklyFair } = properties;

  test('is to one actor, or to all actors where none is named', () => {
    expect(refusal(() => weaklyFair(untyped(many)))).toBe(
      "weaklyFair(actor) needs one actor; 'many' are several: choose one with .of(0), or go through all with .any(…) or .all(…)",
    );
    expect(refusal(() => weaklyFair(untyped({}).misspelt))).toBe(
      'weaklyFair(actor) needs one actor, not undefined: is a name misspelt?',
    );
    expect(weaklyFair().actor).toBeUndefined();
  });

  test('is not given as a word', () => {
    expect(refusal(() => property(eventually(b), 'x', { fair: untyped('weak') }))).toBe(
      "'fair' is weaklyFair() or stronglyFair() of everybody, weaklyFair(actor) of one, or a list of these, not 'weak'",
    );
    expect(refusal(() => property(eventually(b), 'x', untyped({ fairness: weaklyFair() })))).toBe(
      "property(…, 'about', options) has no option 'fairness'; there are given, fair, assuming",
    );
  });
});

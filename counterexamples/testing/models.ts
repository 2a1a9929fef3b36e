// Small models in the kernel's manner, each with one mistake, and the traces of what a search finds in them.

import { explore, lower } from '../../checker/index.js';
import { model as readers_writers_model, writer } from '../../models/examples/readers_writers.js';
import { bugOn, spin_lock, spin_unlock, spinlock } from '../../models/kernel/index.js';
import {
  actor,
  array,
  bool,
  If,
  int,
  type Model,
  model,
  oneOf,
  procedure,
  shared,
  source,
  While,
} from '../../models/language/index.js';
import {
  always,
  eventually,
  type Properties,
  property,
  weaklyFair,
} from '../../properties/language/index.js';
import { replay } from '../replay/replay.js';
import type { Trace } from '../trace/trace.js';

/** The trace of every finding, by the name of its property. */
export async function tracesOf(
  of: Model,
  properties: Properties = {},
  settings: { readonly [name: string]: unknown } = {},
): Promise<ReadonlyMap<string, Trace>> {
  const lowered = lower(of, settings, properties);
  const { properties: results } = await explore(lowered.program, lowered.properties, { engine: 'reference' });
  const found = results.filter(({ finding }) => finding !== undefined);
  const trace = (result: (typeof found)[number]) => replay(lowered.program, result);
  return new Map(found.map((result) => [result.check.name, trace(result)] as const));
}

/** Readers come and go so that one always holds the semaphore: a lasso, as the search for one finds it. */
export async function starvedWriter(): Promise<Trace> {
  const gets_in = property(
    always(eventually(writer.of(0).at('write.low'))),
    'a writer waits for ever while readers come and go',
    { fair: [weaklyFair()] },
  );
  return (await tracesOf(readers_writers_model, { gets_in })).get('gets_in')!;
}

const c = source('mm/memory.c');

/** A page is freed by one actor while the other, which has looked before taking the lock, goes on to use it. */
export const use_after_free = (() => {
  const state = shared({ ptl: spinlock(), pte: oneOf('present', 'none'), page_count: int(0, 1).starts(1) });
  const { ptl, pte, page_count } = state;
  const zap = procedure('zap_pte', () => ({
    lock: spin_lock(ptl),
    clear: c`ptep_get_and_clear(): take the pte, leave none`(pte.set('none')),
    free: c`put_page(): drop the reference that the mapping held`(page_count.dec()),
    unlock: spin_unlock(ptl),
  }));
  const fault = procedure('handle_pte_fault', () => ({
    look: If(pte.is('present'), {
      lock: spin_lock(ptl),
      use: bugOn(page_count.eq(0), 'VM_BUG_ON_PAGE(page_count(page) == 0, page)'),
      unlock: spin_unlock(ptl),
    }),
  }));
  return model('use_after_free', {
    about: 'a pte is read before the lock is taken',
    state,
    actors: [actor('munmap', zap), actor('fault', fault), actor('bystander', zap)],
  });
})();

/** Two locks, taken in either order. */
export const lock_order = (() => {
  const state = shared({ i_mmap: spinlock(), ptl: spinlock() });
  const { i_mmap, ptl } = state;
  const down = procedure('zap', () => ({
    outer: spin_lock(i_mmap),
    inner: spin_lock(ptl),
    unlock_inner: spin_unlock(ptl),
    unlock_outer: spin_unlock(i_mmap),
  }));
  const up = procedure('rmap_walk', () => ({
    inner: spin_lock(ptl),
    outer: spin_lock(i_mmap),
    unlock_outer: spin_unlock(i_mmap),
    unlock_inner: spin_unlock(ptl),
  }));
  return model('lock_order', {
    about: 'two locks in either order',
    state,
    actors: [actor('truncate', down), actor('migrate', up)],
  });
})();

/** One actor waits in a loop for the other, and then runs into a bug: nothing but time comes before it. */
export const spinning = (() => {
  const state = shared({ ready: bool() });
  const set = procedure('set', () => ({ ready: c`smp_store_release(&ready, 1)`(state.ready.set(true)) }));
  const spin = procedure('spin', () => ({
    test: While(state.ready.eq(false), { relax: c`cpu_relax()`() }),
    use: bugOn(state.ready, 'BUG'),
  }));
  return model('spinning', { about: 'a loop', state, actors: [actor('waker', set), actor('waiter', spin)] });
})();

/** A counter without room for the second of two steps. */
export const overflow = (() => {
  const state = shared({ mapcount: array(2, int(0, 1)) });
  const map = procedure('page_add_file_rmap', { i: int(0, 1) }, ({ i }) => ({
    pick: c`find the subpage`(i.set(1)),
    add: c`atomic_inc(&page->_mapcount)`(state.mapcount.at(i).inc()),
    add_again: c`atomic_inc(&page->_mapcount)`(state.mapcount.at(i).inc()),
  }));
  return model('overflow', {
    about: 'a counter that is too small',
    state,
    actors: [actor('fault', map)],
  });
})();

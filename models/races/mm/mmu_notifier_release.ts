// mmu_notifier_release() unlinks a notifier before it has called it: a page is freed that a guest still has mapped.
//
// exit_mmap() calls ->release() of each notifier, which removes all mappings of the secondary MMU. A truncate or reclaim of
// another process that unmaps a page calls the notifiers that are on the list, in a section of SRCU. Once a notifier is off
// the list and has yet to be called, the page is unmapped without it and freed, and the guest writes to a free page.
//
// Fix d34883d4e35c, 3.10 [the patch and its message as mailed]: call first, unlink then. 3ad3d901bbcf had done so; 751efd8610d3
// (`none`) undid it, against a crash of mmu_notifier_unregister() and a second ->release() [the same]. Steps: [source: the
// patch, mm/mmu_notifier.c]. Left out: new mappings of the secondary MMU, of which there are none once no user of the mm is
// left; more notifiers; the pointers of the list.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  kfree,
  spin_lock,
  spin_unlock,
  spinlock,
  srcu_read_lock,
  srcu_read_unlock,
  srcu_struct,
  synchronize_rcu,
  synchronize_srcu,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  If,
  model,
  not,
  object,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import { type Race, use_after_free } from '../race.js';

const c = source('mm/mmu_notifier.c');
const rmap = source('mm/rmap.c');

export const settings = config({
  fix: oneOf('none', 'release_first', 'no_sync', 'synchronize_rcu', 'unlink_after_sync'),
});
const { fix } = settings;

const srcu = srcu_struct('srcu');
export const state = shared({
  /** mm->mmu_notifier_mm->lock */
  lock: spinlock(),
  listed: bool().starts(true),
  /** struct mmu_notifier, in the driver's object, which is freed after mmu_notifier_unregister(). */
  mn: object({ ops: bool() }),
  /** The secondary MMU maps the page. */
  spte: bool().starts(true),
  page_freed: bool(),
});
const { lock, listed, mn, spte, page_freed } = state;

const call_release = () => ({
  ops: c`mn->ops->release != NULL`.test(mn.ops),
  call: c`mn->ops->release(mn, mm)`(spte.set(false)),
});
const unlink = () => ({
  lock: spin_lock(lock),
  del: c`hlist_del_init_rcu(&mn->hlist)`(listed.set(false)),
  unlock: spin_unlock(lock),
});
const release = procedure('__mmu_notifier_release', { found: bool() }, ({ found }) => ({
  id: srcu_read_lock(srcu),
  look: c`hlist_for_each_entry_rcu(mn, …)`(found.set(listed)),
  early: If(fix.is('none').and(found), unlink()),
  any: If(found, call_release()),
  read_end: srcu_read_unlock(srcu),
  late: If(fix.isnt('none'), unlink()),
  sync: synchronize_srcu(srcu),
}));

const unregister = procedure('mmu_notifier_unregister', () => ({
  on: If(c`!hlist_unhashed(&mn->hlist)`.test(listed), {
    id: srcu_read_lock(srcu),
    early: If(fix.is('none'), unlink()),
    ...call_release(),
    read_end: srcu_read_unlock(srcu),
    late: If(fix.isIn('release_first', 'no_sync', 'synchronize_rcu'), unlink()),
  }),
  sync: If(fix.is('synchronize_rcu'), { rcu: synchronize_rcu() }).ElseIf(fix.isnt('no_sync'), {
    srcu: synchronize_srcu(srcu),
  }),
  after: If(fix.is('unlink_after_sync'), unlink()),
  free: kfree(mn),
}));

const unmap = procedure('try_to_unmap_one', () => ({
  id: srcu_read_lock(srcu),
  listed: If(c`hlist_for_each_entry_rcu(mn, …)`.test(listed), {
    ops: c`mn->ops->invalidate_page != NULL`.test(mn.ops),
    call: c`mn->ops->invalidate_page(mn, mm, address)`(spte.set(false)),
  }),
  read_end: srcu_read_unlock(srcu),
  free: rmap`page_remove_rmap(page); put_page(page)`(page_freed.set(true)),
}));

const exiter = actor('exit', release);
const driver = actor('driver', unregister);
const reclaim = actor('reclaim', unmap);

export const properties: Properties = {
  no_spte_of_a_free_page: never(page_freed.and(spte), 'the page is free, and the guest still writes to it'),
  freed_first: sometimes(page_freed.and(not(exiter.done))),
  released_first: sometimes(exiter.done.and(not(page_freed))),
  unregistered_first: sometimes(driver.done.and(not(exiter.done))),
};

export const race: Race = {
  subsystem: 'mm',
  fix: {
    commit: 'd34883d4e35c',
    subject: 'mm: mmu_notifier: re-fix freed page still mapped in secondary MMU',
  },
  kinds: ['use-after-free'],
  uses: ['SRCU', 'RCU list', 'spinlock'],
  essence:
    'agrees: the notifier is off the list as the page is unmapped, and is called after the page is freed',
  history: '751efd8610d3 (`none`), which closed a crash of mmu_notifier_unregister(), undid 3ad3d901bbcf.',
};

const [late, later] = [use_after_free('try_to_unmap_one'), use_after_free('__mmu_notifier_release')];
export const manifest: Manifest = [
  row({ fix: 'none' }, [1443, 3670, 23], { no_spte_of_a_free_page: 8 }),
  row({ fix: 'release_first' }, [1019, 2603, 22]),
  row({ fix: 'no_sync' }, [880, 2239, 22], { [later]: 13, [late]: 12 }),
  row({ fix: 'synchronize_rcu' }, [1076, 2767, 22], { [later]: 15, [late]: 14 }),
  row({ fix: 'unlink_after_sync' }, [1151, 2896, 22], { [later]: 15, [late]: 14 }),
];

export { mmu_notifier_release as model };

const mmu_notifier_release = model('mmu_notifier_release', {
  about: 'an exiting process takes a notifier off its list before the guest has given up the pages',
  settings,
  state,
  actors: [exiter, driver, reclaim],
  comparison: { candidates: 'fix', scenarios: { 'exit, unregister, reclaim': {} } },
});

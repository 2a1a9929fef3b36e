// StackRot (CVE-2023-3269): the stack grows under mmap_lock for reading, and frees what other readers use.
//
// A fault below a stack takes mmap_lock for reading and expands the vma. The maple tree replaces the node of the vma, and
// frees the old one after a grace period of RCU. Another reader of mmap_lock has found the old node; it is in no section of
// RCU, for it relies on the lock, and no writer is there to exclude.
//
// Fix 8d7071af8907 [docs: list of commits], 6.5: expand under mmap_lock for writing, for which the fault drops the
// lock and looks the vma up again. Steps: [source: mm/mmap.c, lib/maple_tree.c@6.5; before it: memory]. Left out: the
// anon_vma lock, which orders those who expand one stack; the lookup of a fault under a lock of the vma alone, which is in
// a section of RCU; all of the node but one slot. The reader may be /proc/PID/maps, or another fault.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  call_rcu,
  down_read,
  down_write,
  kfree,
  rcu_assign_pointer,
  rcu_callback,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
  rwsem,
  synchronize_rcu,
  up_read,
  up_write,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  If,
  model,
  object,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('lib/maple_tree.c');

export const settings = config({
  fix: oneOf('none', 'write_lock', 'rcu_readers', 'synchronize_rcu', 'in_place'),
});
const { fix } = settings;
const waits = fix.is('synchronize_rcu');

export const state = shared({
  mmap_lock: rwsem(),
  /** mm->mm_mt.ma_root */
  ma_root: oneOf('old', 'new'),
  /** The node that is there in the beginning; the new one is not freed here. */
  node: object({ slot: bool(), rcu: rcu_head() }),
});
const { mmap_lock, ma_root, node } = state;

const expand = procedure('expand_downwards', () => ({
  lock: If(fix.is('write_lock'), { write: down_write(mmap_lock) }).Else({ read: down_read(mmap_lock) }),
  store: If(fix.is('in_place'), {
    slot: c`mas_wr_slot_store(): rcu_assign_pointer(slots[offset])`(node.slot.set(true)),
  }).Else({
    replace: rcu_assign_pointer(ma_root, 'new'),
    free: If(waits, { wait: synchronize_rcu(), now: kfree(node) }).Else({ call: call_rcu(node.rcu) }),
  }),
  unlock: If(fix.is('write_lock'), { write: up_write(mmap_lock) }).Else({ read: up_read(mmap_lock) }),
}));

const walk = procedure('mas_walk', { found: oneOf('new', 'old') }, ({ found }) => ({
  lock: down_read(mmap_lock),
  rcu: If(fix.is('rcu_readers'), { lock: rcu_read_lock() }),
  root: c`mas_start(): mas_root(mas)`(found.set(ma_root)),
  which: If(found.is('old'), { slot: c`entry = mt_slot(mas->tree, slots, offset)`.test(node.slot) }).Else({
    other: c`entry = mt_slot(mas->tree, slots, offset): of the new node`(),
  }),
  rcu_end: If(fix.is('rcu_readers'), { unlock: rcu_read_unlock() }),
  unlock: up_read(mmap_lock),
}));

const free_node = procedure('mt_free_rcu', () => ({ free: kfree(node) }));

const faulter = actor('fault', expand);
const reader = actor('reader', walk);
const softirq = rcu_callback('rcu_softirq', node.rcu, free_node);

export const properties: Properties = {
  finds_the_old_node: sometimes(reader.at('mas_walk.slot')),
  finds_the_new_node: sometimes(reader.at('mas_walk.other'), 'after the stack has grown', {
    given: fix.isnt('in_place'),
  }),
  grows: sometimes(faulter.done),
};

export const race: Race = {
  subsystem: 'mm',
  fix: { commit: '8d7071af8907', subject: 'mm: always expand the stack with the mmap write lock held' },
  kinds: ['use-after-free'],
  uses: ['RCU', 'call_rcu', 'rwsem'],
  essence: 'agrees: the reader has found the node before it is replaced, and uses it after the grace period',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [88, 177, 12], { 'BUG: KASAN: slab-use-after-free in mas_walk': 9 }),
  row({ fix: 'write_lock' }, [42, 63, 12]),
  row({ fix: 'rcu_readers' }, [102, 203, 14]),
  row({ fix: 'synchronize_rcu' }, [54, 90, 11], { 'BUG: KASAN: slab-use-after-free in mas_walk': 9 }),
  row({ fix: 'in_place' }, [24, 38, 8]),
];

export { stack_rot as model };

const stack_rot = model('stack_rot', {
  about:
    'the stack grows under mmap_lock for reading, and a reader that is in no RCU section uses the node that it frees (CVE-2023-3269)',
  settings,
  state,
  actors: [faulter, reader, softirq],
  comparison: { candidates: 'fix', scenarios: { 'a fault, a lookup': {} } },
});

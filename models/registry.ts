// The models of this repository, by name. A model is loaded when it is needed: checking one does not load the others.

import type { BarrierBug } from './barriers/barrier.js';
import type { Model } from './language/index.js';
import type { Manifest } from './manifest.js';
import type { Race } from './races/race.js';

export interface RegisteredModel {
  readonly model: Model;
  readonly manifest: Manifest;
  /** Of a race in the kernel. */
  readonly race?: Race;
  /** Of a barrier that the kernel missed. */
  readonly barrier?: BarrierBug;
}

type ModelLoader = () => Promise<RegisteredModel>;

/** An example: its file exports everything, as that of a user does, and can be copied out. */
export interface ExampleFile extends RegisteredModel {
  readonly properties: object;
}

/** The examples by name; properties/registry.ts has their properties from the same files. */
export const exampleFiles = {
  alur_taubenfeld: () => import('./examples/alur_taubenfeld.js'),
  anderson: () => import('./examples/anderson.js'),
  atomic_commitment: () => import('./examples/atomic_commitment.js'),
  bakery: () => import('./examples/bakery.js'),
  barrier: () => import('./examples/barrier.js'),
  coffee_can: () => import('./examples/coffee_can.js'),
  dekker: () => import('./examples/dekker.js'),
  die_hard: () => import('./examples/die_hard.js'),
  dining_monitor: () => import('./examples/dining_monitor.js'),
  elevator: () => import('./examples/elevator.js'),
  filter_lock: () => import('./examples/filter_lock.js'),
  fischer: () => import('./examples/fischer.js'),
  increment: () => import('./examples/increment.js'),
  lamport_fast: () => import('./examples/lamport_fast.js'),
  leader_election: () => import('./examples/leader_election.js'),
  mcs_lock: () => import('./examples/mcs_lock.js'),
  peterson: () => import('./examples/peterson.js'),
  peterson_pair: () => import('./examples/peterson_pair.js'),
  philosophers: () => import('./examples/philosophers.js'),
  readers_writers: () => import('./examples/readers_writers.js'),
  szymanski: () => import('./examples/szymanski.js'),
  termination_detection: () => import('./examples/termination_detection.js'),
  test_and_set: () => import('./examples/test_and_set.js'),
  ticket_lock: () => import('./examples/ticket_lock.js'),
  token_ring: () => import('./examples/token_ring.js'),
  two_phase_commit: () => import('./examples/two_phase_commit.js'),
} as const satisfies { readonly [name: string]: () => Promise<ExampleFile> };

/** A race: its file exports everything, its properties too. */
export interface RaceFile extends RegisteredModel {
  readonly race: Race;
  readonly properties: object;
}

/** The races by name; properties/registry.ts has their properties from the same files. */
export const raceFiles = {
  aio_kioctx: () => import('./races/fs/aio_kioctx.js'),
  blk_mq_freeze: () => import('./races/block/blk_mq_freeze.js'),
  btrfs_read_buffer: () => import('./races/fs/btrfs_read_buffer.js'),
  btusb_rxlock: () => import('./races/bluetooth/btusb_rxlock.js'),
  can_bcm_rcu: () => import('./races/net/can_bcm_rcu.js'),
  can_bcm_timer: () => import('./races/net/can_bcm_timer.js'),
  console_unlock: () => import('./races/printk/console_unlock.js'),
  cpuset_hotplug: () => import('./races/cgroup/cpuset_hotplug.js'),
  cryptd_enqueue: () => import('./races/crypto/cryptd_enqueue.js'),
  del_timer_sync_irq: () => import('./races/time/del_timer_sync_irq.js'),
  dir_seq_preempt: () => import('./races/fs/dir_seq_preempt.js'),
  dirty_cow: () => import('./races/mm/dirty_cow.js'),
  dm_crypt_tasklet: () => import('./races/md/dm_crypt_tasklet.js'),
  dontneed_huge_tlb: () => import('./races/mm/dontneed_huge_tlb.js'),
  epoll_last_look: () => import('./races/fs/epoll_last_look.js'),
  fget_close: () => import('./races/fs/fget_close.js'),
  gup_fast_collapse: () => import('./races/mm/gup_fast_collapse.js'),
  gup_fast_fork: () => import('./races/mm/gup_fast_fork.js'),
  hci_qca_close: () => import('./races/bluetooth/hci_qca_close.js'),
  hugetlb_follow_page: () => import('./races/mm/hugetlb_follow_page.js'),
  hugetlb_punch_migration: () => import('./races/mm/hugetlb_punch_migration.js'),
  hugetlb_unshare: () => import('./races/mm/hugetlb_unshare.js'),
  irq_thread_startup: () => import('./races/irq/irq_thread_startup.js'),
  jbd_frozen_data: () => import('./races/fs/jbd_frozen_data.js'),
  kill_fasync: () => import('./races/fs/kill_fasync.js'),
  kthread_park: () => import('./races/sched/kthread_park.js'),
  kvm_create_device: () => import('./races/virt/kvm_create_device.js'),
  kvm_io_bus: () => import('./races/virt/kvm_io_bus.js'),
  madv_remove_thp: () => import('./races/mm/madv_remove_thp.js'),
  mmu_notifier_release: () => import('./races/mm/mmu_notifier_release.js'),
  mprotect_batched_flush: () => import('./races/mm/mprotect_batched_flush.js'),
  mremap_flush: () => import('./races/mm/mremap_flush.js'),
  mremap_rmap_order: () => import('./races/mm/mremap_rmap_order.js'),
  n_tty_echo: () => import('./races/tty/n_tty_echo.js'),
  n_tty_packet_mode: () => import('./races/tty/n_tty_packet_mode.js'),
  n_tty_waitqueue_active: () => import('./races/tty/n_tty_waitqueue_active.js'),
  nft_counter_bh: () => import('./races/net/nft_counter_bh.js'),
  ocfs2_journal_head: () => import('./races/fs/ocfs2_journal_head.js'),
  packet_ring: () => import('./races/net/packet_ring.js'),
  retract_page_table: () => import('./races/mm/retract_page_table.js'),
  snd_hrtimer_stall: () => import('./races/sound/snd_hrtimer_stall.js'),
  split_migration_entry: () => import('./races/mm/split_migration_entry.js'),
  split_unmap_sync: () => import('./races/mm/split_unmap_sync.js'),
  stack_rot: () => import('./races/mm/stack_rot.js'),
  timekeeping_printk: () => import('./races/time/timekeeping_printk.js'),
  timerfd_cancel: () => import('./races/fs/timerfd_cancel.js'),
  ubi_thread_stop: () => import('./races/mtd/ubi_thread_stop.js'),
  vgem_create: () => import('./races/drm/vgem_create.js'),
  vivid_stop: () => import('./races/media/vivid_stop.js'),
  writeback_done: () => import('./races/fs/writeback_done.js'),
  zap_page_mkclean: () => import('./races/mm/zap_page_mkclean.js'),
  zsmalloc_pin_tag: () => import('./races/mm/zsmalloc_pin_tag.js'),
  zswap_cpu_dead: () => import('./races/mm/zswap_cpu_dead.js'),
} as const satisfies { readonly [name: string]: () => Promise<RaceFile> };

/** A barrier bug: its file exports everything, as that of a race. */
export interface BarrierFile extends RegisteredModel {
  readonly barrier: BarrierBug;
  readonly properties: object;
}

/** The barrier bugs by name; properties/registry.ts has their properties from the same files. */
export const barrierFiles = {
  mm_cid: () => import('./barriers/mm_cid.js'),
  osq_lock: () => import('./barriers/osq_lock.js'),
  page_uptodate: () => import('./barriers/page_uptodate.js'),
  pte_alloc_publish: () => import('./barriers/pte_alloc_publish.js'),
  qrwlock_slowpath: () => import('./barriers/qrwlock_slowpath.js'),
  sock_poll: () => import('./barriers/sock_poll.js'),
  switch_mm_flush: () => import('./barriers/switch_mm_flush.js'),
  test_and_set_bit_fails: () => import('./barriers/test_and_set_bit_fails.js'),
  ttwu_on_rq: () => import('./barriers/ttwu_on_rq.js'),
  waitqueue_active: () => import('./barriers/waitqueue_active.js'),
  work_pending_clear: () => import('./barriers/work_pending_clear.js'),
} as const satisfies { readonly [name: string]: () => Promise<BarrierFile> };

const loads: ReadonlyMap<string, ModelLoader> = new Map([
  ['thp_truncate', thp_truncate],
  ...Object.entries(exampleFiles),
  ...Object.entries(raceFiles),
  ...Object.entries(barrierFiles),
] as const);

async function thp_truncate(): Promise<RegisteredModel> {
  const [{ thp_truncate: model }, { manifest }] = await Promise.all([
    import('./thp_truncate/model.js'),
    import('./thp_truncate/manifest.js'),
  ]);
  return { model, manifest };
}

/** The names of all models, in the order of lists. */
export const modelNames: readonly string[] = [...loads.keys()];

/** Loads a model, with its manifest; undefined if there is none of that name. */
export const loadEntry = async (name: string): Promise<RegisteredModel | undefined> => loads.get(name)?.();

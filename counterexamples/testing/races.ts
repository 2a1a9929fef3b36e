// Races of the kernel outside this package's models, each cut down to the steps that race, with the ordering that the
// fix speaks of in a comment. The essence of each is read in essence_of_races.test.ts.

import { bugOn, down_read, down_write, rwsem, up_read, up_write } from '../../models/kernel/index.js';
import { mutex, mutex_lock, mutex_unlock } from '../../models/kernel/mutex.js';
import { spin_lock, spin_unlock, spinlock } from '../../models/kernel/spinlock.js';
import type { Model } from '../../models/language/index.js';
import {
  actor,
  actors,
  bool,
  Goto,
  holders,
  If,
  int,
  model,
  not,
  oneOf,
  procedure,
  Return,
  record,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { never, type Properties } from '../../properties/language/index.js';

export interface Race {
  readonly model: Model;
  readonly properties: Properties;
}

/**
 * 19be0eaffa3a, Dirty COW: get_user_pages() drops FOLL_WRITE once it has broken COW, MADV_DONTNEED takes the private
 * copy away, and the next lookup gets the page of the cache.
 */
export const dirty_cow: Race = (() => {
  const gup_c = source('mm/gup.c');
  const memory_c = source('mm/memory.c');
  const state = shared({
    mmap_lock: rwsem(),
    pte: oneOf('none', 'cow_page', 'cache_page'),
    cache_written: bool(),
  });
  const { mmap_lock, pte, cache_written } = state;
  const gup = procedure(
    'get_user_pages',
    { FOLL_WRITE: bool(), page: oneOf('none', 'cow_page', 'cache_page') },
    ({ FOLL_WRITE, page }) => ({
      down: down_read(mmap_lock),
      flags: gup_c`foll_flags = FOLL_WRITE`(FOLL_WRITE.set(true)),
      follow_page: If(pte.is('none'), {
        fault: If(FOLL_WRITE, {
          do_cow_fault: memory_c`do_cow_fault()`(pte.set('cow_page')),
        }).Else({
          do_read_fault: memory_c`do_read_fault()`(pte.set('cache_page')),
        }),
        retry: Goto('follow_page'),
      }).ElseIf(FOLL_WRITE, {
        do_wp_page: gup_c`do_wp_page(): VM_FAULT_WRITE, drop FOLL_WRITE`(FOLL_WRITE.set(false)),
        retry_again: Goto('follow_page'),
      }),
      get_page: gup_c`page = vm_normal_page(); get_page(page)`(page.set(pte)),
      up: up_read(mmap_lock),
      copy: If(page.is('cache_page'), { write: gup_c`copy_to_user_page()`(cache_written.set(true)) }),
    }),
  );
  const dontneed = procedure('madvise_dontneed', () => ({
    down: down_read(mmap_lock),
    zap: memory_c`zap_page_range()`(pte.set('none')),
    up: up_read(mmap_lock),
  }));
  return {
    model: model('dirty_cow', {
      about: 'Dirty COW',
      state,
      actors: [actor('writer', gup), actor('dontneed', dontneed)],
    }),
    properties: { read_only_file_stays: never(cache_written, 'a read-only file is written') },
  };
})();

/** An ioctl of snd_seq frees the pool that a write has just looked at; one mutex around both mends it. */
export const snd_seq: Race = (() => {
  const c = source('sound/core/seq/seq_clientmgr.c');
  const state = shared({ pool: bool().starts(true), freed: bool(), open: int(0, 2).starts(2) });
  const { pool, freed, open } = state;
  const write = procedure('snd_seq_write', () => ({
    test: If(not(pool), { out: Return() }),
    alloc: bugOn(freed, 'KASAN: use-after-free in snd_seq_event_dup'),
    put: c`fput()`(open.dec()),
  }));
  const ioctl = procedure('snd_seq_ioctl_set_client_pool', () => ({
    take: c`client->pool = NULL`(pool.set(false)),
    done: c`snd_seq_pool_done(): wait for cells`(),
    kfree: c`kfree(pool)`(freed.set(true)),
    put: c`fput()`(open.dec()),
  }));
  return {
    model: model('snd_seq', {
      about: 'snd_seq pool',
      state,
      actors: [actor('write', write), actor('ioctl', ioctl)],
    }),
    properties: {},
  };
})();

/** A lookup under RCU or a lock takes a reference on what has none left: kref_get_unless_zero() mends it. */
export const kref_lookup: Race = (() => {
  const c = source('drivers/misc/drv.c');
  const state = shared({
    list_lock: mutex(),
    listed: bool().starts(true),
    refs: int(0, 2).starts(1),
    freed: bool(),
  });
  const { list_lock, listed, refs, freed } = state;
  const open = procedure('drv_open', () => ({
    lock: mutex_lock(list_lock),
    find: If(not(listed), { unlock_none: mutex_unlock(list_lock), enodev: Return() }),
    get: c`kref_get(&d->ref)`(refs.inc()),
    unlock: mutex_unlock(list_lock),
    use: bugOn(freed, 'KASAN: use-after-free in drv_read'),
  }));
  const remove = procedure('drv_remove', { last: bool() }, ({ last }) => ({
    dec: c`last = refcount_dec_and_test(&d->ref)`(last.set(refs.eq(1)), refs.dec()),
    test: If(last, {
      lock: mutex_lock(list_lock),
      unlink: c`list_del(&d->node)`(listed.set(false)),
      unlock: mutex_unlock(list_lock),
      kfree: c`kfree(d)`(freed.set(true)),
    }),
  }));
  return {
    model: model('kref_lookup', {
      about: 'lookup of a dying object',
      state,
      actors: [actor('open', open), actor('remove', remove)],
    }),
    properties: {},
  };
})();

/** 1aa1bf111527: the reader of a tty tests the status first and sets its state then: the wake-up between is lost. */
export const lost_wakeup: Race = (() => {
  const c = source('drivers/tty/n_tty.c');
  const state = shared({ ctrl_lock: spinlock(), status: bool(), task: oneOf('RUNNING', 'INTERRUPTIBLE') });
  const { ctrl_lock, status, task } = state;
  const read = procedure('n_tty_read', () => ({
    test: If(not(status), {
      set_state: c`set_current_state(TASK_INTERRUPTIBLE)`(task.set('INTERRUPTIBLE')),
      schedule: c`schedule()`(when(task.is('RUNNING'))),
      again: Goto('test'),
    }),
    lock: spin_lock(ctrl_lock),
    take: c`cs = ctrl_status; ctrl_status = 0`(status.set(false)),
    unlock: spin_unlock(ctrl_lock),
  }));
  const flush = procedure('n_tty_packet_mode_flush', () => ({
    lock: spin_lock(ctrl_lock),
    set: c`ctrl_status |= TIOCPKT_FLUSHREAD`(status.set(true)),
    wake: c`wake_up_interruptible()`(task.set('RUNNING')),
    unlock: spin_unlock(ctrl_lock),
  }));
  return {
    model: model('lost_wakeup', {
      about: 'packet mode',
      state,
      actors: [actor('reader', read), actor('flusher', flush)],
    }),
    properties: {},
  };
})();

/** 84ac7260236a: the version of a packet ring changes between the start of its timer and its publication. */
export const packet_ring: Race = (() => {
  const c = source('net/packet/af_packet.c');
  const state = shared({
    sk_lock: mutex(),
    version: oneOf('V1', 'V3').starts('V3'),
    pg_vec: bool(),
    timer: bool(),
    freed: bool(),
    calls: int(0, 2).starts(2),
  });
  const { sk_lock, version, pg_vec, timer, freed, calls } = state;
  const ring = procedure('packet_set_ring', () => ({
    busy: If(pg_vec, { ebusy: Return() }),
    init: If(version.is('V3'), { start: c`prb_setup_retire_blk_timer()`(timer.set(true)) }),
    lock: mutex_lock(sk_lock),
    swap: c`swap(rb->pg_vec, pg_vec)`(pg_vec.set(true)),
    unlock: mutex_unlock(sk_lock),
    fput: c`fput()`(calls.dec()),
  }));
  const setversion = procedure('packet_setsockopt', () => ({
    busy: If(pg_vec, { ebusy: c`-EBUSY`(calls.dec()), out: Return() }),
    set: c`po->tp_version = val`(version.set('V1')),
    fput: c`fput()`(calls.dec()),
  }));
  const release = procedure('packet_release', () => ({
    last: c`the last fput()`(when(calls.eq(0))),
    is_v3: If(version.is('V3'), { del_timer: c`del_timer_sync()`(timer.set(false)) }),
    free: c`free_pg_vec()`(freed.set(true)),
  }));
  return {
    model: model('packet_ring', {
      about: 'CVE-2016-8655',
      state,
      actors: [actor('set_ring', ring), actor('set_version', setversion), actor('close', release)],
    }),
    properties: {
      no_timer_on_freed: never(freed.and(timer), 'KASAN: use-after-free in prb_retire_rx_blk_timer_expired'),
    },
  };
})();

/** cfa39381173d: kvm_ioctl_create_device() publishes the fd before it takes the reference that the fd will drop. */
export const kvm_device: Race = (() => {
  const c = source('virt/kvm/kvm_main.c');
  const state = shared({ fd: bool(), users: int(0, 2).starts(1), freed: bool() });
  const { fd, users, freed } = state;
  const create = procedure('kvm_ioctl_create_device', () => ({
    getfd: c`anon_inode_getfd()`(fd.set(true)),
    uaf: bugOn(freed, 'KASAN: use-after-free in kvm_get_kvm'),
    get: c`kvm_get_kvm(kvm)`(users.inc()),
  }));
  const close = procedure('kvm_device_release', () => ({
    close: c`close(a guessed number)`(when(fd), fd.set(false)),
    put: c`kvm_put_kvm(kvm)`(users.dec()),
    last: If(users.eq(0), { destroy: c`kvm_destroy_vm()`(freed.set(true)) }),
  }));
  return {
    model: model('kvm_device', {
      about: 'CVE-2019-6974',
      state,
      actors: [actor('create', create), actor('close', close)],
    }),
    properties: {},
  };
})();

/** 4291086b1f08: two writers into a tty buffer with room for one: one has checked for room before the other fills it. */
export const tty_buffer: Race = (() => {
  const c = source('drivers/tty/tty_buffer.c');
  const state = shared({ output_lock: mutex(), used: int(0, 3).starts(1) });
  const { output_lock, used } = state;
  const insert = { room: bool(), at: int(0, 3) };
  const write = procedure('tty_insert_flip_string', insert, ({ room, at }) => ({
    check: c`space = tty_buffer_request_room()`(room.set(used.lt(2))),
    test: If(not(room), { fresh: c`a new buffer`(used.set(0)) }),
    copy: bugOn(used.ge(2), 'KASAN: slab-out-of-bounds in tty_insert_flip_string'),
    load: c`at = tb->used`(at.set(used)),
    store: c`tb->used = at + 1`(used.set(at.plus(1))),
  }));
  const echo = procedure('process_echoes', insert, ({ room, at }) => ({
    lock: mutex_lock(output_lock),
    check: c`space = tty_buffer_request_room()`(room.set(used.lt(2))),
    test: If(not(room), { fresh: c`a new buffer`(used.set(0)) }),
    copy: bugOn(used.ge(2), 'KASAN: slab-out-of-bounds in tty_insert_flip_string'),
    load: c`at = tb->used`(at.set(used)),
    store: c`tb->used = at + 1`(used.set(at.plus(1))),
    unlock: mutex_unlock(output_lock),
  }));
  return {
    model: model('tty_buffer', {
      about: 'CVE-2014-0196',
      state,
      actors: [actor('write', write), actor('echo', echo)],
    }),
    properties: {},
  };
})();

/** a6d7cff472ee: the free of an aio context waits for no grace period of those who look it up. */
export const aio_lookup: Race = (() => {
  const c = source('fs/aio.c');
  const state = shared({ table: bool().starts(true), readers: int(0, 1), freed: bool() });
  const { table, readers, freed } = state;
  const lookup = procedure('lookup_ioctx', () => ({
    rcu_read_lock: c`rcu_read_lock()`(readers.set(1)),
    deref: If(table, { uaf: bugOn(freed, 'KASAN: use-after-free in lookup_ioctx') }),
    rcu_read_unlock: c`rcu_read_unlock()`(readers.set(0)),
  }));
  const kill = procedure('kill_ioctx', () => ({
    clear: c`table->table[id] = NULL`(table.set(false)),
    percpu_ref: c`percpu_ref_kill()`(),
    free: c`kmem_cache_free(ctx)`(freed.set(true)),
  }));
  return {
    model: model('aio_lookup', {
      about: 'aio',
      state,
      actors: [actor('lookup', lookup), actor('kill', kill)],
    }),
    properties: {},
  };
})();

/** A vma is found under mmap_lock and used after the lock is dropped. */
export const stale_vma: Race = (() => {
  const c = source('mm/mmap.c');
  const state = shared({ mmap_lock: rwsem(), vma: record({ present: bool().starts(true), freed: bool() }) });
  const { mmap_lock, vma } = state;
  const fault = procedure('handle_userfault', { found: bool() }, ({ found }) => ({
    down: down_read(mmap_lock),
    find_vma: c`vma = find_vma()`(found.set(vma.present)),
    up: up_read(mmap_lock),
    test: If(found, { use: bugOn(vma.freed, 'KASAN: use-after-free in handle_userfault') }),
  }));
  const munmap = procedure('do_munmap', () => ({
    down: down_write(mmap_lock),
    detach: c`detach_vmas_to_be_unmapped()`(vma.present.set(false)),
    free: c`vm_area_free(vma)`(vma.freed.set(true)),
    up: up_write(mmap_lock),
  }));
  return {
    model: model('stale_vma', {
      about: 'a vma after the lock',
      state,
      actors: [actor('fault', fault), actor('munmap', munmap)],
    }),
    properties: {},
  };
})();

/** Two readers of an rwsem add to one counter: the lock that both hold for reading orders nothing. */
export const shared_lock: Race = (() => {
  const c = source('mm/util.c');
  const state = shared({ mmap_lock: rwsem(), total_vm: int(0, 4) });
  const { mmap_lock, total_vm } = state;
  const account = procedure('vm_stat_account', { pages: int(0, 4) }, ({ pages }) => ({
    lock: down_read(mmap_lock),
    load: c`pages = mm->total_vm`(pages.set(total_vm)),
    store: c`mm->total_vm = pages + 1`(total_vm.set(pages.plus(1))),
    unlock: up_read(mmap_lock),
  }));
  const task = actors('task', 2, account);
  return {
    model: model('shared_lock', { about: 'two readers count', state, actors: [task] }),
    properties: { all_counted: never(task.all((x) => x.done).and(total_vm.lt(2)), 'a page is not counted') },
  };
})();

/** A pointer is replaced and the old object freed without synchronize_rcu(). */
export const rcu_reader: Race = (() => {
  const c = source('net/core/dev.c');
  const state = shared({ rcu: holders('rcu'), ptr: oneOf('old', 'new'), freed: bool() });
  const { rcu, ptr, freed } = state;
  const read = procedure('read', { p: oneOf('old', 'new') }, ({ p }) => ({
    rcu_read_lock: c`rcu_read_lock()`(rcu.take()),
    deref: c`p = rcu_dereference(ptr)`(p.set(ptr)),
    use: bugOn(p.is('old').and(freed), 'KASAN: use-after-free in read'),
    rcu_read_unlock: c`rcu_read_unlock()`(rcu.drop()),
  }));
  const update = procedure('update', () => ({
    assign: c`rcu_assign_pointer(ptr, new)`(ptr.set('new')),
    kfree: c`kfree(old)`(freed.set(true)),
  }));
  return {
    model: model('rcu_reader', {
      about: 'no grace period',
      state,
      actors: [actor('reader', read), actor('updater', update)],
    }),
    properties: {},
  };
})();

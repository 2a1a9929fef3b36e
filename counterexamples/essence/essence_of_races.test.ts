// The essence of races that the kernel had, beside what their fixes say: the orderings are accesses to what both share.

import { describe, expect, test } from 'vitest';
import { explore, lower } from '../../checker/index.js';
import * as races from '../testing/races.js';
import { essenceOf } from './essence.js';

async function sentencesOf({ model, properties }: races.Race): Promise<readonly string[]> {
  const lowered = lower(model, {}, properties);
  const report = await explore(lowered.program, lowered.properties);
  const { check, finding } = report.properties.find(({ verdict }) => verdict === 'violated')!;
  const { orderings, locks } = essenceOf(lowered.program, check, finding!.path);
  expect(orderings.filter(({ meeting }) => meeting !== 'data')).toEqual([]);
  return [...orderings, ...locks].map(({ sentence }) => sentence);
}

describe('the essence of', () => {
  test('Dirty COW is that MADV_DONTNEED takes the page between the lookup that drops FOLL_WRITE and the next one', async () => {
    expect(await sentencesOf(races.dirty_cow)).toMatchInlineSnapshot(`
      [
        "writer reads pte (get_user_pages.follow_page, 2nd time) before dontneed changes it from cow_page to none (madvise_dontneed.zap).",
        "dontneed changes pte from cow_page to none (madvise_dontneed.zap) before writer reads it (get_user_pages.follow_page, 3rd time).",
      ]
    `);
  });

  test('a pool that an ioctl frees is that the writer has looked at it before', async () => {
    expect(await sentencesOf(races.snd_seq)).toMatchInlineSnapshot(`
      [
        "write reads pool (snd_seq_write.test) before ioctl changes it from true to false (snd_seq_ioctl_set_client_pool.take).",
        "ioctl changes freed from false to true (snd_seq_ioctl_set_client_pool.kfree) before write reads it (snd_seq_write.alloc).",
      ]
    `);
  });

  test('a lookup of a dying object is that it is found before it is unlinked, and used after it is freed', async () => {
    expect(await sentencesOf(races.kref_lookup)).toMatchInlineSnapshot(`
      [
        "open reads listed (drv_open.find) before remove changes it from true to false (drv_remove.unlink).",
        "remove changes freed from false to true (drv_remove.kfree) before open reads it (drv_open.use).",
      ]
    `);
  });

  test('a lost wake-up is that the condition is tested before it is set, and the state is set after the wake-up', async () => {
    expect(await sentencesOf(races.lost_wakeup)).toMatchInlineSnapshot(`
      [
        "reader reads status (n_tty_read.test) before flusher changes it from false to true (n_tty_packet_mode_flush.set).",
        "flusher writes RUNNING to task (n_tty_packet_mode_flush.wake) before reader changes it from RUNNING to INTERRUPTIBLE (n_tty_read.set_state).",
        "flusher holds ctrl_lock from its first to its last of these steps, reader at none: held by both, it would have ordered them.",
      ]
    `);
  });

  test('CVE-2016-8655 is that each call decides before the other has changed what it decides by', async () => {
    expect(await sentencesOf(races.packet_ring)).toMatchInlineSnapshot(`
      [
        "set_ring reads version (packet_set_ring.init) before set_version changes it from V3 to V1 (packet_setsockopt.set).",
        "set_version reads pg_vec (packet_setsockopt.busy) before set_ring changes it from false to true (packet_set_ring.swap).",
      ]
    `);
  });

  test('CVE-2019-6974 is one ordering: the fd is closed before its reference is taken', async () => {
    expect(await sentencesOf(races.kvm_device)).toMatchInlineSnapshot(`
      [
        "close changes freed from false to true (kvm_device_release.destroy) before create reads it (kvm_ioctl_create_device.uaf).",
      ]
    `);
  });

  test('CVE-2014-0196 is that room is checked before the other writer fills it, and copied to after', async () => {
    expect(await sentencesOf(races.tty_buffer)).toMatchInlineSnapshot(`
      [
        "echo reads used (process_echoes.check) before write changes it from 1 to 2 (tty_insert_flip_string.store).",
        "write changes used from 1 to 2 (tty_insert_flip_string.store) before echo reads it (process_echoes.copy).",
        "echo holds output_lock from its first to its last of these steps, write at none: held by both, it would have ordered them.",
      ]
    `);
  });

  test('a missing grace period is that the table is read before it is cleared, and the context after it is freed', async () => {
    expect(await sentencesOf(races.aio_lookup)).toMatchInlineSnapshot(`
      [
        "lookup reads table (lookup_ioctx.deref) before kill changes it from true to false (kill_ioctx.clear).",
        "kill changes freed from false to true (kill_ioctx.free) before lookup reads it (lookup_ioctx.uaf).",
      ]
    `);
  });

  test('a vma that is used after the lock is that it is found before it is detached, and used after it is freed', async () => {
    expect(await sentencesOf(races.stale_vma)).toMatchInlineSnapshot(`
      [
        "fault reads vma.present (handle_userfault.find_vma) before munmap changes it from true to false (do_munmap.detach).",
        "munmap changes vma.freed from false to true (do_munmap.free) before fault reads it (handle_userfault.use).",
      ]
    `);
  });

  test('two readers who write is that both load before the other stores, and the lock they share is no advice', async () => {
    expect(await sentencesOf(races.shared_lock)).toMatchInlineSnapshot(`
      [
        "task[0] reads total_vm (vm_stat_account.load) before task[1] writes 1 to it (vm_stat_account.store).",
        "task[1] reads total_vm (vm_stat_account.load) before task[0] changes it from 0 to 1 (vm_stat_account.store).",
      ]
    `);
  });
});

test('an RCU reader orders nothing but a grace period', async () => {
  expect((await sentencesOf(races.rcu_reader)).at(-1)).toBe(
    'reader is inside rcu from its first to its last of these steps: had updater waited for a grace period between its own, it would have ordered them.',
  );
});

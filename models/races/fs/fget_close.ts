// fget() against close() and the collector of AF_UNIX: a reference that comes too late (CVE-2021-4083).
//
// A socket that was sent to itself has two references: its descriptor's, and that of the message in flight. fget() reads the
// descriptor; close() clears it and drops its reference; unix_gc() finds no reference but those in flight, and takes the
// socket for garbage; then fget() takes its reference, successfully, and uses the socket.
//
// Fix 054aa8d439b9, 5.16 [commit message]: look at the descriptor again once the reference is taken. The message rejects
// gc_barrier, the way of cbcf01128d0a for MSG_PEEK. Steps: [source: fs/file.c, net/unix/garbage.c, net/unix/scm.c@5.15;
// fs/file.c@6.5]. Left out: the bitmap, max_fds and the growth of the table; the passes of the collector between scan and
// hit list, which change nothing for one socket; the RCU free of the file, whose count is not 0 before the purge.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  rcu_read_lock,
  rcu_read_unlock,
  spin_lock,
  spin_unlock,
  spinlock,
  synchronize_rcu,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  expects,
  Goto,
  If,
  int,
  model,
  not,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('fs/file.c');
const unix = source('net/unix/garbage.c');
const table = source('fs/file_table.c');

export const settings = config({
  fix: oneOf('none', 'recheck', 'recheck_before', 'file_lock', 'synchronize_rcu', 'gc_barrier'),
});
const { fix } = settings;

export const state = shared({
  /** fdt->fd[n] is the socket's file, and not NULL. */
  fd: bool().starts(true),
  f_count: int(0, 3).starts(2),
  inflight: int(0, 1).starts(1),
  file_lock: spinlock(),
  unix_gc_lock: spinlock(),
  gc_in_progress: bool(),
  /** The socket is one of UNIX_GC_CANDIDATE. */
  candidate: bool(),
  /** recvmsg() works on the socket. */
  in_use: bool(),
});
const { fd, f_count, inflight, file_lock, unix_gc_lock, gc_in_progress, candidate, in_use } = state;

const in_use_is_candidate = 'a socket in use is a candidate of unix_gc()';
const in_use_is_purged = 'BUG: the queue of a socket in use is purged';
const fput = () => table`fput(): atomic_long_dec_and_test(&file->f_count)`(f_count.dec());

const close_fd = procedure('close_fd', () => ({
  lock: spin_lock(file_lock),
  clear: c`rcu_assign_pointer(fdt->fd[fd], NULL)`(fd.set(false)),
  unlock: spin_unlock(file_lock),
  wait: If(fix.is('synchronize_rcu'), { rcu: synchronize_rcu() }),
  fput: fput(),
}));

const locked = fix.is('file_lock');
const fget = procedure('__fget_files', () => ({
  rcu_lock: rcu_read_lock(),
  file_lock: If(locked, { lock: spin_lock(file_lock) }),
  retry: If(c`file = files_lookup_fd_rcu(files, fd)`.test(fd), {
    before: If(fix.is('recheck_before').and(not(fd)), { again: Goto('retry') }),
    get: If(c`get_file_rcu_many(file, refs)`.test(f_count.ne(0), { yes: [f_count.inc()] }), {
      recheck: If(fix.is('recheck').and(not(fd)), { fput: fput(), again: Goto('retry') }),
      locked: If(locked, { unlock: spin_unlock(file_lock) }),
      rcu_unlock: rcu_read_unlock(),
      barrier: If(fix.is('gc_barrier'), { lock: spin_lock(unix_gc_lock), unlock: spin_unlock(unix_gc_lock) }),
      use: unix`unix_stream_recvmsg()`(
        expects(not(candidate.and(gc_in_progress)), in_use_is_candidate),
        in_use.set(true),
      ),
      used: table`fput(file)`(in_use.set(false), f_count.dec()),
    }).Else({ dying: Goto('retry') }),
  }).Else({ locked: If(locked, { unlock: spin_unlock(file_lock) }), null: rcu_read_unlock() }),
}));

const collect = procedure('unix_gc', { total_refs: int(0, 3) }, ({ total_refs }) => ({
  lock: spin_lock(unix_gc_lock),
  begin: unix`gc_in_progress = true`(gc_in_progress.set(true)),
  total: unix`total_refs = file_count(u->sk.sk_socket->file)`(total_refs.set(f_count)),
  inflight: If(
    unix`total_refs == atomic_long_read(&u->inflight)`.test(total_refs.eq(inflight), {
      both: [expects(total_refs.ge(inflight), 'BUG_ON(total_refs < inflight_refs)')],
      yes: [candidate.set(true)],
    }),
    {
      hit: unix`skb_queue_splice(): hitlist`(expects(not(in_use), in_use_is_purged)),
      drop: spin_unlock(unix_gc_lock),
      purge: unix`__skb_queue_purge(&hitlist)`(inflight.dec(), f_count.dec()),
      again: spin_lock(unix_gc_lock),
    },
  ),
  end: unix`gc_in_progress = false`(gc_in_progress.set(false), candidate.set(false)),
  unlock: spin_unlock(unix_gc_lock),
}));

const closer = actor('close', close_fd);
const getter = actor('fget', fget);
const collector = actor('unix_gc', collect);

export const properties: Properties = {
  is_collected: sometimes(collector.done.and(inflight.eq(0)).and(f_count.eq(0)), 'what is garbage is freed'),
  is_used: sometimes(getter.done.and(not(closer.done))),
  finds_nothing: sometimes(getter.at('__fget_files.null')),
};

export const race: Race = {
  subsystem: 'fs',
  fix: { commit: '054aa8d439b9', subject: 'fget: check that the fd still exists after getting a ref to it' },
  kinds: ['use-after-free', 'bug'],
  uses: ['RCU', 'file reference', 'spinlock', 'plain read of a count'],
  essence: 'agrees: the references are counted after close() and before fget(); then follows the use',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [355, 831, 19], { [in_use_is_candidate]: 13, [in_use_is_purged]: 14 }),
  row({ fix: 'recheck' }, [412, 1001, 18]),
  row({ fix: 'recheck_before' }, [398, 939, 20], { [in_use_is_candidate]: 14, [in_use_is_purged]: 15 }),
  row({ fix: 'file_lock' }, [342, 782, 19]),
  row({ fix: 'synchronize_rcu' }, [476, 1142, 19]),
  row({ fix: 'gc_barrier' }, [399, 903, 21], { [in_use_is_candidate]: 17 }),
];

export { fget_close as model };

const fget_close = model('fget_close', {
  about: 'fget() takes its reference after the collector of AF_UNIX has counted them (CVE-2021-4083)',
  settings,
  state,
  actors: [closer, getter, collector],
  comparison: { candidates: 'fix', scenarios: { 'close, fget, unix_gc': {} } },
});

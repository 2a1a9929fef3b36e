// packet_set_ring() against PACKET_VERSION (CVE-2016-8655): the version changes after a timer was started for it.
//
// For a ring of TPACKET_V3 packet_set_ring() starts a timer before it takes the socket lock. PACKET_VERSION takes no lock
// at all: it sees no ring yet, and makes the socket one of TPACKET_V1. The close then stops no timer, for a V1 ring has
// none, and frees the ring; the timer fires and reads it.
//
// Fix 84ac7260236a, 4.9 [docs: Linux Test Project, setsockopt06]: both hold the socket lock, and the test for a ring is
// inside. Steps: [source: net/packet/af_packet.c@3.16, @4.15.18]. Left out: the transmit ring, sizes, what is mapped, and
// the network hook with its grace period, none of which the version or the timer depends on; the queue lock and
// delete_blk_timer, which del_timer_sync() does without. A close waits for both calls, each of which holds the file.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  del_timer_sync,
  kfree,
  mightSleep,
  mod_timer,
  mutex,
  timer_list,
  timer_softirq,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  Goto,
  If,
  ifElse,
  model,
  not,
  object,
  oneOf,
  procedure,
  Return,
  shared,
  source,
  when,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import { type Race, use_after_free } from '../race.js';

const c = source('net/packet/af_packet.c');

export const settings = config({
  fix: oneOf('none', 'lock_both', 'lock_version_only', 'lock_ring_only', 'no_recheck', 'decide_by_timer'),
});
const { fix } = settings;
const ring_locks = fix.isIn('lock_both', 'lock_ring_only', 'no_recheck');
const version_locks = fix.isIn('lock_both', 'lock_version_only', 'no_recheck');

export const state = shared({
  /** lock_sock(sk) */
  sk_lock: mutex(),
  tp_version: oneOf('V1', 'V3').starts('V3'),
  /** po->rx_ring.pg_vec is set: others see the ring. */
  pg_vec: bool(),
  /** The pages of the ring, which the timer reads; the timer itself lies in the socket, which goes with them. */
  ring: object({ num_pkts: bool() }),
  retire_blk_timer: timer_list(),
  /** Was the timer ever set up? */
  timer_set_up: bool(),
});
const { sk_lock, tp_version, pg_vec, ring, retire_blk_timer, timer_set_up } = state;

const lock_sock = () => c`lock_sock(sk)`(mightSleep(), sk_lock.take());
const release_sock = () => c`release_sock(sk)`(sk_lock.drop());

const set_ring = procedure('packet_set_ring', () => ({
  first: If(ring_locks, { lock: lock_sock() }),
  busy: If(pg_vec, { unlock_busy: If(ring_locks, { unlock: release_sock() }), ebusy: Return() }),
  alloc: c`pg_vec = alloc_pg_vec(req, order)`(),
  v3: If(tp_version.is('V3'), {
    setup: c`init_prb_bdqc(): prb_setup_retire_blk_timer()`(timer_set_up.set(true)),
    timer: mod_timer(retire_blk_timer),
  }),
  late: If(not(ring_locks), { lock: lock_sock() }),
  swap: c`swap(rb->pg_vec, pg_vec)`(pg_vec.set(true)),
  unlock: release_sock(),
}));

const set_version = procedure('packet_setsockopt', () => ({
  early: If(fix.is('no_recheck'), { test: If(pg_vec, { ebusy: Return() }) }),
  locks: If(version_locks, { lock: lock_sock() }),
  test: If(fix.isnt('no_recheck'), { busy: If(pg_vec, { ebusy: Goto('unlock') }) }),
  set: c`po->tp_version = val`(tp_version.set('V1')),
  unlock: If(version_locks, { sock: release_sock() }),
}));

const ringer = actor('set_ring', set_ring);
const versioner = actor('set_version', set_version);

const has_timer = ifElse(fix.is('decide_by_timer'), timer_set_up, tp_version.is('V3'));
const release = procedure('packet_release', () => ({
  last: c`fput(): the last reference`(when(ringer.done.and(versioner.done))),
  lock: lock_sock(),
  ring: If(pg_vec, {
    swap: c`swap(rb->pg_vec, pg_vec)`(pg_vec.set(false)),
    v3: If(has_timer, { del: del_timer_sync(retire_blk_timer) }),
    unlock: release_sock(),
    free: kfree(ring),
  }).Else({ unlock: release_sock() }),
}));

const retire = procedure('prb_retire_rx_blk_timer_expired', () => ({
  block: c`BLOCK_NUM_PKTS(pbd)`.test(ring.num_pkts),
  again: mod_timer(retire_blk_timer),
}));

const closer = actor('close', release);
const timer = timer_softirq('timer', retire_blk_timer, retire);

export const properties: Properties = {
  no_timer_of_a_freed_ring: never(
    closer.done.and(retire_blk_timer.pending).and(not(pg_vec)),
    'ODEBUG: free active object, type: timer_list; the timer is pending and its socket is gone',
  ),
  stops_its_timer: sometimes(closer.at('packet_release.del').and(retire_blk_timer.running)),
  switched_first: sometimes(tp_version.is('V1').and(pg_vec).and(not(timer_set_up))),
  switched_after: sometimes(versioner.done.and(tp_version.is('V3')), 'PACKET_VERSION is refused with -EBUSY'),
};

export const race: Race = {
  subsystem: 'net/packet',
  fix: { commit: '84ac7260236a', subject: 'packet: fix race condition in packet_set_ring' },
  kinds: ['use-after-free'],
  uses: ['check-then-act', 'socket lock', 'timer'],
  essence: 'agrees: the version is read before it changes, and the ring is looked for before it is there',
};

const late_timer = use_after_free('prb_retire_rx_blk_timer_expired');
export const manifest: Manifest = [
  row({ fix: 'none' }, [134, 262, 20], { no_timer_of_a_freed_ring: 17, [late_timer]: 19 }),
  row({ fix: 'lock_both' }, [70, 110, 19]),
  row({ fix: 'lock_version_only' }, [145, 263, 22], { no_timer_of_a_freed_ring: 19, [late_timer]: 21 }),
  row({ fix: 'lock_ring_only' }, [124, 234, 20], { no_timer_of_a_freed_ring: 17, [late_timer]: 19 }),
  row({ fix: 'no_recheck' }, [124, 221, 22], { no_timer_of_a_freed_ring: 19, [late_timer]: 21 }),
  row({ fix: 'decide_by_timer' }, [128, 249, 18]),
];

export { packet_ring as model };

const packet_ring = model('packet_ring', {
  about: 'a socket changes its version after a ring has started the timer of the old one (CVE-2016-8655)',
  settings,
  state,
  actors: [ringer, versioner, closer, timer],
  comparison: { candidates: 'fix', scenarios: { 'ring, version, close': {} } },
});

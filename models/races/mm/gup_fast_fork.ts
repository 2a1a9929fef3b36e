// get_user_pages_fast() against fork(): a page is pinned for a device and write-protected at the same time.
//
// fork() copies a page for the child if a pin may be on it, and else write-protects it in both. It looks for a pin; GUP-fast,
// which takes no lock, pins the page and finds the pte unchanged; then fork() makes the pte read-only. The parent's next
// write copies the page, and the device goes on with the old one.
//
// Fix 57efa1fe5957 [commit message]: fork() is the writer of a sequence count; GUP-fast unpins what it got beside it, and
// takes mmap_lock. `protect_first` is the attempt before it, which "caused problems (and was missing a barrier)" [commit
// message]: it holds here, and not under --memory=tso without `protect_first_mb`. Steps: [source: mm/gup.c, mm/memory.c@5.15].
// Left out: has_pinned, which is set before; interrupts, which are off in GUP-fast; all ptes but one. GUP-fast may give up
// early where the count is odd: then its retry says the same.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  atomic_inc,
  down_read,
  down_write,
  raw_seqcount_begin,
  raw_write_seqcount_begin,
  read_seqcount_retry,
  rwsem,
  seqcount,
  smp_mb,
  spin_lock,
  spin_unlock,
  spinlock,
  up_read,
  up_write,
  WRITE_ONCE,
  write_seqcount_end,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  If,
  int,
  model,
  not,
  oneOf,
  procedure,
  Return,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('mm/gup.c');
const memory = source('mm/memory.c');

export const settings = config({
  fix: oneOf('none', 'seqcount', 'retry_first', 'protect_first', 'protect_first_mb'),
});
const { fix } = settings;
const protects_first = fix.isIn('protect_first', 'protect_first_mb');
const counts = fix.isIn('seqcount', 'retry_first');

export const state = shared({
  mmap_lock: rwsem(),
  ptl: spinlock(),
  write_protect_seq: seqcount(),
  pte: oneOf('writable', 'read-only'),
  /** How many pins the page has: page_maybe_dma_pinned(). */
  pins: int(0, 1),
  child: oneOf('nothing', 'shares', 'has a copy'),
  returned: bool(),
});
const { mmap_lock, ptl, write_protect_seq, pte, pins, child, returned } = state;

const pin = () => ({ pin: c`pages[*nr] = page`(returned.set(true)) });
const gup = procedure('lockless_pages_from_mm', { changed: bool() }, ({ changed }) => ({
  begin: If(counts, { seq: raw_seqcount_begin(write_protect_seq) }),
  read: If(pte.is('writable'), {
    early: If(fix.is('retry_first'), { retry: changed.assign(read_seqcount_retry(write_protect_seq)) }),
    grab: atomic_inc(pins),
    again: If(pte.isnt('writable'), { put: c`put_compound_head(head, 1, flags)`(pins.dec()) }).Else({
      late: If(fix.is('seqcount'), { retry: changed.assign(read_seqcount_retry(write_protect_seq)) }),
      which: If(changed, { unpin: c`unpin_user_pages(pages, nr_pinned)`(pins.dec()) }).Else({
        ...pin(),
        fast: Return(),
      }),
    }),
  }),
  slow: down_read(mmap_lock),
  fault: If(pte.is('read-only'), { copy: memory`do_wp_page(): reuse or copy`(pte.set('writable')) }),
  grab_slow: atomic_inc(pins),
  ...pin(),
  end: up_read(mmap_lock),
}));

const protect = () => WRITE_ONCE(pte, 'read-only');
const fork = procedure('copy_page_range', () => ({
  mmap: down_write(mmap_lock),
  begin: If(counts, { seq: raw_write_seqcount_begin(write_protect_seq) }),
  lock: spin_lock(ptl),
  first: If(protects_first, { protect: protect(), mb: If(fix.is('protect_first_mb'), { mb: smp_mb() }) }),
  pinned: If(memory`page_maybe_dma_pinned(page)`.test(pins.gt(0)), {
    undo: If(protects_first, {
      restore: memory`set_pte_at(src_mm, addr, src_pte, pte)`(pte.set('writable')),
    }),
    copy: memory`copy_present_page(): copy_user_highpage()`(child.set('has a copy')),
  }).Else({
    last: If(not(protects_first), { protect: protect() }),
    share: memory`set_pte_at(dst_mm, addr, dst_pte, pte)`(child.set('shares')),
  }),
  unlock: spin_unlock(ptl),
  end: If(counts, { seq: write_seqcount_end(write_protect_seq) }),
  mmap_end: up_write(mmap_lock),
}));

const pinner = actor('gup_fast', gup);
const forker = actor('fork', fork);

export const properties: Properties = {
  no_pin_of_a_read_only_page: never(
    pinner.done.and(forker.done).and(returned).and(pte.is('read-only')),
    'a write of the process copies the page, and the device works on the old one: the data is lost',
  ),
  pins_fast: sometimes(pinner.done.and(child.is('nothing'))),
  is_copied: sometimes(child.is('has a copy'), 'the pin comes first, and the child gets a copy'),
  is_shared: sometimes(child.is('shares').and(pinner.done)),
};

export const race: Race = {
  subsystem: 'mm/gup',
  fix: { commit: '57efa1fe5957', subject: 'mm/gup: prevent gup_fast from racing with COW during fork' },
  kinds: ['stale data'],
  uses: ['sequence count', 'lockless page table walk', 'pin', 'pte lock'],
  tso: '`protect_first` lacks a barrier, as the commit message says of that attempt: the store that protects the pte may still be in the buffer while fork() looks for a pin.',
  essence:
    'agrees: fork() looks for a pin before GUP-fast pins, and GUP-fast looks at the pte before it is protected',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [78, 122, 14], { no_pin_of_a_read_only_page: 12 }),
  row({ fix: 'seqcount' }, [151, 244, 19]),
  row({ fix: 'retry_first' }, [185, 301, 19], { no_pin_of_a_read_only_page: 16 }),
  row({ fix: 'protect_first' }, [86, 133, 16]),
  row({ fix: 'protect_first_mb' }, [86, 133, 16]),
];

export { gup_fast_fork as model };

const gup_fast_fork = model('gup_fast_fork', {
  about: 'get_user_pages_fast() pins a page that fork() has found without a pin, and write-protects',
  settings,
  state,
  actors: [pinner, forker],
  comparison: { candidates: 'fix', scenarios: { 'a pin, a fork': {} } },
});

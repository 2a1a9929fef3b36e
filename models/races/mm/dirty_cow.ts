// get_user_pages() drops FOLL_WRITE for its retry (Dirty COW, CVE-2016-5195): a read-only file is written to.
//
// A forced write to a private read-only mapping breaks COW, and the retry drops FOLL_WRITE, since no pte will ever be
// writable there. If MADV_DONTNEED removes the copy in between, the retry is a read: it maps the page of the page cache,
// and the caller writes to it.
//
// Fix 19be0eaffa3a, 4.9 [commit message]: keep FOLL_WRITE, note FOLL_COW, and demand a dirty pte. keep_foll_write is the fix of
// 2005, 4ceb5db9757a, undone by f33ea7f404e5 [the same]. touch_dirty is the huge page before
// a8f97366452e (CVE-2017-1000405) [docs], where a read through get_user_pages() marked what it touched dirty. Steps: [source:
// mm/gup.c, mm/memory.c@3.16, @5.15]. Left out: mmap_lock, which all hold for reading. A fault is one step under ptl: what it
// prepares without, it throws away where the pte has changed.

import {
  eventually,
  never,
  type Properties,
  property,
  sometimes,
  weaklyFair,
} from '../../../properties/language/index.js';
import { spin_lock, spin_unlock, spinlock } from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  Goto,
  If,
  ifElse,
  model,
  no,
  not,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('mm/gup.c');
const memory = source('mm/memory.c');

export const settings = config({
  fix: oneOf('none', 'foll_cow', 'keep_foll_write', 'no_dirty_check', 'touch_dirty'),
});
const { fix } = settings;

export const state = shared({
  ptl: spinlock(),
  /** What the pte maps, read only: the page cache, or a private copy. */
  pte: oneOf('cache', 'none', 'copy'),
  pte_dirty: bool(),
  written: oneOf('nothing', 'copy', 'cache'),
});
const { ptl, pte, pte_dirty, written } = state;

const locals = { FOLL_WRITE: bool().starts(true), FOLL_COW: bool(), page: oneOf('none', 'cache', 'copy') };
const get_user_pages = procedure('__get_user_pages', locals, ({ FOLL_WRITE, FOLL_COW, page }) => {
  const can_follow_write_pte = ifElse(
    fix.is('keep_foll_write'),
    no,
    FOLL_COW.and(pte_dirty.or(fix.is('no_dirty_check'))),
  );
  return {
    retry: spin_lock(ptl),
    follow: If(pte.isnt('none').and(not(FOLL_WRITE).or(can_follow_write_pte)), {
      page: c`follow_page_pte(): page = vm_normal_page(pte)`(page.set(pte)),
      unlock: spin_unlock(ptl),
      use: c`access_remote_vm(): copy_to_user_page()`(written.set(ifElse(page.is('cache'), 'cache', 'copy'))),
    }).Else({
      no_page: spin_unlock(ptl),
      lock: spin_lock(ptl),
      fault: If(pte.is('none').and(not(FOLL_WRITE)), {
        read: memory`do_read_fault(): do_set_pte()`(pte.set('cache'), pte_dirty.set(false)),
      })
        .ElseIf(pte.is('none'), {
          cow: memory`do_cow_fault(): pte_mkdirty(entry)`(pte.set('copy'), pte_dirty.set(true)),
        })
        .ElseIf(FOLL_WRITE, {
          wp: memory`do_wp_page(): VM_FAULT_WRITE`(
            pte.set('copy'),
            pte_dirty.set(true),
            FOLL_WRITE.set(fix.isnt('none')),
            FOLL_COW.set(fix.isnt('none')),
          ),
        }),
      unlock: spin_unlock(ptl),
      again: Goto('retry'),
    }),
  };
});

/** Another thread reads there through get_user_pages(). */
const read = procedure('follow_page_pte', () => ({
  retry: spin_lock(ptl),
  none: If(pte.is('none'), {
    fault: memory`do_read_fault(): do_set_pte()`(pte.set('cache'), pte_dirty.set(false)),
    unlock: spin_unlock(ptl),
    again: Goto('retry'),
  }),
  touch: c`FOLL_TOUCH: mark_page_accessed(page)`(pte_dirty.set(pte_dirty.or(fix.is('touch_dirty')))),
  end: spin_unlock(ptl),
}));

const dontneed = procedure('zap_pte_range', () => ({
  lock: spin_lock(ptl),
  clear: memory`ptep_get_and_clear_full(mm, addr, pte)`(pte.set('none'), pte_dirty.set(false)),
  unlock: spin_unlock(ptl),
}));

const writer = actor('writer', get_user_pages);
const reader = actor('reader', read);
const madvise = actor('madvise', dontneed);

export const properties: Properties = {
  no_write_to_the_file: never(written.is('cache'), 'a write to a private mapping changes a read-only file'),
  write_ends: property(eventually(writer.done), 'get_user_pages() does not fault for ever', {
    fair: weaklyFair(),
  }),
  copy_is_written: sometimes(written.is('copy')),
};

export const race: Race = {
  subsystem: 'mm',
  fix: { commit: '19be0eaffa3a', subject: 'mm: remove gup_flags FOLL_WRITE games from __get_user_pages()' },
  kinds: ['stale data', 'livelock'],
  uses: ['page table', 'pte lock', 'retry'],
  essence: 'agrees: MADV_DONTNEED comes between the fault that breaks COW and the retry',
  history:
    '4ceb5db9757a (`keep_foll_write`, 2005) closed the race and never ended where a write is forced; f33ea7f404e5 undid it. 19be0eaffa3a (`foll_cow`) was open for huge pages (`touch_dirty`) until a8f97366452e.',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [208, 251, 23], { no_write_to_the_file: 19 }),
  row({ fix: 'foll_cow' }, [194, 234, 23]),
  row({ fix: 'keep_foll_write' }, [106, 124, 19], { write_ends: 13 }, ['copy_is_written']),
  row({ fix: 'no_dirty_check' }, [206, 249, 23], { no_write_to_the_file: 19 }),
  row({ fix: 'touch_dirty' }, [197, 236, 23], { no_write_to_the_file: 23 }),
];

export { dirty_cow as model };

const dirty_cow = model('dirty_cow', {
  about: 'get_user_pages() drops FOLL_WRITE and writes to the page cache of a read-only file (CVE-2016-5195)',
  settings,
  state,
  actors: [writer, reader, madvise],
  comparison: { candidates: 'fix', scenarios: { 'write, read, MADV_DONTNEED': {} } },
});

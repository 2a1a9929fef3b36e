// include/linux/page_ref.h and mm.h: the count of references of a page or folio.
//
// The kernel promises that each operation is atomic, that folio_try_get() fails at 0, and that folio_ref_freeze(n) swaps n
// for 0, which succeeds only if there are no other references: then nobody gets one until it is unfrozen. At 0 the page
// goes back to the allocator, and may be another page at once. The model: a number; what the frame is now is a variable of
// the model, which whoever frees it changes. A speculative reference loads a pointer, tries to get the page, and loads the
// pointer again: all steps of the model, since each can be forgotten. Left out: tails of compound
// pages, whose references are those of the head.

import {
  type AtomicTest,
  exactly,
  expects,
  type Int,
  type IntVar,
  int,
  modifies,
  requireVariable,
  type Stmt,
  source,
} from '../language/index.js';

const c = source('include/linux/page_ref.h');
const mm = source('include/linux/mm.h');

/** A count of at most `max` references; it starts at 1, as the allocator leaves it. */
export const page_refcount = exactly('page_refcount', (max: number) => int(0, max).starts(1));

const onGet = 'VM_BUG_ON_FOLIO(((unsigned int) folio_ref_count(folio) + 127u <= 127u), folio)';
const getting = (word: string) =>
  exactly(word, (count: IntVar): Stmt => {
    requireVariable(count, 'int', `${word}()`);
    return mm`${word}(${count})`(
      expects(count.gt(0), onGet),
      modifies('relaxed', { returns: false }),
      count.inc(),
    );
  });
/** One more reference, by who has one. */
export const folio_get = getting('folio_get');
export const get_page = getting('get_page');

const putting = (word: string, message: string) =>
  exactly(word, (count: IntVar): AtomicTest => {
    requireVariable(count, 'int', `${word}()`);
    return mm`${word}(${count})`.test(count.eq(1), {
      both: [expects(count.gt(0), message), modifies('full'), count.dec()],
    });
  });
/** True if it was the last reference: the page goes back to the allocator, as the block of the caller. */
export const folio_put = putting('folio_put', 'VM_BUG_ON_FOLIO(folio_ref_count(folio) == 0, folio)');
export const put_page = putting('put_page', 'VM_BUG_ON_PAGE(page_ref_count(page) == 0)');

/** False if the count is 0, be it free or frozen. */
export const folio_try_get = exactly('folio_try_get', (count: IntVar): AtomicTest => {
  requireVariable(count, 'int', 'folio_try_get()');
  return c`folio_try_get(${count})`.test(count.gt(0), { yes: [modifies('full'), count.inc()] });
});
/** True if there were exactly `n` references: there are none now, and nobody gets one. */
export const folio_ref_freeze = exactly('folio_ref_freeze', (count: IntVar, n: number | Int): AtomicTest => {
  requireVariable(count, 'int', 'folio_ref_freeze()');
  return c`folio_ref_freeze(${count}, ${textOf(n)})`.test(count.eq(n), {
    both: [modifies('full')],
    yes: [count.set(0)],
  });
});
export const folio_ref_unfreeze = exactly('folio_ref_unfreeze', (count: IntVar, n: number | Int): Stmt => {
  requireVariable(count, 'int', 'folio_ref_unfreeze()');
  const message = 'VM_BUG_ON_FOLIO(folio_ref_count(folio) != 0, folio)';
  return c`folio_ref_unfreeze(${count}, ${textOf(n)})`(
    expects(count.eq(0), message),
    modifies('release'),
    count.set(n),
  );
});

const textOf = (n: number | Int): string | Int => (typeof n === 'object' ? n : String(n));

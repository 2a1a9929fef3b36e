// Where the race opens and where it closes.

import { describe, expect, test } from 'vitest';
import { model as increment_model } from '../../models/examples/increment.js';
import { thp_truncate } from '../../models/thp_truncate/model.js';
import { firstFound } from '../testing/found.js';
import { lock_order, use_after_free } from '../testing/models.js';
import type { Essence } from './essence.js';
import type { Moment } from './sentences.js';
import { essentialSteps, windowOf } from './window.js';

const windowText = async (...of: Parameters<typeof firstFound>) => {
  const { trace, essence } = await firstFound(...of);
  const { opens, closes, first, last } = windowOf(essence, trace.steps.length)!;
  const name = ({ actor, label }: Moment) => `${actor} ${label}`;
  return { opens: name(opens), closes: name(closes), first, last, isOpen: closes.step === undefined };
};

test('the steps that an essence names are marked by number, and those after the trace ends left out', async () => {
  expect(essentialSteps((await firstFound(increment_model)).essence)).toEqual([1, 2, 3, 4]);
  const { essence, trace } = await firstFound(thp_truncate);
  expect(trace.steps).toHaveLength(17);
  expect(essentialSteps(essence)).toEqual([6, 14, 17]);
});

describe('the racy window', () => {
  test('of the seed race is from the clearing of the pmd to the drop of the mapcount', async () => {
    expect(await windowText(thp_truncate)).toEqual({
      opens: 'munmap[0] pmdp_huge_get_and_clear.clear_pmd',
      closes: 'munmap[0] page_remove_rmap.dec_compound',
      first: 6,
      last: 17,
      isOpen: true,
    });
  });

  test('of the lost update is all of it: from the first load to the last store', async () => {
    expect(await windowText(increment_model)).toEqual({
      opens: 'adder[0] increment.load',
      closes: 'adder[1] increment.store',
      first: 1,
      last: 4,
      isOpen: false,
    });
  });

  test('begins where one looks and ends where it relies on what it saw', async () => {
    expect(await windowText(use_after_free)).toEqual({
      opens: 'fault handle_pte_fault.look',
      closes: 'fault handle_pte_fault.use',
      first: 2,
      last: 7,
      isOpen: false,
    });
  });

  test('of a deadlock stays open', async () => {
    expect(await windowText(lock_order)).toMatchObject({ first: 1, last: 2, isOpen: true });
  });

  test('is nowhere if no order matters', () => {
    const essence: Essence = { orderings: [], locks: [], ruledOut: 0, isUnfairlyEscaped: false };
    expect(windowOf(essence, 3)).toBeUndefined();
  });
});

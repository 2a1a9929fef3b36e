// The barrier bugs of the library: by their executions they are what herd says of their litmus tests, and the barriers that
// are found missing are those of their fixes.

import { describe, expect, test } from 'vitest';
import { lower } from '../checker/index.js';
import { herdOutcome } from '../conformance/litmus_rows.js';
import { litmusLowering } from '../litmus/index.js';
import type { BarrierBug } from '../models/barriers/barrier.js';
import { loadEntry } from '../models/registry.js';
import { loadProperties } from '../properties/registry.js';
import { modelProblem } from './judge.js';
import { findBarriers } from './search.js';

const names = [
  'mm_cid',
  'osq_lock',
  'page_uptodate',
  'pte_alloc_publish',
  'qrwlock_slowpath',
  'sock_poll',
  'switch_mm_flush',
  'test_and_set_bit_fails',
  'ttwu_on_rq',
  'waitqueue_active',
  'work_pending_clear',
];

const problemOf = async (name: string, fix: string) => {
  const { model } = (await loadEntry(name))!;
  const lowered = lower(model, { fix }, await loadProperties(name), litmusLowering);
  return modelProblem(lowered.program, lowered.properties, 'lkmm');
};

describe('a barrier bug of the library', () => {
  test.each(names)('%s and its fixes are under LKMM what herd says of their litmus tests', async (name) => {
    const entry = (await loadEntry(name)) as { readonly barrier?: BarrierBug } | undefined;
    const said: (readonly [fix: string, outcome: string])[] = [];
    const expected: (readonly [fix: string, outcome: string])[] = [];
    for (const [fix, litmus] of Object.entries(entry!.barrier!.litmus)) {
      const herd = herdOutcome(litmus, 'LKMM');
      if (herd === undefined) continue;
      expected.push([fix, herd]);
      said.push([fix, (await problemOf(name, fix)).violated.length > 0 ? 'Sometimes' : 'Never']);
    }
    expect(said.length).toBeGreaterThanOrEqual(2);
    expect(said).toEqual(expected);
  });

  test('misses the barriers that its fix has put in', async () => {
    const found: Record<string, readonly string[]> = {};
    for (const name of names) {
      const { sets } = await findBarriers(await problemOf(name, 'none'));
      found[name] = sets.map((set) =>
        set.map(({ place, kinds }) => `${place.name.replace(/ \(.*/, '')}: ${kinds.join(', ')}`).join('; '),
      );
    }
    expect(found).toMatchInlineSnapshot(`
      {
        "mm_cid": [
          "before context_switch.cid: mb",
        ],
        "osq_lock": [
          "before osq_lock.once: release, wmb, mb",
        ],
        "page_uptodate": [
          "before mpage_end_io.flag: wmb, mb; before do_generic_file_read.copy: acquire, rmb, mb",
        ],
        "pte_alloc_publish": [
          "before __pte_alloc.once: release, wmb, mb",
        ],
        "qrwlock_slowpath": [
          "before queued_write_lock_slowpath.read: acquire, rmb, mb",
        ],
        "sock_poll": [
          "before tcp_poll.look: mb; before sock_def_readable.ask: mb",
        ],
        "switch_mm_flush": [
          "before switch_mm_irqs_off.fill: mb; before flush_tlb_page.ask: mb",
        ],
        "test_and_set_bit_fails": [
          "before queue_work_on.fail: mb",
        ],
        "ttwu_on_rq": [
          "before try_to_wake_up.on_rq: acquire, rmb, mb",
        ],
        "waitqueue_active": [
          "before n_tty_receive_buf_common.look: mb",
        ],
        "work_pending_clear": [
          "before process_one_work.run: mb",
        ],
      }
    `);
  });
});

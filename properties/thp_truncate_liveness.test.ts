// The flagship's liveness: what ends under weak fairness, and the livelock of the recheck loop without it.

import { describe, expect, test } from 'vitest';
import { explore, lower } from '../checker/index.js';
import { replay } from '../counterexamples/replay/replay.js';
import { thp_truncate, truncate } from '../models/thp_truncate/model.js';
import { eventually, property } from './language/index.js';
import { thp_truncate_liveness } from './thp_truncate_liveness.js';

type Settings = { readonly [name: string]: string | number | boolean };

/** Every property that applies, and its verdict. */
async function verdicts(settings: Settings) {
  const { program, properties } = lower(thp_truncate, settings, thp_truncate_liveness);
  const report = await explore(program, properties);
  expect(report.evidence.exhaustive).toBe(true);
  const own = report.properties.filter(({ check }) => check.kind === 'liveness');
  return Object.fromEntries(
    own.map(({ check, verdict, isVacuous }) => [check.name, isVacuous ? 'vacuous' : verdict]),
  );
}

const loop = { fix: 'recheck_loop' };
const merged = { fix: 'unmap_mapping_page' };
const ends = { truncate_ends: 'holds', munmap_gets_ptl: 'holds', truncate_gets_ptl: 'holds' };

describe('under weak fairness, everything ends', () => {
  test.each([
    ['the fix', { fix: 'unmap_mapping_page' }],
    ['the fix, with a second munmap', { fix: 'unmap_mapping_page', NR_MUNMAP: 2, NR_MMS: 2 }],
    ['the fix, where mremap moves the mapping', { fix: 'unmap_mapping_page', NR_MREMAP: 1 }],
    ['the recheck loop', { fix: 'recheck_loop' }],
  ])('%s', async (_, settings) => {
    expect(await verdicts(settings)).toMatchObject({ truncate_ends: 'holds', munmap_gets_ptl: 'holds' });
  });

  test('invalidate ends, too', async () => {
    expect(await verdicts({ fix: 'unmap_mapping_page', NR_INVALIDATE: 1 })).toEqual({
      ...ends,
      invalidate_ends: 'holds',
    });
  });

  test('and a grace period', async () => {
    expect(await verdicts({ fix: 'synchronize_rcu' })).toEqual({
      truncate_ends: 'holds',
      grace_period_ends: 'holds',
    });
  });

  test.each([
    ['a rejected attempt', { fix: 'invalidated_pmd' }, 'holds'],
    ['no fix, until a bug stops an actor', {}, 'holds'],
    ['a mutant of the fix', { fix: 'unmap_mapping_page', mutant: 'single_page_unset' }, 'holds'],
    [
      'the loop, with a mapcount out of its reach',
      { ...loop, mutant: 'fault_without_mmap_lock' },
      'violated',
    ],
    ['the fix, with the same', { ...merged, mutant: 'fault_without_mmap_lock' }, 'holds'],
  ] as const)('the property applies to every candidate and mutant: %s', async (_, settings, expected) => {
    expect(await verdicts({ NR_FAULT: 1, ...settings })).toMatchObject({ truncate_ends: expected });
  });
});

test('without fairness, the recheck loop may run for ever while munmap takes no step', async () => {
  const properties = { ends: property(eventually(truncate.of(0).done)) };
  const lowered = lower(thp_truncate, { fix: 'recheck_loop' }, properties);
  const report = await explore(lowered.program, lowered.properties, { shortestLassos: true });
  const [result] = report.properties;
  expect(result?.verdict).toBe('violated');
  const { steps, loop = 0 } = replay(lowered.program, result!);
  expect(steps.slice(0, loop).map(({ actor, label }) => `${actor} ${label}`)).toContain(
    'munmap[0] pmdp_huge_get_and_clear.clear_pmd',
  );
  expect(new Set(steps.slice(loop).map(({ actor }) => actor))).toEqual(new Set(['truncate[0]']));
  expect(steps.slice(loop).map(({ label }) => label)).toEqual([
    'unmap_if_mapped.test_mapped',
    'unmap_mapping_pages.lock_i_mmap',
    'unmap_mapping_range_tree.next_vma',
    'zap_pmd_range.test_huge',
    'unmap_mapping_pages.unlock_i_mmap',
  ]);
});

test('on PREEMPT_RT, where the scheduler is not fair, the fix ends and the loop may not', async () => {
  const rt = { CONFIG_PREEMPT_RT: true };
  expect(await verdicts({ ...merged, ...rt })).toMatchObject({ truncate_ends_on_rt: 'holds' });
  expect(await verdicts({ ...loop, ...rt })).toMatchObject({ truncate_ends_on_rt: 'violated' });
});

test('the fix needs no fairness: truncate waits only where another actor must go on', async () => {
  const properties = { ends: property(eventually(truncate.of(0).done)) };
  const { program, properties: lowered } = lower(thp_truncate, { fix: 'unmap_mapping_page' }, properties);
  const { properties: results } = await explore(program, lowered);
  expect(results[0]?.verdict).toBe('holds');
});

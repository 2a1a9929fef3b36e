// The flagship in tests: the race, the fix, the mutants that must be refuted, and the four traps
// that once gave wrong verdicts. Exact counts stand in the model's manifest.

import { describe, expect, test } from 'vitest';
import { explore, lower, type Report } from '../checker/index.js';
import { thp_truncate } from '../models/thp_truncate/model.js';
import { page, vma } from '../models/thp_truncate/state.js';
import { type Properties, sometimes } from '../properties/language/index.js';
import { thp_truncate as properties } from '../properties/thp_truncate.js';

type Settings = { readonly [name: string]: string | number | boolean };
const fix = 'unmap_mapping_page';

async function run(settings: Settings, more: Properties = {}) {
  const { program, properties: lowered } = lower(thp_truncate, settings, { ...properties, ...more });
  const report = await explore(program, lowered);
  expect(report.evidence.exhaustive).toBe(true);
  return { program, report };
}

const result = ({ properties: results }: Report, name: string) =>
  results.find(({ check }) => check.name === name);
const violated = ({ properties: results }: Report) =>
  results.filter(({ verdict }) => verdict === 'violated').map(({ check }) => check.name);

/** The labels of the shortest counterexample of a property, each with its actor. */
async function story(settings: Settings, property: string): Promise<readonly string[]> {
  const { program, report } = await run(settings);
  const steps = result(report, property)?.finding?.path.steps ?? [];
  return steps.map((id) => {
    const step = program.steps[id]!;
    return `${program.threads[step.thread]!.name} ${step.label}`;
  });
}

describe('the race of 22061a1ffabd', () => {
  test('truncate deletes the page while munmap is between clearing the pmd and dropping the mapcounts', async () => {
    expect(await story({}, 'VM_BUG_ON_PAGE(page_mapped(page), page)')).toMatchInlineSnapshot(`
      [
        "munmap[0] __do_munmap.find_vma",
        "munmap[0] __do_munmap.detach",
        "munmap[0] zap_pmd_range.test_huge",
        "munmap[0] zap_huge_pmd.lock",
        "munmap[0] zap_huge_pmd.recheck",
        "munmap[0] pmdp_huge_get_and_clear.clear_pmd",
        "truncate[0] truncate_setsize.i_size",
        "truncate[0] truncate_inode_pages_range.find",
        "truncate[0] truncate_inode_pages_range.lock",
        "truncate[0] truncate_inode_page.test_mapping",
        "truncate[0] unmap_if_mapped.test_mapped",
        "truncate[0] unmap_mapping_pages.lock_i_mmap",
        "truncate[0] unmap_mapping_range_tree.next_vma",
        "truncate[0] zap_pmd_range.test_huge",
        "truncate[0] unmap_mapping_pages.unlock_i_mmap",
        "truncate[0] delete_from_page_cache.lock_i_pages",
        "truncate[0] delete_from_page_cache.check_unmapped",
      ]
    `);
  });

  test('invalidate hits BUG_ON(page_mapped) in the same window', async () => {
    const { report } = await run({ NR_TRUNCATE: 0, NR_INVALIDATE: 1 });
    expect(violated(report)).toEqual(['BUG_ON(page_mapped(page))']);
  });

  test('without CONFIG_DEBUG_VM the kernel only says Bad page cache, and everything balances in the end', async () => {
    const { report } = await run({ CONFIG_DEBUG_VM: false, REFERENCES: true });
    expect(violated(report)).toEqual(['BUG: Bad page cache: still mapped when deleted']);
  });
});

describe('the merged fix', () => {
  test('closes the race, and the window is reached with it, too', async () => {
    const { report } = await run({ fix });
    expect(report.verdict).toBe('holds');
    expect(result(report, 'window_opens')?.verdict).toBe('reached');
    expect(result(report, 'truncate_waits_for_ptl')?.verdict).toBe('reached');
  });

  test.each<[string, Settings, string]>([
    ['locks and unlocks before it loads the pmd', { mutant: 'lock_before_load' }, 'page_mapped(page), page'],
    ['does not set single_page', { mutant: 'single_page_unset' }, 'page_mapped(page), page'],
    ['takes no page for a compound one', { mutant: 'never_compound' }, 'page_mapped(page), page'],
    ['drops the unlock', { mutant: 'ptl_not_released', NR_INVALIDATE: 1 }, 'no deadlock'],
    ['meets a zap that unlocks too early', { mutant: 'ptl_released_early' }, 'page_mapped(page), page'],
    ['does not lock the page', { mutant: 'page_not_locked' }, '!PageLocked(page)'],
    ['meets a zap that decrements first', { mutant: 'rmap_before_clear' }, 'no_mapping_of_a_deleted_page'],
    ['locks the page under i_mmap', { mutant: 'page_lock_under_i_mmap' }, 'circular locking'],
  ])('is refuted when it %s', async (_, settings, message) => {
    const { report } = await run({ fix, ...settings });
    expect(violated(report).join('\n')).toContain(message);
  });

  test.each([
    ['pmd_none()', { mutant: 'without_pmd_none' }],
    ['the size of the range', { mutant: 'any_size', NR_MUNMAP: 0, NR_PARTIAL_MUNMAP: 1 }],
  ])('still holds when its branch does not ask for %s', async (_, settings) => {
    const { report } = await run({ fix, ...settings });
    expect(report.verdict).toBe('holds');
  });
});

describe('traps that once gave wrong verdicts', () => {
  test('a fault that ignores mmap_lock maps the page in a detached vma, and even the fix seems to fail', async () => {
    const { report } = await run({ fix, mutant: 'fault_without_mmap_lock', NR_FAULT: 1 });
    expect(violated(report)).toContain('unmapped_before_leaving_i_mmap');
    expect((await run({ fix, NR_FAULT: 1 })).report.verdict).toBe('holds');
  });

  test('an invalidated pmd is no mapping: under attempt 2 the page may be deleted before pmd_clear', async () => {
    const early = sometimes(page.mapping.is('none').and(vma.at(0).pmd.is('invalid')));
    const { report } = await run({ fix: 'invalidated_pmd' }, { early });
    expect(report.verdict).toBe('holds');
    expect(result(report, 'early')?.verdict).toBe('reached');
  });

  test('attempt 1 survives only behind the early unmap, and a fault in between undoes that', async () => {
    const attempt = { fix: 'try_to_unmap' };
    const late = { ...attempt, unmap_range_first: true };
    expect(violated((await run(attempt)).report)).toEqual(['VM_BUG_ON_PAGE(!pvmw.pte, page)']);
    expect((await run(late)).report.verdict).toBe('holds');
    const faulting = await run({ ...late, NR_FAULT: 1, fault: 'shmem_fault' });
    expect(violated(faulting.report)).toEqual(['VM_BUG_ON_PAGE(!pvmw.pte, page)']);
  });

  test('only the fix and the recheck loop survive mremap, and attempt 2 needs the split changed as well', async () => {
    const mremap = { NR_MUNMAP: 0, NR_MREMAP: 1 };
    for (const survivor of [fix, 'recheck_loop']) {
      expect((await run({ fix: survivor, ...mremap })).report.verdict).toBe('holds');
    }
    for (const loser of ['none', 'invalidated_pmd', 'synchronize_rcu']) {
      expect((await run({ fix: loser, ...mremap })).report.verdict).toBe('violated');
    }
    const partial = { NR_MUNMAP: 0, NR_PARTIAL_MUNMAP: 1 };
    expect((await run({ fix: 'invalidated_pmd', ...partial })).report.verdict).toBe('holds');
    expect((await run({ fix: 'invalidated_pmd_zap_only', ...partial })).report.verdict).toBe('violated');
  });
});

// The essence of the races we know, as golden sentences; and that it is one: compared on small models with every run
// there is and every smaller set of orderings.

import { describe, expect, test } from 'vitest';
import { type Check, explore, type Lowered, lower, type Path, type Step } from '../../checker/index.js';
import { model as increment_model } from '../../models/examples/increment.js';
import { model as philosophers_model } from '../../models/examples/philosophers.js';
import type { Model } from '../../models/language/index.js';
import { thp_truncate } from '../../models/thp_truncate/model.js';
import { properties } from '../../properties/index.js';
import { bugOf, walkerOf } from '../replay/program_walker.js';
import { lock_order, spinning, use_after_free } from '../testing/models.js';
import { EssenceError } from './bug_free_runs.js';
import { essenceOf } from './essence.js';
import { essentialOrderings } from './orderings.js';

interface Found extends Lowered {
  readonly check: Check;
  readonly path: Path;
}

async function firstViolation(model: Model, settings = {}, name?: string): Promise<Found> {
  const lowered = lower(model, settings, properties.get(model.name) ?? {});
  const report = await explore(lowered.program, lowered.properties);
  const fits = ({ check, verdict }: (typeof report.properties)[number]) =>
    verdict === 'violated' && (name === undefined || check.name === name);
  const { check, finding } = report.properties.find(fits)!;
  return { ...lowered, check, path: finding!.path };
}

async function sentencesOf(model: Model, settings = {}): Promise<readonly string[]> {
  const { program, check, path } = await firstViolation(model, settings);
  const { orderings, locks } = essenceOf(program, check, path);
  return [...orderings, ...locks].map(({ sentence }) => sentence);
}

describe('the essence', () => {
  test('of 22061a1ffabd is the window that its commit message describes', async () => {
    expect(await sentencesOf(thp_truncate)).toMatchInlineSnapshot(`
      [
        "munmap[0] changes vma[0].pmd from huge to none (pmdp_huge_get_and_clear.clear_pmd) before truncate[0] reads it (zap_pmd_range.test_huge).",
        "truncate[0] reads page.compound_mapcount (delete_from_page_cache.check_unmapped) before munmap[0] changes it from 0 to -1 (page_remove_rmap.dec_compound).",
        "munmap[0] holds vma[0].ptl from its first to its last of these steps, truncate[0] at none: held by both, it would have ordered them.",
        "truncate[0] holds page.PG_locked from its first to its last of these steps, munmap[0] at none: held by both, it would have ordered them.",
      ]
    `);
  });

  test('is the same for invalidate, and for truncate after the early unmap', async () => {
    expect(
      (await sentencesOf(thp_truncate, { NR_TRUNCATE: 0, NR_INVALIDATE: 1 })).slice(0, 2),
    ).toMatchInlineSnapshot(`
      [
        "munmap[0] changes vma[0].pmd from huge to none (pmdp_huge_get_and_clear.clear_pmd) before invalidate[0] reads it (zap_pmd_range.test_huge).",
        "invalidate[0] reads page.compound_mapcount (invalidate_inode_pages2_range.check_unmapped) before munmap[0] changes it from 0 to -1 (page_remove_rmap.dec_compound).",
      ]
    `);
    expect((await sentencesOf(thp_truncate, { unmap_range_first: true })).slice(0, 2)).toMatchInlineSnapshot(`
      [
        "munmap[0] changes vma[0].pmd from huge to none (pmdp_huge_get_and_clear.clear_pmd) before truncate[0] reads it (zap_pmd_range.test_huge).",
        "truncate[0] reads page.compound_mapcount (delete_from_page_cache.check_unmapped) before munmap[0] changes it from 0 to -1 (page_remove_rmap.dec_compound).",
      ]
    `);
  });

  test('of a lost update is that both load before the other stores', async () => {
    expect(await sentencesOf(increment_model)).toMatchInlineSnapshot(`
      [
        "adder[0] reads counter (increment.load) before adder[1] writes 1 to it (increment.store).",
        "adder[1] reads counter (increment.load) before adder[0] changes it from 0 to 1 (increment.store).",
      ]
    `);
  });

  test('of a deadlock names what each waits for', async () => {
    expect(await sentencesOf(lock_order)).toMatchInlineSnapshot(`
      [
        "truncate takes i_mmap (zap.outer) before migrate waits for it (rmap_walk.outer).",
        "migrate takes ptl (rmap_walk.inner) before truncate waits for it (zap.inner).",
      ]
    `);
  });

  test('of a use after free is that it looks too soon and uses too late', async () => {
    expect(await sentencesOf(use_after_free)).toMatchInlineSnapshot(`
      [
        "fault reads pte (handle_pte_fault.look) before munmap changes it from present to none (zap_pte.clear).",
        "munmap changes page_count from 1 to 0 (zap_pte.free) before fault reads it (handle_pte_fault.use).",
      ]
    `);
  });

  test('of the philosophers, who escape it only by going round for ever, is who waits for whom', async () => {
    expect(await sentencesOf(philosophers_model)).toMatchInlineSnapshot(`
      [
        "philosopher[0] takes fork[0] (dine.think) before philosopher[3] waits for it (dine.wait).",
        "philosopher[1] takes fork[1] (dine.think) before philosopher[0] waits for it (dine.wait).",
        "philosopher[2] takes fork[2] (dine.think) before philosopher[1] waits for it (dine.wait).",
        "philosopher[3] takes fork[3] (dine.think) before philosopher[2] waits for it (dine.wait).",
      ]
    `);
  });

  test('does not count it as an escape to let somebody spin for ever', async () => {
    const { program, check, path } = await firstViolation(spinning);
    const { orderings, isUnfairlyEscaped } = essenceOf(program, check, path);
    expect([orderings, isUnfairlyEscaped]).toEqual([[], true]);
  });

  test('says which access sees or misses the other, and which steps come after the trace', async () => {
    const { program, check, path } = await firstViolation(thp_truncate);
    const { orderings, locks, ruledOut } = essenceOf(program, check, path);
    expect(orderings.map(({ over }) => over)).toEqual([
      [{ path: 'vma[0].pmd', how: 'seen' }],
      [{ path: 'page.compound_mapcount', how: 'missed' }],
    ]);
    expect(orderings.map(({ first, then }) => [first.step, then.step])).toEqual([
      [6, 14],
      [17, undefined],
    ]);
    expect(locks.map(({ lock, heldBy }) => [lock, heldBy])).toEqual([
      ['vma[0].ptl', 'munmap[0]'],
      ['page.PG_locked', 'truncate[0]'],
    ]);
    expect(ruledOut).toBe(5);
  });

  test('is refused where its search gets too large', async () => {
    const { program, check, path } = await firstViolation(thp_truncate);
    const refused = (options: object) => () => essenceOf(program, check, path, options);
    expect(refused({ statesMax: 100 })).toThrow(EssenceError);
    expect(refused({ orderingsMax: 150 })).toThrow(EssenceError);
    expect(refused({ choicesMax: 10 })).toThrow(EssenceError);
  });
});

/** Every run of the actors of `path` that ends without the bug, as the places where its steps start. */
function harmlessRuns({ program, check, path }: Found): readonly (readonly string[])[] {
  const walker = walkerOf(program);
  const bug = bugOf(walker, check)!;
  const actors = new Set(path.steps.map((id) => program.steps[id]!.thread));
  const runs: (readonly string[])[] = [];
  const go = (state: Parameters<typeof bug.inState>[0], places: readonly string[]): void => {
    if (bug.inState(state)) return;
    const moves = walker.moves(state).filter(({ step }) => actors.has(program.steps[step]!.thread));
    if (moves.length === 0) runs.push(places);
    for (const move of moves) {
      if ('to' in move && !bug.atMove(move)) go(move.to, [...places, placeOf(program.steps[move.step]!)]);
    }
  };
  go(walker.initial(path)!, []);
  return runs;
}

const placeOf = ({ thread, from }: Step): string => `${thread} ${from}`;

describe('compared with every run and every smaller choice', () => {
  test.each([
    ['increment', increment_model, 'no_lost_update'],
    ['use_after_free', use_after_free, 'VM_BUG_ON_PAGE(page_count(page) == 0, page)'],
    ['lock_order', lock_order, 'no deadlock'],
  ] as const)(
    'the essence of %s rules out every run without the bug, and nothing smaller does',
    async (_, model, name) => {
      const found = await firstViolation(model, {}, name);
      const { program, check, path } = found;
      const { run, orderings } = essentialOrderings(program, check, path);
      const places = run.steps.map((id) => placeOf(program.steps[id]!));
      expect(new Set(places).size).toBe(places.length);
      const runs = harmlessRuns(found);
      expect(runs.length).toBeGreaterThan(0);
      const keeps = (taken: readonly string[], first: number, then: number) => {
        const [e, f] = [taken.indexOf(places[first]!), taken.indexOf(places[then]!)];
        return f < 0 || (e >= 0 && e < f);
      };
      const inevitable = (chosen: readonly { readonly first: number; readonly then: number }[]) =>
        !runs.some((taken) => chosen.every(({ first, then }) => keeps(taken, first, then)));
      expect(inevitable(orderings)).toBe(true);
      expect(orderings).toHaveLength(2);
      const all = places.flatMap((_, first) =>
        places.flatMap((_, then) => (then > first ? [{ first, then }] : [])),
      );
      expect(all.filter((one) => inevitable([one]))).toEqual([]);
      expect(inevitable([])).toBe(false);
    },
  );
});

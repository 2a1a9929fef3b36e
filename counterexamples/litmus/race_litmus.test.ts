// Races of the library as litmus tests: each is read by our own parser, happens under sequential consistency, and no more
// once a lock that the essence names is held by all.

import { describe, expect, test } from 'vitest';
import { decisive, explore, lower } from '../../checker/index.js';
import { LitmusError, litmusLowering } from '../../litmus/index.js';
import { displayLocation, type SettingValue } from '../../models/language/index.js';
import { barrierFiles, loadEntry, raceFiles } from '../../models/registry.js';
import { loadProperties } from '../../properties/registry.js';
import { essentialOrderings } from '../essence/orderings.js';
import { type RaceLitmus, raceLitmus } from './index.js';
import { verdictsOf } from './verdicts.js';

/** Where herd's C (lib/CLexer.mll, CParser.mly and linux-kernel.def) has no such thing. */
function foreignToHerd(text: string): readonly string[] {
  const body = text.replace(/\(\*[\s\S]*?\*\)/, '').replace(/\/\/.*/g, '');
  const threads = body.slice(body.indexOf('P0('), body.lastIndexOf('exists ('));
  const [operators, words] = [
    /!(?!=)|&&|\|\||[%?~.]|<<|>>|[-+*/&|]=|\+\+|--/g,
    /\b(?:lock|unlock|while|else)\b/g,
  ];
  const emptyBlocks = /\{\s*\}/g;
  // A call whose value nobody takes must be one that gives none.
  const calls = [...threads.matchAll(/^\t+(\w+)\(/gm)].map(([, name]) => name!);
  const giveNothing =
    /^(?:if|WRITE_ONCE|smp_\w+|spin_(?:un)?lock|rcu_\w+|synchronize_rcu|atomic_(?:set|set_release|inc|dec|add|sub))$/;
  return [
    ...[operators, words, emptyBlocks].flatMap((of) => threads.match(of) ?? []),
    ...calls.filter((name) => !giveNothing.test(name)),
  ];
}

type Settings = { readonly [name: string]: SettingValue };

/** Of the finding that decides. */
async function litmusOf(name: string, settings: Settings = {}): Promise<RaceLitmus> {
  const { model } = (await loadEntry(name))!;
  const properties = await loadProperties(name);
  const { program, properties: asked } = lower(model, settings, properties);
  const { check, finding } = decisive(await explore(program, asked))!;
  const found = essentialOrderings(program, check, finding!.path);
  const { program: fenced } = lower(model, settings, properties, { fences: litmusLowering.fences });
  const words = { name, about: [`${check.name}.`], locate: displayLocation };
  return raceLitmus({ program, check, found, fenced }, words);
}

/** Why a race is no litmus test. */
const refusalOf = async (name: string): Promise<string> => {
  const error = await litmusOf(name).catch((caught: unknown) => caught);
  if (!(error instanceof LitmusError)) throw error;
  expect(error.at?.line).toBeGreaterThan(0);
  return error.message;
};

/** Races whose essence no litmus test says. */
const refused: { readonly [name: string]: string } = {
  btusb_rxlock:
    'btusb_work.free looks where hardirq stands: hardirq interrupts a CPU, and each thread of a litmus test is a CPU of its own',
  del_timer_sync_irq:
    'run_timer_softirq.fn looks where irq stands: softirq interrupts a CPU, and each thread of a litmus test is a CPU of its own',
  kill_fasync:
    'write_lock_irq.lock queues for a lock that it does not take yet: the locks of litmus tests have no queues',
  timekeeping_printk: 'printk.wake looks where writer stands: the threads of a litmus test see memory alone',
};
/** Races that have no essence. */
const withoutEssence = ['dir_seq_preempt'];

const written = Object.keys(raceFiles).filter(
  (name) => !(name in refused) && !withoutEssence.includes(name) && !(name in barrierFiles),
);

/** Races that have a test for certain; another one may be refused, with its line. */
const certain =
  'aio_kioctx blk_mq_freeze cpuset_hotplug dirty_cow dontneed_huge_tlb epoll_last_look fget_close gup_fast_collapse gup_fast_fork hci_qca_close hugetlb_follow_page hugetlb_punch_migration kthread_park kvm_create_device kvm_io_bus madv_remove_thp mmu_notifier_release mprotect_batched_flush mremap_flush mremap_rmap_order n_tty_echo n_tty_packet_mode n_tty_waitqueue_active packet_ring retract_page_table split_migration_entry split_unmap_sync stack_rot vgem_create writeback_done zap_page_mkclean zswap_cpu_dead'.split(
    ' ',
  );
const unknown = written.filter((name) => !certain.includes(name));

describe('the essence of a race', () => {
  test.each(['thp_truncate', 'increment', 'philosophers', ...written])(
    'of %s happens under every model, and not once its lock is held by all',
    async (name) => {
      const litmus = await litmusOf(name).catch((error: unknown) => error);
      if (litmus instanceof LitmusError && unknown.includes(name)) {
        expect(litmus.at?.line).toBeGreaterThan(0);
        return;
      }
      if (litmus instanceof Error) throw litmus;
      const { text, verdicts, locked } = litmus as RaceLitmus;
      expect(foreignToHerd(text)).toEqual([]);
      for (const one of locked) expect(foreignToHerd(one.text)).toEqual([]);
      // What is printed is read back, with the verdicts that its comment has.
      expect(verdictsOf(text)).toEqual(verdicts);
      expect(text).toContain(`\n * Result: ${verdicts[0]!.outcome}\n`);
      expect(verdicts.map(({ model }) => model)).toContain('sc');
      expect(new Set(verdicts.map(({ outcome }) => outcome))).toEqual(new Set(['Sometimes']));
      for (const { verdicts: never } of locked)
        expect(new Set(never.map(({ outcome }) => outcome))).toEqual(new Set(['Never']));
    },
    60_000,
  );

  test.each(Object.entries(refused))('of %s is refused by name', async (name, why) => {
    expect(await refusalOf(name)).toBe(why);
  });

  test('has the locks that the essence of the flagship names', async () => {
    const { locked } = await litmusOf('thp_truncate');
    expect(locked.map(({ lock, by }) => [lock, by])).toEqual([
      ['vma[0].ptl', ['truncate[0]']],
      ['page.PG_locked', ['munmap[0]']],
    ]);
  });
});

/** Pinned: the flagship, the lost wake-up, and three races without a lock in common. */
describe('the file', () => {
  test.each(['thp_truncate', 'n_tty_packet_mode', 'fget_close', 'gup_fast_fork', 'packet_ring'])(
    'of %s is this one',
    async (name) => {
      const { text } = await litmusOf(name);
      await expect(`${text}\n`).toMatchFileSnapshot(`files/${name}.litmus`);
    },
    60_000,
  );
});

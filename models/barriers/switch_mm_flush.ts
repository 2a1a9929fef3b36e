// switch_mm() against a TLB flush: a CPU keeps a translation that nobody asks it to drop.
//
// A CPU that switches to an mm sets its bit in mm_cpumask, and then fills its TLB from the page tables. Who changes a pte
// then sends an IPI to the CPUs of that mask. Each must see the store of the other, or the CPU has the old translation and
// no IPI: store buffering.
//
// Fix 71b3c126e611, 4.5 [message: memory]: smp_mb() on both sides. On x86 the bit is set by a locked instruction, which
// is a barrier already; LKMM promises none for set_bit(), so flush_only is enough on x86 alone. Left out: the IPI's handler,
// since it matters only whether it is sent; loading CR3, which serialises; other bits of the mask.

import { never, type Properties, sometimes } from '../../properties/language/index.js';
import { READ_ONCE, set_bit, smp_mb, WRITE_ONCE } from '../kernel/index.js';
import {
  actor,
  bool,
  config,
  If,
  model,
  not,
  oneOf,
  perActor,
  procedure,
  shared,
  source,
} from '../language/index.js';
import type { Manifest } from '../manifest.js';
import { type BarrierBug, comparedUnderTso, rowsOfCandidates } from './barrier.js';

const c = source('arch/x86/mm/tlb.c');

export const settings = config({ fix: oneOf('none', 'switch_only', 'flush_only', 'both') });
const { fix } = settings;

export const state = shared({
  /** This CPU's bit of mm_cpumask(mm). */
  cpu_in_mask: bool(),
  pte: oneOf('present', 'none'),
});
const { cpu_in_mask, pte } = state;

/** What is in the TLB of the CPU. */
const tlb = perActor('tlb', oneOf('none', 'present'));
/** Was the CPU sent the IPI that empties its TLB? */
const ipi_sent = perActor('ipi_sent', bool());

const switch_mm = procedure('switch_mm_irqs_off', () => ({
  mask: set_bit(cpu_in_mask),
  barrier: If(fix.is('switch_only').or(fix.is('both')), { mb: smp_mb() }),
  fill: tlb.mine.assign(READ_ONCE(pte)),
}));

const flush = procedure('flush_tlb_page', () => ({
  clear: WRITE_ONCE(pte, 'none'),
  barrier: If(fix.is('flush_only').or(fix.is('both')), { mb: smp_mb() }),
  ask: If(READ_ONCE(cpu_in_mask), {
    ipi: c`flush_tlb_others(mm_cpumask(mm), &info)`(ipi_sent.mine.set(true)),
  }),
}));

const switcher = actor('switcher', switch_mm);
const flusher = actor('flusher', flush);

export const properties: Properties = {
  no_stale_translation: never(
    switcher.done
      .and(flusher.done)
      .and(tlb.of(switcher).is('present'))
      .and(not(ipi_sent.of(flusher))),
    'the CPU keeps a translation of the page, and nobody flushes it',
  ),
  sends_an_ipi: sometimes(ipi_sent.of(flusher)),
  fills_after_the_clear: sometimes(switcher.done.and(tlb.of(switcher).is('none'))),
};

export const barrier: BarrierBug = {
  subsystem: 'x86/mm',
  fix: {
    commit: '71b3c126e611',
    subject: 'x86/mm: Add barriers and document switch_mm()-vs-flush synchronization',
  },
  kinds: ['stale data'],
  uses: ['memory barrier', 'TLB flush', 'IPI', 'set_bit'],
  merged: 'both',
  shape: 'SB',
  litmus: {
    none: 'switch_mm-vs-flush.0',
    switch_only: 'switch_mm-vs-flush.half',
    flush_only: 'switch_mm_flush.flush_only',
    both: 'switch_mm-vs-flush.1',
  },
};

export const manifest: Manifest = rowsOfCandidates({
  none: { interleavings: [16, 18, 5], tso: [27, 39, 6], buffer: 1, violated: { no_stale_translation: 5 } },
  switch_only: {
    interleavings: [16, 18, 5],
    tso: [36, 57, 7],
    buffer: 1,
    violated: { no_stale_translation: 6 },
  },
  flush_only: { interleavings: [16, 18, 5], tso: [23, 29, 7], buffer: 1 },
  both: { interleavings: [16, 18, 5], tso: [30, 41, 8], buffer: 1 },
});

export { switch_mm_flush as model };

const switch_mm_flush = model('switch_mm_flush', {
  about:
    'a CPU switches to an mm and fills its TLB, while another changes a pte and asks which CPUs to flush',
  settings,
  state,
  actors: [switcher, flusher],
  comparison: comparedUnderTso('one switch, one flush'),
});

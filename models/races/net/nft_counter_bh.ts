// nft_counter: two writers of one sequence count, a task and the softirq that interrupts it.
//
// Each CPU has a counter of packets and bytes, and a sequence count without a lock: whoever writes keeps others of its CPU
// out. nft_counter_offload_stats() disables preemption only, and a packet that comes in a softirq is counted in between:
// the count is even while the task still writes, so a reader takes packets without their bytes, and what the softirq has
// added may be lost. Bug: b72920f6e4a9.
//
// Fix 1eacdd71b343, 6.11 [commit message; the release is memory]: local_bh_disable() in the place of preempt_disable().
// Steps: [source: net/netfilter/nft_counter.c in the patch; nft_counter_do_eval() and nft_counter_fetch() are memory]. Left
// out: other CPUs' counters, over which the reader sums; the reset, which a0b39e2dc701 of the same series mends; u64_stats.
// Each packet has one byte, so what is torn is seen in the difference.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  __this_cpu_add,
  local_bh_disable,
  local_bh_enable,
  preempt_disable,
  preempt_enable,
  read_seqcount_begin,
  read_seqcount_retry,
  seqcount,
  smp_processor_id,
  spin_lock,
  spin_unlock,
  spinlock,
  write_seqcount_begin,
  write_seqcount_end,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  cpu,
  Goto,
  If,
  inline,
  int,
  interrupt,
  model,
  oneOf,
  perCpu,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('net/netfilter/nft_counter.c');

export const settings = config({
  fix: oneOf('none', 'bh_off', 'preemptible', 'spinlock'),
});
const { fix } = settings;

const packets = perCpu('packets', int(0, 2));
const bytes = perCpu('bytes', int(0, 2));
export const state = shared({
  /** nft_counter_seq of the CPU */
  seq: seqcount(),
  /** A lock that the kernel does not have. */
  seq_lock: spinlock(),
  /** What the reader has returned. */
  torn: bool(),
});
const { seq, seq_lock, torn } = state;

/** The update, as both write it. */
const update = inline('nft_counter_update', () => ({
  begin: write_seqcount_begin(seq),
  packets: __this_cpu_add(packets, 1),
  bytes: __this_cpu_add(bytes, 1),
  end: write_seqcount_end(seq),
}));

const eval_packet = procedure('nft_counter_do_eval', () => ({
  bh: local_bh_disable(),
  lock: If(fix.is('spinlock'), { lock: spin_lock(seq_lock) }),
  update: update(),
  unlock: If(fix.is('spinlock'), { unlock: spin_unlock(seq_lock) }),
  bh_end: local_bh_enable(),
}));

const offload = procedure('nft_counter_offload_stats', () => ({
  off: If(fix.is('bh_off'), { bh: local_bh_disable() }).ElseIf(fix.isnt('preemptible'), {
    preempt: preempt_disable(),
  }),
  cpu: smp_processor_id(),
  lock: If(fix.is('spinlock'), { lock: spin_lock(seq_lock) }),
  update: update(),
  unlock: If(fix.is('spinlock'), { unlock: spin_unlock(seq_lock) }),
  on: If(fix.is('bh_off'), { bh: local_bh_enable() }).ElseIf(fix.isnt('preemptible'), {
    preempt: preempt_enable(),
  }),
}));

const cpu0 = cpu('cpu0');
const task = actor('task', offload, {}, { on: cpu0 });
const softirq = interrupt('softirq', eval_packet, { on: cpu0, level: 'softirq' });

const locals = { seen: int(0, 2), differs: bool() };
const fetch = procedure('nft_counter_fetch', locals, ({ seen, differs }) => ({
  begin: read_seqcount_begin(seq),
  packets: c`packets = this_cpu->packets`(seen.set(packets.of(task))),
  bytes: c`bytes = this_cpu->bytes`(differs.set(seen.ne(bytes.of(task)))),
  retry: If(read_seqcount_retry(seq), { again: Goto('begin') }),
  result: c`total->packets += packets`(torn.set(differs)),
}));
const reader = actor('reader', fetch);

export const properties: Properties = {
  one_moment: never(torn, 'nft_counter_fetch() returns packets without their bytes'),
  all_counted: never(
    task.done.and(softirq.done).and(packets.of(task).ne(2).or(bytes.of(task).ne(2))),
    'a packet is counted, and its count is lost',
  ),
  reads_between: sometimes(reader.done.and(softirq.done).and(task.at('nft_counter_offload_stats.cpu'))),
  counts: sometimes(task.done.and(softirq.done).and(packets.of(task).eq(2))),
};

export const race: Race = {
  subsystem: 'netfilter',
  fix: {
    commit: '1eacdd71b343',
    subject: 'netfilter: nft_counter: Disable BH in nft_counter_offload_stats().',
  },
  kinds: ['stale data', 'warning', 'deadlock'],
  uses: ['per-CPU data', 'sequence count', 'preemption', 'softirq'],
  essence:
    'agrees: the softirq comes within the update of the task, and the reader reads between what the two count',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [1176, 2128, 23], { one_moment: 13, all_counted: 18 }),
  row({ fix: 'bh_off' }, [334, 593, 23]),
  row({ fix: 'preemptible' }, [953, 1707, 21], {
    one_moment: 12,
    all_counted: 16,
    'BUG: using smp_processor_id() in preemptible': 1,
    'WARNING: lockdep_assert_preemption_disabled()': 2,
    'BUG: using __this_cpu_add() in preemptible': 3,
  }),
  row({ fix: 'spinlock' }, [806, 1468, 27], { 'no deadlock': 6 }),
];

export { nft_counter_bh as model };

const nft_counter_bh = model('nft_counter_bh', {
  about: 'a softirq writes under the sequence count of its CPU while a task does so with preemption off',
  settings,
  state,
  actors: [task, softirq, reader],
  comparison: { candidates: 'fix', scenarios: { 'a packet, the hardware statistics, a reader': {} } },
});

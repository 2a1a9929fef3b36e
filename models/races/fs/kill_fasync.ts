// kill_fasync(): a deadlock of three CPUs, since a reader of a rwlock queues behind a writer that waits.
//
// One CPU holds fa_lock and takes tasklist_lock for reading. Another holds tasklist_lock for reading, with interrupts on, and
// an interrupt there spins for fa_lock. A third waits to write tasklist_lock: a new reader that is in no interrupt queues
// behind it. Without the third there is no deadlock.
//
// Fix 7a107c0f55a3, 4.18 [commit message; the release is memory]: fa_lock is a rwlock, of which an interrupt gets a share
// beside the reader. Taken with interrupts on, it made the same deadlock over the lock of an input device, for which a fixed
// kernel takes it with interrupts off, "fcntl: fix potential deadlock for &fasync_struct.fa_lock", 2021 [the patch as mailed].
// Steps: [commit messages; source: fs/fcntl.c]. Left out: f_owner.lock, which lies between and orders nothing here; RCU.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  read_lock,
  read_lock_bh,
  read_lock_irq,
  read_lock_irqsave,
  read_unlock,
  read_unlock_bh,
  read_unlock_irq,
  read_unlock_irqrestore,
  rwlock,
  spin_lock_irq,
  spin_lock_irqsave,
  spin_unlock_irq,
  spin_unlock_irqrestore,
  spinlock,
  write_lock_irq,
  write_unlock_irq,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  cpu,
  If,
  inline,
  interrupt,
  model,
  not,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('fs/fcntl.c');

export const settings = config({
  fix: oneOf('none', 'rwlock', 'rwlock_irqsave', 'irqs_off', 'bh_off'),
  /** Which lock the third CPU takes for writing: in copy_process(), or in fasync_remove_entry(). */
  writer: oneOf('tasklist_lock', 'fa_lock'),
});
const { fix, writer } = settings;
const clone = writer.is('tasklist_lock');

export const state = shared({
  fa_lock: spinlock(),
  fa_rwlock: rwlock(),
  tasklist_lock: rwlock(),
  /** Of an input device, whose events call kill_fasync(). */
  event_lock: spinlock(),
});
const { fa_lock, fa_rwlock, tasklist_lock, event_lock } = state;

const send_sigio = () => c`send_sigio(fown, fa->fa_fd, band)`();
const kill_fasync = inline('kill_fasync_rcu', { flags: bool() }, ({ flags }) => ({
  fa: If(fix.is('rwlock'), { lock: read_lock(fa_rwlock) })
    .ElseIf(fix.is('rwlock_irqsave'), { lock: read_lock_irqsave(fa_rwlock, flags) })
    .Else({ lock: spin_lock_irqsave(fa_lock, flags) }),
  task: If(clone, { lock: read_lock(tasklist_lock), send: send_sigio(), unlock: read_unlock(tasklist_lock) }),
  fa_end: If(fix.is('rwlock'), { unlock: read_unlock(fa_rwlock) })
    .ElseIf(fix.is('rwlock_irqsave'), { unlock: read_unlock_irqrestore(fa_rwlock, flags) })
    .Else({ unlock: spin_unlock_irqrestore(fa_lock, flags) }),
}));

/** On cpu0, with interrupts on: a reader of tasklist_lock, or a kill_fasync() of its own. */
const task = procedure('mm_update_next_owner', () => ({
  fasync: If(not(clone), { fasync: kill_fasync() })
    .ElseIf(fix.is('irqs_off'), { lock: read_lock_irq(tasklist_lock), end: read_unlock_irq(tasklist_lock) })
    .ElseIf(fix.is('bh_off'), { lock: read_lock_bh(tasklist_lock), end: read_unlock_bh(tasklist_lock) })
    .Else({ lock: read_lock(tasklist_lock), end: read_unlock(tasklist_lock) }),
}));
const event = procedure('input_event', { flags: bool() }, ({ flags }) => ({
  event: If(not(clone), { lock: spin_lock_irqsave(event_lock, flags) }),
  fasync: kill_fasync(),
  end: If(not(clone), { unlock: spin_unlock_irqrestore(event_lock, flags) }),
}));
const write = procedure('copy_process', () => ({
  which: If(clone, { lock: write_lock_irq(tasklist_lock), end: write_unlock_irq(tasklist_lock) })
    .ElseIf(fix.isIn('rwlock', 'rwlock_irqsave'), {
      lock: write_lock_irq(fa_rwlock),
      end: write_unlock_irq(fa_rwlock),
    })
    .Else({ lock: spin_lock_irq(fa_lock), end: spin_unlock_irq(fa_lock) }),
}));

const [cpu0, cpu1, cpu2] = [cpu('cpu0'), cpu('cpu1'), cpu('cpu2')];
const reader = actor('reader', task, {}, { on: cpu0 });
const irq = interrupt('irq', event, { on: cpu0 });
const sender = actor('sender', event, {}, { on: cpu1 });
const waiter = actor('writer', write, {}, { on: cpu2 });

export const properties: Properties = {
  all_end: sometimes(reader.done.and(irq.done).and(sender.done).and(waiter.done)),
  writes_first: sometimes(waiter.done.and(not(reader.done))),
};

export const race: Race = {
  subsystem: 'fs',
  fix: {
    commit: '7a107c0f55a3',
    subject: 'fasync: Fix deadlock between task-context and interrupt-context kill_fasync()',
  },
  kinds: ['deadlock'],
  uses: ['rwlock', 'spinlock', 'hardirq', 'lock order'],
  essence: 'agrees: each of the three CPUs has, or waits to write, what the next one needs',
  history:
    '7a107c0f55a3 (`rwlock`) is refuted where a writer waits for fa_lock; "fcntl: fix potential deadlock for &fasync_struct.fa_lock" (`rwlock_irqsave`, 2021) closes that.',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [521, 1158, 18], { 'no deadlock': 7 }),
  row({ fix: 'rwlock' }, [538, 1289, 16]),
  row({ fix: 'rwlock_irqsave' }, [720, 1753, 18]),
  row({ fix: 'irqs_off' }, [480, 1087, 19]),
  row({ fix: 'bh_off' }, [696, 1584, 19], { 'no deadlock': 8 }),
  row({ fix: 'none', writer: 'fa_lock' }, [396, 878, 19]),
  row({ fix: 'rwlock', writer: 'fa_lock' }, [437, 982, 16], { 'no deadlock': 7 }),
  row({ fix: 'rwlock_irqsave', writer: 'fa_lock' }, [490, 1128, 19]),
];

export { kill_fasync_lock as model };

const kill_fasync_lock = model('kill_fasync', {
  about:
    'a reader of a rwlock queues behind a writer, and an interrupt over another reader waits for the first',
  settings,
  state,
  actors: [reader, irq, sender, waiter],
  comparison: {
    candidates: 'fix',
    scenarios: { 'tasklist_lock is wanted': {}, 'fa_lock is wanted': { writer: 'fa_lock' } },
  },
});

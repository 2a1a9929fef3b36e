// btusb: a lock that an interrupt takes, taken with interrupts on.
//
// btusb_recv_intr() runs when a URB is complete, in an interrupt. btusb_work() takes the same lock, and an interrupt of its
// CPU comes while it holds it: the handler spins for a lock whose holder cannot run. Bug: 8f9d02f470f4.
//
// Fix f6fc86f2c572, 4.4 [commit message; the subject is memory]: spin_lock_irqsave() in the work. Steps: [source:
// drivers/bluetooth/btusb.c@4.15.18]. Where a host controller gives URBs back in a softirq, spin_lock_bh() would do. Left
// out: what is in the fragments; that the handler comes more than once, since one that waits is enough. The rule that the
// work takes no step while the handler runs on its CPU is the model's world, and not an actor's doing.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  spin_lock,
  spin_lock_bh,
  spin_lock_irqsave,
  spin_trylock,
  spin_unlock,
  spin_unlock_bh,
  spin_unlock_irqrestore,
  spinlock,
} from '../../kernel/index.js';
import {
  actor,
  actors,
  bool,
  config,
  cpu,
  If,
  ifElse,
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

const c = source('drivers/bluetooth/btusb.c');

export const settings = config({
  fix: oneOf('none', 'irqsave', 'bh', 'irqsave_in_handler', 'trylock_in_handler'),
  /** Where and how the URB is given back. */
  urb: oneOf('hardirq', 'softirq', 'other CPU'),
});
const { fix, urb } = settings;

export const state = shared({
  rxlock: spinlock(),
  fragment: bool(),
  lost: bool(),
});
const { rxlock, fragment, lost } = state;

const work = procedure('btusb_work', { flags: bool() }, ({ flags }) => ({
  lock: If(fix.is('irqsave'), { irqsave: spin_lock_irqsave(rxlock, flags) })
    .ElseIf(fix.is('bh'), { bh: spin_lock_bh(rxlock) })
    .Else({ plain: spin_lock(rxlock) }),
  free: c`btusb_free_frags(): kfree_skb(data->evt_skb)`(fragment.set(false)),
  unlock: If(fix.is('irqsave'), { irqrestore: spin_unlock_irqrestore(rxlock, flags) })
    .ElseIf(fix.is('bh'), { bh: spin_unlock_bh(rxlock) })
    .Else({ plain: spin_unlock(rxlock) }),
}));

const recv_intr = procedure('btusb_recv_intr', { here: bool(), flags: bool() }, ({ here, flags }) => ({
  here: If(here, {
    try: If(fix.is('trylock_in_handler'), {
      got: If(spin_trylock(rxlock), {
        add: c`data->evt_skb = skb`(fragment.set(true)),
        unlock: spin_unlock(rxlock),
      }).Else({ drop: c`kfree_skb(skb)`(lost.set(true)) }),
    })
      .ElseIf(fix.is('irqsave_in_handler'), {
        lock: spin_lock_irqsave(rxlock, flags),
        add: c`data->evt_skb = skb`(fragment.set(true)),
        unlock: spin_unlock_irqrestore(rxlock, flags),
      })
      .Else({
        lock: spin_lock(rxlock),
        add: c`data->evt_skb = skb`(fragment.set(true)),
        unlock: spin_unlock(rxlock),
      }),
  }),
}));

const cpu0 = cpu('cpu0');
const kworker = actor('kworker', work, {}, { on: cpu0 });
const hardirq = interrupt('hardirq', recv_intr, { on: cpu0, args: { here: urb.is('hardirq') } });
const softirq = interrupt('softirq', recv_intr, {
  on: cpu0,
  level: 'softirq',
  args: { here: urb.is('softirq') },
});
/** On a CPU of its own, which has no other task. */
const other = actors('other_cpu', ifElse(urb.is('other CPU'), 1, 0), recv_intr, () => ({ here: true }));

export const properties: Properties = {
  nothing_is_lost: never(lost, 'the data of an interrupt is dropped'),
  received_last: sometimes(kworker.done.and(fragment)),
  freed: sometimes(kworker.done.and(not(fragment))),
};

export const race: Race = {
  subsystem: 'Bluetooth',
  fix: { commit: 'f6fc86f2c572', subject: 'Bluetooth: Fix possible deadlock in btusb' },
  kinds: ['deadlock'],
  uses: ['spinlock', 'hardirq', 'softirq', 'workqueue'],
  essence: 'agrees: the interrupt comes after the work has taken the lock and before it drops it',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [34, 41, 8], { 'no deadlock': 2 }),
  row({ fix: 'irqsave' }, [34, 37, 9]),
  row({ fix: 'bh' }, [44, 49, 9], { 'no deadlock': 3 }),
  row({ fix: 'irqsave_in_handler' }, [42, 49, 9], { 'no deadlock': 3 }),
  row({ fix: 'trylock_in_handler' }, [44, 56, 8], { nothing_is_lost: 4 }),
  row({ fix: 'none', urb: 'softirq' }, [34, 49, 8], { 'no deadlock': 3 }),
  row({ fix: 'irqsave', urb: 'softirq' }, [34, 43, 9]),
  row({ fix: 'bh', urb: 'softirq' }, [34, 49, 9]),
  row({ fix: 'irqsave_in_handler', urb: 'softirq' }, [42, 53, 9], { 'no deadlock': 3 }),
  row({ fix: 'trylock_in_handler', urb: 'softirq' }, [44, 66, 8], { nothing_is_lost: 4 }),
  row({ fix: 'none', urb: 'other CPU' }, [52, 100, 8]),
];

export { btusb_rxlock as model };

const btusb_rxlock = model('btusb_rxlock', {
  about: 'a work item holds a lock with interrupts on, and an interrupt of its CPU spins for it',
  settings,
  state,
  actors: [kworker, hardirq, softirq, other],
  comparison: {
    candidates: 'fix',
    scenarios: {
      'hardirq of its CPU': {},
      'softirq of its CPU': { urb: 'softirq' },
      'hardirq of another CPU': { urb: 'other CPU' },
    },
  },
});

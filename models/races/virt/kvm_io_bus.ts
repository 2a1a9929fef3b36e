// kvm_io_bus_unregister_dev(): devices are destroyed before the readers of the bus are gone.
//
// A vCPU finds the devices of a bus in a section of SRCU. To take one device off, a shorter bus is allocated, published, and
// the old one freed after a grace period. Where there is no memory for it the bus goes as a whole, with its other devices:
// they were destroyed first, and a vCPU that has the old bus still calls them.
//
// Fix 2ee3757424be, 5.13 [commit message]: destroy them after the empty bus is published and synchronize_srcu() has
// returned. The bug is the fix f65886606c2d of a leak [commit message of 2ee3757424be]: before it they were not destroyed
// (`leak`). Steps: [source: the patch of 2ee3757424be, virt/kvm/kvm_main.c]. Left out: slots_lock, which all updaters
// hold; the device that is taken off, which its owner destroys after the grace period; more vCPUs.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  kfree,
  srcu_read_lock,
  srcu_read_unlock,
  srcu_struct,
  synchronize_rcu,
  synchronize_srcu,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  If,
  ifElse,
  isLive,
  model,
  not,
  object,
  oneOf,
  procedure,
  shared,
  source,
  yes,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import { type Race, use_after_free } from '../race.js';

const c = source('virt/kvm/kvm_main.c');

export const settings = config({
  fix: oneOf('none', 'destroy_last', 'destroy_before_sync', 'synchronize_rcu', 'leak', 'keep_bus'),
});
const { fix } = settings;

const srcu = srcu_struct('kvm_srcu');
export const state = shared({
  /** kvm->buses[bus_idx] */
  bus: oneOf('old', 'new', 'NULL'),
  old_bus: object({ dev_count: bool() }),
  /** The device that is taken off, and another one of the bus. */
  removed: object({ data: bool() }),
  other: object({ data: bool() }),
});
const { bus, old_bus, removed, other } = state;

const locals = { found: oneOf('NULL', 'old', 'new') };
const write = procedure('kvm_io_bus_write', locals, ({ found }) => ({
  lock: srcu_read_lock(srcu),
  bus: c`bus = srcu_dereference(kvm->buses[bus_idx], &kvm->srcu)`(found.set(bus)),
  old: If(found.is('old'), {
    search: c`kvm_io_bus_get_first_dev(bus, range->addr, range->len)`.test(old_bus.dev_count),
    in_range: c`kvm_iodevice_write(vcpu, removed, …): -EOPNOTSUPP`.test(removed.data),
  }),
  any: If(found.isnt('NULL'), { write: c`kvm_iodevice_write(vcpu, other, …)`(other.data.set(true)) }),
  unlock: srcu_read_unlock(srcu),
}));

const unregister = procedure('kvm_io_bus_unregister_dev', { new_bus: bool() }, ({ new_bus }) => ({
  alloc: new_bus.assign(
    c`new_bus = kmalloc(struct_size(bus, range, bus->dev_count - 1))`.test(yes, { mayFail: yes }),
  ),
  failed: If(not(new_bus), {
    keeps: If(fix.is('keep_bus'), { enomem: kfree(removed) }),
    first: If(fix.is('none'), { destroy: kfree(other) }),
  }),
  publishes: If(new_bus.or(fix.isnt('keep_bus')), {
    assign: c`rcu_assign_pointer(kvm->buses[bus_idx], new_bus)`(bus.set(ifElse(new_bus, 'new', 'NULL'))),
    early: If(fix.is('destroy_before_sync').and(not(new_bus)), { destroy: kfree(other) }),
    sync: If(fix.is('synchronize_rcu'), { rcu: synchronize_rcu() }).Else({ srcu: synchronize_srcu(srcu) }),
    late: If(fix.isIn('destroy_last', 'synchronize_rcu').and(not(new_bus)), { destroy: kfree(other) }),
    free: kfree(old_bus),
    done: kfree(removed),
  }),
}));

const vcpu = actor('vcpu', write);
const ioctl = actor('ioctl', unregister);

export const properties: Properties = {
  nothing_leaks: never(
    ioctl.done.and(bus.is('NULL')).and(isLive(other)),
    'memory leak: the device cannot be found any more, and is not freed',
  ),
  shrinks: sometimes(ioctl.done.and(bus.is('new'))),
  removes_the_bus: sometimes(ioctl.done.and(bus.is('NULL')), 'no memory', { given: fix.isnt('keep_bus') }),
};

export const race: Race = {
  subsystem: 'KVM',
  fix: {
    commit: '2ee3757424be',
    subject: "KVM: Destroy I/O bus devices on unregister failure _after_ sync'ing SRCU",
  },
  kinds: ['use-after-free', 'leak'],
  uses: ['SRCU', 'publication by pointer', 'allocation failure'],
  essence: 'agrees: the vCPU reads the bus before it is replaced, and uses a device of it that is destroyed',
  history: 'f65886606c2d (`none`), which closed the leak of `leak`, made the use-after-free.',
};

const late = use_after_free('kvm_io_bus_write');
export const manifest: Manifest = [
  row({ fix: 'none' }, [156, 263, 16], { [late]: 10 }),
  row({ fix: 'destroy_last' }, [165, 281, 17]),
  row({ fix: 'destroy_before_sync' }, [183, 314, 17], { [late]: 12 }),
  row({ fix: 'synchronize_rcu' }, [207, 367, 17], { [late]: 11 }),
  row({ fix: 'leak' }, [144, 244, 15], { nothing_leaks: 7 }),
  row({ fix: 'keep_bus' }, [122, 212, 14], { [late]: 8 }),
];

export { kvm_io_bus as model };

const kvm_io_bus = model('kvm_io_bus', {
  about: 'KVM destroys the devices of a bus that it removes while a vCPU still has the bus',
  settings,
  state,
  actors: [vcpu, ioctl],
  comparison: { candidates: 'fix', scenarios: { 'a write, an unregister': {} } },
});

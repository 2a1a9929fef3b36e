// kvm_ioctl_create_device(): own the reference before you publish (CVE-2019-6974).
//
// The ioctl makes a file descriptor for a device, and only then takes the reference on the VM that the release of that
// file will put. Whoever guesses the number and closes it puts a reference that is not the device's.
//
// Fix cfa39381173d, 5.0: take it before [docs: SUSE livepatch bsc1124729]; the code after it [source:
// virt/kvm/kvm_main.c@4.15.18, @5.15]. Left out: more devices, ops->init(), and what else the VM is; none of them touches
// the count. The VM file is counted, since it is what keeps the VM for the error path: a borrowed reference.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  kref_get,
  kref_put,
  list_add,
  list_node,
  mutex,
  mutex_lock,
  mutex_unlock,
  refcount,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  Call,
  config,
  Either,
  expects,
  If,
  int,
  model,
  not,
  oneOf,
  procedure,
  shared,
  source,
  when,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('virt/kvm/kvm_main.c');

export const settings = config({ fix: oneOf('none', 'get_first', 'get_between', 'no_put_on_error') });
const { fix } = settings;

export const state = shared({
  /** kvm->users_count; the VM file holds one. */
  users: refcount(3),
  /** References on the VM file: its descriptor, and the ioctl that runs. */
  vm_file: int(0, 2).starts(2),
  freed: bool(),
  /** dev->vm_node on kvm->devices */
  vm_node: list_node(),
  /** The descriptor of the device, which anybody may close. */
  dev_fd: oneOf('none', 'open', 'closed'),
  kvm_lock: mutex(),
});
const { users, vm_file, freed, vm_node, dev_fd, kvm_lock } = state;
const alive = () => expects(not(freed), 'KASAN: slab-use-after-free in kvm_ioctl_create_device');

/** kvm_put_kvm() */
const put_kvm = procedure('kvm_put_kvm', () => ({
  put: If(kref_put(users), { destroy: c`kvm_destroy_vm(kvm)`(vm_node.linked.set('off'), freed.set(true)) }),
}));
/** kvm_vm_release(), once the last reference on the VM file is gone. */
const fput_vm = procedure('fput_vm', () => ({
  fput: If(c`fput(vm_file)`.test(vm_file.eq(1), { both: [vm_file.dec()] }), { release: Call(put_kvm) }),
}));

const create_device = procedure('kvm_ioctl_create_device', () => ({
  lock: mutex_lock(kvm_lock),
  list: list_add(vm_node),
  unlock: mutex_unlock(kvm_lock),
  get: If(fix.isnt('none').and(fix.isnt('get_between')), { early: kref_get(users) }),
  getfd: Either({
    installed: {
      between: If(fix.is('get_between'), { get: kref_get(users) }),
      fd: c`fd = anon_inode_getfd(&kvm_device_fops)`(dev_fd.set('open')),
      late: If(fix.is('none'), { get: kref_get(users, alive()) }),
    },
    failed: {
      fails: c`anon_inode_getfd(): -EMFILE`(),
      put: If(fix.is('get_first'), { put: Call(put_kvm) }),
      lock_again: mutex_lock(kvm_lock),
      del: c`list_del(&dev->vm_node)`(alive(), vm_node.linked.set('off')),
      unlock_again: mutex_unlock(kvm_lock),
    },
  }),
  ret: Call(fput_vm),
}));

/** close() of a number that it guesses. */
const close_device = procedure('kvm_device_release', () => ({
  close: c`close(fd)`(when(dev_fd.is('open')), dev_fd.set('closed')),
  put: Call(put_kvm),
}));
const close_vm = procedure('kvm_vm_release', () => ({ close: Call(fput_vm) }));

const creator = actor('creator', create_device);
const closer = actor(
  'closer',
  procedure('closer', () => ({
    way: Either({
      closes: { device: Call(close_device) },
      never_there: { none: c`no such descriptor`(when(creator.done.and(dev_fd.is('none')))) },
    }),
  })),
);
const vm_closer = actor('vm_closer', close_vm);

export const properties: Properties = {
  vm_is_freed: never(
    creator.done.and(closer.done).and(vm_closer.done).and(not(freed)),
    'memory leak: no reference to the VM is left, and it is not freed',
  ),
  fails: sometimes(creator.done.and(dev_fd.is('none'))),
  closed_early: sometimes(dev_fd.is('closed').and(not(creator.done)).and(not(freed))),
  destroyed: sometimes(freed),
};

export const race: Race = {
  subsystem: 'KVM',
  fix: {
    commit: 'cfa39381173d',
    subject: 'kvm: fix kvm_ioctl_create_device() reference counting (CVE-2019-6974)',
  },
  kinds: ['use-after-free', 'leak'],
  uses: ['kref', 'mutex', 'list', 'publication by file descriptor'],
  essence: 'agrees: the put of the device file comes before the get of the ioctl',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [69, 108, 12], {
    'KASAN: slab-use-after-free in kvm_ioctl_create_device': 8,
    'refcount_t: addition on 0; use-after-free.': 7,
  }),
  row({ fix: 'get_first' }, [51, 77, 14]),
  row({ fix: 'get_between' }, [49, 74, 12]),
  row({ fix: 'no_put_on_error' }, [46, 70, 12], { vm_is_freed: 12 }),
];

export { kvm_create_device as model };

const kvm_create_device = model('kvm_create_device', {
  about: 'KVM publishes a device file before it takes the reference that its release puts (CVE-2019-6974)',
  settings,
  state,
  actors: [creator, closer, vm_closer],
  comparison: { candidates: 'fix', scenarios: { 'create, close, close the VM': {} } },
});

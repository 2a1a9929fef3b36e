// cpuset_attach() against CPU hotplug: a race, its fix, and the deadlock of three tasks that the fix made.
//
// First: an attach reads which CPUs are active, the CPU goes down, and the task cannot be put there. 05c7b7a92cc8
// [docs: stable lists] takes cpu_hotplug_lock in cpuset_attach(), under cgroup_threadgroup_rwsem. Then a CPU that comes up
// holds cpu_hotplug_lock and waits for kthreadd to create a thread; kthreadd forks, and waits for cgroup_threadgroup_rwsem;
// the attach holds that one and waits for cpu_hotplug_lock.
//
// Fix 4f7e7236435c [commit message]: cpu_hotplug_lock first. 43626dade36f [commit message]: one path was forgotten.
// Steps: [source: kernel/cgroup/cgroup.c, cpuset.c, kernel/cpu.c, kernel/kthread.c@5.15, @6.5]. Left out:
// cgroup_mutex and cpuset_mutex, which only the attach takes; more CPUs and forks. Both locks are percpu rwsems: as here, a
// writer that waits keeps out new readers. Hotplug waits for kthreadd with a completion, which lockdep does not see.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  complete,
  completion,
  down_read,
  down_read_trylock,
  down_write,
  rwsem,
  up_read,
  up_write,
  wait_for_completion,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  expectsSoftly,
  If,
  model,
  not,
  oneOf,
  procedure,
  rests,
  shared,
  source,
  when,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('kernel/cgroup/cpuset.c');
const cpu = source('kernel/cpu.c');
const kthread = source('kernel/kthread.c');

export const settings = config({
  fix: oneOf('none', 'cpus_in_cpuset', 'cpus_first', 'path_forgotten', 'trylock_cpus'),
  hotplug: oneOf('down', 'up'),
});
const { fix, hotplug } = settings;

export const state = shared({
  cgroup_threadgroup_rwsem: rwsem(),
  cpu_hotplug_lock: rwsem(),
  /** The work for kthreadd, and its answer. */
  create: completion(),
  created: completion(),
  /** The only CPU of the cpuset; while it is not active, the task gets those of the parent. */
  cpu_active: bool().starts(hotplug.is('down')),
});
const { cgroup_threadgroup_rwsem, cpu_hotplug_lock, create, created, cpu_active } = state;

const cannot_attach = 'WARNING: at cpuset_attach: WARN_ON_ONCE(set_cpus_allowed_ptr())';
const not_held = 'WARNING: lockdep_assert_cpus_held()';
const attach = procedure('cgroup_procs_write', { mask: bool(), locked: bool() }, ({ mask, locked }) => ({
  cpus: If(fix.is('cpus_first'), { first: down_read(cpu_hotplug_lock) }),
  tg: down_write(cgroup_threadgroup_rwsem),
  held: If(fix.isIn('cpus_first', 'path_forgotten'), {
    assert: c`lockdep_assert_cpus_held()`(expectsSoftly(cpu_hotplug_lock.readers.isMine(), not_held)),
  }),
  inner: If(fix.is('cpus_in_cpuset'), { cpus: down_read(cpu_hotplug_lock) }),
  try: If(fix.is('trylock_cpus'), { cpus: locked.assign(down_read_trylock(cpu_hotplug_lock)) }),
  read: c`guarantee_online_cpus(cs, cpus_attach)`(mask.set(cpu_active)),
  set: c`set_cpus_allowed_ptr(task, cpus_attach)`(expectsSoftly(not(mask).or(cpu_active), cannot_attach)),
  inner_end: If(fix.is('cpus_in_cpuset').or(locked), { cpus: up_read(cpu_hotplug_lock) }),
  tg_end: up_write(cgroup_threadgroup_rwsem),
  cpus_end: If(fix.is('cpus_first'), { last: up_read(cpu_hotplug_lock) }),
}));

const plug = procedure('cpu_up_or_down', () => ({
  lock: down_write(cpu_hotplug_lock),
  way: If(hotplug.is('up'), {
    create: kthread`kthread_create_on_node(): wake_up_process(kthreadd_task)`(create.inc()),
    wait: wait_for_completion(created),
    up: cpu`set_cpu_active(cpu, true)`(cpu_active.set(true)),
  }).Else({ down: cpu`set_cpu_active(cpu, false)`(cpu_active.set(false)) }),
  unlock: up_write(cpu_hotplug_lock),
}));

const kthreadd = procedure('kthreadd', () => ({
  idle: kthread`schedule()`(rests(), when(create.gt(0)), create.dec()),
  begin: down_read(cgroup_threadgroup_rwsem),
  fork: kthread`create_kthread(): kernel_thread()`(),
  end: up_read(cgroup_threadgroup_rwsem),
  done: complete(created),
}));

const attacher = actor('attach', attach);
const hotplugger = actor('hotplug', plug);
const forker = actor('kthreadd', kthreadd);

export const properties: Properties = {
  attach_first: sometimes(attacher.done.and(not(hotplugger.done))),
  hotplug_first: sometimes(hotplugger.done.and(not(attacher.done))),
  thread_created: sometimes(forker.done, 'kthreadd forks', { given: hotplug.is('up') }),
};

export const race: Race = {
  subsystem: 'cgroup',
  fix: { commit: '4f7e7236435c', subject: 'cgroup: Fix threadgroup_rwsem <-> cpus_read_lock() deadlock' },
  kinds: ['deadlock', 'warning'],
  uses: ['rwsem', 'completion', 'kthread', 'lock order'],
  essence: 'agrees: each of the three holds, or waits for, what the next one needs',
  history:
    '05c7b7a92cc8 (`cpus_in_cpuset`), which closed the race with a CPU that goes down, made the deadlock; 43626dade36f adds the lock to a path that 4f7e7236435c had forgotten (`path_forgotten`).',
};

export const manifest: Manifest = [
  row({ fix: 'cpus_in_cpuset', hotplug: 'up' }, [54, 74, 16], { 'no deadlock': 4 }),
  row({ fix: 'none', hotplug: 'up' }, [60, 96, 15]),
  row({ fix: 'cpus_first', hotplug: 'up' }, [44, 51, 18]),
  row({ fix: 'path_forgotten', hotplug: 'up' }, [69, 112, 16], { [not_held]: 2 }),
  row({ fix: 'trylock_cpus', hotplug: 'up' }, [87, 138, 16]),
  row({ fix: 'none', hotplug: 'down' }, [26, 41, 8], { [cannot_attach]: 5 }),
  row({ fix: 'cpus_in_cpuset', hotplug: 'down' }, [22, 28, 9]),
  row({ fix: 'cpus_first', hotplug: 'down' }, [22, 22, 11]),
  row({ fix: 'path_forgotten', hotplug: 'down' }, [30, 48, 9], { [not_held]: 2, [cannot_attach]: 6 }),
  row({ fix: 'trylock_cpus', hotplug: 'down' }, [35, 50, 9], { [cannot_attach]: 6 }),
];

export { cpuset_hotplug as model };

const cpuset_hotplug = model('cpuset_hotplug', {
  about: 'an attach to a cpuset, a CPU that comes or goes, and kthreadd wait for each other in a circle',
  settings,
  state,
  actors: [attacher, hotplugger, forker],
  comparison: {
    candidates: 'fix',
    scenarios: { 'a CPU goes down': {}, 'a CPU comes up': { hotplug: 'up' } },
  },
});

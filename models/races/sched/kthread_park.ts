// kthread_park() returns while the thread still runs, and its CPU goes down under it.
//
// The thread says that it is parked, by a completion, and then sleeps: between the two it still runs. 85f1abe0019f completes
// once the thread is off its CPU. But kthread_park() has woken it up before; a wake-up that found the state that came before
// stores TASK_RUNNING over TASK_PARKED, and the thread runs again.
//
// Fix 1cef1150ef40, 4.18 [commit message; the release is memory]: TASK_PARKED is stored under pi_lock, which a wake-up holds,
// and kthread_park() waits until the thread is off its CPU. Steps: [source: kernel/kthread.c after it; before: commit message].
// Left out: kthread_unpark(), for which a parked thread waits; binding; that a switch is preempted; the lock of the run queue.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  __set_current_state,
  complete,
  completion,
  raw_spin_lock,
  raw_spin_unlock,
  raw_spinlock,
  set_current_state,
  wait_for_completion,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  expectsSoftly,
  Goto,
  If,
  inline,
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

const c = source('kernel/kthread.c');
const core = source('kernel/sched/core.c');

export const settings = config({
  fix: oneOf('none', 'complete_in_switch', 'special_and_wait', 'special_only', 'wait_only'),
});
const { fix } = settings;

export const state = shared({
  /** KTHREAD_SHOULD_PARK */
  should_park: bool(),
  parked: completion({ ahead: 2 }),
  /** Of the thread. */
  task_state: oneOf('RUNNING', 'INTERRUPTIBLE', 'PARKED'),
  on_cpu: bool().starts(true),
  pi_lock: raw_spinlock(),
});
const { should_park, parked, task_state, on_cpu, pi_lock } = state;

const schedule = inline('schedule', { was_parked: bool() }, ({ was_parked }) => ({
  switch: If(
    core`__schedule(): deactivate_task(rq, prev)`.test(task_state.isnt('RUNNING'), {
      yes: [on_cpu.set(false), was_parked.set(task_state.is('PARKED'))],
    }),
    {
      finish: If(fix.is('complete_in_switch').and(was_parked), { park: complete(parked) }),
      sleeps: core`ttwu_activate()`(rests(), when(task_state.is('RUNNING')), on_cpu.set(true)),
    },
  ),
}));

const thread_fn = procedure('smpboot_thread_fn', () => ({
  loop: set_current_state(task_state, 'INTERRUPTIBLE'),
  asked: If(not(should_park), { sleep: schedule(), again: Goto('loop') }),
  running: __set_current_state(task_state, 'RUNNING'),
  parkme: If(fix.isIn('special_and_wait', 'special_only'), {
    lock: raw_spin_lock(pi_lock),
    state: c`set_special_state(TASK_PARKED)`(task_state.set('PARKED')),
    unlock: raw_spin_unlock(pi_lock),
  }).Else({ plain: __set_current_state(task_state, 'PARKED') }),
  first: If(fix.isnt('complete_in_switch'), { park: complete(parked) }),
  park: schedule(),
  woken: Goto('parkme'),
}));

const not_parked = 'WARNING: at kthread_park: !wait_task_inactive()';
const wake_up = inline('try_to_wake_up', () => ({
  lock: raw_spin_lock(pi_lock),
  test: If(core`p->state & TASK_NORMAL`.test(task_state.is('INTERRUPTIBLE')), {
    run: core`ttwu_remote(): p->state = TASK_RUNNING`(task_state.set('RUNNING')),
  }),
  unlock: raw_spin_unlock(pi_lock),
}));
const takedown = procedure('takedown_cpu', () => ({
  flag: c`kthread_park(): set_bit(KTHREAD_SHOULD_PARK, &kthread->flags)`(should_park.set(true)),
  wake: wake_up(),
  wait: wait_for_completion(parked),
  inactive: If(fix.isIn('special_and_wait', 'wait_only'), {
    off: c`WARN_ON_ONCE(!wait_task_inactive(k, TASK_PARKED))`(
      when(not(on_cpu).or(task_state.isnt('PARKED'))),
      expectsSoftly(task_state.is('PARKED'), not_parked),
    ),
  }),
}));

const hotplug = actor('hotplug', takedown);
const thread = actor('thread', thread_fn);

export const properties: Properties = {
  no_thread_of_a_dead_cpu: never(
    hotplug.done.and(on_cpu),
    'migrate_tasks() finds a thread that should be parked',
  ),
  parks: sometimes(hotplug.done.and(thread.at('schedule.sleeps')).and(task_state.is('PARKED'))),
  is_woken: sometimes(
    thread.at('schedule.sleeps').and(not(should_park)),
    'the thread sleeps before it is asked',
  ),
};

export const race: Race = {
  subsystem: 'sched',
  fix: { commit: '1cef1150ef40', subject: 'kthread, sched/core: Fix kthread_parkme() (again...)' },
  kinds: ['warning'],
  uses: ['kthread', 'completion', 'task state', 'spinlock'],
  essence:
    'agrees with 85f1abe0019f, which 1cef1150ef40 takes back and repeats: the thread completes, and has yet to leave its CPU',
  history:
    '85f1abe0019f (`complete_in_switch`) is refuted: a wake-up that began before makes the parked thread run. 1cef1150ef40 says so.',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [74, 117, 15], { no_thread_of_a_dead_cpu: 10 }),
  row({ fix: 'complete_in_switch' }, [88, 141, 18], { no_thread_of_a_dead_cpu: 14 }),
  row({ fix: 'special_and_wait' }, [56, 84, 14]),
  row({ fix: 'special_only' }, [55, 83, 13], { no_thread_of_a_dead_cpu: 12 }),
  row({ fix: 'wait_only' }, [81, 127, 16], { no_thread_of_a_dead_cpu: 12, [not_parked]: 12 }),
];

export { kthread_park_race as model };

const kthread_park_race = model('kthread_park', {
  about: 'a CPU goes down when its thread has said that it is parked, and still runs',
  settings,
  state,
  actors: [hotplug, thread],
  comparison: { candidates: 'fix', scenarios: { 'park, a CPU goes down': {} } },
});

// A timer queues work, and the work arms the timer: who is torn down first? (Bluetooth hci_qca, the case that
// timer_shutdown_sync() was made for.)
import {
  actor,
  bool,
  config,
  model as define,
  If,
  object,
  oneOf,
  procedure,
  shared,
} from '../../language/index.js';
import {
  del_timer_sync,
  destroy_workqueue,
  kfree,
  kworker,
  mod_timer,
  queue_work,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  spinlock,
  timer_list,
  timer_shutdown_sync,
  timer_softirq,
  work_struct,
  workqueue_struct,
} from '../index.js';

const settings = config({ fix: oneOf('none', 'del_timer_sync_first', 'timer_shutdown_sync_first') });
const { fix } = settings;
const qca = object({ timer: timer_list(), work: work_struct(), lock: spinlock() });
const state = shared({ qca, wq: workqueue_struct() });
const { timer, work, lock } = state.qca;

const tx_idle_timeout = procedure('hci_ibs_tx_idle_timeout', { flags: bool() }, ({ flags }) => ({
  lock: spin_lock_irqsave(lock, flags),
  queue: queue_work(state.wq, work),
  unlock: spin_unlock_irqrestore(lock, flags),
}));
const wq_awake_device = procedure('qca_wq_awake_device', { flags: bool() }, ({ flags }) => ({
  lock: spin_lock_irqsave(lock, flags),
  mod_timer: mod_timer(timer),
  unlock: spin_unlock_irqrestore(lock, flags),
}));
const qca_close = procedure('qca_close', () => ({
  arm: mod_timer(timer),
  first: If(fix.is('del_timer_sync_first'), { del_timer: del_timer_sync(timer) }),
  shutdown: If(fix.is('timer_shutdown_sync_first'), { shut: timer_shutdown_sync(timer) }),
  destroy: destroy_workqueue(state.wq, work),
  last: If(fix.is('none'), { del_timer: del_timer_sync(timer) }),
  kfree: kfree(state.qca),
}));
const close = actor('close', qca_close);
const actors = [
  close,
  timer_softirq('softirq', timer, tx_idle_timeout),
  kworker('kworker', work, wq_awake_device),
];
export const model = define('qca', {
  about: 'a timer that queues work that arms it',
  settings,
  state,
  actors,
});

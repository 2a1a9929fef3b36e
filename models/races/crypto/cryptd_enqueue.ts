// cryptd: a queue of its CPU that a task and a softirq fill, with preemption off and softirqs on.
//
// cryptd_enqueue_request() keeps its CPU by get_cpu(), and cryptd_queue_worker() disables softirqs to take a request out:
// so requests come from softirqs, too. One that comes while a task counts its own request makes that count wrong, and the
// worker stops with a request in the queue. The list can be corrupted in the same way. Bug: 254eff771441.
//
// Fix 91e8bcd7b4da, 5.19 [commit message; the release is memory]: local_bh_disable() in the place of get_cpu(). Steps:
// [source: crypto/cryptd.c in the patch; crypto/algapi.c is memory]. Left out: the list itself, of which its length `on_list`
// is enough for what the worker misses; a full queue, and the backlog; the count of references of the transform. The worker
// is a task of the same CPU, since the queue is of one CPU; what queue_work_on() promises is that it runs once more.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  __this_cpu_add,
  get_cpu,
  local_bh_disable,
  local_bh_enable,
  local_irq_restore,
  local_irq_save,
  preempt_disable,
  preempt_enable,
  put_cpu,
  smp_processor_id,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  cpu,
  expects,
  Goto,
  If,
  int,
  interrupt,
  model,
  not,
  oneOf,
  perCpu,
  procedure,
  rests,
  shared,
  source,
  when,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('crypto/cryptd.c');
const algapi = source('crypto/algapi.c');

export const settings = config({ fix: oneOf('none', 'bh_off', 'irqs_off', 'preemptible') });
const { fix } = settings;

/** queue->qlen of cpu_queue */
const qlen = perCpu('qlen', int(-1, 2).starts(0));
export const state = shared({
  /** Requests on the list, and those that were completed. */
  on_list: int(0, 2),
  completed: int(0, 2),
  /** The work of the queue is pending. */
  queued: bool(),
});
const { on_list, completed, queued } = state;

const enqueue = procedure('cryptd_enqueue_request', { flags: bool() }, ({ flags }) => ({
  off: If(fix.is('bh_off'), { bh: local_bh_disable() })
    .ElseIf(fix.is('irqs_off'), { irq: local_irq_save(flags) })
    .ElseIf(fix.is('none'), { cpu: get_cpu() }),
  cpu: smp_processor_id(),
  add: algapi`list_add_tail(&request->list, &queue->list)`(on_list.inc()),
  count: __this_cpu_add(qlen, 1),
  work: c`queue_work_on(cpu, cryptd_wq, &cpu_queue->work)`(queued.set(true)),
  on: If(fix.is('bh_off'), { bh: local_bh_enable() })
    .ElseIf(fix.is('irqs_off'), { irq: local_irq_restore(flags) })
    .ElseIf(fix.is('none'), { cpu: put_cpu() }),
}));

const worker = procedure('cryptd_queue_worker', { req: bool() }, ({ req }) => ({
  begin: c`process_one_work()`(rests(), when(queued), queued.set(false)),
  bh: local_bh_disable(),
  preempt: If(fix.isnt('bh_off'), { off: preempt_disable() }),
  dequeue: If(
    algapi`crypto_dequeue_request(): queue->qlen`.test(qlen.mine.ne(0), { both: [req.set(qlen.mine.ne(0))] }),
    {
      count: __this_cpu_add(qlen, -1),
      del: algapi`list_del(request)`(
        expects(on_list.gt(0), 'list_del corruption: the queue is empty'),
        on_list.dec(),
      ),
    },
  ),
  preempt_end: If(fix.isnt('bh_off'), { on: preempt_enable() }),
  bh_end: local_bh_enable(),
  done: If(req, {
    complete: c`req->complete(req, 0)`(completed.inc(), req.set(false)),
    more: If(c`cpu_queue->queue.qlen`.test(qlen.mine.ne(0)), {
      again: c`queue_work(cryptd_wq, &cpu_queue->work)`(queued.set(true)),
    }),
  }),
  next: Goto('begin'),
}));

const cpu0 = cpu('cpu0');
const task = actor('task', enqueue, {}, { on: cpu0 });
const softirq = interrupt('softirq', enqueue, { on: cpu0, level: 'softirq' });
const kworker = actor('kworker', worker, {}, { on: cpu0 });

export const properties: Properties = {
  every_request_is_completed: never(
    task.done
      .and(softirq.done)
      .and(kworker.at('cryptd_queue_worker.begin'))
      .and(not(queued))
      .and(on_list.gt(0)),
    'a request is in the queue, and the worker has found none',
  ),
  completes: sometimes(completed.eq(2)),
  in_between: sometimes(
    softirq.done.and(task.at('cryptd_enqueue_request.work')),
    'the softirq comes before the work of the task is queued',
  ),
};

export const race: Race = {
  subsystem: 'crypto',
  fix: { commit: '91e8bcd7b4da', subject: 'crypto: cryptd - Protect per-CPU resource by disabling BH.' },
  kinds: ['stale data', 'warning'],
  uses: ['per-CPU data', 'preemption', 'softirq', 'workqueue'],
  essence: 'agrees: the softirq comes between the load and the store of the count of the task',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [214, 229, 39], { every_request_is_completed: 27 }),
  row({ fix: 'bh_off' }, [146, 156, 35]),
  row({ fix: 'irqs_off' }, [156, 166, 39]),
  row({ fix: 'preemptible' }, [335, 393, 44], {
    every_request_is_completed: 23,
    'BUG: using smp_processor_id() in preemptible': 1,
    'BUG: using __this_cpu_add() in preemptible': 3,
    'list_del corruption: the queue is empty': 43,
  }),
];

export { cryptd_enqueue as model };

const cryptd_enqueue = model('cryptd_enqueue', {
  about: 'a softirq enqueues on the queue of its CPU while a task does so with preemption off',
  settings,
  state,
  actors: [task, softirq, kworker],
  comparison: { candidates: 'fix', scenarios: { 'a task and a softirq of one CPU': {} } },
});

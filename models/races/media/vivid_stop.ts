// vivid drops its mutex while it stops its thread, and a reader queues a buffer that is then freed (CVE-2019-18683).
//
// vivid_stop_generating_vid_cap() gives back all buffers and stops the thread, which takes the mutex in its loop; so the
// mutex is dropped around kthread_stop(). A read() takes it there instead, and queues a buffer; the stop goes on and frees
// all buffers of the queue. The list of the device has one of them still, and the next stream uses it.
//
// Fix 6dcd5d7a7a29, 5.5 [commit message; the release is memory]: the mutex is kept, and the thread tries to take it, and
// waits for a jiffy where it cannot. In the first form the thread did not set its state before schedule_timeout(), as Linus
// noted [docs: mail of the author, 2020]: it then runs for as long as the mutex is held, which no property here forbids.
// Steps: [source: drivers/media/platform/vivid/vivid-kthread-cap.c in the patch; those of videobuf2 are memory]. Left out:
// the threads of output and SDR, which are alike; more buffers; that a stopped thread is started anew: its first look at
// the list is the last step of who stops.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  kfree,
  kthread_should_stop,
  kthread_stop,
  mutex,
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  schedule_timeout,
  set_current_state,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  Goto,
  If,
  model,
  object,
  oneOf,
  procedure,
  Return,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('drivers/media/platform/vivid/vivid-kthread-cap.c');
const vb2 = source('drivers/media/common/videobuf2/videobuf2-core.c');

export const settings = config({ fix: oneOf('none', 'trylock', 'keep_mutex', 'give_back_last') });
const { fix } = settings;
const keeps = fix.isIn('trylock', 'keep_mutex');

export const state = shared({
  /** dev->mutex */
  dev_mutex: mutex(),
  /** Is the queue streaming? */
  streaming: bool().starts(true),
  /** A buffer of the queue, and whether it is on dev->vid_cap_active. */
  buf: object({ data: bool() }),
  active: bool().starts(true),
});
const { dev_mutex, streaming, buf, active } = state;

const fill = () => ({
  fill: If(c`!list_empty(&dev->vid_cap_active)`.test(active), {
    data: c`vivid_fillbuff(dev, vid_cap_buf)`(buf.data.set(true)),
    done: c`list_del(&vid_cap_buf->list)`(active.set(false)),
  }),
});

const kthread = procedure('vivid_thread_vid_cap', () => ({
  loop: If(kthread_should_stop(), { exit: Return() }),
  take: If(fix.is('trylock'), {
    try: If(mutex_trylock(dev_mutex), {}).Else({
      state: set_current_state('UNINTERRUPTIBLE'),
      wait: schedule_timeout(),
      next: Goto('loop'),
    }),
  }).Else({ lock: mutex_lock(dev_mutex) }),
  tick: fill().fill,
  unlock: mutex_unlock(dev_mutex),
  next: Goto('loop'),
}));
const thread = actor('vivid_cap', kthread);

const give_back = () => c`list_del(&buf->list): all of dev->vid_cap_active`(active.set(false));
const stop = procedure('vivid_stop_generating_vid_cap', () => ({
  lock: mutex_lock(dev_mutex),
  first: If(fix.isnt('give_back_last'), { buffers: give_back() }),
  drop: If(keeps, {}).Else({ unlock: mutex_unlock(dev_mutex) }),
  stop: kthread_stop(thread),
  again: If(keeps, {}).Else({ lock: mutex_lock(dev_mutex) }),
  last: If(fix.is('give_back_last'), { buffers: give_back() }),
  cancel: vb2`__vb2_queue_cancel(q)`(streaming.set(false)),
  free: kfree(buf),
  next_stream: fill().fill,
  unlock: mutex_unlock(dev_mutex),
}));

const read = procedure('vb2_fop_read', () => ({
  lock: mutex_lock(dev_mutex),
  queue: If(vb2`vb2_core_qbuf(): q->streaming`.test(streaming), {
    add: c`vid_cap_buf_queue(): list_add_tail(&buf->list, &dev->vid_cap_active)`(active.set(true)),
  }),
  unlock: mutex_unlock(dev_mutex),
}));

const stopper = actor('stopper', stop);
const reader = actor('reader', read);

export const properties: Properties = {
  stops: sometimes(stopper.done.and(thread.done)),
  reads_after: sometimes(reader.at('vb2_fop_read.unlock').and(stopper.done), 'the read comes after the stop'),
  fills: sometimes(buf.data, 'the thread has filled a buffer'),
};

export const race: Race = {
  subsystem: 'media/vivid',
  fix: {
    commit: '6dcd5d7a7a29',
    subject: 'media: vivid: Fix wrong locking that causes race conditions on streaming stop',
  },
  kinds: ['use-after-free', 'deadlock'],
  uses: ['kthread', 'mutex', 'trylock', 'list'],
  essence:
    'agrees: the buffer is queued after all were given back, as the mutex is dropped, and is used after it is freed',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [233, 380, 22], {
    'BUG: KASAN: slab-use-after-free in vivid_stop_generating_vid_cap': 16,
  }),
  row({ fix: 'trylock' }, [154, 246, 19]),
  row({ fix: 'keep_mutex' }, [100, 127, 19], { 'no deadlock': 5 }),
  row({ fix: 'give_back_last' }, [208, 347, 21]),
];

export { vivid_stop as model };

const vivid_stop = model('vivid_stop', {
  about:
    'a driver drops its mutex to stop its thread, and a read() queues a buffer that is freed next (CVE-2019-18683)',
  settings,
  state,
  actors: [thread, stopper, reader],
  comparison: { candidates: 'fix', scenarios: { 'stop, read': {} } },
});

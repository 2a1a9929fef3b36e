// dm-crypt: a tasklet lies in the memory of its I/O, which is freed before the tasklet is over (CVE-2024-26718).
//
// A tasklet decrypts, and then ends the bio, which frees the I/O and the tasklet in it. When the function returns, the
// softirq clears the running bit of the tasklet: it writes into free memory. Since 8e14f610159d a work item ends the bio;
// the work can run on another CPU before the softirq gets that far.
//
// Fix 0a9bab391e33, 6.8 [commit message; the release is memory]: no tasklet in dm-crypt or dm-verity; a work item decrypts.
// dm-verity ended the bio in the tasklet until then, so each was a write into free memory [commit message]. Steps: [source:
// kernel/softirq.c as the message describes it; drivers/md/dm-crypt.c is memory]. Left out: what is decrypted; several
// parts of one bio; where the crypto driver is asynchronous. KASAN sees the write only until the memory has another use.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  kfree,
  kworker,
  queue_work,
  tasklet_disable,
  tasklet_enable,
  tasklet_kill,
  tasklet_schedule,
  tasklet_softirq,
  tasklet_struct,
  work_struct,
  workqueue_struct,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  If,
  model,
  object,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('drivers/md/dm-crypt.c');

export const settings = config({
  fix: oneOf('none', 'no_tasklet', 'end_in_tasklet', 'kill', 'disable'),
});
const { fix } = settings;
const in_work = fix.is('no_tasklet');

export const state = shared({
  /** struct dm_crypt_io, with its tasklet and its work. */
  io: object({ decrypted: bool(), tasklet: tasklet_struct(), work: work_struct() }),
  /** cc->crypt_queue */
  crypt_queue: workqueue_struct(),
});
const { io, crypt_queue } = state;

const decrypt = () => c`kcryptd_crypt_read_convert(io)`(io.decrypted.set(true));
const tasklet_fn = procedure('kcryptd_crypt_tasklet', () => ({
  convert: decrypt(),
  end: If(fix.is('end_in_tasklet'), { bio_endio: kfree(io) }).Else({
    queue: queue_work(crypt_queue, io.work),
  }),
}));
const work_fn = procedure('kcryptd_io_bio_endio', () => ({
  convert: If(in_work, { decrypt: decrypt() }),
  kill: If(fix.is('kill'), { kill: tasklet_kill(io.tasklet) }),
  disable: If(fix.is('disable'), { off: tasklet_disable(io.tasklet), on: tasklet_enable(io.tasklet) }),
  bio_endio: kfree(io),
}));
const endio = procedure('crypt_endio', () => ({
  queue: If(in_work, { work: queue_work(crypt_queue, io.work) }).Else({
    schedule: tasklet_schedule(io.tasklet),
  }),
}));

const hardirq = actor('hardirq', endio);
const softirq = tasklet_softirq('softirq', io.tasklet, tasklet_fn);
const worker = kworker('kworker', io.work, work_fn);

export const properties: Properties = {
  ends: sometimes(hardirq.done.and(io.decrypted), 'the I/O is decrypted'),
};

export const race: Race = {
  subsystem: 'dm',
  fix: { commit: '0a9bab391e33', subject: 'dm-crypt, dm-verity: disable tasklets' },
  kinds: ['use-after-free'],
  uses: ['tasklet', 'workqueue', 'softirq'],
  essence: 'agrees: the work frees the I/O before the softirq has done with the tasklet',
  history:
    '8e14f610159d (`none`), which ends the bio in a work item and no more in the tasklet (`end_in_tasklet`), is refuted; 0a9bab391e33 says so.',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [14, 15, 8], { 'BUG: KASAN: slab-use-after-free in tasklet_action': 7 }),
  row({ fix: 'no_tasklet' }, [6, 5, 5]),
  row({ fix: 'end_in_tasklet' }, [6, 5, 5], { 'BUG: KASAN: slab-use-after-free in tasklet_action': 5 }),
  row({ fix: 'kill' }, [13, 14, 10]),
  row({ fix: 'disable' }, [14, 15, 11]),
];

export { dm_crypt_tasklet as model };

const dm_crypt_tasklet = model('dm_crypt_tasklet', {
  about: 'a work item frees an I/O, and the softirq then clears a bit of the tasklet in it (CVE-2024-26718)',
  settings,
  state,
  actors: [hardirq, softirq, worker],
  comparison: { candidates: 'fix', scenarios: { 'a read': {} } },
});

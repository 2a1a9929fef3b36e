// zswap uses the acomp_ctx of a CPU that goes down (CVE-2025-21693).
//
// zswap_compress() takes the context of its CPU and the mutex in it, and may sleep, so that it goes on on another CPU. If the
// first one goes down meanwhile, zswap_cpu_comp_dead() frees the request and the buffer of the context, without the mutex.
//
// Fix 12dcb0ef5406, 2025 [commit message]: the callback frees under the mutex and clears acomp_ctx->req; zswap_compress()
// tests req under the mutex, and takes the context of its present CPU where it is NULL. Before, cpus_read_lock() was merged
// and taken back: a task that holds it may enter reclaim, and so zswap [commit message]. Disabling migration was discussed:
// it works, and is more than is needed [commit message]. Steps: [source: mm/zswap.c in the patch]. Left out: allocation as a
// CPU comes up, which 779b9955f643 moves out of the mutex; the contexts of other CPUs; what is compressed.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  down_read,
  down_write,
  kfree,
  mutex,
  mutex_lock,
  mutex_unlock,
  rwsem,
  up_read,
  up_write,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  Goto,
  If,
  model,
  not,
  object,
  oneOf,
  procedure,
  shared,
  source,
  when,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import { type Race, use_after_free } from '../race.js';

const c = source('mm/zswap.c');
const cpu = source('kernel/cpu.c');

export const settings = config({
  fix: oneOf('none', 'mutex_and_retry', 'mutex_only', 'retry_only', 'cpus_read_lock', 'migrate_disable'),
  /** Does the task that enters reclaim hold cpu_hotplug_lock for reading? */
  HOLDER: bool(),
});
const { fix, HOLDER } = settings;
const retries = fix.isIn('mutex_and_retry', 'retry_only');
const locks = fix.isIn('mutex_and_retry', 'mutex_only');

export const state = shared({
  cpu_hotplug_lock: rwsem(),
  online: bool().starts(true),
  /** A task on the CPU has migration disabled: the CPU does not go down. */
  pinned: bool(),
  /** acomp_ctx->mutex, acomp_ctx->req != NULL, and the request and the buffer themselves. */
  ctx_mutex: mutex(),
  req: bool().starts(true),
  request: object({ dlen: bool() }),
});
const { cpu_hotplug_lock, online, pinned, ctx_mutex, req, request } = state;

const compress = procedure('zswap_compress', () => ({
  holds: If(HOLDER, { cpus: down_read(cpu_hotplug_lock) }),
  cpus: If(fix.is('cpus_read_lock'), { lock: down_read(cpu_hotplug_lock) }),
  pin: If(fix.is('migrate_disable'), { off: c`migrate_disable()`(pinned.set(online)) }),
  ctx: If(c`acomp_ctx = raw_cpu_ptr(pool->acomp_ctx)`.test(online), {
    lock: mutex_lock(ctx_mutex),
    test: If(retries.and(not(req)), { unlock: mutex_unlock(ctx_mutex), again: Goto('ctx') }),
    use: c`crypto_acomp_compress(acomp_ctx->req)`.test(request.dlen),
    unlock: mutex_unlock(ctx_mutex),
  }).Else({ other: c`crypto_acomp_compress(acomp_ctx->req): of another CPU`() }),
  unpin: If(fix.is('migrate_disable'), { on: c`migrate_enable()`(pinned.set(false)) }),
  cpus_end: If(fix.is('cpus_read_lock'), { unlock: up_read(cpu_hotplug_lock) }),
  holds_end: If(HOLDER, { cpus: up_read(cpu_hotplug_lock) }),
}));

const cpu_down = procedure('zswap_cpu_comp_dead', () => ({
  cpus: down_write(cpu_hotplug_lock),
  dead: cpu`takedown_cpu(cpu)`(when(not(pinned)), online.set(false)),
  lock: If(locks, { mutex: mutex_lock(ctx_mutex) }),
  free: kfree(request),
  clear: If(fix.isnt('none'), { req: c`acomp_ctx->req = NULL`(req.set(false)) }),
  unlock: If(locks, { mutex: mutex_unlock(ctx_mutex) }),
  cpus_end: up_write(cpu_hotplug_lock),
}));

const task = actor('task', compress);
const hotplug = actor('hotplug', cpu_down);

export const properties: Properties = {
  compresses_first: sometimes(task.done.and(online)),
  other_cpu: sometimes(task.at('zswap_compress.other')),
  goes_down: sometimes(task.done.and(hotplug.done)),
};

export const race: Race = {
  subsystem: 'mm/zswap',
  fix: {
    commit: '12dcb0ef5406',
    subject: 'mm: zswap: properly synchronize freeing resources during CPU hotunplug',
  },
  kinds: ['use-after-free', 'deadlock'],
  uses: ['per-CPU data', 'mutex', 'rwsem', 'CPU hotplug'],
  essence:
    'agrees: the task takes the context of a CPU before that goes down, and uses it after the callback has freed it',
  history:
    '"mm: zswap: fix race between [de]compression and CPU hotunplug" (`cpus_read_lock`) is refuted where the task holds the lock already; it was reverted for that.',
};

const late = use_after_free('zswap_compress');
export const manifest: Manifest = [
  row({ fix: 'none' }, [30, 46, 7], { [late]: 6 }),
  row({ fix: 'mutex_and_retry' }, [43, 66, 10]),
  row({ fix: 'mutex_only' }, [40, 59, 10], { [late]: 9 }),
  row({ fix: 'retry_only' }, [45, 72, 9], { [late]: 7 }),
  row({ fix: 'cpus_read_lock' }, [26, 31, 10]),
  row({ fix: 'migrate_disable' }, [34, 52, 9]),
  row({ fix: 'none', HOLDER: true }, [24, 29, 9]),
  row({ fix: 'mutex_and_retry', HOLDER: true }, [32, 38, 13]),
  row({ fix: 'cpus_read_lock', HOLDER: true }, [35, 42, 13], {
    'WARNING: possible recursive locking detected (cpu_hotplug_lock)': 2,
    'no deadlock': 3,
  }),
];

export { zswap_cpu_dead as model };

const zswap_cpu_dead = model('zswap_cpu_dead', {
  about: 'zswap works with the context of a CPU that goes down, and frees it, in between',
  settings,
  state,
  actors: [task, hotplug],
  comparison: {
    candidates: 'fix',
    scenarios: { 'a task in reclaim': {}, 'it holds cpus_read_lock()': { HOLDER: true } },
  },
});

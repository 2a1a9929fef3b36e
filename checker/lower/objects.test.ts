// Objects with a lifetime: every access is checked in its own step, a double free or a free while a lock in the object
// is held is reported, and pointers point to slots of pools.

import { describe, expect, test } from 'vitest';
import {
  kfree,
  mutex,
  mutex_lock,
  mutex_unlock,
  spin_lock,
  spin_unlock,
  spinlock,
} from '../../models/kernel/index.js';
import {
  actor,
  bool,
  cpu,
  Either,
  If,
  int,
  isLive,
  not,
  object,
  procedure,
  record,
  shared,
  source,
  when,
  whenFreed,
} from '../../models/language/index.js';
import { explored } from './testing/explored.js';
import { stepsOf, textOf } from './testing/small.js';

const c = source('drivers/x.c');
const state = shared({
  dev: object({ n: int(0, 3), ready: bool(), lock: spinlock() }),
  go: bool(),
});
const { dev, go } = state;
const free = actor(
  'free',
  procedure('free', () => ({ kfree: kfree(dev) })),
);
/** The steps of an actor beside one that frees the device. */
const stepsBeside = (p: Parameters<typeof actor>[1]) => {
  const text = textOf({ state, actors: [actor('a', p), free] });
  return text.slice(text.indexOf('actor a'), text.indexOf('actor free'));
};

describe('no access', () => {
  test('is the question whether the actor may sleep, which may hold a lock of a freed object in other steps', async () => {
    const withMutex = shared({ dev: object({ lock: spinlock() }), m: mutex() });
    const sleeps = procedure('sleeps', () => ({
      lock: spin_lock(withMutex.dev.lock),
      unlock: spin_unlock(withMutex.dev.lock),
      free: kfree(withMutex.dev),
      sleep: mutex_lock(withMutex.m),
      wake: mutex_unlock(withMutex.m),
    }));
    expect(await explored({ state: withMutex, actors: [actor('a', sleeps)] })).toMatchInlineSnapshot(`
      [
        "holds: 6 states, 5 transitions, depth 5, levels 1 1 1 1 1 1",
      ]
    `);
  });
  test('is the question whether another task of the CPU holds a lock of a freed object, and so cannot be preempted', async () => {
    const cpu0 = cpu('cpu0');
    const waits = procedure('waits', () => ({ wait: c`wait`(when(not(isLive(dev)))), then: c`then`() }));
    const actors = [
      actor(
        'a',
        procedure('first', () => ({
          lock: spin_lock(dev.lock),
          unlock: spin_unlock(dev.lock),
          free: kfree(dev),
        })),
        {},
        { on: cpu0 },
      ),
      actor('b', waits, {}, { on: cpu0 }),
    ];
    expect(await explored({ state, actors })).toMatchInlineSnapshot(`
      [
        "holds: 6 states, 5 transitions, depth 5, levels 1 1 1 1 1 1",
      ]
    `);
  });
});

describe('an access', () => {
  test('is checked in the step that makes it: on arrival if the step waits for it, else when the step is taken', () => {
    const p = procedure('p', { v: int(0, 3) }, ({ v }) => ({
      load: c`v = dev->n`(v.set(dev.n)),
      wait: c`wait for dev->ready`(when(dev.ready), dev.n.set(v)),
      store: c`dev->n = 1`(when(go), dev.n.set(1)),
    }));
    expect(stepsBeside(p)).toMatchInlineSnapshot(`
      "actor a
      {
      p.load:
              /* drivers/x.c: v = dev->n */
              when (dev.lifetime != live); bug "BUG: KASAN: slab-use-after-free in p";
              /* drivers/x.c: v = dev->n */
              when (dev.lifetime == live); a:p.v = dev.n;
      p.wait:
              /* drivers/x.c: wait for dev->ready */
              when (dev.lifetime != live); bug "BUG: KASAN: slab-use-after-free in p"; /* reset: */ a:p.v = 0;
              /* drivers/x.c: wait for dev->ready */
              when (dev.lifetime == live && dev.ready); dev.n = a:p.v; /* reset: */ a:p.v = 0;
      p.store:
              /* drivers/x.c: dev->n = 1 */
              when (go && dev.lifetime != live); bug "BUG: KASAN: slab-use-after-free in p";
              /* drivers/x.c: dev->n = 1 */
              when (go && dev.lifetime == live); dev.n = 1; goto done;
      done:
              ;
      }

      "
    `);
  });

  test('follows evaluation: a field that is not read is not checked', () => {
    const p = procedure('p', () => ({
      both: If(go.and(dev.ready), { yes: c`yes`() }),
      either: c`wait`(when(go.or(dev.ready))),
    }));
    expect(stepsBeside(p)).toMatchInlineSnapshot(`
      "actor a
      {
      p.both:
              /* if (go && dev.ready) */
              when (!(!go || dev.lifetime == live)); bug "BUG: KASAN: slab-use-after-free in p";
              /* if (go && dev.ready) */
              when ((!go || dev.lifetime == live) && go && dev.ready);
              /* if (!(go && dev.ready)) */
              when ((!go || dev.lifetime == live) && !(go && dev.ready)); goto p.either;
      p.yes:
              /* drivers/x.c: yes */
              ;
      p.either:
              /* drivers/x.c: wait */
              when (!(go || dev.lifetime == live)); bug "BUG: KASAN: slab-use-after-free in p";
              /* drivers/x.c: wait */
              when ((go || dev.lifetime == live) && (go || dev.ready)); goto done;
      done:
              ;
      }

      "
    `);
  });

  test('of a test, a lock or an arm is an access', () => {
    const p = procedure('p', () => ({
      lock: spin_lock(dev.lock),
      put: If(c`refcount_dec_and_test()`.test(dev.n.eq(1), { both: [dev.n.dec()] }), { last: c`last`() }),
      unlock: spin_unlock(dev.lock),
      arm: Either({ one: { wait: c`wait`(when(dev.ready)) }, two: {} }),
    }));
    expect(stepsBeside(p)).toMatchInlineSnapshot(`
      "actor a
      {
      p.lock:
              /* include/linux/spinlock.h: spin_lock(dev.lock) */
              when (dev.lifetime != live); bug "BUG: KASAN: slab-use-after-free in p";
              /* include/linux/spinlock.h: spin_lock(dev.lock) */
              when (dev.lifetime == live && dev.lock == free); dev.lock = a;
      p.put:
              /* drivers/x.c: refcount_dec_and_test() */
              when (dev.lifetime != live); bug "BUG: KASAN: slab-use-after-free in p";
              /* drivers/x.c: refcount_dec_and_test(): true */
              when (dev.lifetime == live && dev.n == 1); dev.n = dev.n - 1;
              /* drivers/x.c: refcount_dec_and_test(): false */
              when (dev.lifetime == live && dev.n != 1); dev.n = dev.n - 1; goto p.unlock;
      p.last:
              /* drivers/x.c: last */
              ;
      p.unlock:
              /* include/linux/spinlock.h: spin_unlock(dev.lock) */
              when (dev.lifetime != live); bug "BUG: KASAN: slab-use-after-free in p";
              /* include/linux/spinlock.h: spin_unlock(dev.lock) */
              when (dev.lifetime == live); dev.lock = free;
      p.arm:
              /* p.wait: drivers/x.c: wait */
              when (dev.ready && dev.lifetime != live); bug "BUG: KASAN: slab-use-after-free in p";
              /* p.wait: drivers/x.c: wait */
              when (dev.ready && dev.lifetime == live); goto done;
              /* p.two: choose two */
              goto done;
      done:
              ;
      }

      "
    `);
  });

  test('of an object that no step frees is not checked, and costs nothing', () => {
    const p = procedure('p', () => ({ load: c`load`(dev.n.set(1)), alive: c`ask`(when(isLive(dev))) }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.load:
              /* drivers/x.c: load */
              dev.n = 1;
      p.alive:
              /* drivers/x.c: ask */
              when (dev.lifetime == live); goto done;
      done:
              ;
      "
    `);
  });
});

describe('a free', () => {
  const device = shared({
    dev: object({
      lock: spinlock(),
      work: whenFreed(
        record({ pending: bool() }),
        (work) => not(work.pending),
        'ODEBUG: free active (active state 0) object type: work_struct',
      ),
    }),
  });

  test('is a bug the second time, and a warning while a lock or a member is in use', () => {
    const p = procedure('p', () => ({
      lock: spin_lock(device.dev.lock),
      queue: c`queue_work()`(device.dev.work.pending.set(true)),
      first: kfree(device.dev),
      second: kfree(device.dev),
    }));
    expect(stepsOf(p, device)).toMatchInlineSnapshot(`
      "p.lock:
              /* include/linux/spinlock.h: spin_lock(dev.lock) */
              when (dev.lifetime != live); bug "BUG: KASAN: slab-use-after-free in p";
              /* include/linux/spinlock.h: spin_lock(dev.lock) */
              when (dev.lifetime == live && dev.lock == free); dev.lock = a;
      p.queue:
              /* drivers/x.c: queue_work() */
              when (dev.lifetime != live); bug "BUG: KASAN: slab-use-after-free in p";
              /* drivers/x.c: queue_work() */
              when (dev.lifetime == live); dev.work.pending = true;
      p.first:
              /* include/linux/slab.h: kfree(dev) */
              when (dev.lifetime != live); bug "BUG: KASAN: double-free";
              /* include/linux/slab.h: kfree(dev) */
              when (dev.lifetime == live); warning "WARNING: held lock freed!"; dev.lifetime = freed;
      p.second:
              /* include/linux/slab.h: kfree(dev) */
              when (dev.lifetime != live); bug "BUG: KASAN: double-free";
              /* include/linux/slab.h: kfree(dev) */
              when (dev.lifetime == live); warning "WARNING: held lock freed!"; dev.lifetime = freed; goto done;
      done:
              ;
      "
    `);
  });

  test('is found between two steps, not one step before the access', async () => {
    const racy = shared({ dev: object({ n: int(0, 1) }), go: bool() });
    const use = procedure('use', { v: int(0, 1) }, ({ v }) => ({
      check: c`if (WARN_ON(!dev))`(),
      go: c`complete(&go)`(racy.go.set(true)),
      load: c`v = dev->n`(v.set(racy.dev.n)),
    }));
    const release = procedure('release', () => ({
      wait: c`wait(&go)`(when(racy.go)),
      kfree: kfree(racy.dev),
    }));
    const found = await explored({ state: racy, actors: [actor('user', use), actor('freer', release)] });
    expect(found).toMatchInlineSnapshot(`
      [
        "violated: 9 states, 9 transitions, depth 5, levels 1 1 1 2 2 2",
        "BUG: KASAN: slab-use-after-free in use: violated by user use.check, user use.go, freer release.wait, freer release.kfree, user use.load",
      ]
    `);
  });
});

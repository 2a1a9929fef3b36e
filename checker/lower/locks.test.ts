// Locks: the state records the holder. Conditions on an actor's own locks that its control flow decides are not checked
// in states.

import { describe, expect, test } from 'vitest';
import {
  down_read,
  down_write,
  downgrade_write,
  mutex,
  mutex_lock,
  mutex_unlock,
  rwsem,
  spin_lock,
  spin_unlock,
  spinlock,
  up_read,
  up_write,
} from '../../models/kernel/index.js';
import {
  actor,
  actors,
  array,
  bool,
  Call,
  If,
  int,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { explore } from '../explore.js';
import { programOf, stepsOf, textOf } from './testing/small.js';

const c = source('mm/filemap.c');
const state = shared({
  ptl: spinlock(),
  other: spinlock(),
  page_lock: mutex(),
  sem: rwsem(),
  locks: array(2, spinlock()),
  k: int(0, 1),
  busy: bool(),
});
const { ptl, other, page_lock, sem, locks, k, busy } = state;
const step = c`step`();

test('a step waits for a spinlock, and only its holder drops it', () => {
  const p = procedure('p', () => ({ lock: spin_lock(ptl), unlock: spin_unlock(ptl) }));
  expect(textOf({ state: shared({ ptl: spinlock() }), actors: [actors('a', 2, p)] })).toMatchInlineSnapshot(`
    "{ free, a[0], a[1] } ptl = free;

    actor a[0]
    {
    p.lock:
            /* include/linux/spinlock.h: spin_lock(ptl) */
            when (ptl == free); ptl = a[0];
    p.unlock:
            /* include/linux/spinlock.h: spin_unlock(ptl) */
            ptl = free; goto done;
    done:
            ;
    }

    actor a[1]
    {
    p.lock:
            /* include/linux/spinlock.h: spin_lock(ptl) */
            when (ptl == free); ptl = a[1];
    p.unlock:
            /* include/linux/spinlock.h: spin_unlock(ptl) */
            ptl = free; goto done;
    done:
            ;
    }
    "
  `);
});

describe('an unlock', () => {
  test('is checked where control flow does not decide whether the actor holds the lock', () => {
    const p = procedure('p', () => ({
      maybe: If(busy, { lock: spin_lock(ptl) }),
      unlock: spin_unlock(ptl),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.maybe:
              /* if (busy) */
              when (busy);
              /* if (!busy) */
              when (!busy); goto p.unlock;
      p.lock:
              /* include/linux/spinlock.h: spin_lock(ptl) */
              when (ptl == free); ptl = a;
      p.unlock:
              /* include/linux/spinlock.h: spin_unlock(ptl) */
              when (ptl != a); bug "WARNING: bad unlock balance detected! (ptl)";
              /* include/linux/spinlock.h: spin_unlock(ptl) */
              when (ptl == a); ptl = free; goto done;
      done:
              ;
      "
    `);
  });

  test('of one of several is checked, since the index may have changed', () => {
    const p = procedure('p', () => ({
      lock: spin_lock(locks.at(k)),
      move: c`move`(k.set(1)),
      unlock: spin_unlock(locks.at(k)),
      certain: spin_lock(locks.at(1)),
      and_back: spin_unlock(locks.at(1)),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.lock:
              /* include/linux/spinlock.h: spin_lock(locks[k]) */
              when (locks[k] == free); locks[k] = a;
      p.move:
              /* mm/filemap.c: move */
              k = 1;
      p.unlock:
              /* include/linux/spinlock.h: spin_unlock(locks[k]) */
              when (locks[k] != a); bug "WARNING: bad unlock balance detected! (locks)";
              /* include/linux/spinlock.h: spin_unlock(locks[k]) */
              when (locks[k] == a); locks[k] = free;
      p.certain:
              /* include/linux/spinlock.h: spin_lock(locks[1]) */
              when (locks[1] == a); bug "BUG: spinlock recursion (locks)";
              /* include/linux/spinlock.h: spin_lock(locks[1]) */
              when (locks[1] != a && locks[1] == free); locks[1] = a;
      p.and_back:
              /* include/linux/spinlock.h: spin_unlock(locks[1]) */
              when (locks[0] == a); warning "WARNING: lock held when returning to user space! (locks)"; locks[1] = free; goto done;
              /* include/linux/spinlock.h: spin_unlock(locks[1]) */
              when (locks[0] != a); locks[1] = free; goto done;
      done:
              ;
      "
    `);
  });

  test('by another actor is a bug of that actor', async () => {
    const holder = procedure('holder', () => ({ lock: spin_lock(ptl), unlock: spin_unlock(ptl) }));
    const thief = procedure('thief', () => ({
      maybe: If(busy, { lock: spin_lock(ptl) }),
      unlock: spin_unlock(ptl),
    }));
    const report = await explore(programOf({ state, actors: [actor('h', holder), actor('t', thief)] }), []);
    const bad = report.properties.filter(({ verdict }) => verdict === 'violated');
    expect(bad.map(({ check, finding }) => [check.name, finding?.path.steps.length])).toEqual([
      ['WARNING: bad unlock balance detected! (ptl)', 2],
    ]);
  });
});

describe('whether an actor may sleep', () => {
  test('is decided by control flow where it can be', () => {
    const p = procedure('p', () => ({
      fine: mutex_lock(page_lock),
      unlock: mutex_unlock(page_lock),
      spin: spin_lock(ptl),
      wrong: mutex_lock(page_lock),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.fine:
              /* include/linux/mutex.h: mutex_lock(page_lock) */
              when (page_lock == free); page_lock = a;
      p.unlock:
              /* include/linux/mutex.h: mutex_unlock(page_lock) */
              page_lock = free;
      p.spin:
              /* include/linux/spinlock.h: spin_lock(ptl) */
              when (ptl == free); ptl = a;
      p.wrong:
              /* include/linux/mutex.h: mutex_lock(page_lock) */
              warning "BUG: sleeping function called from invalid context";
      p.wrong[warned]:
              /* include/linux/mutex.h: mutex_lock(page_lock) */
              when (page_lock == free); warning "WARNING: lock held when returning to user space! (ptl)"; page_lock = a; goto done;
      done:
              ;
      "
    `);
  });

  test('is checked in states where it cannot', () => {
    const p = procedure('p', () => ({
      maybe: If(busy, { lock: spin_lock(ptl) }),
      read: down_read(sem),
    }));
    expect(stepsOf(p, shared({ ptl: spinlock(), sem: rwsem(), busy: bool() }))).toMatchInlineSnapshot(`
      "p.maybe:
              /* if (busy) */
              when (busy);
              /* if (!busy) */
              when (!busy); goto p.read;
      p.lock:
              /* include/linux/spinlock.h: spin_lock(ptl) */
              when (ptl == free); ptl = a;
      p.read:
              /* include/linux/rwsem.h: down_read(sem) */
              when (ptl == a); warning "BUG: sleeping function called from invalid context";
              /* include/linux/rwsem.h: down_read(sem) */
              when (ptl != a && sem.writer == free && !sem.readers[a] && ptl == a); warning "WARNING: lock held when returning to user space! (ptl)"; sem.readers[a] = true; goto done;
              /* include/linux/rwsem.h: down_read(sem) */
              when (ptl != a && sem.writer == free && !sem.readers[a] && ptl != a); warning "WARNING: lock held when returning to user space! (sem)"; sem.readers[a] = true; goto done;
      p.read[warned]:
              /* include/linux/rwsem.h: down_read(sem) */
              when (sem.writer == free && !sem.readers[a] && ptl == a); warning "WARNING: lock held when returning to user space! (ptl)"; sem.readers[a] = true; goto done;
              /* include/linux/rwsem.h: down_read(sem) */
              when (sem.writer == free && !sem.readers[a] && ptl != a); warning "WARNING: lock held when returning to user space! (sem)"; sem.readers[a] = true; goto done;
      done:
              ;
      "
    `);
  });

  test('a mutex, unlike a spinlock, may be held by an actor that sleeps', () => {
    const p = procedure('p', () => ({
      lock: mutex_lock(page_lock),
      read: down_write(sem),
      up: up_write(sem),
    }));
    expect(stepsOf(p, shared({ page_lock: mutex(), sem: rwsem() }))).toMatchInlineSnapshot(`
      "p.lock:
              /* include/linux/mutex.h: mutex_lock(page_lock) */
              when (page_lock == free); page_lock = a;
      p.read:
              /* include/linux/rwsem.h: down_write(sem) */
              when (!sem.readers[a] && sem.writer == free); sem.writer = a;
      p.up:
              /* include/linux/rwsem.h: up_write(sem) */
              warning "WARNING: lock held when returning to user space! (page_lock)"; sem.writer = free; goto done;
      done:
              ;
      "
    `);
  });
});

describe('a rwsem', () => {
  const small = shared({ sem: rwsem() });
  const reader = procedure('reader', () => ({ lock: down_read(small.sem), unlock: up_read(small.sem) }));
  const writer = procedure('writer', () => ({
    lock: down_write(small.sem),
    downgrade: downgrade_write(small.sem),
    unlock: up_read(small.sem),
  }));

  test('has one writer or any number of readers, each with its own share', () => {
    expect(textOf({ state: small, actors: [actor('r', reader), actor('w', writer)] })).toMatchInlineSnapshot(`
      "{ free, r, w } sem.writer = free;
      bool sem.readers[r] = false;
      bool sem.readers[w] = false;

      actor r
      {
      reader.lock:
              /* include/linux/rwsem.h: down_read(sem) */
              when (sem.writer == free && !sem.readers[r]); sem.readers[r] = true;
      reader.unlock:
              /* include/linux/rwsem.h: up_read(sem) */
              sem.readers[r] = false; goto done;
      done:
              ;
      }

      actor w
      {
      writer.lock:
              /* include/linux/rwsem.h: down_write(sem) */
              when (!sem.readers[r] && !sem.readers[w] && sem.writer == free); sem.writer = w;
      writer.downgrade:
              /* include/linux/rwsem.h: downgrade_write(sem) */
              when (!sem.readers[w]); sem.writer = free, sem.readers[w] = true;
      writer.unlock:
              /* include/linux/rwsem.h: up_read(sem) */
              sem.readers[w] = false; goto done;
      done:
              ;
      }
      "
    `);
  });

  test('lets readers in together, and a writer only alone', async () => {
    const program = programOf({ state: small, actors: [actors('r', 2, reader), actor('w', writer)] });
    const { evidence, verdict } = await explore(program, []);
    // Readers: 3 locations each. The writer: before, after its unlock, or reading, with any of 9; writing, with
    // both readers outside: before or after, 4 of 9.
    expect([verdict, evidence.states]).toEqual(['holds', 3 * 9 + 4]);
  });
});

describe('a condition on a lock', () => {
  const holder = procedure('holder', () => ({ lock: spin_lock(ptl), unlock: spin_unlock(ptl) }));
  const asker = procedure('asker', () => ({
    mine: c`is it mine`(when(ptl.isMine())),
    free: c`is it free`(when(ptl.isFree())),
    theirs: c`is it theirs`(when(ptl.isOwnedBy(holders.of(1)))),
    readers: c`any readers`(when(sem.readers.isFree().or(sem.readers.isOwnedBy(holders.of(0))))),
    reads: c`do I read`(when(sem.readers.isMine())),
    varies: c`one of two`(when(locks.at(k).isMine())),
  }));
  const holders = actors('h', 2, holder);

  test('may be that it is free, or which actor holds it', () => {
    const text = textOf({ state, actors: [actor('a', asker), holders] });
    expect(text.slice(text.indexOf('actor a'), text.indexOf('actor h[0]'))).toMatchInlineSnapshot(`
      "actor a
      {
      asker.mine:
              /* mm/filemap.c: is it mine */
              when (ptl == a);
      asker.free:
              /* mm/filemap.c: is it free */
              when (ptl == free);
      asker.theirs:
              /* mm/filemap.c: is it theirs */
              when (ptl == h[1]);
      asker.readers:
              /* mm/filemap.c: any readers */
              when ((!sem.readers[a] && !sem.readers[h[0]] && !sem.readers[h[1]]) || sem.readers[h[0]]);
      asker.reads:
              /* mm/filemap.c: do I read */
              when (sem.readers[a]);
      asker.varies:
              /* mm/filemap.c: one of two */
              when (locks[k] == a); goto done;
      done:
              ;
      }

      "
    `);
  });
});

test('locks that a callee takes are known to its caller', () => {
  const take = procedure('take', () => ({ lock: spin_lock(ptl) }));
  const p = procedure('p', () => ({
    call: Call(take),
    work: step,
    unlock: spin_unlock(ptl),
    more: spin_lock(other),
  }));
  expect(programOf({ state, actors: [actor('a', p)] }).threads[0]!.dead).toBeUndefined();
});

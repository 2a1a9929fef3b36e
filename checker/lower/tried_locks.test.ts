// Trylocks: an atomic test that takes a lock is false if the lock is not available. No actor waits or queues for it.

import { expect, test } from 'vitest';
import {
  down_read,
  down_write,
  type Rwsem,
  rwsem,
  spin_lock,
  spin_unlock,
  spinlock,
  up_read,
  up_write,
} from '../../models/kernel/index.js';
import {
  actor,
  bool,
  If,
  type OwnerVar,
  oneOf,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { explored } from './testing/explored.js';
import { stepsOf, textOf } from './testing/small.js';

const c = source('mm/filemap.c');
const nothing = c`nothing`;
const spin_trylock = (of: OwnerVar<'spinlock'>) =>
  c`spin_trylock(${of})`.test(of.isFree(), { yes: [of.take()] });
const down_read_trylock = (sem: Rwsem) =>
  c`down_read_trylock()`.test(sem.writer.isFree(), { yes: [sem.readers.take()] });

test('twice by one actor is false the second time, and nothing is reported', async () => {
  const two = shared({ lock: spinlock(), second: oneOf('untried', 'true', 'false') });
  const p = procedure('p', () => ({
    first: spin_lock(two.lock),
    second: If(spin_trylock(two.lock), { yes: nothing(two.second.set('true')) }).Else({
      no: nothing(two.second.set('false')),
    }),
    unlock: spin_unlock(two.lock),
  }));
  expect(stepsOf(p, two)).not.toContain('recursion');
  expect(await explored({ state: two, actors: [actor('a', p)] })).toMatchInlineSnapshot(`
      [
        "holds: 5 states, 4 transitions, depth 4, levels 1 1 1 1 1",
      ]
    `);
});

test('against the order of others makes no deadlock, unlike a test and a take in two steps', async () => {
  const two = shared({ a: spinlock(), b: spinlock() });
  const forwards = procedure('forwards', () => ({
    a: spin_lock(two.a),
    b: spin_lock(two.b),
    b_out: spin_unlock(two.b),
    a_out: spin_unlock(two.a),
  }));
  const backwards = (tries: boolean) =>
    procedure('backwards', () => ({
      b: spin_lock(two.b),
      a: tries
        ? If(spin_trylock(two.a), { out: spin_unlock(two.a) })
        : If(two.a.isFree(), { a_too_late: spin_lock(two.a), out: spin_unlock(two.a) }),
      b_out: spin_unlock(two.b),
    }));
  const found = (tries: boolean) =>
    explored({ state: two, actors: [actor('p', forwards), actor('q', backwards(tries))] });
  expect(await found(true)).toMatchInlineSnapshot(`
      [
        "holds: 20 states, 26 transitions, depth 7, levels 1 2 3 3 4 3 3 1",
      ]
    `);
  expect(await found(false)).toMatchInlineSnapshot(`
      [
        "violated: 23 states, 29 transitions, depth 7, levels 1 2 3 4 4 4 3 2",
        "no deadlock: violated by q backwards.b, q backwards.a, p forwards.a",
      ]
    `);
});

test('fails for a reader while a writer waits, and a writer does not wait for it', () => {
  const s = shared({ sem: rwsem(), go: bool() });
  const { sem, go } = s;
  const reader = procedure('reader', () => ({
    read: down_read(sem),
    wait: nothing(when(go)),
    out: up_read(sem),
  }));
  const trier = procedure('trier', () => ({
    read: If(down_read_trylock(sem), { out: up_read(sem) }),
    write: If(c`down_write_trylock()`.test(sem.readers.isFree(), { yes: [sem.writer.take()] }), {
      w_out: up_write(sem),
    }),
    go: nothing(go.set(true)),
  }));
  const writer = procedure('writer', () => ({ write: down_write(sem), out: up_write(sem) }));
  const actors = [actor('r', reader), actor('t', trier), actor('w', writer)];
  const text = textOf({ state: s, actors });
  expect(text.slice(text.indexOf('actor t'), text.indexOf('actor w'))).toMatchInlineSnapshot(`
      "actor t
      {
      trier.read:
              /* mm/filemap.c: down_read_trylock(): true */
              when (sem.writer == free && !sem.readers[t] && ((!sem.readers[r] && !sem.readers[t] && !sem.readers[w]) || !sem.waiting[w])); sem.readers[t] = true;
              /* mm/filemap.c: down_read_trylock(): false */
              when (!(sem.writer == free && !sem.readers[t] && ((!sem.readers[r] && !sem.readers[t] && !sem.readers[w]) || !sem.waiting[w]))); goto trier.write;
      trier.out:
              /* include/linux/rwsem.h: up_read(sem) */
              sem.readers[t] = false;
      trier.write:
              /* mm/filemap.c: down_write_trylock(): true */
              when (!sem.readers[r] && !sem.readers[t] && !sem.readers[w] && sem.writer == free); sem.writer = t;
              /* mm/filemap.c: down_write_trylock(): false */
              when (!(!sem.readers[r] && !sem.readers[t] && !sem.readers[w] && sem.writer == free)); goto trier.go;
      trier.w_out:
              /* include/linux/rwsem.h: up_write(sem) */
              sem.writer = free;
      trier.go:
              /* mm/filemap.c: nothing */
              go = true; goto done;
      done:
              ;
      }

      "
    `);
});

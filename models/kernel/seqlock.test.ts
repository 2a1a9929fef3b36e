// Sequence counts: what a reader sees beside writers, with and without its retry, and with writers that make a mistake.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { programOf } from '../../checker/lower/testing/small.js';
import { check } from '../../checker/testing/check.js';
import { always, never } from '../../properties/language/index.js';
import {
  actor,
  actors,
  type Block,
  bool,
  cpu,
  Goto,
  If,
  int,
  interrupt,
  not,
  perActor,
  procedure,
  type Stmt,
  shared,
  source,
  when,
} from '../language/index.js';
import {
  preempt_disable,
  preempt_enable,
  raw_seqcount_begin,
  raw_write_seqcount_begin,
  read_seqbegin,
  read_seqcount_begin,
  read_seqcount_retry,
  read_seqlock_excl,
  read_seqretry,
  read_sequnlock_excl,
  seqcount,
  seqlock,
  seqretry,
  spin_lock,
  spin_unlock,
  spinlock,
  write_seqcount_begin,
  write_seqcount_end,
  write_seqlock,
  write_seqlock_irqsave,
  write_sequnlock,
  write_sequnlock_irqrestore,
} from './index.js';

const c = source('kernel/time/timekeeping.c');
const cpu0 = cpu('cpu0');
const state = shared({
  seq: seqcount(),
  whole: seqlock(),
  lock: spinlock(),
  a: int(0, 1),
  b: int(0, 1),
  count: int(0, 5),
});
const { seq, whole, lock, a, b, count } = state;
const xs = perActor('x', int(0, 1));
const ys = perActor('y', int(0, 1));
const [x, y] = [xs.mine, ys.mine];
const flags = perActor('flags', bool()).mine;

const short = (lines: readonly string[]) => lines.map((line) => line.replace(/ states, .*/, ' states'));
const read = () => ({ x: c`x = a`(x.set(a)), y: c`y = b`(y.set(b)) });
const write = () => ({ a: c`a = 1`(a.set(1)), b: c`b = 1`(b.set(1)) });
const reading = () => ({ do: seqretry(seq, read()), use: c`use x and y`() });
const writing = (begin: () => Block, end: () => Block) => () => ({
  off: preempt_disable(),
  ...begin(),
  ...write(),
  ...end(),
  on: preempt_enable(),
});
const begin = () => ({ begin: write_seqcount_begin(seq) });
const end = () => ({ end: write_seqcount_end(seq) });

const found = async (readers: () => Block, ...writers: readonly (() => Block)[]) => {
  const reader = actor('reader', procedure('reader', readers));
  const others = writers.map((body, i) => actor(`writer${i}`, procedure(`writer${i}`, body)));
  const [ofX, ofY] = [xs.of(reader), ys.of(reader)];
  const whole_read = always(reader.at('reader.use').implies(ofX.eq(ofY)), 'what is used was there at once');
  return short(await explored({ state, actors: [reader, ...others] }, { whole_read }));
};

describe('a reader that reads again', () => {
  test('uses what was there at one moment', async () => {
    expect(await found(reading, writing(begin, end))).toMatchInlineSnapshot(`
      [
        "holds: 84 states",
      ]
    `);
  });
  test('without its retry uses what is torn', async () => {
    const once = () => ({ begin: read_seqcount_begin(seq), ...read(), use: c`use x and y`() });
    expect(await found(once, writing(begin, end))).toMatchInlineSnapshot(`
      [
        "violated: 67 states",
        "whole_read: violated by reader reader.begin, writer0 writer0.off, writer0 writer0.begin, writer0 writer0.a, reader reader.x, reader reader.y",
      ]
    `);
  });
  test('beside writers that do not exclude each other uses what is torn', async () => {
    const back = () => ({ a: c`a = 0`(a.set(0)), b: c`b = 0`(b.set(0)) });
    const second = () => ({ off: preempt_disable(), ...begin(), ...back(), ...end(), on: preempt_enable() });
    expect(await found(reading, writing(begin, end), second)).toMatchInlineSnapshot(`
      [
        "violated: 1690 states",
        "whole_read: violated by writer0 writer0.off, writer0 writer0.begin, writer0 writer0.a, writer1 writer1.off, writer1 writer1.begin, reader seqretry.begin, reader reader.x, reader reader.y, reader seqretry.retry",
      ]
    `);
    const locked = (body: () => Block) => () => ({
      lock: spin_lock(lock),
      ...body(),
      unlock: spin_unlock(lock),
    });
    const one = locked(() => ({ ...begin(), ...write(), ...end() }));
    const two = locked(() => ({ ...begin(), ...back(), ...end() }));
    expect(await found(reading, one, two)).toMatchInlineSnapshot(`
      [
        "holds: 352 states",
      ]
    `);
  });
  test('beside a writer that forgets to begin, or to end, or ends twice, finds it', async () => {
    expect(
      await found(
        reading,
        writing(() => ({}), end),
      ),
    ).toMatchInlineSnapshot(`
      [
        "violated: 76 states",
        "whole_read: violated by reader seqretry.begin, writer0 writer0.off, writer0 writer0.a, reader reader.x, reader reader.y, reader seqretry.retry",
        "no deadlock: violated by writer0 writer0.off, writer0 writer0.a, writer0 writer0.b, writer0 writer0.end, writer0 writer0.on",
      ]
    `);
    expect(
      await found(
        reading,
        writing(begin, () => ({})),
      ),
    ).toMatchInlineSnapshot(`
      [
        "violated: 53 states",
        "no deadlock: violated by writer0 writer0.off, writer0 writer0.begin, writer0 writer0.a, writer0 writer0.b, writer0 writer0.on",
      ]
    `);
    expect(
      await found(
        reading,
        writing(begin, () => ({ ...end(), twice: write_seqcount_end(seq) })),
      ),
    ).toMatchInlineSnapshot(`
      [
        "violated: 100 states",
        "no deadlock: violated by writer0 writer0.off, writer0 writer0.begin, writer0 writer0.a, writer0 writer0.b, writer0 writer0.end, writer0 writer0.twice, writer0 writer0.on",
      ]
    `);
  });
  test('and does not wait for the writer, reads again until it has ended', async () => {
    const raw = () => ({
      begin: raw_seqcount_begin(seq),
      ...read(),
      retry: If(read_seqcount_retry(seq), { again: Goto('begin') }),
      use: c`use x and y`(),
    });
    expect(await found(raw, writing(begin, end))).toMatchInlineSnapshot(`
      [
        "holds: 97 states",
      ]
    `);
  });
});

test('an exact count has the same verdicts, in more states', async () => {
  // As the kernel counts: the reader keeps the count with which it began.
  const kept = perActor('kept', int(0, 5)).mine;
  const add = (word: string): Stmt => c`${word}`(count.inc());
  const exact = () => ({
    begin: c`begin`(when(count.mod(2).eq(0)), kept.set(count)),
    ...read(),
    retry: If(c`retry`.test(not(count.eq(kept))), { again: Goto('begin') }),
    use: c`use x and y`(),
  });
  const writer = () => ({ begin: add('begin'), ...write(), end: add('end') });
  const raw = () => ({ begin: raw_write_seqcount_begin(seq), ...write(), ...end() });
  expect(await found(exact, writer)).toMatchInlineSnapshot(`
    [
      "holds: 56 states",
    ]
  `);
  expect(await found(reading, raw)).toMatchInlineSnapshot(`
    [
      "holds: 56 states",
    ]
  `);
  const locked = (body: () => Block) => () => ({
    lock: spin_lock(lock),
    ...body(),
    unlock: spin_unlock(lock),
  });
  const idle = () => ({ begin: add('begin'), end: add('end') });
  expect(await found(exact, locked(writer), locked(idle))).toMatchInlineSnapshot(`
    [
      "holds: 338 states",
    ]
  `);
  expect(
    await found(
      reading,
      locked(raw),
      locked(() => ({ begin: raw_write_seqcount_begin(seq), ...end() })),
    ),
  ).toMatchInlineSnapshot(`
    [
      "holds: 276 states",
    ]
  `);
});

test('two readers have counts of their own', async () => {
  const readers = actors('reader', 2, procedure('reader', reading));
  const writer = actor('writer', procedure('writer', writing(begin, end)));
  const torn = never(readers.any((one) => one.at('reader.use').and(not(xs.of(one).eq(ys.of(one))))));
  expect(short(await explored({ state, actors: [readers, writer] }, { torn }))).toMatchInlineSnapshot(`
    [
      "holds: 1326 states",
    ]
  `);
});

describe("a reader in an interrupt of the writer's CPU", () => {
  const beside = async (body: () => Block) => {
    const writer = actor('writer', procedure('writer', body), {}, { on: cpu0 });
    const handler = interrupt('irq', procedure('handler', reading), { on: cpu0 });
    return short(await explored({ state, actors: [writer, handler] }));
  };
  test('spins for ever, unless the writer has interrupts off', async () => {
    expect(await beside(writing(begin, end))).toMatchInlineSnapshot(`
      [
        "violated: 39 states",
        "no deadlock: violated by writer writer.off, writer writer.begin, irq handler.interrupt",
      ]
    `);
    const locked = () => ({ lock: write_seqlock(whole), ...write(), unlock: write_sequnlock(whole) });
    const handler = () => ({
      begin: read_seqbegin(whole),
      ...read(),
      retry: If(read_seqretry(whole), { again: Goto('begin') }),
    });
    const run = async (body: () => Block) => {
      const writer = actor('writer', procedure('writer', body), {}, { on: cpu0 });
      const irq = interrupt('irq', procedure('handler', handler), { on: cpu0 });
      return short(await explored({ state, actors: [writer, irq] }));
    };
    expect(await run(locked)).toMatchInlineSnapshot(`
      [
        "violated: 35 states",
        "no deadlock: violated by writer write_seqlock.lock, writer write_seqlock.begin, irq handler.interrupt",
      ]
    `);
    const safe = () => ({
      lock: write_seqlock_irqsave(whole, flags),
      ...write(),
      unlock: write_sequnlock_irqrestore(whole, flags),
    });
    expect(await run(safe)).toMatchInlineSnapshot(`
      [
        "holds: 27 states",
      ]
    `);
  });
});

test('write_seqcount_begin() warns where nothing excludes another writer', async () => {
  const checked = async (body: () => Block) =>
    (await check(programOf({ state, actors: [actor('p', procedure('p', body))] }))).slice(1);
  expect(await checked(() => ({ ...begin(), ...end() }))).toMatchInlineSnapshot(`
    [
      "WARNING: lockdep_assert_preemption_disabled(): violated by 0",
    ]
  `);
  expect(await checked(writing(begin, end))).toEqual([]);
  const by = () => ({ begin: write_seqcount_begin(seq, { lock }), end: write_seqcount_end(seq) });
  expect(await checked(by)).toMatchInlineSnapshot(`
    [
      "WARNING: lockdep_assert_held() in write_seqcount_begin(): violated by 0",
    ]
  `);
  expect(await checked(() => ({ lock: spin_lock(lock), ...by(), unlock: spin_unlock(lock) }))).toEqual([]);
});

test('a reader that takes the lock of a seqlock excludes writers', async () => {
  const reader = actor(
    'reader',
    procedure('reader', () => ({
      lock: read_seqlock_excl(whole),
      ...read(),
      unlock: read_sequnlock_excl(whole),
    })),
  );
  const writer = actor(
    'writer',
    procedure('writer', () => ({ lock: write_seqlock(whole), ...write(), unlock: write_sequnlock(whole) })),
  );
  const torn = never(reader.at('reader.unlock').and(not(xs.of(reader).eq(ys.of(reader)))));
  expect(short(await explored({ state, actors: [reader, writer] }, { torn }))).toMatchInlineSnapshot(`
    [
      "holds: 21 states",
    ]
  `);
});

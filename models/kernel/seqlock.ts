// include/linux/seqlock.h: data that is read without a lock, and read again where a writer came in between.
//
// The kernel promises that a reader whose count is even at first and the same at last has read what was there at one
// moment. Writers exclude each other by a lock of their own, and are not interrupted by readers of their CPU, which would
// spin for ever. The model: whether the count is odd, and for each reader a latch, whether it has stayed even since the
// reader began. That is all that a reader compares, whatever the count is, so no bound on the writes is needed and no
// count wraps. Beginning and ending to write each turn `odd` round, as the kernel adds 1, so a missing or a second end
// is seen. read_seqcount_begin() waits while it is odd; raw_seqcount_begin() does not, and then the reader reads again.
// Left out: barriers (each turn of `odd` is one step, under x86-TSO a locked one), and that data behind pointers may be freed while it is read,
// which an object finds (docs/language.md). So violations, proofs and deadlocks are those of the kernel. A reader that
// reads again for ever is a counterexample to liveness of the kernel, too.

import {
  type AtomicTest,
  type Block,
  Body,
  type BoolVar,
  bool,
  type Effect,
  exactly,
  expectsSoftly,
  Goto,
  If,
  inline,
  isPreemptible,
  type LatchVar,
  latch,
  not,
  type OwnerVar,
  record,
  requireLock,
  requireOptions,
  requireVariable,
  type Stmt,
  source,
  when,
  withoutArguments,
} from '../language/index.js';
import { requireField, wholeOf } from './fields.js';
import { disabling, local_bh_disable, local_bh_enable, local_irq_restore, savingIrqs } from './irqflags.js';
import { type LockOptions, lockOptions } from './lockdep.js';
import { type Spinlock, spin_lock, spin_unlock, spinlock } from './spinlock.js';

const c = source('include/linux/seqlock.h');

/** seqcount_t. */
export interface Seqcount {
  readonly odd: BoolVar;
  /** Of each reader: has the count been even ever since it began? */
  readonly even: LatchVar;
}
/** seqlock_t. */
export interface Seqlock {
  readonly seqcount: Seqcount;
  readonly lock: Spinlock;
}

export const seqcount = withoutArguments('seqcount', () =>
  record({ odd: bool(), even: latch((beside) => not(beside('odd')), { each: 'waiting' }) }),
);
export const seqlock = exactly('seqlock', (options: LockOptions = {}) =>
  record({ seqcount: seqcount(), lock: spinlock(lockOptions(options, 'seqlock(…)')) }),
);

const named = (seq: Seqcount, word: string) => {
  requireField(seq, 'odd', `${word}()`, 'a seqcount()');
  return wholeOf(seq.odd);
};
const turned = (seq: Seqcount): Effect => seq.odd.set(not(seq.odd));

/** What keeps writers apart: seqcount_spinlock_t, seqcount_mutex_t and their like. Without, preemption must be off. */
export interface SeqcountLock {
  readonly lock?: OwnerVar<string>;
}

export const write_seqcount_begin = exactly(
  'write_seqcount_begin',
  (seq: Seqcount, by: SeqcountLock = {}): Stmt => {
    const whole = named(seq, 'write_seqcount_begin');
    requireOptions(by, ['lock'], 'write_seqcount_begin(seq, …)');
    const { lock } = by;
    if (lock !== undefined) requireLock(lock, 'lock: of write_seqcount_begin()');
    const excluded =
      lock === undefined
        ? expectsSoftly(not(isPreemptible()), 'WARNING: lockdep_assert_preemption_disabled()')
        : expectsSoftly(lock.isMine(), 'WARNING: lockdep_assert_held() in write_seqcount_begin()');
    return c`write_seqcount_begin(&${whole})`(excluded, turned(seq));
  },
);
/** Without the checks of write_seqcount_begin(). */
export const raw_write_seqcount_begin = exactly('raw_write_seqcount_begin', (seq: Seqcount): Stmt => {
  const whole = named(seq, 'raw_write_seqcount_begin');
  return c`raw_write_seqcount_begin(&${whole})`(turned(seq));
});
export const write_seqcount_end = exactly('write_seqcount_end', (seq: Seqcount): Stmt => {
  const whole = named(seq, 'write_seqcount_end');
  return c`write_seqcount_end(&${whole})`(turned(seq));
});

/** Spins while a writer writes. */
export const read_seqcount_begin = exactly('read_seqcount_begin', (seq: Seqcount): Stmt => {
  const whole = named(seq, 'read_seqcount_begin');
  return c`read_seqcount_begin(&${whole})`(when(not(seq.odd)), seq.even.arm());
});
/** Does not wait: beside a writer, what is read is read again. */
export const raw_seqcount_begin = exactly('raw_seqcount_begin', (seq: Seqcount): Stmt => {
  const whole = named(seq, 'raw_seqcount_begin');
  return c`raw_seqcount_begin(&${whole})`(seq.even.arm());
});
/** True if a writer has written since this reader began. */
export const read_seqcount_retry = exactly('read_seqcount_retry', (seq: Seqcount): AtomicTest => {
  const whole = named(seq, 'read_seqcount_retry');
  return c`read_seqcount_retry(&${whole})`.test(not(seq.even));
});

/** do { begin; … } while (read_seqcount_retry()): the block is read again until no writer has written meanwhile. */
export const seqretry = inline('seqretry', (seq: Seqcount, block: Block) => {
  named(seq, 'seqretry');
  return {
    begin: read_seqcount_begin(seq),
    read: Body(block),
    retry: If(read_seqcount_retry(seq), { again: Goto('begin') }),
  };
});

const requireSeqlock = (seq: unknown, whose: string): void =>
  requireField(seq, 'seqcount', whose, 'a seqlock()');
const ofLock = (seq: Seqlock, word: string): Seqlock => {
  requireSeqlock(seq, `${word}()`);
  return seq;
};

export const write_seqlock = inline('write_seqlock', (seq: Seqlock) => {
  const { lock, seqcount: count } = ofLock(seq, 'write_seqlock');
  return { lock: spin_lock(lock), begin: raw_write_seqcount_begin(count) };
});
export const write_sequnlock = inline('write_sequnlock', (seq: Seqlock) => {
  const { lock, seqcount: count } = ofLock(seq, 'write_sequnlock');
  return { end: write_seqcount_end(count), unlock: spin_unlock(lock) };
});
export const write_seqlock_irqsave = savingIrqs('write_seqlock_irqsave', write_seqlock, requireSeqlock);
export const write_sequnlock_irqrestore = inline(
  'write_sequnlock_irqrestore',
  (seq: Seqlock, flags: BoolVar) => {
    requireSeqlock(seq, 'write_sequnlock_irqrestore()');
    requireVariable(flags, 'bool', 'write_sequnlock_irqrestore()');
    return { unlock: write_sequnlock(seq), restore: local_irq_restore(flags) };
  },
);
export const write_seqlock_bh = disabling(
  'write_seqlock_bh',
  local_bh_disable,
  write_seqlock,
  requireSeqlock,
);
export const write_sequnlock_bh = inline('write_sequnlock_bh', (seq: Seqlock) => {
  requireSeqlock(seq, 'write_sequnlock_bh()');
  return { unlock: write_sequnlock(seq), on: local_bh_enable() };
});

export const read_seqbegin = exactly(
  'read_seqbegin',
  (seq: Seqlock): Stmt => read_seqcount_begin(ofLock(seq, 'read_seqbegin').seqcount),
);
export const read_seqretry = exactly(
  'read_seqretry',
  (seq: Seqlock): AtomicTest => read_seqcount_retry(ofLock(seq, 'read_seqretry').seqcount),
);
/** A reader that excludes writers, and other such readers. */
export const read_seqlock_excl = exactly(
  'read_seqlock_excl',
  (seq: Seqlock): Stmt => spin_lock(ofLock(seq, 'read_seqlock_excl').lock),
);
export const read_sequnlock_excl = exactly(
  'read_sequnlock_excl',
  (seq: Seqlock): Stmt => spin_unlock(ofLock(seq, 'read_sequnlock_excl').lock),
);

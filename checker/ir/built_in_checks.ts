// The built-in checks, which every Program has. Each name is also the value of --without that switches the check off.
// The lock checks report the kernel's messages; those of lockdep name the class of the lock.

/** One check: its message, and what it checks. */
export interface BuiltInCheck {
  /** The kernel's message, followed by the class of the lock where there is one; otherwise the name of the check. */
  readonly message: string;
  readonly about: string;
}

/** The checks of whether every actor can go on. */
const progressChecks = {
  deadlock: {
    message: 'no deadlock',
    about:
      'some actor can go on until all are done or at rest, and no cycle of actors wait for locks of each other',
  },
  stuck: {
    message: 'no actor is stuck',
    about: 'while others go on for ever, no actor waits for a condition that no run can make true',
  },
} as const satisfies { readonly [name: string]: BuiltInCheck };

const lockChecks = {
  'lock-held': {
    message: 'WARNING: lock held when returning to user space!',
    about: 'an actor holds no lock when it is done, is in no section of a reader, and has nothing turned off',
  },
  'lock-recursion': {
    message: 'WARNING: possible recursive locking detected',
    about: 'no actor takes a lock that it holds; for locks whose waiters spin: BUG: spinlock recursion',
  },
  'lock-order': {
    message: 'WARNING: possible circular locking dependency detected',
    about: 'over all runs, classes of locks are taken in an order without a circle',
  },
  'irq-safety': {
    message: 'WARNING: inconsistent lock state',
    about:
      'no lock that an interrupt takes is held with such interrupts on, nor is a lock that is so held taken under it',
  },
  'lock-balance': {
    message: 'WARNING: bad unlock balance detected!',
    about: 'no actor drops a lock that it does not hold',
  },
  'might-sleep': {
    message: 'BUG: sleeping function called from invalid context',
    about:
      'no actor sleeps in atomic context: in an interrupt, while it holds a lock whose waiters spin, or with preemption, softirqs or interrupts off',
  },
} as const satisfies { readonly [name: string]: BuiltInCheck };

const objectChecks = {
  'use-after-free': {
    message: 'BUG: KASAN: slab-use-after-free',
    about: 'no field is read or written of an object that is freed, or not allocated yet',
  },
  'bad-free': {
    message: 'BUG: KASAN: double-free',
    about: 'no object is freed that is not live, nor while a lock in it is held or a part of it is in use',
  },
  'null-dereference': {
    message: 'BUG: kernel NULL pointer dereference',
    about: 'no field is read or written through a pointer that is NULL',
  },
} as const satisfies { readonly [name: string]: BuiltInCheck };

export const builtInChecks = { ...lockChecks, ...objectChecks, ...progressChecks };

export type CheckName = keyof typeof builtInChecks;
export const checkNames = Object.keys(builtInChecks) as readonly CheckName[];
export const lockCheckNames = Object.keys(lockChecks) as readonly (keyof typeof lockChecks)[];

/** The message for an exclusive lock whose waiters spin, instead of possible recursion. */
export const spinningRecursion = (kind: string): string =>
  `BUG: ${kind === 'rwlock' ? kind : 'spinlock'} recursion`;

/** Reported where a lock that is held with such interrupts on is taken under one that an interrupt takes. */
export const irqOrder = (level: string): string =>
  `WARNING: ${level}-safe -> ${level}-unsafe lock order detected`;

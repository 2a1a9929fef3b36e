// include/linux/cleanup.h: guards, which unlock on every way out of their block: at its end, by Return and by a Goto that
// leaves it, inner guards first. A Goto into the block of a guard is refused. The kernel names a class, `guard(mutex)(&l)`;
// here the two steps stand there, so anything may be a guard: `scoped_guard(mutex_lock(l), mutex_unlock(l), { … })`.

import { type AtomicTest, type Block, Body, If, inline, type Stmt } from '../language/index.js';

/** scoped_guard(class, lock) { … }. */
export const scoped_guard = inline('scoped_guard', (lock: Stmt, unlock: Stmt, block: Block) => ({
  lock,
  body: Body(block, { unlock }),
  unlock,
}));

/** guard(class)(lock): until the end of the function, which is its block here. */
export const guard = inline('guard', (lock: Stmt, unlock: Stmt, block: Block) => ({
  lock,
  body: Body(block, { unlock }),
  unlock,
}));

/** scoped_cond_guard(class, fail, lock) { … }: `fail` runs where the lock cannot be had. */
export const scoped_cond_guard = inline(
  'scoped_cond_guard',
  (trylock: AtomicTest, unlock: Stmt, fail: Block, block: Block) => ({
    try: If(trylock, { body: Body(block, { unlock }), unlock }).Else({ fail: Body(fail) }),
  }),
);

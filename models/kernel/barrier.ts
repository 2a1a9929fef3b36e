// include/asm-generic/barrier.h and rwonce.h: ordered accesses, and barriers. Under sequential consistency a barrier
// takes no step and an access is the same as without its order; `--memory=tso` and `raceproof litmus` give them their
// meaning.

import {
  type Bool,
  type BoolVar,
  type Enum,
  type EnumVar,
  exactly,
  type FenceKind,
  fence,
  fences,
  type Int,
  type IntVar,
  type Loaded,
  loadedIn,
  type Part,
  type Pointer,
  type PointerVar,
  requireFunction,
  requireStorable,
  type Stmt,
  type StoreOrder,
  source,
  storedIn,
  superseded,
  type Valued,
  type ValueVar,
  when,
} from '../language/index.js';
import { type TaskState, task_state } from './sched.js';

const file = 'include/asm-generic/barrier.h';
const c = source(file);
const rwonce = source('include/asm-generic/rwonce.h');
const sched = source('include/linux/sched.h');

/** What can be stored in a variable. */
type Stored<X> = X extends IntVar
  ? number | Int
  : X extends BoolVar
    ? boolean | Bool
    : X extends EnumVar<infer V>
      ? NoInfer<V> | Enum<V>
      : X extends PointerVar<infer S>
        ? Pointer<S> | 'NULL'
        : never;

/** A load that the compiler neither tears nor repeats. An expression; `r.assign(READ_ONCE(x))` is a step. */
export const READ_ONCE = exactly(
  'READ_ONCE',
  <X extends ValueVar>(x: X): Loaded<X> => loadedIn('once', x, 'READ_ONCE()', 'include/asm-generic/rwonce.h'),
);
/** Accesses after it are seen after it. */
export const smp_load_acquire = exactly(
  'smp_load_acquire',
  <X extends ValueVar>(x: X): Loaded<X> => loadedIn('acquire', x, 'smp_load_acquire()', file),
);
const stored = <X extends ValueVar>(order: StoreOrder, x: X, to: Stored<X>) =>
  storedIn(order, x.set(to as never));

/** `also` happens in the same step, such as an effect that a property needs. */
export const WRITE_ONCE = <X extends ValueVar>(x: X, to: Stored<X>, ...also: readonly Part[]): Stmt => {
  requireStorable(x, 'WRITE_ONCE()');
  return rwonce`WRITE_ONCE(${x as IntVar}, ${text(to)})`(stored('once', x, to), ...also);
};
/** Accesses before it are seen before it. */
export const smp_store_release = <X extends ValueVar>(
  x: X,
  to: Stored<X>,
  ...also: readonly Part[]
): Stmt => {
  requireStorable(x, 'smp_store_release()');
  return c`smp_store_release(&${x as IntVar}, ${text(to)})`(stored('release', x, to), ...also);
};
/** A store, and smp_mb() behind it. */
export const smp_store_mb = <X extends ValueVar>(x: X, to: Stored<X>, ...also: readonly Part[]): Stmt => {
  requireStorable(x, 'smp_store_mb()');
  return c`smp_store_mb(${x as IntVar}, ${text(to)})`(stored('once', x, to), fences('mb'), ...also);
};
/** smp_store_mb() of the state of the running task: of wait.ts, or a variable of the model. */
export function set_current_state(state: TaskState): Stmt;
export function set_current_state<X extends ValueVar>(
  state: X,
  to: Stored<X>,
  ...also: readonly Part[]
): Stmt;
export function set_current_state(
  first: ValueVar | TaskState,
  to?: Stored<ValueVar>,
  ...also: readonly Part[]
): Stmt {
  const [state, value] = stateAndValue(first, to, 'set_current_state()');
  return sched`set_current_state(${text(value)})`(stored('once', state, value), fences('mb'), ...also);
}
/** A store of the state of the running task that orders nothing. */
export function __set_current_state(state: TaskState): Stmt;
export function __set_current_state<X extends ValueVar>(
  state: X,
  to: Stored<X>,
  ...also: readonly Part[]
): Stmt;
export function __set_current_state(
  first: ValueVar | TaskState,
  to?: Stored<ValueVar>,
  ...also: readonly Part[]
): Stmt {
  const [state, value] = stateAndValue(first, to, '__set_current_state()');
  return sched`__set_current_state(${text(value)})`(stored('once', state, value), ...also);
}

/** The variable that is stored to, and the value; the variable of sched.ts where only a state is given. */
function stateAndValue(
  first: ValueVar | TaskState,
  to: Stored<ValueVar> | undefined,
  whose: string,
): readonly [ValueVar, Stored<ValueVar>] {
  if (to === undefined && typeof first === 'string') return [task_state.mine, first as Stored<ValueVar>];
  requireStorable(first as ValueVar, whose);
  return [first as ValueVar, to as Stored<ValueVar>];
}

/** Loads until the condition is true of the value; the last load is an acquire. */
export const smp_cond_load_acquire = exactly(
  'smp_cond_load_acquire',
  <X extends ValueVar>(x: X, cond: (value: Loaded<X>) => Bool): Valued<unknown> =>
    condLoad('acquire', x, cond),
);
export const smp_cond_load_relaxed = exactly(
  'smp_cond_load_relaxed',
  <X extends ValueVar>(x: X, cond: (value: Loaded<X>) => Bool): Valued<unknown> =>
    condLoad('relaxed', x, cond),
);

function condLoad<X extends ValueVar>(
  order: 'acquire' | 'relaxed',
  x: X,
  cond: (value: Loaded<X>) => Bool,
): Valued<unknown> {
  const name = `smp_cond_load_${order}`;
  requireFunction(cond, `${name}(x, (value) => value.eq(1))`);
  const load = () => loadedIn(order === 'acquire' ? order : 'once', x, `${name}()`, file);
  const value = load();
  // A use that ignores the value uses only the condition.
  superseded(value.node);
  return c`${name}(&${x as IntVar}, …)`.value(value as never, when(cond(load())));
}

const barrier = (kind: FenceKind) => exactly(`smp_${kind}`, (): Stmt => fence(kind));

/** All accesses before it are seen before all accesses after it. */
export const smp_mb = barrier('mb');
/** Loads before it are before loads after it. */
export const smp_rmb = barrier('rmb');
/** Stores before it are before stores after it. */
export const smp_wmb = barrier('wmb');
/** smp_mb() beside an atomic operation that gives no value back, which on x86 is a fence already. */
export const smp_mb__before_atomic = barrier('mb__before_atomic');
export const smp_mb__after_atomic = barrier('mb__after_atomic');
/** Behind spin_lock(): the two are smp_mb() for accesses around them. */
export const smp_mb__after_spinlock = barrier('mb__after_spinlock');
export const smp_mb__after_unlock_lock = barrier('mb__after_unlock_lock');

/** A value in a caption. */
const text = (value: unknown): string | Int =>
  typeof value === 'object' || typeof value === 'function' ? (value as Int) : String(value);

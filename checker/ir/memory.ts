// The properties of a step for memory models, beside its reads and writes: the order of its accesses, and its kind if
// it is no access: a fence, or the beginning or end of a read-side section of RCU. Locks are in `Step.locks`.

/** `once` is READ_ONCE(), `consume` rcu_dereference(). A load without an order is plain. */
export type LoadOrder = 'once' | 'acquire' | 'consume';

/** `once` is WRITE_ONCE(). A store without an order is plain. */
export type StoreOrder = 'once' | 'release';

/** Each is named as the function of the kernel, without `smp_`: `mb` is smp_mb(). */
export type FenceKind =
  | 'mb'
  | 'rmb'
  | 'wmb'
  | 'mb__before_atomic'
  | 'mb__after_atomic'
  | 'mb__after_spinlock'
  | 'mb__after_unlock_lock';

/** The meaning of a step for a memory model. */
export type MemoryOperation =
  /** One atomic read-modify-write; the loads and stores of the step are its own. */
  | {
      readonly kind: 'modify';
      /** If it succeeds. */
      readonly order: 'relaxed' | 'acquire' | 'release' | 'full';
      /** Does it give a value back? LKMM orders one that does not less. */
      readonly returns: boolean;
    }
  /** A fence; in a step that also stores, right behind the store: set_current_state(). */
  | { readonly kind: 'fence'; readonly fence: FenceKind }
  | { readonly kind: 'rcu'; readonly event: 'read_lock' | 'read_unlock' | 'synchronize' };

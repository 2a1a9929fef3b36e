// The order of the accesses of a step, and its meaning for a memory model beside them: the words only.

/** `once` is READ_ONCE(), `consume` rcu_dereference(). A load without an order is plain. */
export type LoadOrder = 'once' | 'acquire' | 'consume';
/** `once` is WRITE_ONCE(). A store without an order is plain. */
export type StoreOrder = 'once' | 'release';
/** The order of a read-modify-write that succeeds. */
export type ModifyOrder = 'relaxed' | 'acquire' | 'release' | 'full';
/** The kernel's fences, without `smp_`. */
export type FenceKind =
  | 'mb'
  | 'rmb'
  | 'wmb'
  | 'mb__before_atomic'
  | 'mb__after_atomic'
  | 'mb__after_spinlock'
  | 'mb__after_unlock_lock';
export type RcuEvent = 'read_lock' | 'read_unlock' | 'synchronize';

/** The meaning of a step for a memory model, beside its accesses. */
export type MemoryOperation =
  /** `returns`: does it give a value back? LKMM orders one that does not less. */
  | { readonly kind: 'modify'; readonly order: ModifyOrder; readonly returns: boolean }
  | { readonly kind: 'fence'; readonly fence: FenceKind }
  | { readonly kind: 'rcu'; readonly event: RcuEvent };

/** A part of a step: its meaning for a memory model. */
export interface MemoryPart {
  readonly memory: MemoryOperation;
}

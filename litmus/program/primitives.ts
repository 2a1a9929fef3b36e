// The kernel's primitives as accesses and fences: what each reads and writes, its ordering, and the positions of its
// arguments. The orders are those of linux-kernel.def, which herd reads with the kernel's model.

/** What an access says about order; `noreturn`: the read of an atomic operation that returns nothing. */
export type Order = 'plain' | 'once' | 'acquire' | 'release' | 'mb' | 'noreturn';

export type FenceKind =
  | 'mb'
  | 'rmb'
  | 'wmb'
  | 'barrier'
  | 'before-atomic'
  | 'after-atomic'
  | 'after-spinlock'
  | 'after-unlock-lock'
  | 'rcu-lock'
  | 'rcu-unlock'
  | 'sync-rcu';

export type AtomicOperator = '+' | '-' | '&' | '|' | '^' | '&~';

/** A read-modify-write. */
export interface Modification {
  readonly kind: 'modify';
  readonly order: Order;
  /** `unless`: it adds, unless the value is the one that is given last. */
  readonly how: 'exchange' | 'compare' | 'arithmetic' | 'unless';
  readonly operator?: AtomicOperator;
  /** The value of the call. */
  readonly returns: 'old' | 'new' | 'nothing' | 'new is 0' | 'new is negative' | 'done';
  /** Arguments, in order; `one` is none, and the operand is 1. */
  readonly args: readonly ('address' | 'operand' | 'expected')[];
}

export type Primitive =
  /** `place`: the argument is `*x`, not `x`. */
  | { readonly kind: 'load'; readonly order: Order; readonly takes: 'place' | 'address' }
  | {
      readonly kind: 'store';
      readonly order: Order;
      readonly takes: 'place' | 'address';
      readonly fence?: FenceKind;
    }
  | Modification
  | { readonly kind: 'fence'; readonly fence: FenceKind }
  | { readonly kind: 'lock' | 'unlock' | 'trylock' | 'is locked' };

const loads: readonly (readonly [string, Primitive])[] = [
  ['READ_ONCE', { kind: 'load', order: 'once', takes: 'place' }],
  ['rcu_dereference', { kind: 'load', order: 'once', takes: 'place' }],
  ['smp_load_acquire', { kind: 'load', order: 'acquire', takes: 'address' }],
  ['atomic_read', { kind: 'load', order: 'once', takes: 'address' }],
  ['atomic_read_acquire', { kind: 'load', order: 'acquire', takes: 'address' }],
];

const stores: readonly (readonly [string, Primitive])[] = [
  ['WRITE_ONCE', { kind: 'store', order: 'once', takes: 'place' }],
  ['smp_store_mb', { kind: 'store', order: 'once', takes: 'place', fence: 'mb' }],
  ['rcu_assign_pointer', { kind: 'store', order: 'release', takes: 'place' }],
  ['smp_store_release', { kind: 'store', order: 'release', takes: 'address' }],
  ['atomic_set', { kind: 'store', order: 'once', takes: 'address' }],
  ['atomic_set_release', { kind: 'store', order: 'release', takes: 'address' }],
];

const fences: readonly (readonly [string, FenceKind])[] = [
  ['smp_mb', 'mb'],
  ['smp_rmb', 'rmb'],
  ['smp_wmb', 'wmb'],
  ['barrier', 'barrier'],
  ['smp_mb__before_atomic', 'before-atomic'],
  ['smp_mb__after_atomic', 'after-atomic'],
  ['smp_mb__after_spinlock', 'after-spinlock'],
  ['smp_mb__after_unlock_lock', 'after-unlock-lock'],
  ['rcu_read_lock', 'rcu-lock'],
  ['rcu_read_unlock', 'rcu-unlock'],
  ['synchronize_rcu', 'sync-rcu'],
  ['synchronize_rcu_expedited', 'sync-rcu'],
];

const locks: readonly (readonly [string, Primitive])[] = [
  ['spin_lock', { kind: 'lock' }],
  ['spin_unlock', { kind: 'unlock' }],
  ['spin_trylock', { kind: 'trylock' }],
  ['spin_is_locked', { kind: 'is locked' }],
];

/** A full barrier, or the weaker order that the name states. */
const suffixes: readonly (readonly [string, Order])[] = [
  ['', 'mb'],
  ['_relaxed', 'once'],
  ['_acquire', 'acquire'],
  ['_release', 'release'],
];

const inEveryOrder = (name: string, of: Omit<Modification, 'kind' | 'order'>) =>
  suffixes.map(([suffix, order]) => [name + suffix, { kind: 'modify', order, ...of }] as const);

const exchanges = ['xchg', 'atomic_xchg'].flatMap((name) =>
  inEveryOrder(name, { how: 'exchange', returns: 'old', args: ['address', 'operand'] }),
);
const comparisons = ['cmpxchg', 'atomic_cmpxchg'].flatMap((name) =>
  inEveryOrder(name, { how: 'compare', returns: 'old', args: ['address', 'expected', 'operand'] }),
);

const arithmetic: readonly (readonly [string, AtomicOperator])[] = [
  ['add', '+'],
  ['sub', '-'],
  ['inc', '+'],
  ['dec', '-'],
  ['and', '&'],
  ['or', '|'],
  ['xor', '^'],
  ['andnot', '&~'],
];

const atomics = arithmetic.flatMap(([name, operator]): readonly (readonly [string, Modification])[] => {
  const hasOperand = name !== 'inc' && name !== 'dec';
  const args = hasOperand ? (['operand', 'address'] as const) : (['address'] as const);
  const of = { how: 'arithmetic', operator, args } as const;
  return [
    [`atomic_${name}`, { kind: 'modify', order: 'noreturn', returns: 'nothing', ...of }],
    ...inEveryOrder(`atomic_fetch_${name}`, { returns: 'old', ...of }),
    ...('+-'.includes(operator) ? inEveryOrder(`atomic_${name}_return`, { returns: 'new', ...of }) : []),
  ];
});

const tests: readonly (readonly [string, Modification])[] = [
  [
    'atomic_sub_and_test',
    {
      kind: 'modify',
      order: 'mb',
      how: 'arithmetic',
      operator: '-',
      returns: 'new is 0',
      args: ['operand', 'address'],
    },
  ],
  [
    'atomic_dec_and_test',
    { kind: 'modify', order: 'mb', how: 'arithmetic', operator: '-', returns: 'new is 0', args: ['address'] },
  ],
  [
    'atomic_inc_and_test',
    { kind: 'modify', order: 'mb', how: 'arithmetic', operator: '+', returns: 'new is 0', args: ['address'] },
  ],
  [
    'atomic_add_negative',
    {
      kind: 'modify',
      order: 'mb',
      how: 'arithmetic',
      operator: '+',
      returns: 'new is negative',
      args: ['operand', 'address'],
    },
  ],
  [
    'atomic_add_unless',
    {
      kind: 'modify',
      order: 'mb',
      how: 'unless',
      operator: '+',
      returns: 'done',
      args: ['address', 'operand', 'expected'],
    },
  ],
];

/** By the kernel's names. */
export const primitives: ReadonlyMap<string, Primitive> = new Map<string, Primitive>([
  ...loads,
  ...stores,
  ...fences.map(([name, fence]) => [name, { kind: 'fence', fence }] as const),
  ...locks,
  ...exchanges,
  ...comparisons,
  ...atomics,
  ...tests,
]);

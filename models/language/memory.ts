// Accesses and barriers as memory models know them: in which order a load or a store is, what is one read-modify-write,
// and fences, which are statements that take no step where every access is seen at once by all. models/kernel/barrier.ts
// gives them the kernel's names.

import { exactly } from './arity.js';
import { created, dropped, superseded } from './creation.js';
import type { Shape } from './domain.js';
import type { Effect } from './effect.js';
import { Bool, describe, Enum, type ExprNode, Int, type Place } from './expression.js';
import { ModelError, whereWritten } from './location.js';
import type { FenceKind, LoadOrder, MemoryPart, ModifyOrder, RcuEvent, StoreOrder } from './order.js';
import type { Part } from './parts.js';
import type { BoolVar, EnumVar, IntVar, Storable } from './scalar_variable.js';
import { type Stmt, type StmtNode, statement } from './statement.js';
import { Pointer, type PointerVar } from './variable.js';

const fenceKinds: readonly FenceKind[] = [
  'mb',
  'rmb',
  'wmb',
  'mb__before_atomic',
  'mb__after_atomic',
  'mb__after_spinlock',
  'mb__after_unlock_lock',
];

/** Throws a ModelError for a word that is none of these. */
function requireKnown<W extends string>(word: W, known: readonly W[], whose: string): void {
  if (!known.includes(word))
    throw new ModelError(
      `${whose} takes ${known.map((one) => `'${one}'`).join(', ')}, not ${describe(word)}`,
    );
}

/**
 * The step is one atomic read-modify-write, whatever it reads and writes. As a part of one answer of a test alone, the other
 * answer is found by a load, which orders nothing.
 */
export const modifies = exactly(
  'modifies',
  (order: ModifyOrder, { returns = true }: { readonly returns?: boolean } = {}): MemoryPart => {
    requireKnown(order, ['relaxed', 'acquire', 'release', 'full'], 'modifies()');
    return created({ memory: { kind: 'modify', order, returns } }, dropped.part);
  },
);

/** The step is a fence; if it stores, the fence is right behind the store. */
export const fences = exactly('fences', (fence: FenceKind): MemoryPart => {
  requireKnown(fence, fenceKinds, 'fences()');
  return created({ memory: { kind: 'fence', fence } }, dropped.part);
});

/** The step is where a read-side section begins or ends, or waits for those that have begun. */
export const rcuEvent = exactly('rcuEvent', (event: RcuEvent): MemoryPart => {
  requireKnown(event, ['read_lock', 'read_unlock', 'synchronize'], 'rcuEvent()');
  return created({ memory: { kind: 'rcu', event } }, dropped.part);
});

/** A fence as a statement of its own: a step under a memory model that it matters to, and else none. */
export const fence = exactly('fence', (kind: FenceKind): Stmt => {
  requireKnown(kind, fenceKinds, 'fence()');
  const node: StmtNode = { kind: 'fence', fence: kind, at: whereWritten() };
  return { stmt: statement(node) };
});

/** A variable that holds a value, and is no lock. */
export type ValueVar = IntVar | BoolVar | EnumVar<string> | PointerVar<Shape>;

/** The value of a variable, loaded in an order: an expression, and what `.assign()` takes. */
export type Loaded<X> = X extends IntVar
  ? Int & Storable<number, Stmt>
  : X extends BoolVar
    ? Bool & Storable<boolean, Stmt>
    : X extends EnumVar<infer V>
      ? Enum<V> & Storable<V, Stmt>
      : X extends PointerVar<infer S>
        ? Pointer<S> & Storable<Pointer<S>, Stmt>
        : never;

/** The value of a variable, loaded in this order. `whose` is how the kernel calls it: `READ_ONCE()`. */
export function loadedIn<X extends ValueVar>(order: LoadOrder, x: X, whose: string, file: string): Loaded<X> {
  requireStorable(x, whose);
  const node: ExprNode = { op: 'ordered', order, x: x.node };
  const value = handleOf(x, node);
  const storedIn = (place: Place): Stmt => {
    const caption = [place, ' = ', value.node];
    const parts: readonly Part[] = [{ stores: { effect: 'set', place, to: value.node } }];
    return { stmt: statement({ kind: 'step', caption, file, parts, at: whereWritten() }) };
  };
  return Object.assign(value, { storedIn }) as unknown as Loaded<X>;
}

/** The effect of storing in this order. */
export function storedIn(order: StoreOrder, effect: Effect): Effect {
  if (effect.effect !== 'set') throw new ModelError('only a store of a value has an order');
  superseded(effect);
  return created({ ...effect, order }, dropped.effect);
}

function handleOf(x: ValueVar, node: ExprNode): Int | Bool | Enum<string> | Pointer<Shape> {
  if (x instanceof Int) return new Int(node);
  if (x instanceof Bool) return new Bool(node);
  return x instanceof Enum ? new Enum<string>(node) : new Pointer(node, x.pool);
}

/** Throws a ModelError for what is no variable that holds a value. */
export function requireStorable(x: unknown, whose: string): void {
  if ('place' in Object(x) && 'set' in Object(x) && 'node' in Object(x)) return;
  throw new ModelError(`${whose} needs a variable, not ${describe(x)}`);
}

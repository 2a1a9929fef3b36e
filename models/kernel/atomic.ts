// include/linux/atomic.h and bitops.h: read-modify-write operations, each one atomic step. Their orderings are left
// out: models are sequentially consistent. The bits of a word are bools of a record; an operation that is not atomic in
// the kernel, such as `x++` and __set_bit(), is a load and a store (nonatomic(), and for bits a copy of the whole
// word).

import {
  type AtomicTest,
  type Bool,
  type BoolVar,
  type EnumVar,
  type Int,
  type IntVar,
  ifElse,
  inline,
  int,
  not,
  requireFunction,
  requireVariable,
  type Stmt,
  source,
  type Valued,
} from '../language/index.js';

const c = source('include/linux/atomic.h');
const bitops = source('include/linux/bitops.h');

export const atomic_inc = (v: IntVar): Stmt => {
  requireVariable(v, 'int', 'atomic_inc()');
  return c`atomic_inc(&${v})`(v.inc());
};
export const atomic_dec = (v: IntVar): Stmt => {
  requireVariable(v, 'int', 'atomic_dec()');
  return c`atomic_dec(&${v})`(v.dec());
};
export const atomic_add = (n: number | Int, v: IntVar): Stmt => {
  requireVariable(v, 'int', 'atomic_add()');
  return c`atomic_add(${text(n)}, &${v})`(v.set(v.plus(n)));
};
export const atomic_sub = (n: number | Int, v: IntVar): Stmt => {
  requireVariable(v, 'int', 'atomic_sub()');
  return c`atomic_sub(${text(n)}, &${v})`(v.set(v.minus(n)));
};

/** True if the result is 0. */
export const atomic_dec_and_test = (v: IntVar): AtomicTest => {
  requireVariable(v, 'int', 'atomic_dec_and_test()');
  return c`atomic_dec_and_test(&${v})`.test(v.eq(1), { both: [v.dec()] });
};
export const atomic_inc_and_test = (v: IntVar): AtomicTest => {
  requireVariable(v, 'int', 'atomic_inc_and_test()');
  return c`atomic_inc_and_test(&${v})`.test(v.eq(-1), { both: [v.inc()] });
};

/** Adds, unless the value is `u`: true if it added. */
export const atomic_add_unless = (v: IntVar, n: number | Int, u: number | Int): AtomicTest => {
  requireVariable(v, 'int', 'atomic_add_unless()');
  return c`atomic_add_unless(&${v}, ${text(n)}, ${text(u)})`.test(v.ne(u), { yes: [v.set(v.plus(n))] });
};
export const atomic_inc_not_zero = (v: IntVar): AtomicTest => {
  requireVariable(v, 'int', 'atomic_inc_not_zero()');
  return c`atomic_inc_not_zero(&${v})`.test(v.ne(0), { yes: [v.inc()] });
};

/** The new value. */
export const atomic_inc_return = (v: IntVar): Valued<number> => {
  requireVariable(v, 'int', 'atomic_inc_return()');
  return c`atomic_inc_return(&${v})`.value(v.plus(1), v.inc());
};
export const atomic_dec_return = (v: IntVar): Valued<number> => {
  requireVariable(v, 'int', 'atomic_dec_return()');
  return c`atomic_dec_return(&${v})`.value(v.minus(1), v.dec());
};
/** The old value. */
export const atomic_fetch_add = (n: number | Int, v: IntVar): Valued<number> => {
  requireVariable(v, 'int', 'atomic_fetch_add()');
  return c`atomic_fetch_add(${text(n)}, &${v})`.value(v, v.set(v.plus(n)));
};

/** Stores `to`; the old value. */
export function xchg(x: IntVar, to: number | Int): Valued<number>;
export function xchg(x: BoolVar, to: boolean | Bool): Valued<boolean>;
export function xchg<V extends string>(x: EnumVar<V>, to: NoInfer<V>): Valued<V>;
export function xchg(x: IntVar | BoolVar | EnumVar<string>, to: unknown): Valued<never> {
  requireVariable(x, kindOf(x), 'xchg()');
  return c`xchg(&${x}, ${text(to)})`.value(x as never, x.set(to as never)) as Valued<never>;
}

/** Stores `to` if the value is `from`; the old value, which is `from` if it stored. */
export function cmpxchg(x: IntVar, from: number | Int, to: number | Int): Valued<number>;
export function cmpxchg<V extends string>(x: EnumVar<V>, from: NoInfer<V>, to: NoInfer<V>): Valued<V>;
export function cmpxchg(x: IntVar | EnumVar<string>, from: unknown, to: unknown): Valued<never> {
  requireVariable(x, kindOf(x), 'cmpxchg()');
  const isFrom = 'eq' in x ? x.eq(from as number) : (x as EnumVar<string>).is(from as string);
  return c`cmpxchg(&${x}, ${text(from)}, ${text(to)})`.value(
    x as never,
    x.set(ifElse(isFrom, to as never, x as never) as never),
  ) as Valued<never>;
}

/** Stores `to` if the value is that of `old`: true. Else false, and `old` has the value that was found. */
export const try_cmpxchg = (x: IntVar, old: IntVar, to: number | Int): AtomicTest => {
  for (const each of [x, old]) requireVariable(each, 'int', 'try_cmpxchg()');
  return c`try_cmpxchg(&${x}, &${old}, ${text(to)})`.test(x.eq(old), { yes: [x.set(to)], no: [old.set(x)] });
};

export const set_bit = (bit: BoolVar): Stmt => {
  requireVariable(bit, 'bool', 'set_bit()');
  return bitops`set_bit(${bit})`(bit.set(true));
};
export const clear_bit = (bit: BoolVar): Stmt => {
  requireVariable(bit, 'bool', 'clear_bit()');
  return bitops`clear_bit(${bit})`(bit.set(false));
};
/** True if it was set before. */
export const test_and_set_bit = (bit: BoolVar): AtomicTest => {
  requireVariable(bit, 'bool', 'test_and_set_bit()');
  return bitops`test_and_set_bit(${bit})`.test(bit, { both: [bit.set(true)] });
};
export const test_and_clear_bit = (bit: BoolVar): AtomicTest => {
  requireVariable(bit, 'bool', 'test_and_clear_bit()');
  return bitops`test_and_clear_bit(${bit})`.test(bit, { both: [bit.set(false)] });
};
export const test_and_change_bit = (bit: BoolVar): AtomicTest => {
  requireVariable(bit, 'bool', 'test_and_change_bit()');
  return bitops`test_and_change_bit(${bit})`.test(bit, { both: [bit.set(not(bit))] });
};

/** `x++` and similar plain C: a load, then a store of the result. */
export const nonatomic = inline(
  'nonatomic',
  { loaded: int(-1024, 1023).starts(0) },
  ({ loaded }, x: IntVar, change: (value: Int) => Int) => {
    requireVariable(x, 'int', 'nonatomic()');
    requireFunction(change, 'nonatomic(x, (value) => value.plus(1))');
    return { load: c`load ${x}`(loaded.set(x)), store: c`store ${x}`(x.set(change(loaded))) };
  },
);

/** Which kind of variable it is; other values are refused as an int. */
const kindOf = (x: unknown) => ('is' in Object(x) ? 'enum' : 'and' in Object(x) ? 'bool' : 'int');

/** A value in a caption. */
const text = (value: unknown): string | Int => (typeof value === 'object' ? (value as Int) : String(value));

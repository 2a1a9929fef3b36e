// include/linux/atomic.h and bitops.h: read-modify-write operations, each one atomic step, in the orders that the
// kernel's names say: without a suffix, an operation that returns a value is fully ordered, and one that does not is
// relaxed. The bits of a word are bools of a record; an operation that is not atomic in the kernel, such as `x++` and
// __set_bit(), is a load and a store (nonatomic(), and for bits a copy of the whole word). `also` are further parts of the
// same step, such as the check that the object is still there.

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
  type ModifyOrder,
  modifies,
  not,
  type Part,
  requireFunction,
  requireVariable,
  type Stmt,
  source,
  type Valued,
} from '../language/index.js';

const c = source('include/linux/atomic.h');
const bitops = source('include/linux/bitops.h');

export const atomic_inc = (v: IntVar, ...also: readonly Part[]): Stmt => {
  requireVariable(v, 'int', 'atomic_inc()');
  return c`atomic_inc(&${v})`(...also, unordered(), v.inc());
};
export const atomic_dec = (v: IntVar, ...also: readonly Part[]): Stmt => {
  requireVariable(v, 'int', 'atomic_dec()');
  return c`atomic_dec(&${v})`(...also, unordered(), v.dec());
};
export const atomic_add = (n: number | Int, v: IntVar, ...also: readonly Part[]): Stmt => {
  requireVariable(v, 'int', 'atomic_add()');
  return c`atomic_add(${text(n)}, &${v})`(...also, unordered(), v.set(v.plus(n)));
};
export const atomic_sub = (n: number | Int, v: IntVar, ...also: readonly Part[]): Stmt => {
  requireVariable(v, 'int', 'atomic_sub()');
  return c`atomic_sub(${text(n)}, &${v})`(...also, unordered(), v.set(v.minus(n)));
};

/** True if the result is 0. Example: ``If(atomic_dec_and_test(n), { free: c`free`() })`` */
export const atomic_dec_and_test = (v: IntVar, ...also: readonly Part[]): AtomicTest => {
  requireVariable(v, 'int', 'atomic_dec_and_test()');
  return c`atomic_dec_and_test(&${v})`.test(v.eq(1), { both: [...also, modifies('full'), v.dec()] });
};
export const atomic_inc_and_test = (v: IntVar, ...also: readonly Part[]): AtomicTest => {
  requireVariable(v, 'int', 'atomic_inc_and_test()');
  return c`atomic_inc_and_test(&${v})`.test(v.eq(-1), { both: [...also, modifies('full'), v.inc()] });
};

/** Adds, unless the value is `u`: true if it added. Example: `flag.assign(atomic_add_unless(n, 1, 0))` */
export const atomic_add_unless = (
  v: IntVar,
  n: number | Int,
  u: number | Int,
  ...also: readonly Part[]
): AtomicTest => {
  requireVariable(v, 'int', 'atomic_add_unless()');
  return c`atomic_add_unless(&${v}, ${text(n)}, ${text(u)})`.test(v.ne(u), {
    both: also,
    yes: [modifies('full'), v.set(v.plus(n))],
  });
};
export const atomic_inc_not_zero = (v: IntVar, ...also: readonly Part[]): AtomicTest => {
  requireVariable(v, 'int', 'atomic_inc_not_zero()');
  return c`atomic_inc_not_zero(&${v})`.test(v.ne(0), { both: also, yes: [modifies('full'), v.inc()] });
};

/** The suffix of a name: what is fully ordered has none. */
const suffix = (order: ModifyOrder): string => (order === 'full' ? '' : `_${order}`);

/** What stands before the variable in a call: a value and a comma, or nothing. */
type Before = readonly [] | readonly [value: string | Int, comma: string];

/** xchg() and its like, in one order. */
const exchanges = (order: ModifyOrder) => {
  const named = (name: string) => `${name}${suffix(order)}`;
  function xchg(x: IntVar, to: number | Int, ...also: readonly Part[]): Valued<number>;
  function xchg(x: BoolVar, to: boolean | Bool, ...also: readonly Part[]): Valued<boolean>;
  function xchg<V extends string>(x: EnumVar<V>, to: NoInfer<V>, ...also: readonly Part[]): Valued<V>;
  function xchg(x: IntVar | BoolVar | EnumVar<string>, to: unknown, ...also: readonly Part[]): Valued<never> {
    requireVariable(x, kindOf(x), `${named('xchg')}()`);
    return c`${named('xchg')}(&${x}, ${text(to)})`.value(
      x as never,
      ...also,
      modifies(order),
      x.set(to as never),
    ) as Valued<never>;
  }
  function cmpxchg(x: IntVar, from: number | Int, to: number | Int, ...also: readonly Part[]): Valued<number>;
  function cmpxchg<V extends string>(
    x: EnumVar<V>,
    from: NoInfer<V>,
    to: NoInfer<V>,
    ...also: readonly Part[]
  ): Valued<V>;
  function cmpxchg(
    x: IntVar | EnumVar<string>,
    from: unknown,
    to: unknown,
    ...also: readonly Part[]
  ): Valued<never> {
    requireVariable(x, kindOf(x), `${named('cmpxchg')}()`);
    const isFrom = 'eq' in x ? x.eq(from as number) : (x as EnumVar<string>).is(from as string);
    return c`${named('cmpxchg')}(&${x}, ${text(from)}, ${text(to)})`.value(
      x as never,
      ...also,
      modifies(order),
      x.set(ifElse(isFrom, to as never, x as never) as never),
    ) as Valued<never>;
  }
  return {
    xchg,
    cmpxchg,
    /** Stores `to` if the value is that of `old`: true. Else false, and `old` has the value that was found. */
    try_cmpxchg: (x: IntVar, old: IntVar, to: number | Int, ...also: readonly Part[]): AtomicTest => {
      for (const each of [x, old]) requireVariable(each, 'int', `${named('try_cmpxchg')}()`);
      return c`${named('try_cmpxchg')}(&${x}, &${old}, ${text(to)})`.test(x.eq(old), {
        both: [...also, modifies(order)],
        yes: [x.set(to)],
        no: [old.set(x)],
      });
    },
  };
};

/** Arithmetic that gives a value back, in one order. */
const sums = (order: ModifyOrder) => {
  const named = (name: string) => `${name}${suffix(order)}`;
  /** `args` are those before the variable, as text. */
  const changed = (
    name: string,
    v: IntVar,
    args: Before,
    also: readonly Part[],
    to: () => Int,
    value: () => Int = to,
  ) => {
    requireVariable(v, 'int', `${named(name)}()`);
    return c`${named(name)}(${args[0] ?? ''}${args[1] ?? ''}&${v})`.value(
      value(),
      ...also,
      modifies(order),
      v.set(to()),
    );
  };
  return {
    /** The new value. */
    inc_return: (v: IntVar, ...also: readonly Part[]): Valued<number> =>
      changed('atomic_inc_return', v, [], also, () => v.plus(1)),
    dec_return: (v: IntVar, ...also: readonly Part[]): Valued<number> =>
      changed('atomic_dec_return', v, [], also, () => v.minus(1)),
    add_return: (n: number | Int, v: IntVar, ...also: readonly Part[]): Valued<number> =>
      changed('atomic_add_return', v, [text(n), ', '], also, () => v.plus(n)),
    sub_return: (n: number | Int, v: IntVar, ...also: readonly Part[]): Valued<number> =>
      changed('atomic_sub_return', v, [text(n), ', '], also, () => v.minus(n)),
    /** The old value. */
    fetch_add: (n: number | Int, v: IntVar, ...also: readonly Part[]): Valued<number> =>
      changed(
        'atomic_fetch_add',
        v,
        [text(n), ', '],
        also,
        () => v.plus(n),
        () => v,
      ),
    fetch_sub: (n: number | Int, v: IntVar, ...also: readonly Part[]): Valued<number> =>
      changed(
        'atomic_fetch_sub',
        v,
        [text(n), ', '],
        also,
        () => v.minus(n),
        () => v,
      ),
  };
};

const inOrder = (order: ModifyOrder) => ({ ...exchanges(order), ...sums(order) });
const [full, relaxed, acquire, release] = [
  inOrder('full'),
  inOrder('relaxed'),
  inOrder('acquire'),
  inOrder('release'),
];

/** Stores `to`; the old value. Example: `m.assign(xchg(n, 0))` */
export const { xchg } = full;
export const xchg_relaxed = relaxed.xchg;
export const xchg_acquire = acquire.xchg;
export const xchg_release = release.xchg;

/**
 * Stores `to` if the value is `from`; the old value, which is `from` if it stored.
 * Example: `m.assign(cmpxchg(n, 0, 1))`
 */
export const { cmpxchg } = full;
export const cmpxchg_relaxed = relaxed.cmpxchg;
export const cmpxchg_acquire = acquire.cmpxchg;
export const cmpxchg_release = release.cmpxchg;

/** Example: `While(not(try_cmpxchg(n, m, 3)), {})` */
export const { try_cmpxchg } = full;
export const try_cmpxchg_relaxed = relaxed.try_cmpxchg;
export const try_cmpxchg_acquire = acquire.try_cmpxchg;
export const try_cmpxchg_release = release.try_cmpxchg;

/** Example: `m.assign(atomic_inc_return(n))` */
export const atomic_inc_return = full.inc_return;
export const atomic_inc_return_relaxed = relaxed.inc_return;
export const atomic_inc_return_acquire = acquire.inc_return;
export const atomic_inc_return_release = release.inc_return;
export const atomic_dec_return = full.dec_return;
export const atomic_dec_return_relaxed = relaxed.dec_return;
export const atomic_dec_return_acquire = acquire.dec_return;
export const atomic_dec_return_release = release.dec_return;
export const atomic_add_return = full.add_return;
export const atomic_add_return_relaxed = relaxed.add_return;
export const atomic_add_return_acquire = acquire.add_return;
export const atomic_add_return_release = release.add_return;
export const atomic_sub_return = full.sub_return;
export const atomic_sub_return_relaxed = relaxed.sub_return;
export const atomic_sub_return_acquire = acquire.sub_return;
export const atomic_sub_return_release = release.sub_return;
/** Example: `m.assign(atomic_fetch_add(1, n))` */
export const atomic_fetch_add = full.fetch_add;
export const atomic_fetch_add_relaxed = relaxed.fetch_add;
export const atomic_fetch_add_acquire = acquire.fetch_add;
export const atomic_fetch_add_release = release.fetch_add;
export const atomic_fetch_sub = full.fetch_sub;
export const atomic_fetch_sub_relaxed = relaxed.fetch_sub;
export const atomic_fetch_sub_acquire = acquire.fetch_sub;
export const atomic_fetch_sub_release = release.fetch_sub;

export const set_bit = (bit: BoolVar, ...also: readonly Part[]): Stmt => {
  requireVariable(bit, 'bool', 'set_bit()');
  return bitops`set_bit(${bit})`(...also, unordered(), bit.set(true));
};
export const clear_bit = (bit: BoolVar, ...also: readonly Part[]): Stmt => {
  requireVariable(bit, 'bool', 'clear_bit()');
  return bitops`clear_bit(${bit})`(...also, unordered(), bit.set(false));
};
/** True if it was set before. Example: `If(test_and_set_bit(marks.at(0)), { busy: Return() })` */
export const test_and_set_bit = (bit: BoolVar, ...also: readonly Part[]): AtomicTest => {
  requireVariable(bit, 'bool', 'test_and_set_bit()');
  return bitops`test_and_set_bit(${bit})`.test(bit, { both: [...also, modifies('full'), bit.set(true)] });
};
export const test_and_clear_bit = (bit: BoolVar, ...also: readonly Part[]): AtomicTest => {
  requireVariable(bit, 'bool', 'test_and_clear_bit()');
  return bitops`test_and_clear_bit(${bit})`.test(bit, { both: [...also, modifies('full'), bit.set(false)] });
};
export const test_and_change_bit = (bit: BoolVar, ...also: readonly Part[]): AtomicTest => {
  requireVariable(bit, 'bool', 'test_and_change_bit()');
  return bitops`test_and_change_bit(${bit})`.test(bit, {
    both: [...also, modifies('full'), bit.set(not(bit))],
  });
};

/**
 * `x++` and similar plain C: a load, then a store of the result.
 * Example: `nonatomic(n, (value) => value.plus(1))`
 */
export const nonatomic = inline(
  'nonatomic',
  { loaded: int(-1024, 1023).starts(0) },
  ({ loaded }, x: IntVar, change: (value: Int) => Int) => {
    requireVariable(x, 'int', 'nonatomic()');
    requireFunction(change, 'nonatomic(x, (value) => value.plus(1))');
    return { load: c`load ${x}`(loaded.set(x)), store: c`store ${x}`(x.set(change(loaded))) };
  },
);

/** An operation that returns no value orders nothing. */
const unordered = () => modifies('relaxed', { returns: false });

/** Which kind of variable it is; other values are refused as an int. */
const kindOf = (x: unknown) => ('is' in Object(x) ? 'enum' : 'and' in Object(x) ? 'bool' : 'int');

/** A value in a caption. */
const text = (value: unknown): string | Int => (typeof value === 'object' ? (value as Int) : String(value));

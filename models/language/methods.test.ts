// The methods of variables, expressions and actors, with wrong arguments that no compiler has checked, say what to write.

import { expect, test } from 'vitest';
import * as kernel from '../kernel/index.js';
import * as language from './index.js';

const { actor, actors, array, bool, int, oneOf, procedure, shared, source } = language;
const c = source('x.c');
const Node = language.pool(2, { x: bool() });
const state = shared({
  n: int(0, 3),
  b: bool(),
  word: oneOf('x', 'y'),
  lock: kernel.spinlock(),
  cells: array(2, int(0, 1)),
  pair: language.record({ a: bool() }),
  other: language.record({ a: bool() }),
  works: language.queue(int(0, 1), 2),
  node: Node,
  head: language.pointer(Node),
  readers: language.holders('x'),
  who: language.someone(),
  each: language.perActor(bool()),
  gate: language.latch(() => language.anyOf()),
});
const run = procedure('run', () => ({ one: c`x`(state.n.set(1)) }));
const one = actor('one', run);
const many = actors('many', 2, run);
const receivers: { readonly [name: string]: object } = {
  ...state,
  sum: state.n.plus(1),
  one,
  many,
};
const stored = kernel.xchg(state.n, 1);
const isSet = (x: language.Bool) => x;

/** The right arguments of each method of each receiver. */
const right: { readonly [name: string]: { readonly [method: string]: readonly unknown[] } } = {
  n: {
    ...{ set: [1], inc: [], dec: [], assign: [stored], eq: [1], ne: [1], lt: [1], le: [1], gt: [1], ge: [1] },
    ...{ plus: [1], minus: [1], times: [1], dividedBy: [1], mod: [1] },
  },
  b: {
    ...{ set: [true], assign: [kernel.xchg(state.b, true)], and: [state.b], or: [state.b] },
    ...{ implies: [state.b], called: ['text'], eq: [state.b] },
  },
  word: {
    ...{ set: ['x'], assign: [kernel.xchg(state.word, 'x')], is: ['x'], isnt: ['x'], isIn: ['x', 'y'] },
  },
  lock: { take: [], drop: [], release: [], isFree: [], isMine: [], isOwnedBy: [one] },
  cells: { at: [0] },
  pair: { set: [{ a: true }], copy: [state.other] },
  other: { set: [{ a: false }], copy: [state.pair] },
  works: {
    ...{ push: [1], pop: [], has: [1], remove: [1], any: [(x: language.Int) => x.eq(1)] },
    ...{ all: [(x: language.Int) => x.eq(1)], count: [(x: language.Int) => x.eq(1)] },
  },
  node: { at: [0], ref: [0] },
  head: { set: ['NULL'], assign: [kernel.kmalloc(state.node)], isNull: [], eq: [state.head] },
  readers: {
    ...{
      has: [one],
      any: [() => state.b],
      all: [() => state.b],
      take: [],
      drop: [],
      release: [],
      isFree: [],
    },
    ...{ isMine: [], isOwnedBy: [one] },
  },
  who: { set: [one], assign: [kernel.xchg(state.who as never, state.who as never)], is: [one], isNobody: [] },
  each: {
    ...{ of: [one], any: [isSet], all: [isSet], count: [isSet], copy: [state.each] },
    forAll: [(x: language.BoolVar) => x.set(true)],
  },
  gate: { arm: [], and: [state.b], or: [state.b], implies: [state.b], called: ['text'], eq: [state.b] },
  sum: {
    ...{ eq: [1], ne: [1], lt: [1], le: [1], gt: [1], ge: [1], plus: [1], minus: [1], times: [1] },
    ...{ dividedBy: [1], mod: [1] },
  },
  one: { at: ['run.one'] },
  many: { of: [1], any: [() => state.b], all: [() => state.b], count: [() => state.b] },
};

const wrong: { readonly [what: string]: unknown } = {
  ...{ undefined: undefined, null: null, text: 'no such', number: -1.5, object: {}, list: [] },
  ...{ function: () => ({}), condition: state.b, int: state.n, array: state.cells, record: state.pair },
  ...{
    actors: many,
    actor: one,
    statement: c`x`(),
    effect: state.n.set(1),
    setting: language.config({ f: bool() }).f,
  },
};

/** The error of a call, if there is one. */
function errorOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

function methodsOf(x: object): readonly string[] {
  const names = new Set<string>();
  for (let p = x; p !== null && p !== Object.prototype; p = Object.getPrototypeOf(p)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(p))) {
      if (name !== 'constructor' && typeof value === 'function') names.add(name);
    }
  }
  return [...names].sort();
}

test('every method is tried', () => {
  const all = Object.entries(receivers).map(([name, x]) => [name, methodsOf(x)]);
  expect(all).toEqual(Object.entries(right).map(([name, methods]) => [name, Object.keys(methods).sort()]));
});

const calls = Object.entries(right).flatMap(([name, methods]) =>
  Object.entries(methods).map(([method, args]) => [`${name}.${method}`, name, method, args] as const),
);

test.each(calls)(
  '%s accepts the right arguments, and refuses others with a message of the language',
  (_, name, method, args) => {
    const call = (given: readonly unknown[]) =>
      errorOf(() =>
        (receivers[name] as { [method: string]: (...args: readonly unknown[]) => unknown })[method]!(
          ...given,
        ),
      );
    expect(call(args)).toBeUndefined();
    for (const i of args.keys()) {
      for (const [what, given] of Object.entries(wrong)) {
        const error = call(args.map((arg, j) => (j === i ? given : arg)));
        if (error === undefined) continue;
        const { name: kind, message } = error as Error;
        const failure = `${name}.${method}, argument ${i}, ${what}: ${kind}: ${message}`;
        expect(failure).toMatch(/: ModelError: /);
        expect(failure).not.toMatch(/is not a function|Cannot |\[object|undefined[^:]*undefined/);
      }
    }
    const tooMany = call([...args, undefined]);
    const takesMore = ['word.isIn', 'lock.take', 'readers.take'].includes(`${name}.${method}`);
    if (!takesMore)
      expect(String(tooMany)).toMatch(/takes (no argument|one argument, not more|\d arguments, not more)/);
    if (args.length > 0)
      expect(Object.values(wrong).filter((one) => call([one]) !== undefined).length).toBeGreaterThan(5);
  },
);

// Refusals of control and calls. In each test the mistake is on the line that is marked `// <-`.

import { describe, expect, test } from 'vitest';
import { mutex, spin_unlock, spinlock } from '../../models/kernel/index.js';
import {
  actor,
  all,
  array,
  type Block,
  bool,
  Call,
  Choose,
  config,
  For,
  Goto,
  If,
  int,
  localsOf,
  model,
  oneOf,
  type ProcedureNode,
  procedure,
  Return,
  record,
  shared,
  source,
  While,
  when,
} from '../../models/language/index.js';
import { lower } from './lower.js';
import { refusalsIn } from './testing/small.js';

const c = source('mm/rmap.c');
const step = c`step`();
const settings = config({ fix: oneOf('none', 'merged'), COUNT: int(0, 4).starts(2) });
const state = shared({
  pmd: oneOf('none', 'huge'),
  busy: bool(),
  n: int(0, 4),
  page: array(2, record({ count: int(0, 1) })),
  ptl: spinlock(),
  page_lock: mutex(),
});
const { busy, n } = state;

const refusal = refusalsIn(import.meta.url);

/** Lowers a model in which one actor runs the procedure. */
const run = (root: ProcedureNode, given: { readonly [setting: string]: unknown } = {}) =>
  lower(model('small', { about: '', settings, state, actors: [actor('a', root)] }), given);

describe('control', () => {
  test('that calls itself', () => {
    const p: ProcedureNode = procedure('p', () => ({
      first: step,
      down: Call(q as ReturnType<typeof procedure<'q', Block>>),
    }));
    const q: ProcedureNode = procedure('q', () => ({
      again: Call(p as ReturnType<typeof procedure<'p', Block>>), // <-
    }));
    expect(refusal(() => run(p))).toBe('recursion: p > q > p; a call is written out, so it must end');
  });

  test('that calls two procedures of one name', () => {
    const zap = procedure('zap', () => ({ work: step }));
    const other = procedure('zap', () => ({ work: step })); // <-
    const p = procedure('p', () => ({ one: Call(zap), two: Call(other) }));
    expect(refusal(() => run(p))).toBe("two procedures are named 'zap'");
  });

  test('that loops without ever taking a step', () => {
    const loop = procedure('loop', () => ({
      forever: While(settings.fix.is('none'), {}), // <-
    }));
    expect(refusal(() => run(loop))).toBe('this loop never takes a step');
    const jump = procedure('jump', () => ({
      first: step,
      here: Goto('there'), // <-
      there: Goto('here'),
    }));
    expect(refusal(() => run(jump))).toBe('this loop never takes a step');
  });

  test('whose length depends on the state', () => {
    const p = procedure('p', () => ({
      loop: For(n, () => ({ work: step })), // <-
    }));
    expect(refusal(() => run(p))).toBe('the length of For() must be constant once the settings are known');
    const q = procedure('q', () => ({
      pick: Choose(n, () => ({ work: step })), // <-
    }));
    expect(refusal(() => run(q))).toBe('the range of Choose() must be constant once the settings are known');
    const r = procedure('r', () => ({
      wait: c`wait`(when(all(n, () => busy))), // <-
    }));
    expect(refusal(() => run(r))).toBe('the range of all() must be constant once the settings are known');
  });

  test('that has nothing to choose from', () => {
    const p = procedure('p', () => ({
      pick: Choose(settings.COUNT, () => ({ work: step })), // <-
    }));
    expect(refusal(() => run(p, { COUNT: 0 }))).toBe("'pick' has nothing to choose from");
    expect(
      refusal(() => Choose(spinlock() as never, () => ({ work: step }))), // <-
    ).toBe('Choose(spinlock(), …): only scalar domains can be chosen from');
  });
});

describe('calls', () => {
  const callee = procedure('callee', { x: int(0, 2), seen: array(2, bool()) }, ({ x, seen }) => ({
    use: c`use`(n.set(x), busy.set(seen.at(0))),
  }));

  test('with an argument for no local, or outside its domain', () => {
    const misspelt = procedure('misspelt', () => ({
      call: Call(callee, { xx: 1 } as never), // <-
    }));
    expect(refusal(() => run(misspelt))).toBe("callee has no local 'xx'; did you mean 'x'?");
    const high = procedure('high', () => ({
      call: Call(callee, { x: 3 }), // <-
    }));
    expect(refusal(() => run(high))).toBe("callee's x cannot be 3: not in 0 … 2");
    const whole = procedure('whole', () => ({
      call: Call(callee, { seen: true } as never), // <-
    }));
    expect(refusal(() => run(whole))).toBe("callee's seen is not a scalar: it cannot be an argument");
  });

  test('whose results are read before the call', () => {
    const p = procedure('p', () => ({
      early: c`early`(when(localsOf(callee).seen.at(0))), // <-
      call: Call(callee),
    }));
    expect(refusal(() => run(p))).toBe(
      "'seen' is a local of callee, which neither runs here nor was called before",
    );
  });

  test('of which one does not store what is read after another', () => {
    const get = procedure('get', { i: int(0, 3), ret: bool() }, ({ i, ret }) => ({
      look: c`look`(ret.set(n.eq(i))),
    }));
    const { i, ret } = localsOf(get);
    const why =
      'is read after a call, but a call before it does not store it, as it passes a constant or assigns the result: ' +
      'read what was passed or assigned';
    const constant = procedure('constant', () => ({
      a: Call(get, { i: n }),
      b: Call(get, { i: 3 }),
      use: c`use`(when(i.eq(2))), // <-
    }));
    expect(refusal(() => run(constant))).toBe(`get.i ${why}`);
    const later = procedure('later', { got: bool() }, ({ got }) => ({
      a: Call(get, { i: n }),
      use: c`use`(when(ret)), // <-
      b: got.assign(Call(get, { i: n })),
      back: Goto('use'),
    }));
    expect(refusal(() => run(later))).toBe(`get.ret ${why}`);
    const onOneWay = procedure('one_way', () => ({
      a: Call(get, { i: n }),
      maybe: If(busy, { b: Call(get, { i: 3 }) }),
      use: c`use`(when(i.eq(2))), // <-
    }));
    expect(refusal(() => run(onOneWay))).toBe(`get.i ${why}`);
  });

  test('and not what is read before such a call, or after another that stores it', () => {
    const get = procedure('get', { i: int(0, 3), ret: bool() }, ({ i, ret }) => ({
      look: c`look`(ret.set(n.eq(i))),
    }));
    const { i } = localsOf(get);
    const use = c`use`(when(i.eq(2)));
    const both = procedure('both', () => ({ a: Call(get, { i: n }), use }));
    expect(refusal(() => run(both))).toBe('not refused');
    const before = procedure('before', () => ({ a: Call(get, { i: n }), use, b: Call(get, { i: 3 }) }));
    expect(refusal(() => run(before))).toBe('not refused');
    const again = procedure('again', () => ({ a: Call(get, { i: 3 }), b: Call(get, { i: n }), use }));
    expect(refusal(() => run(again))).toBe('not refused');
    const ways = procedure('ways', () => ({
      which: If(busy, { a: Call(get, { i: n }), use, leave: Return() }),
      b: Call(get, { i: 3 }),
    }));
    expect(refusal(() => run(ways))).toBe('not refused');
  });

  test('to a callee with a local that has several first values, or is a lock', () => {
    const domain = int(0, 2).starts(1, 2);
    const several = procedure('several', { x: domain }, ({ x }) => ({ use: c`use`(n.set(x)) })); // <-
    const problem = 'has several first values; a local has one: use Choose() for more';
    expect(refusal(() => run(several))).toBe(`several.x ${problem}`);
    const stored = procedure('stored', { x: domain }, ({ x }) => ({ set: c`set`(x.set(n)) })); // <-
    expect(refusal(() => run(stored))).toBe(`stored.x ${problem}`);
    const locked = procedure('locked', { l: spinlock() }, ({ l }) => ({ un: spin_unlock(l) })); // <-
    expect(refusal(() => run(locked))).toBe('local locked.l cannot be a lock: locks must be shared state');
  });
});

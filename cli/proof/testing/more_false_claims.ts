// Claims that are false, beside lemmas and sums that are false, circular or beside the point, of counts, sizes, nested
// quantifiers, locks and domains.

import {
  bugOn,
  down_read,
  mutex,
  mutex_lock,
  mutex_unlock,
  rwsem,
  spin_lock,
  spin_unlock,
  spinlock,
  up_read,
} from '../../../models/kernel/index.js';
import {
  actor,
  all,
  any,
  array,
  type Bool,
  bool,
  count,
  Either,
  For,
  forAll,
  Goto,
  type Int,
  ifElse,
  int,
  not,
  oneOf,
  procedure,
  shared,
  source,
  when,
} from '../../../models/language/index.js';
import { always, contributes, lemma, never } from '../../../properties/language/index.js';
import { type FalseClaim, family, indexed, made, settings } from './false_claim.js';

const c = source('false.c');
const { NR, NR_B } = settings;

/** Five members raise a number. */
function five(
  more: (n: ReturnType<typeof raised>['n'], a: ReturnType<typeof raised>['a']) => object,
): FalseClaim {
  const { n, a, state } = raised();
  return made(state, [a], { bad: never(n.ge(5), 'five'), ...more(n, a) } as never, { NR: 5 });
}
function raised() {
  const state = shared({ n: int(0, 9) });
  return { state, n: state.n, a: family('a', { add: c`n++`(state.n.inc()), out: c`out`() }) };
}
/** Members that each set a flag of their own. */
function flags(
  more: (flag: ReturnType<typeof raisedFlags>['flag']) => object,
  at: FalseClaim['at'],
): FalseClaim {
  const { state, flag, a } = raisedFlags();
  return made(state, [a], more(flag) as never, at);
}
function raisedFlags() {
  const state = shared({ flag: array(NR, bool()) });
  const a = indexed('a', (k) => ({ set: c`flag[k] = 1`(state.flag.at(k).set(true)) }));
  return { state, flag: state.flag, a };
}

/** By title. */
export const claims: { readonly [title: string]: () => FalseClaim } = {
  'a lemma that says what it is to help': () => five((n) => ({ same: lemma(n.lt(5)) })),
  'a lemma that is stronger than what it is to help': () => five((n) => ({ more: lemma(n.le(3)) })),
  'two lemmas that each need the other': () =>
    five((n, a) => ({
      x: lemma(n.lt(5).or(a.any((x) => x.done))),
      y: lemma(n.lt(5).or(not(a.any((x) => x.done)))),
    })),
  'a lemma on the sizes that small ones have': () =>
    five((n) => ({ small: lemma(NR.le(4)), n: lemma(n.le(NR)) })),
  'a lemma that is false at first': () => five((n) => ({ first: lemma(n.ge(1)) })),
  'a lemma that is false of the last member': () =>
    five((_n, a) => ({ last: lemma(a.any((x) => x.at('a.add').or(x.at('a.out')))) })),
  'a sum that leaves out those who are done': () =>
    five((n, a) => ({
      sum: contributes(
        n,
        a.count((x) => x.at('a.out')),
      ),
    })),
  'a sum that is a number': () => five((n) => ({ sum: contributes(n, 4) })),
  'a sum of the counter itself': () => five((n) => ({ sum: contributes(n, ifElse(n.ge(1), 1, 0)) })),
  'a sum of elements that the counter is part of': () =>
    five((n) => ({
      sum: contributes(
        n,
        count(NR, (i) => n.gt(0).and(i.eq(0))),
      ),
    })),
  'a sum with a weight that is too small': () =>
    five((n, a) => ({
      sum: contributes(
        n.times(1),
        a.count((x) => x.done),
      ),
    })),
  'a sum that is right, of a number that is bounded by nothing': () =>
    five((n, a) => ({
      sum: contributes(
        n,
        a.count((x) => x.at('a.out').or(x.done)),
      ),
    })),
  'a sum of a size less those at the start': () =>
    five((n, a) => ({ sum: contributes(n, NR.minus(a.count((x) => x.at('a.add')))) })),
  'a sum that one step sets back': () => {
    const state = shared({ n: int(0, 9), flag: bool() });
    const { n, flag } = state;
    const a = family('a', {
      add: c`n++`(n.inc()),
      out: c`out`(when(n.ge(5)), n.set(0)),
      set: c`set`(flag.set(true)),
    });
    const sum = contributes(
      n,
      a.count((x) => x.at('a.out')),
    );
    return made(state, [a], { bad: never(flag, 'set'), sum }, { NR: 5 });
  },
  'a sum for each element of what one of them counts': () => {
    const state = shared({ n: array(NR, int(0, 9)) });
    const a = indexed('a', (k) => ({
      add: c`n[0]++`(state.n.at(0).inc()),
      out: c`out`(when(state.n.at(k).ge(0))),
    }));
    const sum = contributes(NR, (p) => [state.n.at(p), a.count((x) => x.at('a.out').or(x.done))]);
    return made(state, [a], { bad: never(state.n.at(0).ge(4), 'four'), sum }, { NR: 4 });
  },
  'a first value that is a size': () => {
    const state = shared({ n: int(0, 9).starts(NR) });
    const a = family('a', { sub: c`n--`(state.n.dec()) });
    return made(state, [a], { bad: never(state.n.eq(5), 'five') }, { NR: 5 });
  },
  'a number that starts as a size and falls to one': () => {
    const state = shared({ n: int(0, 9).starts(NR) });
    const a = family('a', { sub: c`n--`(when(state.n.gt(1)), state.n.dec()) });
    return made(state, [a], { bad: always(state.n.ge(2).or(NR.le(2)), 'two') }, { NR: 3 });
  },
  'a barrier that counts one who arrives twice': () => {
    const state = shared({ n: int(0, 20), go: array(NR, bool()) });
    const a = indexed('a', (k) => ({
      way: Either({
        once: { one: c`n++`(state.n.inc()) },
        twice: { two: c`n += 2`(state.n.set(state.n.plus(2))) },
      }),
      wait: c`wait for NR`(when(state.n.ge(NR)), state.go.at(k).set(true)),
    }));
    const bad = never(
      a.any((x) => x.done).and(a.any((x) => x.at('a.way'))),
      'one has passed, another has not arrived',
    );
    return made(state, [a], { bad }, { NR: 2 });
  },
  'a guard of all that holds where nobody has begun': () => {
    const state = shared({ flag: array(NR, bool()), done: bool() });
    const a = indexed('a', (k) => ({
      set: c`flag[k] = 1`(when(not(any(NR, (i) => state.flag.at(i)))), state.flag.at(k).set(true)),
    }));
    const b = family(
      'b',
      { all: c`done = 1`(when(all(NR, (i) => state.flag.at(i))), state.done.set(true)) },
      NR_B,
    );
    return made(state, [a, b], { bad: never(state.done, 'done') }, { NR: 1, NR_B: 1 });
  },
  'a guard that three elements meet': () => {
    const state = shared({ flag: array(NR, bool()), done: bool() });
    const a = indexed('a', (k) => ({
      set: c`flag[k] = 1`(state.flag.at(k).set(true)),
      see: c`done = 1`(
        when(
          any(NR, (i) =>
            any(NR, (j) =>
              not(i.eq(j))
                .and(not(i.eq(k)))
                .and(not(j.eq(k)))
                .and(state.flag.at(i))
                .and(state.flag.at(j)),
            ),
          ),
        ),
        state.done.set(true),
      ),
    }));
    return made(state, [a], { bad: never(state.done, 'three') }, { NR: 3 });
  },
  'a count that is exactly one, where two are possible': () =>
    flags((flag) => ({ bad: always(count(NR, (i) => flag.at(i)).le(1), 'one') }), { NR: 2 }),
  'a count that is never two': () =>
    flags((flag) => ({ bad: never(count(NR, (i) => flag.at(i)).eq(2), 'two') }), { NR: 2 }),
  'for all some without it': () =>
    flags(
      (flag) => ({
        bad: always(
          all(NR, (i) => any(NR, (j) => not(flag.at(i).and(flag.at(j))))),
          'some',
        ),
      }),
      { NR: 1 },
    ),
  'some for all': () =>
    flags(
      (flag) => ({
        bad: always(
          any(NR, (i) => all(NR, (j) => not(flag.at(j)).or(i.eq(j)))),
          'one leads',
        ),
      }),
      { NR: 2 },
    ),
  'for all three': () =>
    flags(
      (flag) => ({
        bad: never(
          any(NR, (i) =>
            any(NR, (j) =>
              any(NR, (k) => allDiffer(i, j, k).and(flag.at(i)).and(flag.at(j)).and(flag.at(k))),
            ),
          ),
          'three',
        ),
      }),
      { NR: 3 },
    ),
  'two indices of one sort in two arrays': () => {
    const state = shared({ from: array(NR, bool()), to: array(NR, bool()) });
    const a = indexed('a', (k) => ({
      one: c`from[k] = 1`(state.from.at(k).set(true)),
      all: c`to = from`(forAll(NR, (i) => state.to.at(i).set(state.from.at(k)))),
    }));
    return made(
      state,
      [a],
      {
        bad: always(
          all(NR, (i) => not(state.to.at(i)).or(state.from.at(i))),
          'copied',
        ),
      },
      { NR: 2 },
    );
  },
  'an array of arrays, of which only the diagonal is set': () => {
    const state = shared({ m: array(NR, array(NR, bool())) });
    const a = indexed('a', (k) => ({
      own: c`m[k][k] = 1`(state.m.at(k).at(k).set(true)),
      first: c`m[k][0] = 1`(state.m.at(k).at(0).set(true)),
    }));
    const bad = always(
      all(NR, (i) => all(NR, (j) => not(state.m.at(i).at(j)).or(i.eq(j)))),
      'the diagonal',
    );
    return made(state, [a], { bad }, { NR: 2 });
  },
  'a lock that each takes for another sort': () => {
    const state = shared({ lock: array(NR_B, spinlock()), n: int(0, 9) });
    const a = indexed('a', (k) => ({
      lock: spin_lock(state.lock.at(k.mod(NR_B))),
      in: c`n++`(state.n.inc()),
      out: c`n--`(state.n.dec()),
      unlock: spin_unlock(state.lock.at(k.mod(NR_B))),
    }));
    return made(state, [a], { bad: never(state.n.ge(2), 'two') }, { NR: 2, NR_B: 2 });
  },
  'a lock that is dropped before the last access': () => {
    const state = shared({ lock: mutex(), n: int(0, 9) });
    const a = family('a', {
      lock: mutex_lock(state.lock),
      in: c`n++`(state.n.inc()),
      unlock: mutex_unlock(state.lock),
      out: c`n--`(state.n.dec()),
    });
    return made(state, [a], { bad: never(state.n.ge(2), 'two') }, { NR: 2 });
  },
  'readers that are to exclude each other': () => {
    const state = shared({ sem: rwsem() });
    const a = family('a', { lock: down_read(state.sem), in: c`in`(), unlock: up_read(state.sem) });
    return made(state, [a], { bad: never(a.count((x) => x.at('a.in')).ge(2), 'two') }, { NR: 2 });
  },
  'a number at the edge of its domain': () => {
    const state = shared({ n: int(0, 3) });
    const a = family('a', { add: c`n++`(when(state.n.lt(3)), state.n.inc()) });
    return made(state, [a], { bad: never(state.n.eq(3), 'three') }, { NR: 3 });
  },
  'a number that leaves its domain where few do': () => {
    const state = shared({ n: int(0, 3), flag: bool() });
    const a = family('a', {
      add: c`n++`(state.n.inc()),
      see: c`flag = 1`(when(state.n.ge(3)), state.flag.set(true)),
    });
    return made(state, [a], { bad: never(state.flag, 'three') }, { NR: 3 });
  },
  'a word that goes round': () => {
    const state = shared({ turn: oneOf('a', 'b', 'c') });
    const { turn } = state;
    const a = family('a', {
      to: c`b`(when(turn.is('a')), turn.set('b')),
      on: c`c`(when(turn.is('b')), turn.set('c')),
    });
    return made(state, [a], { bad: never(turn.is('c'), 'c') }, { NR: 1 });
  },
  'a server that answers whom nobody asked': () => {
    const state = shared({ asked: array(NR, bool()), answered: array(NR, bool()) });
    const client = indexed('client', (k) => ({ ask: c`ask`(state.asked.at(k).set(true)) }));
    const server = procedure('server', () => ({
      begin: c`begin`(when(any(NR, (i) => state.asked.at(i)))),
      each: For(NR, (i) => ({ answer: c`answer`(state.answered.at(i).set(true)) })),
      again: Goto('begin'),
    }));
    const bad = always(
      all(NR, (i) => not(state.answered.at(i)).or(state.asked.at(i))),
      'who is answered has asked',
    );
    return made(state, [client, actor('server', server)], { bad }, { NR: 2 });
  },
  'a loop that is over, though one element is set behind it': () => {
    const state = shared({ flag: array(NR, bool()), over: bool() });
    const walk = procedure('walk', () => ({
      begin: c`begin`(),
      each: For(NR, (i) => ({ clear: c`flag[i] = 0`(state.flag.at(i).set(false)) })),
      end: c`over = 1`(state.over.set(true)),
    }));
    const a = indexed('a', (k) => ({
      set: c`flag[k] = 1`(when(not(state.over)), state.flag.at(k).set(true)),
    }));
    const bad = never(state.over.and(any(NR, (i) => state.flag.at(i))), 'cleared');
    return made(state, [actor('w', walk), a], { bad }, { NR: 1 });
  },
  'a loop inside a loop': () => {
    const state = shared({ n: int(0, 20) });
    const walk = procedure('walk', () => ({
      begin: c`begin`(),
      each: For(NR, () => ({ inner: For(NR_B, () => ({ add: c`n++`(state.n.inc()) })) })),
    }));
    return made(state, [actor('w', walk)], { bad: never(state.n.ge(6), 'six') }, { NR: 2, NR_B: 3 });
  },
  'a property that only some sizes have': () =>
    flags((flag) => ({ bad: never(flag.at(0), 'the first', { given: NR.ge(3) }) }), { NR: 3 }),
  'an assertion behind a choice': () => {
    const state = shared({ n: int(0, 9) });
    const a = family('a', {
      way: Either({
        up: { add: c`n++`(state.n.inc()) },
        down: { sub: c`n--`(when(state.n.gt(0)), state.n.dec()) },
      }),
      check: bugOn(state.n.ge(4), 'BUG_ON(n >= 4)'),
    });
    return made(state, [a], { sum: lemma(state.n.le(3)) }, { NR: 4 });
  },
  'members that mean each other': () => {
    const state = shared({ flag: array(NR, bool()), other: array(NR, bool()) });
    const a = indexed('a', (k) => ({ set: c`flag[k] = 1`(state.flag.at(k).set(true)) }));
    const b = indexed('b', (k) => ({
      set: c`other[k] = 1`(when(a.any((x) => x.done)), state.other.at(k).set(true)),
    }));
    const bad = always(
      all(NR, (i) => not(state.other.at(i)).or(state.flag.at(i))),
      'the same',
    );
    return made(
      state,
      [a, b],
      { bad, same: lemma(b.all((x, i) => not(x.done).or(state.flag.at(i)))) },
      { NR: 2 },
    );
  },
  'a size less one': () => {
    const state = shared({ n: int(0, 9), last: bool() });
    const a = family('a', {
      add: c`n++`(state.n.inc()),
      see: c`last = 1`(when(state.n.eq(NR.minus(1))), state.last.set(true)),
    });
    return made(state, [a], { bad: never(state.last, 'all but one') }, { NR: 2 });
  },
};

function allDiffer(i: Int, j: Int, k: Int): Bool {
  return not(i.eq(j))
    .and(not(j.eq(k)))
    .and(not(i.eq(k)));
}

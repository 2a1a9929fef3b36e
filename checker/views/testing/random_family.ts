// Random small models with any number of alike members: shared variables, an array with an element for each member, a
// number that names one, a lock; guards with quantifiers, counts and names; a manager that picks members. Most are
// unsafe; some are safe for every number.

import { mutex, mutex_lock, mutex_unlock } from '../../../models/kernel/index.js';
import {
  actor,
  actors,
  all,
  allOf,
  any,
  array,
  type Bool,
  bool,
  Choose,
  config,
  count,
  expects,
  forAll,
  Goto,
  type Int,
  int,
  type Model,
  model,
  not,
  oneOf,
  procedure,
  type Stmt,
  shared,
  source,
  when,
} from '../../../models/language/index.js';
import { never, type Properties } from '../../../properties/language/index.js';
import { random } from '../../testing/random.js';

export interface RandomFamily {
  readonly model: Model;
  readonly properties: Properties;
}

const c = source('random.c');
const words = ['idle', 'busy', 'gone'] as const;

/** The same model for the same seed. Its setting NR is how many members there are. */
export function randomFamily(seed: number): RandomFamily {
  const dice = random(seed);
  const settings = config({ NR: int(1, 6).starts(2) });
  const { NR } = settings;
  const state = shared({
    flag: bool(),
    number: int(0, 2),
    mine: array(NR, bool()),
    word: array(NR, oneOf(...words)),
    last: int(-1, 5).starts(-1),
    lock: mutex(),
  });
  const { flag, number, mine, word, last, lock } = state;

  /** Of a member; `me` is absent for the manager. */
  const atom = (me: Int | undefined): Bool => {
    const others = (of: (i: Int) => Bool) => (i: Int) => (me === undefined ? of(i) : i.ne(me).and(of(i)));
    const either = (of: (i: Int) => Bool) => (i: Int) => (me === undefined ? of(i) : i.eq(me).or(of(i)));
    const made: (() => Bool)[] = [
      () => flag,
      () => not(flag),
      () => number.eq(dice.below(3)),
      () => number.lt(2),
      () =>
        all(
          NR,
          either((i) => not(mine.at(i))),
        ),
      () =>
        all(
          NR,
          either((i) => word.at(i).isnt('busy')),
        ),
      () =>
        any(
          NR,
          others((i) => mine.at(i)),
        ),
      () =>
        any(
          NR,
          others((i) => word.at(i).is('gone').and(mine.at(i))),
        ),
      () => count(NR, (i) => mine.at(i)).ge(2),
      () => count(NR, (i) => mine.at(i)).eq(0),
      () => count(NR, (i) => word.at(i).is('busy')).le(1),
      () => count(NR, (i) => mine.at(i)).eq(NR),
      () => last.eq(-1),
      () => last.ne(-1).and(any(NR, (i) => last.eq(i).and(mine.at(i)))),
    ];
    const own: (() => Bool)[] =
      me === undefined
        ? []
        : [
            () => mine.at(me),
            () => not(mine.at(me)),
            () => word.at(me).is(dice.pick(words)),
            () => last.eq(me),
            () => last.ne(me),
            () => last.eq(-1).or(last.ne(me)),
          ];
    return dice.pick([...made, ...own, ...own])();
  };

  const effect = (me: Int | undefined) => {
    const common = [
      () => flag.set(dice.oneIn(2)),
      () => number.set(dice.below(3)),
      () => last.set(-1),
      () => forAll(NR, (i) => mine.at(i).set(false)),
      () => flag.set(any(NR, (i) => mine.at(i))),
      () => number.set(number.plus(1).mod(3)),
    ];
    const own =
      me === undefined
        ? []
        : [
            () => mine.at(me).set(true),
            () => mine.at(me).set(false),
            () => word.at(me).set(dice.pick(words.slice(1))),
            () => last.set(me),
          ];
    return dice.pick([...common.slice(0, 3), ...own, ...own, ...common])();
  };

  const step = (me: Int | undefined): Stmt => {
    const guards = Array.from({ length: dice.below(2) }, () => atom(me));
    const parts = [...guards.map((one) => when(one)), effect(me)];
    return c`step`(...parts);
  };
  const labels = 2 + dice.below(3);
  const takesLock = dice.oneIn(2);
  const work = procedure('work', { me: int(0, 5) }, ({ me }) => {
    const body: { [label: string]: Stmt } = {};
    if (takesLock) body['take'] = mutex_lock(lock);
    for (let i = 0; i < labels; i++) body[`l${i}`] = step(me);
    if (dice.oneIn(4)) body['expect'] = c`expect`(expects(atom(me), 'as expected'));
    if (takesLock) body['drop'] = mutex_unlock(lock);
    body['again'] = Goto(takesLock ? 'take' : 'l0');
    return body;
  });
  const manage = procedure('manage', () => ({
    pick: Choose(NR, (i) => ({
      one: c`pick`(when(allOf(atom(undefined), mine.at(i))), word.at(i).set(dice.pick(words))),
    })),
    then: step(undefined),
    again: Goto('pick'),
  }));
  const member = actors('member', NR, work, (i) => ({ me: i }));
  const families = dice.oneIn(2) ? [member] : [member, actor('manager', manage)];
  const at = () => `work.l${dice.below(labels)}` as never;
  const [here, there] = [at(), at()];
  const bads: (() => Bool)[] = [
    () => member.count((m) => m.at(here)).ge(2),
    () => any(NR, (i) => mine.at(i)).and(any(NR, (i) => word.at(i).is('gone'))),
    () => count(NR, (i) => mine.at(i).and(word.at(i).is('busy'))).ge(2),
    () =>
      member.any((m, i) =>
        m
          .at(here)
          .and(last.eq(i))
          .and(not(mine.at(i))),
      ),
    () =>
      member
        .any((m) => m.at(here))
        .and(member.any((m) => m.at(there)))
        .and(flag),
  ];
  const [bad, worse] = [dice.pick(bads), dice.pick(bads)];
  return {
    model: model(`random_${seed}`, { about: 'random', settings, state, actors: families }),
    properties: { safe: never(bad().or(worse()), 'unsafe') },
  };
}

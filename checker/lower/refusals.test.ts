// Refusals: what has no meaning is refused before anything runs, in words and with the model's file and line. In
// each test the model's mistake stands on the line that is marked `// <-`.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { mutex, mutex_lock, mutex_unlock, spin_unlock, spinlock } from '../../models/kernel/index.js';
import {
  type ActorsNode,
  actor,
  actors,
  all,
  array,
  type Block,
  Bool,
  bool,
  Call,
  Choose,
  config,
  Either,
  Enum,
  expects,
  expectsSoftly,
  For,
  Goto,
  If,
  int,
  localsOf,
  ModelError,
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
import { always, type Properties } from '../../properties/language/index.js';
import { lower } from './lower.js';
import { SettingError } from './settings.js';

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
const { pmd, busy, n, page, ptl, page_lock } = state;

const self = new URL(import.meta.url).pathname;
const lines = readFileSync(self, 'utf8').split('\n');

/** What `build` is refused with, and whether the refusal names a marked line of this file. */
function refusal(build: () => unknown): string {
  try {
    build();
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const { file, line } = error.at ?? { file: 'nowhere', line: 0 };
    const isMarked = file.endsWith('refusals.test.ts') && lines[line - 1]!.endsWith('// <-');
    return isMarked ? error.message : `${error.message} (at ${file}:${line})`;
  }
  return 'not refused';
}

/** Lowers a model in which one actor runs the procedure. */
const run = (root: ProcedureNode, given: { readonly [setting: string]: unknown } = {}) =>
  lower(model('small', { about: '', settings, state, actors: [actor('a', root)] }), given);

describe('a step', () => {
  test('that writes a place twice', () => {
    const p = procedure('p', () => ({
      fine: step,
      twice: c`twice`(n.set(1), busy.set(true), n.set(2)), // <-
    }));
    expect(refusal(() => run(p))).toBe('this step writes n twice; make it two steps, or one effect');
    const q = procedure('q', () => ({
      twice: c`maybe twice`(page.at(n).count.set(1), page.at(0).count.set(0)), // <-
    }));
    expect(refusal(() => run(q))).toBe(
      'this step writes page[0].count twice; make it two steps, or one effect',
    );
  });

  test('that reads what it has written', () => {
    const effect = procedure('effect', () => ({
      wrong: c`wrong`(n.set(1), busy.set(n.eq(1))), // <-
    }));
    const late = 'after it has written it; effects of a step happen at once, so read it first';
    expect(refusal(() => run(effect))).toBe(`this step reads n ${late}`);
    const guard = procedure('guard', () => ({
      wrong: c`wrong`(busy.set(true), when(busy)), // <-
    }));
    expect(refusal(() => run(guard))).toBe(`this step reads busy ${late}`);
    const check = procedure('check', () => ({
      wrong: c`wrong`(ptl.take(), expects(ptl.isMine(), 'held')), // <-
    }));
    expect(refusal(() => run(check))).toBe(`this step reads ptl ${late}`);
    const index = procedure('index', () => ({
      wrong: c`wrong`(n.set(0), page.at(n).count.set(1)), // <-
    }));
    expect(refusal(() => run(index))).toBe(`this step reads n ${late}`);
  });

  test('that warns and expects something else', () => {
    const p = procedure('p', () => ({
      both: c`both`(expectsSoftly(busy, 'WARN_ON'), expects(n.eq(1), 'BUG_ON')), // <-
    }));
    expect(refusal(() => run(p))).toBe(
      'a warning goes on, so it cannot share its step with another expectation; make them two',
    );
  });

  test('that stores a constant outside the domain', () => {
    const high = procedure('high', () => ({
      store: c`store`(n.set(5)), // <-
    }));
    expect(refusal(() => run(high))).toBe('n cannot be 5: not in 0 … 4');
    const setting = procedure('setting', () => ({
      store: c`store`(page.at(1).count.set(settings.COUNT.plus(1))), // <-
    }));
    expect(refusal(() => run(setting))).toBe('page[1].count cannot be 3: not in 0 … 1');
    const fraction = procedure('fraction', () => ({
      store: c`store`(n.set(1.5)), // <-
    }));
    expect(refusal(() => run(fraction))).toBe('1.5 is not a whole number');
    const word = procedure('word', () => ({
      store: c`store`(pmd.set('table' as 'huge')), // <-
    }));
    expect(refusal(() => run(word))).toBe("'table' is none of none, huge");
    const type = procedure('type', () => ({
      compare: c`compare`(when(pmd.is(new Enum<'huge'>({ op: 'const', value: 3 })))), // <-
    }));
    expect(refusal(() => run(type))).toBe('one of none, huge is expected here, not int');
  });

  test('that indexes outside an array', () => {
    const p = procedure('p', () => ({
      write: c`write`(page.at(2).count.set(1)), // <-
    }));
    expect(refusal(() => run(p))).toBe('page.at(2): the array has the indices 0 … 1');
    const q = procedure('q', () => ({
      loop: For(3, (i) => ({
        read: c`read`(when(page.at(i).count.eq(1))), // <-
      })),
    }));
    expect(refusal(() => run(q))).toBe('page.at(2): the array has the indices 0 … 1');
  });

  test('that names what is not there, or not one variable', () => {
    const elsewhere = shared({ lost: bool() });
    const p = procedure('p', () => ({
      read: c`read`(when(elsewhere.lost)), // <-
    }));
    expect(refusal(() => run(p))).toBe("'lost' is not in the state of the model 'small'");
    const other = config({ lost: bool() });
    const q = procedure('q', () => ({
      read: c`read`(when(other.lost)), // <-
    }));
    expect(refusal(() => run(q))).toBe("the model 'small' has no setting 'lost'");
    const r = procedure('r', () => ({
      whole: c`read`(when(new Bool({ op: 'read', place: page.place }))), // <-
    }));
    expect(refusal(() => run(r))).toBe("'page' is read or written as a whole; name one of its parts");
  });

  test('that uses a bound variable outside of what binds it', () => {
    let leaked = settings.COUNT;
    const p = procedure('p', () => ({
      loop: For(2, (i) => {
        leaked = i;
        return { inside: step };
      }),
      outside: c`outside`(n.set(leaked)), // <-
    }));
    expect(refusal(() => run(p))).toBe('the variable of a For, Choose or quantifier is used outside of it');
  });

  test('that unlocks what its actor never holds', () => {
    const p = procedure('p', () => ({
      lock: mutex_lock(page_lock),
      unlock: mutex_unlock(page_lock),
      again: mutex_unlock(page_lock), // <-
    }));
    expect(refusal(() => run(p))).toBe('mutex_unlock(page_lock): page_lock is never held here');
    const q = procedure('q', () => ({
      unlock: spin_unlock(ptl), // <-
    }));
    expect(refusal(() => run(q))).toBe('spin_unlock(ptl): ptl is never held here');
  });
});

describe('labels', () => {
  test('that two statements have', () => {
    const p = procedure('p', () => ({
      test: If(busy, { work: step }),
      other: If(busy, {
        work: c`work`(), // <-
      }),
    }));
    expect(refusal(() => run(p))).toBe("p has two labels 'work'");
    const arms = procedure('arms', () => ({
      first: Either({ yes: { one: step }, no: {} }),
      second: Either({ also: { two: step }, no: {} }), // <-
    }));
    expect(refusal(() => run(arms))).toBe("arms has two labels 'no'");
    const shadow = procedure('shadow', () => ({ first: Either({ work: { work: step, rest: step } }) }));
    expect(refusal(() => run(shadow))).toBe('not refused');
  });

  test('that are no names', () => {
    const p = procedure('p', () => ({ 'a-b': step })); // <-
    expect(refusal(() => run(p))).toBe(
      "the label 'a-b' is not a name (letters, digits and _, no digit first)",
    );
    expect(
      refusal(() => Either({ 'a b': {} })), // <-
    ).toBe("the arm 'a b' is not a name (letters, digits and _, no digit first)");
    expect(
      refusal(() => procedure('mm.zap', () => ({}))), // <-
    ).toBe("the procedure 'mm.zap' is not a name (letters, digits and _, no digit first)");
  });

  test('that carry no statement', () => {
    const p = procedure('p', () => ({ clear: pmd.set('none') }) as unknown as Block); // <-
    expect(refusal(() => run(p))).toBe(
      "'clear' is not a statement; an effect needs its step: c`what it does`(…)",
    );
  });

  test('that a Goto cannot reach', () => {
    const p = procedure('p', () => ({
      first: step,
      jump: Goto('frist'), // <-
    }));
    expect(refusal(() => run(p))).toBe(
      "Goto('frist'): p has no such label in the blocks around it; did you mean 'first'?",
    );
    const q = procedure('q', () => ({
      test: If(busy, { inside: step }),
      jump: Goto('inside'), // <-
    }));
    expect(refusal(() => run(q))).toBe(
      "Goto('inside'): q has no such label in the blocks around it (there are test, jump)",
    );
    const callee = procedure('callee', () => ({
      back: Goto('first'), // <-
    }));
    const caller = procedure('caller', () => ({ first: step, call: Call(callee) }));
    expect(refusal(() => run(caller))).toBe(
      "Goto('first'): callee has no such label in the blocks around it (there are back)",
    );
  });

  test('that a property or a guard misspells, or where nobody ever stands', () => {
    const p = procedure('p', () => ({ first: step, leave: If(busy, { out: Return() }) }));
    const one = actor('a', p);
    const at = one.at as (label: string) => ReturnType<typeof one.at>;
    const check = (properties: Properties) =>
      lower(model('small', { about: '', state, actors: [one] }), {}, properties);
    expect(
      refusal(() => check({ wrong: always(at('p.frist')) })), // <-
    ).toBe("no label 'p.frist'; did you mean 'p.first'?");
    expect(
      refusal(() => check({ wrong: always(at('zap_huge_pmd.lock')) })), // <-
    ).toBe("no label 'zap_huge_pmd.lock'");
    expect(
      refusal(() => check({ wrong: always(at('p.out')) })), // <-
    ).toBe("nobody stands at 'p.out': it takes no step");
  });
});

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

  test('that goes round without ever taking a step', () => {
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

  test('that is as long as the state says', () => {
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

  test('whose results are read before there are any', () => {
    const p = procedure('p', () => ({
      early: c`early`(when(localsOf(callee).seen.at(0))), // <-
      call: Call(callee),
    }));
    expect(refusal(() => run(p))).toBe(
      "'seen' is a local of callee, which neither runs here nor was called before",
    );
  });

  test('to a callee with a local that has no one first value, or is a lock', () => {
    const domain = int(0, 2).starts(1, 2);
    const several = procedure('several', { x: domain }, ({ x }) => ({ use: c`use`(n.set(x)) })); // <-
    const problem = 'starts with several values; a local has one, and Choose() for more';
    expect(refusal(() => run(several))).toBe(`several.x ${problem}`);
    const stored = procedure('stored', { x: domain }, ({ x }) => ({ set: c`set`(x.set(n)) })); // <-
    expect(refusal(() => run(stored))).toBe(`stored.x ${problem}`);
    const locked = procedure('locked', { l: spinlock() }, ({ l }) => ({ un: spin_unlock(l) })); // <-
    expect(refusal(() => run(locked))).toBe('locked.l is a lock: nobody else could see it');
  });
});

describe('a model', () => {
  const p = procedure('p', { x: int(0, 2) }, ({ x }) => ({ use: c`use`(n.set(x)) }));
  const lowered = (family: { readonly actors: ActorsNode }, given = {}) =>
    lower(model('small', { about: '', settings, state, actors: [family] }), given);

  test('whose actors cannot be', () => {
    expect(
      refusal(() => model('small', { about: '', state, actors: [] })), // <-
    ).toBe("the model 'small' has no actors");
    const twice = actor('a', p); // <-
    expect(refusal(() => model('small', { about: '', state, actors: [twice, twice] }))).toBe(
      "two actors are named 'a'",
    );
    const varying = actors('a', n, p); // <-
    expect(refusal(() => lowered(varying))).toBe(
      "the number of 'a' must be constant once the settings are known",
    );
    const negative = actors('a', settings.COUNT.minus(3), p); // <-
    expect(refusal(() => lowered(negative))).toBe("-1 copies of 'a'");
    const parts = { about: '', settings, state };
    const none = model('small', { ...parts, actors: [actors('a', settings.COUNT, p)] }); // <-
    expect(refusal(() => lower(none, { COUNT: 0 }))).toBe('small has no actors under these settings');
    const moving = actor('a', p, { x: n }); // <-
    expect(refusal(() => lowered(moving))).toBe(
      "the argument 'x' of an actor must be constant once the settings are known",
    );
    const high = actors('a', 4, p, (i) => ({ x: i })); // <-
    expect(refusal(() => lowered(high))).toBe("p's x cannot be 3: not in 0 … 2");
  });

  test('whose state cannot be', () => {
    const at = (domain: () => unknown) => refusal(domain);
    expect(
      at(() => int(2, 1)), // <-
    ).toBe('int(2, 1) is empty: the first bound is above the second');
    expect(
      at(() => int(0, 1.5)), // <-
    ).toBe('int(0, 1.5): 1.5 is not a whole number within ±2^30');
    expect(
      at(() => oneOf('a', 'b', 'a')), // <-
    ).toBe("oneOf(…) names 'a' twice");
    expect(
      at(() => (oneOf as () => unknown)()), // <-
    ).toBe('oneOf() needs at least one value');
    expect(
      at(() => int(0, 4).starts(5)), // <-
    ).toBe('5 is not in int(0, 4)');
    expect(
      at(() => oneOf('a', 'b').starts('c' as 'a')), // <-
    ).toBe("\"c\" is not in oneOf('a', 'b')");
    expect(
      at(() => array(0, bool())), // <-
    ).toBe('array(0, …): the length must be a whole number from 1 up');
  });

  test('whose state the settings make impossible', () => {
    const empty = shared({ cells: array(settings.COUNT, bool()) });
    const late = shared({ n: int(0, 2).starts(settings.COUNT.plus(1)) });
    const by_index = shared({
      cells: array(
        3,
        int(0, 2).startsAs((i = 0) => i + 1),
      ),
    });
    const idle = actor(
      'a',
      procedure('idle', () => ({ work: step })),
    );
    const with_state = (of: Parameters<typeof model>[1]['state']) =>
      model('small', { about: '', settings, state: of, actors: [idle] }); // <-
    expect(refusal(() => lower(with_state(empty), { COUNT: 0 }))).toBe(
      'an array of length 0: it needs at least one element',
    );
    expect(refusal(() => lower(with_state(late)))).toBe('n cannot be 3: not in 0 … 2');
    expect(refusal(() => lower(with_state(by_index)))).toBe('cells[2] cannot be 3: not in 0 … 2');
  });

  test('whose first states cannot be told', () => {
    const parts = { about: '', settings, state, actors: [actor('a', p)] };
    const divides = model('small', { ...parts, initially: n.dividedBy(n).eq(1) }); // <-
    expect(refusal(() => lower(divides))).toBe(
      'initially divides by, or indexes with, something that varies: it may have no value',
    );
    const mine = model('small', { ...parts, initially: ptl.isMine() }); // <-
    expect(refusal(() => lower(mine))).toBe(
      'only an actor can own a lock; say which one: lock.isOwnedBy(actor)',
    );
  });
});

describe('a property', () => {
  const p = procedure('p', () => ({ first: step }));
  const copies = actors('a', 2, p);
  const stranger = actor('stranger', p);
  const check = (properties: Properties) =>
    lower(model('small', { about: '', settings, state, actors: [copies] }), {}, properties);

  test('that asks for a lock of its own', () => {
    expect(
      refusal(() => check({ wrong: always(ptl.isMine()) })), // <-
    ).toBe('only an actor can own a lock; say which one: lock.isOwnedBy(actor)');
  });

  test('about an actor that is not there', () => {
    expect(
      refusal(() => check({ wrong: always(stranger.done) })), // <-
    ).toBe("the model has no actor 'stranger'");
    expect(
      refusal(() => check({ wrong: always(copies.of(2).done) })), // <-
    ).toBe('a.of(2): there are 2 of it under these settings');
    expect(
      refusal(() => check({ wrong: always(copies.of(n).done) })), // <-
    ).toBe("which 'a' must be constant once the settings are known");
  });

  test('that reads a local, or applies as the state says', () => {
    const q = procedure('q', { mine: bool() }, ({ mine }) => ({ set: c`set`(mine.set(true)) }));
    expect(
      refusal(() => check({ wrong: always(localsOf(q).mine) })), // <-
    ).toBe("'mine' is a local of q, which neither runs here nor was called before");
    expect(
      refusal(() => check({ wrong: always(busy, 'about', { given: busy }) })), // <-
    ).toBe("the condition under which 'wrong' applies must be constant once the settings are known");
  });
});

describe('a setting', () => {
  const p = procedure('p', () => ({ first: step }));
  const refused = (given: { readonly [setting: string]: unknown }) => {
    try {
      run(p, given);
    } catch (error) {
      if (error instanceof SettingError) return error.message;
      throw error;
    }
    return 'not refused';
  };

  test('that the model does not have', () => {
    expect(refused({ fx: 'none' })).toBe("small has no setting 'fx'; did you mean 'fix'?");
    expect(refused({ NR_MMS: 2 })).toBe("small has no setting 'NR_MMS' (it has fix, COUNT)");
    const bare = model('bare', { about: '', state, actors: [actor('a', p)] });
    expect(() => lower(bare, { fix: 'none' })).toThrow("bare has no setting 'fix' (it has none)");
  });

  test('whose value is none of its domain', () => {
    expect(refused({ fix: 'mergd' })).toBe(
      "fix=mergd: not in oneOf('none', 'merged'); did you mean 'merged'?",
    );
    expect(refused({ COUNT: 5 })).toBe('COUNT=5: not in int(0, 4)');
    expect(refused({ COUNT: '1.5' })).toBe('COUNT=1.5: not in int(0, 4)');
    expect(refused({ COUNT: true })).toBe('COUNT=true: not in int(0, 4)');
  });

  test('may be given as text', () => {
    expect(run(p, { fix: 'merged', COUNT: '3' }).program.settings).toEqual({ fix: 'merged', COUNT: 3 });
  });
});

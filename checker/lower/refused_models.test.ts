// Refusals of models, their settings and their properties. In each test the mistake is on the line that is marked `//
// <-`.

import { describe, expect, test } from 'vitest';
import { mutex, spinlock } from '../../models/kernel/index.js';
import {
  type ActorsNode,
  actor,
  actors,
  array,
  type Bool,
  bool,
  config,
  int,
  localsOf,
  model,
  oneOf,
  type ProcedureNode,
  procedure,
  record,
  shared,
  source,
} from '../../models/language/index.js';
import { always, type Properties } from '../../properties/language/index.js';
import { lower, lowering } from './lower.js';
import { SettingError } from './settings.js';
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
const { busy, n, ptl } = state;

const refusal = refusalsIn(import.meta.url);

/** Lowers a model in which one actor runs the procedure. */
const run = (root: ProcedureNode, given: { readonly [setting: string]: unknown } = {}) =>
  lower(model('small', { about: '', settings, state, actors: [actor('a', root)] }), given);

describe('a model', () => {
  const p = procedure('p', { x: int(0, 2) }, ({ x }) => ({ use: c`use`(n.set(x)) }));
  const lowered = (family: { readonly actors: ActorsNode }, given = {}) =>
    lower(model('small', { about: '', settings, state, actors: [family] }), given);

  test('with impossible actors', () => {
    expect(
      refusal(() => model('small', { about: '', state, actors: [] })), // <-
    ).toBe("the model 'small' has no actors");
    const spaced = actor('a b', p); // <-
    expect(refusal(() => lowered(spaced))).toBe(
      "the actor 'a b' is not a name (letters, digits and _, no digit first)",
    );
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

  test('whose comparison has an environment that would replace what a scenario sets', () => {
    const compared = (around: { readonly COUNT?: number }) => {
      const scenarios = { three: { COUNT: 3 } };
      const comparison = { candidates: 'fix', scenarios, environments: { usual: {}, other: around } };
      const parts = { about: '', settings, state, actors: [actor('a', p)] };
      return refusal(() => model('small', { ...parts, comparison })); // <-
    };
    expect(compared({ COUNT: 2 })).toBe(
      "the environment 'other' sets COUNT, and so does the scenario 'three': give the environment a setting of its own",
    );
    expect(compared({})).toBe('not refused');
  });

  test('whose comparison has an environment under a memory model that there is not', () => {
    const compared = (memory: string, own: object = settings) => {
      const environments = { usual: {}, other: { memory: memory as 'tso' } };
      const comparison = { candidates: 'fix', scenarios: { one: {} }, environments };
      const parts = { about: '', settings: own as typeof settings, state, actors: [actor('a', p)] };
      return refusal(() => model('small', { ...parts, comparison })); // <-
    };
    expect(compared('TSO')).toBe(
      "the environment 'other' has memory: 'TSO'; the memory models are 'sc' and 'tso'",
    );
    expect(compared('tso', config({ memory: oneOf('small', 'large') }))).toBe(
      "the environment 'other' sets memory, which is the memory model there: give the setting another name",
    );
    expect(compared('tso')).toBe('not refused');
  });

  test('whose comparison has another form', () => {
    const compared = (comparison: object) =>
      refusal(() => {
        const parts = { about: '', settings, state, actors: [actor('a', p)] };
        model('small', { ...parts, comparison: comparison as never }); // <-
      });
    const form = "is not of the form { candidates: 'SETTING', scenarios: { NAME: { SETTING: VALUE } } }";
    const whose = "the 'comparison' of model('small', …)";
    expect(compared({ candidates: 'fix' })).toBe(`${whose} ${form}`);
    expect(compared({ candidates: { fix: {} }, scenarios: {} })).toBe(`${whose} ${form}`);
    const other = { candidates: 'fix', scenarios: {}, others: { mutants: { scenarios: {} } } };
    expect(compared(other)).toBe(`'mutants' in ${whose} ${form}`);
  });

  test('with an impossible state', () => {
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

  test('whose initial states cannot be computed, or that has none', () => {
    const parts = { about: '', settings, state, actors: [actor('a', p)] };
    const divides = model('small', { ...parts, initially: n.dividedBy(n).eq(1) }); // <-
    expect(refusal(() => lower(divides))).toBe(
      'initially divides by, or indexes with, something that varies: it may have no value',
    );
    const never = model('small', { ...parts, initially: n.eq(0).and(n.gt(0)) }); // <-
    expect(refusal(() => lower(never))).toBe('no first values satisfy initially: there is no initial state');
    const some = shared({ a: int(0, 3).starts(1, 2), b: int(0, 3).starts(0, 3), ...{ n: int(0, 4) } });
    const first = actor('a', p);
    const both = (initially: Bool) =>
      refusal(() => lower(model('small', { about: '', state: some, actors: [first], initially }))); // <-
    expect(both(some.a.eq(2).and(some.b.eq(3)).and(first.done.eq(false)))).toBe('not refused');
    expect(both(some.a.eq(some.b))).toBe('no first values satisfy initially: there is no initial state');
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

  test('that has a lock owned by the running actor', () => {
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

  test('that reads a local, or whose condition depends on the state', () => {
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

  test('that the model excludes together with another, with the reason', () => {
    const excludes = [
      {
        when: settings.fix.is('merged').and(settings.COUNT.gt(3)),
        because: 'the merged fix counts to three',
      },
    ];
    const some = model('small', { about: '', settings, state, actors: [actor('a', p)], excludes });
    expect(() => lower(some, { fix: 'merged', COUNT: 4 })).toThrow(
      new SettingError('small excludes fix=merged with COUNT=4: the merged fix counts to three'),
    );
    expect(() => lowering(some)({ fix: 'merged', COUNT: 4 })).toThrow(SettingError);
    expect(lower(some, { fix: 'merged', COUNT: 3 }).program.settings).toEqual({ fix: 'merged', COUNT: 3 });
    expect(lower(some, { COUNT: 4 }).program.settings).toEqual({ fix: 'none', COUNT: 4 });
  });

  test('cannot be excluded by anything but settings', () => {
    const excludes = [{ when: busy, because: 'it is busy' }];
    const wrong = model('small', { about: '', settings, state, actors: [actor('a', p)], excludes }); // <-
    expect(refusal(() => lower(wrong))).toBe(
      'a condition of excludes must be constant once the settings are known',
    );
  });

  test('may be given as text', () => {
    expect(run(p, { fix: 'merged', COUNT: '3' }).program.settings).toEqual({ fix: 'merged', COUNT: 3 });
  });
});

describe('an int that contains 0 and does not begin there', () => {
  test('must say where it starts, wherever it stands', () => {
    const n = int(-1, 1);
    const run = (state: Parameters<typeof model>[1]['state'], locals = {}) =>
      lower(
        model('m', {
          about: '',
          state,
          actors: [
            actor(
              'a',
              procedure('p', locals, () => ({ one: c`one`() })),
            ),
          ],
        }),
      );
    const said = [
      () => run(shared({ n })),
      () => run(shared({ cells: array(2, n) })),
      () => run(shared({ n: int(0, 1) }), { unused: n }),
      () => run(shared({ n: n.starts(0) })),
      () => run(shared({ n: n.starts(-1) })),
      () => run(shared({ n: int(-2, -1) })),
    ].map((make) => refusal(make).replace(/ \(at .*/, ''));
    expect(said).toMatchInlineSnapshot(`
      [
        "n: int(-1, 1) contains 0 and would start at -1: say .starts(0), or .starts(-1)",
        "cells[0]: int(-1, 1) contains 0 and would start at -1: say .starts(0), or .starts(-1)",
        "p.unused: int(-1, 1) contains 0 and would start at -1: say .starts(0), or .starts(-1)",
        "not refused",
        "not refused",
        "not refused",
      ]
    `);
  });
});

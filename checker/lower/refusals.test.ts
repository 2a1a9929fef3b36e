// Refusals of steps and labels: a step without a meaning is refused before anything runs, with a message and the
// model's file and line. In each test the mistake is on the line that is marked `// <-`.

import { describe, expect, test } from 'vitest';
import { mutex, spinlock } from '../../models/kernel/index.js';
import {
  actor,
  array,
  type Block,
  Bool,
  bool,
  Call,
  config,
  Either,
  Enum,
  expects,
  For,
  Goto,
  If,
  int,
  model,
  oneOf,
  type ProcedureNode,
  procedure,
  Return,
  record,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { always, type Properties } from '../../properties/language/index.js';
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
const { pmd, busy, n, page, ptl } = state;

const refusal = refusalsIn(import.meta.url);

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
    const late =
      'after it has written it; effects of a step happen at once, so read it first, or exchange both in atOnce(…)';
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

  test('that names something that does not exist, or is not one variable', () => {
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
});

describe('labels', () => {
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
      "'clear' is not a statement but an effect; an effect needs its step: c`what it does`(…)",
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

  test('that a property or a guard misspells, or at which no actor ever is', () => {
    const p = procedure('p', () => ({ first: step, leave: If(busy, { out: Return() }) }));
    const one = actor('a', p);
    const at = one.at as (label: string) => ReturnType<typeof one.at>;
    const check = (properties: Properties) =>
      lower(model('small', { about: '', state, actors: [one] }), {}, properties);
    expect(
      refusal(() => check({ wrong: always(at('p.frist')) })), // <-
    ).toBe("no label 'p.frist'; did you mean 'p.first'?");
    expect(
      refusal(() => check({ wrong: always(at('first')) })), // <-
    ).toBe("no label 'first'; with its procedure in front it is 'p.first'");
    expect(
      refusal(() => check({ wrong: always(at('zap_huge_pmd.lock')) })), // <-
    ).toBe("no label 'zap_huge_pmd.lock'");
    expect(
      refusal(() => check({ wrong: always(at('p.out')) })), // <-
    ).toBe("no actor is ever at 'p.out': it takes no step");
  });
});

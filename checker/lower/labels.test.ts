// Labels: at which locations an actor is `at` a label. It is about to run the statement with the label: the first step
// of the statement is the next one that the actor may take.

import { describe, expect, test } from 'vitest';
import {
  actor,
  actors,
  bool,
  Call,
  Choose,
  config,
  Either,
  expects,
  For,
  Goto,
  If,
  int,
  model,
  type ProcedureNode,
  procedure,
  Return,
  shared,
  source,
  While,
} from '../../models/language/index.js';
import { always } from '../../properties/language/index.js';
import type { Expr } from '../ir/program.js';
import { lower } from './lower.js';
import { textOf } from './testing/small.js';

const c = source('mm/truncate.c');
const settings = config({ MORE: bool() });
const state = shared({ busy: bool(), n: int(0, 3) });
const { busy, n } = state;
const step = c`step`();

/** The paths of the locations at which an actor `a` is `at` a label. */
function standsAt(root: ProcedureNode, ...labels: readonly string[]) {
  // Labels are checked when a model is compiled; here they are data.
  const one = actor('a', root as ReturnType<typeof procedure<'p', Record<string, never>>>);
  const at = one.at as (label: string) => ReturnType<typeof one.at>;
  const small = model('small', { about: '', settings, state, actors: [one] });
  const { program, properties } = lower(
    small,
    {},
    Object.fromEntries(labels.map((label) => [label, always(at(label))])),
  );
  const paths = (x: Expr) =>
    x.op === 'at' ? x.locations.map((location) => program.threads[0]!.locations[location]!.path) : [];
  return Object.fromEntries(properties.map(({ name, condition }) => [name, paths(condition)]));
}

test('an actor is dead after its own bug, and then not done; an actor without a bug is never dead', () => {
  const dies = actor(
    'dies',
    procedure('p', () => ({ check: c`check`(expects(busy, 'not busy')), last: step })),
  );
  const lives = actor(
    'lives',
    procedure('q', () => ({ first: step })),
  );
  const small = model('small', { about: '', settings, state, actors: [dies, lives] });
  const { program, properties } = lower(small, {}, { dies: always(dies.dead), lives: always(lives.dead) });
  const [first] = program.threads;
  expect(properties.map(({ condition }) => condition)).toEqual([
    { op: 'at', thread: 0, locations: [first!.dead] },
    { op: 'const', type: 'bool', value: 0 },
  ]);
  expect(first!.dead).not.toBe(first!.done);
});

test('a step, a test and a loop are at their beginning', () => {
  const p = procedure('p', () => ({
    first: step,
    test: If(busy, { inside: step }),
    loop: While(busy, { body: step }),
    last: step,
  }));
  const labels = ['p.first', 'p.test', 'p.inside', 'p.loop', 'p.body', 'p.last'];
  expect(standsAt(p, ...labels)).toEqual(Object.fromEntries(labels.map((label) => [label, [label]])));
});

test('a statement that takes no step itself is at its first step', () => {
  const callee = procedure('callee', () => ({ work: step, rest: step }));
  const stored = procedure('stored', { x: int(0, 3) }, ({ x }) => ({ use: c`use`(n.set(x)) }));
  const p = procedure('p', () => ({
    call: Call(callee),
    call_stored: Call(stored, { x: n }),
    loop: For(2, () => ({ copy: step })),
    forever: While(settings.MORE.eq(false), { turn: step, again: If(busy, { out: Return() }) }),
  }));
  expect(
    standsAt(
      p,
      'p.call',
      'callee.work',
      'p.call_stored',
      'stored.use',
      'p.loop',
      'p.copy',
      'p.forever',
      'p.turn',
    ),
  ).toEqual({
    'p.call': ['p.call > callee.work'],
    'callee.work': ['p.call > callee.work'],
    'p.call_stored': ['p.call_stored'],
    'stored.use': ['p.call_stored > stored.use'],
    'p.loop': ['p.copy[0]'],
    'p.copy': ['p.copy[0]', 'p.copy[1]'],
    'p.forever': ['p.turn'],
    'p.turn': ['p.turn'],
  });
});

test('the first statements of all arms are at the choice', () => {
  const callee = procedure('callee', () => ({ work: step, rest: step }));
  const p = procedure('p', () => ({
    choice: Either({
      simple: { first: step, second: step },
      calling: { call: Call(callee) },
      looping: { loop: While(busy, { body: step }) },
      nested: { inner: Either({ one: { deep: step }, two: {} }) },
      chosen: { pick: Choose(2, () => ({ picked: step })) },
      nothing: {},
      leaving: { out: Return() },
    }),
  }));
  const labels = [
    ...['p.choice', 'p.simple', 'p.first', 'p.second', 'p.calling', 'p.call', 'callee.work', 'callee.rest'],
    ...[
      'p.looping',
      'p.loop',
      'p.body',
      'p.nested',
      'p.inner',
      'p.one',
      'p.two',
      'p.deep',
      'p.chosen',
      'p.pick',
    ],
    ...['p.picked', 'p.nothing', 'p.leaving'],
  ];
  const elsewhere = {
    'p.second': ['p.second'],
    'callee.rest': ['p.call > callee.rest'],
    'p.loop': ['p.choice', 'p.loop'],
    'p.body': ['p.body'],
  };
  expect(standsAt(p, ...labels)).toEqual({
    ...Object.fromEntries(labels.map((label) => [label, ['p.choice']])),
    ...elsewhere,
  });
});

test('a label that the settings rule out, or that no actor reaches, has no location', () => {
  const p = procedure('p', () => ({
    test: If(settings.MORE, { more: step }),
    loop: For(0, () => ({ never: step })),
    jump: If(busy, { back: Goto('test') }),
    leave: Return(),
    unreachable: step,
  }));
  expect(standsAt(p, 'p.test', 'p.more', 'p.loop', 'p.never', 'p.jump', 'p.unreachable')).toEqual({
    'p.test': [],
    'p.more': [],
    'p.loop': [],
    'p.never': [],
    'p.jump': ['p.jump'],
    'p.unreachable': [],
  });
});

describe('other actors', () => {
  const other = procedure('other', () => ({ first: step, test: If(busy, { second: step }) }));
  const others = actors('b', 2, other);

  test('may be named in `at` before they are lowered themselves', () => {
    const p = procedure('p', () => ({
      wait: While(
        others.any((b) => b.at('other.first')),
        { spin: step },
      ),
      test: If(others.of(0).done, { act: c`act`() }).Else({
        peek: c`peek`(n.set(others.count((b) => b.done))),
      }),
    }));
    const text = textOf({ state, actors: [actor('a', p), others] });
    expect(text.slice(text.indexOf('actor a'), text.indexOf('actor b[0]'))).toMatchInlineSnapshot(`
      "actor a
      {
      p.wait:
              /* while (b[0] at other.first || b[1] at other.first): again */
              when (b[0] at other.first || b[1] at other.first);
              /* while (b[0] at other.first || b[1] at other.first): leave */
              when (!(b[0] at other.first || b[1] at other.first)); goto p.test;
      p.spin:
              /* mm/truncate.c: step */
              goto p.wait;
      p.test:
              /* if (b[0] is done) */
              when (b[0] is done);
              /* if (!(b[0] is done)) */
              when (!(b[0] is done)); goto p.peek;
      p.act:
              /* mm/truncate.c: act */
              goto done;
      p.peek:
              /* mm/truncate.c: peek */
              n = (b[0] is done ? 1 : 0) + (b[1] is done ? 1 : 0); goto done;
      done:
              ;
      }

      "
    `);
  });
});

describe('a label that several blocks have', () => {
  const p = procedure('p', () => ({
    work: step,
    first: While(busy, { lock: step, work: step }),
    second: If(n.eq(1), { lock: step }).Else({ lock: step, deep: If(busy, { lock: step }) }),
    third: If(n.eq(2), { only: step }).ElseIf(n.eq(3), { only: step }),
  }));

  test('is named by the nearest label around it that distinguishes it', () => {
    const text = textOf({ state, actors: [actor('a', p)] });
    expect([...text.matchAll(/^p\..*:/gm)].map(([name]) => name.slice(0, -1))).toMatchInlineSnapshot(`
      [
        "p.work",
        "p.first",
        "p.first.lock",
        "p.first.work",
        "p.second",
        "p.second.then.lock",
        "p.second.else.lock",
        "p.deep",
        "p.deep.lock",
        "p.third",
        "p.third.then.only",
        "p.third.else_if_1.only",
      ]
    `);
  });

  test('may be named with any label around it, and in the outermost block without', () => {
    expect(
      standsAt(p, 'p.work', 'p.first.lock', 'p.second.lock', 'p.second.deep.lock', 'p.third.only'),
    ).toMatchInlineSnapshot(`
      {
        "p.first.lock": [
          "p.first.lock",
        ],
        "p.second.deep.lock": [
          "p.deep.lock",
        ],
        "p.second.lock": [
          "p.second.then.lock",
          "p.second.else.lock",
          "p.deep.lock",
        ],
        "p.third.only": [
          "p.third.then.only",
          "p.third.else_if_1.only",
        ],
        "p.work": [
          "p.work",
        ],
      }
    `);
  });

  test('is refused without one, and with a wrong one', () => {
    expect(() => standsAt(p, 'p.lock')).toThrowErrorMatchingInlineSnapshot(
      `[ModelError: p has several labels 'lock': say 'p.first.lock' or 'p.second.then.lock' or 'p.second.else.lock' or 'p.deep.lock']`,
    );
    expect(() => standsAt(p, 'p.third.lock')).toThrowErrorMatchingInlineSnapshot(
      `[ModelError: no label 'p.third.lock'; did you mean 'p.first.lock'?]`,
    );
    expect(() => standsAt(p, 'p.first.lokc')).toThrowErrorMatchingInlineSnapshot(
      `[ModelError: no label 'p.first.lokc'; did you mean 'p.first.lock'?]`,
    );
  });
});

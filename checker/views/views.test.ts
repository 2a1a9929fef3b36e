// Views of models whose safety is known: how many there are, what they prove for every number, and what is refused by
// name.

import { describe, expect, test } from 'vitest';
import { models } from '../../models/index.js';
import {
  actors,
  any,
  array,
  bool,
  config,
  count,
  Goto,
  type Int,
  int,
  type Model,
  model,
  not,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import type { Part } from '../../models/language/parts.js';
import { properties } from '../../properties/index.js';
import { never, type Properties } from '../../properties/language/index.js';
import { closedViews, proveByViews, schemaFor } from '../by_views.js';
import { lowering, resolveSettings } from '../index.js';
import { needsOf } from './close.js';

const taskOf = (
  { model: of, properties: own }: { readonly model: Model; readonly properties: Properties },
  sizes: readonly string[],
  given: { readonly [name: string]: unknown } = {},
) => ({
  model: of,
  properties: own,
  settings: resolveSettings(of, given),
  sizes,
  lower: lowering(of, own),
});

const known = (name: string) => ({ model: models.get(name)!.model, properties: properties.get(name)! });

describe('models of which the properties are proved for every number', () => {
  test.each([
    ['test_and_set', ['NR_LOCKERS'], {}, 2, 3, 3],
    ['two_phase_commit', ['NR_RMS'], {}, 1, 12, 3],
    ['readers_writers', ['NR_READERS', 'NR_WRITERS'], {}, 1, 22, 15],
    ['readers_writers', ['NR_READERS'], {}, 1, 12, 4],
    ['readers_writers', ['NR_READERS', 'NR_WRITERS'], { DOWNGRADE: true }, 1, 26, 15],
    ['barrier', ['NR_WORKERS'], {}, 1, 2, 2],
    ['fischer', ['NR_PROCESSES'], {}, 2, 89, 2],
  ])(
    '%s for %j with %j: views of %i members, %i of them',
    async (name, sizes, given, k, views, instances) => {
      const outcome = await proveByViews(taskOf(known(name), sizes, given));
      expect(outcome.is === 'proved' && { k: outcome.k, views: outcome.views.length }).toEqual({ k, views });
      expect(outcome.instances.length).toBe(instances);
    },
  );

  test('what is about whole runs is not among what is proved', async () => {
    const outcome = await proveByViews(taskOf(known('test_and_set'), ['NR_LOCKERS']));
    expect(outcome).toMatchObject({
      holds: ['mutual_exclusion', 'no value out of range'],
      notCovered: ['lock_is_taken', 'everyone_gets_in', 'no deadlock', 'no actor is stuck'],
    });
  });
});

describe('broken variants', () => {
  test.each([
    ['two_phase_commit', ['NR_RMS'], { quorum: 'all_but_one' }, { NR_RMS: 2 }],
    [
      'readers_writers',
      ['NR_READERS', 'NR_WRITERS'],
      { writers_lock: 'for_reading' },
      { NR_READERS: 0, NR_WRITERS: 2 },
    ],
    ['fischer', ['NR_PROCESSES'], { WAITS_FOR: 2 }, { NR_PROCESSES: 2 }],
    ['barrier', ['NR_WORKERS'], { opens_for: 'all_but_one' }, { NR_WORKERS: 2 }],
  ])(
    '%s for %j with %j is refuted with %j, and views alone do not prove it',
    async (name, sizes, given, at) => {
      const task = taskOf(known(name), sizes, given);
      expect(await proveByViews(task)).toMatchObject({ is: 'refuted', instance: { settings: at } });
      const { schema, checks } = schemaFor(task);
      expect(closedViews(schema, checks, {}).is).toBe('unknown');
    },
  );

  test('a lock with four tickets is safe with up to four lockers: not proved, and the view says why', async () => {
    const outcome = await proveByViews(taskOf(known('ticket_lock'), ['NR_LOCKERS']));
    expect(outcome).toMatchObject({
      is: 'unknown',
      why: 'views of 2 actors do not exclude: mutual_exclusion',
      bad: { violates: 'mutual_exclusion', here: { members: [{ class: 0 }, { class: 0 }] } },
    });
  });
});

describe('what views do not take is refused by name', () => {
  test.each([
    [
      'peterson',
      'NR_PROCESSES',
      'level: the number of members is used for more than lengths and comparisons',
    ],
    [
      'bakery',
      'NR_PROCESSES',
      'looks_at: the number of members is used for more than lengths and comparisons',
    ],
    ['leader_election', 'NR_LISTENERS', /^NR_LISTENERS is at most 1/],
    ['dining_monitor', 'NR_PHILOSOPHERS', /which number a member has decides more than who it is$/],
    ['anderson', 'NR_PROCESSES', /^go: a rule that is a function of places or indices/],
  ])('%s for %s', async (name, size, why) => {
    const task = taskOf(known(name), [size]);
    expect(() => schemaFor(task)).toThrow(why);
  });

  test('a constant that is a member only where there are enough of them', () => {
    const own = config({ N: int(1, 8).starts(2) });
    const holder = (nobody: number, free: 'constant' | 'variable') => {
      const least = Math.min(nobody, 0);
      const words = shared({ owner: int(least, 7).starts(nobody), none: int(least, 7).starts(nobody) });
      const { owner, none } = words;
      const empty = free === 'constant' ? nobody : none;
      const member = procedure('member', { me: int(0, 7) }, ({ me }) => ({
        take: c`cmpxchg(&owner, none, me)`(when(owner.eq(empty)), owner.set(me)),
        drop: c`owner = none`(owner.set(empty)),
      }));
      const all = actors('m', own.N, member, (i) => ({ me: i }));
      const two = never(all.count((one) => one.at('member.drop')).ge(2));
      const given = model('owner', { about: 'an owner', settings: own, state: words, actors: [all] });
      return taskOf({ model: given, properties: { two } }, ['N']);
    };
    // With seven members, m[6] stores what means nobody.
    const why = /may be a number that is a member only where there are enough of them: for nobody, use -1/;
    for (const free of ['constant', 'variable'] as const)
      expect(() => schemaFor(holder(6, free))).toThrow(why);
    expect(() => schemaFor(holder(-1, 'variable'))).toThrow(why);
    expect(() => schemaFor(holder(-1, 'constant'))).not.toThrow();
  });

  const c = source('small.c');
  const settings = config({ NR: int(1, 6).starts(2), LIMIT: int(0, 9).starts(9) });
  const state = shared({ inside: array(settings.NR, bool()), full: bool(), total: int(0, 9) });
  type Parts = readonly Part[];
  const small = (parts: (me: Int) => Parts, bad = state.full): ReturnType<typeof known> => {
    const work = procedure('work', { me: int(0, 5) }, ({ me }) => ({
      go: c`go`(...parts(me)),
      again: Goto('go'),
    }));
    return {
      model: model('small', {
        about: 'small',
        settings,
        state,
        actors: [actors('a', settings.NR, work, (i) => ({ me: i }))],
      }),
      properties: { safe: never(bad) },
    };
  };
  const inside = () => count(settings.NR, (i) => state.inside.at(i));

  test('a bound on what is explored, which may cut nothing with few members', () => {
    const { model, properties } = small((me) => [state.inside.at(me).set(true)]);
    const bounded = { ...model, within: inside().lt(5).node };
    expect(() => schemaFor(taskOf({ model: bounded, properties }, ['NR']))).toThrow(
      "the model's 'within' leaves states out",
    );
    expect(() => schemaFor(taskOf({ model, properties }, ['NR']))).not.toThrow();
  });

  test.each<[string, (me: Int) => Parts, RegExp]>([
    [
      'an index in order',
      (me) => [when(me.lt(5)), state.full.set(true)],
      /which number a member has decides/,
    ],
    [
      'an index that is calculated',
      (me) => [state.inside.at(me.plus(1).mod(settings.NR)).set(true)],
      /which number|more than lengths/,
    ],
    [
      'a large constant beside a count',
      () => [when(inside().ge(5)), state.full.set(true)],
      /a count of members is compared with constants above 4/,
    ],
    [
      'a setting beside a count',
      () => [when(inside().ge(settings.LIMIT)), state.full.set(true)],
      /constants above 4/,
    ],
    [
      'a count that is stored',
      () => [state.total.set(inside())],
      /uses a count of members for more than a comparison/,
    ],
    ['the number of members as a value', () => [state.total.set(settings.NR)], /used for more than lengths/],
    ['one particular member', (me) => [when(me.eq(1)), state.full.set(true)], /not interchangeable/],
  ])('%s', (_, parts, why) => {
    expect(() => schemaFor(taskOf(small(parts), ['NR']))).toSatisfy(() => {
      try {
        const { schema } = schemaFor(taskOf(small(parts), ['NR']));
        needsOf(schema, 2);
        return false;
      } catch (error) {
        expect((error as Error).message).toMatch(why);
        return true;
      }
    });
  });

  test('one particular member, with the line of the step that depends on its number', () => {
    const particular = small((me) => [when(me.eq(1)), state.full.set(true)]);
    expect(() => schemaFor(taskOf(particular, ['NR']))).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/not interchangeable: the step \S+ of \S+\[1\] depends on/),
        at: expect.objectContaining({
          file: expect.stringMatching(/views\.test\.ts$/),
          line: expect.any(Number),
        }),
      }),
    );
  });

  test('a step that asks for another member is decided by one member more', () => {
    const { schema } = schemaFor(
      taskOf(
        small((me) => [
          when(any(settings.NR, (i) => i.ne(me).and(state.inside.at(i)))),
          when(not(state.inside.at(me))),
          state.inside.at(me).set(true),
        ]),
        ['NR'],
      ),
    );
    expect(needsOf(schema, 1).steps.map(({ members }) => members)).toEqual([3]);
  });
});

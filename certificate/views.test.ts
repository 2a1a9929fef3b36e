// The program that checks views: it certifies what `prove` has proved, and refuses what was changed.

import { expect, test } from 'vitest';
import { closedViews, proveByViews, schemaFor, type ViewsTask } from '../checker/by_views.js';
import { lowering, resolveSettings } from '../checker/index.js';
import { random } from '../checker/testing/random.js';
import { needsOf } from '../checker/views/close.js';
import { NotUniform, type Schema } from '../checker/views/schema.js';
import { randomFamily } from '../checker/views/testing/random_family.js';
import { models } from '../models/index.js';
import { properties } from '../properties/index.js';

interface Verifier {
  readonly ViewsRefused: new () => Error;
  verifyViews(certificate: string): { readonly [name: string]: unknown };
}
const { verifyViews, ViewsRefused }: Verifier = await import(new URL('./views.js', import.meta.url).href);

interface Views {
  schema: Schema;
  k: number;
  views: unknown[];
}
type View = [number[], number[], [number, number, number[]][]];

const taskOf = (name: string, sizes: readonly string[], given = {}): ViewsTask => {
  const { model } = models.get(name)!;
  const own = properties.get(name)!;
  return {
    model,
    properties: own,
    settings: resolveSettings(model, given),
    sizes,
    lower: lowering(model, own),
  };
};

type Answer = ReturnType<typeof closedViews>;
const certificateOf = (answer: Answer): Views | undefined => {
  if (answer.is !== 'proved') return undefined;
  const { schema, k, views } = answer;
  const rows = views.map(({ at, values, members }) => [
    at,
    values,
    members.map((one) => [one.class, one.at, one.values]),
  ]);
  return JSON.parse(JSON.stringify({ schema, k, views: rows }));
};
const textOf = (views: Views): string => JSON.stringify({ format: 'raceproof-views', version: 1, ...views });

const isRefused = (views: Views): boolean => {
  try {
    verifyViews(textOf(views));
    return false;
  } catch (error) {
    if (error instanceof ViewsRefused) return true;
    throw error;
  }
};

const cases = [
  ['test_and_set', ['NR_LOCKERS'], 3],
  ['two_phase_commit', ['NR_RMS'], 12],
  ['readers_writers', ['NR_READERS', 'NR_WRITERS'], 22],
  ['barrier', ['NR_WORKERS'], 2],
  ['fischer', ['NR_PROCESSES'], 89],
] as const;

test.each(cases)('certifies %s for any %j: %i views', async (name, sizes, views) => {
  const outcome = await proveByViews(taskOf(name, sizes));
  const certified = verifyViews(textOf(certificateOf(outcome)!));
  expect(certified).toEqual({
    sizes,
    k: outcome.is === 'proved' ? outcome.k : 0,
    views,
    holds: expect.arrayContaining(outcome.is === 'proved' ? [...outcome.holds] : []),
  });
});

test('refuses a certificate without any one of its views', () => {
  for (const [name, sizes] of cases) {
    const { schema, checks } = schemaFor(taskOf(name, sizes));
    const whole = certificateOf(closedViews(schema, checks, {}))!;
    for (const [i] of whole.views.entries()) {
      if (i % Math.ceil(whole.views.length / 12) !== 0) continue;
      expect({ name, i, isRefused: isRefused({ ...whole, views: whole.views.toSpliced(i, 1) }) }).toEqual({
        name,
        i,
        isRefused: true,
      });
    }
  }
});

test('refuses 100 random changes of a value in a view', () => {
  const dice = random(1);
  const all = cases.slice(0, 4).map(([name, sizes]) => {
    const { schema, checks } = schemaFor(taskOf(name, sizes));
    return JSON.stringify(certificateOf(closedViews(schema, checks, {})));
  });
  for (let turn = 0; turn < 100; turn++) {
    const whole: Views = JSON.parse(all[turn % all.length]!);
    const [at, values, members] = whole.views[dice.below(whole.views.length)] as View;
    const member = members[0]!;
    const lists = [at, values, member[2], [member[1]]].filter((list) => list.length > 0);
    const list = dice.pick(lists);
    const place = dice.below(list.length);
    list[place] = list[place]! + 1 + dice.below(2);
    if (list.length === 1 && lists.indexOf(list) === lists.length - 1) member[1] = list[0]!;
    expect({ turn, isRefused: isRefused(whole) }).toEqual({ turn, isRefused: true });
  }
});

test('refuses the views of a model for a broken variant of it', () => {
  const good = schemaFor(taskOf('readers_writers', ['NR_READERS', 'NR_WRITERS']));
  const bad = schemaFor(
    taskOf('readers_writers', ['NR_READERS', 'NR_WRITERS'], { writers_lock: 'for_reading' }),
  );
  const whole = certificateOf(closedViews(good.schema, good.checks, {}))!;
  expect(isRefused({ ...whole, schema: bad.schema })).toBe(true);
});

test('certifies what is proved of random models, and nothing where a view is missing', () => {
  let count = 0;
  for (let seed = 0; seed < 40; seed++) {
    const { model, properties: own } = randomFamily(seed);
    try {
      const { schema, checks } = schemaFor({
        model,
        properties: own,
        settings: resolveSettings(model, {}),
        sizes: ['NR'],
        lower: lowering(model, own),
      });
      needsOf(schema, 2);
      const whole = certificateOf(closedViews(schema, checks, { configurationsMax: 2_000 }));
      if (whole === undefined) continue;
      count++;
      expect({ seed, isRefused: isRefused(whole) }).toEqual({ seed, isRefused: false });
      expect({ seed, isRefused: isRefused({ ...whole, views: whole.views.slice(1) }) }).toEqual({
        seed,
        isRefused: true,
      });
    } catch (error) {
      if (!(error instanceof NotUniform)) throw error;
    }
  }
  expect(count).toBeGreaterThan(5);
});

// A model's own bound, `within`: no step is taken beyond it, what lies there is counted, and the verdict is incomplete.

import { expect, test } from 'vitest';
import {
  actor,
  type Bool,
  bool,
  config,
  Goto,
  int,
  model,
  procedure,
  shared,
  source,
  when,
  yes,
} from '../../models/language/index.js';
import {
  always,
  enabled,
  implies,
  never,
  type Properties,
  sometimes,
} from '../../properties/language/index.js';
import { type ExploreOptions, explore } from '../explore.js';
import {
  exportMurphi,
  exportPromela,
  exportSymmetricMurphi,
  exportTla,
  programJson,
} from '../export/index.js';
import { printProgram } from '../ir/print.js';
import { checksOf } from '../search/report.js';
import { lower } from './lower.js';

const c = source('x.c');
const settings = config({ MAX: int(0, 9).starts(2) });
const state = shared({ n: int(0, 9), b: bool() });
const { n, b } = state;

/** Counts up to 9 again and again; the other looks at what it has counted. */
const count = procedure('count', () => ({
  up: c`n++`(when(n.lt(9)), n.inc()),
  again: Goto('up'),
}));
const look = procedure('look', () => ({ look: c`b = n == 1`(b.set(n.eq(1))) }));
const counter = actor('counter', count);
const looker = actor('looker', look);
const modelOf = (within?: Bool) =>
  model('counting', {
    ...{ about: '', settings, state, actors: [counter, looker] },
    ...(within !== undefined && { within }),
  });
const upTo = n.le(settings.MAX);

const report = async (
  set: { readonly MAX?: number } = {},
  properties: Properties = {},
  options: ExploreOptions = {},
) => {
  const { program, properties: lowered } = lower(modelOf(upTo), set, properties);
  return explore(program, lowered, options);
};
const searches: readonly ExploreOptions[] = [
  {},
  { engine: 'reference' },
  { search: 'dfs' },
  { engine: 'reference', search: 'dfs' },
  { workers: 2 },
];

test('no step is taken from a state beyond it; such states are found, and counted by every search', async () => {
  for (const options of searches) {
    const { verdict, evidence } = await report({}, {}, options);
    expect({ options, verdict, limit: evidence.limit }).toEqual({
      options,
      verdict: 'incomplete',
      limit: {
        kind: 'within',
        text: "3 states are outside of the model's 'within', and no step was taken from there",
      },
    });
    // Before the look n = 0 … 3, after it 0 … 3 with b false, and 1 … 3 with b true.
    expect(evidence.states).toBe(11);
  }
});

test('a search that does not count them says that there are some', async () => {
  for (const options of [{ search: 'iterative' }, { storage: 'hash64' }] as const) {
    const { verdict, evidence } = await report({}, {}, options);
    expect(verdict).toBe('incomplete');
    if (options.storage === undefined) expect(evidence.limit!.text).toMatch(/^some states are outside/);
  }
});

test('what is beyond it is no deadlock; without it there is one, at the end of the count', async () => {
  const { properties } = await report();
  expect(properties.map(({ check, verdict }) => `${check.name}: ${verdict}`)).toEqual([
    'no deadlock: unknown',
    'no actor is stuck: unknown',
    'no value out of range: unknown',
  ]);
  const whole = await report({ MAX: 9 });
  expect(whole).toMatchObject({ verdict: 'violated', evidence: { limit: undefined, states: 29 } });
});

test('states just beyond it are checked, those further are not', async () => {
  const properties = {
    below_3: never(n.eq(3), 'found, at the first state beyond'),
    below_4: never(n.eq(4)),
    reaches_4: sometimes(n.eq(4)),
  };
  const verdicts = (await report({}, properties)).properties.map(({ verdict }) => verdict).slice(0, 3);
  expect(verdicts).toEqual(['violated', 'unknown', 'unknown']);
});

test('whether an actor can take a step does not depend on it', async () => {
  const properties = { can: always(implies(n.lt(9), enabled(counter, 'count.up'))) };
  expect((await report({}, properties)).properties[0]!.verdict).toBe('unknown');
});

test('that is true wherever runs lead decides everything, and one that settings make true is gone', async () => {
  const small = model('small', {
    ...{ about: '', state, actors: [looker] },
    within: n.le(4),
  });
  const { program, properties } = lower(small, {}, {});
  expect(await explore(program, properties)).toMatchObject({
    verdict: 'holds',
    evidence: { limit: undefined },
  });
  const { program: open } = lower(modelOf(yes), {}, {});
  const { program: bare } = lower(modelOf(), {}, {});
  expect(open).toEqual(bare);
});

test('it is printed with its name, once', () => {
  const text = printProgram(lower(modelOf(upTo), {}, {}).program);
  expect(text).toContain('/* No step is taken where within is false. */');
  expect(text).toContain('#define within  (n <= 2)');
  expect(text).toContain('when (within && n < 9); n = n + 1;');
});

test('a label behind it is not said to make anybody wait', async () => {
  const { labels } = await report({}, {}, { coverage: true });
  const waits = (label: string) => labels!.find((one) => one.label === label)!.hasBlocked;
  expect(waits('count.up')).toBe(false);
});

test.each([
  [settings.MAX.lt(0), 'within is false in every state: nothing would be explored'],
  [n.mod(n).eq(0), 'within divides by, or indexes with, something that varies: it may have no value'],
])('a bound that says nothing is refused: %#', (within, message) => {
  expect(() => lower(modelOf(within), {}, {})).toThrow(message);
});

test('tools that would say that everything was explored get no export', () => {
  const { program, properties } = lower(modelOf(upTo), {}, {});
  const checks = checksOf(program, properties);
  for (const to of [exportMurphi, exportSymmetricMurphi, exportPromela, exportTla, programJson]) {
    expect(() => to(program, checks)).toThrow("the model's 'within' leaves states out");
  }
});

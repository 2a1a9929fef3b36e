// Which steps a story has, what they show, and what is true of every story.

import { describe, expect, test } from 'vitest';
import {
  type Check,
  evaluate,
  explore,
  initialStates,
  lower,
  type Program,
  take,
} from '../../checker/index.js';
import { writer } from '../../models/examples/readers_writers.js';
import { models } from '../../models/index.js';
import { bugOn, spin_lock, spin_unlock, spinlock } from '../../models/kernel/index.js';
import {
  type AnyShared,
  actor,
  bool,
  Either,
  If,
  int,
  type Model,
  model,
  not,
  oneOf,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { loweringOf } from '../../models/manifest.js';
import { properties } from '../../properties/index.js';
import {
  always,
  eventually,
  never,
  type Properties,
  property,
  weaklyFair,
} from '../../properties/language/index.js';
import { tryEssence } from '../essence/try_essence.js';
import { essentialSteps } from '../essence/window.js';
import { firstFound } from '../testing/found.js';
import { dirty_cow } from '../testing/races.js';
import { readsIn } from './run_reads.js';
import { type FoundRun, storyOf } from './story.js';

const c = source('example.c');

/** The labels of the story of the first violation. */
async function storyLabels(of: Model, asked: Properties = {}): Promise<readonly string[]> {
  const lowered = lower(of, {}, asked);
  const { program } = lowered;
  const report = await explore(program, lowered.properties, { engine: 'reference' });
  const { check, finding } = report.properties.find(({ verdict }) => verdict === 'violated')!;
  const essence = tryEssence({ ...lowered, check, path: finding!.path });
  const story = storyOf(program, { check, ...finding! }, 'why' in essence ? undefined : essence);
  return story.map((number) => program.steps[finding!.path.steps[number - 1]!]!.label);
}

const two = (
  name: string,
  state: AnyShared,
  one: ReturnType<typeof procedure>,
  other: ReturnType<typeof procedure>,
) => model(name, { about: 'an example', state, actors: [actor('a', one), actor('b', other)] });

describe('a story has', () => {
  test('nine of the seventeen steps of the seed race', async () => {
    const { program, check, path, essence } = await firstFound(models.get('thp_truncate')!.model);
    expect(storyOf(program, { check, path }, essence)).toEqual([3, 4, 5, 6, 11, 12, 13, 14, 17]);
  });

  test('at most twelve steps of Dirty COW', async () => {
    expect(await storyLabels(dirty_cow.model, dirty_cow.properties)).toMatchInlineSnapshot(`
      [
        "get_user_pages.flags",
        "get_user_pages.follow_page",
        "get_user_pages.do_cow_fault",
        "get_user_pages.follow_page",
        "get_user_pages.do_wp_page",
        "madvise_dontneed.zap",
        "get_user_pages.follow_page",
        "get_user_pages.do_read_fault",
        "get_user_pages.follow_page",
        "get_user_pages.get_page",
        "get_user_pages.copy",
        "get_user_pages.write",
      ]
    `);
  });

  test('the store that the bug reads, and no other', async () => {
    const state = shared({ x: int(0, 3), y: int(0, 3) });
    const a = procedure('a', () => ({
      other: c`y = 1`(state.y.set(1)),
      store: c`x = 1`(state.x.set(1)),
      last: c`y = 2`(state.y.set(2)),
    }));
    const b = procedure('b', () => ({ check: bugOn(state.x.eq(1), 'x is set') }));
    expect(await storyLabels(two('store', state, a, b))).toEqual(['a.store', 'b.check']);
  });

  test('a test that another actor could have decided, and none that its own actor alone decides', async () => {
    const state = shared({ gone: bool(), own: bool(), bad: bool() });
    const a = procedure('a', () => ({
      mine: If(not(state.own), {
        theirs: If(not(state.gone), { use: c`use()`(state.bad.set(true)) }),
      }),
      own: c`own = true`(state.own.set(true)),
    }));
    const b = procedure('b', () => ({ gone: c`gone = true`(state.gone.set(true)) }));
    const bad = never(state.bad.and(state.gone), 'used after it is gone');
    expect(await storyLabels(two('tests', state, a, b), { bad })).toEqual(['a.theirs', 'a.use', 'b.gone']);
  });

  test('a test of a local that was computed from what another actor writes', async () => {
    const state = shared({ gone: bool(), bad: bool() });
    const a = procedure('a', { seen: bool() }, ({ seen }) => ({
      load: c`seen = gone`(seen.set(state.gone)),
      test: If(not(seen), { use: c`use()`(state.bad.set(true)) }),
    }));
    const b = procedure('b', () => ({ gone: c`gone = true`(state.gone.set(true)) }));
    const bad = never(state.bad.and(state.gone), 'used after it is gone');
    expect(await storyLabels(two('locals', state, a, b), { bad })).toEqual([
      'a.load',
      'a.test',
      'a.use',
      'b.gone',
    ]);
  });

  test('a choice that leads to a step that matters', async () => {
    const state = shared({ x: int(0, 2) });
    const a = procedure('a', () => ({
      which: Either({
        first: { one: c`x = 1`(state.x.set(1)) },
        second: { two: c`nothing`() },
      }),
    }));
    const b = procedure('b', () => ({ check: bugOn(state.x.eq(1), 'x is set') }));
    expect(await storyLabels(two('choice', state, a, b))).toEqual(['a.one', 'b.check']);
  });

  test('a wait that another actor ended, with what ended it', async () => {
    const state = shared({ go: bool(), x: int(0, 2) });
    const a = procedure('a', () => ({ idle: c`idle`(), go: c`complete()`(state.go.set(true)) }));
    const b = procedure('b', () => ({
      wait: c`wait_for_completion()`(when(state.go)),
      store: c`x = 1`(state.x.set(1)),
    }));
    const bad = never(state.x.eq(1), 'x is set');
    expect(await storyLabels(two('waits', state, a, b), { bad })).toEqual(['a.go', 'b.wait', 'b.store']);
  });

  test('the locks that are held at the essence and that another actor takes too', async () => {
    const state = shared({ lock: spinlock(), own: spinlock(), x: oneOf('set', 'none'), seen: bool() });
    const a = procedure('a', () => ({
      own: spin_lock(state.own),
      lock: spin_lock(state.lock),
      clear: c`x = NULL`(state.x.set('none')),
      set: c`x = p`(state.x.set('set')),
      unlock: spin_unlock(state.lock),
      drop: spin_unlock(state.own),
    }));
    const b = procedure('b', () => ({
      other: spin_lock(state.lock),
      drop: spin_unlock(state.lock),
      look: bugOn(state.x.is('none'), 'BUG: x is gone'),
    }));
    expect(await storyLabels(two('locks', state, a, b))).toEqual(['a.lock', 'a.clear', 'b.look']);
  });

  test('every step of a loop', async () => {
    const of = models.get('readers_writers')!;
    const gets_in = property(always(eventually(writer.of(0).at('write.low'))), 'a writer starves', {
      fair: [weaklyFair()],
    });
    const { program, properties: asked } = lower(of.model, {}, { gets_in });
    const report = await explore(program, asked);
    const { check, finding } = report.properties.find(({ verdict }) => verdict === 'violated')!;
    const { loop, path } = finding!;
    const story = storyOf(program, { check, path, loop });
    expect(story.filter((number) => number > loop!)).toEqual(
      path.steps.slice(loop).map((_, i) => loop! + i + 1),
    );
  });
});

/**
 * Takes the steps of the story alone, one after the other from the initial state: what is false, if anything is, of
 * `each step is possible, reads what it reads in the whole run, and stores the same`.
 */
function differs(program: Program, { check, path }: FoundRun, story: readonly number[]): string | undefined {
  let whole = initialStates(program)[path.initial]!;
  let alone = whole;
  for (const [i, id] of path.steps.entries()) {
    const step = program.steps[id]!;
    if (story.includes(i + 1)) {
      const values = step.assignments.map(({ value }) => value);
      const { variables } = readsIn(program, whole, [step.guard, ...values]);
      const other = [...variables].find((id) => alone.value.get(id) !== whole.value.get(id));
      if (other !== undefined)
        return `step ${i + 1} (${step.label}) reads another ${program.variables[other]!.name}`;
      if (evaluate(step.guard, alone, program) !== 1) return `step ${i + 1} (${step.label}) is not possible`;
    }
    try {
      whole = take(step, whole, program);
      if (story.includes(i + 1)) alone = take(step, alone, program);
    } catch {
      if (i !== path.steps.length - 1) throw new Error('only the last step may have no value');
    }
  }
  return decides(program, check, whole) === decides(program, check, alone)
    ? undefined
    : 'it is decided otherwise';
}

/** What the condition of a check is worth, where one state decides it. */
const decides = (program: Program, { kind, condition }: Check, state: ReturnType<typeof take>) =>
  kind === 'always' || kind === 'never' || kind === 'sometimes'
    ? evaluate(condition, state, program)
    : 'by a step';

/** Rows with more states take too long here. */
const statesMax = process.env['LONG_TESTS'] ? 100_000 : 300;

const rows = [...models.values()].flatMap(({ model, manifest }) =>
  manifest
    .filter(({ violated, states }) => states <= statesMax && Object.keys(violated).length > 0)
    .map(({ settings, ...row }) => ({ model, settings, memory: loweringOf(row) })),
);

test.each(rows)(
  'the story of $model.name $settings $memory has its essence; alone, its steps are possible and do the same',
  async ({ model, settings, memory }) => {
    const lowered = lower(model, settings, properties.get(model.name), memory);
    const { program } = lowered;
    const report = await explore(program, lowered.properties);
    for (const { check, finding } of report.properties) {
      if (finding === undefined) continue;
      const essence = tryEssence({ ...lowered, check, path: finding.path }, { statesMax: 2_000 });
      const found = 'why' in essence ? undefined : essence;
      const story = storyOf(program, { check, ...finding }, found);
      expect(story).toEqual(expect.arrayContaining(found === undefined ? [] : [...essentialSteps(found)]));
      expect(differs(program, { check, ...finding }, story)).toBeUndefined();
    }
  },
);

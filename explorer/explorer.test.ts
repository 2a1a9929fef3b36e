// The explorer: its engine on small models, and its page in a real browser, where there is a Chromium.

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checksOf, explore, lower } from '../checker/index.js';
import { hasNoChromium, TestBrowser, unnamedControls } from '../counterexamples/testing/chromium.js';
import { models } from '../models/index.js';
import { properties } from '../properties/index.js';
import { type Checked, Explorer, readWalk, walkText } from './engine.js';
import { explorerPage } from './page.js';

function lowered(name: string, settings = {}) {
  const { program, properties: asked } = lower(models.get(name)!.model, settings, properties.get(name) ?? {});
  return { program, checks: checksOf(program, asked), asked };
}

function finished(work: Generator<unknown, Checked>): Checked {
  let next = work.next();
  while (!next.done) next = work.next();
  return next.value;
}

describe('the engine of the explorer', () => {
  // What a page has went through JSON.
  const explorerOf = (name: string) => new Explorer(JSON.parse(JSON.stringify(lowered(name))));

  test.each(['increment', 'peterson', 'philosophers', 'thp_truncate'])(
    'finds in %s what the checker finds: states, transitions, and what is violated or reached in how many steps',
    async (name) => {
      const { program, asked } = lowered(name);
      const { evidence, properties: results } = await explore(program, asked);
      const { states, transitions, found, end } = finished(explorerOf(name).checkAll(1_000_000));
      expect({ states, transitions, end }).toEqual({
        states: evidence.states,
        transitions: evidence.transitions,
        end: 'all',
      });
      const decided = results.filter(
        ({ check, finding }) => finding && !['liveness', 'stuck'].includes(check.kind),
      );
      const lengths = (all: readonly (readonly [string, number])[]) =>
        [...all].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(lengths(found.map((one) => [one.name, one.walk.steps.length]))).toEqual(
        lengths(
          decided
            .filter(({ check }) => check.kind !== 'lockdep')
            .map(({ check, finding }) => [check.name, finding!.path.steps.length]),
        ),
      );
    },
  );

  test('never says that it has seen all states where it stopped at a limit', () => {
    expect(finished(explorerOf('thp_truncate').checkAll(50)).end).toBe('limit');
  });

  test('says of each choice what it will change, and of a bug what it reports', () => {
    const explorer = explorerOf('increment');
    const state = explorer.statesOf({ initial: 0, steps: [] }).at(-1)!;
    expect(explorer.choices(state).map(({ actor, place }) => `${actor} ${place}`)).toEqual([
      'adder[0] increment.load',
      'adder[1] increment.load',
    ]);
    const after = explorer.statesOf({ initial: 0, steps: [0] }).at(-1)!;
    expect(explorer.choices(after)[0]).toMatchObject({ changes: ['counter: 0 → 1'], isBad: false });
    const raced = explorer.statesOf({ initial: 0, steps: [0, 2, 1] }).at(-1)!;
    expect(explorer.choices(raced).map(({ violates }) => violates)).toEqual([['no_lost_update']]);
    const race = explorerOf('thp_truncate');
    const bug = finished(race.checkAll(10_000)).found.find(({ name }) => name.includes('page_mapped'))!;
    const before = race.statesOf({ ...bug.walk, steps: bug.walk.steps.slice(0, -1) }).at(-1)!;
    expect(race.choices(before).filter(({ isBad }) => isBad)).toMatchObject([
      { message: 'VM_BUG_ON_PAGE(page_mapped(page), page)' },
    ]);
  });

  test('evaluates formulas, refuses those about runs, and finds the nearest state where one is true', () => {
    const explorer = explorerOf('increment');
    const start = explorer.statesOf({ initial: 0, steps: [] })[0]!;
    expect(explorer.evaluate('counter + 1 == 1', start)).toBe('true');
    expect(explorer.evaluate('counter + 1', start)).toBe('1');
    expect(explorer.evaluate('counter == 1', start)).toBe('false');
    expect(() => explorer.evaluate('F counter == 1', start)).toThrow('is about runs');
    const search = explorer.find('counter == 1', { initial: 0, steps: [] }, 1000);
    let next = search.next();
    while (!next.done) next = search.next();
    expect(next.value?.walk.steps).toHaveLength(2);
  });

  test('reads a walk from an address, and nothing else', () => {
    const walk = { initial: 2, steps: [4, 0, 17] };
    expect(readWalk(walkText(walk))).toEqual(walk);
    expect(readWalk('0:')).toEqual({ initial: 0, steps: [] });
    for (const text of ['', '0', '0:1.', 'a:1', '0:1,2']) expect(readWalk(text)).toBeUndefined();
  });
});

describe.skipIf(hasNoChromium)('the page of the explorer, in Chromium', () => {
  let browser: TestBrowser;
  const engine = readFileSync(new URL('../dist/explorer/engine.js', import.meta.url), 'utf8');
  const pageFor = (name: string) => explorerPage({ ...lowered(name), engine });
  beforeAll(async () => {
    browser = await TestBrowser.start();
  }, 60_000);
  afterAll(() => browser.close(), 60_000);
  const walked = (page: Page) => page.locator('#walk li').allTextContents();

  test('walks by clicking and by keys, back and forth, and keeps the walk in its address', async () => {
    const { page, troubles } = await browser.open(pageFor('increment'));
    expect(await page.locator('#choices button').allTextContents()).toEqual([
      'adder[0]: increment.loadmine = counter',
      'adder[1]: increment.loadmine = counter',
    ]);
    await page.click('#choices button >> nth=1');
    await page.keyboard.press('1');
    expect(await walked(page)).toEqual(['adder[1]: increment.load', 'adder[0]: increment.load']);
    await page.keyboard.press('ArrowLeft');
    expect(await page.textContent('#where')).toBe('after 1 step of 2');
    await page.click('#forth');
    expect(await page.textContent('#where')).toBe('after 2 steps');
    const hash: string = await page.evaluate('location.hash');
    const again = await browser.open(pageFor('increment'), { hash });
    expect(await walked(again.page)).toEqual(await walked(page));
    expect([...troubles, ...again.troubles]).toEqual([]);
  }, 60_000);

  test('evaluates, jumps, stops at a breakpoint, and checks to the end', async () => {
    const { page, troubles } = await browser.open(pageFor('increment'));
    await page.fill('#formula', 'counter == 1');
    await page.click('#evaluate');
    expect(await page.textContent('#value')).toBe('counter == 1 is false');
    await page.click('#jump');
    await page.waitForFunction("document.getElementById('value').textContent === 'counter == 1 is true'");
    expect(await walked(page)).toHaveLength(2);
    await page.fill('#formula', 'conter');
    await page.click('#evaluate');
    expect(await page.textContent('#value')).toContain('conter');
    await page.click('#first');
    await page.selectOption('#breakpoint', 'increment.store');
    await page.click('#run');
    expect(await walked(page)).toEqual(['adder[0]: increment.load']);
    await page.click('#check');
    await page.waitForFunction(
      "document.getElementById('checked').textContent.includes('every reachable state')",
    );
    expect(await page.textContent('#checked')).toContain('12 states, 14 transitions');
    await page.click('text=✗ violated: no_lost_update, in 4 steps');
    expect(await walked(page)).toHaveLength(4);
    expect(await page.textContent('#decided')).toBe('here: no_lost_update, all_finish');
    expect(troubles).toEqual([]);
  });

  test.each([
    ['increment', ['no actor is stuck']],
    [
      'thp_truncate',
      [
        'truncate_ends',
        'no actor is stuck',
        'lock-order (WARNING: possible circular locking dependency detected)',
      ],
    ],
  ])('says of %s what it does not check, and claims nothing of it', async (name, unchecked) => {
    const { page } = await browser.open(pageFor(name));
    expect(await page.locator('#unchecked + ul li').allTextContents()).toEqual(unchecked);
    await page.click('#check');
    await page.waitForFunction(
      "document.getElementById('checked').textContent.includes('every reachable state')",
    );
    const said = await page.locator('#checked li').allTextContents();
    expect(said).toContain('✓ holds: no deadlock');
    expect(said.filter((text) => unchecked.some((one) => text.includes(one)))).toEqual([]);
  });

  test.each(['light', 'dark'] as const)(
    'has a name for each control, and fits the window, in %s',
    async (colorScheme) => {
      for (const viewport of [
        { width: 1400, height: 900 },
        { width: 390, height: 844 },
      ]) {
        const { page, troubles } = await browser.open(pageFor('thp_truncate'), { viewport, colorScheme });
        await page.keyboard.press('1');
        expect((await unnamedControls(page)).unnamed).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
          viewport.width,
        );
        expect(troubles).toEqual([]);
      }
    },
  );
});

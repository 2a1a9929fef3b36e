// The controls of a trace's page in a real browser: the story, filters, copies, what else was possible. Skipped where
// there is no Chromium.

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf } from '../../../checker/index.js';
import { thp_truncate } from '../../../models/thp_truncate/model.js';
import { otherSteps } from '../../replay/other_steps.js';
import { storyOf } from '../../story/story.js';
import { hasNoChromium, TestBrowser, unnamedControls } from '../../testing/chromium.js';
import { firstFound } from '../../testing/found.js';
import { saveTrace } from '../../trace/saved.js';
import { storyView } from '../../trace/view.js';
import { renderMarkdown } from '../markdown.js';
import { renderMermaid } from '../mermaid.js';
import { renderHtml } from './page.js';

async function seedPage(isStoryShown = false): Promise<{ readonly html: string; readonly saved: string }> {
  const { program, check, path, trace, essence } = await firstFound(thp_truncate);
  const saved = saveTrace({ digest: await digestOf(program), path, trace });
  const story = storyOf(program, { check, path }, essence);
  const others = otherSteps(program, path);
  return { html: renderHtml(trace, { essence, story, others, saved, isStoryShown }), saved };
}

describe.skipIf(hasNoChromium)('the controls of a page, in Chromium', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await TestBrowser.start();
  }, 60_000);
  afterAll(() => browser.close());

  const shownSteps = (page: Page): Promise<number[]> =>
    page.evaluate(`[...document.querySelectorAll('.step')].filter((step) => step.checkVisibility())
      .map((step) => Number(step.id.slice('step-'.length)))`);
  const current = (page: Page): Promise<string | null> => page.textContent('#where');

  test('show the story alone by a switch, and step within it, by keyboard alone', async () => {
    const { html } = await seedPage();
    expect(html.length).toBeLessThan(300_000);
    const { page, troubles } = await browser.open(html);
    expect(await shownSteps(page)).toHaveLength(17);
    expect(await page.isVisible('li.fold')).toBe(false);
    await page.keyboard.press('s');
    expect(await shownSteps(page)).toEqual([3, 4, 5, 6, 11, 12, 13, 14, 17]);
    expect(await page.textContent('#shown')).toBe('9 of 17 steps shown');
    expect(await page.locator('li.fold:visible').allTextContents()).toEqual([
      '… 2 steps of munmap[0]: nothing that matters',
      '… 4 steps of truncate[0]: nothing that matters',
      '… 2 steps of truncate[0]: nothing that matters',
    ]);
    for (const key of ['Home', 'j', 'j', 'j', 'j', 'j']) await page.keyboard.press(key);
    expect(await current(page)).toBe('after step 11 of 17');
    await page.keyboard.press('k');
    expect(await current(page)).toBe('after step 6 of 17');
    expect(troubles).toEqual([]);
  });

  test('filter by actor, by variable and by text', async () => {
    const { page } = await browser.open((await seedPage()).html);
    await page.selectOption('#actor', 'munmap[0]');
    expect(await shownSteps(page)).toEqual([1, 2, 3, 4, 5, 6]);
    await page.selectOption('#variable', 'vma[0].pmd');
    expect(await shownSteps(page)).toEqual([6]);
    await page.selectOption('#actor', '');
    await page.selectOption('#variable', '');
    await page.keyboard.press('/');
    await page.keyboard.type('TEST_HUGE');
    expect(await shownSteps(page)).toEqual([3, 14]);
    await page.keyboard.press('Escape');
    expect(await shownSteps(page)).toHaveLength(17);
  });

  test('copy the trace as text, and download its file', async () => {
    const { trace, essence } = await firstFound(thp_truncate);
    const { html, saved } = await seedPage();
    const { page, troubles } = await browser.open(html, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const copied = async (name: string): Promise<string> => {
      await page.click(`button[data-copy="${name}"]`);
      // Asked from outside: what waits inside the page needs eval, which the page's policy forbids.
      const said = () => page.evaluate("document.getElementById('copied').textContent");
      await expect.poll(said, { timeout: 30_000 }).toBe(`copied as ${name}`);
      await page.evaluate("document.getElementById('copied').textContent = ''");
      return page.evaluate('navigator.clipboard.readText()');
    };
    expect(await copied('Markdown')).toBe(renderMarkdown(trace, essence));
    expect(await copied('Mermaid')).toBe(renderMermaid(trace, essence));
    await page.keyboard.press('s');
    const { program, check, path } = await firstFound(thp_truncate);
    const story = storyView(trace, storyOf(program, { check, path }, essence));
    expect(await copied('Markdown')).toBe(renderMarkdown(story, essence));
    const downloading = page.waitForEvent('download');
    await page.click('button[data-download]');
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('thp_truncate-VM_BUG_ON_PAGE-page_mapped-page-page.json');
    expect(readFileSync((await download.path())!, 'utf8')).toBe(saved);
    expect(troubles).toEqual([]);
  });

  test('say at each step what else was possible, and what would go wrong in it', async () => {
    const { program, path } = await firstFound(thp_truncate);
    const { page } = await browser.open((await seedPage()).html);
    const others = otherSteps(program, path);
    for (const here of others) {
      const items = await page.locator('#others li').allTextContents();
      expect(items).toHaveLength(Math.max(1, here.length));
      for (const [i, { step }] of here.entries()) expect(items[i]).toContain(step.caption);
      await page.keyboard.press('j');
    }
    await page.keyboard.press('Home');
    expect(await page.textContent('#others')).toContain('truncate[0] truncate_setsize.i_size');
  });

  test.each(['light', 'dark'] as const)('all have a name, and fit the window, in %s', async (colorScheme) => {
    for (const viewport of [
      { width: 1400, height: 900 },
      { width: 390, height: 844 },
    ]) {
      const { page, troubles } = await browser.open((await seedPage(true)).html, { viewport, colorScheme });
      const { unnamed, all } = await unnamedControls(page);
      expect(unnamed).toEqual([]);
      expect(all).toBeGreaterThan(20);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
      expect(troubles).toEqual([]);
    }
  });

  test('show the settings that differ from their defaults, fold the others, and name the former in the title', async () => {
    const settings = { fix: 'unmap_mapping_page', mutant: 'lock_before_load' };
    const { trace } = await firstFound(thp_truncate, settings);
    const { page } = await browser.open(renderHtml(trace));
    const shown = 'thp_truncate fix=unmap_mapping_page mutant=lock_before_load';
    expect(await page.textContent('header .soft')).toBe(shown);
    expect(await page.title()).toBe(
      `${shown}: VM_BUG_ON_PAGE(page_mapped(page), page): violated in 20 steps`,
    );
    expect(await page.textContent('#defaults summary')).toBe('35 settings at their defaults');
    expect(await page.isVisible('#defaults p')).toBe(false);
    await page.click('#defaults summary');
    expect(await page.textContent('#defaults p')).toContain('arch=x86, powerpc_rules=since_5_8');
    // Of a trace that does not say which settings differ, all are shown.
    const { nonDefault: _, ...old } = trace;
    const { page: whole } = await browser.open(renderHtml(old));
    expect(await whole.locator('#defaults').count()).toBe(0);
    expect(await whole.textContent('header .soft')).toContain('kernel=5.12');
  });

  test('fold what belongs to actors that take no step', async () => {
    const { trace } = await firstFound(thp_truncate);
    const alone = { ...trace, steps: trace.steps.slice(0, 3), states: trace.states.slice(0, 4) };
    const { page } = await browser.open(renderHtml(alone));
    expect(await page.textContent('#still summary')).toMatch(
      /^1 actor without a step, \d+ variables of theirs$/,
    );
    expect(await page.isVisible('#stillRows tr')).toBe(false);
    expect(await page.locator('#places tr').count()).toBe(1);
    await page.click('#still summary');
    expect(await page.textContent('#stillRows')).toContain('truncate[0]');
  });
});

// The page of a trace in a real browser: it loads without errors and without the network, the keyboard steps through
// it, what it shows is what was replayed, and nothing is wider than the window. Skipped where there is no Chromium.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { model as increment_model } from '../../../models/examples/increment.js';
import { thp_truncate } from '../../../models/thp_truncate/model.js';
import { firstFound, longTrace } from '../../testing/found.js';
import { lock_order, overflow, starvedWriter } from '../../testing/models.js';
import { filtered } from '../../trace/filter.js';
import type { Trace } from '../../trace/trace.js';
import { renderHtml } from './page.js';

const executablePath = '/usr/bin/chromium';
const quiet = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

describe.skipIf(!existsSync(executablePath))('the page of a trace, in Chromium', () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), 'raceproof-'));
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: quiet });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens a page; `troubles` are its errors and whatever it asked the network for. */
  async function open(html: string, width = 1280): Promise<{ page: Page; troubles: readonly string[] }> {
    const file = join(folder, 'trace.html');
    writeFileSync(file, html);
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    const troubles: string[] = [];
    page.on('console', (message) => troubles.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
    const { href } = pathToFileURL(file);
    page.on('request', (request) => {
      if (request.url() !== href && !request.url().startsWith('data:'))
        troubles.push(`asks for ${request.url()}`);
    });
    await page.goto(href);
    return { page, troubles };
  }

  /** The state that the page shows. */
  const shown = (page: Page): Promise<{ step: number; rows: (readonly string[])[] }> =>
    page.evaluate(`({
      step: Number(document.getElementById('state').dataset.step),
      rows: [...document.querySelectorAll('#state tr')].map((row) => [
        row.dataset.name, row.querySelector('td').firstChild.textContent,
      ]),
    })`);

  const replayed = ({ states, variables, actors }: Trace, n: number) => {
    const { values, at } = states[Math.min(n, states.length - 1)]!;
    return [
      ...variables.map(({ name }) => [name, String(values[name])]),
      ...actors.map((actor) => [actor, at[actor]]),
    ];
  };

  test('shows after every step of the seed race the state that was replayed', async () => {
    const { trace, essence } = await firstFound(thp_truncate);
    const { page, troubles } = await open(renderHtml(trace, { essence }));
    // Each step says where in the C sources it is.
    expect(await page.locator('.step small').allTextContents()).toEqual(
      trace.steps.flatMap(({ file }) => file ?? []),
    );
    for (let n = 0; n <= trace.steps.length; n++) {
      expect(await shown(page)).toEqual({ step: n, rows: replayed(trace, n) });
      await page.keyboard.press('ArrowDown');
    }
    expect(troubles).toEqual([]);
    await page.close();
  });

  test('steps by keyboard, by buttons and by links, and describes its position to a screen reader', async () => {
    const { trace, essence } = await firstFound(thp_truncate);
    const { page } = await open(renderHtml(trace, { essence }));
    const stepAfter = async (act: () => Promise<void>) => {
      await act();
      return (await shown(page)).step;
    };
    const press = (key: string) => stepAfter(() => page.keyboard.press(key));
    const keys = ['j', 'ArrowRight', 'k', 'End', 'ArrowDown', 'Home', 'ArrowUp', 'e', 'e', 'e', 'e'];
    const steps: number[] = [];
    for (const key of keys) steps.push(await press(key));
    expect(steps).toEqual([1, 2, 1, 17, 17, 0, 0, 6, 14, 17, 6]);
    expect(await stepAfter(() => page.click('button[data-action=next]'))).toBe(7);
    expect(await stepAfter(() => page.click('#essence a[href="#step-14"]'))).toBe(14);
    expect(await page.textContent('#where')).toBe('after step 14 of 17');
    expect(await page.getAttribute('#where', 'aria-live')).toBe('polite');
    expect(await page.getAttribute('#step-14', 'aria-current')).toBe('step');
    expect(await page.evaluate('document.activeElement.id')).toBe('step-14');
    await page.close();
  });

  test.each([1280, 400])('is not wider than a window of %i pixels', async (width) => {
    const found = [await firstFound(thp_truncate), await firstFound(lock_order), await firstFound(overflow)];
    const pages = found.map(({ trace, essence }) => renderHtml(trace, { essence }));
    for (const html of [...pages, renderHtml(await starvedWriter())]) {
      const { page, troubles } = await open(html, width);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(troubles).toEqual([]);
      await page.close();
    }
  });

  test('breaks the names of an essence at dots', async () => {
    const { trace, essence } = await firstFound(thp_truncate);
    const { page } = await open(renderHtml(trace, { essence }), 390);
    const html = (await page.locator('#essence').innerHTML()).replaceAll('<wbr>', '|');
    expect(html).toContain('(pmdp_huge_get_and_clear.|clear_pmd)');
    expect(html).toContain('page.|compound_mapcount');
    await page.close();
  });

  test('shows a view of a trace under the numbers of the whole, and the states that were replayed', async () => {
    const { trace, essence } = await firstFound(thp_truncate);
    const view = filtered(trace, { only: ['truncate'], hide: ['page.PG_locked'] });
    const { page, troubles } = await open(renderHtml(view, { essence }));
    const names = view.variables.map(({ name }) => name);
    // Without PG_locked, and without the shares of munmap in three rwsems.
    expect(names).toHaveLength(trace.variables.length - 4);
    for (const number of [0, 7, 8, 9, 10]) {
      const { step, rows } = await shown(page);
      const { values, at } = trace.states[number]!;
      expect(step).toBe(number);
      const wanted = names.map((name) => [name, String(values[name])]);
      expect(rows).toEqual([...wanted, ['truncate[0]', at['truncate[0]']]]);
      await page.keyboard.press('ArrowDown');
    }
    expect(await page.textContent('#where')).toBe('after step 11 of 17');
    await page.keyboard.press('e');
    expect((await shown(page)).step).toBe(14);
    expect(await page.textContent('main')).toContain('hidden here: 6 of 17 steps');
    expect(troubles).toEqual([]);
    await page.close();
  });

  test('draws a bar for each lock, as long as it is held, and describes it in text', async () => {
    const { trace, essence } = await firstFound(thp_truncate);
    const { page } = await open(renderHtml(trace, { essence }));
    /** Numbers of the steps beside which a lock has its bar. */
    const held = (lock: string): Promise<number[]> =>
      page.evaluate(`[...document.querySelectorAll('.bar')].filter((bar) => bar.title === '${lock}')
        .map((bar) => Number(bar.parentElement.querySelector('.number').textContent))`);
    expect(await held('i_mmap')).toEqual([12, 13, 14, 15]);
    expect(await held('i_pages')).toEqual([16, 17]);
    expect((await held('vma[0].ptl')).at(0)).toBe(4);
    expect(await page.textContent('main')).toContain('truncate[0] holds i_mmap from step 12 to step 15');
    expect(await page.locator('li.racing').count()).toBe(12);
    expect(await page.textContent('li.note >> nth=1')).toBe(
      'the racy window is still open: munmap[0] has yet to run page_remove_rmap.dec_compound',
    );
    await page.close();
  });

  test('runs nothing that stands in a text', async () => {
    const { trace } = await firstFound(increment_model);
    const evil = '</script><script>document.title="owned"</script><img src=x onerror="document.title=1">';
    const steps = trace.steps.map((step) => ({ ...step, caption: evil, path: evil, file: evil }));
    const { page, troubles } = await open(renderHtml({ ...trace, model: evil, steps }));
    expect(await page.title()).toBe(`${evil}: no_lost_update: violated in 4 steps`);
    expect(await page.locator('img').count()).toBe(0);
    expect(troubles).toEqual([]);
    await page.close();
  });

  test('jumps to the end of 10,000 steps', async () => {
    const trace = await longTrace(5_000);
    const { page, troubles } = await open(renderHtml(trace));
    await page.keyboard.press('End');
    expect(await shown(page)).toEqual({
      step: trace.steps.length,
      rows: replayed(trace, trace.steps.length),
    });
    expect(troubles).toEqual([]);
    await page.close();
  });

  test('is printed without the panel, and is as readable without a script', async () => {
    const { trace } = await firstFound(lock_order);
    const { page } = await open(renderHtml(trace));
    await page.emulateMedia({ media: 'print' });
    expect(await page.isVisible('#panel')).toBe(false);
    expect(await page.isVisible('#step-2')).toBe(true);
    await page.close();
    const bare = await browser.newPage({ javaScriptEnabled: false });
    await bare.goto(pathToFileURL(join(folder, 'trace.html')).href);
    expect(await bare.isVisible('#panel')).toBe(false);
    expect(await bare.isVisible('#step-2')).toBe(true);
    await bare.close();
  });
});

// The pages of the gallery, each opened in a real browser: on a desk and on a phone, in light and in dark. Skipped where there is no
// Chromium, but for what the texts of the pages show.

import { beforeAll, describe, expect, test } from 'vitest';
import { called } from '../cli/testing/command.js';
import { hasNoChromium, TestBrowser, unnamedControls } from '../counterexamples/testing/chromium.js';
import { galleryPages } from './gallery_pages.js';

let pages: ReadonlyMap<string, string>;
beforeAll(async () => {
  pages = await galleryPages(
    async (file: string) => (await called(['render', file, '--format=html'])).stdout,
  );
}, 120_000);

test('the index links every page, and no two pages have the same title', () => {
  const links = [...pages.get('index.html')!.matchAll(/href="(\w+\.html)"/g)].map(([, file]) => file);
  expect(links).toEqual([...pages.keys()].filter((file) => file !== 'index.html'));
  const titles = [...pages.values()].map((text) => /<title>(.+)<\/title>/.exec(text)?.[1]);
  expect(titles).not.toContain(undefined);
  expect(new Set(titles).size).toBe(pages.size);
});

test('a page has less than 300,000 characters', () => {
  for (const [file, { length }] of pages) expect([file, length < 300_000]).toEqual([file, true]);
});

const windows = [
  { width: 1400, height: 900, colorScheme: 'light' },
  { width: 390, height: 844, colorScheme: 'dark' },
] as const;

describe.skipIf(hasNoChromium)('the pages of the gallery, in Chromium', { timeout: 120_000 }, () => {
  test('fit a desk and a phone, have no control without a name, and no error', async () => {
    const browser = await TestBrowser.start();
    const tab = await browser.tab();
    const wrong: string[] = [];
    for (const [file, html] of pages) {
      await tab.show(html);
      for (const { colorScheme, ...size } of windows) {
        await tab.page.emulateMedia({ colorScheme });
        await tab.page.setViewportSize(size);
        const width = Number(await tab.page.evaluate('document.documentElement.scrollWidth'));
        if (width > size.width) wrong.push(`${file}: ${width} pixels wide in a window of ${size.width}`);
      }
      const { unnamed, all } = await unnamedControls(tab.page);
      if (unnamed.length > 0) wrong.push(`${file}: without a name: ${unnamed.join(', ')}`);
      // That many links, or buttons, selections and links of steps.
      if (all < (file === 'index.html' ? pages.size - 1 : 10)) wrong.push(`${file}: ${all} controls`);
      wrong.push(...tab.troubles.splice(0).map((trouble) => `${file}: ${trouble}`));
    }
    await browser.close();
    expect(wrong).toEqual([]);
  });
});

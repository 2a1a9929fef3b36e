// Mermaid's pictures, drawn by mermaid itself. Skipped where there is no Chromium, which mermaid needs, and where mermaid
// is not installed yet.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasNoChromium, type OpenedPage, TestBrowser } from '../testing/chromium.js';
import { evilTrace } from '../testing/evil_trace.js';
import { starvedWriter } from '../testing/models.js';
import { readSavedTrace } from '../trace/saved.js';
import { storyView } from '../trace/view.js';
import { renderMermaid } from './mermaid.js';

const gallery = new URL('../gallery/', import.meta.url);
/** The others are drawn in a long run. */
const few = ['seed_race.mmd', 'lost_update.mmd', 'lock_never_dropped.mmd', 'philosophers.mmd'];
const pictures = readdirSync(gallery).filter((name) => name.endsWith('.mmd'));

const mermaid = new URL('../../node_modules/mermaid/dist/mermaid.min.js', import.meta.url);

describe.skipIf(hasNoChromium || !existsSync(mermaid))('mermaid draws', () => {
  let browser: TestBrowser;
  let opened: OpenedPage;
  beforeAll(async () => {
    browser = await TestBrowser.start();
    opened = await browser.open('<!DOCTYPE html><title>mermaid</title>');
    await opened.page.addScriptTag({
      path: fileURLToPath(mermaid),
    });
    await opened.page.evaluate("mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' })");
  }, 60_000);
  afterAll(() => browser.close());

  /** The texts of the picture: the names of actors, and each line of a note. */
  async function drawn(picture: string): Promise<readonly string[]> {
    const code = `mermaid.render('picture', ${JSON.stringify(picture)}).then(({ svg }) => {
      const parsed = new DOMParser().parseFromString(svg, 'text/html');
      return [...parsed.querySelectorAll('text, tspan')].map((text) => text.textContent);
    })`;
    return opened.page.evaluate(code);
  }

  test.each(pictures.filter((name) => process.env['LONG_TESTS'] || few.includes(name)))(
    '%s of the gallery, each step with its number and its label',
    async (name) => {
      const { trace } = readSavedTrace(readFileSync(new URL(name.replace('.mmd', '.json'), gallery), 'utf8'));
      const texts = await drawn(readFileSync(new URL(name, gallery), 'utf8'));
      for (const [i, { path }] of trace.steps.entries()) {
        expect(texts).toContain(`${i + 1} ${path.split(' > ').at(-1)}`);
      }
      expect(opened.troubles).toEqual([]);
    },
  );

  test('a run that never ends, with the step to which it returns', async () => {
    const texts = await drawn(renderMermaid(await starvedWriter()));
    expect(texts).toContain('again and again from here:');
    expect(texts).toContain('back to step 2');
  });

  test('a story, with how many steps are left out', async () => {
    const { trace } = readSavedTrace(readFileSync(new URL('seed_race.json', gallery), 'utf8'));
    const texts = await drawn(renderMermaid(storyView(trace, [3, 6, 14, 17])));
    expect(texts).toContain('… 2 steps of munmap[0]: nothing that matters');
  });

  test('the texts of a stranger as texts', async () => {
    const texts = await drawn(renderMermaid(await evilTrace()));
    expect(texts.join(' ')).toContain('</script></title></text><script>alert(1)</script>');
    expect(opened.troubles).toEqual([]);
  });
});

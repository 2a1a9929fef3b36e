// A headless Chromium for tests of pages, where there is one. Pages are opened from files; whatever a page asks of the
// network, and every error in it, is noted.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const executablePath = '/usr/bin/chromium';
const quiet = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** For `describe.skipIf`. */
export const hasNoChromium = !existsSync(executablePath);

export interface OpenedPage {
  readonly page: Page;
  /** Errors, and what was asked of the network; filled while the page is used. */
  readonly troubles: readonly string[];
}

export class TestBrowser {
  readonly #browser: Browser;
  readonly #folder = mkdtempSync(join(tmpdir(), 'raceproof-'));
  #pages = 0;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<TestBrowser> {
    return new TestBrowser(await chromium.launch({ executablePath, args: quiet }));
  }

  async close(): Promise<void> {
    await this.#browser.close();
    rmSync(this.#folder, { recursive: true });
  }

  /** Opens a page in a context of its own. `hash` is what stands behind # in its address. */
  async open(
    html: string,
    { hash = '', ...options }: BrowserContextOptions & { readonly hash?: string } = {},
  ): Promise<OpenedPage> {
    const file = join(this.#folder, `page_${this.#pages++}.html`);
    writeFileSync(file, html);
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    const troubles: string[] = [];
    const { href } = pathToFileURL(file);
    page.on('console', (message) => troubles.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
    page.on('request', (request) => {
      const url = request.url().replace(/#.*/, '');
      if (url !== href && !/^(data|blob):/.test(url)) troubles.push(`asks for ${url}`);
    });
    await page.goto(href + hash);
    return { page, troubles };
  }
}

/** The roles of what a reader can operate. */
const operable = [
  'button',
  'link',
  'textbox',
  'searchbox',
  'combobox',
  'checkbox',
  'slider',
  'tab',
  'menuitem',
  'spinbutton',
];

interface AxNode {
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
}

/** The controls of a page that have no name in the browser's accessibility tree, by role; and how many there are in all. */
export async function unnamedControls(
  page: Page,
): Promise<{ readonly unnamed: readonly string[]; readonly all: number }> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as unknown as {
    nodes: readonly AxNode[];
  };
  const controls = nodes.filter(
    ({ ignored, role }) => !ignored && operable.includes(role?.value.toLowerCase() ?? ''),
  );
  const unnamed = controls.filter(({ name }) => (name?.value ?? '').trim() === '');
  return { unnamed: unnamed.map(({ role }) => role!.value), all: controls.length };
}

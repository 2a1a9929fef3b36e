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
    const tab = await this.tab(options);
    await tab.show(html, hash);
    return tab;
  }

  /** A tab in a context of its own, in which one page after another can be shown: faster than a context for each. */
  async tab(options: BrowserContextOptions = {}): Promise<TestTab> {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    return new TestTab(await context.newPage(), () => join(this.#folder, `page_${this.#pages++}.html`));
  }
}

export class TestTab implements OpenedPage {
  readonly page: Page;
  readonly troubles: string[] = [];
  readonly #newFile: () => string;
  #href = '';

  constructor(page: Page, newFile: () => string) {
    this.page = page;
    this.#newFile = newFile;
    page.on('console', (message) => this.troubles.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => this.troubles.push(`error: ${error.message}`));
    page.on('request', (request) => {
      const url = request.url().replace(/#.*/, '');
      if (url !== this.#href && !/^(data|blob):/.test(url)) this.troubles.push(`asks for ${url}`);
    });
  }

  /** Shows a page in place of the one before. */
  async show(html: string, hash = ''): Promise<void> {
    const file = this.#newFile();
    writeFileSync(file, html);
    this.#href = pathToFileURL(file).href;
    await this.page.goto(this.#href + hash);
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

// The pages of a comparison: the matrix, behind each cell its trace with the essence or what was explored, and what no
// cell reached.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { called, folder, type Outcome } from '../../cli/testing/command.js';
import { flushModel } from '../../cli/testing/flush_model.js';

const pages = mkdtempSync(join(tmpdir(), 'raceproof-'));
const outside = folder({});
let outcome: Outcome;
let texts: ReadonlyMap<string, string>;
beforeAll(async () => {
  outcome = await called(['compare', 'peterson', '--format=html', `--out=${pages}`]);
  texts = new Map(readdirSync(pages).map((name) => [name, readFileSync(join(pages, name), 'utf8')]));
}, 60_000);
afterAll(() => {
  rmSync(pages, { recursive: true });
  outside.remove();
});

/** The files that cells lead to, by what the cells look like. */
const linked = (look: 'good' | 'bad'): readonly string[] => {
  const cell = new RegExp(`<td class="cell ${look}"><a href="(cell--[\\w-]+\\.html)"`, 'g');
  return [...texts.get('index.html')!.matchAll(cell)].map(([, file]) => file!);
};
const textsOf = (files: readonly string[]) => files.map((file) => texts.get(file)!);

test('every page is there, is led to, and asks the network for nothing', () => {
  expect(outcome.status).toBe(0);
  expect(outcome.stdout).toContain('index.html');
  const cells = [...new Set([...linked('good'), ...linked('bad')])];
  expect([...cells, 'coverage.html', 'index.html'].sort()).toEqual([...texts.keys()].sort());
  expect(texts.get('index.html')).toContain('<a href="coverage.html">');
  for (const text of texts.values()) expect(text).not.toMatch(/https?:/);
});

test('a page is named after its first cell, and so is its title', () => {
  expect([...texts.keys()].sort()).toEqual([
    'cell--last_then_level--three-processes.html',
    'cell--last_then_level--two-processes.html',
    'cell--level_then_last--three-processes.html',
    'cell--level_then_last--two-processes.html',
    'coverage.html',
    'index.html',
  ]);
  const titles = [...texts.values()].map((text) => /<title>(.*)<\/title>/.exec(text)![1]!);
  expect(new Set(titles).size).toBe(texts.size);
  expect(titles).toContain('last_then_level, two processes: mutual_exclusion: violated in 8 steps');
});

test('a cell shows a sign, the property and the steps, or the states; the legend explains each sign', () => {
  const index = texts.get('index.html')!;
  expect(index).toContain('<b aria-label="violated">✗</b> mutual_<wbr>exclusion: 8 steps</a></td>');
  expect(index).toContain('<b aria-label="holds">✓</b> 43 states</a></td>');
  const [, legend] = /<p class="legend">(.*)<\/p>/.exec(index)!;
  expect(legend).toMatch(/✓.*holds in all states.*✗.*violated: which property/);
  expect(legend).toMatch(/<span class="good">✓<\/span> .*<span class="bad">✗/);
  expect(legend).not.toMatch(/refused|incomplete|not run/);
  expect(index).toContain('<a href="#candidate-2">last_<wbr>then_<wbr>level</a>');
  expect(index).toMatch(/<li id="candidate-2"><strong>last_then_level<\/strong>: violated in both scenarios/);
  expect(index).not.toContain('<h2></h2>');
});

test('a cell in which something is never reached is not called violated', async () => {
  const idle = `import { sometimes } from 'raceproof/properties';
${flushModel}
export const properties = { both: sometimes(flushes.eq(1).and(flushes.eq(0))) };
`;
  const model = folder({ 'idle.ts': idle });
  try {
    const { stderr } = await called(['compare', 'idle.ts', '--format=html', '--out=pages'], {
      cwd: model.path,
    });
    expect(stderr).toBe('');
    const index = readFileSync(join(model.path, 'pages', 'index.html'), 'utf8');
    expect(index).toContain('<b aria-label="never reached">✗</b> both: never</a></td>');
    expect(index).not.toContain('aria-label="violated"');
    const [, legend] = /<p class="legend">(.*)<\/p>/.exec(index)!;
    expect(legend).toContain('never: what should be possible is never reached');
    expect(legend).not.toContain('violated');
  } finally {
    model.remove();
  }
});

test('environments with the same results share a table, those with others have their own', async () => {
  const other = flushModel
    .replace("arch: oneOf('x86', 's390')", "arch: oneOf('x86', 's390', 'arm')")
    .replace("s390: { arch: 's390' } }", "s390: { arch: 's390' }, arm: { arch: 'arm', NR_ZAPS: 2 } }");
  const model = folder({ 'other.ts': other });
  try {
    const args = ['compare', 'other.ts', '--format=html', '--out=pages'];
    expect((await called(args, { cwd: model.path })).status).toBe(0);
    const index = readFileSync(join(model.path, 'pages', 'index.html'), 'utf8');
    const tables = [
      ...index.matchAll(
        /<h2>(.*)<\/h2>\n(?:<details><summary>(.*)<\/summary>[\s\S]*?<\/details>\n)?<div[^>]*aria-label="(.*?)"/g,
      ),
    ];
    expect(tables.map(([, ...parts]) => parts)).toEqual([
      ['x86', 'the same results in 1 other environment', 'fix by scenario, x86, s390'],
      ['arm', undefined, 'fix by scenario, arm'],
    ]);
    // Nothing is violated, so there is nothing to say of what goes wrong.
    expect(index).not.toContain('What goes wrong');
  } finally {
    model.remove();
  }
});

test('a cell that holds leads to the figures of its proof, its properties, coverage and settings', () => {
  expect(linked('good').length).toBeGreaterThan(0);
  for (const text of textsOf(linked('good'))) {
    for (const name of ['actors', 'states', 'transitions', 'depth', 'mutual_exclusion', 'NR_PROCESSES'])
      expect(text).toContain(`<th scope="row">${name}</th>`);
    expect(text).toContain('<td>every reachable state</td>');
    expect(text).toMatch(/labels of \d+ were reached\./);
  }
});

test('a cell that is violated leads to its counterexample with the essence, and to the same sections', () => {
  expect(linked('bad').length).toBeGreaterThan(0);
  for (const text of textsOf(linked('bad'))) {
    expect(text).toContain('<ol class="steps">');
    expect(text).toContain('<h2>The essence</h2>');
    expect(text).toContain('<td>every reachable state</td>');
    expect(text).toMatch(/labels of \d+ were reached\./);
    expect(text).toContain('<h2>Settings</h2>');
  }
  expect(texts.get('index.html')).toMatch(/<h2>What goes wrong<\/h2>[\s\S]* before process\[/);
});

test('the coverage says of each candidate what none of its cells reached', () => {
  const items = [...texts.get('coverage.html')!.matchAll(/<li>(.*)<\/li>/g)].map(([, text]) => text);
  expect(items).toMatchInlineSnapshot(`
    [
      "<strong>level_then_last</strong>: every label is reached in some cell",
      "<strong>last_then_level</strong>: every label is reached in some cell",
    ]
  `);
});

describe.skipIf(!existsSync('/usr/bin/chromium'))('in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
  }, 60_000);
  afterAll(() => browser.close(), 60_000);

  test.each([1280, 400])('no page is wider than a window of %i pixels, or has troubles', async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    const troubles: string[] = [];
    page.on('console', (message) => troubles.push(message.text()));
    page.on('pageerror', (error) => troubles.push(error.message));
    for (const name of texts.keys()) {
      await page.goto(pathToFileURL(join(pages, name)).href);
      expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBeLessThanOrEqual(width);
    }
    expect(troubles).toEqual([]);
    await page.close();
  });
});

test('pages need a folder, and a folder is for pages', async () => {
  for (const args of [['--format=html'], [`--out=${pages}`]]) {
    const { status, stderr } = await called(['compare', 'peterson', ...args], { cwd: outside.path });
    expect([status, stderr]).toEqual([
      2,
      'raceproof: --format=html needs --out=DIR, and --out=DIR needs --format=html\n',
    ]);
  }
});

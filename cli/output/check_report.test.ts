// check --report: the page and the JSON with statistics.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hasNoChromium, TestBrowser, unnamedControls } from '../../counterexamples/testing/chromium.js';
import type { CheckedModel } from '../checked_model.js';
import { called } from '../testing/command.js';
import { checkReportPage } from './check_report_page.js';

const folder = mkdtempSync(join(tmpdir(), 'raceproof-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [page, json] = [join(folder, 'report.html'), join(folder, 'report.json')];

describe('check --report', () => {
  test('writes the figures as JSON, with time and memory', async () => {
    const { status, stdout } = await called([
      'check',
      'increment',
      `--report=json:${json}`,
      `--report=html:${page}`,
    ]);
    expect(status).toBe(12);
    expect(stdout).toContain('increment: violated: no_lost_update in 4 steps');
    const report = JSON.parse(readFileSync(json, 'utf8'));
    expect(report).toMatchObject({ schema: 1, verdict: 'violated', exploration: { states: 12 } });
    expect(report.exploration.levels.reduce((sum: number, count: number) => sum + count)).toBe(12);
    expect(report.outDegrees).toEqual([2, 6, 4]);
    expect(report.labels[0]).toMatchObject({ label: 'increment.load', transitions: 6 });
    expect(report.labels[0].source).toMatch(/^models\/examples\/increment.ts:\d+$/);
    expect(report.variables.map(({ name }: { name: string }) => name)).toContain('counter');
    expect(report.seconds).toBeGreaterThan(0);
    expect(report.megabytes).toBeGreaterThan(0);
  });

  test('shows counts beside the lines of the source', () => {
    const text = readFileSync(page, 'utf8');
    const counted = [
      ...text.matchAll(/<tr><td class="n">(\d+)<\/td><td class="n soft">\d+<\/td><td>(.*)<\/td>/g),
    ];
    expect(counted.map(([, count, line]) => [count, line!.trim().split(':')[0]])).toEqual([
      ['6', 'load'],
      ['8', 'store'],
    ]);
  });

  test('has what is violated first, with a sign at each verdict, and then what is not decided', async () => {
    const verdicts = async (...options: readonly string[]) => {
      await called(['check', 'thp_truncate', `--report=html:${page}`, ...options]);
      const rows = /<table class="report properties">.*?<\/table>/s.exec(readFileSync(page, 'utf8'))![0];
      return [...rows.matchAll(/<tr><td class="([^"]*)">([^<]*)<\/td><td>([^<]*)<\/td>/g)].map(
        ([, ...cells]) => cells.join(' | '),
      );
    };
    const all = await verdicts();
    expect(all).toHaveLength(21);
    expect(all.slice(0, 2)).toEqual([
      'bad strong | ✗ violated in 17 steps | VM_BUG_ON_PAGE(page_mapped(page), page)',
      'good | ✓ reached in 17 steps | page_is_deleted',
    ]);
    expect(all.slice(1).filter((row) => !row.includes('✓'))).toEqual([]);
    const signs = (await verdicts('--max-states=50')).map((row) => row.split(' | ')[1]!.split(' ')[0]);
    expect(signs.join('')).toBe('???????????????????✓✓');
  });

  test('says what is missing where a limit was reached', async () => {
    await called(['check', 'thp_truncate', '--max-states=50', `--report=html:${page}`]);
    expect(readFileSync(page, 'utf8')).toContain('they need a search that has seen every state');
  });

  test('of a search that is very deep has several distances in each bar', () => {
    const evidence = {
      levels: Array.from({ length: 300_002 }, () => 1),
      states: 300_002,
      transitions: 300_001,
    };
    const report = { verdict: 'holds', properties: [], evidence: { ...evidence, exhaustive: true } };
    const deep = { model: 'deep', settings: {}, chosen: [], report } as unknown as CheckedModel;
    const text = checkReportPage(deep, { seconds: 1, megabytes: 1 }, []);
    expect(text.match(/<rect /g)).toHaveLength(599);
    expect(text).toContain('<title>distance 501 to 1001: 501 states</title>');
    expect(text).toContain('300002 levels, at most 1 states, at distance 0');
  });

  test.each([
    ['--report=xml:a', "raceproof: --report=xml:a: not one of html, json; did you mean 'html'?"],
    ['--report=html', 'raceproof: --report=html: write --report=html:FILE'],
  ])('%s is refused', async (option, why) => {
    expect(await called(['check', 'increment', option])).toMatchObject({ status: 2, stderr: `${why}\n` });
  });

  test.each([
    ['', 'it is a folder'],
    ['nope/x.html', "ENOENT: no such file or directory, open '$'"],
  ])(
    'of %j, which cannot be written: the verdict and the other report, its name, and status 74',
    async (file, why) => {
      const bad = join(folder, file);
      rmSync(json, { force: true });
      const bare = await called(['check', 'increment']);
      const { status, stdout, stderr } = await called([
        ...['check', 'increment', `--report=html:${bad}`, `--report=json:${json}`],
      ]);
      expect([status, stdout]).toEqual([74, bare.stdout]);
      expect(stderr).toContain(`raceproof: cannot write ${bad}: ${why.replace('$', bad)}\n`);
      expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ verdict: 'violated' });
    },
  );

  test.skipIf(hasNoChromium)(
    'is a page that fits, loads nothing and has no control without a name, in Chromium',
    async () => {
      await called(['check', 'thp_truncate', `--report=html:${page}`]);
      const browser = await TestBrowser.start();
      for (const viewport of [
        { width: 1400, height: 900 },
        { width: 390, height: 844 },
      ]) {
        const opened = await browser.open(readFileSync(page, 'utf8'), { viewport });
        expect(await opened.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
          viewport.width,
        );
        const properties = opened.page.locator('.scroll').first();
        expect(await properties.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
        expect((await unnamedControls(opened.page)).unnamed).toEqual([]);
        expect(await opened.page.locator('.chart rect').count()).toBe(28);
        expect(opened.troubles).toEqual([]);
      }
      await browser.close();
    },
  );
});

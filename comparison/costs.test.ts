// What candidates cost: counted on every run that comes to its end, printed beside the verdicts, and never one itself.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { finalValues, lower } from '../checker/index.js';
import { called, folder } from '../cli/testing/command.js';
import { flushModel } from '../cli/testing/flush_model.js';
import { displayLocation } from '../models/language/index.js';
import { thp_truncate } from '../models/thp_truncate/model.js';
import { type CostRunner, costsOf, costText, countCosts } from './costs.js';
import { Slots } from './searches.js';

const files = folder({ 'flush.ts': flushModel });
afterAll(files.remove);

async function compared(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await called(['compare', 'flush.ts', ...args], { cwd: files.path });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

describe('the cost of a candidate', () => {
  test('stands below the environment that it is counted in, and in the conclusion', async () => {
    expect(await compared()).toMatchInlineSnapshot(`
      "flush: every fix in 1 scenario and 2 environments

      x86

        fix    one
        lazy   holds (2 states)
        eager  holds (2 states)

      s390: the same verdicts

      Cost on s390: flushes, on every run that comes to its end

        fix    one zap  two zaps
        lazy   0 or 1   0 to 2
        eager  1        2

        A flush reaches every CPU [source].

      fix=lazy: holds in the one scenario, exhaustively (2 states)
      fix=eager: holds in the one scenario, exhaustively (2 states)
        cost on s390, flushes: 1 instead of 0 or 1 (one zap), 2 instead of 0 to 2 (two
          zaps)
      "
    `);
  });

  test('is a table of its own in a commit message', async () => {
    expect(await compared('--format=markdown')).toMatchInlineSnapshot(`
      "**x86**

      | fix | one |
      | --- | --- |
      | lazy | holds (2 states) |
      | eager | holds (2 states) |

      **s390**

      | fix | one |
      | --- | --- |
      | lazy | holds (2 states) |
      | eager | holds (2 states) |

      Cost on s390: flushes, on every run that comes to its end. A flush reaches every CPU [source].

      | fix | one zap | two zaps |
      | --- | --- | --- |
      | lazy | 0 or 1 | 0 to 2 |
      | eager | 1 | 2 |

      * fix=lazy: holds in the one scenario, exhaustively (2 states).
      * fix=eager: holds in the one scenario, exhaustively (2 states). Cost on s390, flushes: 1 instead of 0 or 1 (one zap), 2 instead of 0 to 2 (two zaps).
      "
    `);
  });

  test('stands in the pages, too', async () => {
    await compared('--format=html', '--out=pages');
    const html = readFileSync(join(files.path, 'pages', 'index.html'), 'utf8');
    const [, table] = html.split('<h2>Cost on s390: flushes, on every run that comes to its end');
    expect(table).toContain('<tr><th scope="row">lazy</th><td>0 or 1</td><td>0 to 2</td></tr>');
    expect(html).toContain('; cost on s390, flushes: 1 instead of 0 or 1 (one zap)');
  });

  test('is data for programs: the values of the counter at the ends of all runs', async () => {
    const { costs, conclusions } = JSON.parse(await compared('--format=json'));
    expect(costs).toMatchObject([{ name: 'flushes', environment: 's390', counter: 'flushes' }]);
    expect(costs[0].cells).toEqual([
      { candidate: 'lazy', scenario: 'one zap', values: [0, 1], isViolated: false },
      { candidate: 'lazy', scenario: 'two zaps', values: [0, 1, 2], isViolated: false },
      { candidate: 'eager', scenario: 'one zap', values: [1], isViolated: false },
      { candidate: 'eager', scenario: 'two zaps', values: [2], isViolated: false },
    ]);
    expect(conclusions.map((each: { costs: unknown }) => each.costs)).toEqual([
      [],
      ['on s390, flushes: 1 instead of 0 or 1 (one zap), 2 instead of 0 to 2 (two zaps)'],
    ]);
  });

  test('is not known where not every state was explored', async () => {
    const args = ['compare', 'flush.ts', '--format=json', '--max-states=2'];
    const { status, stdout } = await called(args, { cwd: files.path });
    expect(status).toBe(3);
    expect(JSON.parse(stdout).costs[0].cells[0]).toEqual({
      ...{ candidate: 'lazy', scenario: 'one zap' },
      ...{ values: null, isViolated: false },
    });
  });
});

const runner: CostRunner = {
  lower: async (_, { settings }) => lower(thp_truncate, settings),
  finalValues: (_, { program }, __, variable) => finalValues(program, variable),
  stopped: () => undefined,
  locate: displayLocation,
};

test('on s390, an invalidated pmd costs one IDTE for every pmd, where most zaps need none', async () => {
  const candidates = ['none', 'invalidated_pmd', 'unmap_mapping_page'];
  const starting = { runner, slots: new Slots(1), onNext: () => {} };
  const [table] = await countCosts(thp_truncate, thp_truncate.comparison!, candidates, {}, starting);
  const rows = candidates.map((candidate) => [candidate, ...costsOf(table!, candidate).map(costText)]);
  expect([['', ...table!.scenarios], ...rows]).toEqual([
    [
      '',
      'munmap',
      'exit',
      'DONTNEED, second thread',
      'partial munmap',
      'munmap, truncate',
      'two mms, truncate',
    ],
    ['none', '0', '0', '1', '1', '0 or 1', '0 to 2'],
    ['invalidated_pmd', '1', '1', '1', '1', '1', '2'],
    ['unmap_mapping_page', '0', '0', '1', '1', '0 or 1', '0 to 2'],
  ]);
});

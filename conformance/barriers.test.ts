// The barrier bugs under the memory models: docs/barriers.md is what they are today, and the models agree with the litmus
// tests that they are reduced to. `npm run gallery` (this test with -u) writes the page anew.

import { describe, expect, test } from 'vitest';
import { judge, models as memoryModels, parseLitmus } from '../litmus/index.js';
import { models } from '../models/index.js';
import { herdOutcome } from './litmus_rows.js';
import { barriersMarkdown, litmusText, modelUnderLkmm, underLkmm } from './testing/barriers_page.js';

const bugs = [...models.values()].flatMap(({ barrier, ...entry }) =>
  barrier === undefined ? [] : [{ ...entry, barrier }],
);
const tso = memoryModels.find(({ name }) => name === 'tso')!;

test('docs/barriers.md is what the barrier bugs are today', async () => {
  await expect(barriersMarkdown(bugs)).toMatchFileSnapshot('../docs/barriers.md');
});

describe.each(bugs)('$model.name', ({ model, barrier: { litmus, merged }, manifest }) => {
  const candidates = Object.keys(litmus);

  test('has a litmus test and a row with and without store buffers for each candidate', () => {
    expect(model.settings['fix']?.node).toMatchObject({ values: candidates });
    const rows = manifest.map(({ settings, memory = 'none' }) => [settings['fix'], memory]);
    expect(rows).toEqual(
      candidates.flatMap((fix) => [
        [fix, 'none'],
        [fix, 'tso'],
      ]),
    );
  });

  test('holds where every access is seen at once: only a memory model breaks it', () => {
    const interleaved = manifest.filter(({ memory }) => memory === undefined);
    expect(interleaved.filter(({ violated }) => Object.keys(violated).length > 0)).toEqual([]);
  });

  test.each(candidates)(
    '%s is violated under x86-TSO exactly if its litmus test is possible there',
    (fix) => {
      const { violated } = manifest.find((row) => row.settings['fix'] === fix && row.memory === 'tso')!;
      const { outcome } = judge(parseLitmus(litmusText(litmus[fix]!)), tso);
      expect([fix, Object.keys(violated).length > 0]).toEqual([fix, outcome === 'Sometimes']);
      expect([undefined, outcome]).toContain(herdOutcome(litmus[fix]!, 'x86-TSO'));
    },
  );

  test.each(candidates)('%s has the verdict of herd under LKMM, where its tables have the test', (fix) => {
    expect([undefined, underLkmm(litmus[fix]!).outcome]).toContain(herdOutcome(litmus[fix]!, 'LKMM'));
  });

  test.each(candidates)('%s itself is possible under LKMM exactly if its litmus test is', (fix) => {
    const { waiting, ends } = modelUnderLkmm({ model }, fix);
    const isPossible = waiting.positive > 0 || ends.some(({ of, positive }) => !of.isWanted && positive > 0);
    expect([fix, isPossible]).toEqual([fix, underLkmm(litmus[fix]!).outcome === 'Sometimes']);
  });

  test('is possible under LKMM before the fix, and impossible after it', () => {
    expect([underLkmm(litmus['none']!).outcome, underLkmm(litmus[merged]!).outcome]).toEqual([
      'Sometimes',
      'Never',
    ]);
  });
});

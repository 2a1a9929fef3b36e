// Models: which barriers they miss, and which they do not need.

import { describe, expect, test } from 'vitest';
import { lower } from '../checker/index.js';
import {
  bugOn,
  READ_ONCE,
  smp_load_acquire,
  smp_mb,
  smp_rmb,
  smp_wmb,
  WRITE_ONCE,
} from '../models/kernel/index.js';
import { actor, bool, int, model, procedure, shared, source, when } from '../models/language/index.js';
import { loadEntry } from '../models/registry.js';
import { loadProperties } from '../properties/registry.js';
import { modelProblem } from './judge.js';
import { findBarriers } from './search.js';
import { barrierLines } from './text.js';

const fences = ['mb', 'rmb', 'wmb'] as const;
type Settings = { readonly [name: string]: unknown };

const ofLibrary = async (name: string, settings: Settings, memory: 'lkmm' | 'tso') => {
  const { model: of } = (await loadEntry(name))!;
  const { program, properties } = lower(of, settings, await loadProperties(name), { fences });
  const { judged, violated, hopeless, unjudged, gaps, ...problem } = await modelProblem(
    program,
    properties,
    memory,
  );
  return barrierLines(
    { name, title: memory, judged, violated, hopeless, unjudged, gaps, notes: [] },
    await findBarriers(problem),
  );
};

describe('under x86-TSO', () => {
  test("Peterson's algorithm misses one smp_mb(), between its stores and its loads", async () => {
    expect(await ofLibrary('peterson_pair', {}, 'tso')).toMatchInlineSnapshot(`
      [
        "peterson_pair: under tso barriers are missing:",
        "  mutual_exclusion",
        "",
        "All holds with 1 barrier; with fewer it does not:",
        "  before peterson_pair.wait (models/examples/peterson_pair.ts:48): smp_mb()",
      ]
    `);
    expect(await ofLibrary('peterson_pair', { has_barrier: true }, 'tso')).toMatchInlineSnapshot(`
      [
        "peterson_pair: under tso no barrier is missing.",
      ]
    `);
  });

  test("Dekker's algorithm misses one, between its store and its load", async () => {
    expect(await ofLibrary('dekker', {}, 'tso')).toMatchInlineSnapshot(`
      [
        "dekker: under tso barriers are missing:",
        "  mutual_exclusion",
        "",
        "All holds with 1 barrier; with fewer it does not:",
        "  before dekker.rival (models/examples/dekker.ts:54): smp_mb()",
      ]
    `);
  });
});

describe('under LKMM', () => {
  const c = source('kernel/x.c');
  const state = shared({ data: int(0, 1), ready: bool() });
  const { data, ready } = state;
  const passing = (isStrong: boolean) => {
    const writer = procedure('writer', () => ({
      data: WRITE_ONCE(data, 1),
      ...(isStrong && { wmb: smp_wmb(), mb: smp_mb() }),
      ready: WRITE_ONCE(ready, true),
    }));
    const reader = procedure('reader', () => ({
      wait: c`while (!ready)`(when(isStrong ? smp_load_acquire(ready) : READ_ONCE(ready))),
      ...(isStrong && { rmb: smp_rmb() }),
      test: bugOn(READ_ONCE(data).eq(0), 'BUG_ON(!data)'),
    }));
    return model('passing', {
      about: '',
      state,
      actors: [actor('w', writer), actor('r', reader)],
    });
  };
  const found = async (isStrong: boolean) => {
    const { program, properties } = lower(passing(isStrong), {}, {}, { fences });
    const { judged, violated, hopeless, unjudged, gaps, ...problem } = await modelProblem(
      program,
      properties,
      'lkmm',
    );
    const lines = barrierLines(
      { name: 'passing', title: 'LKMM', judged, violated, hopeless, unjudged, gaps, notes: [] },
      await findBarriers(problem),
    );
    return lines.map((line) => line.replace(/ \(.*\.ts:\d+\)/, ''));
  };

  test('message passing misses a barrier on each side, and what may stand there', async () => {
    expect(await found(false)).toMatchInlineSnapshot(`
      [
        "passing: under LKMM barriers are missing:",
        "  BUG_ON(!data)",
        "",
        "All holds with 2 barriers; with fewer it does not:",
        "  before writer.ready: a release by this store, or smp_wmb(), or smp_mb()",
        "  before reader.test: an acquire by the load before it, or smp_rmb(), or smp_mb()",
      ]
    `);
  });

  test('one of two barriers that do the same can go, and not both', async () => {
    expect(await found(true)).toMatchInlineSnapshot(`
      [
        "passing: under LKMM no barrier is missing.",
        "",
        "Not needed for this:",
        "  smp_wmb() in writer.wmb",
        "  smp_mb() in writer.mb",
        "  acquire in reader.wait",
        "  smp_rmb() in reader.rmb",
        "At once only these can go: smp_wmb() in writer.wmb.",
      ]
    `);
  });
});

// The reduced barrier bugs of the kernel: what is found is what the commit put in.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { models, parseLitmus } from '../litmus/index.js';
import { litmusProblem } from './litmus_problem.js';
import { findBarriers } from './search.js';

const found = async (name: string, model: 'lkmm' | 'tso') => {
  const text = readFileSync(new URL(`../conformance/litmus/files/${name}.litmus`, import.meta.url), 'utf8');
  const chosen = models.find((one) => one.name === model)!;
  const { need, sets, notNeeded } = await findBarriers(litmusProblem(parseLitmus(text), chosen));
  return [
    need,
    ...sets.map((set) => set.map(({ place, kinds }) => `${place.name}: ${kinds.join(', ')}`).join('; ')),
    ...notNeeded.map((one) => `not needed: ${one}`),
  ];
};

const bugs = [
  'switch_mm-vs-flush.0',
  'switch_mm-vs-flush.half',
  'pte_alloc-publish.0',
  'PageUptodate.0',
  'PageUptodate.wmb-only',
  'waitqueue_active.0',
  'test_and_set_bit-fails.0',
  'qrwlock-slowpath.0',
  'mm_cid.0',
  'page-mapping-publish.0',
  'seqcount-reader.0',
  'seqcount-writer.0',
  'rcu-free-after-gp.0',
];

describe('under LKMM', () => {
  test('of each bug the barrier of its commit is found', async () => {
    const all: Record<string, readonly unknown[]> = {};
    for (const name of bugs) all[name] = await found(name, 'lkmm');
    expect(all).toMatchInlineSnapshot(`
      {
        "PageUptodate.0": [
          "added",
          "before line 9 of P0: WRITE_ONCE(*u, 1): release, wmb, mb; before line 18 of P1: r1 = READ_ONCE(*d): acquire, rmb, mb",
        ],
        "PageUptodate.wmb-only": [
          "added",
          "before line 19 of P1: r1 = READ_ONCE(*d): acquire, rmb, mb",
        ],
        "mm_cid.0": [
          "added",
          "before line 10 of P0: r0 = READ_ONCE(*l): mb",
        ],
        "page-mapping-publish.0": [
          "added",
          "before line 10 of P0: WRITE_ONCE(*s, m): release, wmb, mb",
        ],
        "pte_alloc-publish.0": [
          "added",
          "before line 10 of P0: WRITE_ONCE(*p, i): release, wmb, mb",
        ],
        "qrwlock-slowpath.0": [
          "added",
          "before line 18 of P1: r1 = READ_ONCE(*d): acquire, rmb, mb",
        ],
        "rcu-free-after-gp.0": [
          "added",
          "before line 20 of P1: WRITE_ONCE(*x, 0): sync",
        ],
        "seqcount-reader.0": [
          "added",
          "before line 21 of P1: r1 = READ_ONCE(*d): acquire, rmb, mb",
          "not needed: smp_wmb() in line 9 of P0",
          "not needed: smp_rmb() in line 22 of P1",
        ],
        "seqcount-writer.0": [
          "added",
          "before line 9 of P0: WRITE_ONCE(*d, 1): release, wmb, mb",
          "not needed: smp_wmb() in line 10 of P0",
          "not needed: smp_rmb() in line 20 of P1",
        ],
        "switch_mm-vs-flush.0": [
          "added",
          "before line 10 of P0: r0 = READ_ONCE(*p): mb; before line 17 of P1: r0 = READ_ONCE(*c): mb",
        ],
        "switch_mm-vs-flush.half": [
          "added",
          "before line 18 of P1: r0 = READ_ONCE(*c): mb",
        ],
        "test_and_set_bit-fails.0": [
          "added",
          "before line 10 of P0: r0 = cmpxchg(b, 0, 1): mb",
        ],
        "waitqueue_active.0": [
          "added",
          "before line 10 of P0: r0 = READ_ONCE(*q): mb",
        ],
      }
    `);
  });
  test('of a fix nothing is missing', async () => {
    for (const name of [
      'switch_mm-vs-flush.1',
      'pte_alloc-publish.1',
      'PageUptodate.1',
      'mm_cid.1',
      'qrwlock-slowpath.1',
    ]) {
      expect([name, ...(await found(name, 'lkmm'))]).toEqual([name, 'enough']);
    }
  });
});

describe('under x86-TSO', () => {
  test('only what orders a store before a load is missing', async () => {
    expect(await found('waitqueue_active.0', 'tso')).toMatchInlineSnapshot(`
      [
        "added",
        "before line 10 of P0: r0 = READ_ONCE(*q): mb",
      ]
    `);
    expect(await found('PageUptodate.0', 'tso')).toEqual(['enough']);
  });
});

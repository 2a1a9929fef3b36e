// Actors of the flagship in every pair, under the rules of a kernel that has the fix and 97113eb39fa7: combinations
// that the kernel excludes are excluded or refused, so nothing is violated. A false alarm here is a lock that the model
// lacks.

import { describe, expect, test } from 'vitest';
import { explore, lower, SettingError } from '../checker/index.js';
import { thp_truncate as model } from '../models/thp_truncate/model.js';
import { thp_truncate as properties } from './thp_truncate.js';

type Settings = { readonly [name: string]: string | number | boolean };

/** Actors beside, or instead of, the one munmap and the one truncate of the defaults. */
const choices: readonly Settings[] = [
  { NR_MUNMAP: 0 },
  { NR_MUNMAP: 2 },
  { NR_EXIT: 1 },
  { NR_EXIT: 2 },
  { NR_DONTNEED: 1 },
  { NR_PARTIAL_MUNMAP: 1 },
  { NR_PARTIAL_DONTNEED: 1 },
  { NR_MREMAP: 1 },
  { NR_MREMAP: 1, mremap_extent: 'pud' },
  { NR_MREMAP: 1, mremap_extent: 'ptes' },
  { NR_MREMAP: 1, mremap_to: 'left' },
  { NR_FAULT: 1 },
  { NR_FAULT: 1, fault: 'filemap_map_pages' },
  { NR_FAULT: 1, fault: 'shmem_fault' },
  { NR_FAULT: 1, fault: 'shmem_read_fault' },
  { NR_PTE_FAULT: 1 },
  { NR_HASH_FAULT: 1, arch: 'powerpc_hash' },
  { NR_WALKER: 1, arch: 'powerpc_radix' },
  { NR_TRUNCATE: 0 },
  { NR_TRUNCATE: 2 },
  { NR_PARTIAL_TRUNCATE: 1 },
  { NR_PUNCH_HOLE: 1 },
  { NR_PUNCH_HOLE: 2 },
  { NR_INVALIDATE: 1 },
  { NR_INVALIDATE: 1, did_range_unmap: true },
  { page_kind: 'huge_by_ptes' },
  { page_kind: 'small' },
];
const kernels: readonly Settings[] = [
  { fix: 'as_merged', kernel: '5.15' },
  { fix: 'as_merged', kernel: '5.18' },
];

const pairs = choices.flatMap((one, i): readonly Settings[] =>
  choices
    .slice(i)
    .filter((other) => Object.keys(other).every((name) => other[name] === one[name] || !(name in one)))
    .map((other) => ({ ...one, ...other }))
    .filter((pair) => pair['NR_MUNMAP'] !== 0 || pair['NR_TRUNCATE'] !== 0),
);

/** `refused: why`, or the violated checks, or nothing. */
async function verdict(settings: Settings): Promise<readonly string[]> {
  try {
    const lowered = lower(model, settings, properties);
    const { evidence, properties: results } = await explore(lowered.program, lowered.properties);
    expect(evidence.exhaustive).toBe(true);
    return results.filter((result) => result.verdict === 'violated').map(({ check }) => check.name);
  } catch (error) {
    if (error instanceof SettingError) return [`refused: ${error.message}`];
    throw error;
  }
}
const nameOf = (settings: Settings) =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

describe.each(kernels)('under $kernel, nothing is violated in a pair that is not refused', (kernel) => {
  test.each(pairs.map((pair) => [nameOf(pair), pair] as const))('%s', async (_, pair) => {
    const found = await verdict({ ...kernel, ...pair });
    expect(found.filter((text) => !/^refused: thp_truncate excludes .+: .+/.test(text))).toEqual([]);
  });
});

test('few pairs are refused, and a pair that the fix does not cover is violated', async () => {
  const refused = await Promise.all(
    pairs.map(async (pair) => {
      try {
        lower(model, pair, {});
        return [];
      } catch (error) {
        if (error instanceof SettingError) return [nameOf(pair)];
        throw error;
      }
    }),
  );
  expect([pairs.length, refused.flat().length]).toEqual([367, 48]);
  expect(await verdict({ fix: 'as_merged', kernel: '5.13', NR_MREMAP: 1, mremap_extent: 'pud' })).toEqual([
    'VM_BUG_ON_PAGE(page_mapped(page), page)',
  ]);
});

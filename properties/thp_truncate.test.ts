// The flagship's properties are not vacuous: each one is violated under some setting, and each has a counterpart that
// is reached where it holds. The manifest, every row of which checker/manifest.test.ts explores, lists what is violated
// and what is reached; the Programs of the same rows show which properties apply.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Lowered, lower } from '../checker/index.js';
import { manifest } from '../models/thp_truncate/manifest.js';
import { thp_truncate as model } from '../models/thp_truncate/model.js';
import { thp_truncate as properties } from './thp_truncate.js';

/** The tags of every assertion in the model's code. */
const assertions: { readonly [message: string]: readonly string[] } = {
  'VM_BUG_ON_PAGE(page_mapped(page), page)': ['S1'],
  'BUG: Bad page cache: still mapped when deleted': ['S1'],
  'BUG_ON(page_mapped(page))': ['S2'],
  'VM_BUG_ON_PAGE(!pvmw.pte, page)': ['S3'],
  'Oops: NULL pointer dereference of pvmw.pte': ['S3'],
  'VM_BUG_ON_PAGE(page_mapcount(page) < 0, page)': ['S5'],
  'VM_BUG_ON_PAGE(page_count(page) <= 0, page)': ['S9'],
  'VM_BUG_ON(!PageLocked(page))': ['S11'],
  'WARN_ON: pmd_clear() of a pmd with H_PAGE_HASHPTE | _PAGE_PTE': ['S14'],
  'Oops: hash__pmdp_huge_get_and_clear() finds no deposited page table': ['S14'],
  'a lockless walk takes a page table pointer for a huge pte': ['S14'],
  'BUG: sleeping function called from invalid context': ['S15', 'B2'],
  'WARNING: possible circular locking dependency detected': ['B3'],
  'assert_spin_locked(pmd_lockptr(mm, pmd))': ['I1', 'I2'],
  'VM_WARN_ON_ONCE(!PageLocked(page))': ['I3'],
  'i_mmap_assert_write_locked(mapping)': ['I5'],
};

/** `S1, S2: …` is tagged S1 and S2. */
const tagsOf = (about: string | undefined): readonly string[] =>
  /^([A-Z]\d+r?(?:, [A-Z]\d+r?)*): /.exec(about ?? '')?.[1]?.split(', ') ?? [];

const safety = Object.entries(properties).flatMap(([name, { expectation, about }]) =>
  expectation === 'always' || expectation === 'never' ? [{ name, tags: tagsOf(about) }] : [],
);
const twins = Object.entries(properties).flatMap(([name, { expectation, about }]) =>
  expectation === 'sometimes' ? [{ name, tags: tagsOf(about) }] : [],
);
const claims = [...safety, ...Object.entries(assertions).map(([name, tags]) => ({ name, tags }))];

/**
 * Assertions of the model itself: might_sleep() is called in its procedures, other built-in checks of locks are not.
 */
const messagesIn = ({ program }: Lowered) =>
  program.steps.flatMap(({ reports: { message, check = 'might-sleep' } = {} }) =>
    message !== undefined && check === 'might-sleep' ? [message] : [],
  );
const rows = manifest.map((row) => {
  const lowered = lower(model, row.settings, properties);
  const stated = lowered.properties.map(({ name }) => name);
  return {
    ...row,
    applies: new Set([...stated, ...messagesIn(lowered)]),
    hasMutant: (row.settings['mutant'] ?? 'none') !== 'none',
    somebodyDies: Object.keys(row.violated).some((name) => name in assertions),
    isReached: (name: string) => stated.includes(name) && !row.unreached?.includes(name),
  };
});

/** Decided during lowering, without a mutant: then no step of the Program reports it [ARCHITECTURE.md]. */
const decidedByControlFlow = Object.keys(assertions).filter((message) =>
  rows.every(({ applies, hasMutant }) => hasMutant || !applies.has(message)),
);

test('S1 to S15, B2, B3 and I1 to I6 are all stated', () => {
  const upTo = (letter: string, n: number) => Array.from({ length: n }, (_, i) => `${letter}${i + 1}`);
  const stated = new Set(claims.flatMap(({ tags }) => tags));
  expect([...stated].sort()).toEqual([...upTo('S', 15), 'S1r', 'B2', 'B3', ...upTo('I', 6)].sort());
});

test('every always and never names its tags', () => {
  expect(safety.filter(({ tags }) => tags.length === 0)).toEqual([]);
});

test('the table of assertions names every message that a Program of the manifest can report', () => {
  const reported = new Set(rows.flatMap(({ applies }) => [...applies]));
  expect([...reported].filter((name) => !(name in properties)).sort()).toEqual(
    Object.keys(assertions).sort(),
  );
});

test('without a mutant, control flow alone decides which locks are held where', () => {
  expect(decidedByControlFlow).toEqual([
    'VM_BUG_ON(!PageLocked(page))',
    'BUG: sleeping function called from invalid context',
    'WARNING: possible circular locking dependency detected',
    'assert_spin_locked(pmd_lockptr(mm, pmd))',
    'VM_WARN_ON_ONCE(!PageLocked(page))',
    'i_mmap_assert_write_locked(mapping)',
  ]);
});

describe.each(claims)('$name', ({ name, tags }) => {
  test('is violated under some setting', () => {
    expect(rows.filter(({ violated }) => name in violated)).not.toEqual([]);
  });

  test.each(tags)('has a counterpart for %s, which is reached where it holds and no actor is dead', (tag) => {
    const isDecided = decidedByControlFlow.includes(name);
    const sound = rows.filter(
      ({ applies, hasMutant, violated, somebodyDies }) =>
        (isDecided ? !hasMutant : applies.has(name)) && !(name in violated) && !somebodyDies,
    );
    const reached = twins.filter(
      (twin) => twin.tags.includes(tag) && sound.some(({ isReached }) => isReached(twin.name)),
    );
    expect(reached).not.toEqual([]);
  });
});

test('every mutant is refuted, except the two that are harmless', () => {
  const { node } = model.settings['mutant']!;
  const mutants = node.kind === 'enum' ? node.values.filter((value) => value !== 'none') : [];
  const rowsOf = (mutant: string) => rows.filter((row) => row.settings['mutant'] === mutant);
  const isRefuted = ({ violated }: { readonly violated: object }) => Object.keys(violated).length > 0;
  expect(mutants.filter((mutant) => rowsOf(mutant).length === 0)).toEqual([]);
  expect(mutants.filter((mutant) => !rowsOf(mutant).some(isRefuted))).toEqual([
    'without_pmd_none',
    'any_size',
  ]);
});

test('no setting without a mutant deadlocks', () => {
  expect(rows.filter(({ hasMutant, violated }) => !hasMutant && 'no deadlock' in violated)).toEqual([]);
});

test.each(twins)('$name is reached in some row of the manifest', ({ name }) => {
  expect(rows.some(({ isReached }) => isReached(name))).toBe(true);
});

describe('the tables of the README', () => {
  const readme = readFileSync(new URL('../models/thp_truncate/README.md', import.meta.url), 'utf8');
  const resolved = (settings: { readonly [name: string]: unknown }) =>
    JSON.stringify(lower(model, settings).program.settings);
  const known = new Map(rows.map((row) => [resolved(row.settings), row] as const));

  const cellsOf = (...columns: readonly string[]) => {
    const lines = readme.split('\n').map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    const first = lines.findIndex((cells) => JSON.stringify(cells) === JSON.stringify(columns)) + 2;
    const last = lines.findIndex((cells, i) => i >= first && cells.length !== columns.length);
    return lines.slice(first, last);
  };
  /** The rows of the table with these columns, each as its cells by column. */
  const tableOf = (...columns: readonly string[]) =>
    cellsOf(...columns).map((cells) => {
      const cell = Object.fromEntries(columns.map((column, i) => [column, cells[i]!] as const));
      const settings = cell['settings']!.replaceAll('`', '').split(' ');
      return { ...cell, settings: Object.fromEntries(settings.map((text) => text.split('='))) };
    });
  const grouped = (n: number) => n.toLocaleString('en');
  const tagOf = (name: string) =>
    name === 'no deadlock' ? 'L2' : claims.find((claim) => claim.name === name)?.tags[0];

  const expected = tableOf('candidate', 'actors', 'expected', 'explored', 'states', 'settings');
  test.each(expected)('$candidate, $actors, expected: $expected', ({ settings, ...cell }) => {
    const { violated = {}, states = 0 } = known.get(resolved(settings)) ?? {};
    const found = Object.entries(violated).flatMap(([name, steps]) => {
      // The built-in checks of locks have no tag.
      const tag = tagOf(name);
      return tag === undefined ? [] : [`${tag} in ${steps}`];
    });
    expect(cell).toMatchObject({ explored: found.join(', ') || 'holds', states: grouped(states) });
  });

  const proved = tableOf('mms', 'subpages', 'actors', 'states', 'transitions', 'settings');
  test.each(proved.slice(0, -2))('proved: $mms mms, $subpages subpages, $actors', ({ settings, ...cell }) => {
    const { violated, unreached, states = 0, transitions = 0 } = known.get(resolved(settings)) ?? {};
    expect({ violated, unreached }).toEqual({ violated: {}, unreached: [] });
    expect(cell).toMatchObject({ states: grouped(states), transitions: grouped(transitions) });
  });

  test('tick off steps that the model has', () => {
    const everything = { fix: 'unmap_mapping_page', REFERENCES: true, arch: 'powerpc_hash' };
    const { program } = lower(model, everything, {});
    const known = new Set(program.steps.map(({ label }) => label.replace(/\[.*/, '')));
    const documented = cellsOf('step', 'label', 'the kernel').flatMap(([, labels = '']) => {
      const [first = '', ...others] = [...labels.matchAll(/`([^`[]+)[^`]*`/g)].map(([, label]) => label!);
      return first === '' ? [] : [first, ...others.map((label) => `${first.split('.')[0]}.${label}`)];
    });
    expect(documented.length).toBe(19);
    expect(documented.filter((label) => !known.has(label))).toEqual([]);
  });

  test('have all the rows that they should', () => {
    expect([expected.length, proved.length]).toEqual([53, 10]);
  });
});

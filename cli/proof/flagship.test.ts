// The fix of 22061a1ffabd for any number of mms, subpages and actors: the invariant that is stored beside the model,
// judged anew. LONG_TESTS=1 judges any number of truncates as well, and looks for the invariant again.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { lower } from '../../checker/index.js';
import { checkNames } from '../../checker/ir/built_in_checks.js';
import { ObligationsFor, parameterised } from '../../checker/proof/index.js';
import { random } from '../../checker/testing/random.js';
import { models } from '../../models/index.js';
import { properties } from '../../properties/index.js';
import { Stop } from '../stop.js';
import { called } from '../testing/command.js';
import { knownInvariant } from './files.js';
import { judge } from './solvers.js';
import { mutantsOf } from './testing/mutations.js';
import { alike, isRefutedAt } from './testing/proving.js';

const isLong = process.env['LONG_TESTS'] === '1';
const bothAreThere = ['z3', 'cvc5'].every((solver) => spawnSync(solver, ['--version']).status === 0);
const stored = fileURLToPath(new URL('../../models/thp_truncate/any_number', import.meta.url));
const sizes = ['NR_MMS', 'NR_SUBPAGES', 'NR_MUNMAP', 'NR_DONTNEED', 'NR_FAULT', 'NR_INVALIDATE'];
const prove = ['prove', 'thp_truncate', '--by=smt'];
const oneTruncate = [...prove, `--for=${sizes.join()}`, '--set', 'NR_TRUNCATE=1'];
const merged = ['--set', 'fix=unmap_mapping_page'];
const minutes = 60_000;
const without = checkNames.filter((name) => name !== 'deadlock' && name !== 'stuck');

describe('The merged fix', () => {
  test.skipIf(!bothAreThere)(
    'is proved with one truncate and any number of all else, by the stored invariant (z3, cvc5)',
    async () => {
      const { status, stdout, stderr } = await called([
        ...[...oneTruncate, ...merged, `--invariant=${stored}/NR_TRUNCATE=1`],
      ]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toContain(
        [
          `proved for every ${sizes.map((name) => `${name} >= 1`).join(', ')}`,
          '  holds  no_mapping_of_a_deleted_page',
          '  holds  mapcount_not_negative',
          '  holds  no_lock_kept',
          '  holds  mapping_is_stable',
          '  never  VM_BUG_ON_PAGE(page_mapcount(page) < 0, page)',
          '  never  VM_BUG_ON_PAGE(page_mapped(page), page)',
          '  never  BUG_ON(page_mapped(page))',
          '',
        ].join('\n'),
      );
      expect(stdout.match(/: all 1,700 obligations hold$/gm)).toHaveLength(2);
      expect(stdout.match(/^ {2}never taken at any number: /gm)).toHaveLength(5);
      expect(stdout).not.toContain('not taken at small numbers');
    },
    10 * minutes,
  );

  test.skipIf(!bothAreThere || !isLong)(
    'is proved with any number of truncates, too (LONG_TESTS; z3, cvc5)',
    async () => {
      const { status, stdout } = await called([
        ...[...prove, `--for=${[...sizes, 'NR_TRUNCATE'].join()}`, ...merged],
        ...['--max-states=800000', `--invariant=${stored}`],
      ]);
      expect(status).toBe(0);
      expect(stdout).toMatch(/^proved for every .*NR_TRUNCATE >= 1.*: in each of 2 cases$/m);
    },
    30 * minutes,
  );

  test.skipIf(!bothAreThere || !isLong)(
    'is proved by an invariant that is looked for (LONG_TESTS; z3, cvc5)',
    async () => {
      const { status, stdout } = await called([...oneTruncate, ...merged]);
      expect(status).toBe(0);
      expect(stdout).toContain('proved for every');
    },
    30 * minutes,
  );
});

describe('The fix with a mistake in one step that one of each actor refutes', () => {
  const open = new Map(sizes.map((name) => [name, 1] as const));
  const given = { fix: 'unmap_mapping_page', NR_TRUNCATE: 1 };
  const program = parameterised(
    lower(models.get('thp_truncate')!.model, given, properties.get('thp_truncate')!, { without, open }),
  );
  const dice = random(1);
  const all = mutantsOf(program);
  const chosen = isLong ? all : Array.from({ length: 12 }, () => dice.pick(all));

  test.skipIf(!bothAreThere)(
    'has no invariant in what is stored, as z3 judges (z3, cvc5)',
    async () => {
      let refuted = 0;
      const accepted: string[] = [];
      for (const { name, program: mutant, rule } of chosen) {
        if (!isRefutedAt(mutant, alike(mutant, 1))) continue;
        refuted++;
        // All other steps are as in the Program that is proved.
        const of = new ObligationsFor(mutant, knownInvariant(`${stored}/NR_TRUNCATE=1`, mutant));
        let isOpen = false;
        for (const one of [of.consequences(), of.step(rule)]) {
          const answers = await judge('z3', one, new Stop());
          isOpen ||= one.questions.some(({ id }) => answers.get(id) !== 'unsat');
        }
        if (!isOpen) accepted.push(name);
      }
      expect(accepted).toEqual([]);
      if (isLong) expect(refuted).toBeGreaterThanOrEqual(50);
      else expect(refuted).toBe(3);
    },
    30 * minutes,
  );
});

describe('What is wrong is refuted by one of each actor:', () => {
  test.each([
    ['no fix', ['--set', 'fix=none'], 'BUG_ON(page_mapped(page)) in 15 steps', 14],
    ['try_to_unmap()', ['--set', 'fix=try_to_unmap'], 'VM_BUG_ON_PAGE(!pvmw.pte, page) in 10 steps', 14],
    [
      'the fix, where munmap decrements before it clears',
      [...merged, '--set', 'mutant=rmap_before_clear'],
      'no_mapping_of_a_deleted_page in',
      12,
    ],
    [
      'the fix, where the pmd lock is dropped before the decrement',
      [...merged, '--set', 'mutant=ptl_released_early'],
      'refuted at NR_MMS=1',
      12,
    ],
  ])('%s', async (_, given, message, failure) => {
    const { status, stdout } = await called([...oneTruncate, ...given]);
    expect(status).toBe(failure);
    expect(stdout).toContain(message);
    expect(stdout).not.toContain('proved');
  });
});

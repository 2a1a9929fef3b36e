// Formulas typed at the command line: what they find, with which exit status, and how their mistakes are reported.

import { describe, expect, test } from 'vitest';
import { called } from '../testing/command.js';

interface Printed {
  readonly properties: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly vacuous?: true;
    readonly shortest?: false;
    readonly trace: { readonly steps: readonly { readonly label: string }[]; readonly loop?: number } | null;
  }[];
  readonly coverage?: readonly { readonly label: string; readonly reached: boolean }[];
}

/** The report as an object, and the status. */
async function check(...args: readonly string[]) {
  const { status, stdout, stderr } = await called(['check', ...args, '--format=json']);
  expect(stderr).toBe('');
  return { status, ...(JSON.parse(stdout) as Printed) };
}

describe('the flagship race, from a formula', () => {
  const base = ['thp_truncate', '--set', 'fix=none'];
  const labels = ({ properties }: Printed, name: string) =>
    properties.find((property) => property.name === name)?.trace?.steps.map(({ label }) => label);

  test('typed at the command line, it is found on the way of the assertion in the code', async () => {
    const never = 'truncate at delete_from_page_cache.check_unmapped and compound_mapcount >= 0';
    const dead = 'truncate at dead';
    const found = await check(...base, '--never', never, '--never', dead);
    const builtIn = labels(found, 'VM_BUG_ON_PAGE(page_mapped(page), page)')!;
    expect(labels(found, dead)).toEqual(builtIn);
    expect(labels(found, never)).toEqual(builtIn.slice(0, -1));
    expect(found.status).toBe(12);
  });

  test('the same as a formula of runs, about what was before', async () => {
    const text =
      'G(truncate at check_unmapped -> H(not compound_mapcount >= 0) or once compound_mapcount < 0)';
    const found = await check(...base, '--ltl', text);
    expect(found.properties[0]).toMatchObject({ name: text, verdict: 'violated' });
    expect(labels(found, text)?.at(-1)).toBe('delete_from_page_cache.lock_i_pages');
  });
});

describe('liveness', () => {
  const starves = 'G(locker[0] at lock -> F locker[0] at unlock)';
  test('a lasso has exit status 13', async () => {
    const found = await check('test_and_set', '--ltl', starves, '--fair=weak', '--shortest-lassos');
    expect(found.status).toBe(13);
    expect(found.properties[0]?.trace).toMatchObject({ loop: 0 });
    expect(found.properties[0]?.trace?.steps).toHaveLength(3);
    expect(found.properties[0]?.shortest).toBeUndefined();
  });

  test.each(['--ltl=F (4 / counter > 4)', '--always-possible=4 / counter == 4'])(
    'a formula that has no value in some state leaves the answer open, and the report says why: %s',
    async (asked) => {
      const { status, stdout } = await called(['check', 'increment', '--set', 'NR_ACTORS=1', asked]);
      expect(status).toBe(3);
      expect(stdout).toContain('increment: incomplete, a formula has no value in some state');
    },
  );

  test('that it may not be the shortest is said where nobody looked for the shortest', async () => {
    const args = ['test_and_set', '--ltl', starves, '--fair=weak'];
    expect((await check(...args)).properties[0]?.shortest).toBe(false);
    const { stdout } = await called(['check', ...args]);
    expect(stdout).toContain('need not be a shortest one');
  });

  test('what weak fairness grants, a run without it need not', async () => {
    const text = 'process[0] at wait leadsTo process[0] at critical';
    expect((await check('peterson', '--ltl', text, '--fair=weak')).status).toBe(0);
    expect((await check('peterson', '--ltl', text)).status).toBe(13);
  });
});

describe('vacuity and coverage', () => {
  const idle = 'locker[0] is done -> locked';
  test('a property that holds vacuously is said to, and is a failure if that is asked', async () => {
    const args = ['test_and_set', '--always', idle];
    const plain = await check(...args);
    expect(plain.properties[0]).toMatchObject({ verdict: 'holds', vacuous: true });
    expect(plain.status).toBe(0);
    expect((await check(...args, '--strict')).status).toBe(10);
    expect((await check('test_and_set', '--always', 'locked -> locked', '--strict')).status).toBe(0);
  });

  test('coverage lists every label, in JSON and beside the lines of the model', async () => {
    const { coverage } = await check('ticket_lock', '--set', 'NR_LOCKERS=1', '--coverage');
    expect(coverage?.map(({ label, reached }) => [label, reached])).toEqual([
      ['arch_spin_lock.call', true],
      ['arch_spin_lock.draw', true],
      ['arch_spin_lock.wait', true],
      ['lock_and_unlock.critical', true],
      ['arch_spin_unlock.call', true],
      ['arch_spin_unlock.hand_on', true],
      ['arch_spin_unlock.return', true],
    ]);
    const { stdout } = await called(['check', 'ticket_lock', '--set', 'NR_LOCKERS=1', '--coverage']);
    expect(stdout).toMatch(/models\/examples\/ticket_lock\.ts:\d+ +arch_spin_lock\.wait never had to wait/);
  });
});

describe('a mistake in a formula is pointed at, with status 2', () => {
  test.each([
    [['--never', 'lockd'], "no variable, actor or word is named 'lockd'; did you mean 'locked'?", 'lockd', 0],
    [['--ltl', 'G(locked'], "')' is missing for the '(' at character 2", 'G(locked', 8],
    [
      ['--sometimes', 'F locked'],
      'sometimes needs a condition on states, not a formula about runs',
      'F locked',
      0,
    ],
    [
      ['--ltl', 'O F locked'],
      "'once' cannot contain operators of the future: rewrite the formula without that",
      'O F locked',
      0,
    ],
  ])('%j', async (args, problem, text, position) => {
    const { status, stdout, stderr } = await called(['check', 'test_and_set', ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe(`raceproof: ${problem}\n  ${text}\n  ${' '.repeat(position)}^\n`);
  });
});

test.each([
  ['--ltl', '', "--ltl has an empty formula: write --ltl 'G (x == 1 -> F x == 0)'"],
  ['--always', '  ', "--always has an empty formula: write --always 'x <= 3'"],
  ['--always-possible', '', "--always-possible has an empty formula: write --always-possible 'a at done'"],
])('an empty formula is a mistake of the command: %s %j', async (option, formula, message) => {
  const { status, stderr } = await called(['check', 'increment', option, formula]);
  expect({ status, stderr }).toEqual({ status: 2, stderr: `raceproof: ${message}\n` });
});

test('a formula without a value is named, and the model is not blamed', async () => {
  const { status, properties } = await check('increment', '--always', '4 / counter <= 4');
  expect(status).toBe(12);
  expect(properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name)).toEqual([
    'no_lost_update',
    'formula without a value: 4 / counter <= 4',
  ]);
});

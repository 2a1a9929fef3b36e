// Proofs for any number on the command line: what is printed, and the exit status, of each outcome.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { called, folder } from '../testing/command.js';

const { path: place, remove } = folder({});
afterAll(remove);

test('says what is proved, what is not covered, and what was explored: status 0', async () => {
  expect(await called(['prove', 'test_and_set', '--for=NR_LOCKERS'])).toEqual({
    status: 0,
    stdout: `test_and_set: proved for every NR_LOCKERS >= 1
  3 views of 2 actors, closed under every step
  holds        mutual_exclusion
  holds        no value out of range
  not covered  lock_is_taken
  not covered  everyone_gets_in
  not covered  no deadlock
  not covered  no actor is stuck
  explored, and nothing is violated:
    NR_LOCKERS=1: 2 states
    NR_LOCKERS=2: 3 states
    NR_LOCKERS=3: 4 states
`,
    stderr: '',
  });
});

test('prints the report of an instance that violates something, with its trace: the status of the check', async () => {
  const { status, stdout } = await called([
    'prove',
    'two_phase_commit',
    '--for=NR_RMS',
    '--set',
    'quorum=all_but_one',
  ]);
  expect(status).toBe(12);
  expect(stdout).toMatch(/^refuted with NR_RMS=2\ntwo_phase_commit: violated: consistent in 5 steps\n/);
  expect(stdout).toContain('transaction_manager.commit');
});

test('explores none of an actor where the model has others', async () => {
  const { status, stdout } = await called(['prove', 'readers_writers', '--for=NR_READERS']);
  expect(status).toBe(0);
  expect(stdout).toContain('proved for every NR_READERS >= 0\n');
  expect(stdout).toContain('    NR_READERS=0: 8 states\n');
});

test('says which configuration is not excluded: status 24', async () => {
  expect(await called(['prove', 'ticket_lock', '--for=NR_LOCKERS'])).toEqual({
    status: 24,
    stdout: `ticket_lock: unknown for every NR_LOCKERS >= 0: neither proved nor refuted
  views of 2 actors do not exclude: mutual_exclusion
  violated in this configuration, which may or may not exist:
    lock.owner = 0, lock.next = 1
    locker a at lock_and_unlock.critical, locker:arch_spin_lock.ticket = 0
    locker b at lock_and_unlock.critical, locker:arch_spin_lock.ticket = 0
    and any number of others
  explored, and nothing is violated:
    NR_LOCKERS=1: 28 states
    NR_LOCKERS=2: 164 states
    NR_LOCKERS=3: 924 states
  It may take more members than these: 'raceproof check' with larger numbers may find a violation.
`,
    stderr: '',
  });
  const limited = await called(['prove', 'fischer', '--for=NR_PROCESSES', '--max-states=50']);
  expect(limited).toMatchObject({
    status: 24,
    stdout: expect.stringContaining('not all states were explored'),
  });
});

test.each([
  [
    'a model that is not the same for every number',
    ['peterson', '--for=NR_PROCESSES'],
    /^raceproof: peterson is not proved for any number: level: the number of members is used for more than lengths and comparisons \(models\/examples\/peterson\.ts:\d+\)\n$/,
  ],
  ['a misspelt setting', ['peterson', '--for=NR_PROCESS'], /no such setting; did you mean 'NR_PROCESSES'/],
  ['no setting', ['peterson'], /for any number of what\?/],
  ['a setting that is no number', ['peterson', '--for=order'], /order is no number/],
  [
    'a setting that is set as well',
    ['peterson', '--for=NR_PROCESSES', '--set', 'NR_PROCESSES=2'],
    /cannot be any number, and 2 by --set/,
  ],
  ['a setting twice', ['peterson', '--for=NR_PROCESSES,NR_PROCESSES'], /names NR_PROCESSES twice/],
  ['no model', [], /which model/],
])('refuses %s: status 2', async (_, args, why) => {
  expect(await called(['prove', ...args])).toEqual({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(why),
  });
});

describe('prove --format=json', () => {
  const printed = async (...args: readonly string[]) => {
    const { status, stdout } = await called(['prove', ...args, '--format=json']);
    return { status, ...JSON.parse(stdout) };
  };

  test('prints the report of a proof: its obligations, and of each check whether it is covered', async () => {
    const { properties, ...rest } = await printed('test_and_set', '--for=NR_LOCKERS');
    const obligations = [
      'every first state is in view',
      ...['take', 'spin', 'unlock'].map((label) => `lock_and_unlock.${label} leads to known views`),
      'no view violates mutual_exclusion',
    ];
    expect(rest).toEqual({
      ...{ status: 0, schema: 1, model: 'test_and_set', settings: {}, verdict: 'holds' },
      proof: {
        forEvery: { NR_LOCKERS: 1 },
        obligations: obligations.map((name) => ({ name, outcome: 'proved' })),
        judges: ['raceproof, by views of 2'],
        instances: [1, 2, 3].map((NR_LOCKERS) => ({ settings: { NR_LOCKERS }, states: NR_LOCKERS + 1 })),
      },
    });
    const verdicts = properties.map((one: { name: string; verdict: string }) => [one.name, one.verdict]);
    expect(Object.fromEntries(verdicts)).toEqual({
      ...{ mutual_exclusion: 'holds', 'no value out of range': 'holds' },
      ...{ lock_is_taken: 'unchecked', everyone_gets_in: 'unchecked' },
      ...{ 'no deadlock': 'unchecked', 'no actor is stuck': 'unchecked' },
    });
  });

  test('calls what views do not exclude unknown', async () => {
    const { status, verdict, proof, properties } = await printed('ticket_lock', '--for=NR_LOCKERS');
    const open = 'views of 2 actors do not exclude: mutual_exclusion';
    expect([status, verdict, proof.obligations]).toEqual([
      24,
      'incomplete',
      [{ name: open, outcome: 'unknown' }],
    ]);
    expect(properties[0]).toMatchObject({ verdict: 'unknown', reason: `not proved: ${open}` });
  });

  test('prints the report of the instance that violates something, as check does', async () => {
    const wrong = ['--set', 'quorum=all_but_one'];
    const { status, ...refuted } = await printed('two_phase_commit', '--for=NR_RMS', ...wrong);
    const checked = await called([
      'check',
      'two_phase_commit',
      ...wrong,
      '--set',
      'NR_RMS=2',
      '--format=json',
    ]);
    expect({ status, refuted }).toEqual({ status: 12, refuted: JSON.parse(checked.stdout) });
  });
});

test('writes a certificate, which verify checks against the model, and a program of its own by itself', async () => {
  const file = join(place, 'locks.cert');
  const { status, stderr } = await called([
    'prove',
    'test_and_set',
    '--for=NR_LOCKERS',
    `--certificate=${file}`,
  ]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(await called(['verify', file, 'test_and_set'])).toEqual({
    status: 0,
    stdout: `test_and_set: certified for any NR_LOCKERS: 3 views of 2, closed under every step
  holds        mutual_exclusion
  holds        no value out of range
`,
    stderr: '',
  });
  const verifier = fileURLToPath(new URL('../../certificate/views.js', import.meta.url));
  const alone = spawnSync(process.execPath, [verifier, file], { encoding: 'utf8' });
  expect(alone).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/^certified: \{/) });
  const views = readFileSync(file, 'utf8').split('\n');
  const own = join(place, 'fewer.cert');
  // The last view but one, with the comma behind it.
  writeFileSync(own, views.toSpliced(views.length - 5, 1).join('\n'));
  expect(await called(['verify', own, 'test_and_set'])).toMatchObject({
    status: 23,
    stderr: expect.stringContaining('is refused: '),
  });
  expect(spawnSync(process.execPath, [verifier, own]).status).toBe(1);
  expect((await called(['verify', file, 'peterson'])).status).toBe(20);
  writeFileSync(own, readFileSync(file, 'utf8').replace('"value":1', '"value":0'));
  expect(await called(['verify', own, 'test_and_set'])).toMatchObject({ status: 20 });
  writeFileSync(own, readFileSync(file, 'utf8').slice(0, 300));
  expect(await called(['verify', own, 'test_and_set'])).toMatchObject({ status: 2 });
});

test('writes no certificate where nothing is proved, or where it cannot', async () => {
  const file = join(place, 'none.cert');
  const unknown = await called(['prove', 'ticket_lock', '--for=NR_LOCKERS', `--certificate=${file}`]);
  expect(unknown).toMatchObject({
    status: 24,
    stderr: `no certificate: nothing is proved; ${file} was not written\n`,
  });
  expect(existsSync(file)).toBe(false);
  const full = await called(['prove', 'test_and_set', '--for=NR_LOCKERS', '--certificate=/dev/full']);
  expect(full).toMatchObject({ status: 74, stderr: expect.stringContaining('cannot write the certificate') });
});

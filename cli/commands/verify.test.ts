// Certificates on the command line: written where all holds, checked by `verify` and by the program that stands alone,
// and a clear message and status for whatever else happens.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { called, folder } from '../testing/command.js';

const { path: place, remove } = folder({});
afterAll(remove);
const file = join(place, 'peterson.cert');
const certified = `peterson: certified: 43 states, all that can be reached
  holds        mutual_exclusion
  holds        no_absent_rival
  holds        no deadlock
  holds        no value out of range
  reached      all_get_in_turn
  reached      all_compete
  not covered  nobody_starves
  not covered  no actor is stuck
`;

beforeAll(async () => {
  const { status, stderr } = await called(['check', 'peterson', `--certificate=${file}`]);
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr:
      'not in the certificate, which is about single states and steps: nobody_starves, no actor is stuck\n',
  });
});

describe('verify', () => {
  test('says what a certificate shows', async () => {
    expect(await called(['verify', file, 'peterson'])).toEqual({ status: 0, stdout: certified, stderr: '' });
  });

  test('certifies properties that were typed, if they are typed again', async () => {
    const own = join(place, 'typed.cert');
    const typed = '--always=level[0] <= 2';
    await called(['check', 'peterson', typed, `--certificate=${own}`]);
    const { status, stdout } = await called(['verify', own, 'peterson', typed]);
    expect(status).toBe(0);
    expect(stdout).toContain('  holds        level[0] <= 2\n');
    expect((await called(['verify', own, 'peterson'])).status).toBe(20);
  });

  test.each([
    [
      'other settings',
      ['peterson', '--set', 'NR_PROCESSES=3'],
      'it is about NR_PROCESSES=2, not about NR_PROCESSES=3',
    ],
    ['another model', ['bakery'], 'it is about peterson, not about bakery'],
    [
      'other properties',
      ['peterson', '--always=level[0] <= 2'],
      'peterson or its properties are not those of the certificate',
    ],
  ])('does not take one of %s: status 20', async (_, args, why) => {
    expect(await called(['verify', file, ...args])).toEqual({
      status: 20,
      stdout: '',
      stderr: `raceproof: ${file} does not fit: ${why}\n`,
    });
  });

  test('refuses one that was changed: status 23', async () => {
    const own = join(place, 'changed.cert');
    writeFileSync(own, readFileSync(file, 'utf8').replace('"states":43', '"states":42'));
    expect(await called(['verify', own, 'peterson'])).toEqual({
      status: 23,
      stdout: '',
      stderr: `raceproof: ${own} is refused: it claims 42 states, and has 43\n`,
    });
  });

  test('says which file cannot be read, and which is no certificate: status 2', async () => {
    const half = join(place, 'half.cert');
    writeFileSync(half, readFileSync(file, 'utf8').slice(0, 200));
    const broken = await called(['verify', half, 'peterson']);
    expect(broken).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('half.cert is no certificate: '),
    });
    const other = await called([
      'verify',
      new URL('../../package.json', import.meta.url).pathname,
      'peterson',
    ]);
    expect(other).toMatchObject({ status: 2, stderr: expect.stringContaining("'raceproof-certificate'") });
    const none = await called(['verify', join(place, 'none'), 'peterson']);
    expect(none).toMatchObject({ status: 2, stderr: expect.stringContaining('cannot read') });
    const turned = await called(['verify', 'peterson', file]);
    expect(turned.stderr).toMatch(/cannot read peterson: .*; the file comes first: verify FILE MODEL\n$/);
    expect(await called(['verify', place, 'peterson'])).toMatchObject({ status: 2 });
    expect(await called(['verify', file])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/which model/),
    });
    expect(await called(['verify'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/which file/),
    });
  });
});

describe('check --certificate', () => {
  test('writes none where something is violated or a limit is reached, and says so', async () => {
    const own = join(place, 'none.cert');
    const broken = await called(['check', 'increment', `--certificate=${own}`]);
    expect(broken.stderr).toContain("no certificate: 'no_lost_update' is violated; ");
    const short = await called(['check', 'peterson', '--max-states=5', `--certificate=${own}`]);
    expect(short.status).toBe(3);
    expect(short.stderr).toContain('no certificate: not all states were explored; ');
    expect(existsSync(own)).toBe(false);
  });

  test('is refused for a search that keeps no states, before it begins', async () => {
    const own = join(place, 'lossy.cert');
    for (const option of ['--storage=hash64', '--engine=reference', '--search=dfs', '--reduce=movers']) {
      const { status, stdout, stderr } = await called(['check', 'peterson', option, `--certificate=${own}`]);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(/^raceproof: --certificate needs all states: .*--reduce=none\n$/);
    }
  });

  test('cannot write into what is no file, or a full disk: status 74, and no half of a certificate', async () => {
    for (const own of [place, join(place, 'nowhere', 'x.cert'), '/dev/full']) {
      const { status, stderr } = await called(['check', 'peterson', `--certificate=${own}`]);
      expect([own, status]).toEqual([own, 74]);
      expect(stderr).toContain('cannot write the certificate');
    }
    expect(readdirSync(place).filter((name) => name.includes('.part'))).toEqual([]);
  });

  test('writes the same bytes with any number of workers', async () => {
    const own = join(place, 'workers.cert');
    await called(['check', 'peterson', '--workers=2', `--certificate=${own}`]);
    expect(readFileSync(own, 'utf8')).toBe(readFileSync(file, 'utf8'));
  });
});

test('the program that stands alone certifies it from the exported Program, and refuses another one', async () => {
  const verifier = fileURLToPath(new URL('../../certificate/verify.js', import.meta.url));
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [verifier, ...args], { encoding: 'utf8' });
  const program = join(place, 'program.json');
  writeFileSync(program, (await called(['export', 'peterson', '--to=json'])).stdout);
  const accepted = run(program, file);
  expect({ status: accepted.status, stderr: accepted.stderr }).toEqual({ status: 0, stderr: '' });
  expect(accepted.stdout).toMatch(/^certified: \{\n {2}"states": 43,\n/);
  writeFileSync(program, (await called(['export', 'bakery', '--to=json'])).stdout);
  expect(run(program, file)).toMatchObject({ status: 1, stderr: 'refused: it is about another Program\n' });
  expect(run(program)).toMatchObject({ status: 2, stderr: 'usage: node verify.js program.json FILE\n' });
  expect(run(program, join(place, 'nothing')).status).toBe(2);
});

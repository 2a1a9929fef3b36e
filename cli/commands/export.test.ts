// raceproof export: each target by its first words, and what is refused.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { called, folder, main, raceproof } from '../testing/command.js';

describe('raceproof export', () => {
  test.each([
    ['murphi', '-- increment NR_ACTORS=1'],
    ['promela', '/* increment NR_ACTORS=1'],
    ['tlaplus', '---- MODULE increment ----'],
    ['tlaplus-config', 'SPECIFICATION Spec'],
    ['dot', 'digraph "increment" {'],
    ['aut', 'des (0, 2, 3)'],
    ['states', '{"kind":"raceproof states","schema":1,"model":"increment","settings":{"NR_ACTORS":1}}'],
  ])('writes %s to stdout', async (target, first) => {
    const outcome = await called(['export', 'increment', '--set', 'NR_ACTORS=1', `--to=${target}`]);
    expect(outcome).toMatchObject({ status: 0, stderr: '' });
    expect(outcome.stdout.split('\n')[0]).toBe(first);
  });

  test('leaves out the checks on request, so that another tool counts the states', async () => {
    const { stdout } = await called(['export', 'increment', '--checks=none']);
    expect(stdout).not.toMatch(/invariant|cover/);
  });

  test('refuses the graph of a model that is too large to look at', async () => {
    const outcome = await called(['export', 'philosophers', '--set', 'NR_PHILOSOPHERS=12', '--to=dot']);
    expect(outcome).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'raceproof: philosophers has more than 10000 states: too many for a graph to look at; --out=FILE writes all of them\n',
    });
  });

  test('writes a large graph to a file, whole or not at all', async () => {
    const files = folder({});
    const large = ['export', 'peterson', '--set', 'NR_PROCESSES=4'];
    for (const to of ['states', 'aut', 'dot']) {
      const { status, stdout } = await raceproof([...large, `--to=${to}`, '--out=graph'], {
        cwd: files.path,
      });
      expect([status, stdout]).toEqual([0, '']);
      const text = readFileSync(join(files.path, 'graph'), 'utf8');
      if (to === 'states') expect(text).toMatch(/\n\{"states":18165,"transitions":72660\}\n$/);
      if (to === 'aut') expect(text).toMatch(/^des \(0, 72660, 18165\)\n/);
      if (to === 'dot') expect(text.match(/ -> /g)).toHaveLength(72_660);
    }
    const full = await raceproof([...large, '--to=states', '--out=/dev/full']);
    expect([full.status, full.stderr]).toEqual([
      74,
      'raceproof: cannot write /dev/full: ENOSPC: no space left on device, write\n',
    ]);
    files.remove();
  });

  test('is content if nobody reads on, and says so if the disk is full', async () => {
    const command = `exec '${process.execPath}' '${main}' export peterson --set NR_PROCESSES=4 --to=states`;
    const shell = (text: string) => spawnSync('bash', ['-c', text], { encoding: 'utf8' });
    const head = shell(`set -o pipefail; (${command}) | head -n 1`);
    expect([head.status, head.stderr]).toEqual([0, '']);
    const full = shell(`${command} > /dev/full`);
    expect([full.status, full.stderr]).toEqual([
      74,
      expect.stringContaining('cannot write the result: ENOSPC'),
    ]);
  });

  test('makes a scalarset of interchangeable actors, for Murphi alone', async () => {
    const scalarsets = await called(['export', 'barrier', '--symmetry']);
    expect(scalarsets.stdout).toContain('worker_t: scalarset(3);');
    const elsewhere = await called(['export', 'barrier', '--to=promela', '--symmetry']);
    expect(elsewhere).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--symmetry is for --to=murphi'),
    });
    const nobody = await called(['export', 'bakery', '--symmetry']);
    expect(nobody).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no actors that are interchangeable'),
    });
  });

  test('keeps in TLA+ a setting that is only a number, with its value in the configuration', async () => {
    const { stdout } = await called(['export', 'fischer', '--to=tlaplus-config', '--set', 'WAITS_FOR=1']);
    expect(stdout).toContain('CONSTANT WAITS_FOR = 1\n');
  });

  test('of a model that excludes some values beside others: their setting is resolved in TLA+', async () => {
    const { status, stdout, stderr } = await called(['export', 'thp_truncate', '--to=tlaplus']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('NR_HASH_FAULT=0');
    expect(stdout).not.toContain('CONSTANTS');
  });

  test('says which targets there are', async () => {
    const { status, stderr } = await called(['export', 'increment', '--to=promla']);
    expect(status).toBe(2);
    expect(stderr).toContain('promela');
  });
});

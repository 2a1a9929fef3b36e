// Solvers that fail, in every way that was thought of, disks that are full, and signals: never is anything *proved*.

import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { finished, folder, main, raceproof, start } from '../testing/command.js';

const { path: place, remove } = folder({});
afterAll(remove);
const args = ['prove', 'test_and_set', '--by=smt', '--for=NR_LOCKERS'];

/**
 * A folder with a z3 and a cvc5 that repeat the questions, and run this for each `(check-sat)`; `last` at the end; `core`
 * where a core is asked for.
 */
function solvers(name: string, answer: string, last = ':', core = ':'): string {
  const path = join(place, name);
  mkdirSync(path);
  const script = `#!/bin/bash
if [ "$1" = --version ]; then echo 'version 1.2'; exit; fi
while IFS= read -r line; do
  case $line in
    '(echo '*) line=\${line#*\\"}; echo "\${line%\\"*}" ;;
    '(check-sat)') ${answer} ;;
    '(get-unsat-core)') ${core} ;;
  esac
done
${last}
`;
  for (const solver of ['z3', 'cvc5']) {
    writeFileSync(join(path, solver), script);
    chmodSync(join(path, solver), 0o755);
  }
  return path;
}

describe.skipIf(!existsSync('/bin/bash'))('A solver that', () => {
  test.each([
    ['crashes', 'kill -SEGV $$', ':', 'z3 was ended by SIGSEGV'],
    ['ends with a status', 'echo unsat', 'exit 3', 'z3 fails: status 3'],
    [
      'reports an error beside its answers',
      'echo unsat',
      `echo '(error "line 3")'`,
      'z3 fails: (error "line 3")',
    ],
  ])('%s is no judge', async (what, answer, last, message) => {
    const path = solvers(what.replaceAll(' ', '_'), answer, last);
    const { status, stdout, stderr } = await raceproof(args, { env: { PATH: path } });
    expect(status).toBe(25);
    expect(stderr).toContain(message);
    expect(stdout).not.toContain('proved');
  });

  test.each([
    ['says nothing', ':', ':', 'answers question 0'],
    ['stops in between', 'echo unsat; exit 0', ':', 'said: nothing more'],
    ['says too much', 'echo unsat; echo unsat', ':', 'says more than was asked'],
    ['says more at the end', 'echo unsat', 'echo unsat', 'says more than was asked'],
    ['answers by another word', 'echo timeout', ':', 'answers question 0'],
  ])('%s proves nothing', async (what, answer, last, message) => {
    const path = solvers(what.replaceAll(' ', '_'), answer, last);
    const { status, stdout, stderr } = await raceproof(args, { env: { PATH: path } });
    expect(status).toBe(25);
    expect(stderr).toContain(message);
    expect(stdout).not.toContain('proved');
  });

  test('knows nothing, beside one that knows everything, leaves every obligation open', async () => {
    const path = solvers('knows_nothing', 'echo unknown');
    const other = solvers('knows_everything', 'echo unsat', ':', 'echo "(invariant_0)"');
    renameSync(join(other, 'cvc5'), join(path, 'cvc5'));
    const { status, stdout, stderr } = await raceproof(args, { env: { PATH: path } });
    expect({ status, stderr }).toEqual({ status: 24, stderr: '' });
    expect(stdout).toMatch(/^z3 1\.2: (\d+) of \1 obligations open$/m);
    expect(stdout).not.toContain('proved');
  });

  test.each(['unknown', 'sat'])('answers %s to everything proves nothing', async (answer) => {
    const path = solvers(answer, `echo ${answer}`);
    const { status, stdout } = await raceproof([...args, '--solver=cvc5'], { env: { PATH: path } });
    expect(status).toBe(24);
    expect(stdout).not.toContain('proved');
  });

  test('does not end is ended by Ctrl-C, and by a limit', async () => {
    const path = solvers('hangs', 'exec /bin/sleep 300');
    const child = start(args, { env: { PATH: path } });
    child.stdin.end();
    child.stdout.on('data', (text: string) => {
      if (String(text).includes('taken there')) child.kill('SIGINT');
    });
    const { status, stdout } = await finished(child);
    expect(status).toBe(130);
    expect(stdout).not.toContain('proved');
    const limited = await raceproof([...args, '--max-seconds=5'], { env: { PATH: path } });
    expect(limited.status).toBe(3);
    expect(limited.stdout).not.toContain('proved');
  });
});

test('What cannot be written is said, and the folder does not pass for a proof', async () => {
  const out = join(place, 'full');
  const command = `ulimit -f 1; exec ${process.execPath} ${main} ${args.join(' ')} --out=${out}`;
  const { status, stdout, stderr } = spawnSync('/bin/bash', ['-c', command], {
    encoding: 'utf8',
    env: { PATH: join(place, 'nowhere') },
  });
  expect(status).toBe(74);
  expect(stderr).toContain(`raceproof: cannot write ${out}`);
  expect(stdout).not.toContain('proved');
  expect(readFileSync(join(out, 'proof.txt'), 'utf8')).toContain('incomplete: not all files are written');
});

test('A folder that cannot be made is said, at once', () => {
  const env = { PATH: join(place, 'nowhere') };
  const given = [main, ...args, '--out=/proc/nothing/below'];
  const { status, stderr } = spawnSync(process.execPath, given, { encoding: 'utf8', env, timeout: 60_000 });
  expect(status).toBe(74);
  expect(stderr).toContain('raceproof: cannot write /proc/nothing/below: ENOENT');
});

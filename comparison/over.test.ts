// compare --over, --only and --candidates: comparisons that are asked for on the spot, and cells picked by name.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { called, folder, raceproof } from '../cli/testing/command.js';
import { flushModel } from '../cli/testing/flush_model.js';

/** Loses updates where `fix` is none and several actors run. */
const updates = `
import { actors, config, If, int, model, oneOf, procedure, shared, source } from 'raceproof/language';
import { always } from 'raceproof/properties';
const c = source('x.c');
const settings = config({ fix: oneOf('none', 'atomic', 'lock'), NR: int(1, 3).starts(2), slow: oneOf('no', 'yes') });
const { fix, NR } = settings;
const state = shared({ n: int(0, 3) });
const p = procedure('p', { mine: int(0, 3) }, ({ mine }) => ({
  a: If(fix.is('none'), { load: c\`mine = n\`(mine.set(state.n)), store: c\`n = mine + 1\`(state.n.set(mine.plus(1))) }),
  b: If(fix.is('atomic').or(fix.is('lock')), { add: c\`n++\`(state.n.inc()) }),
}));
const adder = actors('adder', NR, p);
const updates = model('updates', {
  about: 'lost updates', settings, state, actors: [adder],
  excludes: [{ when: fix.is('lock').and(NR.eq(1)), because: 'one actor needs no lock' }],
});
export { updates as model };
export const properties = { all_counted: always(adder.all((x) => x.done).implies(state.n.eq(NR))) };
`;
const files = folder({ 'updates.ts': updates, 'flush.ts': flushModel });
afterAll(files.remove);
const compare = (...args: readonly string[]) =>
  called(['compare', ...args, '--width=110'], { cwd: files.path });
const refusal = async (...args: readonly string[]) => {
  const { status, stderr } = await compare(...args);
  expect(status).toBe(2);
  return stderr.replace(/^raceproof: |\n$/g, '');
};

describe('--over', () => {
  test('varies the first setting down and the second across, of a model that names no candidates', async () => {
    const { status, stdout } = await compare('updates.ts', '--over=fix=none,atomic', '--over=NR=1..3');
    expect(status).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "updates: fix by NR

        fix     NR=1              NR=2                              NR=3
        none    holds (3 states)  violated: all_counted in 4 steps  violated: all_counted in 6 steps
        atomic  holds (2 states)  holds (4 states)                  holds (8 states)

      fix=none: violated in 2 of 3 scenarios; shortest: all_counted in 4 steps (NR=2)
      fix=atomic: holds in all 3 scenarios, exhaustively (14 states)
      "
    `);
  });

  test('varies all values of one setting, and says of a combination that the model excludes why', async () => {
    const { status, stdout } = await compare('updates.ts', '--over=fix', '--set', 'NR=1');
    expect(status).toBe(2);
    expect(stdout).toMatchInlineSnapshot(`
      "updates: fix

        fix     result
        none    holds (3 states)
        atomic  holds (2 states)
        lock    refused: updates excludes fix=lock with NR=1: one actor needs no lock

      fix=none: holds (3 states)
      fix=atomic: holds (2 states)
      fix=lock: refused: updates excludes fix=lock with NR=1: one actor needs no lock
      "
    `);
  });

  test('makes a scenario of each combination of the other settings', async () => {
    const args = ['--over=NR=2', '--over=fix=none,lock', '--over=slow', '--format=json'];
    const { scenarios, cells, across } = JSON.parse((await compare('updates.ts', ...args)).stdout);
    expect(across).toEqual(['fix', 'slow']);
    expect(scenarios).toEqual([
      ...['fix=none slow=no', 'fix=none slow=yes', 'fix=lock slow=no', 'fix=lock slow=yes'],
    ]);
    expect(cells.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
      ...['violated', 'violated', 'holds', 'holds'],
    ]);
  });

  test('refuses settings and values that the model does not have, before anything is explored', async () => {
    expect(await refusal('updates.ts', '--over=fixx=none')).toBe(
      "updates has no setting 'fixx'; did you mean 'fix'?",
    );
    expect(await refusal('updates.ts', '--over=fix=none,lok')).toMatch(/^fix=lok: not in .*'lock'\?$/);
    expect(await refusal('updates.ts', '--over=NR=0..2')).toBe('NR=0: not in int(1, 3)');
    expect(await refusal('updates.ts', '--over=NR=3..1')).toContain('3..1 is not a range');
    expect(await refusal('updates.ts', '--over=NR', '--over=NR=1')).toBe('--over NR is given twice');
    expect(await refusal('updates.ts', '--over=NR', '--set', 'NR=1')).toBe(
      '--set NR: the comparison chooses NR itself',
    );
    expect(await refusal('updates.ts', '--over=NR', '--candidates=fix')).toBe(
      '--over names the settings to vary itself: leave out --candidates',
    );
    expect(await refusal('updates.ts', '--over=NR=1,,2')).toContain('write --over SETTING=VALUE,VALUE');
    expect(await refusal('updates.ts')).toContain('(its settings are fix, NR, slow)');
  });
});

describe('--only and --candidates', () => {
  const places = async (...args: readonly string[]) => {
    const { candidates, scenarios, environments, costs } = JSON.parse(
      (await compare('flush.ts', ...args, '--format=json')).stdout,
    );
    return [candidates, scenarios, environments, costs.length];
  };

  test('pick cells by the names of candidates, scenarios and environments', async () => {
    const [candidates, scenarios, environments] = await places();
    expect(await places('--only=lazy')).toEqual([['lazy'], scenarios, environments, 1]);
    expect(await places('--only=x*', '--only=*zy')).toEqual([['lazy'], scenarios, ['x86'], 0]);
    expect(await places('--only=s390')).toEqual([candidates, scenarios, ['s390'], 1]);
    expect(await places('--candidates=eager')).toEqual([['eager'], scenarios, environments, 1]);
    expect(await places('--candidates=eager,lazy')).toEqual([['eager', 'lazy'], scenarios, environments, 1]);
  });

  test('pick scenarios of --over by any of their settings', async () => {
    const args = ['--over=NR=2', '--over=fix=none,lock', '--over=slow', '--only=slow=yes', '--format=json'];
    expect(JSON.parse((await compare('updates.ts', ...args)).stdout).scenarios).toEqual([
      ...['fix=none slow=yes', 'fix=lock slow=yes'],
    ]);
  });

  test('refuse a name that nothing has', async () => {
    expect(await refusal('flush.ts', '--only=lazi')).toBe(
      "--only=lazi: no candidate, scenario or environment is called so; did you mean 'lazy'?",
    );
    expect(await refusal('flush.ts', '--candidates=lazi')).toContain("did you mean 'lazy'?");
  });
});

describe('cells', () => {
  /** In a process of its own: what a file was imported as is part of where its model is written. */
  const compare = (...args: readonly string[]) => raceproof(['compare', ...args], { cwd: files.path });

  test('come in the same order from any number of processes, and from the cache', async () => {
    const cache = `--cache-dir=${join(files.path, 'cache')}`;
    const args = ['updates.ts', '--over=NR', '--over=fix=none,atomic', '--format=json'];
    const alone = await compare(...args, '--jobs=1');
    expect(await compare(...args, '--jobs=3', cache)).toEqual(alone);
    const kept = readdirSync(join(files.path, 'cache'));
    expect(kept).toHaveLength(6);
    expect(await compare(...args, cache)).toEqual(alone);
    // What is kept is believed: nothing is explored again.
    for (const name of kept) {
      const file = join(files.path, 'cache', name);
      const body = readFileSync(file, 'utf8')
        .split('\n')[1]!
        .replace(/"states":\d+/, '"states":999');
      writeFileSync(file, `${createHash('sha256').update(body).digest('hex')}\n${body}`);
    }
    expect((await compare(...args, cache)).stdout.match(/"states": 999/g)).toHaveLength(6);
    const other = await compare(...args, cache, '--engine=reference');
    expect(JSON.parse(other.stdout).cells[0].exploration.engine).toBe('reference');
    expect(readdirSync(join(files.path, 'cache'))).toHaveLength(12);
  });

  test('of a cache that is damaged are explored again, and that is said', async () => {
    const damaged = join(files.path, 'damaged');
    const args = ['updates.ts', '--over=NR=1', `--cache-dir=${damaged}`];
    const first = await compare(...args);
    const [name] = readdirSync(damaged);
    const file = join(damaged, name!);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"holds"', '"fails"'));
    const again = await compare(...args);
    expect(again.stdout).toBe(first.stdout);
    expect(again.stderr).toContain('is damaged, and is not used');
  });

  test('that a limit stops are shown as such, and are not kept', async () => {
    const cut = join(files.path, 'cut');
    const args = ['updates.ts', '--over=NR=3', `--cache-dir=${cut}`, '--max-states=5'];
    const { status, stdout } = await compare(...args);
    expect([status, stdout.includes('incomplete: stopped at 5 states')]).toEqual([3, true]);
    expect(() => readdirSync(cut)).toThrow('ENOENT');
  });
});

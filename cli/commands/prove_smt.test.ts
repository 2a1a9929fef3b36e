// Proofs for any number on the command line. Those that need solvers are skipped, by name, where none is installed.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isTiedBeyondOne } from '../proof/small.js';
import { readAnswers } from '../proof/solvers.js';
import { called, folder, raceproof } from '../testing/command.js';

const { path: place, remove } = folder({
  'flags.js': `import { actors, array, bool, config, For, Goto, int, model as define, not, procedure, shared, source, when } from 'raceproof/language';
import { never } from 'raceproof/properties';
const c = source('flags.c');
const settings = config({ NR: int(1, 4) });
const state = shared({ flag: array(settings.NR, bool()) });
const { flag } = state;
const run = procedure('run', { k: int(0, 3) }, ({ k }) => ({
  raise: c\`flag[k] = 1\`(flag.at(k).set(true)),
  look: For(settings.NR, (j) => ({ wait: c\`while (flag[j]);\`(when(j.eq(k).or(not(flag.at(j))))) })),
  lower: c\`flag[k] = 0\`(flag.at(k).set(false)),
  again: Goto('raise'),
}));
const a = actors('a', settings.NR, run, (k) => ({ k }));
export const model = define('flags', { about: 'flags', settings, state, actors: [a] });
export const properties = { mutual_exclusion: never(a.count((x) => x.at('run.lower')).ge(2), 'two are inside') };
`,
  'idle.js': `import { actors, bool, config, int, model as define, procedure, shared, source, when } from 'raceproof/language';
const c = source('idle.c');
const settings = config({ NR: int(1, 3) });
const state = shared({ go: bool() });
const run = procedure('run', () => ({
  never: c\`wait for what nobody does\`(when(state.go), state.go.set(false)),
}));
export const model = define('idle', { about: 'idle', settings, state, actors: [actors('a', settings.NR, run)] });
`,
  'marks.js': `import { actors, array, bool, config, int, model as define, procedure, shared, source } from 'raceproof/language';
import { never } from 'raceproof/properties';
const c = source('marks.c');
const settings = config({ NR: int(1, 3) });
const state = shared({ m: int(0, 3), self: bool(), nobody: bool(), mark: array(settings.NR, bool()) });
const run = procedure('run', { k: int(0, 2) }, ({ k }) => ({
  set: c\`mark[k] = 1\`(state.mark.at(k).set(true), state.self.set(state.nobody)),
}));
export const model = define('marks', { about: 'marks', settings, state, actors: [actors('a', settings.NR, run, (k) => ({ k }))] });
export const properties = { zero: never(state.m.ge(1), 'm is above 0'), unset: never(state.self, 'self is set') };
`,
  'unused.js': `import { actors, array, bool, config, expects, If, int, model as define, not, procedure, shared, source } from 'raceproof/language';
const c = source('unused.c');
const settings = config({ NR: int(1, 3) });
const state = shared({ own: array(settings.NR, bool()), other: bool() });
const run = procedure('run', { k: int(0, 2) }, ({ k }) => ({
  set: c\`own[k] = 1\`(state.own.at(k).set(true)),
  read: If(not(state.own.at(k)), { no: c\`lost\`(state.other.set(true)) }),
  check: c\`as expected\`(expects(state.own.at(k), 'it is lost')),
}));
export const model = define('unused', { about: 'unused', settings, state, actors: [actors('a', settings.NR, run, (k) => ({ k }))] });
`,
});
const [flags, idle, unused] = [join(place, 'flags.js'), join(place, 'idle.js'), join(place, 'unused.js')];
afterAll(remove);
const nowhere = join(place, 'nowhere');
const documentation = new URL('../../docs/prove-smt.md', import.meta.url);
const isThere = (solver: string) => spawnSync(solver, ['--version']).status === 0;
const bothAreThere = isThere('z3') && isThere('cvc5');
const open = '--for=NR_READERS,NR_WRITERS';

describe('prove --by=smt', () => {
  test.skipIf(!bothAreThere)(
    'proves readers and writers for any number, as two solvers judge (z3, cvc5)',
    async () => {
      const out = join(place, 'readers_writers');
      const { status, stdout, stderr } = await called([
        'prove',
        '--by=smt',
        'readers_writers',
        open,
        `--out=${out}`,
      ]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toContain('NR_READERS=2 NR_WRITERS=2: 30 states, nothing violated');
      expect(stdout).toContain(
        'proved for every NR_READERS >= 1, NR_WRITERS >= 1\n  holds  writers_are_alone\n',
      );
      const files = readdirSync(out).filter((name) => name.endsWith('.smt2'));
      expect(files).toHaveLength(10);
      for (const file of files) {
        const answers = spawnSync('z3', [join(out, file)], { encoding: 'utf8' }).stdout.split('\n');
        expect(answers.filter((line) => line !== '' && !line.startsWith('question'))).not.toHaveLength(0);
        expect(new Set(answers.filter((line) => !line.startsWith('question')))).toEqual(
          new Set(['unsat', '']),
        );
      }
    },
  );

  test.skipIf(!bothAreThere)('judges an invariant that is given, and looks for none (z3, cvc5)', async () => {
    const out = join(place, 'found');
    const args = ['prove', '--by=smt', 'readers_writers', open];
    const found = await called([...args, `--out=${out}`]);
    const again = await called([...args, `--invariant=${out}`, `--out=${join(place, 'again')}`]);
    expect({ ...again, stdout: again.stdout.replace(/of \d+ candidates/, '') }).toEqual({
      ...found,
      stdout: found.stdout.replace(/of \d+ candidates/, ''),
    });
    for (const file of readdirSync(out)) {
      expect(readFileSync(join(place, 'again', file), 'utf8')).toBe(readFileSync(join(out, file), 'utf8'));
    }
  });

  test.skipIf(!bothAreThere)(
    'does not believe an invariant that is given: what is false initially, or lost, is unknown (z3, cvc5)',
    async () => {
      const bound: readonly object[] = [];
      const never = { op: 'const', value: 0, type: 'bool' };
      for (const [name, body] of [
        ['false', never],
        ['lost', { op: 'at', family: 'writer', locations: [0], member: { op: 'first', sort: 'NR_WRITERS' } }],
      ] as const) {
        const out = join(place, name);
        mkdirSync(out);
        const clauses = [{ name, bound, body }];
        const data = { format: 'raceproof invariant 1', clauses, sums: [] };
        writeFileSync(join(out, 'invariant.json'), JSON.stringify(data));
        const { status, stdout } = await called([
          ...['prove', '--by=smt', 'readers_writers', open, `--invariant=${out}`],
        ]);
        expect({ name, status }).toEqual({ name, status: 24 });
        expect(stdout).toContain(`  open: ${name}\n`);
        expect(stdout).toContain('without --invariant, another invariant is looked for');
        expect(stdout).not.toContain('proved');
      }
    },
  );

  test.skipIf(!bothAreThere)(
    'takes no variable of a quantifier in a given sum for that of a step with the same name (z3, cvc5)',
    async () => {
      const [self, m] = ['self', 'm'].map((name) => ({ op: 'var', name, sort: 'NR' }));
      const [read, zero] = [
        { op: 'read', fun: 'm', args: [] },
        { op: 'const', value: 0, type: 'int' },
      ];
      // The marks with an index that is another one: with `self` for m, there would be none.
      const marked = { op: 'read', fun: 'mark[0]', args: [m] };
      const other = { op: 'any', bound: self, x: { op: 'not', x: { op: 'eq', x: self, y: m } } };
      const condition = { op: 'and', xs: [marked, other] };
      const bound = { name: 'm', sort: 'NR' };
      const sum = {
        ...{ counter: 'm', args: [], offset: { number: 0, sizes: [] } },
        summands: [{ bound, condition, weight: 1, isFirst: false }],
      };
      const clauses = [{ name: 'm is 0', bound: [], body: { op: 'eq', x: read, y: zero } }];
      const out = join(place, 'captured');
      mkdirSync(out);
      const data = { format: 'raceproof invariant 1', clauses, sums: [sum] };
      writeFileSync(join(out, 'invariant.json'), JSON.stringify(data));
      const marks = join(place, 'marks.js');
      const { status, stdout } = await called(['prove', '--by=smt', marks, '--for=NR', `--invariant=${out}`]);
      expect(stdout).toContain('  open: that m stays the sum of what contributes\n');
      expect(status).toBe(24);
    },
  );

  test.skipIf(!bothAreThere)(
    'proves a model whose variables have the names of indices, members and words of the files (z3, cvc5)',
    async () => {
      const { status, stdout, stderr } = await called([
        ...['prove', '--by=smt', join(place, 'marks.js'), '--for=NR'],
      ]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toContain('  holds  unset\n');
    },
  );

  test.skipIf(!bothAreThere)(
    'shows a step of a small instance that loses what is asked, where it does not know (z3, cvc5)',
    async () => {
      const { status, stdout } = await called(['prove', '--by=smt', flags, '--for=NR']);
      expect(status).toBe(24);
      expect(stdout).toContain('each of 4 steps is taken there');
      expect(stdout).toContain('A state that nothing known of all numbers excludes, at NR=2:\n');
      expect(stdout).toContain(': while (flag[j]); (');
      expect(stdout).toContain(
        'which breaks: mutual_exclusion\nNo run reaches the first state at this size.',
      );
      expect(stdout).not.toContain('proved');
    },
  );

  test('writes files without a solver, which solvers elsewhere prove by the loop of the documentation (z3, cvc5)', async () => {
    const out = join(place, 'written');
    const args = ['prove', '--by=smt', 'readers_writers', open, `--out=${out}`];
    const { status, stdout } = await raceproof(args, { env: { PATH: nowhere } });
    expect(status).toBe(25);
    expect(stdout).toContain(
      `written, not judged: none of z3, cvc5 is installed; nothing is proved\n  10 files in ${out};`,
    );
    expect(readFileSync(join(out, 'proof.txt'), 'utf8')).toContain('\n10 files with ');
    const loop = /```\n(for file in DIR[^`]*)```/.exec(readFileSync(documentation, 'utf8'))![1]!;
    const judged = (path: string) =>
      spawnSync('/bin/bash', ['-c', loop.replace('DIR', out)], {
        ...{ cwd: place, encoding: 'utf8' },
        env: { PATH: path },
      }).stdout.split('\n');
    if (bothAreThere) expect(judged('/bin:/usr/bin')).toEqual(['']);
    const tools = join(place, 'tools');
    mkdirSync(tools);
    for (const tool of ['grep'])
      symlinkSync(spawnSync('which', [tool], { encoding: 'utf8' }).stdout.trim(), join(tools, tool));
    expect(judged(tools)).toHaveLength(21);
  });

  test.skipIf(!bothAreThere)(
    'distinguishes steps that no number takes from those that only small numbers do not take (z3, cvc5)',
    async () => {
      const never = await called(['prove', '--by=smt', unused, '--for=NR']);
      expect(never.status).toBe(0);
      expect(never.stdout).toMatch(/^ {2}never taken there: run.no of a \(.*unused.js:7\)$/m);
      expect(never.stdout).toMatch(/^ {2}never taken at any number: run.no of a \(.*unused.js:7\)$/m);
      const { stdout } = await called(['prove', '--by=smt', idle, '--for=NR']);
      expect(stdout).toMatch(
        /^ {2}not taken at small numbers: run.never of a \(.*idle.js:6\); what is proved of it may be vacuous$/m,
      );
    },
  );

  test('compares no size that has more states than --max-states, and proves nothing without one of two', async () => {
    const args = ['prove', '--by=smt', 'readers_writers', open, '--max-states=20'];
    const { status, stdout } = await called(args);
    expect(status).toBe(24);
    expect(stdout).toContain('NR_READERS=2 NR_WRITERS=1: more than 20 states, nothing violated; too many');
    expect(stdout).toContain('NR_READERS=1 NR_WRITERS=2: 18 states, nothing violated; the same');
    expect(stdout).toContain('unknown: states with NR_READERS=2 are too many to be compared');
  });

  test('says which steps no small number takes', async () => {
    const { stdout } = await called(['prove', '--by=smt', idle, '--for=NR']);
    expect(stdout).toMatch(/^ {2}never taken there: run.never of a \(.*idle.js:6\)$/m);
  });

  test('prints the violation that a small number has, with the status of check', async () => {
    const wrong = ['--set', 'writers_lock=for_reading'];
    const { status, stdout } = await called(['prove', '--by=smt', 'readers_writers', open, ...wrong]);
    expect(status).toBe(12);
    expect(stdout).toContain(
      'refuted at NR_READERS=1 NR_WRITERS=1: writers_are_alone, BUG_ON(low != high)\n',
    );
    expect(stdout).not.toContain('proved');
  });

  test('refuses a folder of something else', async () => {
    writeFileSync(join(place, 'notes'), '');
    const { status, stderr } = await called(['prove', '--by=smt', 'readers_writers', open, `--out=${place}`]);
    expect({ status, stderr }).toMatchObject({ status: 2 });
    expect(stderr).toContain('holds files that are no proof: name another folder');
    expect(readFileSync(join(place, 'notes'), 'utf8')).toBe('');
    const [other, mixed] = [join(place, 'other'), join(place, 'mixed')];
    for (const [at, about] of [
      [other, 'test_and_set: for every NR_LOCKERS >= 1'],
      [mixed, 'readers_writers: for every NR_READERS >= 1, NR_WRITERS >= 1'],
    ] as const) {
      mkdirSync(at);
      writeFileSync(join(at, 'proof.txt'), `${about}\n`);
      writeFileSync(join(at, 'my_own.smt2'), '');
    }
    const into = async (out: string) =>
      (await called(['prove', '--by=smt', 'readers_writers', open, `--out=${out}`])).stderr;
    expect(await into(other)).toContain('holds the proof of test_and_set: for every NR_LOCKERS >= 1:');
    expect(await into(mixed)).toContain('holds my_own.smt2, which is no part of a proof');
    expect(readdirSync(mixed)).toHaveLength(2);
  });

  test.each([
    [[open, '--invariant=nowhere'], '--invariant: nowhere/invariant.json: ENOENT'],
    [['--for=NR_READER'], "readers_writers has no setting 'NR_READER'"],
    [['--for=DOWNGRADE'], '--for=DOWNGRADE: it is no number'],
    [['--for=NR_READERS:9'], '--for=NR_READERS:9: the model goes up to 8'],
    [['--for=NR_READERS', '--set', 'NR_READERS=2'], 'NR_READERS is both set and left open'],
    [[], 'which settings are left open?'],
    [[open, '--solver=z4'], '--solver=z4: there are z3, cvc5'],
  ])('refuses %j', async (args, message) => {
    const { status, stderr } = await called(['prove', '--by=smt', 'readers_writers', ...args]);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});

test('States are compared with at least two of each: one of each shows nothing of how several interact', () => {
  const tied = (n: number, isTooLarge: boolean) => ({
    ...{ sizes: new Map([['NR', n]]), states: 1, taken: new Set<never>() },
    ...(isTooLarge && ({ isTooLarge } as { isTooLarge: true })),
  });
  expect(isTiedBeyondOne('NR', [tied(1, false), tied(2, true), tied(3, true)])).toBe(false);
  expect(isTiedBeyondOne('NR', [tied(1, false), tied(2, false), tied(3, true)])).toBe(true);
});

describe('An answer of a solver', () => {
  const questions = [0, 1].map((i) => ({ id: `q${i}`, text: '', asks: '' }));
  const asked = { name: 'step', assumes: '', given: '', questions };
  const read = (...lines: readonly string[]) => readAnswers('z3', asked, lines);

  test('is one word for each question', () => {
    const answers = read('question 0', 'unsat', '"question 1"', 'unknown', '');
    expect([...answers]).toEqual([
      ['q0', 'unsat'],
      ['q1', 'unknown'],
    ]);
  });

  test.each([
    ['too little', ['question 0', 'unsat'], 'and said: nothing more'],
    ['too much', ['question 0', 'unsat', 'question 1', 'unsat', 'unsat'], 'says more than was asked'],
    ['an error', ['question 0', '(error "line 3")'], 'answers question 0 of step by: (error line 3)'],
    ['no answer', ['question 0', 'timeout', 'question 1', 'unsat'], 'answers question 0 of step by: timeout'],
    ['in another order', ['question 1', 'unsat', 'question 0', 'unsat'], 'was asked question 0'],
  ])('is refused if it is %s', (_, lines, message) => {
    expect(() => read(...lines)).toThrow(message);
  });
});

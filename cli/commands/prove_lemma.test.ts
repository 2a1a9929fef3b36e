// Claims that a user makes for a proof: what is not proved without them is proved with them, and a claim that is wrong
// is not used.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { called, folder } from '../testing/command.js';

/** Users wait for two flags, of which the second is set only once a third one is. */
const gate = (properties: string): string => `
import { actor, actors, bool, config, expects, int, model as make, not, procedure, shared, source, when } from 'raceproof/language';
import { lemma } from 'raceproof/properties';

const c = source('gate.c');
const settings = config({ NR: int(1, 9) });
const state = shared({ p: bool(), q: bool(), ready: bool() });
const { p, q, ready } = state;
const user = procedure('user', () => ({
  wait: c\`wait for p and q\`(when(p.and(q))),
  use: c\`use\`(expects(ready, 'used before it is ready')),
}));
const first = procedure('first', () => ({ set: c\`p = 1\`(when(not(q).or(ready)), p.set(true)) }));
const second = procedure('second', () => ({ set: c\`q = 1\`(when(not(p).or(ready)), q.set(true)) }));
const init = procedure('init', () => ({ set: c\`ready = 1\`(ready.set(true)) }));
const users = actors('user', settings.NR, user);
export const model = make('gate', {
  about: 'a gate',
  settings,
  state,
  actors: [users, actor('first', first), actor('second', second), actor('init', init)],
});
export const properties = { ${properties} };
export const unusedHere = lemma;
`;

/** A number that says how many elements have two flags, whichever is set last. */
const pages = (claim: string): string => `
import { actors, all, array, bool, config, count, Either, int, model as make, not, procedure, shared, source, when } from 'raceproof/language';
import { always, contributes } from 'raceproof/properties';

const c = source('pages.c');
const settings = config({ NR: int(1, 5) });
const { NR } = settings;
const state = shared({ dirty: array(NR, bool()), mapped: array(NR, bool()), n: int(0, 9) });
const { dirty, mapped, n } = state;
const set = (name, flag, other) =>
  procedure(name, { k: int(0, 4) }, ({ k }) => ({
    way: Either({
      last: { both: c\`set it, and count\`(when(other.at(k).and(not(flag.at(k)))), flag.at(k).set(true), n.inc()) },
      first: { one: c\`set it\`(when(not(other.at(k)).or(flag.at(k))), flag.at(k).set(true)) },
    }),
  }));
const writer = actors('writer', NR, set('write', dirty, mapped), (k) => ({ k }));
const mapper = actors('mapper', NR, set('map', mapped, dirty), (k) => ({ k }));
export const model = make('pages', { about: 'pages', settings, state, actors: [writer, mapper] });
export const properties = {
  counted: always(not(n.eq(0)).or(all(NR, (i) => not(dirty.at(i).and(mapped.at(i))))), 'such a page is counted'),
  ${claim}
};
export const unusedHere = [contributes, count];
`;

const bothFlags = "both: lemma(not(p.and(q)).or(ready), 'with both flags it is ready'),";
const { path: place, remove } = folder({
  'gate.js': gate(''),
  'gate_lemma.js': gate(bothFlags),
  'gate_lost.js': gate("used: lemma(users.all((x) => not(x.at('user.use')).or(ready))),"),
  'gate_false.js': gate('both: lemma(not(p.and(q))),'),
  'gate_unused.js': gate(
    `${bothFlags} any_time: lemma(ready.or(not(ready))), five: lemma(users.count((x) => x.done).le(5)),`,
  ),
  'pages.js': pages(''),
  'pages_sum.js': pages('n_is: contributes(n, count(NR, (i) => dirty.at(i).and(mapped.at(i)))),'),
  'pages_false.js': pages('n_is: contributes(n, count(NR, (i) => dirty.at(i))),'),
});
afterAll(remove);
const bothAreThere = ['z3', 'cvc5'].every((solver) => spawnSync(solver, ['--version']).status === 0);
const proved = (file: string) => called(['prove', join(place, file), '--by=smt', '--for=NR']);

describe.skipIf(!bothAreThere)('With a lemma (z3, cvc5)', () => {
  test('of three conditions is proved what is unknown without it', async () => {
    const without = await proved('gate.js');
    expect(without).toMatchObject({ status: 24, stderr: '' });
    expect(without.stdout).toContain(
      'p = true\n    q = true\n    ready = false\nand a step from it: user[0] user.use',
    );
    const { status, stdout, stderr } = await proved('gate_lemma.js');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('\n  lemma both\n');
    expect(stdout).toMatch(/z3 [\d.]+: all 11 obligations hold\ncvc5 [\d.]+: all 11 obligations hold\n/);
    expect(stdout).toContain('proved for every NR >= 1\n  never  used before it is ready\n  not covered');
  });

  test('that some step does not keep, it is dropped, with its name and the step', async () => {
    const { status, stdout } = await proved('gate_lost.js');
    expect(status).toBe(24);
    expect(stdout).toContain(
      '\n  lemma used is dropped: it is not inductive; lost by the step user.wait of user\n',
    );
    expect(stdout).toContain('\nwhich breaks: lemma used\n');
  });

  test('that nothing needs, or that cannot be stated for any number, it is named', async () => {
    const { status, stdout } = await proved('gate_unused.js');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /\n {2}lemma five is not used: prove cannot express a count, except for whether it is at least 1, or at least 2 \(.*gate_unused.js:23\)\n/,
    );
    expect(stdout).toContain('\n  lemma any_time is not used: nothing that is shown needs it\n');
  });
});

describe.skipIf(!bothAreThere)('With what contributes to a counter (z3, cvc5)', () => {
  test('is proved what is unknown where looking at small sizes does not find it', async () => {
    const without = await proved('pages.js');
    expect(without).toMatchObject({ status: 24, stderr: '' });
    expect(without.stdout).toContain('  not inductive: counted; lost by ');
    const { status, stdout, stderr } = await proved('pages_sum.js');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('\n  n is the number of m of NR with dirty[m] && mapped[m]\n');
    expect(stdout).toContain('proved for every NR >= 1\n  holds  counted\n  not covered');
  });
});

test.each([
  ['gate_false.js', 'both', 'lemma !(p && q)'],
  ['pages_false.js', 'n_is', 'lemma n == (dirty[0] ? 1 : 0)'],
])(
  'A claim that is false at a small number is refuted as one, with its trace: %s',
  async (file, name, says) => {
    const { status, stdout } = await proved(file);
    expect(status).toBe(12);
    expect(stdout).toContain(
      `refuted at NR=1: lemma ${name}\n  no property is violated there: correct what is claimed, or remove it\n`,
    );
    expect(stdout).toMatch(new RegExp(`  violated in \\d steps?  lemma +${name}\\n`));
    expect(stdout).toContain(`\n    ${says}\n`);
    expect(stdout).not.toContain('proved');
  },
);

test('Views leave lemmas out, but a small number refutes them', async () => {
  const byViews = (file: string) => called(['prove', join(place, file), '--for=NR']);
  const { status, stdout } = await byViews('gate_lemma.js');
  expect(status).toBe(0);
  expect(stdout).toContain('used before it is ready');
  const wrong = await byViews('gate_false.js');
  expect(wrong.status).toBe(12);
  expect(wrong.stdout).toMatch(
    /^refuted with NR=\d: no property is violated there, but a lemma: correct what is claimed/,
  );
});

describe('A lemma is refused, with its line,', () => {
  const refused = folder({
    'past.js': gate('later: lemma(once(ready)),').replace('import { lemma }', 'import { lemma, once }'),
    'number.js': gate('later: lemma(3),'),
  });
  afterAll(refused.remove);
  test.each([
    ['past.js', 'it needs a condition, not a statement about runs'],
    ['number.js', 'it needs a condition, not 3'],
  ])('if it is no condition: %s', async (file, why) => {
    const { status, stderr } = await called(['check', join(refused.path, file)]);
    expect(status).toBe(2);
    expect(stderr).toContain(`lemma() is about single states: ${why}`);
    expect(stderr).toContain(`${file}:23`);
  });
});

// Proofs that need to know how a counter is a sum: the number of references is the number of those who hold one.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { called, folder } from '../testing/command.js';

/** Users that get a reference if there is one left, use the object and put it; an owner that only puts its own. */
const references = (get: string): string => `
import { actor, actors, bool, config, Either, expects, int, model as make, not, onlyIf, procedure, Return, shared, source, when } from 'raceproof/language';

const c = source('kref.c');
const settings = config({ NR_USERS: int(1, 9) });
const state = shared({ refs: int(0, 10).starts(1), freed: bool() });
const { refs, freed } = state;
const put = () => Either({
  last: { free: c\`the last reference: free\`(when(refs.eq(1)), refs.dec(), freed.set(true)) },
  other: { dec: c\`put a reference\`(when(refs.gt(1)), refs.dec()) },
});
const user = procedure('user', () => ({
  get: Either({
    got: { inc: c\`get a reference\`(when(refs.gt(0)), ${get}) },
    gone: { none: c\`there is none\`(when(refs.eq(0))), leave: Return() },
  }),
  use: c\`use\`(expects(not(freed), 'use after free')),
  put: put(),
}));
const owner = procedure('owner', () => ({ put: put() }));
export const model = make('references', {
  about: 'a counted object',
  settings,
  state,
  actors: [actors('user', settings.NR_USERS, user), actor('owner', owner)],
});
`;

const { path: place, remove } = folder({
  'kref.ts': references('refs.inc()'),
  'overflow.ts': references('onlyIf(refs.eq(5), freed.set(true)), refs.inc()'),
});
afterAll(remove);
const bothAreThere = ['z3', 'cvc5'].every((solver) => spawnSync(solver, ['--version']).status === 0);
const proved = (file: string) => called(['prove', join(place, file), '--by=smt', '--for=NR_USERS']);

test.skipIf(!bothAreThere)(
  'an object with a reference is not freed, for any number of users (z3, cvc5)',
  async () => {
    const { status, stdout, stderr } = await proved('kref.ts');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(
      '  refs is the number of x of NR_USERS with user[x] at user.use or user.put, and 1 if owner at owner.put\n',
    );
    expect(stdout).toContain('proved for every NR_USERS >= 1\n  never  use after free\n');
  },
);

test.skipIf(!bothAreThere)(
  'what goes wrong with five users is not proved, though no size that is explored shows it (z3, cvc5)',
  async () => {
    const { status, stdout, stderr } = await proved('overflow.ts');
    expect({ status, stderr }).toEqual({ status: 24, stderr: '' });
    expect(stdout).toContain('that user.use never reports: use after free');
    expect(stdout).not.toContain('proved');
  },
);

// Claims that are false, many of them beside lemmas and sums that are false or circular: none is ever proved.

import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { refutedText, solversText, violatedAt } from './testing/false_claim.js';
import { claims } from './testing/more_false_claims.js';

const isThere = spawnSync('z3', ['--version']).status === 0;
const isLong = process.env['LONG_TESTS'] === '1';

/** At which small number a claim is refuted, and by what; no entry for those that take more members. */
const small: { readonly [title: string]: string } = {
  'a lemma that is false at first': '1: first',
  'a lemma that is false of the last member': '1: last',
  'a sum that leaves out those who are done': '1: sum',
  'a sum that is a number': '1: sum',
  'a sum of the counter itself': '2: sum',
  'a sum of elements that the counter is part of': '2: sum',
  'a sum with a weight that is too small': '1: sum',
  'a sum for each element of what one of them counts': '2: sum',
  'a number that starts as a size and falls to one': '3: bad',
  'a barrier that counts one who arrives twice': '2: bad',
  'a guard of all that holds where nobody has begun': '1: bad',
  'a guard that three elements meet': '3: bad',
  'a count that is exactly one, where two are possible': '2: bad',
  'a count that is never two': '2: bad',
  'for all some without it': '1: bad',
  'some for all': '2: bad',
  'for all three': '3: bad',
  'two indices of one sort in two arrays': '2: bad',
  'an array of arrays, of which only the diagonal is set': '2: bad',
  'a lock that each takes for another sort': '2: bad',
  'a lock that is dropped before the last access': '2: bad',
  'readers that are to exclude each other': '2: bad',
  'a number at the edge of its domain': '3: bad',
  'a number that leaves its domain where few do': '3: bad',
  'a word that goes round': '1: bad',
  'a server that answers whom nobody asked': '2: bad',
  'a loop that is over, though one element is set behind it': '1: bad',
  'a loop inside a loop': '3: bad',
  'a property that only some sizes have': '3: bad',
  'members that mean each other': '2: bad, same',
  'a size less one': '2: bad',
};
/** What solvers say, where it is not that the property `bad` does not follow. */
const other: { readonly [title: string]: string } = {
  'a number that starts as a size and falls to one':
    'refused: prove cannot express NR <= 2, which depends on NR: set it, or say from which value on it is left open, as in --for=NR:2',
  'a count that is never two':
    'refused: prove cannot express a count, except for whether it is at least 1, or at least 2',
  'a property that only some sizes have':
    "refused: the condition under which 'bad' applies must be constant once the settings are known",
  'an assertion behind a choice': 'unknown: that a.check never reports: BUG_ON(n >= 4)',
};

test.each(Object.keys(claims))('A small number refutes it, or none does: %s', async (title) => {
  const claim = claims[title]!();
  expect(await violatedAt(claim, claim.at)).not.toEqual([]);
  const refuted = await refutedText(claim);
  expect(refuted).toBe(small[title] === undefined ? undefined : `refuted at ${small[title]}`);
});

describe.skipIf(!isThere)('Solvers do not prove it, whatever small numbers say (z3):', () => {
  test.each(Object.keys(claims).filter((_, i) => isLong || i % 6 === 0))(
    '%s',
    async (title) => {
      expect(await solversText(claims[title]!())).toBe(other[title] ?? 'unknown: the property bad');
    },
    600_000,
  );
});

// What users claim for a proof: which claims say what a counter is, and how they become sums.

import { describe, expect, test } from 'vitest';
import {
  actor,
  actors,
  array,
  bool,
  config,
  count,
  type IntVar,
  ifElse,
  int,
  model,
  not,
  procedure,
  shared,
  source,
} from '../../models/language/index.js';
import { contributes, lemma, type Properties } from '../../properties/language/index.js';
import { checkNames } from '../ir/built_in_checks.js';
import { lower } from '../lower/lower.js';
import { parameterised } from './decode.js';
import { FiniteInstance } from './instance.js';
import { suggested } from './prove.js';
import { sumText } from './sums.js';
import { invariantTexts } from './text.js';

const c = source('lemmas.c');
const settings = config({ NR: int(1, 4), NR_PAGES: int(1, 4) });
const { NR, NR_PAGES } = settings;
const state = shared({ n: int(0, 9), refs: array(NR_PAGES, int(0, 9)), up: array(NR, bool()), on: bool() });
const { n, refs, up, on } = state;
const put = procedure('put', () => ({ put: c`n--`(n.dec()) }));
const user = procedure('user', { k: int(0, 3) }, ({ k }) => ({
  get: c`n++`(n.inc(), refs.at(0).inc(), up.at(k).set(true)),
  put: c`n--`(n.dec(), refs.at(0).dec(), on.set(true)),
}));
const users = actors('user', NR, user, (k) => ({ k }));
const owner = actor('owner', put);
const counters = model('counters', {
  ...{ about: 'counters', settings, state, actors: [users, owner] },
});
const without = checkNames.filter((name) => name !== 'deadlock' && name !== 'stuck');
const open = new Map([...['NR', 'NR_PAGES'].map((name) => [name, 1] as const)]);
const decoded = (stated: Properties) => parameterised(lower(counters, {}, stated, { without, open }));

/** What the first lemma becomes, as text, and why it is left out. */
function partOf(claim: Properties[string]): string {
  const program = decoded({ claim });
  const [left] = program.leftOut;
  if (left !== undefined) return `left out: ${left.why}`;
  const instance = new FiniteInstance(program, { sizes: open, order: 'any', statesMax: 1 });
  const { part } = suggested(program, [{ instance, states: [instance.first()] }]).lemmas[0]!;
  if (typeof part === 'string') return part;
  return 'counter' in part ? sumText(part) : `${invariantTexts([part]).join()} [${part.bound.length}]`;
}

describe('A claim of what a counter is becomes a sum', () => {
  const inUse = users.count((x) => x.at('user.put'));
  test.each<readonly [string, Properties[string], string]>([
    ['of members', contributes(n, inUse), 'n is the number of x of NR with user[x] at user.put'],
    [
      'and a number',
      contributes(n, inUse.plus(1)),
      'n - 1 is the number of x of NR with user[x] at user.put',
    ],
    [
      'with a weight',
      contributes(n, inUse.times(2)),
      'n is 2 times the number of x of NR with user[x] at user.put',
    ],
    [
      'of elements that do not count, and of a size',
      contributes(n, NR.minus(count(NR, (i) => up.at(i)))),
      'n is the number of m of NR with !up[m]',
    ],
    [
      'and of one actor',
      contributes(n, inUse.plus(ifElse(owner.at('put.put'), 1, 0))),
      'n is the number of x of NR with user[x] at user.put, and 1 if owner at put.put',
    ],
    [
      'for each element',
      contributes(NR_PAGES, (p) => [refs.at(p), inUse]),
      'refs[p0] is the number of x of NR with user[x] at user.put',
    ],
    ['also as a lemma', lemma(n.eq(inUse)), 'n is the number of x of NR with user[x] at user.put'],
  ])('%s', (_, claim, text) => {
    expect(partOf(claim)).toBe(text);
  });
});

describe('Any other claim is a clause', () => {
  test('of members, with a variable for each', () => {
    const claim = lemma(users.all((x, k) => not(x.at('user.put')).or(up.at(k))));
    expect(partOf(claim)).toBe('lemma claim [1]');
  });

  test('of a counter that is one number', () => {
    expect(partOf(contributes(n, 1))).toBe('lemma claim [0]');
  });
});

describe('Left out is, with the reason,', () => {
  const counted =
    'left out: prove cannot express a count, except for whether it is at least 1, or at least 2';
  test.each<readonly [string, Properties[string], string]>([
    ['a count in another place', lemma(n.ge(users.count((x) => x.at('user.put')))), counted],
    [
      'the counter of one element',
      contributes(
        refs.at(0),
        count(NR, (i) => up.at(i)),
      ),
      counted,
    ],
    [
      'a counter that is no variable',
      contributes(
        n.plus(1),
        count(NR, (i) => up.at(i)),
      ),
      counted,
    ],
  ])('%s', (_, claim, text) => {
    expect(partOf(claim)).toBe(text);
  });

  test('its line is known', () => {
    const [left] = decoded({ claim: contributes(n as IntVar, n.plus(users.count((x) => x.done))) }).leftOut;
    expect(left).toMatchObject({ name: 'claim', isLemma: true });
    expect(left?.at?.file).toMatch(/lemmas\.test\.ts$/);
  });
});

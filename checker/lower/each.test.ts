// Quantifiers over statements about runs: written out for each item in their range, in order.

import { describe, expect, test } from 'vitest';
import {
  actors,
  all,
  any,
  array,
  bool,
  config,
  model as define,
  Goto,
  int,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import {
  both,
  enabled,
  eventually,
  leadsTo,
  never,
  type Operand,
  property,
  weaklyFair,
} from '../../properties/language/index.js';
import { formulaText } from '../../properties/language/temporal.js';
import { explore } from '../explore.js';
import { exprText } from '../ir/text.js';
import { lower } from './lower.js';

const c = source('mm/each.c');
const settings = config({ NR: int(0, 3).starts(2) });
const state = shared({ ready: array(2, bool()) });
const p = procedure('p', { me: int(0, 3) }, ({ me }) => ({
  ask: c`ask`(when(me.ge(0))),
  get: c`get`(),
  again: Goto('ask'),
}));
const ps = actors('p', settings.NR, p, (i) => ({ me: i }));
const model = define('each', { about: 'several', settings, state, actors: [ps] });

const lowered = (claim: Operand, NR = 2) =>
  lower(model, { NR }, { it: property(claim, '', { fair: weaklyFair() }) });
/** The formula as it is checked. */
function text(claim: Operand, NR = 2): string {
  const { program, properties } = lowered(claim, NR);
  const { liveness, condition } = properties[0]!;
  return liveness === undefined
    ? exprText(condition, program)
    : formulaText(liveness.formula, (x) => exprText(x, program));
}

describe('a statement about each of several', () => {
  test('is written out for each actor', () => {
    expect(text(ps.all((a) => leadsTo(a.at('p.ask'), a.at('p.get'))))).toBe(
      '((p[0] at p.ask) leads to (p[0] at p.get)) and ((p[1] at p.ask) leads to (p[1] at p.get))',
    );
    expect(text(ps.any((a) => eventually(a.at('p.get'))))).toBe(
      '(eventually (p[0] at p.get)) or (eventually (p[1] at p.get))',
    );
  });

  test('is written out for each number, one inside another', () => {
    expect(text(all(2, (i) => eventually(state.ready.at(i))))).toBe(
      '(eventually ready[0]) and (eventually ready[1])',
    );
    expect(
      text(
        ps.all((a) => any(2, (i) => both(eventually(a.at('p.get')), eventually(state.ready.at(i))))),
        1,
      ),
    ).toBe(
      '((eventually (p[0] at p.get)) and (eventually ready[0])) or ((eventually (p[0] at p.get)) and (eventually ready[1]))',
    );
  });

  test('is decided where there are none of them', () => {
    expect(text(all(0, (i) => eventually(state.ready.at(i))))).toBe('true');
    expect(text(any(0, (i) => eventually(state.ready.at(i))))).toBe('false');
  });

  test('may contain whether an actor can take a step', () => {
    expect(
      text(
        ps.all((a) => eventually(enabled(a, 'p.get'))),
        1,
      ),
    ).toBe('eventually (p[0] at p.get)');
  });

  test('is decided like any other statement', async () => {
    const verdictOf = async (claim: Operand) => {
      const { program, properties } = lowered(claim);
      return (await explore(program, properties)).properties[0]!.verdict;
    };
    expect(await verdictOf(ps.all((a) => leadsTo(a.at('p.ask'), a.at('p.get'))))).toBe('holds');
    expect(await verdictOf(ps.any((a) => eventually(a.done)))).toBe('violated');
    expect(await verdictOf(ps.all((a) => never(a.done)))).toBe('holds');
  });
});

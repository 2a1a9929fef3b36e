// Formulas as text become properties: their names, fairness and texts.

import { expect, test } from 'vitest';
import { actor, bool, model, procedure, shared, source } from '../../models/language/index.js';
import { lower } from './lower.js';
import { addTyped } from './typed.js';

const c = source('test.c');
const state = shared({ a: bool() });
const run = procedure('run', () => ({ set: c`a = true`(state.a.set(true)) }));
const lowered = lower(model('small', { about: '', state, actors: [actor('p', run)] }));

test('a formula that is named by its text is printed once, any other beside its name', () => {
  const typed = [
    { name: 'not a', expectation: 'always', text: 'not a' },
    { name: 'never_a', expectation: 'always', text: 'not a' },
  ] as const;
  const { properties } = addTyped(lowered, typed);
  expect(properties.map(({ name, about }) => [name, about])).toEqual([
    ['not a', undefined],
    ['never_a', 'not a'],
  ]);
});

test('a formula has the requested fairness, to every actor', () => {
  const fairness = (fair?: 'weak' | 'strong') =>
    addTyped(lowered, [{ name: 'F a', expectation: 'run', text: 'F a', ...(fair && { fair }) }])
      .properties[0]!.liveness!.fairness;
  expect(fairness()).toEqual([]);
  expect(fairness('weak')).toEqual([{ strength: 'weak', name: 'p', steps: [0] }]);
  expect(fairness('strong')).toEqual([{ strength: 'strong', name: 'p', steps: [0] }]);
});

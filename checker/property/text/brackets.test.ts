// Which formulas are read in another way than their author may mean.

import { expect, test } from 'vitest';
import { bracketHint } from './brackets.js';

test('an implication after a temporal operator may be meant to stand inside it', () => {
  expect(bracketHint('always p -> q')).toBe(
    "'always p -> q' is read as '(always p) -> q'; if it is meant in every state, write 'always (p -> q)'",
  );
  expect(bracketHint('G p and q ~> r')).toMatch(/write 'G \(p and q ~> r\)'$/);
  expect(bracketHint('never (p or q) -> F r')).toBeUndefined();
});

test.each([
  'always (p -> q)',
  '(always p) -> q',
  'p -> always q',
  'always p -> always q',
  'G F p -> G F q',
  'no deadlock',
  'always p -> ?',
])('%s is not ambiguous', (text) => {
  expect(bracketHint(text)).toBeUndefined();
});

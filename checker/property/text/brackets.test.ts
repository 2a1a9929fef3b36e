// Which formulas are read otherwise than they look.

import { expect, test } from 'vitest';
import { bracketHint } from './brackets.js';

test('an implication behind a word of time may have been meant to stand inside it', () => {
  expect(bracketHint('always p -> q')).toBe(
    "'always p -> q' is read as '(always p) -> q'; to say it of every state, write 'always (p -> q)'",
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
])('%s is what it seems', (text) => {
  expect(bracketHint(text)).toBeUndefined();
});

// The text of Murphi trees: parentheses around compound operands, statements indented by their depth.

import { expect, test } from 'vitest';
import { expressionText, printMurphi } from './print.js';
import {
  binary,
  chain,
  equals,
  type MurphiExpression,
  type MurphiRule,
  name,
  named,
  negation,
} from './syntax.js';

const [a, b, c] = [name('a'), name('b'), name('c')];
const zero = { kind: 'number', value: 0 } as const;
const minus = { kind: 'number', value: -1 } as const;

test('compound operands stand in parentheses, atoms and whole expressions do not', () => {
  expect(expressionText(equals(a, binary('+', b, minus)))).toBe('a = (b + (-1))');
  expect(expressionText(chain('&', [a, { kind: 'not', x: chain('|', [b, c]) }]))).toBe('a & (!(b | c))');
  expect(expressionText({ kind: 'call', name: 'f', given: [equals(a, b), c] })).toBe('f(a = b, c)');
  expect(expressionText({ kind: 'choice', x: equals(a, b), yes: b, no: c })).toBe('((a = b) ? b : c)');
  const each = { name: 'x', type: named('t') };
  const body: MurphiExpression = equals(name('x'), a);
  const all: MurphiExpression = { kind: 'quantified', word: 'forall', over: each, body };
  expect(expressionText(all)).toBe('forall x: t do x = a endforall');
  expect(expressionText(chain('&', [all, b]))).toBe('(forall x: t do x = a endforall) & b');
});

test('the negation of a comparison is the opposite comparison; a chain of one is that one', () => {
  expect(expressionText(negation(binary('<', a, b)))).toBe('a >= b');
  expect(expressionText(negation(equals(a, b)))).toBe('a != b');
  expect(expressionText(negation(a))).toBe('!a');
  expect(chain('&', [a])).toBe(a);
});

test('a rule stands in a ruleset if something is bound, and what is inside a statement is indented', () => {
  const rule: MurphiRule = {
    kind: 'rule',
    about: 'what it does',
    title: 'step',
    parameters: [{ name: 'p', type: named('t') }],
    condition: { anyOf: [[a], [equals(b, zero), c]] },
    locals: [{ name: 'kept', type: { kind: 'range', min: 0, max: 3 } }],
    body: [
      {
        kind: 'for',
        over: { name: 'x', type: named('t') },
        body: [
          {
            kind: 'if',
            condition: binary('!=', name('x'), name('p')),
            yes: [{ kind: 'copy', to: a, from: b }],
            no: [{ kind: 'undefine', place: a }],
          },
        ],
      },
      {
        kind: 'switch',
        of: c,
        cases: [{ kind: 'assign', to: a, value: zero }],
        otherwise: { kind: 'error', message: 'outside' },
      },
    ],
  };
  expect(printMurphi([rule])).toBe(`ruleset p: t do
-- what it does
rule "step"
  (a)
  | ((b = 0) & c)
==>
var kept: 0..3;
begin
  for x: t do
    if x != p then
      if isundefined(b) then undefine a; else a := b; endif;
    else
      undefine a;
    endif;
  endfor;
  switch c
    case 0: a := 0;
    else error "outside";
  endswitch;
end;
end;
`);
});

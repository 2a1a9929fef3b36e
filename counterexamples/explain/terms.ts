// Which part of a condition decided it: its operands of `&&`, `||` and `!`, each with its value in the deciding state,
// the step since which it has had that value, and what it reads.
//
//   x == 0 && !(y > 1 || z)   false   since step 4
//     x == 0                  true
//     !(y > 1 || z)           false   since step 4
//       y > 1                 true    since step 4, y = 2      this is the one that decides
//       z                     false

import {
  atomsOf,
  type Expr,
  evaluate,
  exprText,
  formulaText,
  isMonitored,
  type Program,
  parts,
  type State,
  typeOf,
  valueText,
} from '../../checker/index.js';
import type { Formula } from '../../properties/language/temporal.js';
import type { Term } from '../trace/trace.js';
import { chosenBy } from './accesses.js';
import { inLockWords, lockQuestion } from './lock_words.js';

interface EvaluatedRun {
  readonly program: Program;
  readonly states: readonly State[];
}

/**
 * The terms of a condition in the last of `states`: the whole first, each term after the one that contains it. Terms
 * that do not decide are not split; a constant condition has no terms.
 */
export const termsOf = (program: Program, states: readonly State[], whole: Expr): readonly Term[] =>
  whole.op === 'const' ? [] : termsIn({ program, states }, inLockWords(whole, program), 0, true);

/**
 * The terms of a formula that is false of a whole run: the formula, and each condition in it at the end of `states`.
 */
export function runTermsOf(
  program: Program,
  states: readonly State[],
  formula: Formula<Expr>,
): readonly Term[] {
  const text = formulaText(formula, (x) => exprText(x, program));
  const atoms = new Map(atomsOf(formula).map((x) => [exprText(x, program), x] as const));
  return [
    { depth: 0, text, value: false, decides: true, reads: [] },
    ...[...atoms.values()].flatMap((x) => termsIn({ program, states }, inLockWords(x, program), 1, true)),
  ];
}

function termsIn(run: EvaluatedRun, x: Expr, depth: number, decides: boolean): readonly Term[] {
  const { program, states } = run;
  const end = states.at(-1)!;
  const value = numberOf(x, end, program);
  const inner = decides ? insideOf(x, program) : [];
  const values = inner.map((part) => numberOf(part, end, program));
  const term: Term = {
    depth,
    text: exprText(x, program),
    ...(value !== undefined && { value: value !== 0 }),
    since: states.findLastIndex((state) => numberOf(x, state, program) !== value) + 1,
    decides,
    ...(x.name !== undefined && lockQuestion(x, program) === undefined && { isNamed: true }),
    reads: inner.length > 0 ? [] : readsOf(x, end, program),
  };
  return [term, ...inner.flatMap((part, i) => termsIn(run, part, depth + 1, decidesIt(x, value, values, i)))];
}

/** What a term is made of; nothing if it is innermost, or if it is a name for what only a monitor remembers. */
function insideOf(x: Expr, program: Program): readonly Expr[] {
  const { name, ...rest } = x;
  const unnamed = rest as Expr;
  if (name === undefined) return operandsOf(unnamed);
  if (remembers(unnamed, program) || lockQuestion(unnamed, program) !== undefined) return [];
  const inner = operandsOf(unnamed);
  return inner.length > 0 ? inner : [unnamed];
}

const remembers = (x: Expr, program: Program): boolean =>
  (x.op === 'read' && x.cell.variables.some((id) => isMonitored(program, id))) ||
  parts(x).some((part) => remembers(part, program));

function operandsOf(x: Expr): readonly Expr[] {
  switch (x.op) {
    case 'and':
    case 'or':
      return [...chainOf(x.x, x.op), ...chainOf(x.y, x.op)];
    case 'not':
      return x.x.name === undefined ? operandsOf(x.x) : [x.x];
    case 'if':
      return [x.x, x.then, x.else];
    case 'eq':
      return typeOf(x.x) === 'bool' ? [x.x, x.y] : [];
    default:
      return [];
  }
}

/** `(a && b) && c` as a, b, c. */
const chainOf = (x: Expr, op: 'and' | 'or'): readonly Expr[] =>
  x.op === op && x.name === undefined ? [...chainOf(x.x, op), ...chainOf(x.y, op)] : [x];

/** Does operand `i` decide the value of the whole? An operand without a value leaves the whole without one. */
function decidesIt(
  whole: Expr,
  value: number | undefined,
  values: readonly (number | undefined)[],
  i: number,
): boolean {
  if (value === undefined) return i === values.indexOf(undefined);
  const inner = whole.op === 'not' && whole.name === undefined ? whole.x : whole;
  if (inner.op === 'if') return i === 0 || i === (values[0] === 0 ? 2 : 1);
  const isOpen = (inner.op === 'and' || inner.op === 'or') && values.length > 1;
  if (!isOpen) return true;
  const deciding = inner.op === 'and' ? 0 : 1;
  return !values.includes(deciding) || values[i] === deciding;
}

/** What an innermost term reads: named expressions, locations of actors, and variables. */
function readsOf(whole: Expr, state: State, program: Program): Term['reads'] {
  const found = new Map<string, string | number | boolean>();
  if (lockQuestion(whole, program) !== undefined) return [];
  const visit = (x: Expr): void => {
    const isShown = x !== whole && (x.name !== undefined || x.op === 'at');
    if (isShown || x.op === 'read') {
      const value = numberOf(x, state, program);
      const path = x.op === 'read' ? pathOf(x, state, program) : exprText(x, program);
      if (value !== undefined && path !== undefined) found.set(path, wordOf(value, x));
    }
    parts(x).forEach(visit);
  };
  visit(whole);
  const text = exprText(whole, program);
  return [...found].filter(([path]) => path !== text).map(([path, value]) => ({ path, value }));
}

/** Which variable is read here; undefined for a monitor's, which is no variable of the model. */
function pathOf(x: Expr & { readonly op: 'read' }, state: State, program: Program): string | undefined {
  const [id, ...others] = chosenBy(x.cell, state, program);
  return others.length > 0 ? undefined : program.variables[id!]?.name;
}

function wordOf(value: number, x: Expr): string | number | boolean {
  const type = typeOf(x);
  if (type === 'int') return value;
  return type === 'bool' ? value !== 0 : valueText(value, type);
}

/** Undefined if it has no value, such as with an index out of bounds. */
function numberOf(x: Expr, state: State, program: Program): number | undefined {
  try {
    return evaluate(x, state, program);
  } catch {
    return undefined;
  }
}

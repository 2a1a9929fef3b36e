// Conditions on actors in the text of a formula: at which label one is, whether it is done, and whether it has a step.
//
//   munmap[0] at clear|unlock      truncate is done      enabled(truncate, lock)

import { or, truth } from '../../ir/expression.js';
import type { Expr } from '../../ir/program.js';
import type { FormulaReader } from './formula_reader.js';
import type { Token } from './lexer.js';
import type { FormulaNames } from './names.js';

/** The condition after the name of an actor, if `at` or `is` follows; undefined if neither does. */
export function conditionOn(actor: Token, reader: FormulaReader, names: FormulaNames): Expr | undefined {
  if (reader.take('at')) return standsAt(actor, reader, names);
  return reader.take('is') && state(actor, reader, names);
}

function standsAt(actor: Token, reader: FormulaReader, names: FormulaNames): Expr {
  const thread = names.thread(actor.text, (problem) => reader.fail(problem, actor));
  let expr = truth(false);
  do {
    const label = reader.takeName();
    expr = or(
      expr,
      names.standsAt(thread, label.text, (problem) => reader.fail(problem, label)),
    );
  } while (reader.take('|'));
  return expr;
}

function state(actor: Token, reader: FormulaReader, names: FormulaNames): Expr {
  const what = reader.takeName();
  const refuse = (problem: string): never => reader.fail(problem, actor);
  const thread = names.thread(actor.text, refuse);
  switch (what.text) {
    case 'done':
      return names.isDone(thread);
    case 'dead':
      return names.isDead(thread);
    case 'enabled':
      return names.isEnabled(thread, undefined, refuse);
    default:
      return reader.fail(`an actor 'is done', 'is dead' or 'is enabled', not '${what.text}'`, what);
  }
}

/** The arguments of `enabled`: `(actor)` or `(actor, label)`. */
export function enabledCall(reader: FormulaReader, names: FormulaNames): Expr {
  if (!reader.take('(')) reader.fail("'(' is missing: enabled(actor) or enabled(actor, label)");
  const actor = reader.takeName();
  const label = reader.take(',') && reader.takeName();
  if (!reader.take(')')) reader.fail("')' is missing");
  const thread = names.thread(actor.text, (problem) => reader.fail(problem, actor));
  return names.isEnabled(thread, label?.text, (problem) => reader.fail(problem, label ?? actor));
}

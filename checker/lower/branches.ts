// Branches: the outcomes of one step that reads and continues in one of several ways. The outcomes of If and While
// differ only in their conditions; those of a test have separate parts.
//
//   If(spin_trylock(l), A).Else(B)     when (l == free) l = me, to A          /* spin_trylock(l): true */
//                                      when (l != free) to B                  /* spin_trylock(l): false */

import { type BlockNode, ModelError, type StmtNode, type TestNode } from '../../models/language/index.js';
import { exprKey } from '../analyse/keys.js';
import { allOf, and, conjuncts, isFalse, isTrue, not, or, truth } from '../ir/expression.js';
import type { Expr, Source } from '../ir/program.js';
import { exprText } from '../ir/text.js';
import { captionOf } from './captions.js';
import type { Draft, TestShared, Text } from './draft.js';
import { lowerParts, type StepParts } from './effects.js';
import { lowerExpr } from './expressions.js';
import { armOfIf } from './label_names.js';
import type { Scope } from './scope.js';

/** One outcome of a branching step. */
export interface BranchOutcome {
  readonly parts: Partial<StepParts> & Pick<Draft, 'guard' | 'test' | 'tried'>;
  readonly caption: Text;
  /** Of a test: where in the C sources it is. */
  readonly source?: Pick<Source, 'file' | 'inC'>;
  readonly block: BlockNode;
  /** Which block of an If it enters. */
  readonly arm?: string;
  /** Does control come back to the step after the block? */
  readonly isLoop: boolean;
}

export type Branching = Extract<StmtNode, { kind: 'if' | 'while' | 'test' | 'while test' }>;

/** What remains of a statement that the settings decide: a block, with no step before it. */
export interface Decided {
  readonly block: BlockNode;
  readonly arm?: string;
  readonly isLoop: boolean;
}

/** The outcomes of a statement, in the order of its steps; or the block that the settings select. */
export function branches(stmt: Branching, scope: Scope): readonly BranchOutcome[] | Decided {
  switch (stmt.kind) {
    case 'if':
      return ofChain(stmt, scope);
    case 'while':
      return ofLoop(stmt, scope);
    case 'test': {
      const { yes, no } = ofTest(stmt.test, scope);
      return [
        { ...yes, block: stmt.then, arm: armOfIf(0), isLoop: false },
        { ...no, block: stmt.else, arm: '.else', isLoop: false },
      ];
    }
    case 'while test': {
      const { yes, no } = ofTest(stmt.test, scope);
      const body = { block: stmt.body, isLoop: true };
      const rest = { block: [], isLoop: false };
      return [
        { ...yes, ...(stmt.whether ? body : rest) },
        { ...no, ...(stmt.whether ? rest : body) },
      ];
    }
  }
}

function ofChain(stmt: Extract<StmtNode, { kind: 'if' }>, scope: Scope): readonly BranchOutcome[] | Decided {
  const arms: { readonly cond: Expr; readonly block: BlockNode; readonly arm: string }[] = [];
  let otherwise = { block: stmt.else, arm: '.else' };
  for (const [i, { cond: asked, then: block }] of stmt.arms.entries()) {
    const cond = lowerExpr(asked, scope);
    const arm = armOfIf(i);
    if (isFalse(cond)) continue;
    if (isTrue(cond)) {
      otherwise = { block, arm };
      break;
    }
    arms.push({ cond, block, arm });
  }
  if (arms.length === 0) return { ...otherwise, isLoop: false };
  const test = conditionTest(arms[0]!.cond, 'if');
  return [...arms, otherwise].map(({ block, arm }, i): BranchOutcome => {
    const failed = arms.slice(0, i).map(({ cond }) => not(cond));
    const guard = allOf([...failed, ...(i < arms.length ? [arms[i]!.cond] : [])]);
    const caption: Text = (names) => `if (${exprText(guard, names)})`;
    return { parts: { guard, test }, caption, block, arm, isLoop: false };
  });
}

function ofLoop(
  stmt: Extract<StmtNode, { kind: 'while' }>,
  scope: Scope,
): readonly BranchOutcome[] | Decided {
  const cond = lowerExpr(stmt.cond, scope);
  if (isFalse(cond)) return { block: [], isLoop: false };
  if (isTrue(cond)) return { block: stmt.body, isLoop: true };
  const caption =
    (turn: string): Text =>
    (names) =>
      `while (${exprText(cond, names)}): ${turn}`;
  const test = conditionTest(cond, 'while');
  return [
    { parts: { guard: cond, test }, caption: caption('again'), block: stmt.body, isLoop: true },
    { parts: { guard: not(cond), test }, caption: caption('leave'), block: [], isLoop: false },
  ];
}

/** The common part of the outcomes of If and While: faults of their condition are checked once. */
const conditionTest = (cond: Expr, word: 'if' | 'while'): TestShared => ({
  id: Symbol(word),
  caption: (names) => `${word} (${exprText(cond, names)})`,
  guard: truth(true),
});

/**
 * Whether `yes` can take its lock is part of the condition. The parts of `both` are the same objects in each outcome,
 * so that they are checked once.
 */
function ofTest(test: TestNode, scope: Scope) {
  const cond = lowerExpr(test.cond, scope);
  const mayFail = test.mayFail === undefined ? truth(false) : lowerExpr(test.mayFail, scope);
  const both = lowerParts(test.both, scope);
  const isOff = isFalse(both.guard);
  const yes = isOff || isFalse(cond) ? nothing : lowerParts(test.yes, scope, both.assignments);
  const asked = new Set(conjuncts(cond).map(exprKey));
  const answer = and(cond, allOf(conjuncts(yes.guard).filter((x) => !asked.has(exprKey(x)))));
  const never = isTrue(answer) && isFalse(mayFail);
  const no = isOff || never ? nothing : lowerParts(test.no, scope, both.assignments);
  if (!isTrue(no.guard)) throw new ModelError(`a test cannot take a lock in the part 'no'`, scope.at);
  const caption = captionOf(test.caption, scope);
  const tested = { id: Symbol('test'), caption, guard: both.guard };
  const isDecided = never || isFalse(answer);
  const outcome = (word: boolean, guard: Expr, own: StepParts) => ({
    parts: {
      ...together(both, own),
      guard: and(both.guard, guard),
      test: tested,
      tried: own.locks,
    },
    caption: isDecided ? caption : (((names) => `${caption(names)}: ${word}`) satisfies Text),
    source: test,
  });
  return { yes: outcome(true, answer, yes), no: outcome(false, or(not(answer), mayFail), no) };
}

const nothing: StepParts = {
  guard: truth(true),
  expectations: [],
  assignments: [],
  locks: [],
  rests: false,
};

/** No writer queues for a lock that is only tried. */
const together = (both: StepParts, own: StepParts): StepParts => ({
  ...both,
  expectations: [...both.expectations, ...own.expectations],
  assignments: [...both.assignments, ...own.assignments],
  locks: [...both.locks, ...own.locks],
  ...(own.memory !== undefined && { memory: own.memory }),
});

// Inlines: statements of several steps, like the kernel's macros and inline functions. An inline is written out at each
// use, with its arguments: places, locks, conditions, blocks. It takes no step of its own.

import { exactly, parametersOf, refuseMore } from './arity.js';
import { building } from './creation.js';
import type { Shape } from './domain.js';
import { ModelError, whereWritten } from './location.js';
import { localHandles, type OfCallee, type Qualified } from './procedure.js';
import { requireDomains, requireFunction } from './required.js';
import {
  type Block,
  block,
  type LabelsOf,
  type NamesOnly,
  type ProcedureNode,
  requireName,
  type Stmt,
  statement,
} from './statement.js';
import type { VarsOf } from './variable.js';

/** A statement whose labels are `name.label`, like those of a call. */
type InlineStmt<N extends string, B> = Stmt<OfCallee<Qualified<N, LabelsOf<B>>>>;

/**
 * A statement of several steps: `inline('spin_lock_irqsave', (lock, flags) => ({ save: …, lock: … }))` gives a function
 * to a statement. Its labels are `spin_lock_irqsave.save` …, at each use; its locals are reset at each use, and an
 * actor has one copy of them, and one more for each use inside a block that it was given. `Return()` leaves only the
 * inline. Arguments are read where the body reads them, not before.
 * Example: ``inline('guarded_inc', (x) => ({ lock: spin_lock(ptl), inc: c`x++`(x.inc()), unlock: spin_unlock(ptl) }))``
 */
export function inline<N extends string, const A extends readonly unknown[], const B extends Block>(
  name: N,
  body: (...args: A) => B & NamesOnly<B>,
): (...args: A) => InlineStmt<N, B>;
export function inline<
  N extends string,
  S extends Shape,
  const A extends readonly unknown[],
  const B extends Block,
>(
  name: N,
  locals: S,
  body: (locals: VarsOf<S>, ...args: A) => B & NamesOnly<B>,
): (...args: A) => InlineStmt<N, B>;
export function inline(
  name: string,
  ...rest:
    | readonly [(...args: readonly unknown[]) => Block]
    | readonly [Shape, (locals: VarsOf<Shape>, ...args: readonly unknown[]) => Block]
): (...args: readonly unknown[]) => Stmt<string> {
  const at = whereWritten();
  requireName('inline', name, at);
  const locals = rest.length === 2 ? rest[0] : {};
  requireDomains(locals, `the locals of inline('${name}', …)`);
  requireFunction(rest.at(-1), `inline('${name}', () => ({ … }))`);
  const handles = localHandles(name, locals);
  const bodyOf = (args: readonly unknown[]) =>
    rest.length === 2 ? rest[1](handles, ...args) : rest[0](...args);
  const identity = {};
  const most = parametersOf(String(rest.at(-1))) - (rest.length - 1);
  let isBuilding = false;
  return (...args) => {
    const use = whereWritten();
    refuseMore(name, most, args);
    if (isBuilding)
      throw new ModelError(`${name} contains itself: an inline is written out, so it must end`, use);
    isBuilding = true;
    try {
      const built = building(() => block(bodyOf(args), at));
      if (built.length === 0) throw new ModelError(`${name} has no statement`, use);
      const procedure: ProcedureNode = { name, locals, body: () => built, inline: identity, at };
      return { stmt: statement({ kind: 'call', procedure, args: {}, given: args, at: use }) };
    } finally {
      isBuilding = false;
    }
  };
}

/**
 * In an inline: a block that it was given. Its labels, its Goto and its Return are those of the procedure that gives it,
 * so `scoped_guard(lock, { … Return() })` returns from the procedure. `leaving` has one statement, which is done on the way
 * of a Return or a Goto that leaves the block, those of inner blocks first: `Body(block, { unlock: spin_unlock(lock) })`.
 * Example: `inline('guarded', (body) => ({ lock: spin_lock(ptl), run: Body(body), unlock: spin_unlock(ptl) }))`
 */
export const Body = exactly(
  'Body',
  <const B extends Block>(body: B & NamesOnly<B>, leaving: Block = {}): Stmt => {
    const [first, ...others] = block(leaving);
    if (others.length > 0) {
      throw new ModelError(
        'Body(block, { label: statement }) has one statement on the way out: an inline may have more',
      );
    }
    const way = first !== undefined && { leaving: { label: first[0], stmt: first[1] } };
    return { stmt: statement({ kind: 'body', block: block(body), ...way, at: whereWritten() }) };
  },
);

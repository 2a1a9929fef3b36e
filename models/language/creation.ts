// What a model creates and then uses nowhere. JavaScript's `&&`, `||`, `!` and `?:` cannot be given a meaning for
// expressions: they drop one, and what is left is a proof of something else. So everything that is created while
// somebody watches must be reachable from what is kept: the block of a procedure, or the exports of a file.
//
//   () => ({ test: If(pmd.is('none') && n.eq(0), …) })     keeps n.eq(0) alone: pmd.is('none') is used nowhere
//
// The one place of the language that remembers something: who watches.

import { ModelError, type SourceLocation, whereWritten } from './location.js';

/** What was created, and what to do with it. */
interface Creation {
  readonly what: string;
  /** Undefined where places are not asked for: to remember them takes time. */
  readonly at: SourceLocation | undefined;
}

/** What was created while somebody watched, in order. */
export interface Created {
  readonly nodes: ReadonlyMap<object, Creation>;
  /** Those that `unused` names. */
  readonly kept: readonly unknown[];
}

interface CreationWatch {
  readonly nodes: Map<object, Creation>;
  readonly kept: unknown[];
  readonly isPlaced: boolean;
}

let watches: readonly CreationWatch[] = [];

/** Remembers what is created until `end` is called; watches may stand inside each other. */
export function watchCreations(isPlaced = true): { readonly end: () => Created } {
  const watch: CreationWatch = { nodes: new Map(), kept: [], isPlaced };
  watches = [...watches, watch];
  return {
    end: () => {
      watches = watches.filter((other) => other !== watch);
      return watch;
    },
  };
}

/** Says that a node was created; the innermost watch remembers it. Returns it. */
export function created<T extends object>(node: T, what: string): T {
  const watch = watches.at(-1);
  if (watch !== undefined) watch.nodes.set(node, { what, at: watch.isPlaced ? whereWritten() : undefined });
  return node;
}

/** A node has become part of another that nobody can reach it from. */
export function superseded(node: object): void {
  for (const { nodes } of watches) nodes.delete(node);
}

/** Names what a model creates without using it, on purpose: it is not refused then. A procedure may be called by others. */
export function unused(...things: readonly unknown[]): void {
  watches.at(-1)?.kept.push(...things);
}

/**
 * What cannot be reached from the roots, nor from anything else that cannot: the first is the first created. `inBodies`
 * says whether procedures are entered.
 */
export function unreached(
  { nodes, kept }: Created,
  roots: readonly unknown[],
  inBodies = true,
): readonly Creation[] {
  const seen = new Set<object>();
  for (const root of [...roots, ...kept]) reach(root, seen, inBodies);
  // What is created later may hold what was created before.
  const dropped: Creation[] = [];
  for (const [node, creation] of [...nodes].reverse()) {
    if (seen.has(node)) continue;
    dropped.unshift(creation);
    reach(node, seen, inBodies);
  }
  return dropped;
}

/** Visits all data inside; locations are read by getters, and are passed over. */
function reach(root: unknown, seen: Set<object>, inBodies: boolean): void {
  const open = [root];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    if (inBodies && isProcedure(next)) open.push(next.body());
    if (next instanceof Map || next instanceof Set) open.push(...next.keys(), ...next.values());
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(next))) open.push(value);
  }
}

const isProcedure = (x: object): x is { readonly body: () => unknown } =>
  'locals' in x && 'body' in x && typeof x.body === 'function';

/** The refusal of something that is used nowhere. */
export const refusalOf = ({ what, at }: Creation): ModelError => new ModelError(what, at);

/** Builds data from which all must be reachable that is created on the way. Throws a ModelError for what is not. */
export function building<T>(make: () => T): T {
  const attempt = (isPlaced: boolean) => {
    const watch = watchCreations(isPlaced);
    try {
      const made = make();
      return { made, dropped: unreached(watch.end(), [made], false) };
    } finally {
      watch.end();
    }
  };
  const { made, dropped } = attempt(false);
  if (dropped.length === 0) return made;
  // Built once more, for the places alone.
  const [first] = attempt(true).dropped;
  throw refusalOf(first ?? dropped[0]!);
}

const operators =
  "JavaScript's &&, ||, ! and ?: drop one, and so does an argument too many; use .and(…), .or(…), not(…) and ifElse(…)";

/** What is said of a thing that is used nowhere. */
export const dropped = {
  expression: `this expression is used nowhere: ${operators}`,
  effect: `this effect is in no step: ${operators}, or put it into c\`…\`(…)`,
  part: `this part is in no step: ${operators}, or put it into c\`…\`(…)`,
  statement: 'this statement is in no block',
  test: 'this test is in no If, While or block',
  formula: 'this formula is in no property',
  property: "this property is not among the exported 'properties'",
  actor: "this actor is not among the 'actors' of the model",
} as const;

// Objects that a model creates and then does not use. JavaScript's `&&`, `||`, `!` and `?:` cannot be overloaded for
// expressions: they drop an operand, and the rest means something else. So everything that is created during a watch
// must be reachable from what is kept: the block of a procedure, or the exports of a file.
//
//   () => ({ test: If(pmd.is('none') && n.eq(0), …) })     keeps n.eq(0) only: pmd.is('none') is used nowhere
//
// The only module state of the language: the current watches.

import { ModelError, type SourceLocation, whereWritten } from './location.js';

/** A created object, and its kind for the message. */
interface Creation {
  readonly what: string;
  /** Undefined where locations are not recorded: recording them takes time. */
  readonly at: SourceLocation | undefined;
}

/** The objects created during the watch, in order. */
export interface Created {
  readonly nodes: ReadonlyMap<object, Creation>;
  /** Objects that `unused` names. */
  readonly kept: readonly unknown[];
}

interface CreationWatch {
  readonly nodes: Map<object, Creation>;
  readonly kept: unknown[];
  readonly isPlaced: boolean;
}

let watches: readonly CreationWatch[] = [];

/** Records created objects until `end` is called; watches may be nested. */
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

/** Records that a node was created, in the innermost watch. Returns the node. */
export function created<T extends object>(node: T, what: string): T {
  const watch = watches.at(-1);
  if (watch !== undefined) watch.nodes.set(node, { what, at: watch.isPlaced ? whereWritten() : undefined });
  return node;
}

/** Records that a node has become part of another one, in a way that data do not show. */
export function superseded(node: object): void {
  for (const { nodes } of watches) nodes.delete(node);
}

/**
 * Names objects that a model creates on purpose without using them: they are not refused. A procedure may be called by
 * other models.
 * Example: `[unused(truncate)]`
 */
export function unused(...things: readonly unknown[]): void {
  watches.at(-1)?.kept.push(...things);
}

/**
 * The created objects that are reachable neither from the roots nor from another such object, in the order of their
 * creation. `inBodies`: follow the bodies of procedures.
 */
export function unreached(
  { nodes, kept }: Created,
  roots: readonly unknown[],
  inBodies = true,
): readonly Creation[] {
  const seen = new Set<object>();
  for (const root of [...roots, ...kept]) reach(root, seen, inBodies);
  // Later objects may contain earlier ones.
  const dropped: Creation[] = [];
  for (const [node, creation] of [...nodes].reverse()) {
    if (seen.has(node)) continue;
    dropped.unshift(creation);
    reach(node, seen, inBodies);
  }
  return dropped;
}

/** Visits all data inside. Getters for locations are skipped. */
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

/** The error for an object that is used nowhere. */
export const refusalOf = ({ what, at }: Creation): ModelError => new ModelError(what, at);

/** Builds data from which all created objects must be reachable. Throws a ModelError for one that is not. */
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
  // Built once more, to record locations.
  const [first] = attempt(true).dropped;
  throw refusalOf(first ?? dropped[0]!);
}

const operators =
  "JavaScript's &&, ||, ! and ?: drop one, and so does an argument too many; use .and(…), .or(…), not(…) and ifElse(…)";

/** The messages for objects that are used nowhere. */
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

// Settings, variables and locals that the model does not use: no error, but probably a mistake.

import type { Domain, ExprNode, Initial, Model, Place, ProcedureNode } from '../../models/language/index.js';
import type { Properties } from '../../properties/language/index.js';
import { localKey } from './scope.js';

/**
 * A sentence that names them, in the order of the model; none if everything is used.
 * Example: `unusedNames(model, stated) === undefined`
 */
export function unusedNames(model: Model, properties: Properties): string | undefined {
  const used = new Used();
  used.visit([
    model.actors,
    model.initially,
    model.within,
    model.excludes,
    properties,
    domainsOf(model.state),
    comparedIn(model),
  ]);
  for (const [name, domain] of Object.entries(model.state))
    if (used.pools.has(domain)) used.variables.add(name);
  const missing = (names: readonly string[], known: ReadonlySet<string>) =>
    names.filter((name) => !known.has(name));
  const locals = [...used.procedures].flatMap(({ name, locals }) =>
    Object.keys(locals).map((local) => `${name}.${local}`),
  );
  const named = [
    ...listed('setting', missing(Object.keys(model.settings), used.settings)),
    ...listed('variable', missing(Object.keys(model.state), used.variables)),
    ...listed('local', missing(locals, used.locals)),
  ];
  return named.length === 0 ? undefined : `nothing uses ${named.join(', ')}`;
}

const listed = (what: string, names: readonly string[]): readonly string[] =>
  names.length === 0 ? [] : [`the ${what}${names.length === 1 ? '' : 's'} ${names.join(', ')}`];

/** The names that a model's data use. */
class Used {
  readonly settings = new Set<string>();
  readonly variables = new Set<string>();
  /** As `procedure.local`. */
  readonly locals = new Set<string>();
  /** By their domains. */
  readonly pools = new Set<object>();
  readonly procedures = new Set<ProcedureNode>();

  visit(root: unknown): void {
    const seen = new Set<object>();
    const open = [root];
    while (open.length > 0) {
      const next = open.pop();
      if (typeof next !== 'object' || next === null || seen.has(next)) continue;
      seen.add(next);
      if (isProcedure(next)) {
        this.procedures.add(next);
        open.push(next.body(), domainsOf(next.locals));
        continue;
      }
      if (isSetting(next)) this.settings.add(next.name);
      if (isPlace(next)) {
        if (next.pool !== undefined) this.pools.add(next.pool);
        else if (next.procedure === undefined) this.variables.add(next.name);
        else this.locals.add(localKey(next));
      }
      // Getters for locations are skipped.
      for (const { value } of Object.values(Object.getOwnPropertyDescriptors(next))) open.push(value);
    }
  }
}

const isProcedure = (x: object): x is ProcedureNode => 'locals' in x && 'body' in x;
const isSetting = (x: object): x is Extract<ExprNode, { readonly op: 'setting' }> =>
  'op' in x && x.op === 'setting';
const isPlace = (x: object): x is Place => 'path' in x && 'name' in x && Array.isArray(x.path);

/** The domains, and the first values that are functions of an index. */
const domainsOf = (domains: { readonly [name: string]: Domain<unknown> }): unknown =>
  Object.values(domains).map((domain) => [domain, firstValues(domain)]);

function firstValues({ node, initial }: Domain<unknown>): unknown {
  if (node.kind === 'array') return firstValues(node.element);
  if (node.kind === 'record') return Object.values(node.fields).map(firstValues);
  return valueAtZero(initial);
}

function valueAtZero(initial: Initial): unknown {
  if ('values' in initial) return initial.values;
  try {
    return initial.of(0, 0, 0);
  } catch {
    return undefined;
  }
}

/** The settings that a comparison sets or compares. */
const comparedIn = ({ comparison }: Model): unknown =>
  comparison === undefined ? [] : [{ op: 'setting', name: comparison.candidates }];

// What actors may write, by their blocks, before any is lowered: which variables of each actor are written at all
// (others are constants), and which actors may take a lock whose waiters spin.

import {
  type BlockNode,
  type Domain,
  type EachFamily,
  type Effect,
  type ExprNode,
  effectsIn,
  type Model,
  type Place,
  type ProcedureNode,
} from '../../models/language/index.js';
import type { ThreadId } from '../ir/program.js';
import { innerBlocks } from './label_names.js';
import { partsOf } from './labels.js';
import type { ThreadFamily, WhatIsWritten } from './scope.js';

/** The name of the actor, or of the CPU, that a variable of each belongs to: an actor that is on no CPU has one of its own. */
export function ownerOf(
  { by }: EachFamily,
  { node: { on } }: Pick<ThreadFamily, 'node'>,
  actor: string,
): string {
  return by === 'cpu' ? (on?.on?.cpu ?? actor) : actor;
}

/** `threadNames`: by the ids of the families' threads. */
export function writtenIn(
  model: Model,
  families: ReadonlyMap<string, ThreadFamily>,
  threadNames: readonly string[],
): WhatIsWritten {
  const each = new Map<EachFamily, Set<string>>();
  const spinning = new Set<ThreadId>();
  for (const family of families.values()) {
    const all = effectsOf(family.node.procedure);
    if (all.some((one) => takesSpinning(one, model))) for (const id of family.threads) spinning.add(id);
    for (const { place } of all) {
      if (place.each === undefined) continue;
      const { family: variables, whom } = place.each;
      const known = each.get(variables) ?? new Set<string>();
      each.set(variables, known);
      for (const whose of meantBy(whom, family, families)) {
        for (const id of whose.threads) known.add(ownerOf(variables, whose, threadNames[id]!));
      }
    }
  }
  return { each, spinning };
}

/** The actors that may be meant, where `running` runs. */
function meantBy(
  whom: ExprNode,
  running: ThreadFamily,
  families: ReadonlyMap<string, ThreadFamily>,
): readonly ThreadFamily[] {
  if (whom.op === 'self') return [running];
  if (whom.op !== 'actor') return [...families.values()];
  const named = families.get(whom.actor);
  return named === undefined ? [] : [named];
}

/** The effects in a procedure and in all that it calls. */
function effectsOf(root: ProcedureNode): readonly Effect[] {
  const seen = new Set<ProcedureNode>([root]);
  const effects: Effect[] = [];
  const open: BlockNode[] = [root.body()];
  for (let block = open.pop(); block !== undefined; block = open.pop()) {
    for (const [, stmt] of block) {
      effects.push(...effectsIn(partsOf(stmt)));
      if (stmt.kind === 'body') {
        open.push(stmt.block);
        if (stmt.leaving !== undefined) open.push([[stmt.leaving.label, stmt.leaving.stmt]]);
      }
      if (stmt.kind !== 'call') {
        open.push(...innerBlocks(stmt).map((inner) => inner.block));
      } else if (!seen.has(stmt.procedure)) {
        seen.add(stmt.procedure);
        open.push(stmt.procedure.body());
      }
    }
  }
  return effects;
}

function takesSpinning({ effect, place }: Effect, model: Model): boolean {
  if (effect !== 'take') return false;
  const domain = domainAt(place, model);
  const kind = domain?.node.kind;
  return domain === undefined || ((kind === 'owner' || kind === 'holders') && domain.node.spins);
}

/** The domain of a place; undefined if it is not shared. */
function domainAt({ name, path, each, pool }: Place, { state }: Model): Domain<unknown> | undefined {
  const root = (each?.family.domain ?? pool ?? state[name]) as Domain<unknown> | undefined;
  return path.reduce<Domain<unknown> | undefined>((of, part) => {
    if (of?.node.kind === 'array') return of.node.element;
    return of?.node.kind === 'record' && typeof part === 'string' ? of.node.fields[part] : undefined;
  }, root);
}

// Variables that exist once for each actor, or each CPU: made for those that a step writes. A variable that no step
// writes is a constant, so a primitive may read what most models do not have.

import type { EachFamily, Domain as ModelDomain } from '../../models/language/index.js';
import type { Expr, ThreadId } from '../ir/program.js';
import type { Scope, WhatIsWritten, World } from './scope.js';
import type { Slot } from './state_variables.js';
import { ownerOf } from './written.js';

/** The variable of this actor, or of its CPU; an actor without a CPU has its own. */
export function eachSlot(family: EachFamily, thread: ThreadId, { world }: Scope): Slot {
  const owner = ownerAmong(family, thread, world);
  const slots = world.each.get(family) ?? new Map<string, Slot>();
  world.each.set(family, slots);
  const known = slots.get(owner);
  if (known !== undefined) return known;
  const domain = family.domain as ModelDomain<unknown>;
  const slot = world.make(`${family.name}[${owner}]`, domain, [family.name, owner]);
  slots.set(owner, slot);
  return slot;
}

function ownerAmong(family: EachFamily, thread: ThreadId, { families, threadNames }: Scope['world']): string {
  const own = [...families.values()].find(({ threads }) => threads.includes(thread))!;
  return ownerOf(family, own, threadNames[thread]!);
}

/** The value of a variable that no step writes; undefined for one that some step writes. */
export function constantOfEach(family: EachFamily, thread: ThreadId, { world }: Scope): Expr | undefined {
  const isWritten = world.written.each.get(family)?.has(ownerAmong(family, thread, world));
  return isWritten ? undefined : world.first(family.name, family.domain as ModelDomain<unknown>);
}

/**
 * What is written, once all steps are lowered: a variable that none of them has named, though an effect on every actor
 * might have, is the constant that no step writes.
 */
export function writtenAsMade({ written, each }: Pick<World, 'written' | 'each'>): WhatIsWritten {
  const made = [...written.each].map(([family, owners]) => {
    const slots = each.get(family);
    return [family, new Set([...owners].filter((owner) => slots?.has(owner)))] as const;
  });
  return { ...written, each: new Map(made) };
}

/** Makes all variables of this actor that some step writes. */
export function makeWritten(thread: ThreadId, scope: Scope): void {
  const { world } = scope;
  for (const [family, owners] of world.written.each) {
    if (owners.has(ownerAmong(family, thread, world))) eachSlot(family, thread, scope);
  }
}

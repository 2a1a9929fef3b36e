// Variables of which each actor, or each CPU, has one: made for those that a step names.

import type { Domain as ModelDomain, Place } from '../../models/language/index.js';
import type { ThreadId } from '../ir/program.js';
import type { Scope } from './scope.js';
import type { Slot } from './state_variables.js';

/** The variable of this actor, or of its CPU; an actor that is on none has one of its own. */
export function eachSlot({ family }: NonNullable<Place['each']>, thread: ThreadId, { world }: Scope): Slot {
  const actor = world.threadNames[thread]!;
  const on = [...world.families.values()].find(({ threads }) => threads.includes(thread))?.node.on;
  const owner = family.by === 'cpu' ? (on?.on.cpu ?? actor) : actor;
  const slots = world.each.get(family) ?? new Map<string, Slot>();
  world.each.set(family, slots);
  const known = slots.get(owner);
  if (known !== undefined) return known;
  const domain = family.domain as ModelDomain<unknown>;
  const slot = world.make(`${family.name}[${owner}]`, domain, [family.name, owner]);
  slots.set(owner, slot);
  return slot;
}

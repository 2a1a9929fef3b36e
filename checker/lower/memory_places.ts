// The variables of a state that a memory model delays: all that lie in memory. The lifetime of an object, disabled
// interrupts and preemption, latches and fields declared as `notMemory` do not; a variable of each actor is a register
// unless another actor uses it.

import type { ThreadId, Variable, VariableId } from '../ir/program.js';
import type { World } from './scope.js';
import { leaves, type Slot } from './state_variables.js';

type MemoryPlace = Pick<Variable, 'isNoMemory' | 'registerOf'>;

/** Variables that are not simply memory. */
export function memoryPlaces({
  state,
  shared,
  each,
  threadNames,
}: World): ReadonlyMap<VariableId, MemoryPlace> {
  const places = new Map<VariableId, MemoryPlace>();
  for (const slot of shared.values()) {
    for (const id of notMemoryIn(slot)) places.set(id, { isNoMemory: true });
  }
  for (const slot of shared.values()) {
    for (const [id, owner] of registersIn(slot)) if (!places.has(id)) places.set(id, { registerOf: owner });
  }
  for (const { fields } of state.objects) {
    for (const id of leaves(fields.get('lifetime')!)) places.set(id, { isNoMemory: true });
  }
  for (const { variables } of state.latches) {
    for (const id of variables.values()) places.set(id, { isNoMemory: true });
  }
  for (const [family, slots] of each) {
    for (const [owner, slot] of slots) {
      const place: MemoryPlace = family.forbidsSleep
        ? { isNoMemory: true }
        : { registerOf: threadNames.indexOf(owner) };
      if (family.by !== 'actor') continue;
      for (const id of leaves(slot)) if (!places.has(id)) places.set(id, place);
    }
  }
  return places;
}

/** What each thread has for itself in the state: `shared({ r0: perActor(bool()) })`. */
function registersIn(slot: Slot): readonly (readonly [VariableId, ThreadId])[] {
  if (slot.kind === 'record') return [...slot.fields.values()].flatMap(registersIn);
  if (slot.kind !== 'array') return [];
  return slot.elements.flatMap((element, i) =>
    slot.byThread ? leaves(element).map((id) => [id, i] as const) : registersIn(element),
  );
}

/** Fields that the model declares as no memory. */
function notMemoryIn(slot: Slot): readonly VariableId[] {
  switch (slot.kind) {
    case 'scalar':
      return slot.notMemory ? [slot.id] : [];
    case 'record':
      return [...slot.fields.values()].flatMap(notMemoryIn);
    case 'array':
      return slot.elements.flatMap(notMemoryIn);
    default:
      return [];
  }
}

// Where the words of a state have what belongs to interchangeable threads, and what names them, as plain data: enough to
// put any state into the order that stands for its orbit (search/orbit_sorter.ts).
//
//   adder[0] at 0 … 3, adder[1] at 0 … 3      one class of 2, one row: the fields of their locations

import type { Symmetry, ThreadClass } from '../../analyse/swap.js';
import type { ComposedProgram } from '../../ir/monitors.js';
import type { VariableId } from '../../ir/program.js';
import type { Field, Layout } from './layout.js';

/** `raw = word >>> shift & mask`. */
export interface OrbitField {
  readonly word: number;
  readonly shift: number;
  readonly mask: number;
}

/** How the value of a field names threads. A slot is the number of a thread among those of all classes. */
export interface Naming {
  /** By raw value: the slot; -1 where it names none. */
  readonly slotOf: readonly number[];
  /** By slot: the raw value; -1 where no value names it. */
  readonly rawOf: readonly number[];
}

/** A field for each thread of a class, in their order. */
export interface OrbitRow {
  readonly fields: readonly OrbitField[];
  /** Present if their values name threads. */
  readonly names?: Naming;
}

export interface OrbitClass {
  readonly firstSlot: number;
  readonly count: number;
  readonly rows: readonly OrbitRow[];
}

/** A field that belongs to no thread, and names threads. */
export interface SharedName {
  readonly field: OrbitField;
  readonly names: Naming;
}

export interface OrbitPlan {
  /** 32-bit words of a state. */
  readonly words: number;
  readonly slots: number;
  readonly classes: readonly OrbitClass[];
  readonly shared: readonly SharedName[];
}

export function planOrbits(
  { classes, families, namers }: Symmetry,
  program: ComposedProgram,
  layout: Layout,
): OrbitPlan {
  const slotOfThread = new Map(classes.flatMap(({ threads }) => threads).map((id, slot) => [id, slot]));
  const slots = slotOfThread.size;
  const namingOf = (id: VariableId): Naming | undefined => {
    const { min, max } = layout.variables[id]!;
    const named = namers.get(id);
    const isOwner = program.variables[id]!.domain.kind === 'owner';
    if (named === undefined && !isOwner) return undefined;
    const slotNamedBy = (value: number) => slotOfThread.get(isOwner ? value - 1 : memberOf(value, named!));
    const slotOf = Array.from({ length: max - min + 1 }, (_, raw) => slotNamedBy(raw + min) ?? -1);
    if (slotOf.every((slot) => slot < 0)) return undefined;
    return { slotOf, rawOf: Array.from({ length: slots }, (_, slot) => slotOf.indexOf(slot)) };
  };
  const theirs = new Set(families.flatMap(({ variables }) => variables));
  let firstSlot = 0;
  const planned = classes.map((of): OrbitClass => {
    const locations = row(of.threads.map((id) => layout.threads[id]!));
    const own = families
      .filter((family) => family.of === of)
      .flatMap(({ variables }) =>
        row(
          variables.map((id) => layout.variables[id]!),
          namingOf(variables[0]!),
        ),
      );
    const made = { firstSlot, count: of.threads.length, rows: [...locations, ...own] };
    firstSlot += of.threads.length;
    return made;
  });
  const shared = program.variables.flatMap(({ id }): readonly SharedName[] => {
    const field = layout.variables[id]!;
    const names = theirs.has(id) || field.bits === 0 ? undefined : namingOf(id);
    return names === undefined ? [] : [{ field: fieldOf(field), names }];
  });
  return { words: layout.words, slots, classes: planned, shared };
}

/** The thread of a class that a number names; no thread has the number -1. */
const memberOf = (value: number, { threads }: ThreadClass): number => threads[value] ?? -1;

/** A row, or none where all have one constant. */
function row(fields: readonly Field[], names?: Naming): readonly OrbitRow[] {
  const [{ bits, min }] = fields as readonly [Field, ...Field[]];
  if (fields.some((field) => field.bits !== bits || field.min !== min)) {
    throw new Error('the fields of interchangeable threads differ');
  }
  return bits === 0 ? [] : [{ fields: fields.map(fieldOf), ...(names && { names }) }];
}

const fieldOf = ({ word, shift, bits }: Field): OrbitField => {
  return { word, shift, mask: bits === 32 ? -1 : 2 ** bits - 1 };
};

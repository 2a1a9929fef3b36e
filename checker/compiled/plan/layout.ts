// The bits of a state: every thread's location and every variable is a field of a 32-bit word. No field crosses a word,
// constants take no bits, and fields that the same steps write share a word where possible.
//
//   adder[0] at 0 … 3, adder[1] at 0 … 3, counter 0 … 4        word 0:  .........................ccc 11 00
//
// Equal states have equal words: bits that belong to no field are 0.

import { boundsOf } from '../../ir/expression.js';
import type { ComposedProgram } from '../../ir/monitors.js';
import type { Program, Variable, VariableId } from '../../ir/program.js';
import { EngineError } from '../../search/engine_error.js';

/** `value = (word >>> shift & mask) + min`. With 0 bits the value is always `min`. */
export interface Field {
  readonly word: number;
  readonly shift: number;
  readonly bits: number;
  readonly min: number;
  readonly max: number;
}

export interface Layout {
  /** 32-bit words in a state, at least 1. */
  readonly words: number;
  /** Where each thread stands. */
  readonly threads: readonly Field[];
  readonly variables: readonly Field[];
}

/** The values of a variable: one that no step assigns has one value, whatever its domain. */
export const fieldBounds =
  ({ variables }: Layout) =>
  (id: VariableId): Field =>
    variables[id]!;

/** Thrown for a state that its bits cannot represent. */
export interface PlainState {
  readonly at: readonly number[];
  readonly value: readonly number[];
}

/** The field's bits in its word, all 1. */
export const maskOf = ({ bits, shift }: Field): number => (bits === 32 ? -1 : ((1 << bits) - 1) << shift);

/** A value in the field's place in its word, as a signed number. */
export const placed = ({ shift, min }: Field, value: number): number => (value - min) << shift;

interface PackedPart {
  readonly min: number;
  readonly max: number;
  readonly bits: number;
  /** The steps that write the field. */
  readonly writers: ReadonlySet<number>;
}

export function layoutOf(program: ComposedProgram): Layout {
  const parts = partsOf(program);
  const words = arrange(parts);
  const fields = parts.map(
    ({ min, max, bits }): Field => ({ word: 0, shift: 0, bits: Math.max(bits, 0), min, max }),
  );
  words.forEach((members, word) => {
    let shift = 0;
    for (const member of members) {
      fields[member] = { ...fields[member]!, word, shift };
      shift += parts[member]!.bits;
    }
  });
  const threads = program.threads.length;
  return {
    words: Math.max(1, words.length),
    threads: fields.slice(0, threads),
    variables: fields.slice(threads),
  };
}

/** The threads' locations, then the variables. */
function partsOf(program: Program): readonly PackedPart[] {
  const writers = [...program.threads, ...program.variables].map(() => new Set<number>());
  const first = program.threads.length;
  for (const step of program.steps) {
    if (step.from !== step.to) writers[step.thread]!.add(step.id);
    for (const { target } of step.assignments) {
      for (const id of target.variables) writers[first + id]!.add(step.id);
    }
  }
  const part = (min: number, max: number, i: number): PackedPart => {
    return { min, max, bits: 32 - Math.clz32(max - min), writers: writers[i]! };
  };
  return [
    ...program.threads.map((thread, i) =>
      writers[i]!.size === 0
        ? part(thread.start, thread.start, i)
        : part(0, Math.max(thread.done, thread.locations.length - 1), i),
    ),
    ...program.variables.map((variable, i) => {
      const { min, max } = rangeOf(variable, writers[first + i]!.size > 0);
      return part(min, max, first + i);
    }),
  ];
}

/** A variable that is never assigned keeps its initial values. */
function rangeOf({ name, domain, initial }: Variable, assigned: boolean) {
  const { min, max } = boundsOf(domain);
  const outside = initial.find((value) => value < min || value > max);
  if (outside !== undefined) {
    throw new EngineError(`${name} starts as ${outside}, outside its domain`);
  }
  if (max - min >= 2 ** 32) throw new EngineError(`${name} needs more than 32 bits`);
  if (assigned || initial.length === 0) return { min, max };
  return { min: Math.min(...initial), max: Math.max(...initial) };
}

/** Which parts share a word, by number. Never more words than first fit by decreasing size needs. */
function arrange(parts: readonly PackedPart[]): readonly (readonly number[])[] {
  const stored = parts.flatMap(({ bits }, i) => (bits > 0 ? [i] : []));
  const together = byAffinity(parts, stored);
  const plain = firstFit(parts, stored);
  return together.length <= plain.length ? together : plain;
}

/** First fit by decreasing size: the widest part first, each into the first word with space for it. */
function firstFit(parts: readonly PackedPart[], stored: readonly number[]): readonly (readonly number[])[] {
  const words: { bitsLeft: number; readonly members: number[] }[] = [];
  for (const i of [...stored].sort((a, b) => parts[b]!.bits - parts[a]!.bits || a - b)) {
    const { bits } = parts[i]!;
    let word = words.find(({ bitsLeft }) => bitsLeft >= bits);
    if (word === undefined) {
      word = { bitsLeft: 32, members: [] };
      words.push(word);
    }
    word.bitsLeft -= bits;
    word.members.push(i);
  }
  return words.map(({ members }) => members);
}

/**
 * Each word starts with the part that most steps write, and adds the part that most steps write together with its
 * members.
 */
function byAffinity(parts: readonly PackedPart[], stored: readonly number[]): readonly (readonly number[])[] {
  const open = new Set(stored);
  const words: number[][] = [];
  const take = (score: (i: number) => number, bitsLeft: number): number | undefined => {
    let best: number | undefined;
    for (const i of open) {
      if (parts[i]!.bits <= bitsLeft && (best === undefined || score(i) > score(best))) best = i;
    }
    if (best !== undefined) open.delete(best);
    return best;
  };
  while (open.size > 0) {
    const members: number[] = [];
    const affinity = new Map<number, number>([...open].map((i) => [i, parts[i]!.writers.size]));
    let bitsLeft = 32;
    let first = true;
    for (
      let i = take((j) => affinity.get(j)!, bitsLeft);
      i !== undefined;
      i = take((j) => affinity.get(j)!, bitsLeft)
    ) {
      members.push(i);
      bitsLeft -= parts[i]!.bits;
      for (const j of open) affinity.set(j, (first ? 0 : affinity.get(j)!) + shared(parts[i]!, parts[j]!));
      first = false;
    }
    words.push(members);
  }
  return words;
}

function shared(x: PackedPart, y: PackedPart): number {
  let count = 0;
  for (const step of x.writers) if (y.writers.has(step)) count++;
  return count;
}

/** Writes a state into `words`, from index `at` on. */
export function encode(state: PlainState, layout: Layout, words: Int32Array, at = 0): void {
  words.fill(0, at, at + layout.words);
  const put = (field: Field, value: number) => {
    if (field.bits > 0) words[at + field.word]! |= (value - field.min) << field.shift;
  };
  for (const [i, field] of layout.threads.entries()) put(field, state.at[i]!);
  for (const [i, field] of layout.variables.entries()) put(field, state.value[i]!);
}

/** Reads a state from `words`, from index `at` on. */
export function decode(layout: Layout, words: Int32Array, at = 0): PlainState {
  const get = (field: Field): number =>
    field.bits === 0 ? field.min : ((words[at + field.word]! & maskOf(field)) >>> field.shift) + field.min;
  return { at: layout.threads.map(get), value: layout.variables.map(get) };
}

// Which values each thread may write to each location: an over-approximation. An execution that reads what is
// written only later, as load buffering does, guesses its value among these; a guess that no thread writes is dropped.
// No write happens twice, so each value carries the set of writes that it may be computed through:
// of `atomic_inc(x)` in two threads come 1, from either, and 2, from both, but not 3.

import { LitmusError, type LitmusValue, type Position } from '../syntax/ast.js';
import { arithmetic, computed, LitmusFault, registersIn } from './arithmetic.js';
import type { Access, Instruction, LitmusProgram, Pure } from './instructions.js';

/** Values by location. */
export type ValuesByLocation = ReadonlyMap<string, ReadonlySet<LitmusValue>>;

/** A value, and the writes that it comes from, a bit each. */
interface Origin {
  readonly value: LitmusValue;
  readonly writes: number;
}

/** By location or register. */
type Origins = Map<string, readonly Origin[]>;

/** A test has no more writes, nothing has more origins, and no expression is computed of more choices of values. */
const [writesMax, originsMax, choicesMax] = [30, 400, 20_000];

/** By location; 0 where there is none. */
export type FirstValues = ReadonlyMap<string, LitmusValue>;

/** For each thread, what it may write. Throws a LitmusError if that is too much. */
export function possibleWrites(
  initial: FirstValues,
  { threads, locations }: LitmusProgram,
): readonly ValuesByLocation[] {
  const bits = bitsOfWrites(threads.flat());
  const memory: Origins = new Map(
    locations.map((name) => [name, [{ value: initial.get(name) ?? 0, writes: 0 }]]),
  );
  const all = threads.map((code) => ({
    code,
    registers: new Map() as Origins,
    written: new Map() as Origins,
  }));
  for (let isNew = true; isNew; ) {
    isNew = false;
    for (const { code, registers, written } of all) {
      for (const instruction of code) {
        const bit = bits.get(instruction) ?? 0;
        if (new Pass(instruction, bit, memory, registers, written).take()) isNew = true;
      }
    }
  }
  return all.map(
    ({ written }) => new Map([...written].map(([name, of]) => [name, new Set(of.map(({ value }) => value))])),
  );
}

/** A bit for each instruction that may write. */
function bitsOfWrites(instructions: readonly Instruction[]): ReadonlyMap<Instruction, number> {
  const kinds: readonly string[] = ['write', 'modify', 'update', 'lock', 'trylock', 'unlock'];
  const writing = instructions.filter(({ kind }) => kinds.includes(kind));
  const excess = writing[writesMax];
  if (excess !== undefined) {
    throw new LitmusError(
      `the test has more than ${writesMax} writes: too many to enumerate`,
      placeOf(excess),
    );
  }
  return new Map(writing.map((instruction, i) => [instruction, 1 << i]));
}

const placeOf = (instruction: Instruction): Position | undefined =>
  'at' in instruction ? instruction.at : undefined;

/** One instruction, taken with all values that its registers may have. */
class Pass {
  readonly #instruction: Instruction;
  readonly #bit: number;
  readonly #memory: Origins;
  readonly #registers: Origins;
  readonly #written: Origins;
  #isNew = false;

  constructor(instruction: Instruction, bit: number, memory: Origins, registers: Origins, written: Origins) {
    this.#instruction = instruction;
    this.#bit = bit;
    this.#memory = memory;
    this.#registers = registers;
    this.#written = written;
  }

  /** Did it add a value? */
  take(): boolean {
    const instruction = this.#instruction;
    switch (instruction.kind) {
      case 'set':
        this.#add(this.#registers, instruction.to, this.#originsOf(instruction.value));
        break;
      case 'branch':
      case 'jump':
      case 'join':
      case 'fence':
      case 'assume':
      case 'choose':
        break;
      default:
        for (const { value } of this.#originsOf(instruction.address)) {
          if (typeof value === 'string' && this.#memory.has(value)) this.#access(instruction, value);
        }
    }
    return this.#isNew;
  }

  #access(access: Exclude<Access, { readonly kind: 'fence' }>, location: string): void {
    const there = this.#memory.get(location)!;
    switch (access.kind) {
      case 'read':
        this.#assign(access.to, there);
        break;
      case 'write':
        this.#write(location, this.#originsOf(access.value));
        break;
      case 'lock':
        this.#write(location, numbers(1));
        break;
      case 'unlock':
        this.#write(location, numbers(0));
        break;
      case 'trylock':
        this.#write(location, numbers(1));
        this.#assign(access.to, numbers(0, 1));
        break;
      case 'is locked':
        this.#assign(access.to, numbers(0, 1));
        break;
      case 'modify':
        this.#modify(access, location, there);
        break;
      case 'update':
        this.#assign(access.to, there);
        this.#assign(access.outcome, numbers(...access.outcomes.keys()));
        for (const { value } of access.outcomes)
          if (value !== undefined) this.#write(location, this.#originsOf(value));
    }
  }

  #modify(
    { primitive, operand, to }: Access & { readonly kind: 'modify' },
    location: string,
    there: readonly Origin[],
  ): void {
    const operands = this.#originsOf(operand);
    const left =
      primitive.operator === undefined
        ? operands
        : there.flatMap((old) =>
            operands.flatMap(({ value, writes }) =>
              attempt(old.writes | writes, () => arithmetic(primitive.operator!, old.value, value)),
            ),
          );
    this.#write(location, left);
    if (to === undefined) return;
    this.#assign(
      to,
      primitive.returns === 'old' ? there : primitive.returns === 'new' ? left : numbers(0, 1),
    );
  }

  #assign = (to: string, origins: readonly Origin[]): void => this.#add(this.#registers, to, origins);

  /** A write that has happened on the way to a value does not write it again. */
  #write(location: string, origins: readonly Origin[]): void {
    const once = origins.filter(({ writes }) => (writes & this.#bit) === 0);
    const marked = once.map(({ value, writes }) => ({ value, writes: writes | this.#bit }));
    this.#add(this.#memory, location, marked);
    this.#add(this.#written, location, marked);
  }

  /** Of the origins of a value those that come from fewer writes count. */
  #add(to: Origins, name: string, origins: readonly Origin[]): void {
    for (const origin of origins) {
      const known = to.get(name) ?? [];
      const isWithin = (a: Origin, b: Origin) => a.value === b.value && (a.writes & ~b.writes) === 0;
      if (known.some((other) => isWithin(other, origin))) continue;
      const kept = known.filter((other) => !isWithin(origin, other));
      if (kept.length >= originsMax) {
        throw new LitmusError(`'${name}' may have too many values to enumerate`, placeOf(this.#instruction));
      }
      to.set(name, [...kept, origin]);
      this.#isNew = true;
    }
  }

  /** All values of an expression; a register may also be 0, to which nothing was assigned. */
  #originsOf(expression: Pure): readonly Origin[] {
    let choices: readonly { readonly values: ReadonlyMap<string, LitmusValue>; readonly writes: number }[] = [
      { values: new Map(), writes: 0 },
    ];
    for (const name of new Set(registersIn(expression))) {
      const origins = [...numbers(0), ...(this.#registers.get(name) ?? [])];
      if (choices.length * origins.length > choicesMax) {
        throw new LitmusError(
          'an expression may have too many values to enumerate',
          placeOf(this.#instruction),
        );
      }
      choices = choices.flatMap(({ values, writes }) =>
        origins.map((origin) => ({
          values: new Map(values).set(name, origin.value),
          writes: writes | origin.writes,
        })),
      );
    }
    return choices.flatMap(({ values, writes }) =>
      attempt(writes, () => computed(expression, (name) => values.get(name)!)),
    );
  }
}

const numbers = (...values: readonly number[]): readonly Origin[] =>
  values.map((value) => ({ value, writes: 0 }));

/** What has a value. */
function attempt(writes: number, compute: () => LitmusValue): readonly Origin[] {
  try {
    return [{ value: compute(), writes }];
  } catch (error) {
    if (error instanceof LitmusFault) return [];
    throw error;
  }
}

// Writes WebAssembly modules in their binary format: functions, imports, globals and one imported shared memory.
//
//   const sum = module.function(['i32', 'i32'], ['i32']);
//   sum.get(0).get(1).op('i32.add');                          local.get 0  local.get 1  i32.add
//   module.export('sum', sum);
//
// WebAssembly Core Specification, chapter 5. Only what the other files of this folder use.

export type ValueType = 'i32' | 'i64';

const valueTypes = { i32: 0x7f, i64: 0x7e } as const;

/** The instruction that leaves a constant. */
const constantOf = { i32: 0x41, i64: 0x42 } as const;

/** Instructions without immediate operands. */
const opcodes = {
  unreachable: 0x00,
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  'i32.eqz': 0x45,
  'i32.eq': 0x46,
  'i32.ne': 0x47,
  'i32.lt_s': 0x48,
  'i32.lt_u': 0x49,
  'i32.gt_s': 0x4a,
  'i32.gt_u': 0x4b,
  'i32.le_s': 0x4c,
  'i32.le_u': 0x4d,
  'i32.ge_u': 0x4f,
  'i32.clz': 0x67,
  'i32.popcnt': 0x69,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.div_s': 0x6d,
  'i32.div_u': 0x6e,
  'i32.rem_s': 0x6f,
  'i32.and': 0x71,
  'i32.or': 0x72,
  'i32.xor': 0x73,
  'i32.shl': 0x74,
  'i32.shr_u': 0x76,
  'i64.eqz': 0x50,
  'i64.popcnt': 0x7b,
  'i64.mul': 0x7e,
  'i64.and': 0x83,
  'i64.or': 0x84,
  'i64.xor': 0x85,
  'i64.shl': 0x86,
  'i64.shr_u': 0x88,
  'i32.wrap_i64': 0xa7,
  'i64.extend_i32_u': 0xad,
} as const;

/** Loads and stores: opcode, and the alignment hint as a power of two. */
const accesses = {
  'i32.load': [0x28, 2],
  'i64.load': [0x29, 3],
  'i32.load8_u': [0x2d, 0],
  'i32.store': [0x36, 2],
  'i64.store': [0x37, 3],
} as const;

/** A place that `br` jumps to: the end of a block, or the start of a loop. */
export type BranchTarget = number;

/** A number without a sign, in LEB128. */
export function unsigned(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const byte = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? byte | 128 : byte);
  } while (rest > 0);
  return bytes;
}

/** A number with a sign, in LEB128. */
export function signed(value: bigint): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = Number(rest & 127n);
    rest >>= 7n;
    const isLast = rest === (byte & 64 ? -1n : 0n);
    bytes.push(isLast ? byte : byte | 128);
    if (isLast) return bytes;
  }
}

/** A function under construction. Instructions are appended in the order of the calls. */
export class WasmFunction {
  readonly number: number;
  readonly type: number;
  readonly #parameters: number;
  readonly #locals: ValueType[] = [];
  readonly #bytes: number[] = [];
  #depth = 0;

  constructor(number: number, type: number, parameters: number) {
    this.number = number;
    this.type = type;
    this.#parameters = parameters;
  }

  /** Declares a local; locals are 0 at first. Parameters are locals 0, 1, … */
  local(type: ValueType = 'i32'): number {
    this.#locals.push(type);
    return this.#parameters + this.#locals.length - 1;
  }

  op(name: keyof typeof opcodes): this {
    this.#bytes.push(opcodes[name]);
    return this;
  }

  /** A constant of 32 bits. */
  i32(value: number): this {
    this.#bytes.push(0x41, ...signed(BigInt(value | 0)));
    return this;
  }

  /** A constant of 64 bits. */
  i64(value: bigint): this {
    this.#bytes.push(0x42, ...signed(BigInt.asIntN(64, value)));
    return this;
  }

  get = (local: number): this => this.#with(0x20, local);
  set = (local: number): this => this.#with(0x21, local);
  tee = (local: number): this => this.#with(0x22, local);
  getGlobal = (global: number): this => this.#with(0x23, global);
  setGlobal = (global: number): this => this.#with(0x24, global);
  call = ({ number }: { readonly number: number }): this => this.#with(0x10, number);

  /** Reads or writes memory at the address on the stack plus an offset in bytes. */
  memory(name: keyof typeof accesses, offset = 0): this {
    const [opcode, align] = accesses[name];
    this.#bytes.push(opcode, align, ...unsigned(offset));
    return this;
  }

  /** Address, byte and length are on the stack. */
  fill(): this {
    this.#bytes.push(0xfc, 0x0b, 0x00);
    return this;
  }

  /** Where to, where from and a length in bytes are on the stack. */
  copy(): this {
    this.#bytes.push(0xfc, 0x0a, 0x00, 0x00);
    return this;
  }

  /** Takes a condition from the stack. With a result each branch leaves a value of 32 bits. */
  if(result: 'none' | 'i32', then: () => void, otherwise?: () => void): this {
    this.#bytes.push(0x04, result === 'none' ? 0x40 : valueTypes.i32);
    this.#depth++;
    then();
    if (otherwise !== undefined) {
      this.#bytes.push(0x05);
      otherwise();
    }
    return this.#end();
  }

  block(body: (end: BranchTarget) => void): this {
    return this.#nest(0x02, body);
  }
  loop(body: (start: BranchTarget) => void): this {
    return this.#nest(0x03, body);
  }

  br(label: BranchTarget): this {
    return this.#with(0x0c, this.#depth - label);
  }
  /** Jumps if the value on the stack is not 0. */
  brIf(label: BranchTarget): this {
    return this.#with(0x0d, this.#depth - label);
  }
  /** Jumps to the label with the number on the stack, or to the last one. */
  brTable(labels: readonly BranchTarget[], otherwise: BranchTarget): this {
    const depths = [...labels, otherwise].map((label) => this.#depth - label);
    this.#bytes.push(0x0e, ...unsigned(labels.length), ...depths.flatMap(unsigned));
    return this;
  }

  /** The entry of the code section. */
  get code(): readonly number[] {
    const groups = this.#locals.map((type) => [1, valueTypes[type]]);
    const body = [...unsigned(groups.length), ...groups.flat(), ...this.#bytes, 0x0b];
    return [...unsigned(body.length), ...body];
  }

  #with(opcode: number, index: number): this {
    this.#bytes.push(opcode, ...unsigned(index));
    return this;
  }

  #nest(opcode: number, body: (label: BranchTarget) => void): this {
    this.#bytes.push(opcode, 0x40);
    body(++this.#depth);
    return this.#end();
  }

  #end(): this {
    this.#depth--;
    this.#bytes.push(0x0b);
    return this;
  }
}

/** A module that imports `env.memory`, shared, and functions of `env`. */
export class WasmModule {
  readonly #types: string[] = [];
  readonly #imports: { readonly name: string; readonly type: number }[] = [];
  readonly #functions: WasmFunction[] = [];
  readonly #globals: ValueType[] = [];
  readonly #exports: (readonly number[])[] = [];
  readonly #pages: number;

  /** `pages` of 64 KiB: the size of the memory, which neither grows nor shrinks. */
  constructor(pages: number) {
    this.#pages = pages;
  }

  /** Imports come before all functions. */
  importFunction(name: string, parameters: readonly ValueType[]): { readonly number: number } {
    this.#imports.push({ name, type: this.#type(parameters, []) });
    return { number: this.#imports.length - 1 };
  }

  function(parameters: readonly ValueType[], results: readonly ValueType[]): WasmFunction {
    const number = this.#imports.length + this.#functions.length;
    const made = new WasmFunction(number, this.#type(parameters, results), parameters.length);
    this.#functions.push(made);
    return made;
  }

  /** A variable, 0 at first. */
  global(type: ValueType = 'i32'): number {
    return this.#globals.push(type) - 1;
  }

  export(name: string, { number }: WasmFunction): void {
    this.#exports.push([...text(name), 0x00, ...unsigned(number)]);
  }
  exportGlobal(name: string, global: number): void {
    this.#exports.push([...text(name), 0x03, ...unsigned(global)]);
  }

  /** The module in the binary format. */
  get bytes(): Uint8Array<ArrayBuffer> {
    const env = text('env');
    const pages = unsigned(this.#pages);
    const imports = [
      [...env, ...text('memory'), 0x02, 0x03, ...pages, ...pages],
      ...this.#imports.map(({ name, type }) => [...env, ...text(name), 0x00, ...unsigned(type)]),
    ];
    const globals = this.#globals.map((type) => [valueTypes[type], 0x01, constantOf[type], 0x00, 0x0b]);
    const types = this.#types.map((type) => type.split(',').map(Number));
    return Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, types),
      ...section(2, imports),
      ...section(
        3,
        this.#functions.map(({ type }) => unsigned(type)),
      ),
      ...section(6, globals),
      ...section(7, this.#exports),
      ...section(
        10,
        this.#functions.map(({ code }) => code),
      ),
    ]);
  }

  #type(parameters: readonly ValueType[], results: readonly ValueType[]): number {
    const vector = (types: readonly ValueType[]) => [types.length, ...types.map((type) => valueTypes[type])];
    const type = [0x60, ...vector(parameters), ...vector(results)].join(',');
    const known = this.#types.indexOf(type);
    return known >= 0 ? known : this.#types.push(type) - 1;
  }
}

function text(name: string): readonly number[] {
  const bytes = new TextEncoder().encode(name);
  return [...unsigned(bytes.length), ...bytes];
}

function* section(id: number, entries: readonly (readonly number[])[]): Generator<number> {
  const count = unsigned(entries.length);
  yield id;
  yield* unsigned(entries.reduce((sum, { length }) => sum + length, count.length));
  yield* count;
  for (const entry of entries) yield* entry;
}

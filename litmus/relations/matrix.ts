// Relations and sets over the events 0 … size-1 of one execution, as bits. A relation is a square matrix with a row of
// 32-bit words for each event; a set is one such row. Values: no operation changes its operands.

/** A set of events. */
export type EventBits = Uint32Array;

/** A relation over events. */
export class Matrix {
  readonly size: number;
  /** Words in a row. */
  readonly words: number;
  readonly bits: Uint32Array;

  constructor(size: number, bits?: Uint32Array) {
    this.size = size;
    this.words = (size + 31) >>> 5;
    this.bits = bits ?? new Uint32Array(size * this.words);
  }

  has(from: number, to: number): boolean {
    return (this.bits[from * this.words + (to >>> 5)]! & (1 << (to & 31))) !== 0;
  }

  /** Only while the matrix is being built. */
  add(from: number, to: number): void {
    this.bits[from * this.words + (to >>> 5)]! |= 1 << (to & 31);
  }

  isEmpty(): boolean {
    return this.bits.every((word) => word === 0);
  }

  /** All pairs, in order. */
  pairs(): readonly (readonly [number, number])[] {
    const found: (readonly [number, number])[] = [];
    for (let i = 0; i < this.size; i++) {
      for (let j = 0; j < this.size; j++) if (this.has(i, j)) found.push([i, j]);
    }
    return found;
  }
}

const joined = (a: Matrix, b: Matrix, join: (x: number, y: number) => number): Matrix => {
  const bits = new Uint32Array(a.bits.length);
  for (let i = 0; i < bits.length; i++) bits[i] = join(a.bits[i]!, b.bits[i]!);
  return new Matrix(a.size, bits);
};

export const union = (a: Matrix, b: Matrix): Matrix => joined(a, b, (x, y) => x | y);
export const intersection = (a: Matrix, b: Matrix): Matrix => joined(a, b, (x, y) => x & y);
export const difference = (a: Matrix, b: Matrix): Matrix => joined(a, b, (x, y) => x & ~y);

/** `a ; b`: from x to z if a leads from x to some y, and b from y to z. */
export function composition(a: Matrix, b: Matrix): Matrix {
  const result = new Matrix(a.size);
  const { words } = a;
  for (let i = 0; i < a.size; i++) {
    for (let j = 0; j < a.size; j++) {
      if (!a.has(i, j)) continue;
      for (let w = 0; w < words; w++) result.bits[i * words + w]! |= b.bits[j * words + w]!;
    }
  }
  return result;
}

export function inverse(a: Matrix): Matrix {
  const result = new Matrix(a.size);
  for (let i = 0; i < a.size; i++) {
    for (let j = 0; j < a.size; j++) if (a.has(i, j)) result.add(j, i);
  }
  return result;
}

/** The transitive closure, after Warshall. */
export function closure(a: Matrix): Matrix {
  const result = new Matrix(a.size, a.bits.slice());
  const { words, bits } = result;
  for (let k = 0; k < a.size; k++) {
    for (let i = 0; i < a.size; i++) {
      if (!result.has(i, k)) continue;
      for (let w = 0; w < words; w++) bits[i * words + w]! |= bits[k * words + w]!;
    }
  }
  return result;
}

/** Everything to itself. */
export function identity(size: number): Matrix {
  const result = new Matrix(size);
  for (let i = 0; i < size; i++) result.add(i, i);
  return result;
}

/** Every event of `from` to every event of `to`. */
export function product(size: number, from: EventBits, to: EventBits): Matrix {
  const result = new Matrix(size);
  for (let i = 0; i < size; i++) if (isIn(from, i)) result.bits.set(to, i * result.words);
  return result;
}

/** Every event of a set to itself. */
export function diagonal(size: number, among: EventBits): Matrix {
  const result = new Matrix(size);
  for (let i = 0; i < size; i++) if (isIn(among, i)) result.add(i, i);
  return result;
}

export const isIn = (among: EventBits, event: number): boolean =>
  (among[event >>> 5]! & (1 << (event & 31))) !== 0;

/** The events that satisfy a test. */
export function bitsOf(size: number, test: (event: number) => boolean): EventBits {
  const result = new Uint32Array((size + 31) >>> 5);
  for (let i = 0; i < size; i++) if (test(i)) result[i >>> 5]! |= 1 << (i & 31);
  return result;
}

/** An event from which the relation leads back to it, if there is one. */
export function eventOnCycle(a: Matrix): number | undefined {
  const closed = closure(a);
  for (let i = 0; i < a.size; i++) if (closed.has(i, i)) return i;
  return undefined;
}

/** A shortest path from one event to another, both included; at least one edge long. */
export function shortestWay(a: Matrix, from: number, to: number): readonly number[] | undefined {
  const before = new Map<number, number>();
  const queue = [from];
  for (const at of queue) {
    for (let next = 0; next < a.size; next++) {
      if (!a.has(at, next) || before.has(next)) continue;
      before.set(next, at);
      if (next === to) return wayTo(to, from, before);
      queue.push(next);
    }
  }
  return undefined;
}

function wayTo(to: number, from: number, before: ReadonlyMap<number, number>): readonly number[] {
  const way = [to];
  do way.unshift(before.get(way[0]!)!);
  while (way[0] !== from);
  return way;
}

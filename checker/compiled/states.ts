// The states found so far, in the order of their numbers: records of `words + 1` 32-bit numbers, the last one the
// number of the state it was first reached from (-1 for initial states). They lie in segments, so growing copies
// nothing, and there is no limit at 2 GiB. The array is also the queue of the breadth-first search.

/** States in a segment: 2^18. */
export const segmentBits = 18;
export const segmentStates = 1 << segmentBits;
const firstStates = 1 << 12;
/** The most states that a search can number. */
export const statesMax = 2 ** 31 - 2;

export class States {
  readonly segments: Int32Array[] = [];
  count = 0;

  /** 32-bit words in a state, without its parent. */
  readonly words: number;
  readonly allocate: (length: number) => Int32Array;

  constructor(words: number, allocate: (length: number) => Int32Array = (length) => new Int32Array(length)) {
    this.words = words;
    this.allocate = allocate;
  }

  get stride(): number {
    return this.words + 1;
  }

  /** Makes room for so many states. Only the first segment starts small, and moves while it grows. */
  reserve(count: number): void {
    const [first] = this.segments;
    if (
      first !== undefined &&
      first.length < segmentStates * this.stride &&
      count * this.stride > first.length
    ) {
      const larger = this.allocate(this.#firstLength(count));
      larger.set(first);
      this.segments[0] = larger;
    }
    while (this.segments.length * segmentStates < count) {
      const length = this.segments.length === 0 ? this.#firstLength(count) : segmentStates * this.stride;
      this.segments.push(this.allocate(length));
    }
  }

  #firstLength(count: number): number {
    const states = Math.min(segmentStates, Math.max(firstStates, 2 ** Math.ceil(Math.log2(2 * count))));
    return states * this.stride;
  }

  segment(number: number): Int32Array {
    return this.segments[number >>> segmentBits]!;
  }

  /** Where a state begins in its segment. */
  offset(number: number): number {
    return (number & (segmentStates - 1)) * this.stride;
  }

  parent(number: number): number {
    return this.segment(number)[this.offset(number) + this.words]!;
  }

  get bytes(): number {
    return this.segments.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }
}

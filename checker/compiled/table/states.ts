// The states found so far, in the order of their numbers: records of `words + 1` 32-bit numbers, the last one the
// number of the state it was first reached from (-1 for initial states). They lie in segments, so growing copies
// nothing, and there is no limit at 2 GiB. The array is also the queue of the breadth-first search.

/** States in a segment: 2^16. */
export const segmentBits = 16;
export const segmentStates = 1 << segmentBits;
/** The same where states are freed once they are expanded: then only the queue is kept. */
export const queueSegmentBits = 10;
const firstStates = 1 << 10;
const nothing = new Int32Array(0);
/** The most free segments that are kept for reuse. */
const spareMax = 2;
/** The most states that a search can number. */
export const statesMax = 2 ** 31 - 2 ** 20;

export class States {
  readonly segments: Int32Array[] = [];
  count = 0;
  /** Free segments, for reuse. */
  readonly #spare: Int32Array[] = [];
  #forgotten = 0;
  #bytes = 0;

  /** 32-bit words in a state, without its parent. */
  readonly words: number;
  /** Where new segments come from, if not from JavaScript's memory. */
  #provide: ((index: number) => Int32Array) | undefined;

  readonly #segmentBits: number;

  constructor(words: number, bits = segmentBits) {
    this.words = words;
    this.#segmentBits = bits;
  }

  get #segmentStates(): number {
    return 1 << this.#segmentBits;
  }

  /** Moves the states to segments of full length that the function provides, as it does all later ones. */
  move(provide: (index: number) => Int32Array): void {
    this.#provide = provide;
    this.segments.forEach((segment, i) => {
      const moved = provide(i);
      moved.set(segment);
      this.#bytes += moved.byteLength - segment.byteLength;
      this.segments[i] = moved;
    });
  }

  /** Later segments are in JavaScript's memory again. */
  stay(): void {
    this.#provide = undefined;
  }

  get stride(): number {
    return this.words + 1;
  }

  /** Makes space for so many states. Only the first segment starts small, and moves while it grows. */
  reserve(count: number): void {
    const [first] = this.segments;
    if (
      first !== undefined &&
      first !== nothing &&
      first.length < this.#segmentStates * this.stride &&
      count * this.stride > first.length
    ) {
      const larger = this.#allocate(this.#firstLength(count));
      larger.set(first);
      this.#bytes -= first.byteLength;
      this.segments[0] = larger;
    }
    while (this.segments.length * this.#segmentStates < count) {
      const length =
        this.segments.length === 0 ? this.#firstLength(count) : this.#segmentStates * this.stride;
      this.segments.push(this.#spare.pop() ?? this.#allocate(length));
    }
  }

  /** Adds a record of the batch. */
  append(batch: Int32Array, at: number): void {
    const segment = this.segment(this.count);
    const to = this.offset(this.count++);
    for (let k = 0; k < this.stride; k++) segment[to + k] = batch[at + k]!;
  }

  /** Frees the segments that hold only states before this one; new states reuse them. */
  forget(before: number): void {
    const gone = before >>> this.#segmentBits;
    for (let i = this.#forgotten; i < gone; i++) {
      const segment = this.segments[i]!;
      if (segment.length === this.#segmentStates * this.stride && this.#spare.length < spareMax) {
        this.#spare.push(segment);
      } else this.#bytes -= segment.byteLength;
      this.segments[i] = nothing;
    }
    this.#forgotten = Math.max(gone, this.#forgotten);
  }

  #allocate(length: number): Int32Array {
    this.#bytes += 4 * length;
    if (this.#provide !== undefined) return this.#provide(this.segments.length);
    return new Int32Array(length);
  }

  #firstLength(count: number): number {
    const states = Math.min(this.#segmentStates, Math.max(firstStates, 2 ** Math.ceil(Math.log2(2 * count))));
    return states * this.stride;
  }

  segment(number: number): Int32Array {
    return this.segments[number >>> this.#segmentBits]!;
  }

  /** The first number after those in the segment of this one. */
  segmentEnd(number: number): number {
    return ((number >>> this.#segmentBits) + 1) * this.#segmentStates;
  }

  /** Where a state begins in its segment. */
  offset(number: number): number {
    return (number & (this.#segmentStates - 1)) * this.stride;
  }

  parent(number: number): number {
    return this.segment(number)[this.offset(number) + this.words]!;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The bytes of the next segment. */
  get growthBytes(): number {
    if (this.#spare.length > 0) return 0;
    return 4 * Math.min(this.#segmentStates * this.stride, this.#firstLength(Math.max(1, 2 * this.count)));
  }
}

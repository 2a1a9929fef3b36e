// The cells of a hash table, in sixteen parts of staggered sizes that double one after the other: at no time are there
// two whole tables, and cells take about 7 bytes a state.
//
//   first hash: part by its first byte       second hash: bucket by its low bits, tag of the bits above them
//
// An entry is 1 + the number of a state, a bit that is set if it lies behind its own bucket, and a tag, so that few
// other states are compared. A tag has the bits that a number does not use, and loses one when numbers get one more.
//
// All parts lie in one array, each with space to grow in place. Pages that were never touched take no memory, so the
// reserve costs nothing, and one array keeps the loop that waits for memory short: the processor has as many fetches in
// flight as its instruction window allows.

export class TableParts {
  static readonly count = 16;
  /** Cells before the first part: arrays start 16 bytes after the start of a cache line. */
  static readonly alignment = 12;
  /** Initial cells of a part, and its initial reserve. */
  static readonly firstSize = 64;
  static readonly firstReserve = 2 ** 10;
  /** The reserve after that; a larger one would cause garbage collections in many small searches. */
  static readonly secondReserve = 2 ** 16;
  /** The last reserve: 2^30 cells in all, 4 GiB of which only touched pages take memory. */
  static readonly lastReserve = 2 ** 26;

  /** A part grows when more of its cells are taken. */
  readonly loadMax = 0.875;
  /** Entries in a bucket, as a power of two: half a cache line. */
  readonly bucketBits = 3;
  cells = new Int32Array(TableParts.count * TableParts.firstReserve + TableParts.alignment);
  /** Cells reserved for each part; part p begins at `begin(p)`. */
  reserved = TableParts.firstReserve;
  /** Bits of a number in an entry. */
  numberBits: number;

  // By part: entries, the most entries, cells, bits of a tag.
  readonly used = new Int32Array(TableParts.count);
  readonly capacity = new Int32Array(TableParts.count);
  readonly sizes = new Int32Array(TableParts.count).fill(TableParts.firstSize);
  readonly tagBits = new Int32Array(TableParts.count);

  // By the first byte of a hash: its part, the first cell and the last bucket there, bits of a bucket, mask of a tag.
  readonly partOfByte = partOfByte();
  readonly base = new Int32Array(256);
  readonly lastBucket = new Int32Array(256);
  readonly shift = new Int32Array(256);
  readonly tagMask = new Int32Array(256);

  constructor(numberBits: number) {
    this.numberBits = numberBits;
    this.tagBits.fill(31 - numberBits);
    this.settle();
  }

  begin(p: number): number {
    return p * this.reserved + TableParts.alignment;
  }

  /** Bits of the number of a bucket. */
  bucketsBits(p: number): number {
    return 31 - Math.clz32(this.sizes[p]!) - this.bucketBits;
  }

  /** Computes the derived arrays; to be called when sizes, tags or the array have changed. */
  settle(): void {
    for (let byte = 0; byte < 256; byte++) {
      const p = this.partOfByte[byte]!;
      this.base[byte] = this.begin(p);
      this.lastBucket[byte] = (this.sizes[p]! >>> this.bucketBits) - 1;
      this.shift[byte] = this.bucketsBits(p);
      this.tagMask[byte] = 2 ** this.tagBits[p]! - 1;
    }
    for (let p = 0; p < TableParts.count; p++) this.capacity[p] = Math.floor(this.sizes[p]! * this.loadMax);
  }

  /** Doubles the size of a part, and moves all parts if its reserve is too small. Its entries stay where they were. */
  double(p: number): void {
    if (2 * this.sizes[p]! > this.reserved) this.#move();
    this.sizes[p]! *= 2;
  }

  /** Sets tags to their full length, for a part that is filled anew. */
  lengthenTags(p: number): void {
    this.tagBits[p] = Math.min(31 - this.numberBits, 32 - this.bucketsBits(p));
  }

  /** One more bit for numbers, one less for tags. */
  widen(): void {
    const bits = this.numberBits++;
    const mask = -1 >>> (32 - bits);
    const { cells, tagBits } = this;
    for (let p = 0; p < TableParts.count; p++) {
      const begin = this.begin(p);
      for (let i = begin; i < begin + this.sizes[p]!; i++) {
        const entry = cells[i]!;
        cells[i] = ((entry >>> bits) << (bits + 1)) | (entry & mask);
      }
      tagBits[p] = Math.min(tagBits[p]!, 30 - bits);
    }
    this.settle();
  }

  /** How many cells all parts have. */
  get cellCount(): number {
    return this.sizes.reduce((sum, size) => sum + size, 0);
  }

  /** How many more cells growing takes, if so many new states come to each part. */
  growthCells(records: number): number {
    let most = 0;
    let more = 0;
    for (let p = 0; p < TableParts.count; p++) {
      let size = this.sizes[p]!;
      while (this.used[p]! + records > size * this.loadMax) size *= 2;
      most = Math.max(most, size);
      more += size - this.sizes[p]!;
    }
    return most > this.reserved ? this.cellCount + more : more;
  }

  /**
   * Gives all parts a larger reserve. If the full range cannot be reserved, they get less, and move again on a later
   * growth.
   */
  #move(): void {
    const { count, alignment, secondReserve, lastReserve } = TableParts;
    if (this.reserved === lastReserve) throw new Error('the table of states is full');
    let reserved = this.reserved < secondReserve ? secondReserve : lastReserve;
    let to: Int32Array<ArrayBuffer> | undefined;
    while (to === undefined) {
      try {
        to = new Int32Array(count * reserved + alignment);
      } catch (error) {
        reserved /= 4;
        if (reserved <= this.reserved) throw error;
      }
    }
    for (let p = 0; p < count; p++) {
      to.set(this.cells.subarray(this.begin(p), this.begin(p) + this.sizes[p]!), p * reserved + alignment);
    }
    this.cells = to;
    this.reserved = reserved;
    this.settle();
  }
}

/**
 * Which part of the table each first byte of a hash belongs to: shares grow by a factor of 2^(1/16) from part to part.
 */
function partOfByte(): Uint8Array {
  const { count } = TableParts;
  const weight = Array.from({ length: count }, (_, p) => 2 ** (p / count));
  const total = weight.reduce((sum, w) => sum + w, 0);
  let upTo = 0;
  const ends = weight.map((w) => {
    upTo += w;
    return upTo / total;
  });
  return Uint8Array.from({ length: 256 }, (_, byte) => {
    // The middle of the byte, as a fraction of all bytes.
    const part = ends.findIndex((end) => (byte + 0.5) / 256 < end);
    return part < 0 ? count - 1 : part;
  });
}

// The cells of a hash table, in sixteen parts of staggered sizes that double one after the other: so there is no moment
// with two whole tables, and always about 7 bytes a state. Runs in threads that start from its text, so it uses nothing
// but its arguments and itself.
//
//   first hash: part by its first byte       second hash: bucket by its low bits, tag of the bits above them
//
// An entry is 1 + the number of a state, a bit that says whether it lies behind its own bucket, and a tag, so that few
// other states are compared. A tag has the bits that a number does not need, and loses one as numbers get one more.
//
// All parts lie in one array, each with room to grow in place. Memory that was never touched is none, so the room costs
// nothing, and one array makes the loop that waits for memory a short one: the processor waits for as many buckets at once
// as it has instructions in flight.

export class TableParts {
  static readonly count = 16;
  /** Cells before the first part: arrays begin 16 bytes behind a line of the cache. */
  static readonly alignment = 12;
  /** Cells of a part at first, and the room that it has then. */
  static readonly firstSize = 64;
  static readonly firstRoom = 2 ** 10;
  /** Once it has outgrown that; more would make V8 collect garbage in many a small search. */
  static readonly secondRoom = 2 ** 16;
  /** Once it has outgrown that too: together 2^30 cells, 4 GiB of which only what is used is ever taken. */
  static readonly lastRoom = 2 ** 26;

  /** A part grows when more of its cells are taken. */
  readonly loadMax = 0.875;
  /** Entries in a bucket, as a power of two: half a line of a cache. */
  readonly bucketBits = 3;
  cells = new Int32Array(TableParts.count * TableParts.firstRoom + TableParts.alignment);
  /** Cells that each part has room for; part p begins at `begin(p)`. */
  room = TableParts.firstRoom;
  /** Bits of a number in an entry. */
  numberBits: number;

  // By part: entries, how many there may be, cells, bits of a tag.
  readonly used = new Int32Array(TableParts.count);
  readonly capacity = new Int32Array(TableParts.count);
  readonly sizes = new Int32Array(TableParts.count).fill(TableParts.firstSize);
  readonly tagBits = new Int32Array(TableParts.count);

  // By the first byte of a hash: its part, the first cell and the last bucket there, bits of a bucket, mask of a tag.
  readonly partOfByte: Uint8Array;
  readonly base = new Int32Array(256);
  readonly lastBucket = new Int32Array(256);
  readonly shift = new Int32Array(256);
  readonly tagMask = new Int32Array(256);

  /** The share of its cells that may be taken before a new state makes a part grow. */
  readonly #load: number;

  constructor(partOfByte: Uint8Array, numberBits: number, load?: number) {
    this.partOfByte = partOfByte;
    this.numberBits = numberBits;
    this.#load = load ?? this.loadMax;
    this.tagBits.fill(31 - numberBits);
    this.settle();
  }

  begin(p: number): number {
    return p * this.room + TableParts.alignment;
  }

  /** Bits of the number of a bucket. */
  bucketsBits(p: number): number {
    return 31 - Math.clz32(this.sizes[p]!) - this.bucketBits;
  }

  /** To be called when sizes, tags or the array have changed: puts down what follows from them. */
  settle(): void {
    for (let byte = 0; byte < 256; byte++) {
      const p = this.partOfByte[byte]!;
      this.base[byte] = this.begin(p);
      this.lastBucket[byte] = (this.sizes[p]! >>> this.bucketBits) - 1;
      this.shift[byte] = this.bucketsBits(p);
      this.tagMask[byte] = 2 ** this.tagBits[p]! - 1;
    }
    for (let p = 0; p < TableParts.count; p++) this.capacity[p] = Math.floor(this.sizes[p]! * this.#load);
  }

  /** Doubles the size of a part, and moves all parts if it has no room for that. Its entries are where they were. */
  double(p: number): void {
    if (2 * this.sizes[p]! > this.room) this.#move();
    this.sizes[p]! *= 2;
  }

  /** Tags as long as they can be, for a part that is filled anew. */
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

  /** How many more cells it takes to grow, if so many new states come to each part. */
  growthCells(records: number): number {
    let most = 0;
    let more = 0;
    for (let p = 0; p < TableParts.count; p++) {
      let size = this.sizes[p]!;
      while (this.used[p]! + records > size * this.loadMax) size *= 2;
      most = Math.max(most, size);
      more += size - this.sizes[p]!;
    }
    return most > this.room ? this.cellCount + more : more;
  }

  /** Gives all parts more room. If the full range cannot be reserved, they get less, and move again on a later growth. */
  #move(): void {
    const { count, alignment, secondRoom, lastRoom } = TableParts;
    if (this.room === lastRoom) throw new Error('the table of states is full');
    let room = this.room < secondRoom ? secondRoom : lastRoom;
    let to: Int32Array<ArrayBuffer> | undefined;
    while (to === undefined) {
      try {
        to = new Int32Array(count * room + alignment);
      } catch (error) {
        room /= 4;
        if (room <= this.room) throw error;
      }
    }
    for (let p = 0; p < count; p++) {
      to.set(this.cells.subarray(this.begin(p), this.begin(p) + this.sizes[p]!), p * room + alignment);
    }
    this.cells = to;
    this.room = room;
    this.settle();
  }
}

/** Which of several tables the first byte of a hash belongs to. */
export const tableOfByte = (byte: number, tables: number): number => Math.floor(amongAll(byte) * tables);

/**
 * Which part of its table each first byte of a hash belongs to, where there are so many tables: shares grow by a factor
 * of 2^(1/16) from part to part.
 */
export function partOfByte(tables: number): Uint8Array {
  const { count } = TableParts;
  const weight = Array.from({ length: count }, (_, p) => 2 ** (p / count));
  const total = weight.reduce((sum, w) => sum + w, 0);
  let upTo = 0;
  const ends = weight.map((w) => {
    upTo += w;
    return upTo / total;
  });
  return Uint8Array.from({ length: 256 }, (_, byte) => {
    const part = ends.findIndex((end) => (amongAll(byte) * tables) % 1 < end);
    return part < 0 ? count - 1 : part;
  });
}

/** Where a byte lies among all, as a fraction. */
const amongAll = (byte: number): number => (byte + 0.5) / 256;

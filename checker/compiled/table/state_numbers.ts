// Numbers packed states in the order in which they come: an array of the states, and an open hash table of 1 + their
// numbers. For searches that look up the number of a state.

/** The states are in `words`, one after the other. */
export class StateNumbers {
  words: Int32Array;
  count = 0;
  readonly #width: number;
  #slots = new Int32Array(1024);

  constructor(width: number) {
    this.#width = width;
    this.words = new Int32Array(1024 * width);
  }

  get bytes(): number {
    return this.words.byteLength + this.#slots.byteLength;
  }

  /** The number of the state at `from[at]`; the next number if it is new. */
  numberOf(from: Int32Array, at: number): number {
    const width = this.#width;
    const last = this.#slots.length - 1;
    let slot = hash(from, at, width) & last;
    for (let entry = this.#slots[slot]!; entry !== 0; entry = this.#slots[slot]!) {
      let k = 0;
      while (k < width && this.words[(entry - 1) * width + k] === from[at + k]) k++;
      if (k === width) return entry - 1;
      slot = (slot + 1) & last;
    }
    if ((this.count + 1) * width > this.words.length) {
      const larger = new Int32Array(2 * this.words.length);
      larger.set(this.words);
      this.words = larger;
    }
    this.words.set(from.subarray(at, at + width), this.count * width);
    this.#slots[slot] = ++this.count;
    if (2 * this.count > this.#slots.length) this.#grow();
    return this.count - 1;
  }

  #grow(): void {
    const last = 2 * this.#slots.length - 1;
    this.#slots = new Int32Array(last + 1);
    for (let i = 0; i < this.count; i++) {
      let slot = hash(this.words, i * this.#width, this.#width) & last;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & last;
      this.#slots[slot] = i + 1;
    }
  }
}

/** Multiply and xor, word by word; then the upper bits mixed into the lower. */
function hash(words: Int32Array, at: number, width: number): number {
  let h = 0x9e3779b9 | 0;
  for (let k = 0; k < width; k++) {
    h = Math.imul(h ^ words[at + k]!, 0x85ebca6b);
    h ^= h >>> 15;
  }
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

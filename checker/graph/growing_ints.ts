// A list of 32-bit integers that grows at its end.

export class GrowingInts {
  #array = new Int32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Bytes, reserve included. */
  get bytes(): number {
    return this.#array.byteLength;
  }

  push(value: number): void {
    if (this.#length === this.#array.length) {
      const larger = new Int32Array(2 * this.#length);
      larger.set(this.#array);
      this.#array = larger;
    }
    this.#array[this.#length++] = value;
  }

  at(i: number): number {
    return this.#array[i]!;
  }

  /** The numbers so far; valid until the next push. */
  toArray(): Int32Array {
    return this.#array.subarray(0, this.#length);
  }
}

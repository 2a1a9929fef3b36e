// Where the sleeping threads of states lie that are not expanded yet: in pages for states with consecutive numbers. A
// page is used again once all its states are expanded, so there are pages for the largest frontier, not for all states.

/** The memory of the pages. */
export interface FrontierMemory {
  /** By number of a state, divided by the states of a page: the address of the page, 0 for none. */
  readonly addresses: Int32Array;
  readonly begin: number;
  readonly pages: number;
  readonly pageBits: number;
  /** Bytes of a page. */
  readonly pageBytes: number;
}

export class FrontierPages {
  readonly #memory: FrontierMemory;
  /** Pages that were ever used. */
  #used = 0;
  /** The first states that may have a page, and those behind all that do, divided by the states of a page. */
  #first: number;
  #next: number;

  /** States before `count` have no sleeping threads. */
  constructor(memory: FrontierMemory, count: number) {
    this.#memory = memory;
    this.#first = count >>> memory.pageBits;
    this.#next = this.#first;
  }

  get bytes(): number {
    return this.#used * this.#memory.pageBytes;
  }

  /** Provides pages for states before `end`, of which those before `head` are expanded. Without a page none sleeps. */
  reserve(head: number, end: number): void {
    const { addresses, pageBits } = this.#memory;
    for (; this.#next << pageBits < end; this.#next++)
      addresses[this.#next] = this.#free(head) ?? this.#unused();
  }

  /** A page whose states are all expanded. */
  #free(head: number): number | undefined {
    const { addresses, pageBits } = this.#memory;
    while (this.#first < this.#next && (this.#first + 1) << pageBits <= head) {
      const address = addresses[this.#first]!;
      addresses[this.#first++] = 0;
      if (address !== 0) return address;
    }
    return undefined;
  }

  #unused(): number {
    const { begin, pages, pageBytes } = this.#memory;
    return this.#used < pages ? begin + this.#used++ * pageBytes : 0;
  }
}

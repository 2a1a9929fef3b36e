// The numbers through which the threads of a search in WebAssembly communicate. Chunks of states are claimed in the order
// of the states, and each has a slot until its successors are entered. Runs in threads that start from its text, so it
// uses nothing but its arguments and itself.
//
//   claimed by any thread: seq 7, states 1,024 … 1,087   ->   slot 7 mod slots: free … ready   ->   entered in order

/** A chunk of states that a thread expands: from `from` up to `to`. */
export interface Chunk {
  readonly slot: number;
  readonly from: number;
  readonly to: number;
}

/** What expanding a chunk has given. */
export interface ChunkResult {
  /** The address behind the records that are left after sifting. */
  readonly end: number;
  readonly successors: number;
  readonly faults: number;
  /** Is any event in it new? Then it is expanded once more, in order. */
  readonly hasNews: boolean;
}

export class ChunkMailbox {
  static readonly fields = [
    'lock',
    /** The next state that no thread has claimed, and the number of its chunk. */
    'next',
    'claimed',
    /** States in the log; cells of the table, and the bits of a cell that have a number. */
    'count',
    'cells',
    'numberMask',
    /** The first state that is not in the level that is being expanded. */
    'levelEnd',
    'chunkStates',
    /** Grows with each change that a thread may wait for. */
    'signal',
    /** 1 once the search has ended or a thread has failed. */
    'over',
    /** 1 while a fault or a deadlock would be new. */
    'faultIsNews',
    'deadlockIsNews',
  ] as const;
  static readonly slotFields = ['isReady', 'from', 'to', 'end', 'successors', 'faults', 'hasNews'] as const;
  /** Each of these begins at a cache line of its own. */
  static readonly rowLength = 16;

  readonly numbers: Int32Array;
  readonly slots: number;

  constructor(numbers: Int32Array, slots: number) {
    this.numbers = numbers;
    this.slots = slots;
  }

  /** The length of a mailbox with so many slots. */
  static length(slots: number): number {
    return ChunkMailbox.rowLength * (ChunkMailbox.fields.length + slots);
  }

  get(name: (typeof ChunkMailbox.fields)[number]): number {
    return Atomics.load(this.numbers, this.#at(name));
  }
  set(name: (typeof ChunkMailbox.fields)[number], value: number): void {
    Atomics.store(this.numbers, this.#at(name), value);
  }

  /** The next chunk; undefined if none is to be expanded now, or all slots are taken. */
  claim(): Chunk | undefined {
    const lock = this.#at('lock');
    while (Atomics.compareExchange(this.numbers, lock, 0, 1) !== 0);
    try {
      return this.#claim();
    } finally {
      Atomics.store(this.numbers, lock, 0);
    }
  }

  #claim(): Chunk | undefined {
    const claimed = this.get('claimed');
    const slot = claimed % this.slots;
    const at = this.#slotAt(slot);
    // A slot is free once its states are behind those that are entered: `from` is then -1.
    if (this.numbers[at + 1] !== -1) return undefined;
    const from = this.get('next');
    // In this order: the end of a level is published before any state of the level behind it.
    const count = this.get('count');
    const levelEnd = this.get('levelEnd');
    const chunkStates = this.get('chunkStates');
    const to = from + chunkStates;
    // Of the next level only whole chunks are expanded before this one is entered: the rest of it is to come.
    if (from >= levelEnd && to > count) return undefined;
    const end = from < levelEnd ? Math.min(to, levelEnd) : to;
    this.set('next', end);
    this.set('claimed', claimed + 1);
    this.numbers[at + 1] = from;
    this.numbers[at + 2] = end;
    return { slot, from, to: end };
  }

  /** Hands a chunk over to be entered. */
  finish(slot: number, { end, successors, faults, hasNews }: ChunkResult): void {
    const at = this.#slotAt(slot);
    this.numbers.set([end, successors, faults, hasNews ? 1 : 0], at + 3);
    Atomics.store(this.numbers, at, 1);
    Atomics.notify(this.numbers, at);
  }

  isReady(slot: number): boolean {
    return Atomics.load(this.numbers, this.#slotAt(slot)) === 1;
  }
  chunk(slot: number): Chunk {
    const at = this.#slotAt(slot);
    return { slot, from: this.numbers[at + 1]!, to: this.numbers[at + 2]! };
  }
  result(slot: number): ChunkResult {
    const [end, successors, faults, hasNews] = this.numbers.subarray(this.#slotAt(slot) + 3);
    return { end: end!, successors: successors!, faults: faults!, hasNews: hasNews === 1 };
  }

  /** Waits until a chunk is ready, at most some milliseconds. */
  awaitReady(slot: number, milliseconds: number): void {
    Atomics.wait(this.numbers, this.#slotAt(slot), 0, milliseconds);
  }

  /** Frees a slot, and publishes how many states there are. */
  free(slot: number, count: number): void {
    const at = this.#slotAt(slot);
    Atomics.store(this.numbers, at, 0);
    Atomics.store(this.numbers, at + 1, -1);
    this.set('count', count);
    this.signal();
  }

  /** Wakes the threads that wait for a change. */
  signal(): void {
    Atomics.add(this.numbers, this.#at('signal'), 1);
    Atomics.notify(this.numbers, this.#at('signal'));
  }

  /** Waits for a change since `signal` was this number. */
  awaitSignal(seen: number): void {
    Atomics.wait(this.numbers, this.#at('signal'), seen, 1000);
  }

  #at(name: (typeof ChunkMailbox.fields)[number]): number {
    return ChunkMailbox.rowLength * ChunkMailbox.fields.indexOf(name);
  }
  #slotAt(slot: number): number {
    return ChunkMailbox.rowLength * (ChunkMailbox.fields.length + slot);
  }
}

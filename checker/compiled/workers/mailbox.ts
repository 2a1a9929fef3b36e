// The numbers through which the threads of a search communicate, in one shared array, each with a name: the parameters
// of the round, the results of each worker, and the barrier. Runs in threads that start from its text, so it uses
// nothing but its arguments and itself.

/** The names of the numbers, in the order of their indices. */
export type MailboxField = (typeof Mailbox.fields)[number];
/** The results of each worker in a round. */
export type WorkerResult = (typeof Mailbox.results)[number];

export class Mailbox {
  static readonly fields = [
    /** How many barriers all workers have passed, and how many workers wait at the current one. */
    'generation',
    'arrived',
    /** 1 once a worker has failed or the search has ended: every barrier then throws. */
    'over',
    /** The states of the round, the size of a chunk, and the next chunk that no worker has taken. */
    'from',
    'to',
    'chunkStates',
    'nextChunk',
    /** The number of the first new state, and the bits of a number. */
    'firstNew',
    'numberBits',
    /** 1 once an outbox is full: then nothing is entered, and the round is repeated with fewer states. */
    'full',
    /** How many segments have been sent to each worker. */
    'segmentsSent',
    /** 1 while a fault or a deadlock would be new. */
    'faultIsNews',
    'deadlockIsNews',
  ] as const;
  static readonly results = [
    'successors',
    'faults',
    /** 1 if an event in its chunks is new. */
    'news',
    'routed',
    /** Cells of its table, and how many more its next growth takes. */
    'cells',
    'growthCells',
  ] as const;
  /** The results of each worker begin at a cache line of their own. */
  static readonly rowLength = 16;

  readonly numbers: Int32Array;
  readonly workers: number;
  readonly #at: { readonly [name in MailboxField]: number };
  readonly #resultAt: { readonly [name in WorkerResult]: number };

  constructor(numbers: Int32Array, workers: number) {
    const places = <N extends string>(names: readonly N[]) =>
      Object.fromEntries(names.map((name, i) => [name, i])) as { readonly [name in N]: number };
    this.numbers = numbers;
    this.workers = workers;
    this.#at = places(Mailbox.fields);
    this.#resultAt = places(Mailbox.results);
  }

  /** The length of the mailbox of so many workers. */
  static length(workers: number): number {
    return (1 + workers) * Mailbox.rowLength;
  }

  get(name: MailboxField): number {
    return Atomics.load(this.numbers, this.#at[name]);
  }

  set(name: MailboxField, value: number): void {
    Atomics.store(this.numbers, this.#at[name], value);
  }

  /** Adds to a number, and returns the value before. */
  add(name: MailboxField, value: number): number {
    return Atomics.add(this.numbers, this.#at[name], value);
  }

  /** Stores results of a worker. */
  report(worker: number, results: { readonly [name in WorkerResult]?: number }): void {
    const row = (1 + worker) * Mailbox.rowLength;
    for (const name of Mailbox.results) {
      const value = results[name];
      if (value !== undefined) this.numbers[row + this.#resultAt[name]] = value;
    }
  }

  /** The sum of a result over all workers. */
  sum(name: WorkerResult): number {
    let sum = 0;
    for (let w = 1; w <= this.workers; w++)
      sum += this.numbers[w * Mailbox.rowLength + this.#resultAt[name]]!;
    return sum;
  }

  /** Ends the search for all threads: each thread at a barrier, now or later, throws. */
  end(): void {
    this.set('over', 1);
    Atomics.notify(this.numbers, this.#at.generation);
  }

  /** Waits until all workers are here. Throws if one of them will not come. */
  barrier(): void {
    const generation = this.get('generation');
    if (this.add('arrived', 1) === this.workers - 1) {
      this.set('arrived', 0);
      this.add('generation', 1);
      Atomics.notify(this.numbers, this.#at.generation);
      return;
    }
    // Waking up takes longer than most waits, so spin first.
    for (let spin = 0; spin < 100_000; spin++) if (this.get('generation') !== generation) return;
    while (this.get('generation') === generation) {
      if (this.get('over') !== 0) throw new Error('a worker failed');
      Atomics.wait(this.numbers, this.#at.generation, generation, 1000);
    }
  }
}

// The numbers through which the threads of a search talk, in one shared array, each under a name: what the round is,
// what each worker found in it, and the barrier at which all wait for each other. Runs in threads that start from its
// text, so it uses nothing but its arguments and itself.

/** The names of the numbers, in the order in which they lie there. */
export type MailboxField = (typeof Mailbox.fields)[number];
/** What each worker writes down of a round. */
export type WorkerResult = (typeof Mailbox.results)[number];

export class Mailbox {
  static readonly fields = [
    /** How often all workers have met, and how many are at the barrier. */
    'generation',
    'arrived',
    /** 1 once a worker has failed or the search has ended: every barrier then throws. */
    'over',
    /** The states of the round, how many make a chunk, and the next chunk that nobody works on. */
    'from',
    'to',
    'chunkStates',
    'nextChunk',
    /** The number of the first new state, and the bits of a number. */
    'firstNew',
    'numberBits',
    /** 1 once an outbox is full: then nothing is entered, and the round is done again with fewer states. */
    'full',
    /** How many segments were sent to each worker so far. */
    'segmentsSent',
    /** 1 while a fault, a deadlock is news. */
    'faultIsNews',
    'deadlockIsNews',
  ] as const;
  static readonly results = [
    'successors',
    'faults',
    /** 1 if something in its chunks is news. */
    'news',
    'routed',
    /** Cells of its table, and how many more its next growth takes. */
    'cells',
    'growthCells',
  ] as const;
  /** Results of a worker begin at a line of the cache of their own. */
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

  /** How many numbers the mailbox of so many workers takes. */
  static length(workers: number): number {
    return (1 + workers) * Mailbox.rowLength;
  }

  get(name: MailboxField): number {
    return Atomics.load(this.numbers, this.#at[name]);
  }

  set(name: MailboxField, value: number): void {
    Atomics.store(this.numbers, this.#at[name], value);
  }

  /** Adds to a number, and returns what it was before. */
  add(name: MailboxField, value: number): number {
    return Atomics.add(this.numbers, this.#at[name], value);
  }

  /** Writes down results of a worker. */
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

  /** Ends the search for all: whoever waits at a barrier, or comes to one, throws. */
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
    // To be woken takes longer than most waits.
    for (let spin = 0; spin < 100_000; spin++) if (this.get('generation') !== generation) return;
    while (this.get('generation') === generation) {
      if (this.get('over') !== 0) throw new Error('a worker failed');
      Atomics.wait(this.numbers, this.#at.generation, generation, 1000);
    }
  }
}

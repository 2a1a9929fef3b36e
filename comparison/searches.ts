// Starts the searches of a comparison: a limited number at once, and one for all settings that give an equal Program.

import type { LimitReached, Lowered, MemoryModel } from '../checker/index.js';
import type { SourceLocation } from '../models/language/index.js';
import { type CellRefused, unlessRefused } from './refusal.js';

/** The settings, beside the defaults, under which a model is lowered. */
export type SearchSettings = { readonly [name: string]: unknown };

/** What is searched: a model under some settings, and under a memory model where the comparison names one. */
export interface Subject {
  readonly settings: SearchSettings;
  readonly memory?: MemoryModel;
}

/** What lowers models and knows when to stop. `what` names a search, for people. */
export interface Lowering {
  /** Lowers the model; undefined once it is stopped. */
  readonly lower: (what: string, subject: Subject) => Promise<Lowered | undefined>;
  /** Why it was stopped, once it is. */
  readonly stopped: () => LimitReached | undefined;
  /** A place in a model as text. */
  readonly locate: (at: SourceLocation) => string;
}

/** How searches are started. */
export interface Starting<L extends Lowering = Lowering> {
  readonly runner: L;
  readonly slots: Slots;
  /** Called before each. */
  readonly onNext: (what: string) => void;
}

/** A search to start. */
export interface Planned<P> {
  /** Where its result belongs. */
  readonly place: P;
  readonly what: string;
  readonly subject: Subject;
}

/** A search that has started, unless its Program is refused or is one that was searched before. */
export interface Started<P, R> {
  readonly place: P;
  /** Absent if it is refused. */
  readonly lowered?: Lowered;
  /** Undefined if it was stopped before it found anything. */
  readonly result: Promise<R | CellRefused | undefined>;
}

/** Starts one search after the other, as slots get free, and returns once the last has begun; fewer if it is stopped. */
export async function startSearches<P, R>(
  planned: readonly Planned<P>[],
  { runner, slots, onNext }: Starting,
  search: (what: string, lowered: Lowered, subject: Subject) => Promise<R | undefined>,
): Promise<readonly Started<P, R>[]> {
  const programs = new Programs<{ readonly result: Promise<R | CellRefused | undefined> }>();
  const started: Started<P, R>[] = [];
  for (const { place, what, subject } of planned) {
    if (runner.stopped() !== undefined) break;
    onNext(what);
    const lowered = await unlessRefused(() => runner.lower(what, subject), runner.locate);
    if (lowered === undefined) break;
    if ('why' in lowered) {
      started.push({ place, result: Promise.resolve(lowered) });
      continue;
    }
    const { result } = await programs.first(lowered, () =>
      slots.start(() => unlessRefused(() => search(what, lowered, subject), runner.locate)),
    );
    started.push({ place, lowered, result });
    // A turn of the event loop: many searches are too short to yield.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return started;
}

/** Values by Program, whatever its settings are. */
class Programs<V> {
  readonly #known = new Map<unknown, V>();

  /** The value of a Program that is equal, or a new one. */
  async first({ program, properties }: Lowered, make: () => Promise<V>): Promise<V> {
    // Lowering returns the same steps for a Program that it reuses: they need no comparison.
    const same = this.#known.get(program.steps);
    if (same !== undefined) return same;
    const { settings: _, ...rest } = program;
    const key = JSON.stringify([rest, properties]);
    const value = this.#known.get(key) ?? (await make());
    this.#known.set(program.steps, value).set(key, value);
    return value;
  }
}

/** How many searches run at once. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(size: number) {
    this.#free = size;
  }

  /** Starts the work once a slot is free. Its promise is wrapped in an object, since `await` would wait for it. */
  async start<R>(work: () => Promise<R>): Promise<{ readonly result: Promise<R> }> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const result = work().finally(() => {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    });
    // The caller gets an error when it awaits the result, which may be later: until then the error is no unhandled one.
    result.catch(() => {});
    return { result };
  }
}

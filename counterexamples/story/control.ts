// Which tests decide whether a thread comes to a location. A test is a location with several ways on; ways that only
// report a bug are none. It decides a location if one of its ways always leads there and another need not.
//
//   a: if (x)  then b, else c;  d after both        a decides b and c, and not d

import type { Program, Step, ThreadId } from '../../checker/index.js';

/** The ways on from each location of a thread. */
export class Control {
  readonly #ways: ReadonlyMap<number, readonly Step[]>;
  readonly #tests: readonly number[];
  readonly #deciders = new Map<number, readonly number[]>();

  constructor({ steps }: Program, thread: ThreadId) {
    const ways = new Map<number, Step[]>();
    for (const step of steps) {
      if (step.thread !== thread || step.reports?.kind === 'bug') continue;
      const known = ways.get(step.from);
      if (known === undefined) ways.set(step.from, [step]);
      else known.push(step);
    }
    this.#ways = ways;
    this.#tests = [...ways].flatMap(([location, { length }]) => (length > 1 ? [location] : []));
  }

  isTest(location: number): boolean {
    return this.#tests.includes(location);
  }

  /** The tests that decide whether the thread comes to a location. */
  decidersOf(location: number): readonly number[] {
    const known = this.#deciders.get(location);
    if (known !== undefined) return known;
    const deciders = this.#tests.filter((test) => this.#decides(test, location));
    this.#deciders.set(location, deciders);
    return deciders;
  }

  #decides(test: number, location: number): boolean {
    if (!this.#meets(test, location)) return false;
    const targets = new Set(this.#ways.get(test)!.map(({ to }) => to));
    const missing = [...targets].filter((target) => this.#misses(target, test, location));
    return missing.length > 0 && missing.length < targets.size;
  }

  /** Does some way from the test lead to the location before it leads back to the test? */
  #meets(test: number, location: number): boolean {
    let isMet = false;
    this.#walk(this.#next(test), (at) => {
      isMet ||= at === location;
      return at === location || at === test;
    });
    return isMet;
  }

  /** May a thread at `from` end, or come back to the test, without having been at the location? */
  #misses(from: number, test: number, location: number): boolean {
    let isMissed = false;
    this.#walk([from], (at) => {
      if (at === location) return true;
      isMissed ||= at === test || this.#next(at).length === 0;
      return isMissed;
    });
    return isMissed;
  }

  #next = (location: number): readonly number[] => (this.#ways.get(location) ?? []).map(({ to }) => to);

  /** Visits what can be reached; does not go on from where `stops` is true. */
  #walk(from: readonly number[], stops: (at: number) => boolean): void {
    const seen = new Set(from);
    for (const at of seen) {
      if (!stops(at)) for (const to of this.#next(at)) seen.add(to);
    }
  }
}

// Seeded random numbers: a seed gives the same numbers on every machine.

export interface Random {
  /** A whole number from 0 to count - 1. */
  below(count: number): number;
  /** True once in so many times. */
  oneIn(times: number): boolean;
  pick<T>(from: readonly T[]): T;
}

/** The generator known as mulberry32: 32 bits of state, good enough to vary tests. */
export function random(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  return { below, oneIn: (times) => below(times) === 0, pick: (from) => from[below(from.length)]! };
}

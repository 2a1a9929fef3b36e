// The code that mixes the words of a state into two 32-bit hashes, h and g, in a few nanoseconds. It only spreads
// states over the table: the table compares whole states, so no answer depends on its quality.

/** Odd numbers with their bits spread evenly; multiplication by them is one to one. */
const primes = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1, 0xcc9e2d51] as const;
const prime = (i: number): string => `${primes[i % primes.length]! | 0}`;

/** The text that computes h from the words named so. */
export function firstHashText(words: readonly string[]): readonly string[] {
  return [
    'let h = 1831565813;',
    ...words.map((word, i) => `h = Math.imul(h ^ ${word}, ${prime(i)}); h ^= h >>> 15;`),
    `h = Math.imul(h, ${prime(2)}); h ^= h >>> 14;`,
  ];
}

/** The text that computes g, after h. */
export function secondHashText(words: readonly string[]): readonly string[] {
  return [
    'let g = -1640531527;',
    ...words.map((word, i) => `g = Math.imul(g + ${word} | 0, ${prime(i + 3)}); g ^= g >>> 13;`),
    `g = Math.imul(g ^ h, ${prime(1)}); g ^= g >>> 15;`,
  ];
}

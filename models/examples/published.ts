// Published figures, as manifests quote them. Each text says where its tool counts in another way than a manifest, so
// that both can be compared.

/**
 * TLC's figures for a TLA+ module: `generated` are a manifest's transitions and the initial states, `depth` is one more
 * than a manifest's.
 */
export const tlc = (
  module: string,
  distinct: number,
  generated: number,
  depth: number,
  initial = 1,
): string =>
  `TLC on ${module}: ${distinct} distinct states; ${generated} generated, ` +
  `${initial === 1 ? 'the initial one' : `${initial} initial ones`} among them; depth ${depth}, in states`;

/** For a depth that is not that of the shortest paths: TLC's workers do not wait for each other. */
export const perhaps_too_deep = '; with several workers, TLC may find a longer path first';

/** Murphi's figures for a model. */
export const murphi = (file: string, states: number, rules: number): string =>
  `Murphi on ${file}: ${states} states; ${rules} rules fired, a turn of a waiting loop included`;

/** The figures of BEEM, the benchmarks for explicit model checkers, in the DVE language. */
export const beem = (model: string, states: number, transitions: number): string =>
  `BEEM's ${model}: ${states} states, ${transitions} transitions`;

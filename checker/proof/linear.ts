// Linear equations with small whole solutions, solved modulo a prime: which weights of features give a number in every
// observation. Of several solutions the one is taken that leaves out the last features.

const prime = 67_108_859;
const weightMax = 64;

/** Gathers observations, each a row of features and the number that they give. */
export class LinearSystem {
  readonly #width: number;
  /** By leading column: rows with a 1 there, the number behind the features. */
  readonly #rows = new Map<number, readonly number[]>();

  constructor(width: number) {
    this.#width = width;
  }

  /** False if no weights give these numbers. */
  add(features: readonly number[], value: number): boolean {
    let row: number[] = [...features, value].map((x) => ((x % prime) + prime) % prime);
    for (let column = 0; column < this.#width; column++) {
      const factor = row[column]!;
      if (factor === 0) continue;
      const known = this.#rows.get(column);
      if (known === undefined) {
        const inverse = power(factor, prime - 2);
        this.#rows.set(
          column,
          row.map((x) => (x * inverse) % prime),
        );
        return true;
      }
      row = row.map((x, i) => (x + (prime - factor) * known[i]!) % prime);
    }
    return row[this.#width] === 0;
  }

  /** A weight for each feature; undefined if some weight is no small number. */
  solution(): readonly number[] | undefined {
    const weights: number[] = Array.from({ length: this.#width }, () => 0);
    for (let column = this.#width - 1; column >= 0; column--) {
      const row = this.#rows.get(column);
      if (row === undefined) continue;
      let value = row[this.#width]!;
      for (let i = column + 1; i < this.#width; i++)
        value = (value + (prime - row[i]!) * ((weights[i]! + prime) % prime)) % prime;
      const signed = value > prime / 2 ? value - prime : value;
      if (Math.abs(signed) > weightMax) return undefined;
      weights[column] = signed;
    }
    return weights;
  }
}

/** Modulo the prime; the products stay below 2^53. */
function power(base: number, exponent: number): number {
  let [result, square] = [1, base];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * square) % prime;
    square = (square * square) % prime;
  }
  return result;
}

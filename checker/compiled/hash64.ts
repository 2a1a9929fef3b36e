// 64-bit hashes of whole states, where the quality of the hash carries the answer. The only user of xxhash-wasm.

import xxhash from 'xxhash-wasm';

/** The two halves of the hash of some bytes; `high` and `low` are signed. */
export interface Hash64 {
  hash(bytes: Uint8Array): void;
  readonly high: number;
  readonly low: number;
}

/** Loads the hash function. */
export async function hash64(): Promise<Hash64> {
  const { h64Raw } = await xxhash();
  const whole = new BigUint64Array(1);
  const halves = new Int32Array(whole.buffer);
  return {
    hash(bytes) {
      whole[0] = h64Raw(bytes);
    },
    get high() {
      return halves[1]!;
    },
    get low() {
      return halves[0]!;
    },
  };
}

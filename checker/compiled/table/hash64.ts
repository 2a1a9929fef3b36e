// 64-bit hashes of good quality, for storages whose answers depend on it. The only user of xxhash-wasm.

import xxhash from 'xxhash-wasm';

/** The hash of some bytes: a number below 2^64. */
export type Hash64 = (bytes: Uint8Array) => bigint;

/** Loads the hash function. */
export async function hash64(): Promise<Hash64> {
  const { h64Raw } = await xxhash();
  return (bytes) => h64Raw(bytes);
}

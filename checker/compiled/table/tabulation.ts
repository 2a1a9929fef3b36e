// Hashes of whole states for storages that compare no states, so that the answer depends on the quality of the hash.
// Each byte of a state selects a random 64-bit number from a table of its own; the hash is the xor of these numbers.
//
//   state 0x00030201  ->  t0[1] ^ t1[2] ^ t2[3] ^ t3[0]
//
// Two different states differ in some byte, and the numbers selected there are independent of all others: so they have
// the same hash with probability 2^-64, whatever the states are (Carter and Wegman 1979). The numbers are 64-bit hashes
// of their positions. Hashing each state with xxhash would cost ten times as much, most of it for the call.

import { Code } from '../emit/code.js';
import type { Hash64 } from './hash64.js';

/** Hashes the records of a batch up to index `length`: the halves of each hash, alternating, never both 0. */
export type BatchHash = (batch: Int32Array, length: number, hashes: Int32Array) => void;

const bytesPerWord = 4;
const valuesPerByte = 256;

/** Hashes records of so many words and a mark, which is ignored. */
export function batchHash(words: number, hash: Hash64): BatchHash {
  return writeBatchHash(words).compile<Int32Array, BatchHash>('table')(randomNumbers(words, hash));
}

/** For each byte of a state, for each of its values, the halves of a random number. */
function randomNumbers(words: number, hash: Hash64): Int32Array {
  const numbers = new BigUint64Array(words * bytesPerWord * valuesPerByte);
  const place = new Uint32Array(1);
  const bytes = new Uint8Array(place.buffer);
  for (let i = 0; i < numbers.length; i++) {
    place[0] = i;
    numbers[i] = hash(bytes);
  }
  return new Int32Array(numbers.buffer);
}

function writeBatchHash(words: number): Code {
  const code = new Code();
  const places: string[] = [];
  code.block('return (batch, length, hashes) =>', () => {
    code.block(`for (let o = 0, k = 0; o < length; o += ${words + 1}, k += 2)`, () => {
      for (let i = 0; i < words * bytesPerWord; i++) {
        const shift = 8 * (i % bytesPerWord);
        const byte = `batch[o + ${Math.floor(i / bytesPerWord)}]${shift === 0 ? '' : ` >>> ${shift}`} & 255`;
        code.write(`const p${i} = ${2 * valuesPerByte * i} + ((${byte}) << 1);`);
        places.push(`p${i}`);
      }
      code.write(`const high = ${places.map((p) => `table[${p}]`).join(' ^ ')};`);
      code.write(`const low = ${places.map((p) => `table[${p} + 1]`).join(' ^ ')};`);
      code.write('hashes[k] = high;', 'hashes[k + 1] = (high | low) === 0 ? 1 : low;');
    });
  });
  return code;
}

// Where the WebAssembly backend has what in its memory, in bytes. The memory has 4 GiB of addresses, of which the
// machine provides what is touched.
//
//   open conditions, open steps | hashes | recent states | batch | table | states, to the end

const pageBytes = 2 ** 16;
/** Pages of the memory: 4 GiB, the most that 32-bit addresses reach. */
export const memoryPages = 2 ** 16;
const memoryBytes = memoryPages * pageBytes;

/** Entries of the recent cache: the low bits of a hash select one. */
export const recentEntries = 2 ** 13;
/** Cells of the table, of 4 bytes each: the number of a state, plus 1, in the low bits, and bits of its hash in the others. */
export const cellsMin = 2 ** 12;
const cellsMax = 2 ** 28;
/** The share of the cells that may be taken before the table grows. */
export const loadMax = 0.75;
/** States whose hashes are computed together when the table is filled again. */
export const chunkRecords = 512;

export interface MemoryMap {
  /** 32-bit words of a state. */
  readonly words: number;
  /** Bytes of a record: the words of a state and a mark. */
  readonly stride: number;
  /** 32-bit numbers of the batch. */
  readonly batchLength: number;
  readonly conditions: number;
  readonly openSteps: number;
  readonly hashes: number;
  /** Hashes of a chunk, while the table is filled again. */
  readonly chunkHashes: number;
  readonly recent: number;
  readonly batch: number;
  readonly table: number;
  readonly states: number;
  /** The most states that fit. */
  readonly statesMax: number;
  /** What is taken beside states and table. */
  readonly fixedBytes: number;
}

/** What decides the sizes. */
export interface MemorySizes {
  /** 32-bit words of a state. */
  readonly words: number;
  /** 32-bit numbers of the batch. */
  readonly batchLength: number;
  /** 32-bit numbers of the sets of open conditions. */
  readonly conditionSets: number;
  readonly steps: number;
  /** The log of states consists of segments of so many. */
  readonly segmentStates: number;
}

export function memoryMap({
  words,
  batchLength,
  conditionSets,
  steps,
  segmentStates,
}: MemorySizes): MemoryMap {
  const stride = 4 * (words + 1);
  const records = Math.ceil(batchLength / (words + 1));
  let free = 64;
  const take = (bytes: number, alignment = 64): number => {
    const at = Math.ceil(free / alignment) * alignment;
    free = at + bytes;
    return at;
  };
  const conditions = take(4 * conditionSets);
  const openSteps = take(steps);
  const hashes = take(8 * records);
  const chunkHashes = take(8 * chunkRecords);
  const recent = take(recentEntries * stride);
  const batch = take(4 * batchLength);
  const fixedBytes = free;
  const table = take(4 * cellsMax, pageBytes);
  const states = take(0, pageBytes);
  const segments = Math.floor((memoryBytes - states) / (segmentStates * stride));
  const statesMax = Math.min(segments * segmentStates, loadMax * cellsMax) - records;
  return {
    ...{ words, stride, batchLength, conditions, openSteps, hashes, chunkHashes },
    ...{ recent, batch, table, states },
    ...{ statesMax, fixedBytes },
  };
}

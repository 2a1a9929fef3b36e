// Where the WebAssembly backend has what in its memory, in bytes. The memory has 4 GiB of addresses, of which the
// machine provides what is touched.
//
//   open conditions, open steps, stubborn sets | hashes of a chunk | recent states, caches |
//   batches with the hashes of their records | table | pages of the frontier | states, to the end

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
/** States of a page of the frontier, of 8 bytes each: see `FrontierPages`. */
export const frontierPageBits = 12;
export const frontierPageBytes = 8 << frontierPageBits;
/** The most pages: of a larger frontier, some states have no page. */
const frontierPagesMax = 2 ** 12;
/** States whose hashes are computed together when the table is filled again. */
export const chunkRecords = 512;

/** A batch, and space for the hashes of its records. */
export interface BatchPlace {
  readonly records: number;
  readonly begin: number;
  /** The last address at which the successors of one more state fit. */
  readonly last: number;
  readonly hashes: number;
}

export interface MemoryMap {
  /** 32-bit words of a state. */
  readonly words: number;
  /** Bytes of a state in the log: its words and a mark. */
  readonly logStride: number;
  /** Bytes of a record of a batch: the same, and with sleep sets the threads that sleep there. */
  readonly stride: number;
  /** Where a record has its mark, and the threads that sleep there; undefined without sleep sets. */
  readonly markAt: number;
  readonly sleepAt: number | undefined;
  readonly conditions: number;
  readonly openSteps: number;
  /** The numbers of a StubbornPlan: where rows begin, columns, and the rows. */
  readonly rowAt: number;
  readonly columnAt: number;
  readonly needs: number;
  /** Hashes of a chunk, while the table is filled again. */
  readonly chunkHashes: number;
  /**
   * Caches of recent states. What one has was in a batch that is entered before the batch that is sifted: so each is
   * for batches in the order of their states.
   */
  readonly recent: readonly number[];
  /** The first is that of a thread that searches alone, the others are for several threads. */
  readonly batches: readonly BatchPlace[];
  /** Numbers by which threads communicate. */
  readonly mailbox: number;
  readonly table: number;
  /** The addresses of the pages of the frontier, 0 for none, and the pages. */
  readonly frontier: number;
  readonly frontierPages: { readonly begin: number; readonly count: number };
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
  /** Records of each batch. */
  readonly batches: readonly number[];
  /** The most successors of a state. */
  readonly branching: number;
  readonly caches: number;
  /** 32-bit numbers of the mailbox. */
  readonly mailboxLength: number;
  /** 32-bit numbers of the sets of open conditions. */
  readonly conditionSets: number;
  readonly steps: number;
  /** Locations of all threads, and bytes of the rows, of a StubbornPlan. */
  readonly stubborn?: { readonly locations: number; readonly bytes: number } | undefined;
  /** Are there sleep sets? */
  readonly sleeps: boolean;
  /** The log of states consists of segments of so many. */
  readonly segmentStates: number;
}

export function memoryMap({
  words,
  batches: sizes,
  branching,
  caches,
  mailboxLength,
  conditionSets,
  steps,
  stubborn = { locations: 0, bytes: 0 },
  sleeps,
  segmentStates,
}: MemorySizes): MemoryMap {
  const logStride = 4 * (words + 1);
  const stride = logStride + (sleeps ? 8 : 0);
  let free = 64;
  const take = (bytes: number, alignment = 64): number => {
    const at = Math.ceil(free / alignment) * alignment;
    free = at + bytes;
    return at;
  };
  const conditions = take(4 * conditionSets);
  const openSteps = take(steps);
  const rowAt = take(8 * stubborn.locations);
  const columnAt = take(4 * stubborn.locations);
  const needs = take(stubborn.bytes);
  const chunkHashes = take(8 * chunkRecords);
  const mailbox = take(4 * mailboxLength);
  const recent = Array.from({ length: caches }, () => take(recentEntries * stride));
  const batches = sizes.map((records): BatchPlace => {
    const begin = take(records * stride);
    const last = begin + stride * (records - Math.max(1, branching));
    return { records, begin, last, hashes: take(8 * records) };
  });
  const fixedBytes = free;
  const table = take(4 * cellsMax, pageBytes);
  const pagesMax = sleeps ? frontierPagesMax : 0;
  const frontier = take(4 * (cellsMax >>> frontierPageBits), pageBytes);
  const frontierPages = { begin: take(pagesMax * frontierPageBytes), count: pagesMax };
  const states = take(0, pageBytes);
  const segments = Math.floor((memoryBytes - states) / (segmentStates * logStride));
  const statesMax = Math.min(segments * segmentStates, loadMax * cellsMax) - Math.max(...sizes);
  return {
    ...{
      words,
      logStride,
      stride,
      markAt: 4 * words,
      sleepAt: sleeps ? logStride : undefined,
      conditions,
      openSteps,
      rowAt,
      columnAt,
      needs,
      chunkHashes,
      mailbox,
      recent,
      batches,
    },
    ...{ table, frontier, frontierPages, states, statesMax, fixedBytes },
  };
}

// What is measured. Each case runs in processes of its own, the variants by turns.

import type { SearchOptions } from '../checker/choose.js';

export interface BenchCase {
  readonly name: string;
  readonly model: string;
  readonly settings: { readonly [name: string]: number | string | boolean };
  /** Under x86-TSO, with buffers of so many stores. */
  readonly buffer?: number;
  /** Where the search is cut off, to bound the time it takes. */
  readonly statesMax?: number;
  /** Too large for the reference engine. */
  readonly isLarge: boolean;
}

/** How the Program of a case is lowered. */
export const inBuffers = (buffer: number | undefined) =>
  buffer === undefined ? {} : { bufferSlots: buffer };

const flagship = {
  fix: 'unmap_mapping_page',
  NR_MMS: 3,
  NR_MUNMAP: 3,
  NR_INVALIDATE: 1,
  NR_FAULT: 1,
} as const;

const small: readonly BenchCase[] = [
  { name: 'tiny: increment', model: 'increment', settings: {}, isLarge: false },
  { name: 'Peterson, 4 processes', model: 'peterson', settings: { NR_PROCESSES: 4 }, isLarge: false },
  {
    name: 'dining philosophers, 12',
    model: 'philosophers',
    settings: { NR_PHILOSOPHERS: 12 },
    isLarge: true,
  },
  { name: 'two-phase commit, 8', model: 'two_phase_commit', settings: { NR_RMS: 8 }, isLarge: true },
];

const two_mms = {
  fix: 'unmap_mapping_page',
  NR_MMS: 2,
  NR_MUNMAP: 2,
  NR_INVALIDATE: 1,
  NR_FAULT: 1,
} as const;

/** What store buffers cost: the same model without and with them, as large as is exact. */
const bufferedCases: readonly BenchCase[] = [
  { name: 'flagship, 2 mms, interleavings', model: 'thp_truncate', settings: two_mms, isLarge: true },
  { name: 'flagship, 2 mms, x86-TSO', model: 'thp_truncate', settings: two_mms, buffer: 4, isLarge: true },
];

/** For our own figures. */
export const cases: readonly BenchCase[] = [
  ...small,
  {
    name: 'flagship, 3 mms',
    model: 'thp_truncate',
    settings: { ...flagship, NR_TRUNCATE: 2 },
    statesMax: 6_000_000,
    isLarge: true,
  },
  ...bufferedCases,
];

/** For the comparison with other tools: all are explored to the end, since no two tools stop in the same state. */
export const peerCases: readonly BenchCase[] = [
  ...small,
  {
    name: 'flagship as it is shipped',
    model: 'thp_truncate',
    settings: { fix: 'unmap_mapping_page' },
    isLarge: false,
  },
  {
    name: 'flagship, 3 mms, page_mapped() read by read',
    model: 'thp_truncate',
    settings: { ...flagship, page_mapped_reads: 'one_by_one' },
    isLarge: true,
  },
];

/** More than a hundred million states. */
export const largeCases: readonly BenchCase[] = [
  {
    name: 'flagship, 3 mms, MADV_DONTNEED and two truncates as well, page_mapped() read by read',
    model: 'thp_truncate',
    settings: { ...flagship, NR_TRUNCATE: 2, NR_DONTNEED: 1, page_mapped_reads: 'one_by_one' },
    isLarge: true,
  },
];

export interface Variant {
  readonly name: string;
  readonly options: SearchOptions;
  readonly forLarge: boolean;
}

export const variants: readonly Variant[] = [
  { name: 'compiled', options: {}, forLarge: true },
  { name: 'compiled, JavaScript', options: { backend: 'javascript' }, forLarge: true },
  { name: 'compiled, 2 workers', options: { workers: 2 }, forLarge: true },
  { name: 'compiled, movers', options: { reduce: 'movers' }, forLarge: true },
  { name: 'compiled, hash64', options: { storage: 'hash64' }, forLarge: true },
  { name: 'reference', options: { engine: 'reference' }, forLarge: false },
];

// What a thread of a search in WebAssembly does: it expands chunks of states into batches. A thread starts from the text of
// these functions and of the mailbox, so they use nothing but their arguments.

import type { MessagePort } from 'node:worker_threads';
import type { CodeEnvironment, ProgramCode } from '../emit/javascript_program.js';
import type { BatchPlace } from '../emit/wasm/memory_map.js';
import type { WasmCallbacks, WasmExports } from '../emit/wasm/program.js';
import type { OrbitPlan } from '../plan/orbits.js';
import { OrbitSorter } from '../search/orbit_sorter.js';
import { type Chunk, ChunkMailbox, type ChunkResult } from './chunk_mailbox.js';

/** The data of a thread. */
export interface WasmThreadSetup {
  readonly module: object;
  readonly memory: { readonly buffer: SharedArrayBuffer };
  readonly mailbox: number;
  readonly batches: readonly BatchPlace[];
  readonly recent: number;
  /** Bytes of a record and of a state in the log, and the address of the first state. */
  readonly stride: number;
  readonly logStride: number;
  readonly states: number;
  /** The code of the Program in JavaScript, for what WebAssembly leaves to callbacks. */
  readonly programText: string;
  readonly orbitPlan?: OrbitPlan;
}

/** What a thread needs of the global of this name. */
interface WasmNamespace {
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

/** What an event in a chunk means: is it new? */
export class ChunkTally {
  faults = 0;
  hasNews = false;
  #faulty = -1;
  readonly #mailbox: ChunkMailbox;
  readonly #isFinal: (number: number) => boolean;
  readonly #hasLockCycle: (number: number, threads: number) => boolean;

  constructor(
    mailbox: ChunkMailbox,
    isFinal: (number: number) => boolean,
    hasLockCycle: (number: number, threads: number) => boolean,
  ) {
    this.#mailbox = mailbox;
    this.#isFinal = isFinal;
    this.#hasLockCycle = hasLockCycle;
  }

  reset(): void {
    this.faults = 0;
    this.hasNews = false;
  }
  onCondition(): void {
    this.hasNews = true;
  }
  onFault(number: number): void {
    this.faults++;
    this.#faulty = number;
    if (this.#mailbox.get('faultIsNews') === 1) this.hasNews = true;
  }
  onReport(): void {
    this.hasNews = true;
  }
  onStuck(number: number): void {
    if (this.#faulty === number || this.#mailbox.get('deadlockIsNews') === 0) return;
    if (!this.#isFinal(number)) this.hasNews = true;
  }
  onBlocked(number: number, threads: number): void {
    if (this.#mailbox.get('deadlockIsNews') === 0 || this.hasNews) return;
    if (this.#hasLockCycle(number, threads)) this.hasNews = true;
  }
}

/** Expands a chunk into its slot's batch, and drops what has been seen. */
function expandChunk(
  { slot, from, to }: Chunk,
  exports: WasmExports,
  batch: BatchPlace,
  stride: number,
  tally: ChunkTally,
  mailbox: ChunkMailbox,
  sort: (from: number, to: number) => void,
): ChunkResult {
  tally.reset();
  exports.cells.value = mailbox.get('cells');
  exports.numberMask.value = mailbox.get('numberMask');
  exports.batch.value = batch.begin;
  exports.last.value = batch.last;
  exports.hashes.value = batch.hashes;
  const next = exports.sweep(from, to);
  if (next !== to) throw new Error(`the chunk of slot ${slot} does not fit its batch`);
  const filled = exports.filled.value;
  sort(batch.begin, filled);
  const successors = (filled - batch.begin) / stride + exports.slept.value;
  const end = exports.filter(exports.sift(filled), mailbox.get('count'));
  return { end, successors, faults: tally.faults, hasNews: tally.hasNews };
}

/** The code of the Program in JavaScript, compiled at the first call. */
function lazyProgram(text: string): () => ProgramCode {
  const nothing = () => {};
  let made: ProgramCode | undefined;
  return () => {
    if (made !== undefined) return made;
    const around: CodeEnvironment = {
      batch: new Int32Array(0),
      openSteps: new Uint8Array(0),
      openConditions: new Int32Array(0),
      onCondition: nothing,
      onFault: nothing,
      onReport: nothing,
      onStuck: nothing,
      onLockCycle: nothing,
    };
    made = new Function('around', `'use strict';\n${text}`)(around) as ProgramCode;
    return made;
  };
}

/** Makes what expands chunks in a thread. */
function chunkExpander(
  setup: WasmThreadSetup,
  mailbox: ChunkMailbox,
  code: WasmThreadCode,
  wasm: WasmNamespace,
): (chunk: Chunk) => ChunkResult {
  const { memory, module, stride, logStride, states, batches } = setup;
  const all = new Int32Array(memory.buffer);
  const program = code.lazyProgram(setup.programText);
  const at = (number: number) => (states + number * logStride) / 4;
  const tally = new code.ChunkTally(
    mailbox,
    (number) => program().isFinal(all, at(number)),
    (number, threads) => program().hasLockCycle(all, at(number), threads),
  );
  const callbacks: WasmCallbacks = {
    onCondition: () => tally.onCondition(),
    onFault: (number) => tally.onFault(number),
    onReport: () => tally.onReport(),
    onStuck: (number) => tally.onStuck(number),
    onBlocked: (number, threads) => tally.onBlocked(number, threads),
  };
  const exports = new wasm.Instance(module, { env: { memory, ...callbacks } }).exports as WasmExports;
  exports.recent.value = setup.recent;
  const sorter = setup.orbitPlan && new code.OrbitSorter(setup.orbitPlan);
  const sort = (from: number, to: number) => sorter?.sort(all, from / 4, to / 4);
  return (chunk) => code.expandChunk(chunk, exports, batches[chunk.slot]!, stride, tally, mailbox, sort);
}

/** Expands chunks until the search is over. Sends the error, if one occurred here. */
function expandAll(
  setup: WasmThreadSetup,
  port: MessagePort,
  code: WasmThreadCode,
  wasm: WasmNamespace,
): void {
  const slots = setup.batches.length;
  const numbers = new Int32Array(setup.memory.buffer, setup.mailbox, code.ChunkMailbox.length(slots));
  const mailbox = new code.ChunkMailbox(numbers, slots);
  try {
    const expand = code.chunkExpander(setup, mailbox, code, wasm);
    while (mailbox.get('over') === 0) {
      const seen = mailbox.get('signal');
      const chunk = mailbox.claim();
      if (chunk === undefined) mailbox.awaitSignal(seen);
      else mailbox.finish(chunk.slot, expand(chunk));
    }
  } catch (error) {
    port.postMessage(String(error));
    mailbox.set('over', 1);
  } finally {
    port.close();
  }
}

const code = { ChunkMailbox, ChunkTally, OrbitSorter, lazyProgram, expandChunk, chunkExpander, expandAll };

/** The code that every thread runs. */
export type WasmThreadCode = typeof code;
export const wasmThreadCode: WasmThreadCode = code;

/** The text of a thread. */
export const wasmThreadText = (): string =>
  [
    "'use strict';",
    "const { workerData } = require('node:worker_threads');",
    ...Object.entries(code).map(([name, text]) => `const ${name} = ${text};`),
    `expandAll(workerData.setup, workerData.port, { ${Object.keys(code).join(', ')} }, WebAssembly);`,
  ].join('\n');

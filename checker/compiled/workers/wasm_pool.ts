// Several threads on one search in WebAssembly. They expand chunks of states into batches, in any order; the main thread
// enters the batches in the order of the states, so states have the numbers that one thread gives them. Where a chunk
// has news, the main thread expands it once more, so findings are those of one thread too.

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { RareEvents } from '../emit/javascript_program.js';
import type { Expander } from '../search/search_state.js';
import type { ThreadSizes, WasmWorker } from '../search/wasm_worker.js';
import { ChunkMailbox } from './chunk_mailbox.js';
import { type WasmThreadSetup, wasmThreadCode, wasmThreadText } from './wasm_thread.js';

/** Records of a chunk's batch, and the successors of one more state. */
const recordsOfChunk = 8192;
/** Chunks that are expanded before they are entered, for each thread. */
const slotsPerThread = 8;
/** So long the main thread waits for a chunk before it looks whether a thread has failed. */
const waitMilliseconds = 200;

/** What the memory of a search has for so many threads. */
export function threadSizes(threads: number, branching: number): ThreadSizes {
  const slots = threads * slotsPerThread;
  return {
    // One for each thread that expands ahead, and one for what the main thread expands in order.
    caches: threads + 1,
    batches: Array.from({ length: slots }, () => recordsOfChunk + branching),
    mailboxLength: ChunkMailbox.length(slots),
  };
}

export class WasmPool implements Expander {
  readonly sweepsPerProgress = 16;
  readonly #worker: WasmWorker;
  readonly #mailbox: ChunkMailbox;
  readonly #ports: readonly MessagePort[];
  readonly #tally;
  readonly #events: RareEvents;
  /** The slot of the chunk that is entered next. */
  #slot = 0;
  /** One thread goes on alone: close to a limit, or after a failure. */
  #isAlone = false;

  /** Starts threads for a search that a worker has joined with the sizes for so many threads. */
  constructor(worker: WasmWorker, threads: number) {
    const { search, map, memory, module } = worker;
    this.#worker = worker;
    const batches = map.batches.slice(1);
    const numbers = new Int32Array(memory.buffer, map.mailbox, ChunkMailbox.length(batches.length));
    this.#mailbox = new ChunkMailbox(numbers, batches.length);
    const chunkStates = Math.max(1, Math.floor(recordsOfChunk / Math.max(1, search.compiled.branching)));
    this.#mailbox.set('chunkStates', chunkStates);
    this.#mailbox.set('next', search.head);
    for (let slot = 0; slot < batches.length; slot++) this.#mailbox.free(slot, 0);
    const { code } = search.findings;
    const at = (number: number) => [search.states.segment(number), search.states.offset(number)] as const;
    const tally = new wasmThreadCode.ChunkTally(
      this.#mailbox,
      (number) => code.isFinal(...at(number)),
      (number, among) => code.hasLockCycle(...at(number), among),
    );
    this.#tally = tally;
    this.#events = {
      onCondition: () => tally.onCondition(),
      onFault: (number) => tally.onFault(number),
      onReport: () => tally.onReport(),
      onStuck: (number) => tally.onStuck(number),
      // The worker has looked for the cycle already.
      onLockCycle: () => tally.onCondition(),
    };
    const text = wasmThreadText();
    const { orbitPlan } = search.compiled;
    const common = {
      ...{ module, memory, mailbox: map.mailbox, batches, states: map.states },
      ...{ stride: map.stride, logStride: map.logStride },
      ...(orbitPlan && { orbitPlan }),
    };
    const programText = code.textFor(search.compiled.batchLength());
    this.#ports = Array.from({ length: threads - 1 }, (_, i) => {
      const { port1, port2 } = new MessageChannel();
      const setup: WasmThreadSetup = { ...common, recent: map.recent[i + 1]!, programText };
      const workerData = { setup, port: port2 };
      const thread = new Worker(text, { eval: true, workerData, transferList: [port2], execArgv: [] });
      thread.unref();
      port1.unref();
      return port1;
    });
  }

  get bytes(): number {
    return this.#worker.bytes;
  }
  get growthBytes(): number {
    return this.#worker.growthBytes;
  }

  /** Ends the other threads. */
  close(): void {
    this.#mailbox.set('over', 1);
    this.#mailbox.signal();
    for (const port of this.#ports) port.close();
  }

  advance(end: number, countMax: number): boolean {
    const worker = this.#worker;
    const { search, map } = worker;
    const near = search.states.count + recordsOfChunk + search.compiled.branching > countMax;
    if (near && !this.#isAlone) {
      this.#isAlone = true;
      this.close();
    }
    if (this.#isAlone) return worker.advance(end, countMax);
    const slot = this.#slot;
    this.#publish(end);
    this.#await(slot);
    const { from, to } = this.#mailbox.chunk(slot);
    const result = this.#mailbox.result(slot);
    const batch = map.batches[1 + slot]!;
    let last = result.end;
    if (result.hasNews) {
      worker.sweep(batch, from, to);
      last = worker.sift(batch);
    } else {
      worker.use(batch);
      search.transitions += result.successors + result.faults;
      worker.exports.touch(last);
    }
    search.head = to;
    const isDone = worker.insert(last, countMax);
    this.#slot = (slot + 1) % this.#mailbox.slots;
    this.#mailbox.free(slot, search.states.count);
    return isDone;
  }

  /** Sets what the threads expand, and what would be new. */
  #publish(levelEnd: number): void {
    const { findings, states } = this.#worker.search;
    const mailbox = this.#mailbox;
    this.#worker.open();
    mailbox.set('faultIsNews', findings.faultIsNews ? 1 : 0);
    mailbox.set('deadlockIsNews', findings.deadlockIsNews ? 1 : 0);
    mailbox.set('cells', this.#worker.exports.cells.value);
    mailbox.set('numberMask', this.#worker.exports.numberMask.value);
    if (mailbox.get('levelEnd') === levelEnd) return;
    mailbox.set('levelEnd', levelEnd);
    mailbox.set('count', states.count);
    mailbox.signal();
  }

  /** Until the chunk of a slot is ready, the main thread expands chunks as well. */
  #await(slot: number): void {
    const worker = this.#worker;
    const mailbox = this.#mailbox;
    while (!mailbox.isReady(slot)) {
      const chunk = mailbox.claim();
      if (chunk === undefined) {
        mailbox.awaitReady(slot, waitMilliseconds);
        this.#throwFailure();
        continue;
      }
      const batch = worker.map.batches[1 + chunk.slot]!;
      this.#tally.reset();
      const cache = worker.map.recent.at(-1)!;
      const { successors, left } = worker.sweepAhead(batch, chunk.from, chunk.to, cache, this.#events);
      mailbox.finish(chunk.slot, {
        end: left,
        successors,
        faults: this.#tally.faults,
        hasNews: this.#tally.hasNews,
      });
    }
  }

  #throwFailure(): void {
    if (this.#mailbox.get('over') === 0) return;
    const message = this.#ports.map((port) => receiveMessageOnPort(port)?.message).find((text) => text);
    throw new Error(`a thread of the search failed: ${message ?? 'without a message'}`);
  }
}

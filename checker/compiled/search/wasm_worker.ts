// One thread that expands states in WebAssembly. It joins a search with the states that were found so far, and gives it
// back, with all that were found since, where its memory is full.

import type { RareEvents } from '../emit/javascript_program.js';
import {
  type BatchPlace,
  cellsMin,
  frontierPageBits,
  frontierPageBytes,
  loadMax,
  type MemoryMap,
  memoryMap,
} from '../emit/wasm/memory_map.js';
import type { WasmCallbacks, WasmExports } from '../emit/wasm/program.js';
import { FrontierPages } from '../table/frontier_pages.js';
import { segmentStates } from '../table/states.js';
import { OrbitSorter } from './orbit_sorter.js';
import type { Expander, SearchState } from './search_state.js';
import { type WasmMemory, wasmInstance, wasmMemory, wasmModule } from './web_assembly.js';

/** What several threads need beside: a batch for each of several chunks, and a mailbox. */
export interface ThreadSizes {
  readonly caches: number;
  readonly batches: readonly number[];
  readonly mailboxLength: number;
}

export interface JoinOptions {
  readonly statesMax?: number | undefined;
  readonly sleeps: boolean;
}

const alone: ThreadSizes = { caches: 1, batches: [], mailboxLength: 0 };

/** Long, since it alone calls the module and knows its memory. */
export class WasmWorker implements Expander {
  readonly sweepsPerProgress = 64;
  readonly search: SearchState;
  readonly map: MemoryMap;
  readonly module: object;
  readonly memory: WasmMemory;
  readonly exports: WasmExports;
  readonly #openConditions: Int32Array;
  readonly #openSteps: Uint8Array;
  readonly #sorter: OrbitSorter | undefined;
  readonly #words: Int32Array;
  /** Where the sleeping threads of states are that are not expanded. */
  readonly #frontier: FrontierPages;
  /** The receiver of events; that of the search if undefined. */
  #events: RareEvents | undefined;

  /**
   * Takes over the states of a search; or says why it cannot. `statesMax`: give the search back once it has so many
   * states. `sleeps`: with sleep sets, if the Program has any.
   */
  static join(
    search: SearchState,
    { statesMax = Number.POSITIVE_INFINITY, sleeps }: JoinOptions,
    { caches, batches, mailboxLength }: ThreadSizes = alone,
  ): WasmWorker | { readonly refusal: string } {
    const { compiled, findings } = search;
    const { stubborn } = compiled;
    const { openConditions, openSteps, watched } = findings.code;
    const map = memoryMap({
      ...{ words: compiled.layout.words, branching: compiled.branching, caches, mailboxLength },
      ...{ batches: [compiled.recordsOf(), ...batches], segmentStates },
      ...{ conditionSets: openConditions.length, steps: openSteps.length },
      sleeps: sleeps && compiled.sleep !== undefined,
      stubborn: stubborn && { locations: stubborn.columnAt.length, bytes: stubborn.needs.length },
    });
    const bytes = compiled.wasm(watched, map);
    if (bytes === undefined) return { refusal: 'the model has numbers of more than 32 bits' };
    const memory = wasmMemory();
    if (memory === undefined) return { refusal: 'the system does not grant 4 GiB of addresses (ulimit -v)' };
    return new WasmWorker(search, { ...map, statesMax: Math.min(map.statesMax, statesMax) }, bytes, memory);
  }

  private constructor(
    search: SearchState,
    map: MemoryMap,
    bytes: Uint8Array<ArrayBuffer>,
    memory: WasmMemory,
  ) {
    const { states, findings } = search;
    this.search = search;
    this.map = map;
    this.memory = memory;
    this.module = wasmModule(bytes);
    const { openConditions, openSteps } = findings.code;
    this.#openConditions = new Int32Array(memory.buffer, map.conditions, openConditions.length);
    this.#openSteps = new Uint8Array(memory.buffer, map.openSteps, openSteps.length);
    const { orbitPlan, stubborn } = search.compiled;
    if (stubborn !== undefined) {
      new Int32Array(memory.buffer, map.rowAt).set(stubborn.rowAt.map((at) => map.needs + at));
      new Int32Array(memory.buffer, map.columnAt).set(stubborn.columnAt);
      new Uint8Array(memory.buffer, map.needs).set(stubborn.needs);
    }
    this.#sorter = orbitPlan && new OrbitSorter(orbitPlan);
    this.#words = new Int32Array(memory.buffer);
    const { begin, count: pages } = map.frontierPages;
    this.#frontier = new FrontierPages(
      {
        ...{ addresses: this.#words.subarray(map.frontier / 4), begin, pages },
        ...{ pageBits: frontierPageBits, pageBytes: frontierPageBytes },
      },
      states.count,
    );
    const receive = (handle: (events: RareEvents) => void) => {
      handle(this.#events ?? findings.code.events);
      this.open();
    };
    this.exports = wasmInstance(this.module, memory, callbacksOf(search, receive));
    states.move((segment) => this.#segment(segment));
    this.exports.recent.value = map.recent[0]!;
    this.exports.count.value = states.count;
    this.exports.rebuild(Math.max(cellsMin, 2 ** Math.ceil(Math.log2((2 * states.count) / loadMax))));
  }

  /** Is there no space for the successors of one more batch? */
  get isFull(): boolean {
    return this.search.states.count >= this.map.statesMax;
  }

  /** Gives the search back: later states are in JavaScript's memory. */
  leave(): void {
    this.search.states.stay();
  }

  get bytes(): number {
    return this.map.fixedBytes + 4 * this.exports.cells.value + this.#frontier.bytes;
  }
  get growthBytes(): number {
    return 4 * this.exports.cells.value;
  }

  advance(end: number, countMax: number): boolean {
    const { search } = this;
    const { states } = search;
    const [batch] = this.map.batches as readonly [BatchPlace];
    // Close to the limit, one state at a time: then the search stops exactly where it is reached.
    const near = states.count + batch.records > countMax;
    search.head = this.sweep(batch, search.head, near ? search.head + 1 : end);
    return this.insert(this.sift(batch), countMax);
  }

  /** Drops records of the batch that were found shortly before; returns the address behind those that are left. */
  sift({ begin }: BatchPlace): number {
    const filled = this.exports.filled.value;
    this.#sorter?.sort(this.#words, begin / 4, filled / 4);
    return this.exports.sift(filled);
  }

  /** Checks and expands states into a batch, and counts the transitions; returns the next state. */
  sweep(batch: BatchPlace, number: number, end: number): number {
    const { search } = this;
    this.open();
    this.use(batch);
    const next = search.findings.sweepBy(() => this.exports.sweep(number, end));
    const length = this.exports.filled.value - batch.begin;
    search.transitions += length / this.map.stride + this.exports.slept.value + search.findings.faults;
    return next;
  }

  /**
   * Expands a chunk of states ahead of the order in which batches are entered, with a cache of its own and the events
   * passed to this receiver; nothing is counted. Returns how many successors there are, and the address behind those
   * that are left, as they have not been seen.
   */
  sweepAhead(
    batch: BatchPlace,
    number: number,
    end: number,
    cache: number,
    events: RareEvents,
  ): { readonly successors: number; readonly left: number } {
    this.use(batch);
    this.#events = events;
    this.exports.sweep(number, end);
    this.#events = undefined;
    const filled = this.exports.filled.value;
    const successors = (filled - batch.begin) / this.map.stride + this.exports.slept.value;
    this.exports.recent.value = cache;
    const left = this.exports.filter(this.sift(batch), this.exports.count.value);
    this.exports.recent.value = this.map.recent[0]!;
    return { successors, left };
  }

  /** Enters the batch up to an address; false once there are so many states. */
  insert(end: number, countMax: number): boolean {
    const { head, states } = this.search;
    const records = (end - this.exports.batch.value) / this.map.stride;
    this.#frontier.reserve(head, states.count + records);
    const isDone = this.exports.insert(end, countMax) === 1;
    states.reserve(this.exports.count.value);
    states.count = this.exports.count.value;
    return isDone;
  }

  /** Selects the batch that the module works on. */
  use({ begin, last, hashes }: BatchPlace): void {
    this.exports.batch.value = begin;
    this.exports.last.value = last;
    this.exports.hashes.value = hashes;
  }

  /** Copies what would be new to where the module reads it. */
  open(): void {
    const { openConditions, openSteps } = this.search.findings.code;
    this.#openConditions.set(openConditions);
    this.#openSteps.set(openSteps);
  }

  #segment(index: number): Int32Array {
    const { states, logStride } = this.map;
    const bytes = segmentStates * logStride;
    return new Int32Array(this.memory.buffer, states + index * bytes, bytes / 4);
  }
}

/** The callbacks of a module: `receive` passes the events on. */
function callbacksOf(
  { states, findings }: SearchState,
  receive: (handle: (events: RareEvents) => void) => void,
): WasmCallbacks {
  const at = (number: number) => [states.segment(number), states.offset(number)] as const;
  return {
    onCondition: (number) => receive((events) => events.onCondition(number, ...at(number))),
    onFault: (number, step) => receive((events) => events.onFault(number, step)),
    onReport: (number, step) => receive((events) => events.onReport(number, step)),
    onStuck: (number) => receive((events) => events.onStuck(number, ...at(number))),
    onBlocked: (number, threads) => {
      if (!findings.code.hasLockCycle(...at(number), threads)) return;
      receive((events) => events.onLockCycle(number));
    },
  };
}

// One thread that expands states in WebAssembly. It joins a search with the states that were found so far, and gives it
// back, with all that were found since, where its memory is full.

import type { RareEvents } from '../emit/javascript_program.js';
import { cellsMin, loadMax, type MemoryMap, memoryMap } from '../emit/wasm/memory_map.js';
import type { WasmExports } from '../emit/wasm/program.js';
import { segmentStates } from '../table/states.js';
import type { Expander, SearchState } from './search_state.js';
import { wasmInstance, wasmMemory } from './web_assembly.js';

export class WasmWorker implements Expander {
  readonly sweepsPerProgress = 64;
  readonly #search: SearchState;
  readonly #map: MemoryMap;
  readonly #exports: WasmExports;
  readonly #buffer: SharedArrayBuffer;
  readonly #openConditions: Int32Array;
  readonly #openSteps: Uint8Array;
  /** Records that fit into the batch. */
  readonly #records: number;

  /**
   * Takes over the states of a search; or says why it cannot. `statesMax`: give the search back once it has so many
   * states.
   */
  static join(
    search: SearchState,
    statesMax = Number.POSITIVE_INFINITY,
  ): WasmWorker | { readonly refusal: string } {
    const { compiled, findings } = search;
    const { openConditions, openSteps, watched } = findings.code;
    const map = memoryMap({
      words: compiled.layout.words,
      batchLength: compiled.batchLength(),
      conditionSets: openConditions.length,
      steps: openSteps.length,
      segmentStates,
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
    memory: { readonly buffer: SharedArrayBuffer },
  ) {
    const { states, findings } = search;
    this.#search = search;
    this.#map = map;
    this.#buffer = memory.buffer;
    this.#records = Math.floor((4 * map.batchLength) / map.stride);
    const { openConditions, openSteps } = findings.code;
    this.#openConditions = new Int32Array(this.#buffer, map.conditions, openConditions.length);
    this.#openSteps = new Uint8Array(this.#buffer, map.openSteps, openSteps.length);
    const at = (number: number) => [states.segment(number), states.offset(number)] as const;
    const event = (handle: (events: RareEvents, number: number, detail: number) => void) => {
      return (number: number, detail = 0) => {
        handle(findings.code.events, number, detail);
        this.#open();
      };
    };
    this.#exports = wasmInstance(bytes, memory, {
      onCondition: event((events, number) => events.onCondition(number, ...at(number))),
      onFault: event((events, number, step) => events.onFault(number, step)),
      onReport: event((events, number, step) => events.onReport(number, step)),
      onStuck: event((events, number) => events.onStuck(number, ...at(number))),
      onBlocked: event((events, number, threads) => {
        if (findings.code.hasLockCycle(...at(number), threads)) events.onLockCycle(number);
      }),
    });
    states.move((segment) => this.#segment(segment));
    this.#exports.count.value = states.count;
    this.#exports.rebuild(Math.max(cellsMin, 2 ** Math.ceil(Math.log2((2 * states.count) / loadMax))));
  }

  /** Is there no space for the successors of one more batch? */
  get isFull(): boolean {
    return this.#search.states.count + this.#records >= this.#map.statesMax;
  }

  /** Gives the search back: later states are in JavaScript's memory. */
  leave(): void {
    this.#search.states.stay();
  }

  get bytes(): number {
    return this.#map.fixedBytes + 4 * this.#exports.cells.value;
  }
  get growthBytes(): number {
    return 4 * this.#exports.cells.value;
  }

  advance(end: number, countMax: number): boolean {
    const search = this.#search;
    const { states, findings } = search;
    const { stride, batch } = this.#map;
    this.#open();
    // Close to the limit, one state at a time: then the search stops exactly where it is reached.
    const near = states.count + this.#records > countMax;
    const last = near ? search.head + 1 : end;
    states.reserve(states.count + this.#records);
    search.head = findings.sweepBy(() => this.#exports.sweep(search.head, last));
    const filled = this.#exports.filled.value >>> 0;
    search.transitions += (filled - batch) / stride + findings.faults;
    const isDone = this.#exports.insert(this.#exports.sift(filled), countMax) === 1;
    states.count = this.#exports.count.value;
    return isDone;
  }

  /** Copies what would be new. */
  #open(): void {
    const { openConditions, openSteps } = this.#search.findings.code;
    this.#openConditions.set(openConditions);
    this.#openSteps.set(openSteps);
  }

  #segment(index: number): Int32Array {
    const { states, stride } = this.#map;
    const bytes = segmentStates * stride;
    return new Int32Array(this.#buffer, states + index * bytes, bytes / 4);
  }
}

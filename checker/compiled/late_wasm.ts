// WebAssembly takes a search over once it has grown, since a small search ends before a module is made; and gives it back
// where its memory is full.

import { EngineError } from '../search/engine_error.js';
import type { ActiveSearch } from './search/search_state.js';
import { SingleWorker } from './search/single_worker.js';
import { WasmWorker } from './search/wasm_worker.js';
import { ExactTable } from './table/exact_table.js';

/** With fewer states, JavaScript ends before a module is made. */
const statesOfSmallSearch = 2_000;
/** It takes over only where so many bytes are left, and twice those of the states. */
const bytesLeftMin = 2 ** 24;

/** Which code expands states: WebAssembly once it pays, WebAssembly from the start, or JavaScript. */
export type Backend = 'auto' | 'wasm' | 'javascript';

export interface WasmOptions {
  readonly workers?: number;
  readonly backend?: Backend;
  /** For tests: give the search back once it has so many states. */
  readonly wasmStatesMax?: number;
}

export class LateWasm {
  readonly #active: ActiveSearch;
  readonly #options: WasmOptions;
  /** The table that JavaScript goes on with. */
  readonly #table?: ExactTable;
  /** States at which WebAssembly takes over; undefined if it has, or does not. */
  #from: number | undefined;
  #worker: WasmWorker | undefined;

  /** Only a search with exact storage and one worker changes. */
  constructor(active: ActiveSearch, options: WasmOptions) {
    this.#active = active;
    this.#options = options;
    const { backend = 'auto', workers = 1 } = options;
    if (active.table instanceof ExactTable && workers === 1 && backend !== 'javascript') {
      this.#table = active.table;
      this.#from = backend === 'wasm' ? 0 : statesOfSmallSearch;
    }
  }

  /** Does WebAssembly expand states now? */
  get isActive(): boolean {
    return this.#worker !== undefined;
  }

  /**
   * Changes what expands the states, if it is time. Throws an EngineError if WebAssembly is demanded and cannot.
   */
  changeWhenDue(bytesLeft: number): void {
    const { states } = this.#active.search;
    if (this.#worker?.isFull) this.#leave(this.#worker);
    if (this.#from === undefined || states.count < this.#from) return;
    this.#from = undefined;
    const isDemanded = this.#options.backend === 'wasm';
    if (bytesLeft < bytesLeftMin + 2 * states.bytes && !isDemanded) return;
    const worker = WasmWorker.join(this.#active.search, this.#options.wasmStatesMax);
    if (worker instanceof WasmWorker) {
      this.#worker = worker;
      this.#active.table = undefined;
      this.#active.expander = worker;
    } else if (isDemanded) throw new EngineError(`--backend=wasm: ${worker.refusal}`);
  }

  #leave(worker: WasmWorker): void {
    const table = this.#table!;
    const { search } = this.#active;
    worker.leave();
    this.#worker = undefined;
    table.catchUp();
    this.#active.table = table;
    this.#active.expander = new SingleWorker(search, table, search.findings.code.batch, 'all');
  }
}

// WebAssembly takes a search over once it has grown, since a small search ends before a module is made; and gives it back
// where its memory is full.

import { EngineError } from '../search/engine_error.js';
import type { ActiveSearch } from './search/search_state.js';
import { SingleWorker } from './search/single_worker.js';
import { WasmWorker } from './search/wasm_worker.js';
import { ExactTable } from './table/exact_table.js';
import { threadSizes, WasmPool } from './workers/wasm_pool.js';

/** With fewer states, JavaScript ends before a module is made. */
const statesOfSmallSearch = 2_000;
/** With fewer states, compiling JavaScript's code ahead would take longer than the search itself. */
const statesOfShortSearch = 30_000;
/** With fewer states, other threads would start too late to help. */
const statesOfLoneSearch = 20_000;
/** It takes over only where so many bytes are left, and twice those of the states. */
const bytesLeftMin = 2 ** 24;

/** The most threads that search together. */
export const workersMax = 16;

/** Which code expands states: WebAssembly once it pays, WebAssembly from the start, or JavaScript. */
export type Backend = 'auto' | 'wasm' | 'javascript';

export interface WasmOptions {
  readonly workers?: number;
  readonly workersFrom?: number;
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
  #pool: WasmPool | undefined;

  /** Only a search with exact storage changes. Throws an EngineError for several workers that it cannot have. */
  constructor(active: ActiveSearch, options: WasmOptions) {
    this.#active = active;
    this.#options = options;
    const { backend = 'auto', workers = 1 } = options;
    const { compiled, findings } = active.search;
    if (workers > 1 && !compiled.fitsWasm(findings.code.watched)) {
      throw new EngineError(
        'several workers search in WebAssembly, and the model has numbers of more than 32 bits',
      );
    }
    if (active.table instanceof ExactTable && backend !== 'javascript') {
      this.#table = active.table;
      this.#from = backend === 'wasm' ? 0 : statesOfSmallSearch;
    }
  }

  /** Does WebAssembly expand states now, or will it? */
  get isActive(): boolean {
    return this.#worker !== undefined || this.#from !== undefined;
  }

  /** Changes what expands the states, if it is time. Throws an EngineError if WebAssembly is demanded and cannot. */
  changeWhenDue(bytesLeft: number): void {
    const { states, findings } = this.#active.search;
    if (this.#worker?.isFull) this.#leave(this.#worker);
    if (this.#from !== undefined && states.count >= this.#from) this.#join(bytesLeft);
    if (!this.isActive && states.count > statesOfShortSearch) findings.code.warmUp();
    const { workers = 1, workersFrom = statesOfLoneSearch } = this.#options;
    if (workers === 1 || this.#worker === undefined || this.#pool !== undefined) return;
    if (states.count < workersFrom) return;
    this.#pool = new WasmPool(this.#worker, workers);
    this.#active.expander = this.#pool;
  }

  /** Ends other threads. */
  close(): void {
    this.#pool?.close();
  }

  #join(bytesLeft: number): void {
    const { search } = this.#active;
    const { workers = 1, wasmStatesMax, backend } = this.#options;
    this.#from = undefined;
    if (bytesLeft < bytesLeftMin + 2 * search.states.bytes && backend !== 'wasm') return;
    const sizes = workers === 1 ? undefined : threadSizes(workers, search.compiled.branching);
    const worker = WasmWorker.join(search, wasmStatesMax, sizes);
    if (worker instanceof WasmWorker) {
      this.#worker = worker;
      this.#active.table = undefined;
      this.#active.expander = worker;
    } else if (backend === 'wasm') throw new EngineError(`--backend=wasm: ${worker.refusal}`);
  }

  #leave(worker: WasmWorker): void {
    const table = this.#table!;
    const { search } = this.#active;
    this.close();
    worker.leave();
    this.#worker = undefined;
    table.catchUp();
    this.#active.table = table;
    this.#active.expander = new SingleWorker(search, table, search.findings.code.batch, 'all');
  }
}

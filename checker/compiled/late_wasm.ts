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
/** With fewer states, finding where threads sleep and making a module with sleep sets would take longer than they save. */
const statesOfAwakeSearch = 20_000;
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
  /** States at which sleep sets begin; undefined if they have, or do not. */
  #sleepFrom: number | undefined;
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
      this.#sleepFrom = backend === 'wasm' ? 0 : statesOfAwakeSearch;
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
    else this.#sleepWhenDue();
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
    const { backend } = this.#options;
    this.#from = undefined;
    if (bytesLeft < bytesLeftMin + 2 * search.states.bytes && backend !== 'wasm') return;
    const refusal = this.#makeWorker();
    if (refusal !== undefined && backend === 'wasm') throw new EngineError(`--backend=wasm: ${refusal}`);
  }

  /** Goes on in another module, with sleep sets, if the Program has any; without them where memory does not suffice. */
  #sleepWhenDue(): void {
    const { states, compiled } = this.#active.search;
    if (this.#worker === undefined || this.#pool !== undefined || this.#sleepFrom === undefined) return;
    if (states.count >= this.#sleepFrom && compiled.sleep !== undefined) this.#makeWorker();
    else if (states.count >= this.#sleepFrom) this.#sleepFrom = undefined;
  }

  /** Returns why there is none. */
  #makeWorker(): string | undefined {
    const { search } = this.#active;
    const { workers = 1, wasmStatesMax } = this.#options;
    const sizes = workers === 1 ? undefined : threadSizes(workers, search.compiled.branching);
    const sleeps = this.#sleepFrom !== undefined && search.states.count >= this.#sleepFrom;
    if (sleeps) this.#sleepFrom = undefined;
    const worker = WasmWorker.join(search, { statesMax: wasmStatesMax, sleeps }, sizes);
    if (!(worker instanceof WasmWorker)) return worker.refusal;
    this.#worker = worker;
    this.#active.table = undefined;
    this.#active.expander = worker;
    return undefined;
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

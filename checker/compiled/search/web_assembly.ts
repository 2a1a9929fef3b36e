// Loads a WebAssembly module with a memory of its own. TypeScript knows these names only with the types of a browser.

import { memoryPages } from '../emit/wasm/memory_map.js';
import type { WasmCallbacks, WasmExports } from '../emit/wasm/program.js';

declare const WebAssembly: {
  readonly Memory: new (descriptor: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: { readonly env: object }) => { readonly exports: object };
};

export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

/** The memory of a search: 4 GiB of addresses. Undefined where the system does not grant so many. */
export function wasmMemory(): WasmMemory | undefined {
  try {
    return new WebAssembly.Memory({ initial: memoryPages, maximum: memoryPages, shared: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export const wasmModule = (bytes: Uint8Array<ArrayBuffer>): object => new WebAssembly.Module(bytes);

/** An instance of a module on a memory. */
export const wasmInstance = (module: object, memory: WasmMemory, callbacks: WasmCallbacks): WasmExports =>
  new WebAssembly.Instance(module, { env: { memory, ...callbacks } }).exports as WasmExports;

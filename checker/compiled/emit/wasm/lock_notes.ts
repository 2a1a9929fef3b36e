// Notes about threads that wait for locks, in WebAssembly: emit/lock_cycle.ts says what they are for. Where threads can
// be in a cycle, the state is handed to a callback, which decides.

import type { LockPlacePlan } from '../../plan/lock_cycle.js';
import { bitOf, bitsMax } from '../lock_cycle.js';
import type { WasmFunction, WasmModule } from './assembler.js';
import type { ValueWriter } from './values.js';

export class LockNotes {
  /** Bits of the threads that have no successor because of a lock, and of the holders of such locks. */
  readonly blocked: number;
  readonly holders: number;
  readonly #places: readonly LockPlacePlan[];
  readonly #threads: number;

  constructor(module: WasmModule, places: readonly LockPlacePlan[], threads: number) {
    this.blocked = module.global();
    this.holders = module.global();
    this.#places = places;
    this.#threads = threads;
  }

  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  placeOf(thread: number, at: number): LockPlacePlan | undefined {
    return this.#places.find((place) => place.thread === thread && place.at === at);
  }

  /** Writes the note of a thread at a place: if it has no successor, local `to` is as it was in `first`. */
  write(body: WasmFunction, values: ValueWriter, place: LockPlacePlan, to: number, first: number): void {
    const { thread, barriers } = place;
    body.get(to).get(first).op('i32.eq');
    body.if('none', () => {
      body
        .getGlobal(this.blocked)
        .i32(1 << bitOf(thread))
        .op('i32.or')
        .setGlobal(this.blocked);
      const locks = barriers.flatMap((barrier) => barrier.locks);
      const isKnown = locks.every(({ value }) => value.kind === 'field') && this.#threads <= bitsMax;
      body.getGlobal(this.holders);
      if (!isKnown) body.i32(-1).op('i32.or');
      else {
        for (const { value, holder } of locks) {
          if (value.kind !== 'field') continue;
          if (holder === undefined) body.i32(1);
          values.field(value.field);
          if (holder !== undefined) body.i32(bitOf(holder));
          body.op('i32.shl').op('i32.or');
        }
      }
      body.setGlobal(this.holders);
    });
  }
}

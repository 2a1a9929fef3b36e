// Sleep sets in WebAssembly (checker/analyse/sleep_sets.ts): which threads of a state are not expanded, and which sleep
// in its successors. The set of a state lies in a page of the frontier (table/frontier_pages.ts) until it is expanded.
//
//   for each thread:  not in the set of the state?  ->  expand; successors get   (sleeping | threads before) & after(step)

import type { SleepPlace, SleepPlan } from '../../plan/sleep.js';
import type { WasmFunction, WasmModule } from './assembler.js';
import { frontierPageBits, type MemoryMap } from './memory_map.js';
import { named } from './records.js';

export class SleepSets {
  readonly plan: SleepPlan;
  /** The threads that sleep in the state that is expanded, and those before the thread that is. */
  readonly #candidates: number;
  /** The successors of sleeping threads in a sweep. */
  readonly slept: number;

  constructor(module: WasmModule, plan: SleepPlan) {
    this.plan = plan;
    this.#candidates = module.global('i64');
    this.slept = module.global();
  }

  /** Loads the set of a state into a local, and counts the successors that its threads have. */
  enter(body: WasmFunction, map: MemoryMap, number: number, sleeping: number): void {
    const { page } = named(body, 'page');
    body.i64(0n).set(sleeping);
    writePage(body, map, () => void body.get(number));
    body.tee(page);
    body.if('none', () => {
      body.get(page);
      writeEntry(body, number);
      body.memory('i64.load').set(sleeping);
      for (const [successors, bits] of this.plan.counts) {
        body.get(sleeping).i64(bits).op('i64.and').op('i64.popcnt').op('i32.wrap_i64');
        if (successors !== 1) body.i32(successors).op('i32.mul');
        body.getGlobal(this.slept).op('i32.add').setGlobal(this.slept);
      }
    });
    body.get(sleeping).setGlobal(this.#candidates);
  }

  /** Runs code if a thread does not sleep. */
  ifAwake(body: WasmFunction, sleeping: number, thread: number, write: () => void): void {
    const bits = this.plan.threads[thread]!;
    if (bits === 0n) {
      write();
      return;
    }
    body.get(sleeping).i64(bits).op('i64.and').op('i64.eqz');
    body.if('none', write);
  }

  /** Leaves the set of a successor by a step. */
  after(body: WasmFunction, step: number): void {
    body.getGlobal(this.#candidates).i64(this.plan.after(step)).op('i64.and');
  }

  /** Lets a thread sleep in what later threads lead to, if it has appended so many successors from `first` to `to`. */
  leave(
    body: WasmFunction,
    places: readonly SleepPlace[],
    { stride, first, to }: { readonly stride: number; readonly first: number; readonly to: number },
  ): void {
    for (const { bit, successors } of places) {
      body.get(first).i32(successors * stride);
      body.op('i32.add').get(to).op('i32.eq');
      body.if('none', () => {
        body.getGlobal(this.#candidates).i64(bit).op('i64.or').setGlobal(this.#candidates);
      });
    }
  }
}

/** Copies the set of a record to the page of the state that it becomes, if that has a page. */
export function writeSleepers(body: WasmFunction, map: MemoryMap, record: number, count: number): void {
  const { sleepAt } = map;
  if (sleepAt === undefined) return;
  const { page, number } = named(body, 'page', 'number');
  body.getGlobal(count).set(number);
  writePage(body, map, () => void body.get(number));
  body.tee(page);
  body.if('none', () => {
    body.get(page);
    writeEntry(body, number);
    body.get(record).memory('i64.load', sleepAt).memory('i64.store');
  });
}

/** Leaves the address of the page of a state; 0 if it has none. */
function writePage(body: WasmFunction, { frontier }: MemoryMap, number: () => void): void {
  number();
  body.i32(frontierPageBits).op('i32.shr_u').i32(2).op('i32.shl').memory('i32.load', frontier);
}

/** Adds to the address of a page on the stack where it has the set of a state. */
const writeEntry = (body: WasmFunction, number: number): void =>
  void body
    .get(number)
    .i32(2 ** frontierPageBits - 1)
    .op('i32.and')
    .i32(3)
    .op('i32.shl')
    .op('i32.add');

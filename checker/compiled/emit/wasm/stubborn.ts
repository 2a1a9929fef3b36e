// The code of emit/stubborn.ts as functions of WebAssembly: which threads form a stubborn set, and the removal of the
// successors of the others.
//
//   choose(state, before, ends…)      the threads of the set, as bits: `before` is the address of the first record of the
//                                     batch that is a successor of the state, `ends` those behind each thread's

import type { ThreadPlan } from '../../plan/program.js';
import type { StubbornPlan } from '../../plan/stubborn.js';
import type { WasmFunction, WasmModule } from './assembler.js';
import type { MemoryMap } from './memory_map.js';
import { named } from './records.js';
import { ValueWriter } from './values.js';

/** The numbers of locals: for each thread its row, its column, and the threads that it needs. */
interface ThreadLocals {
  readonly row: number;
  readonly column: number;
  readonly needs: number;
}

export function writeChoose(
  module: WasmModule,
  threads: readonly ThreadPlan[],
  { first }: StubbornPlan,
  map: MemoryMap,
): WasmFunction {
  const body = module.function(['i32', 'i32', ...threads.map(() => 'i32' as const)], ['i32']);
  const [state, before, firstEnd] = [0, 1, 2];
  const values = new ValueWriter(body, map.words, state, 0);
  const { moving, sticky, best, fewest, count, at } = named(
    body,
    ...(['moving', 'sticky', 'best', 'fewest', 'count', 'at'] as const),
  );
  threads.forEach((_, i) => {
    body.get(firstEnd + i).get(i === 0 ? before : firstEnd + i - 1);
    body.op('i32.ne').i32(i).op('i32.shl').get(moving).op('i32.or').set(moving);
  });
  // Of one thread nothing can be left out.
  body.get(moving).get(moving).i32(1).op('i32.sub').op('i32.and').op('i32.eqz');
  body.if('none', () => void body.get(moving).op('return'));
  const all = threads.map((): ThreadLocals => named(body, 'row', 'column', 'needs'));
  threads.forEach(({ field }, i) => {
    const { row, column } = all[i]!;
    values.field(field);
    body.i32(first[i]!).op('i32.add').i32(2).op('i32.shl').tee(at);
    body.memory('i32.load', map.columnAt).set(column);
    writeBit(body, moving, i);
    body.i32(2).op('i32.shl').get(at).i32(1).op('i32.shl').op('i32.add');
    body.memory('i32.load', map.rowAt).set(row);
  });
  writeClosures(body, all);
  all.forEach(({ row }, i) => {
    body.get(row).memory('i32.load8_u').i32(i).op('i32.shl').get(sticky).op('i32.or').set(sticky);
  });
  body.get(moving).tee(best).op('i32.popcnt').set(fewest);
  all.forEach(({ needs }, i) => {
    body.get(needs).get(sticky).op('i32.and').op('i32.eqz');
    writeBit(body, moving, i);
    body.op('i32.and');
    body.if('none', () => {
      body.get(needs).get(moving).op('i32.and').op('i32.popcnt').tee(count).get(fewest).op('i32.lt_u');
      body.if('none', () => {
        body.get(count).set(fewest);
        body.get(needs).get(moving).op('i32.and').set(best);
      });
    });
  });
  body.get(best);
  return body;
}

/** Leaves the bit of a thread in a local. */
const writeBit = (body: WasmFunction, bits: number, thread: number): void =>
  void body.get(bits).i32(thread).op('i32.shr_u').i32(1).op('i32.and');

/** Writes for each thread whom it needs, and whom those need in turn. */
function writeClosures(body: WasmFunction, all: readonly ThreadLocals[]): void {
  all.forEach(({ row, needs }, i) => {
    body.i32(1 << i);
    all.forEach(({ column }, k) => {
      if (k === i) return;
      body.get(row).get(column).op('i32.add').memory('i32.load8_u').i32(k).op('i32.shl').op('i32.or');
    });
    body.set(needs);
  });
  all.forEach(({ needs: more }, k) => {
    all.forEach(({ needs }, i) => {
      if (k === i) return;
      body.i32(0);
      writeBit(body, needs, k);
      body.op('i32.sub').get(more).op('i32.and').get(needs).op('i32.or').set(needs);
    });
  });
}

/** What a sweep needs to take the steps of a set. */
export interface StubbornCode {
  readonly choose: WasmFunction;
  /** The global that is 1 once a step had a fault. */
  readonly faulted: number;
}

/** Locals of a sweep: the address of the state, its number, the addresses behind the batch now and before the state. */
export interface ExpansionLocals {
  readonly state: number;
  readonly number: number;
  readonly to: number;
  readonly before: number;
}

/** Expands all threads, and removes the successors of those that are not chosen; where a step had a fault, none. */
export function writeChosen(
  body: WasmFunction,
  threads: readonly WasmFunction[],
  { choose, faulted }: StubbornCode,
  { state, number, to, before }: ExpansionLocals,
): void {
  const { chosen } = named(body, 'chosen');
  const ends = threads.map(() => body.local());
  body.i32(0).setGlobal(faulted);
  threads.forEach((thread, i) => {
    body.get(state).get(number).get(to).call(thread).tee(ends[i]!).set(to);
  });
  body.getGlobal(faulted).op('i32.eqz');
  body.if('none', () => {
    body.get(state).get(before);
    for (const end of ends) body.get(end);
    body.call(choose).set(chosen);
    body.get(before).set(to);
    ends.forEach((end, i) => {
      const start = i === 0 ? before : ends[i - 1]!;
      const length = () => body.get(end).get(start).op('i32.sub');
      writeBit(body, chosen, i);
      body.if('none', () => {
        body.get(to).get(start);
        length().copy();
        body.get(to);
        length().op('i32.add').set(to);
      });
    });
  });
}

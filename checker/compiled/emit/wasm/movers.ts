// The code of emit/movers.ts as functions of WebAssembly: a thread at a mover location is expanded alone, and the states
// between its steps there are not stored.
//
//   alone(state, number, to)      appends the successors of the first thread at a mover location that has an enabled
//                                 step, and returns the address behind them; `to` if there is no such thread
//   settle(number, from, to)      replaces each record of the batch between two addresses that has such a thread by its
//                                 successors, until none is left; returns the address behind them

import type { ThreadPlan } from '../../plan/program.js';
import { settledMax } from '../movers.js';
import type { WasmFunction, WasmModule } from './assembler.js';
import { advance, named } from './records.js';
import { ValueWriter } from './values.js';

/** A thread with mover locations, and the function that expands it. */
export interface MovingThread {
  readonly plan: ThreadPlan;
  readonly expand: WasmFunction;
  readonly locations: ReadonlySet<number>;
}

export interface MoverCode {
  readonly alone: WasmFunction;
  readonly settle: WasmFunction;
}

/** Writes both functions. `words`: those of a state. */
export function writeMovers(module: WasmModule, threads: readonly MovingThread[], words: number): MoverCode {
  const alone = writeAlone(module, threads, words);
  return { alone, settle: writeSettle(module, alone, words) };
}

function writeAlone(module: WasmModule, threads: readonly MovingThread[], words: number): WasmFunction {
  const body = module.function(['i32', 'i32', 'i32'], ['i32']);
  const [state, number, to] = [0, 1, 2];
  const values = new ValueWriter(body, words, state, 0);
  const { location, after } = named(body, 'location', 'after');
  for (const { plan, expand, locations } of threads) {
    values.field(plan.field);
    body.set(location);
    writeIsIn(body, location, locations);
    body.if('none', () => {
      body.get(state).get(number).get(to).call(expand).tee(after);
      body.get(to).op('i32.ne');
      body.if('none', () => void body.get(after).op('return'));
    });
  }
  body.get(to);
  return body;
}

/** Leaves 1 if a set has the number of a local, else 0: a bit for each number, in words of 32. */
function writeIsIn(body: WasmFunction, local: number, set: ReadonlySet<number>): void {
  const bits = new Int32Array(1 + Math.floor(Math.max(...set) / 32));
  for (const one of set) bits[one >>> 5]! |= 1 << (one & 31);
  const pick = (k: number): void => {
    body.i32(bits[k] ?? 0);
    if (k === bits.length) return;
    pick(k + 1);
    body
      .get(local)
      .i32(32 * (k + 1))
      .op('i32.lt_u')
      .op('select');
  };
  pick(0);
  // A shift takes the lowest five bits of the number.
  body.get(local).op('i32.shr_u').i32(1).op('i32.and');
}

function writeSettle(module: WasmModule, alone: WasmFunction, words: number): WasmFunction {
  const body = module.function(['i32', 'i32', 'i32'], ['i32']);
  const [number, from, to] = [0, 1, 2];
  const stride = 4 * (words + 1);
  const { left, after } = named(body, 'left', 'after');
  body.i32(settledMax).set(left);
  body.block((done) => {
    body.loop((next) => {
      body.get(from).get(to).op('i32.ge_u').get(left).op('i32.eqz').op('i32.or').brIf(done);
      body.get(from).get(number).get(to).call(alone).tee(after);
      body.get(to).op('i32.eq');
      body.if(
        'none',
        () => advance(body, from, stride),
        () => {
          advance(body, left, -1);
          body.get(after).i32(stride).op('i32.sub').set(to);
          // The last of the successors takes the place of the record.
          for (let k = 0; k <= words; k++) {
            body.get(from).get(to);
            body.memory('i32.load', 4 * k).memory('i32.store', 4 * k);
          }
        },
      );
      body.br(next);
    });
  });
  body.get(to);
  return body;
}

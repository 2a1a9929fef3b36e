// The binary format: numbers, and a module that counts, branches and uses memory.

import { expect, test } from 'vitest';
import { wasmInstance, wasmMemory, wasmModule } from '../../search/web_assembly.js';
import { signed, unsigned, WasmModule } from './assembler.js';
import { memoryPages } from './memory_map.js';
import { dispatch } from './steps.js';

const nothing = {
  onCondition: () => {},
  onFault: () => {},
  onReport: () => {},
  onStuck: () => {},
  onBlocked: () => {},
};

/** The exported functions of a module. */
function run(module: WasmModule): { readonly [name: string]: (...numbers: number[]) => number } {
  return wasmInstance(wasmModule(module.bytes), wasmMemory()!, nothing) as never;
}

test('numbers are written in LEB128', () => {
  expect(unsigned(0)).toEqual([0]);
  expect(unsigned(624_485)).toEqual([0xe5, 0x8e, 0x26]);
  expect(unsigned(2 ** 32 - 1)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
  expect(signed(-1n)).toEqual([0x7f]);
  expect(signed(63n)).toEqual([0x3f]);
  expect(signed(64n)).toEqual([0xc0, 0x00]);
  expect(signed(-123_456n)).toEqual([0xc0, 0xbb, 0x78]);
});

test('a loop adds numbers, with a constant of each size', () => {
  const module = new WasmModule(memoryPages);
  const sum = module.function(['i32'], ['i32']);
  const total = sum.local();
  sum.block((end) => {
    sum.loop((again) => {
      sum.get(0).op('i32.eqz').brIf(end);
      sum.get(total).get(0).op('i32.add').set(total);
      sum.get(0).i32(-1).op('i32.add').set(0);
      sum.br(again);
    });
  });
  sum
    .get(total)
    .i32(-(2 ** 31))
    .op('i32.xor');
  module.export('sum', sum);
  expect(run(module)['sum']!(100)).toBe(5050 - 2 ** 31);
});

test('a jump by a number comes to its code, and past all with another number', () => {
  const module = new WasmModule(memoryPages);
  const choose = module.function(['i32'], ['i32']);
  const codes = [10, 11, 12].map((value) => () => void choose.i32(value).op('return'));
  dispatch(choose, () => void choose.get(0), [1, 2, 5], codes);
  choose.i32(-1);
  module.export('choose', choose);
  const { choose: chosen } = run(module);
  expect([0, 1, 2, 3, 4, 5, 6, -1].map((value) => chosen!(value))).toEqual([-1, 10, 11, -1, -1, 12, -1, -1]);
});

test('memory keeps what is stored in it, at any address below 4 GiB', () => {
  const module = new WasmModule(memoryPages);
  const swap = module.function(['i32', 'i32'], ['i32']);
  const old = swap.local();
  swap.get(0).memory('i32.load', 4).set(old);
  swap.get(0).get(1).memory('i32.store', 4);
  swap.get(old);
  module.export('swap', swap);
  const { swap: swapped } = run(module);
  const last = 2 ** 32 - 8;
  expect([swapped!(last, 7), swapped!(last, 8), swapped!(last, 9)]).toEqual([0, 7, 8]);
});

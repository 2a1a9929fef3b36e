// The table of stubborn sets as numbers one after the other, which generated code reads.

import type { StubbornTable } from '../../analyse/stubborn.js';

export interface StubbornPlan {
  /** By thread: where its locations begin in `rowAt` and `columnAt`. */
  readonly first: readonly number[];
  /** For each location of each thread where its row begins in `needs`: without a step that can be taken, and with one. */
  readonly rowAt: Int32Array;
  /** For each location of each thread: its column in a row. */
  readonly columnAt: Int32Array;
  /** The rows: 1 where a thread is needed, and in column 0 where a step is sticky. */
  readonly needs: Uint8Array;
}

export function planStubborn({ rows, columns, waiting, moving, columnOf }: StubbornTable): StubbornPlan {
  const first: number[] = [];
  let count = 0;
  for (const { length } of columnOf) {
    first.push(count);
    count += length;
  }
  const needs = new Uint8Array(rows.length * columns);
  for (const [i, row] of rows.entries()) needs.set(row, i * columns);
  const rowAt = waiting.flatMap((own, thread) =>
    own.flatMap((row, at) => [row * columns, moving[thread]![at]! * columns]),
  );
  return { first, rowAt: Int32Array.from(rowAt), columnAt: Int32Array.from(columnOf.flat()), needs };
}

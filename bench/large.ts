// More than a hundred million states, explored to the end: does it fit, and how long does it take?

import type { BenchCase } from './cases.js';
import { one } from './own.js';
import { tableHead, tableRow } from './processes.js';

/** Prints a row for each case, with one worker. */
export function printLarge(cases: readonly BenchCase[]): void {
  const time = ['CPU s', 's by the clock', 'M transitions / CPU s'];
  const head = ['case', 'states', 'transitions', ...time, 'bytes a state', 'peak GiB'];
  for (const line of tableHead(head, 1)) console.log(line);
  for (const { name, model, settings } of cases) {
    const figures = one({ model, settings, options: {} });
    const { states, transitions, seconds, cpuSeconds, bytesPerState, mebibytes } = figures;
    const speed = [cpuSeconds.toFixed(0), seconds.toFixed(0), (transitions / cpuSeconds / 1e6).toFixed(2)];
    const memory = [bytesPerState.toFixed(1), (mebibytes / 1024).toFixed(2)];
    console.log(tableRow([name, states, transitions, ...speed, ...memory]));
  }
}

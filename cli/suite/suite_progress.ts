// The progress of a suite: a line that changes in a terminal; elsewhere a line now and then, so that nobody takes a long
// row for a hang.

import { type Row, titleOf } from '../../suite/index.js';
import { note } from '../output/terminal.js';

/** The clock and the stream that progress is written to; a test brings its own. */
export interface ProgressPlace {
  readonly isTerminal: boolean;
  /** Characters of a line. */
  readonly width: number;
  /** In milliseconds, from any start. */
  readonly now: () => number;
  /** Calls back again and again; returns what ends that. */
  readonly every: (milliseconds: number, call: () => void) => () => void;
  /** Writes a whole line. */
  readonly line: (text: string) => void;
  /** Writes as it is. */
  readonly raw: (text: string) => void;
}

export interface SuiteProgress {
  readonly started: (row: number) => void;
  readonly ended: (row: number) => void;
  /** Makes room for a line of the result. */
  readonly clear: () => void;
  readonly end: () => void;
}

const heartbeatMilliseconds = 30_000;
const refreshMilliseconds = 200;

/** Rows are numbered as in `rows`; several may run at once, and the one that has run longest is named. */
export function suiteProgress(rows: readonly Row[], place: ProgressPlace = stderrPlace()): SuiteProgress {
  const running = new Map<number, number>();
  let done = 0;
  const text = () => {
    const [first] = running;
    const seconds = first === undefined ? 0 : Math.round((place.now() - first[1]) / 1000);
    const now = first === undefined ? '' : `: ${titleOf(rows[first[0]]!)} (${seconds} s)`;
    return `${done} of ${rows.length} rows are done${now}`;
  };
  const clear = () => {
    if (place.isTerminal) place.raw('\r\u001b[K');
  };
  const stop = place.every(place.isTerminal ? refreshMilliseconds : heartbeatMilliseconds, () => {
    if (place.isTerminal) place.raw(`\r${text().slice(0, place.width - 1)}\u001b[K`);
    else place.line(text());
  });
  return {
    started: (row) => running.set(row, place.now()),
    ended: (row) => {
      running.delete(row);
      done += 1;
    },
    clear,
    end: () => {
      stop();
      clear();
    },
  };
}

const stderrPlace = (): ProgressPlace => ({
  isTerminal: process.stderr.isTTY === true,
  width: process.stderr.columns || 80,
  now: () => performance.now(),
  every: (milliseconds, call) => {
    const timer = setInterval(call, milliseconds);
    return () => clearInterval(timer);
  },
  line: note,
  raw: (text) => process.stderr.write(text),
});

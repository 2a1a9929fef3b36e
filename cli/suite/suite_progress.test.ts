// What is printed while a suite runs, on a clock that the test sets.

import { describe, expect, test } from 'vitest';
import type { Row } from '../../suite/index.js';
import { suiteProgress } from './suite_progress.js';

const rows = ['a', 'b', 'c'].map(
  (fix): Row => ({ model: 'race', settings: { fix }, without: [], expected: {}, origin: { row: 0 } }),
);

/** A place whose clock stands still until it is moved. */
function placeAt(isTerminal: boolean) {
  const written: string[] = [];
  let [now, period] = [0, 0];
  let call: (() => void) | undefined;
  const place = {
    ...{ isTerminal, width: 30, now: () => now },
    every: (milliseconds: number, calling: () => void) => {
      [period, call] = [milliseconds, calling];
      return () => {
        call = undefined;
      };
    },
    line: (text: string) => written.push(`${text}\n`),
    raw: (text: string) => written.push(text),
  };
  /** Lets so much time pass, in milliseconds. */
  const pass = (milliseconds: number) => {
    for (const end = now + milliseconds; now + period <= end; ) {
      now += period;
      call?.();
    }
  };
  return { place, written, pass };
}

describe('the progress of a suite', () => {
  test('is a line every 30 seconds where there is no terminal, with the row that has run longest', () => {
    const { place, written, pass } = placeAt(false);
    const progress = suiteProgress(rows, place);
    progress.started(0);
    progress.started(1);
    pass(29_999);
    expect(written).toEqual([]);
    pass(30_000);
    progress.ended(0);
    progress.clear();
    pass(60_000);
    progress.ended(1);
    pass(30_000);
    progress.end();
    pass(300_000);
    expect(written).toEqual([
      '0 of 3 rows are done: race fix=a (30 s)\n',
      '1 of 3 rows are done: race fix=b (60 s)\n',
      '1 of 3 rows are done: race fix=b (90 s)\n',
      '2 of 3 rows are done\n',
    ]);
  });

  test('is one line in a terminal that fits into it, and is gone before a result and at the end', () => {
    const { place, written, pass } = placeAt(true);
    const progress = suiteProgress(rows, place);
    progress.started(2);
    pass(200);
    progress.clear();
    progress.end();
    expect(written).toEqual(['\r0 of 3 rows are done: race fi\u001b[K', '\r\u001b[K', '\r\u001b[K']);
  });
});

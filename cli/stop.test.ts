// What ends a command: its time, and signals, whatever it is doing.

import { afterEach, describe, expect, test } from 'vitest';
import { Stop, Stopped } from './stop.js';

const forever = () => {
  for (;;);
};
const made: Stop[] = [];
const stopAfter = (seconds?: number): Stop => {
  const stop = new Stop(seconds);
  made.push(stop);
  return stop;
};
afterEach(() => {
  for (const stop of made.splice(0)) stop.close();
});

/** As if it were sent to the process. */
const send = (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => process.emit(signal, signal);

describe('time', () => {
  test('is no reason to stop before it is over', () => {
    expect(stopAfter(1000).reason()).toBeUndefined();
    expect(stopAfter().reason()).toBeUndefined();
  });

  test('is a reason once it is over, and is said with its unit', () => {
    expect(stopAfter(0).reason()).toEqual({ kind: 'time', text: '0 seconds' });
  });

  test('ends code that does not yield, even if that catches everything', () => {
    const stubborn = () => {
      for (;;) {
        try {
          forever();
        } catch {}
      }
    };
    const run = () => stopAfter(0.05).run('mine was lowered', stubborn);
    expect(run).toThrow(Stopped);
    expect(run).toThrow('stopped at 0.05 seconds while mine was lowered: nothing was checked');
  });

  test('lets code that is fast enough return, and its errors pass', () => {
    expect(stopAfter(1000).run('it ran', () => [1, 2])).toEqual([1, 2]);
    const error = new RangeError('out of range');
    const fail = () => {
      throw error;
    };
    expect(() => stopAfter(1000).run('it ran', fail)).toThrow(error);
  });

  test('ends a wait for what never comes', async () => {
    const never = new Promise(() => {});
    await expect(stopAfter(0.05).wait('mine.ts was loaded', () => never)).rejects.toThrow(
      'stopped at 0.05 seconds while mine.ts was loaded: nothing was checked',
    );
    expect(await stopAfter(1000).wait('it was loaded', async () => 7)).toBe(7);
  });
});

describe('a signal', () => {
  test.each([
    ['SIGINT', 'Ctrl-C'],
    ['SIGTERM', 'SIGTERM'],
    ['SIGHUP', 'SIGHUP'],
  ] as const)('%s is a reason to stop, called %s', (signal, text) => {
    const stop = stopAfter();
    stop.listen();
    expect(stop.reason()).toBeUndefined();
    send(signal);
    expect(stop.reason()).toEqual({ kind: 'interrupt', text });
    expect(stop.signal).toBe(signal);
  });

  test('is left to the system before there is anything to report, and the second one of any kind', () => {
    const before = process.listenerCount('SIGTERM');
    const stop = stopAfter();
    expect(process.listenerCount('SIGTERM')).toBe(before);
    stop.listen();
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    send('SIGINT');
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });

  test('keeps code from being run at all', () => {
    const stop = stopAfter();
    stop.listen();
    send('SIGTERM');
    expect(() => stop.run('an essence was looked for', forever)).toThrow('stopped at SIGTERM while');
  });
});

// What ends a command before it is done: Ctrl-C, SIGTERM, SIGHUP, and the time that --max-seconds gives it. There is one
// Stop for each command, handed to whoever does what may take long:
//
//   a search yields (checker/search/work.ts)       `reason` is asked at each yield, where signals have been heard
//   a model's own code, lowering, an essence       `run`: V8 ends it, when time is over or Ctrl-C is pressed
//   a model's file is imported                     `wait`: nobody waits longer than that; load/trial.ts: nor for code
//                                                  that never returns
//
// Until `listen` is called, signals do what they do to any process: there is nothing yet that could be reported.

import { createContext, isContext, Script } from 'node:vm';
import type { LimitReached } from '../checker/index.js';

/** Signals that end a command, with the results so far. */
export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const texts: { readonly [signal in Signal]: string } = {
  SIGINT: 'Ctrl-C',
  SIGTERM: 'SIGTERM',
  SIGHUP: 'SIGHUP',
};
const signals = Object.keys(texts) as readonly Signal[];

/** Something was ended that has no result of its own. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly signal: Signal | undefined;
  /** 'stopped at 3 seconds'. */
  readonly limit: string;

  /** `what` was going on: 'bakery was lowered'. */
  constructor({ text }: LimitReached, signal: Signal | undefined, what: string) {
    super(`stopped at ${text} while ${what}: nothing was checked`);
    this.limit = `stopped at ${text}`;
    this.signal = signal;
  }
}

export class Stop {
  readonly #secondsMax: number;
  readonly #start = performance.now();
  /** What `run` calls; made once, for a context takes milliseconds to make. */
  readonly #context: { work: () => unknown } = { work: () => undefined };
  #signal: Signal | undefined;
  #isListening = false;

  /** The time starts now. */
  constructor(secondsMax = Number.POSITIVE_INFINITY) {
    this.#secondsMax = secondsMax;
  }

  /** Was a time given? */
  get isTimed(): boolean {
    return this.#secondsMax !== Number.POSITIVE_INFINITY;
  }

  /** The signal that was heard. */
  get signal(): Signal | undefined {
    return this.#signal;
  }

  /** Why to stop now, if there is a reason. */
  reason(): LimitReached | undefined {
    if (this.#signal !== undefined) return { kind: 'interrupt', text: texts[this.#signal] };
    if (this.#millisecondsLeft() > 0) return undefined;
    return this.#time();
  }

  /** From now on the first signal only stops what goes on; the next one ends the process at once. */
  listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    for (const signal of signals) process.on(signal, this.#hear);
  }

  /** From now on signals end the process, as before. */
  close(): void {
    this.#isListening = false;
    for (const signal of signals) process.off(signal, this.#hear);
  }

  #hear = (signal: Signal): void => {
    this.#signal = signal;
    this.close();
  };

  /**
   * Runs code that does not yield. Throws a Stopped if time is over before it returns, or Ctrl-C is pressed: then it may
   * have stopped anywhere, and what it was making must not be used.
   */
  run<R>(what: string, work: () => R): R {
    const left = this.#millisecondsLeft();
    if (this.reason() !== undefined) throw this.#stopped(what);
    if (left === Number.POSITIVE_INFINITY && !this.#isListening) return work();
    const before = this.#context.work;
    if (!isContext(this.#context)) createContext(this.#context);
    this.#context.work = work;
    try {
      return callOf.runInContext(this.#context, {
        breakOnSigint: this.#isListening,
        ...(left < timeoutMax && { timeout: Math.max(1, Math.ceil(left)) }),
      });
    } catch (error) {
      // An error of that context, and of no class of this one.
      const { code } = Object(error) as { readonly code?: unknown };
      if (code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') this.#hear('SIGINT');
      else if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      throw this.#stopped(what);
    } finally {
      this.#context.work = before;
    }
  }

  /** Starts something and waits for it. Throws a Stopped if time is over before that. */
  async wait<R>(what: string, start: () => Promise<R>): Promise<R> {
    const left = this.#millisecondsLeft();
    if (left >= timeoutMax) return start();
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#stopped(what)), left);
    });
    return Promise.race([start(), over]).finally(() => clearTimeout(timer));
  }

  #millisecondsLeft = (): number => 1000 * this.#secondsMax - (performance.now() - this.#start);

  #stopped(what: string): Stopped {
    return new Stopped(this.reason() ?? this.#time(), this.#signal, what);
  }

  #time(): LimitReached {
    return { kind: 'time', text: `${this.#secondsMax} second${this.#secondsMax === 1 ? '' : 's'}` };
  }
}

/** Calls `work` of its context. */
const callOf = new Script('work()');

/** Timers take no more. */
const timeoutMax = 2 ** 31;

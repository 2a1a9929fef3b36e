// Stops a command early: at Ctrl-C, SIGTERM, SIGHUP and after --max-seconds. Each command has one Stop, and passes it
// to everything that may take long:
//
//   a search yields (checker/search/work.ts)       `reason` is called at each yield, where signals are delivered
//   a model's own code, lowering, an essence       `run`: V8 terminates it at the time limit or at Ctrl-C
//   a model's file is imported                     `wait`: gives up at the time limit, as load/trial.ts does for code
//                                                  that never returns
//
// Until `listen` is called, signals end the process: there is no partial result yet.

import { createContext, isContext, Script } from 'node:vm';
import type { LimitReached } from '../checker/index.js';

/** Signals that stop a command, which then reports its partial result. */
export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const texts: { readonly [signal in Signal]: string } = {
  SIGINT: 'Ctrl-C',
  SIGTERM: 'SIGTERM',
  SIGHUP: 'SIGHUP',
};
const signals = Object.keys(texts) as readonly Signal[];

/** Work was stopped that has no partial result. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly signal: Signal | undefined;
  /** Such as 'stopped at 3 seconds'. */
  readonly limit: string;

  /** `what` says which work was stopped, such as 'bakery was lowered'. */
  constructor({ text }: LimitReached, signal: Signal | undefined, what: string) {
    super(`stopped at ${text} while ${what}: nothing was checked`);
    this.limit = `stopped at ${text}`;
    this.signal = signal;
  }
}

export class Stop {
  readonly #secondsMax: number;
  readonly #start = performance.now();
  /** The V8 context that `run` uses; made once, since that takes milliseconds. */
  readonly #context: { work: () => unknown } = { work: () => undefined };
  readonly #hearsSignals: boolean;
  #signal: Signal | undefined;
  #halted: LimitReached | undefined;
  #isListening = false;

  /** The time starts now. Where another process decides about signals, they are not heard here. */
  constructor(secondsMax = Number.POSITIVE_INFINITY, { hearsSignals = true } = {}) {
    this.#secondsMax = secondsMax;
    this.#hearsSignals = hearsSignals;
  }

  /** Was a time given? */
  get isTimed(): boolean {
    return this.#secondsMax !== Number.POSITIVE_INFINITY;
  }

  /** The signal that was received. */
  get signal(): Signal | undefined {
    return this.#signal;
  }

  /** The reason to stop now, if there is one. */
  reason(): LimitReached | undefined {
    if (this.#signal !== undefined) return { kind: 'interrupt', text: texts[this.#signal] };
    if (this.#halted !== undefined) return this.#halted;
    if (this.#millisecondsLeft() > 0) return undefined;
    return this.#time();
  }

  /** Stops the work for a reason that another process has. */
  halt(limit: LimitReached): void {
    this.#halted = limit;
  }

  /** From now on the first signal stops the work, and a second one ends the process at once. */
  listen(): void {
    if (this.#isListening || !this.#hearsSignals) return;
    this.#isListening = true;
    for (const signal of signals) process.on(signal, this.#hear);
  }

  /** From now on signals end the process again. */
  close(): void {
    this.#isListening = false;
    for (const signal of signals) process.off(signal, this.#hear);
  }

  #hear = (signal: Signal): void => {
    this.#signal = signal;
    this.close();
  };

  /**
   * Runs code that does not yield. Throws a Stopped at the time limit or at Ctrl-C: the code may have been terminated
   * anywhere, so the data that it was changing must not be used.
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
      // The error belongs to the other context, so `instanceof` does not recognise it.
      const { code } = Object(error) as { readonly code?: unknown };
      if (code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') this.#hear('SIGINT');
      else if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      throw this.#stopped(what);
    } finally {
      this.#context.work = before;
    }
  }

  /** Starts work and waits for it. Throws a Stopped at the time limit. */
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

/** Calls the `work` of the context. */
const callOf = new Script('work()');

/** The largest timeout that Node's timers take. */
const timeoutMax = 2 ** 31;

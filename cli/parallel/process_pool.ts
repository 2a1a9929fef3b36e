// Processes that answer questions (protocol.ts), one at a time each. A process that dies fails its question, and is
// replaced.

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LimitReached } from '../../checker/index.js';
import { ProcessError } from '../errors.js';
import { exitStatus } from '../exit_status.js';
import { packageUrl } from '../package.js';
import type { Answer, Answers, Halt, ProcessQuestion } from './protocol.js';

/** The pool was closed before the answer. */
export class PoolClosed extends Error {
  override readonly name = 'PoolClosed';
}

interface Job {
  readonly question: ProcessQuestion;
  readonly started: () => void;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** How long searches that were halted have for their answers. */
const graceMilliseconds = 3000;

const main = fileURLToPath(new URL('cli/main.js', packageUrl));

export class ProcessPool {
  readonly #size: number;
  readonly #waiting: Job[] = [];
  readonly #idle: ChildProcess[] = [];
  readonly #busy = new Map<ChildProcess, Job>();
  #isClosed = false;
  #grace: NodeJS.Timeout | undefined;

  /** Of at most `size` processes; they are started when there is something to ask. */
  constructor(size: number) {
    this.#size = size;
  }

  /**
   * The answer to a question; `started` is called when a process begins with it. Throws a ProcessError, or a PoolClosed.
   */
  ask<K extends ProcessQuestion['kind']>(
    question: Extract<ProcessQuestion, { readonly kind: K }>,
    started: () => void = () => {},
  ): Promise<Answers[K]> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(new PoolClosed());
      this.#waiting.push({ question, started, resolve: resolve as (value: unknown) => void, reject });
      this.#next();
    });
  }

  /**
   * Stops what runs: it answers with what it has found until then, or is ended if it does not. Questions that wait are
   * rejected.
   */
  halt(limit: LimitReached): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const halt: Halt = { kind: 'halt', limit };
    for (const child of this.#busy.keys()) child.send(halt, () => {});
    for (const { reject } of this.#waiting.splice(0)) reject(new PoolClosed());
    this.#grace = setTimeout(() => this.close(), graceMilliseconds);
  }

  /** Ends all processes; questions that are open are rejected. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#grace);
    for (const child of [...this.#idle, ...this.#busy.keys()]) child.kill('SIGKILL');
    for (const { reject } of [...this.#waiting.splice(0), ...this.#busy.values()]) reject(new PoolClosed());
    this.#busy.clear();
    this.#idle.length = 0;
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    const child = this.#idle.pop() ?? (this.#busy.size < this.#size ? this.#start() : undefined);
    if (child === undefined) return;
    const job = this.#waiting.shift()!;
    this.#busy.set(child, job);
    job.started();
    // A process that dies while it is written to is heard of by its exit.
    child.send(job.question, () => {});
  }

  #start(): ChildProcess {
    // What code of users writes to its stdout goes to stderr.
    const child = spawn(process.execPath, [main, 'test', '--serve'], {
      stdio: ['ignore', 2, 'inherit', 'ipc'],
    });
    child.on('message', (answer: Answer) => this.#answered(child, answer));
    child.on('error', (error) => this.#ended(child, error.message));
    child.on('exit', (status, signal) => this.#ended(child, `it ended with ${signal ?? `status ${status}`}`));
    return child;
  }

  #answered(child: ChildProcess, answer: Answer): void {
    const job = this.#busy.get(child);
    if (job === undefined) return;
    this.#busy.delete(child);
    this.#idle.push(child);
    if ('error' in answer) job.reject(new ProcessError(answer.error, answer.status));
    else job.resolve(answer.value);
    this.#next();
  }

  #ended(child: ChildProcess, how: string): void {
    const at = this.#idle.indexOf(child);
    if (at >= 0) this.#idle.splice(at, 1);
    const job = this.#busy.get(child);
    this.#busy.delete(child);
    job?.reject(new ProcessError(`the process that ran this died: ${how}`, exitStatus.usage));
    this.#next();
  }
}

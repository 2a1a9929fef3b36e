// Processes that answer questions of a suite. Each answers one at a time; one that dies takes its question with it, and
// is replaced.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { packageUrl } from '../package.js';
import type { Answer, Answers, RowQuestion } from './protocol.js';

/** A question that was answered by an error: of the model, of its settings, of the process. */
export class RowError extends Error {
  override readonly name = 'RowError';
}

/** The pool was closed before the answer. */
export class PoolClosed extends Error {
  override readonly name = 'PoolClosed';
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

interface Job {
  readonly question: RowQuestion;
  readonly started: () => void;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const main = fileURLToPath(new URL('cli/main.js', packageUrl));

export class RowPool {
  readonly #size: number;
  readonly #waiting: Job[] = [];
  readonly #idle: Child[] = [];
  readonly #busy = new Map<Child, Job>();
  #isClosed = false;

  /** Of at most `size` processes; they are started when there is something to ask. */
  constructor(size: number) {
    this.#size = size;
  }

  /**
   * The answer to a question; `started` is called when a process begins with it. Throws a RowError, or a PoolClosed.
   */
  ask<K extends RowQuestion['kind']>(
    question: Extract<RowQuestion, { readonly kind: K }>,
    started: () => void = () => {},
  ): Promise<Answers[K]> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(new PoolClosed());
      this.#waiting.push({ question, started, resolve: resolve as (value: unknown) => void, reject });
      this.#next();
    });
  }

  /** Ends all processes; questions that are open are rejected. */
  close(): void {
    this.#isClosed = true;
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
    child.stdin.write(`${JSON.stringify(job.question)}\n`);
  }

  #start(): Child {
    const child = spawn(process.execPath, [main, 'test', '--serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: child.stdout }).on('line', (line) => this.#answered(child, line));
    child.on('error', (error) => this.#ended(child, error.message));
    child.on('exit', (status, signal) => this.#ended(child, `it ended with ${signal ?? `status ${status}`}`));
    // A process that dies while it is written to is heard of by its exit.
    child.stdin.on('error', () => {});
    return child;
  }

  #answered(child: Child, line: string): void {
    const job = this.#busy.get(child);
    if (job === undefined) return;
    this.#busy.delete(child);
    this.#idle.push(child);
    const answer: Answer = JSON.parse(line);
    if ('error' in answer) job.reject(new RowError(answer.error));
    else job.resolve(answer.value);
    this.#next();
  }

  #ended(child: Child, how: string): void {
    const at = this.#idle.indexOf(child);
    if (at >= 0) this.#idle.splice(at, 1);
    const job = this.#busy.get(child);
    this.#busy.delete(child);
    job?.reject(new RowError(`the process that ran this row died: ${how}`));
    this.#next();
  }
}

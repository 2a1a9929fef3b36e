// A model's file is somebody's program, and runs in this process: its procedures are functions. So that it can do no
// harm to the answer, it cannot end the process, what it writes goes to stderr, and what it throws later is told beside
// the result. Once the command is done the process ends, whatever the file still waits for.

import { ModelError } from '../../models/language/index.js';
import { explain } from '../errors.js';
import { exitStatus } from '../exit_status.js';

export interface ProcessGuard {
  /** What a promise brings; fails with the error once the process has nothing to do but to wait for it. */
  readonly unlessStuck: <T>(promise: Promise<T>, error: Error) => Promise<T>;
}

/** By stream: what wrote to it before. */
const writers = new WeakMap<NodeJS.WriteStream, NodeJS.WriteStream['write']>();

/** Writes a result to stdout, where a model's file cannot. */
export function writeResult(text: string, done: (error?: Error | null) => void): void {
  const { stdout } = process;
  const write: (this: typeof stdout, text: string, done: (error?: Error | null) => void) => boolean =
    writers.get(stdout) ?? stdout.write;
  write.call(stdout, text, done);
}

const ends = ['exit', 'reallyExit', 'abort', 'kill'] as const;

let release: (() => void) | undefined;

/** Guards the process until `leave`. `blame` makes an error the model's, if it is. */
export function guardProcess(blame: (error: unknown) => unknown): ProcessGuard {
  release?.();
  const { stdout, stderr } = process;
  const undo = ends.map((name) => {
    const own = Object.getOwnPropertyDescriptor(process, name);
    const refused = () => {
      throw new ModelError(`a model cannot end the process: process.${name}()`);
    };
    Object.defineProperty(process, name, { value: refused, configurable: true, writable: true });
    return () => own !== undefined && Object.defineProperty(process, name, own);
  });
  writers.set(stdout, stdout.write);
  stdout.write = stderr.write.bind(stderr) as typeof stdout.write;
  const late = (error: unknown) => {
    const blamed = blame(error);
    const { text } = explain(blamed);
    if (blamed instanceof ModelError) {
      stderr.write(`${text} (thrown beside the command, whose result it does not touch)\n`);
      return;
    }
    stderr.write(`${text}\n`);
    process.exitCode = exitStatus.internal;
    leave();
  };
  process.on('uncaughtException', late).on('unhandledRejection', late);
  release = () => {
    for (const each of undo) each();
    stdout.write = writers.get(stdout)!;
    writers.delete(stdout);
    process.off('uncaughtException', late).off('unhandledRejection', late);
    release = undefined;
  };
  return {
    unlessStuck: async (promise, error) => {
      let stuck = () => {};
      const waiting = new Promise<never>((_, reject) => {
        stuck = () => reject(error);
      });
      process.on('beforeExit', stuck);
      try {
        return await Promise.race([promise, waiting]);
      } finally {
        process.off('beforeExit', stuck);
        // What the file has rejected, or put off until now, is told before the result.
        await new Promise((done) => setImmediate(done));
      }
    },
  };
}

/** Ends the process with its exit status, if a model's file has run in it; otherwise it ends by itself. */
export function leave(): void {
  if (release === undefined) return;
  release();
  process.removeAllListeners('exit');
  process.exit();
}

// Protects the result from the code of a model file, which runs in this process. The file cannot end the process; its
// output goes to stderr; errors that it throws later are reported after the result. When the command is done the
// process ends, even if the file still has timers or open handles.

import { ModelError } from '../../models/language/index.js';
import { explain } from '../errors.js';
import { exitStatus } from '../exit_status.js';

export interface ProcessGuard {
  /** The value of the promise; rejects with the error if the event loop is empty and the promise still pending. */
  readonly unlessStuck: <T>(promise: Promise<T>, error: Error) => Promise<T>;
}

/** The original write function of each stream. */
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

/** Guards the process until `leave`. `blame` turns an error of the model into a ModelError. */
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
      stderr.write(`${text} (thrown asynchronously by the model file; the result is not affected)\n`);
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
        // Errors of rejected promises and of timers that are due are reported before the result.
        await new Promise((done) => setImmediate(done));
      }
    },
  };
}

/** Ends the process with its exit status if a model file has run; otherwise it ends by itself. */
export function leave(): void {
  if (release === undefined) return;
  release();
  process.removeAllListeners('exit');
  process.exit();
}

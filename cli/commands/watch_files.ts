// check --watch: checks again, in a process of its own, whenever a file beside the model changes. It ends with a signal.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { type ExitStatus, statusOfSignal } from '../exit_status.js';
import { note } from '../output/terminal.js';
import type { Signal } from '../stop.js';

/** An editor saves in several steps: what comes within so many milliseconds is one change. */
const settledAfter = 100;

const isSource = (name: string | null): boolean =>
  name !== null && /\.(m?[jt]s|json)$/.test(name) && !name.includes('node_modules');

/** Runs `raceproof` with these arguments again and again. Throws a UsageError for a model that is no file. */
export function checkAgain(model: string, args: readonly string[]): Promise<ExitStatus> {
  const file = resolve(model);
  if (!existsSync(file)) throw new UsageError(`--watch is for a model's file: there is no file '${model}'`);
  let child: ChildProcess | undefined;
  const check = () => {
    child?.kill('SIGKILL');
    child = spawn(process.execPath, [process.argv[1]!, ...args], { stdio: 'inherit' });
    child.once('exit', () => note(`${model}: waiting for a change; Ctrl-C ends`));
  };
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(dirname(file), { recursive: true }, (_, name) => {
    if (!isSource(name)) return;
    clearTimeout(timer);
    timer = setTimeout(check, settledAfter);
  });
  check();
  return new Promise((done) => {
    const end = (signal: Signal) => {
      watcher.close();
      clearTimeout(timer);
      child?.removeAllListeners('exit').kill('SIGKILL');
      done(statusOfSignal[signal]);
    };
    for (const signal of Object.keys(statusOfSignal) as readonly Signal[]) process.once(signal, end);
  });
}

// Runs the built command as a process, or calls it in this process, and writes model files for it.

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The built one. */
export const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  /** The folder in which it runs. */
  readonly cwd?: string;
  readonly env?: { readonly [name: string]: string };
  /** The command's own file, if it is not the built one. */
  readonly main?: string;
  /** In a process group of its own. */
  readonly detached?: boolean;
}

/** Runs `raceproof …`. Its output goes to pipes, its input is empty. */
export function raceproof(args: readonly string[], options: Options = {}): Promise<Outcome> {
  const child = start(args, options);
  child.stdin.end();
  return finished(child);
}

/** Starts the command and returns its process. */
export const start = (
  args: readonly string[],
  { cwd, env, main: file = main, detached = false }: Options = {},
) =>
  spawn(process.execPath, [file, ...args], {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, NO_COLOR: '', RACEPROOF_DEBUG: '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached,
  });

/** Waits until it has ended. */
export function finished(child: ReturnType<typeof start>): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/**
 * The output and status of `raceproof …` called in this process, since starting a process takes longer than most
 * commands. For tests of output; command.test.ts compares it with a real process.
 */
export function called(args: readonly string[], { cwd }: Pick<Options, 'cwd'> = {}): Promise<Outcome> {
  const outcome = before.then(() => call(args, cwd));
  before = outcome.catch(() => {});
  return outcome;
}

/** One call at a time: calls share the streams and the working directory. */
let before: Promise<unknown> = Promise.resolve();

async function call(args: readonly string[], cwd: string | undefined): Promise<Outcome> {
  const { argv, exitCode } = process;
  const [stdout, stderr, folder] = [new Gathered(), new Gathered(), process.cwd()];
  const undo = [replaced('stdout', stdout), replaced('stderr', stderr), replaced('exit', () => {})];
  try {
    process.argv = [process.execPath, main, ...args];
    if (cwd !== undefined) process.chdir(cwd);
    // Imported under a new name for each call, since Node runs a module once; its imports are loaded once. The name is
    // not counted here: Node keeps its modules where vitest loads this file anew.
    await import(`${pathToFileURL(main).href}?call=${randomUUID()}`);
    return { status: Number(process.exitCode), stdout: stdout.text, stderr: stderr.text };
  } finally {
    process.argv = argv;
    process.exitCode = exitCode;
    process.chdir(folder);
    for (const each of undo) each();
  }
}

/** Collects what is written; is no terminal. */
class Gathered extends Writable {
  text = '';

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Replaces a property of `process`; returns a function that restores it. */
function replaced(name: 'stdout' | 'stderr' | 'exit', by: Writable | (() => void)): () => void {
  const own = Object.getOwnPropertyDescriptor(process, name)!;
  Object.defineProperty(process, name, { value: by, configurable: true, writable: true });
  return () => Object.defineProperty(process, name, own);
}

/** A folder of files outside the package; gone when `remove` is called. */
export function folder(files: { readonly [name: string]: string }) {
  const path = mkdtempSync(join(tmpdir(), 'raceproof-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return { path, remove: () => rmSync(path, { recursive: true }) };
}

/** A copy of the built package, for tests that damage it; `main` is its command. */
export function packageCopy() {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const copy = folder({});
  cpSync(join(root, 'dist'), join(copy.path, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(copy.path, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(copy.path, 'node_modules'));
  return { ...copy, main: join(copy.path, 'dist/cli/main.js') };
}

// The built command, as users run it or called in this process, and model files of theirs.

import { spawn } from 'node:child_process';
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
}

/** Runs `raceproof …`. Its output goes to pipes, its input is empty. */
export function raceproof(args: readonly string[], options: Options = {}): Promise<Outcome> {
  const child = start(args, options);
  child.stdin.end();
  return finished(child);
}

/** Starts it, for those who want to interfere. */
export const start = (args: readonly string[], { cwd, env, main: file = main }: Options = {}) =>
  spawn(process.execPath, [file, ...args], {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, NO_COLOR: '', RACEPROOF_DEBUG: '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
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
 * What `raceproof …` says and its status, without a process of its own, which would take longer to start than most of
 * them take to run: for tests of what is said. command.test.ts compares both.
 */
export function called(args: readonly string[], { cwd }: Pick<Options, 'cwd'> = {}): Promise<Outcome> {
  const outcome = before.then(() => call(args, cwd));
  before = outcome.catch(() => {});
  return outcome;
}

/** One call at a time: they share what they write to, and the folder. */
let before: Promise<unknown> = Promise.resolve();

let calls = 0;

async function call(args: readonly string[], cwd: string | undefined): Promise<Outcome> {
  const { argv, exitCode } = process;
  const [stdout, stderr, folder] = [new Gathered(), new Gathered(), process.cwd()];
  const undo = [replaced('stdout', stdout), replaced('stderr', stderr), replaced('exit', () => {})];
  try {
    process.argv = [process.execPath, main, ...args];
    if (cwd !== undefined) process.chdir(cwd);
    // Under another name each time it is run again; what it imports is loaded once.
    await import(`${pathToFileURL(main).href}?call=${++calls}`);
    return { status: Number(process.exitCode), stdout: stdout.text, stderr: stderr.text };
  } finally {
    process.argv = argv;
    process.exitCode = exitCode;
    process.chdir(folder);
    for (const each of undo) each();
  }
}

/** No terminal. */
class Gathered extends Writable {
  text = '';

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Puts something in the place of what this process has; returns what undoes it. */
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

/** A copy of the built package, to be damaged; `main` is its command. */
export function packageCopy() {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const copy = folder({});
  cpSync(join(root, 'dist'), join(copy.path, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(copy.path, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(copy.path, 'node_modules'));
  return { ...copy, main: join(copy.path, 'dist/cli/main.js') };
}

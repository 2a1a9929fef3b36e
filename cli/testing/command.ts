// The real command, as users run it, and model files of theirs.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

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

/** A folder of files outside the package; gone when `remove` is called. */
export function folder(files: { readonly [name: string]: string }) {
  const path = mkdtempSync(join(tmpdir(), 'raceproof-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return { path, remove: () => rmSync(path, { recursive: true }) };
}

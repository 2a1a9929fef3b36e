// Runs the other tools, each in a temporary folder. A missing tool is reported by name, and never counts as a pass.

import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const versionFlag = { rumur: '--version', spin: '-V', gcc: '--version' } as const;
export type Tool = keyof typeof versionFlag;

/** Those of the tools that this machine lacks. */
export const missingTools = (tools: readonly Tool[]): readonly Tool[] =>
  tools.filter((tool) => spawnSync(tool, [versionFlag[tool]]).error !== undefined);

/** Runs a function in a fresh folder, and removes the folder. */
export async function inTemporaryFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'raceproof-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const write = (folder: string, name: string, text: string): Promise<void> =>
  writeFile(join(folder, name), text);

/**
 * Runs a command in a folder and returns what it prints. A status other than 0 is an error, unless the command
 * `mayFail`: checkers end with 1 when they find something.
 */
export function run(
  folder: string,
  command: string,
  args: readonly string[],
  { mayFail = false } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd: folder, maxBuffer: 1 << 30 }, (error, stdout, stderr) => {
      const ended = error === null || typeof error.code === 'number';
      if (error === null || (mayFail && ended)) resolve(`${stdout}${stderr}`);
      else reject(new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}${error.message}`));
    });
  });
}

/** For the C compiler: the tools write much of it, so for few states optimising takes longer than it saves. */
export function optimisation(statesExpected: number): '-O0' | '-O1' | '-O2' {
  if (statesExpected < 8000) return '-O0';
  return statesExpected < 500_000 ? '-O1' : '-O2';
}

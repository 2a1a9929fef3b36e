// Measures processes with a stopwatch in C, since Node does not report the processor time and memory of a child.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one process took, from its start to its end. */
export interface Usage {
  readonly seconds: number;
  /** Of all its threads and children together. */
  readonly cpuSeconds: number;
  /** At its peak. */
  readonly mebibytes: number;
}

/** Runs a command and returns what it prints. Throws if it fails. */
export function run(command: string, args: readonly string[], cwd = '.'): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

/** Is there such a command? */
export const isInstalled = (command: string): boolean =>
  spawnSync(command, ['--version']).error === undefined;

/** Runs commands and says what each took. */
export type Stopwatch = (
  command: string,
  args: readonly string[],
  cwd: string,
) => { readonly stdout: string; readonly usage: Usage };

/** Compiles the stopwatch into a folder; needs gcc. */
export function makeStopwatch(folder: string): Stopwatch {
  const file = join(folder, 'stopwatch');
  writeFileSync(`${file}.c`, source);
  run('gcc', ['-O1', `${file}.c`, '-o', file]);
  const result = join(folder, 'usage');
  return (command, args, cwd) => {
    const { status, stdout, stderr } = spawnSync(file, [result, command, ...args], {
      cwd,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const [seconds = 0, cpuSeconds = 0, kibibytes = 0] = readFileSync(result, 'utf8').split(' ').map(Number);
    // Model checkers end with a small number for what they found; 127: there is no such command.
    if (status === null || status >= 70) throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`);
    return { stdout, usage: { seconds, cpuSeconds, mebibytes: kibibytes / 1024 } };
  };
}

const source = `
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
int main(int argc, char **argv) {
  struct timespec a, b; struct rusage took; int status = 0;
  clock_gettime(CLOCK_MONOTONIC, &a);
  pid_t child = fork();
  if (child == 0) { execvp(argv[2], argv + 2); _exit(127); }
  wait4(child, &status, 0, &took);
  clock_gettime(CLOCK_MONOTONIC, &b);
  FILE *f = fopen(argv[1], "w");
  fprintf(f, "%.6f %.6f %ld", (b.tv_sec - a.tv_sec) + (b.tv_nsec - a.tv_nsec) * 1e-9,
    took.ru_utime.tv_sec + took.ru_stime.tv_sec + (took.ru_utime.tv_usec + took.ru_stime.tv_usec) * 1e-6,
    took.ru_maxrss);
  fclose(f);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}
`;

/** The middle value; of an even number of values the larger of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** A row of a Markdown table. */
export const tableRow = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

/** The head of a Markdown table, its first columns to the left and the others to the right. */
export const tableHead = (cells: readonly string[], left: number): readonly string[] => [
  tableRow(cells),
  `|${cells.map((_, i) => (i < left ? '---' : '--:')).join('|')}|`,
];

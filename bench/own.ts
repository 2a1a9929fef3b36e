// Our own figures: the compiled engine in its variants, the reference engine where it is fast enough, and a C program
// of the same search.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lower } from '../checker/index.js';
import { cText } from '../checker/show.js';
import { models } from '../models/index.js';
import { type BenchCase, inBuffers, variants } from './cases.js';
import type { Figures, Task } from './one.js';
import { median, run, tableHead, tableRow } from './processes.js';

/** One search in a process of its own. */
export const one = (task: Task): Figures =>
  JSON.parse(run(process.execPath, ['scripts/run.js', 'bench/one.ts', JSON.stringify(task)])) as Figures;

/** Prints the table, case by case. */
export function printOwn(cases: readonly BenchCase[], rounds: number, folder: string): void {
  console.log(`\`raceproof check increment\`, the whole process: ${startUp().toFixed(2)} s.\n`);
  const units = ['M transitions / CPU s', 'by the clock', 'M states / CPU s'];
  const head = ['case', 'variant', 'states', 'transitions', ...units, 'speed to compiled', 'bytes a state'];
  for (const line of tableHead([...head, 'peak MiB'], 2)) console.log(line);
  for (const each of cases) for (const line of measureCase(each, rounds, folder)) console.log(line);
}

/** The whole command on the smallest model, in seconds by the clock. */
function startUp(): number {
  const times = Array.from({ length: 5 }, () => {
    const start = process.hrtime.bigint();
    spawnSync(process.execPath, ['dist/cli/main.js', 'check', 'increment']);
    return Number(process.hrtime.bigint() - start) / 1e9;
  });
  return median(times);
}

function measureCase(of: BenchCase, rounds: number, folder: string): readonly string[] {
  const { model, settings, buffer, statesMax } = of;
  const limit = statesMax === undefined ? {} : { statesMax };
  const c = of.isLarge ? compileC(of, folder) : undefined;
  const runs: { readonly name: string; readonly run: () => Figures }[] = variants
    .filter(({ forLarge }) => forLarge || !of.isLarge)
    .map(({ name, options }) => {
      return { name, run: () => one({ model, settings, buffer, options: { ...options, ...limit } }) };
    });
  if (c !== undefined) runs.push({ name: 'C, gcc -O3', run: () => runC(c) });
  const figures = runs.map((): Figures[] => []);
  for (let round = 0; round < rounds; round++) {
    runs.forEach((variant, i) => {
      figures[i]!.push(variant.run());
    });
  }
  const base = median(figures[0]!.map(({ cpuSeconds }) => cpuSeconds));
  return runs.map(({ name }, i) => rowOf(of.name, name, figures[i]!, base));
}

/** Compiles the C program of a case; undefined where there is no compiler. */
function compileC(
  { name, model, settings, buffer, statesMax }: BenchCase,
  folder: string,
): string | undefined {
  const file = join(folder, name.replaceAll(/\W/g, '_'));
  const { program } = lower(models.get(model)!.model, settings, {}, inBuffers(buffer));
  writeFileSync(`${file}.c`, cText(program, statesMax));
  const { error } = spawnSync('gcc', ['-O3', '-w', `${file}.c`, '-o', file]);
  return error === undefined ? file : undefined;
}

function runC(program: string): Figures {
  const [states = 0, transitions = 0, seconds = 0] = run(program, []).trim().split(' ').map(Number);
  return { states, transitions, seconds, cpuSeconds: seconds, bytesPerState: 0, mebibytes: 0 };
}

function rowOf(name: string, variant: string, all: readonly Figures[], base: number): string {
  const first = all[0]!;
  const cpu = median(all.map(({ cpuSeconds }) => cpuSeconds));
  const seconds = median(all.map((figures) => figures.seconds));
  const millions = (time: number) => (first.transitions / time / 1e6).toFixed(2);
  const bytes = first.bytesPerState === 0 ? '' : first.bytesPerState.toFixed(1);
  const peak = first.mebibytes === 0 ? '' : Math.round(first.mebibytes);
  const speed = [(first.states / cpu / 1e6).toFixed(2), (base / cpu).toFixed(2)];
  const cells = [name, variant, first.states, first.transitions, millions(cpu), millions(seconds)];
  return tableRow([...cells, ...speed, bytes, peak]);
}

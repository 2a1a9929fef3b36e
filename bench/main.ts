// npm run bench [ROUNDS]: prints a Markdown table of every case and variant, the compiled engine beside a C program of
// the same search. Rounds are interleaved and medians are shown; transitions a second are counted by processor time
// as well as by the clock, because other programs may share the machine.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { lower } from '../checker/index.js';
import { models } from '../models/index.js';
import { cProgram } from './c_program.js';
import { type Case, cases, variants } from './cases.js';
import type { Figures, Task } from './one.js';

const rounds = Number(process.argv[2] ?? 3);
const folder = mkdtempSync(join(tmpdir(), 'raceproof-bench-'));

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

const one = (task: Task): Figures =>
  JSON.parse(run(process.execPath, ['scripts/run.js', 'bench/one.ts', JSON.stringify(task)])) as Figures;

/** Compiles the C program of a case; undefined where there is no compiler. */
function compileC({ name, model, settings, statesMax = 2 ** 31 }: Case): string | undefined {
  const file = join(folder, name.replaceAll(/\W/g, '_'));
  writeFileSync(`${file}.c`, cProgram(lower(models.get(model)!.model, settings).program, statesMax));
  const { error } = spawnSync('gcc', ['-O3', '-fwrapv', '-w', `${file}.c`, '-o', file]);
  return error === undefined ? file : undefined;
}

function runC(program: string): Figures {
  const [states = 0, transitions = 0, seconds = 0] = run(program, []).trim().split(' ').map(Number);
  return { states, transitions, seconds, cpuSeconds: seconds, bytesPerState: 0, mebibytes: 0 };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function measureCase(of: Case): readonly string[] {
  const { model, settings, statesMax } = of;
  const limit = statesMax === undefined ? {} : { statesMax };
  const c = of.isLarge ? compileC(of) : undefined;
  const runs: { readonly name: string; readonly run: () => Figures }[] = variants
    .filter(({ forLarge }) => forLarge || !of.isLarge)
    .map(({ name, options }) => {
      return { name, run: () => one({ model, settings, options: { ...options, ...limit } }) };
    });
  if (c !== undefined) runs.push({ name: 'C, gcc -O3', run: () => runC(c) });
  const figures = runs.map((): Figures[] => []);
  for (let round = 0; round < rounds; round++) {
    runs.forEach((variant, i) => {
      figures[i]!.push(variant.run());
    });
  }
  const base = median(figures[0]!.map(({ cpuSeconds }) => cpuSeconds));
  return runs.map(({ name }, i) => row(of.name, name, figures[i]!, base));
}

function row(name: string, variant: string, all: readonly Figures[], base: number): string {
  const first = all[0]!;
  const cpu = median(all.map(({ cpuSeconds }) => cpuSeconds));
  const seconds = median(all.map((figures) => figures.seconds));
  const millions = (time: number) => (first.transitions / time / 1e6).toFixed(2);
  const bytes = first.bytesPerState === 0 ? '' : first.bytesPerState.toFixed(1);
  const peak = first.mebibytes === 0 ? '' : Math.round(first.mebibytes);
  const cells = [name, variant, first.states, first.transitions, millions(cpu), millions(seconds)];
  return `| ${[...cells, (first.states / cpu / 1e6).toFixed(2), (base / cpu).toFixed(2), bytes, peak].join(' | ')} |`;
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

try {
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${rounds} rounds, medians.`,
  );
  console.log(`\`raceproof check increment\`, the whole process: ${startUp().toFixed(2)} s.\n`);
  console.log(
    '| case | variant | states | transitions | M transitions / CPU s | by the clock | M states / CPU s | speed to compiled | bytes a state | peak MiB |',
  );
  console.log('|---|---|--:|--:|--:|--:|--:|--:|--:|--:|');
  for (const each of cases) for (const line of measureCase(each)) console.log(line);
} finally {
  rmSync(folder, { recursive: true });
}

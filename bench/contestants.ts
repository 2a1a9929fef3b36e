// The tools that are compared, each made from one Program: built by its generator and the C compiler, then run.
// Nobody checks properties but `raceproof check`; nobody reduces anything, unless the name says so.
//
//   spin -o1 -o2 -o3 -a model.pml; gcc -O3 -DSAFETY -DNOREDUCE … pan.c; ./pan -m… -w… -E -n

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportMurphi } from '../checker/export/murphi/murphi.js';
import { exportPromela } from '../checker/export/promela/promela.js';
import { lower } from '../checker/index.js';
import { models } from '../models/index.js';
import type { BenchCase } from './cases.js';
import { one } from './own.js';
import type { Stopwatch, Usage } from './processes.js';

/** One search: its counts, its time and memory, and the bytes for states if its tool reports them. */
export interface Measurement {
  readonly states: number;
  readonly transitions: number;
  readonly usage: Usage;
  /** Of states and table; SPIN's stack is left out, our parents are in. */
  readonly bytesPerState?: number;
  /** From the source to the verdict where that is another process than the search. */
  readonly verdictSeconds?: number;
}

export interface Contestant {
  readonly name: string;
  readonly tool: 'raceproof' | 'SPIN' | 'rumur';
  /** Does it explore every state, as the others do? */
  readonly reduces: boolean;
  readonly threads: number;
  /** Generator and C compiler; how long they took by the clock. */
  build(): number;
  run(statesExpected: number): Measurement;
}

/** All contestants of a case; raceproof with one worker comes first. */
export function contestantsOf(of: BenchCase, folder: string, stopwatch: Stopwatch): readonly Contestant[] {
  const { program } = lower(models.get(of.model)!.model, of.settings);
  const promela = exportPromela(program, []);
  const murphi = exportMurphi(program, []);
  const place = (name: string): string => {
    const path = join(folder, `${of.name} ${name}`.replaceAll(/\W+/g, '_'));
    mkdirSync(path);
    return path;
  };
  const spin = (name: string, reduces: boolean, flags: readonly string[]): Contestant => {
    const at = place(name);
    writeFileSync(join(at, 'model.pml'), promela);
    return spinContestant(`SPIN ${name}`, reduces, flags, (...command) => stopwatch(...command, at));
  };
  const rumur = (threads: number): Contestant => {
    const at = place(`rumur ${threads}`);
    writeFileSync(join(at, 'model.m'), murphi);
    return rumurContestant(threads, (...command) => stopwatch(...command, at));
  };
  return [
    raceproof(of, 1, stopwatch),
    spin('-O2', false, ['-O2', '-DNOREDUCE']),
    spin('-O3', false, ['-O3', '-DNOREDUCE']),
    spin('-O3 breadth first', false, ['-O3', '-DNOREDUCE', '-DBFS']),
    raceproof(of, 2, stopwatch),
    spin('-O2, its reductions', true, ['-O2']),
    spin('-O3, its reductions', true, ['-O3']),
    rumur(1),
    rumur(2),
  ];
}

type Here = (command: string, args: readonly string[]) => ReturnType<Stopwatch>;

function raceproof({ model, settings }: BenchCase, workers: number, stopwatch: Stopwatch): Contestant {
  const set = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  return {
    name: `raceproof, ${workers === 1 ? '1 worker' : `${workers} workers`}`,
    tool: 'raceproof',
    reduces: false,
    threads: workers,
    build: () => 0,
    run() {
      const { states, transitions, bytesPerState, ...usage } = one({ model, settings, options: { workers } });
      const check = ['dist/cli/main.js', 'check', model, ...set, `--workers=${workers}`];
      const { seconds: verdictSeconds } = stopwatch(process.execPath, check, '.').usage;
      const counts = { states, transitions, usage, verdictSeconds };
      return bytesPerState === 0 ? counts : { ...counts, bytesPerState };
    },
  };
}

function spinContestant(name: string, reduces: boolean, flags: readonly string[], here: Here): Contestant {
  // What SPIN does to a model by default is a reduction as well: merging statements, resetting variables.
  const generate = [...(reduces ? [] : ['-o1', '-o2', '-o3']), '-a', 'model.pml'];
  return {
    name,
    tool: 'SPIN',
    reduces,
    threads: 1,
    build() {
      const compile = ['-w', '-DSAFETY', '-DNOFAIR', '-DMEMLIM=20000', ...flags, '-o', 'pan', 'pan.c'];
      return here('spin', generate).usage.seconds + here('gcc', compile).usage.seconds;
    },
    run(statesExpected) {
      // A path may lead through all states; the table has a slot for each.
      const sizes = [`-m${statesExpected + 1000}`, `-w${Math.max(16, Math.ceil(Math.log2(statesExpected)))}`];
      const { stdout, usage } = here('./pan', [...sizes, '-E', '-n']);
      if (/error: max search depth|out of memory/.test(stdout))
        throw new Error(`${name} gave up:\n${stdout}`);
      const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? Number.NaN);
      const states = number(/(\d+) states, stored/);
      const stored = number(/([\d.]+)\s+(?:actual|equivalent) memory usage for states(?! \(stored)/);
      const table = number(/([\d.]+)\s+memory used for hash table/);
      const bytesPerState = ((stored + table) * 2 ** 20) / states;
      const transitions = number(/(\d+) transitions \(=/);
      return { states, transitions, usage, ...(Number.isNaN(bytesPerState) ? {} : { bytesPerState }) };
    },
  };
}

function rumurContestant(threads: number, here: Here): Contestant {
  return {
    name: `rumur -O3, ${threads === 1 ? '1 thread' : `${threads} threads`}`,
    tool: 'rumur',
    reduces: false,
    threads,
    build() {
      const generate = ['--quiet', '--threads', String(threads), '--value-type', 'int32_t'];
      const how = ['--symmetry-reduction', 'off', '--deadlock-detection', 'off'];
      const output = ['--output-format', 'machine-readable', '--output', 'model.c', 'model.m'];
      const wideSwap = process.arch === 'x64' ? ['-mcx16'] : ['-latomic'];
      const compile = ['-O3', '-w', 'model.c', '-o', 'model', '-lpthread', ...wideSwap];
      return (
        here('rumur', [...generate, ...how, ...output]).usage.seconds + here('gcc', compile).usage.seconds
      );
    },
    run() {
      const { stdout, usage } = here('./model', []);
      const [, states, rules] = /<summary states="(\d+)" rules_fired="(\d+)" errors="0"/.exec(stdout) ?? [];
      return { states: Number(states), transitions: Number(rules), usage };
    },
  };
}

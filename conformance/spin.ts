// SPIN: from Promela text to pan.c, from there to runs, and from pan's report back to numbers.
//
//     12 states, stored
//     15 transitions (= stored+matched)      ->   { states: 12, transitions: 15, errors: 0 }

import { inTemporaryFolder, optimisation, run, write } from './tools.js';

export interface SpinRun {
  /** The never claim to check; none when absent. */
  readonly claim?: string;
  readonly findsDeadlocks?: boolean;
}

export interface SpinOptions {
  readonly statesExpected: number;
  /** Look for runs that a claim accepts, rather than for states. */
  readonly liveness?: boolean;
}

export interface SpinResult {
  readonly states: number;
  /** Stored and matched. */
  readonly transitions: number;
  /** 0, or 1: pan ends with the first. */
  readonly errors: number;
}

/** Runs SPIN on a model, several times with one compilation. Throws if the tool refuses the text or gives up. */
export function runSpin(
  model: string,
  runs: readonly SpinRun[],
  { statesExpected, liveness = false }: SpinOptions,
): Promise<readonly SpinResult[]> {
  const mode = liveness ? ['-DLIVENESS'] : [];
  const search = liveness ? [] : ['-DSAFETY'];
  return inTemporaryFolder(async (folder) => {
    await write(folder, 'model.pml', model);
    await run(folder, 'spin', [...mode, '-o1', '-o2', '-o3', '-a', 'model.pml']);
    await run(folder, 'gcc', [
      optimisation(statesExpected),
      ...['-w', '-DNOREDUCE', ...search, '-DVECTORSZ=4096', '-o', 'pan', 'pan.c'],
    ]);
    const results: SpinResult[] = [];
    // A claim goes through a state many times, and paths are as much longer.
    // By default its table has 2^24 entries, which take longer to clear than a small model to explore.
    const factor = liveness ? 20 : 1;
    const tableBits = Math.max(16, Math.ceil(Math.log2(factor * statesExpected)));
    for (const { claim, findsDeadlocks = false } of runs) {
      const flags = [
        `-w${tableBits}`,
        ...(liveness ? ['-a', '-A'] : []),
        ...(findsDeadlocks ? [] : ['-E']),
        ...(claim === undefined ? [] : ['-N', claim]),
      ];
      // Depth first: a path may lead through all states.
      results.push(await runPan(folder, flags, 3 * factor * statesExpected + 1000));
    }
    return results;
  });
}

const depthMaxMax = 100_000_000;

/** Runs pan, with more room again if a path was longer than it expected. */
async function runPan(folder: string, flags: readonly string[], depthMax: number): Promise<SpinResult> {
  const text = await run(folder, './pan', [`-m${depthMax}`, ...flags], { mayFail: true });
  const result = parse(text);
  const isOther = flags.includes('-a') && result.errors > 0 && !/acceptance cycle/.test(text);
  if (isOther) throw new Error(`pan found something else:\n${text.slice(0, 2000)}`);
  if (result.errors > 0 || !/max search depth too small/.test(text)) return result;
  if (depthMax > depthMaxMax) throw new Error(`pan gave up:\n${text.slice(0, 2000)}`);
  return runPan(folder, flags, 8 * depthMax);
}

function parse(text: string): SpinResult {
  const number = (pattern: RegExp): number => {
    const found = pattern.exec(text);
    if (found === null) throw new Error(`pan did not finish:\n${text.slice(0, 2000)}`);
    return Number(found[1]);
  };
  if (/out of memory/.test(text)) throw new Error(`pan gave up:\n${text.slice(0, 2000)}`);
  return {
    states: number(/(\d+) states, stored/),
    transitions: number(/(\d+) transitions \(= (?:stored|visited)\+matched\)/),
    errors: number(/errors: (\d+)/),
  };
}

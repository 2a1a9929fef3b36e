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
  statesExpected: number,
): Promise<readonly SpinResult[]> {
  return inTemporaryFolder(async (folder) => {
    await write(folder, 'model.pml', model);
    await run(folder, 'spin', ['-o1', '-o2', '-o3', '-a', 'model.pml']);
    await run(folder, 'gcc', [
      optimisation(statesExpected),
      '-w',
      '-DNOREDUCE',
      '-DSAFETY',
      '-DVECTORSZ=4096',
      '-o',
      'pan',
      'pan.c',
    ]);
    const results: SpinResult[] = [];
    for (const { claim, findsDeadlocks = false } of runs) {
      // Depth first: a path may lead through all states.
      const flags = [
        `-m${3 * statesExpected + 1000}`,
        ...(findsDeadlocks ? [] : ['-E']),
        ...(claim === undefined ? [] : ['-N', claim]),
      ];
      results.push(parse(await run(folder, './pan', flags, { mayFail: true })));
    }
    return results;
  });
}

function parse(text: string): SpinResult {
  const number = (pattern: RegExp): number => {
    const found = pattern.exec(text);
    if (found === null) throw new Error(`pan did not finish:\n${text.slice(0, 2000)}`);
    return Number(found[1]);
  };
  if (/max search depth too small|out of memory/.test(text))
    throw new Error(`pan gave up:\n${text.slice(0, 2000)}`);
  return {
    states: number(/(\d+) states, stored/),
    transitions: number(/(\d+) transitions \(= stored\+matched\)/),
    errors: number(/errors: (\d+)/),
  };
}

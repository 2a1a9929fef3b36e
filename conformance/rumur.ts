// rumur: from Murphi text to a C program, from there to a run, and from its XML back to numbers.
//
//   <summary states="12" rules_fired="14" errors="0" …/>   ->   { states: 12, rulesFired: 14, … }

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inTemporaryFolder, optimisation, run, write } from './tools.js';

export interface RumurOptions {
  /** Report states without successors as deadlocks. */
  readonly findsDeadlocks?: boolean;
  /** Go on after errors, as raceproof does; otherwise the first one ends the run. */
  readonly goesOn?: boolean;
  readonly statesExpected: number;
  /** How long the traces of errors are is not asked. */
  readonly withoutTraces?: boolean;
  /** Do not expand states at this distance; from 1 up. */
  readonly depthMax?: number;
  /**
   * Count states once that differ in the order of interchangeable threads alone; only if the model has scalarsets.
   * `exhaustive`: exactly once, which takes long.
   */
  readonly symmetry?: 'off' | 'heuristic' | 'exhaustive';
}

export interface RumurError {
  readonly message: string;
  /** Rules after the start state. */
  readonly length: number;
}

export interface RumurResult {
  readonly states: number;
  readonly rulesFired: number;
  /** In the order in which they were found: breadth first. */
  readonly errors: readonly RumurError[];
  /** How many states each cover holds in; empty after an error. */
  readonly covers: ReadonlyMap<string, number>;
}

const errorsMax = 1_000_000;

/** Runs rumur on a model. Throws if the tool refuses the text. */
export function runRumur(model: string, options: RumurOptions): Promise<RumurResult> {
  const {
    findsDeadlocks = false,
    goesOn = false,
    withoutTraces = false,
    statesExpected,
    depthMax,
    symmetry = 'off',
  } = options;
  return inTemporaryFolder(async (folder) => {
    await write(folder, 'model.m', model);
    await run(folder, 'rumur', [
      '--quiet',
      ...['--threads', '1'],
      ...['--value-type', 'int32_t'],
      ...['--output-format', 'machine-readable'],
      ...['--symmetry-reduction', symmetry],
      ...['--deadlock-detection', findsDeadlocks ? 'stuck' : 'off'],
      ...['--max-errors', goesOn ? String(errorsMax) : '1'],
      ...(withoutTraces ? ['--counterexample-trace', 'off'] : []),
      ...(depthMax === undefined ? [] : ['--bound', String(depthMax)]),
      ...['--output', 'model.c'],
      'model.m',
    ]);
    await write(folder, 'model.c', lighter(await readFile(join(folder, 'model.c'), 'utf8')));
    const wideSwap = process.arch === 'x64' ? ['-mcx16'] : ['-latomic'];
    await run(folder, 'gcc', [
      optimisation(statesExpected),
      '-w',
      'model.c',
      '-o',
      'model',
      '-lpthread',
      ...wideSwap,
    ]);
    return parse(await run(folder, './model', [], { mayFail: true }));
  });
}

/**
 * Every guard and every rule declares a constant for each variable, of which it uses a few: without the others the C
 * compiler, which takes most of the time, needs half as long.
 */
function lighter(code: string): string {
  return code.replace(/^static \w+ (?:guard|rule)\d+\([\s\S]*?(?=^static )/gm, (body) => {
    const uses = new Map<string, number>();
    for (const [name] of body.matchAll(/\bru_\w+/g)) uses.set(name, (uses.get(name) ?? 0) + 1);
    return body.replace(unusedConstant, (line, name: string) => (uses.get(name) === 1 ? '' : line));
  });
}
const unusedConstant =
  /^ *const struct handle (ru_\w+) __attribute__\(\(unused\)\) = state_handle\(s, \d+ull, \d+ull\);\n/gm;

function parse(xml: string): RumurResult {
  const summary = /<summary states="(\d+)" rules_fired="(\d+)" errors="(\d+)"/.exec(xml);
  if (summary === null) throw new Error(`rumur did not finish:\n${xml.slice(-2000)}`);
  const errors = [...xml.matchAll(/<error [^>]*>\s*<message>([\s\S]*?)<\/message>([\s\S]*?)<\/error>/g)];
  const covers = [...xml.matchAll(/<cover_result message="([^"]*)" count="(\d+)"/g)];
  return {
    states: Number(summary[1]),
    rulesFired: Number(summary[2]),
    errors: errors.map(([, message, trace]) => ({
      message: unescapeXml(message!),
      length: trace!.split('<transition>').length - 2,
    })),
    covers: new Map(covers.map(([, name, count]) => [unescapeXml(name!), Number(count)])),
  };
}

const unescapeXml = (text: string): string =>
  text.replace(/&(quot|apos|lt|gt|amp);/g, (_, name: keyof typeof entities) => entities[name]);
const entities = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' } as const;

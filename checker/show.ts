// The compiled engine's forms of a Program as text: the plans of its steps, the JavaScript that a search runs, or a C
// program that counts its states. A door of its own, since only `show` and the bench need it.

import { compile } from './compiled/compile.js';
import { cProgram } from './compiled/emit/c_program.js';
import { printPlan } from './compiled/plan/print.js';
import { watchedChecks } from './compiled/search/findings.js';
import { encodeInitialStates } from './compiled/search/initial_states.js';
import type { Program } from './ir/program.js';
import type { Property } from './property/property.js';
import { checksOf } from './search/report.js';

/**
 * The plans of the steps, and the bits of the variables. Throws an EngineError for what the engine cannot do exactly.
 */
export function planText(program: Program): string {
  const compiled = compile(program);
  return printPlan(compiled.plan, program);
}

/** The JavaScript that a search with these properties runs: the body of a function of its data. */
export function javascriptText(program: Program, properties: readonly Property[]): string {
  const compiled = compile(program);
  const watched = watchedChecks(compiled, checksOf(program, properties));
  return `${compiled.text(compiled.batchLength(), watched)}\n`;
}

/** A C program that prints states, transitions and processor seconds; it stops before there are more states than `statesMax`. */
export function cText(program: Program, statesMax?: number): string {
  const compiled = compile(program);
  const batch = new Int32Array(compiled.batchLength());
  const initial: number[] = [];
  for (const length of encodeInitialStates(compiled, batch)) initial.push(...batch.subarray(0, length));
  const { plan, branching } = compiled;
  return cProgram(plan, { initial, branching, ...(statesMax !== undefined && { statesMax }) });
}

// Do both engines give the same results for a Program? Reports are compared as wholes, including the paths and the
// fault messages of findings, and the reachable states one by one, in the order in which they are found.

import { expect } from 'vitest';
import { compile } from '../compiled/compile.js';
import { type CompiledOptions, compiledSearch } from '../compiled/compiled_search.js';
import { type ExploreOptions, explore } from '../explore.js';
import { printProgram } from '../ir/print.js';
import type { Program } from '../ir/program.js';
import type { Property } from '../property/property.js';
import type { State } from '../reference/semantics.js';
import { referenceSystem } from '../reference/system.js';
import { EngineError } from '../search/engine_error.js';
import type { Explored } from '../search/evidence.js';
import { checksOf, type Report } from '../search/report.js';

/** Explores with both engines and expects the same report; undefined if the compiled engine refuses the Program. */
export async function sameReport(
  program: Program,
  properties: readonly Property[],
  options: ExploreOptions = {},
): Promise<Report<Explored> | undefined> {
  const reference = await explore(program, properties, { ...options, engine: 'reference' });
  try {
    const compiled = await explore(program, properties, { ...options, engine: 'compiled' });
    const alike = { ...compiled, evidence: { ...compiled.evidence, engine: 'reference' } };
    expect(compiled.evidence.engine).toBe('compiled');
    expectSame(alike, reference, program);
    return reference;
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

/**
 * Explores in JavaScript and in WebAssembly from the first state on, and expects the same report; undefined if
 * WebAssembly refuses the Program.
 */
export async function sameOnBothBackends(
  program: Program,
  properties: readonly Property[],
  options: ExploreOptions = {},
): Promise<Report<Explored> | undefined> {
  try {
    const javascript = await explore(program, properties, { ...options, backend: 'javascript' });
    const wasm = await explore(program, properties, { ...options, backend: 'wasm' });
    expectSame(wasm, javascript, program);
    return wasm;
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

/** Expects both engines to find the same states in the same order; returns how many. The Program must be small. */
export function sameStates(
  program: Program,
  properties: readonly Property[] = [],
  options: CompiledOptions = {},
): number {
  const search = compiledSearch(compile(program), checksOf(program, properties), options);
  let next = search.next();
  while (!next.done) next = search.next();
  const packed = [...next.value.reached()];
  expectSame(packed, reachedByReference(program), program);
  return packed.length;
}

/** As `toEqual`, and prints the Program if it fails. */
function expectSame(compiled: unknown, reference: unknown, program: Program): void {
  if (JSON.stringify(compiled) === JSON.stringify(reference)) return;
  expect(compiled, printProgram(program)).toEqual(reference);
}

function reachedByReference(program: Program) {
  const system = referenceSystem(program);
  const seen = system.seenStates();
  const states: State[] = system.initialStates().filter((state) => seen.add(state));
  for (const state of states) {
    for (const transition of system.transitions(state)) {
      if ('to' in transition && seen.add(transition.to)) states.push(transition.to);
    }
  }
  return states.map((state) => ({ at: state.at.toArray(), value: state.value.toArray() }));
}

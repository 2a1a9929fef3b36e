// Synthetic states in which the code of a Program runs before a long search, so that V8 has seen every location.

import type { CompiledProgram } from '../compile.js';
import type { Samples } from '../emit/javascript_program.js';
import { encode, type Field } from '../plan/layout.js';

/** States of each location. */
const rounds = 24;

/**
 * V8 optimises for the paths taken so far, and discards optimised code when a search reaches a new location. So every
 * location is executed before, in states that need not be reachable.
 */
export function warmUpSamples({ program, layout }: CompiledProgram): Samples {
  const draw = drawing();
  const any = ({ min, max }: Field) => min + draw(max - min + 1);
  return program.threads.map(({ id }) => {
    const steps = program.steps.filter(({ thread }) => thread === id);
    const places = [...new Set(steps.map(({ from }) => from))];
    const samples = new Int32Array(rounds * places.length * layout.words);
    for (const [i, place] of places.entries()) {
      for (let round = 0; round < rounds; round++) {
        const at = layout.threads.map((field, thread) => (thread === id ? place : any(field)));
        const sample = (i * rounds + round) * layout.words;
        encode({ at, value: layout.variables.map(any) }, layout, samples, sample);
      }
    }
    return samples;
  });
}

/** The same pseudo-random numbers every time; only the speed depends on them. */
function drawing(): (bound: number) => number {
  let seed = 1;
  return (bound) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * bound);
  };
}

// What a property means where stores wait in buffers: an actor is done once its stores have reached memory, and no store
// waits for ever.

import { mapAtoms, state } from '../../properties/language/temporal.js';
import type { Program } from '../ir/program.js';
import type { Fairness } from '../property/property.js';
import type { Stated } from '../property/specify.js';
import { settled } from './store_buffers.js';

/** The same property of a Program with store buffers; the very same one if it has none. */
export function flushed(stated: Stated, program: Program): Stated {
  const { storeBuffers, threads, steps } = program;
  if (storeBuffers === undefined) return stated;
  const formula = (of: Stated['claim']) => mapAtoms(of, (x) => state(settled(x, program)));
  const fair = storeBuffers.buffers.map(
    ({ flusher }): Fairness => ({
      strength: 'weak',
      name: threads[flusher]!.name,
      steps: steps.flatMap(({ id, thread }) => (thread === flusher ? [id] : [])),
    }),
  );
  return {
    ...stated,
    claim: formula(stated.claim),
    fairness: [
      ...stated.fairness,
      ...fair.filter(({ name }) => !stated.fairness.some((one) => one.name === name)),
    ],
    ...(stated.assumption !== undefined && { assumption: formula(stated.assumption) }),
  };
}

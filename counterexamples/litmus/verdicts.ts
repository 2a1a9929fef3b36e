// What memory models say of the litmus test of a race, and of the same test with a lock that would have ordered it.

import { judge, LitmusError, type LitmusVerdict, models, parseLitmus } from '../../litmus/index.js';

export interface NamedVerdict {
  readonly model: 'lkmm' | 'tso' | 'sc';
  readonly outcome: LitmusVerdict['outcome'];
}

/** By every model that has all that the test uses; LKMM is the first. */
export function verdictsOf(text: string): readonly NamedVerdict[] {
  const test = parseLitmus(text);
  return models.flatMap((model): readonly NamedVerdict[] => {
    try {
      return [{ model: model.name, outcome: judge(test, model).outcome }];
    } catch (error) {
      if (error instanceof LitmusError && model.name !== 'lkmm') return [];
      throw error;
    }
  });
}

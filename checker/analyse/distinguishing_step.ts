// Why copies of an actor are not interchangeable: a step that one of them has and others do not, or that depends on
// their numbers. For messages: symmetry.ts decides.

import type { Program, Step } from '../ir/program.js';
import { stepDistinguishes } from './asymmetry.js';
import { proposals } from './belongings.js';
import { stepKey } from './keys.js';
import { Swap, type Symmetry, type ThreadClass } from './swap.js';

const nothingKnown: Symmetry = { classes: [], families: [], namers: new Map(), noThread: new Map() };

/** A step that distinguishes copies of the actor, where one does; the first under the proposal that leaves fewest. */
export function distinguishingStep(actor: string, program: Program): Step | undefined {
  const all = program.actors?.find(({ name }) => name === actor);
  if (all === undefined || all.threads.length < 2) return undefined;
  const labels = all.threads.map((id) => new Set(program.threads[id]!.locations.map(({ path }) => path)));
  const isOneSided = ({ thread, from }: Step): boolean => {
    if (!all.threads.includes(thread)) return false;
    const { path } = program.threads[thread]!.locations[from]!;
    return labels.some((paths) => !paths.has(path));
  };
  const oneSided = program.steps.find(isOneSided);
  if (oneSided !== undefined) return oneSided;
  const tried = [...proposals(all, nothingKnown, program)].map((one) => unlike(one, all, program));
  const [fewest] = tried.filter((steps) => steps.length > 0).sort((x, y) => x.length - y.length);
  return fewest?.[0];
}

/** The steps that a swap of copies does not map to steps of the Program. */
function unlike(proposal: Symmetry, { threads }: ThreadClass, program: Program): readonly Step[] {
  const distinguishing = program.steps.filter((step) => stepDistinguishes(step, proposal, program));
  if (distinguishing.length > 0) return distinguishing;
  const keys = new Set(program.steps.map(stepKey));
  return program.steps.filter((step) =>
    threads.slice(1).some((other) => {
      const swap = new Swap(proposal, threads[0]!, other, program, new Map());
      return !keys.has(stepKey(swap.step(step)));
    }),
  );
}

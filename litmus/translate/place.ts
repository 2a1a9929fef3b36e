// Where a step stands in the file of its model, for messages and events.

import type { Step } from '../../checker/ir/program.js';
import { LitmusError, type Position } from '../syntax/ast.js';

/** The line of the model; line 0 where that is not known. */
export const placeOfStep = ({ source }: Pick<Step, 'source'>): Position => ({
  ...(source.model !== undefined && { file: source.model.file }),
  line: source.model?.line ?? 0,
  column: 1,
});

/** Refuses a step, with its label and its line. */
export function refuseStep(step: Pick<Step, 'label' | 'source'>, why: string): never {
  throw new LitmusError(`${step.label} ${why}`, placeOfStep(step));
}

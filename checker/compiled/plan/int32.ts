// Do all numbers of a plan fit into 32 bits with a sign? Then code that computes with such numbers is exact.

import type { Field } from './layout.js';
import type { ConditionPlan, ProgramPlan } from './program.js';
import type { Action, StepPlan } from './step.js';
import type { PlanValue, Test } from './value.js';

const isSmall = (value: number): boolean => value === (value | 0);
const isSmallField = ({ min, max }: Field): boolean => isSmall(min) && isSmall(max);

/** Does all that steps read, compute, compare and store fit into 32 bits with a sign? */
export const isInt32 = ({ layout, steps }: ProgramPlan): boolean =>
  [...layout.threads, ...layout.variables].every(isSmallField) && [...steps.values()].every(isSmallStep);

export const isInt32Condition = ({ test }: ConditionPlan): boolean => isSmallTest(test);

const isSmallStep = ({ guard, actions }: StepPlan): boolean =>
  isSmallTest(guard) && actions.every(isSmallAction);

function isSmallAction(action: Action): boolean {
  if (action.kind === 'fail') return true;
  if (action.kind === 'compute') return isSmallValue(action.value);
  return isSmallValue(action.value) && isSmall(action.min ?? 0) && isSmall(action.max ?? 0);
}

function isSmallValue(x: PlanValue): boolean {
  switch (x.kind) {
    case 'constant':
      return isSmall(x.value);
    case 'field':
      return isSmallField(x.field);
    case 'local':
    case 'outside':
      return true;
    case 'element':
      return x.fields.every(isSmallField) && isSmallValue(x.index);
    case 'arithmetic':
      return x.isInt32 && isSmallValue(x.x) && isSmallValue(x.y);
    case 'choice':
      return isSmallTest(x.test) && isSmallValue(x.yes) && isSmallValue(x.no);
    case 'truth':
      return isSmallTest(x.test);
  }
}

function isSmallTest(x: Test): boolean {
  switch (x.kind) {
    case 'fixed':
      return true;
    case 'is':
    case 'in':
      return isSmallField(x.field);
    case 'not':
      return isSmallTest(x.x);
    case 'and':
    case 'or':
      return isSmallTest(x.x) && isSmallTest(x.y);
    case 'equal':
    case 'less':
    case 'atMost':
      return isSmallValue(x.x) && isSmallValue(x.y);
    case 'choice':
      return isSmallTest(x.test) && isSmallTest(x.yes) && isSmallTest(x.no);
    case 'nonzero':
      return isSmallValue(x.x);
  }
}

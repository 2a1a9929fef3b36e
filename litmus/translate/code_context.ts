// What all code of a model's threads is made with: the Program, and what its variables are.

import type { Program, Step, ThreadId } from '../../checker/ir/program.js';
import type { Instruction } from '../program/instructions.js';
import type { GroupContext } from './group.js';
import { placeOfStep } from './place.js';
import type { OwnMoment } from './questions.js';

export interface CodeContext extends GroupContext {
  readonly program: Program;
  readonly rounds: number | undefined;
  readonly moments: readonly OwnMoment[];
  /** The number of the report of a step. */
  readonly reportOf: (step: Step) => number;
  /** Threads that may wait for ever in a section of RCU, so that grace periods of others do not end. */
  readonly endlessSections: ReadonlySet<ThreadId>;
  /** Receives steps that are taken as one atomic read-modify-write though they say nothing. */
  readonly isCoarse: (step: Step) => void;
}

/** How a thread ends, in the register of this name. */
export const endRegister = '#end';
export const ends = { done: 1, dead: 2, waits: 3, rests: 4, cut: 5 } as const;

/** Registers that are 1 where a thread waits for a grace period, and where it waits in a section of RCU. */
export const [periodRegister, sectionRegister] = ['#grace period', '#section'];

/** The register that is 1 once a report is made. */
export const reportRegister = (index: number): string => `#report ${index}`;

/** Where an instruction comes from. */
export type CodePlace = Pick<Instruction & { readonly kind: 'set' }, 'at' | 'text'>;

export const placedAt = (step: Step): CodePlace => ({ at: placeOfStep(step), text: step.caption });

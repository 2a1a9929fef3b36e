// The contents of a TLA+ module as data: the Program, its checks, and where steps and conditions have values.
// constants.ts compares these for several values of a setting; tlaplus.ts writes them.

import { hasValue, type Meaning, meaningOf } from '../../analyse/meaning.js';
import { not } from '../../ir/expression.js';
import { composed } from '../../ir/monitors.js';
import type { Expr, Program } from '../../ir/program.js';
import type { Check } from '../../search/report.js';
import { refuseBounded, refuseBranching } from '../refusals.js';
import { changesState } from './changes.js';

/** Everything that a module is written from. */
export interface TlaSource {
  readonly program: Program;
  readonly checks: readonly Check[];
  /** By step. */
  readonly meanings: readonly Meaning[];
  /** By check: where its condition has no value. */
  readonly exempt: readonly Expr[];
  /** Is a liveness check exported, and may some step change nothing? */
  readonly mayStutter: boolean;
}

/** Throws an ExportError for checks that TLC cannot check. */
export function sourceOf(bare: Program, checks: readonly Check[]): TlaSource {
  const program = composed(bare);
  refuseBounded(bare, 'TLC');
  refuseBranching(checks, 'TLC');
  const isLive = checks.some(({ liveness }) => liveness !== undefined);
  return {
    program,
    checks,
    meanings: program.steps.map((step) => meaningOf(step, program)),
    exempt: checks.map(({ condition }) => not(hasValue(condition, program))),
    mayStutter: isLive && !program.steps.every(changesState),
  };
}

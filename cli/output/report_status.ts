// The exit status of a whole report. Separate from exit_status.ts, so that reporting a usage error does not load the
// checker.

import { decisive, type Report } from '../../checker/index.js';
import { coarseIn } from '../../counterexamples/text.js';
import { type ExitStatus, exitStatus, statusOfCheck } from '../exit_status.js';

/** `strict`: it is a failure too if a property holds only vacuously, or if the verdict rests on steps taken for atomic. */
export function statusOf(report: Report, strict = false): ExitStatus {
  const violated = decisive(report);
  if (violated !== undefined) return statusOfCheck(violated.check);
  if (strict && report.properties.some(({ isVacuous }) => isVacuous)) return exitStatus.vacuous;
  if (strict && report.verdict === 'holds' && coarseIn(report.evidence).length > 0) return exitStatus.vacuous;
  return report.verdict === 'holds' ? exitStatus.ok : exitStatus.incomplete;
}

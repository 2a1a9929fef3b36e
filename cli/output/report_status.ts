// The exit status that a whole report ends in. Apart from exit_status.ts, since whoever reports a misspelt word needs no
// checker.

import { decisive, type Report } from '../../checker/index.js';
import { type ExitStatus, exitStatus, statusOfCheck } from '../exit_status.js';

/** `strict`: to hold vacuously is a failure too. */
export function statusOf(report: Report, strict = false): ExitStatus {
  const violated = decisive(report);
  if (violated !== undefined) return statusOfCheck(violated.check);
  if (strict && report.properties.some(({ isVacuous }) => isVacuous)) return exitStatus.vacuous;
  return report.verdict === 'holds' ? exitStatus.ok : exitStatus.incomplete;
}

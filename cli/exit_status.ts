// The exit status is the verdict, so that a script needs to read nothing else. 10 to 14 are TLC's numbers.

import { type Check, checkKinds } from '../checker/index.js';

export const exitStatus = {
  /** All hold, exhaustively; or what was asked for is done. */
  ok: 0,
  /** A mistake in the command line or in the model. */
  usage: 2,
  /** A limit was reached before the end: not a proof. */
  incomplete: 3,
  /** With --strict: a property holds vacuously. */
  vacuous: 10,
  deadlock: 11,
  safety: 12,
  liveness: 13,
  assertion: 14,
  /** A saved trace does not fit its model any more, or a certificate is about another Program. */
  misfit: 20,
  /** What was asked for is not there: no counterexample to show, or no essence of it. */
  nothing: 21,
  /** A row of a suite is not as expected. */
  unexpected: 22,
  /** A certificate does not show what it claims. */
  refused: 23,
  /** A mistake of the checker. */
  internal: 70,
  /** The result could not be written. */
  output: 74,
  /** By a signal, after what was found so far was reported: 128 and its number, as a shell has it. */
  hangup: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** Of a command that was stopped by a signal. */
export const statusOfSignal = {
  SIGHUP: exitStatus.hangup,
  SIGINT: exitStatus.interrupted,
  SIGTERM: exitStatus.terminated,
} as const;

/** Of what a check has met. */
export const statusOfCheck = ({ kind }: Check): ExitStatus => exitStatus[checkKinds[kind].failure];

// The exit status gives the verdict, so that a script needs no other output. 10 to 14 are TLC's numbers.

import { type Check, checkKinds } from '../checker/index.js';

export const exitStatus = {
  /** Everything holds, and every reachable state was explored; or a command that checks nothing succeeded. */
  ok: 0,
  /** An error in the command line or in the model. */
  usage: 2,
  /** A limit was reached before the end: not a proof. */
  incomplete: 3,
  /** With --strict: a property holds vacuously, or a memory model takes steps for atomic that do not say that they are. */
  vacuous: 10,
  deadlock: 11,
  safety: 12,
  liveness: 13,
  assertion: 14,
  /** A saved trace does not fit its model any more, a certificate is about another Program, or a model about other C. */
  misfit: 20,
  /** There is nothing to show: no counterexample, or no essence. */
  nothing: 21,
  /** A row of a suite is not as expected. */
  unexpected: 22,
  /** A certificate does not show what it claims. */
  refused: 23,
  /** Neither proved nor refuted. */
  unknown: 24,
  /** A solver that should judge a proof is missing, or failed. */
  unjudged: 25,
  /** An internal error: a bug in raceproof. */
  internal: 70,
  /** The result could not be written. */
  output: 74,
  /** Stopped by a signal, after a partial report: 128 plus its number, as in a shell. */
  hangup: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** The exit status after a signal. */
export const statusOfSignal = {
  SIGHUP: exitStatus.hangup,
  SIGINT: exitStatus.interrupted,
  SIGTERM: exitStatus.terminated,
} as const;

/** The exit status of a violated check. */
export const statusOfCheck = ({ kind }: Check): ExitStatus => exitStatus[checkKinds[kind].failure];

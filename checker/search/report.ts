// The checks of a search, and its report.

import { asks, hasStatedCondition, isWarning, verdictOf } from '../decide/decide.js';
import type { CheckKind } from '../decide/kinds.js';
import { builtInChecks, type CheckName } from '../ir/built_in_checks.js';
import { truth } from '../ir/expression.js';
import type { Expr, Program, ReportKind, Source, StepId, ThreadId, VariableId } from '../ir/program.js';
import type { Liveness, Property } from '../property/property.js';
import { type Evidence, gapText, isConclusive } from './evidence.js';
import type { Statistics } from './statistics.js';

/**
 * A check of every state or every step. Beside the model's properties every Program has built-in ones: its assertions,
 * one for each message; no deadlock; no actor is stuck; no value out of range.
 */
export interface Check {
  readonly name: string;
  readonly kind: CheckKind;
  /** For always, never, sometimes and alwaysPossible; for lockdep, when the edge occurs. */
  readonly condition: Expr;
  /** For liveness, and only there. */
  readonly liveness?: Liveness;
  /** If none of them is ever true, the property holds vacuously. */
  readonly antecedents?: readonly Expr[];
  /** For an assertion, and for lockdep: a bug ends its actor, after a warning all actors go on. */
  readonly severity?: ReportKind;
  readonly about: string | undefined;
  readonly source: Source;
}

const { deadlock, stuck } = builtInChecks;
export const noDeadlock = deadlock.message;
export const nobodyStuck = stuck.message;
export const noFault = 'no value out of range';

/**
 * All checks of a run except those to leave out, in the order of reports.
 * Example: `checksOf(program, properties).map(({ name }) => name)`
 */
export function checksOf(
  program: Program,
  properties: readonly Property[],
  without: readonly CheckName[] = program.without ?? [],
): readonly Check[] {
  const given = properties.map(
    ({ name, expectation, condition, liveness, antecedents, about, source }): Check => ({
      ...{ name, kind: expectation, condition, about, source },
      ...(liveness && { liveness }),
      ...(antecedents && { antecedents }),
    }),
  );
  const asserted = new Map<string, Check>();
  for (const { reports, source } of program.steps) {
    if (reports === undefined) continue;
    const { message: name, kind: severity } = reports;
    const known = asserted.get(name);
    if (known === undefined) {
      asserted.set(name, {
        ...{ name, kind: 'assertion', severity, condition: truth(true), about: undefined, source },
      });
    } else if (severity === 'bug') asserted.set(name, { ...known, severity });
  }
  const builtIn = (name: string, kind: CheckKind, about: string): Check => {
    return { name, kind, condition: truth(true), about, source: {} };
  };
  return [
    ...given,
    ...asserted.values(),
    ...(['deadlock', 'stuck'] as const).flatMap((kind) =>
      without.includes(kind) ? [] : [builtIn(builtInChecks[kind].message, kind, builtInChecks[kind].about)],
    ),
    builtIn(noFault, 'domain', 'every assignment, index and division has a meaning'),
  ];
}

/**
 * For each condition of a property: that it has a value. Where it has none, the formula is wrong and not the model.
 * Example: `formulaChecks(checks).map(({ name }) => name)`
 */
export const formulaChecks = (checks: readonly Check[]): readonly Check[] =>
  checks.filter(hasStatedCondition).map(({ name, condition, source }) => ({
    ...{ name: `formula without a value: ${name}`, kind: 'formula', condition, source },
    about: 'the condition of a property has a value in every state',
  }));

/** A run from an initial state: the number of that state, and the steps taken. */
export interface Path {
  readonly initial: number;
  readonly steps: readonly StepId[];
}

/** A wait for a lock: the waiting thread, the variable that is the lock or a share of it, and the holder. */
export interface LockWait {
  readonly thread: ThreadId;
  readonly lock: VariableId;
  readonly holder: ThreadId;
}

/** The first path on which a check was decided: a counterexample, or for `sometimes` an example. */
export interface Finding {
  readonly path: Path;
  /** For a run that never ends: after how many steps the state is reached to which the last step leads back. */
  readonly loop?: number;
  /** For liveness: the product of the Program and the automaton may have a shorter lasso. */
  readonly isShortest?: false;
  /** The reason why the last step, or for a formula the condition in the last state, has no value. */
  readonly fault?: string;
  /** For a deadlock in which actors wait for each other's locks: each wait in the last state. */
  readonly lockWaits?: readonly LockWait[];
  /** The stuck actors of the last state, for a finding of that. */
  readonly stuck?: readonly ThreadId[];
}

/** `unknown` needs more of an incomplete search; `unchecked` was left out of a complete one. */
export type PropertyVerdict = 'holds' | 'violated' | 'reached' | 'unreached' | 'unknown' | 'unchecked';

export interface PropertyResult {
  readonly check: Check;
  readonly verdict: PropertyVerdict;
  readonly finding: Finding | undefined;
  /** It holds because its subject never occurs: no left side is ever true, or no run satisfies the assumptions. */
  readonly isVacuous?: true;
  /** Some run ends in a domain error, and nothing after that was explored: the verdict holds up to there. */
  readonly isUpToFault?: true;
  /** The reason why it is unknown, or the limit up to which it would have been checked; otherwise absent. */
  readonly reason?: string;
  /** No actor is stuck except where another check reports it: a deadlock, or a bug that stopped an actor. */
  readonly isApart?: true;
}

/** Coverage of the step or steps of one label. */
export interface LabelCoverage {
  /** `procedure.label`. */
  readonly label: string;
  readonly source: Source;
  /** Did any actor ever stand there? */
  readonly isReached: boolean;
  /** Its branches, by their targets; one entry for a plain step. */
  readonly ways: readonly WayCoverage[];
  /** Did any actor ever have to wait there? Undefined where none can. */
  readonly hasBlocked: boolean | undefined;
}

export interface WayCoverage {
  /** The label of the target; for a report its message. */
  readonly to: string;
  readonly isTaken: boolean;
}

export type Verdict = 'holds' | 'violated' | 'incomplete';

/** The results of the checks, and the evidence. */
export interface Report<E extends Evidence = Evidence> {
  readonly verdict: Verdict;
  readonly evidence: E;
  readonly properties: readonly PropertyResult[];
  /** Figures of the whole search, if requested and if it is complete. */
  readonly statistics?: Statistics;
  /** Coverage of each label, if requested. */
  readonly labels?: readonly LabelCoverage[];
}

/** Facts about the checks beside the evidence. */
export interface Outcome {
  readonly findings: ReadonlyMap<Check, Finding>;
  /** Checks that are open even where the evidence is conclusive, each with its own reason. */
  readonly undecided: ReadonlyMap<Check, string | undefined>;
  readonly vacuous?: ReadonlySet<Check>;
  /** Checks that were left out, and why. */
  readonly unchecked?: ReadonlyMap<Check, string>;
  /** Did a finding stop an actor for good: a bug, or a deadlock? */
  readonly stopsActors?: boolean;
}

/** The report of some evidence: findings decide some checks, conclusive evidence the others. */
export function reportOf<E extends Evidence>(
  evidence: E,
  checks: readonly Check[],
  { findings, undecided, vacuous = new Set(), unchecked = new Map(), stopsActors = false }: Outcome,
): Report<E> {
  const isCutShort = checks.some((check) => asks(check, 'fault') && findings.has(check));
  const properties = checks.map((check): PropertyResult => {
    const finding = findings.get(check);
    const leftOut = unchecked.get(check);
    if (leftOut !== undefined) return { check, finding, verdict: 'unchecked', reason: leftOut };
    const decided = isConclusive(evidence) && !undecided.has(check);
    const verdict = verdictOf(check, finding !== undefined, decided);
    const reason = undecided.get(check) ?? gapText(evidence);
    return {
      ...{ check, finding, verdict },
      ...(verdict === 'holds' && vacuous.has(check) && { isVacuous: true }),
      ...(isCutShort && (verdict === 'holds' || verdict === 'unreached') && { isUpToFault: true }),
      ...(verdict === 'unknown' && reason !== undefined && { reason }),
      ...(stopsActors && verdict === 'holds' && asks(check, 'stuck') && { isApart: true }),
    };
  });
  const bad = properties.some(({ verdict }) => verdict === 'violated' || verdict === 'unreached');
  const open = properties.some(({ verdict }) => verdict === 'unknown');
  const verdict = bad ? 'violated' : isConclusive(evidence) && !open ? 'holds' : 'incomplete';
  return { verdict, evidence, properties };
}

/**
 * Why a report is incomplete: the limit of its evidence, or else the reason of the first open check.
 * Example: `incompleteText(report) === undefined`
 */
export function incompleteText({ evidence, properties }: Report): string | undefined {
  return (
    gapText(evidence) ??
    properties.find(({ verdict, reason }) => verdict === 'unknown' && reason !== undefined)?.reason
  );
}

/**
 * The violation that the report leads with: the one with the shortest counterexample, the first of several; one without
 * a counterexample, such as a `sometimes` that is never reached, only if there is no other. A circle in the lock order
 * is a warning of what might happen: actual failures come first.
 * Example: `decisive(report)?.check.name`
 */
export function decisive({ properties }: Report): PropertyResult | undefined {
  const stepsTo = ({ finding }: PropertyResult) => finding?.path.steps.length ?? Number.POSITIVE_INFINITY;
  const bad = properties.filter(({ verdict }) => verdict === 'violated' || verdict === 'unreached');
  const happened = bad.filter(({ check }) => !isWarning(check));
  return (happened.length > 0 ? happened : bad).reduce<PropertyResult | undefined>(
    (best, next) => (best === undefined || stepsTo(next) < stepsTo(best) ? next : best),
    undefined,
  );
}

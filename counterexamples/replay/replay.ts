// Replays a finding to a Trace. The reference engine takes every step and decides the property again, so that nothing
// is reported on the word of a faster engine alone. A difference throws a ReplayError, which is a bug in the checker.

import {
  asks,
  atomsOf,
  type Check,
  checkKinds,
  type Expr,
  type Finding,
  isDeadlock,
  isReportOf,
  mayStayAt,
  not,
  objection,
  type Path,
  type Program,
  type PropertyResult,
  referenceSystem,
  type State,
  type Step,
  stepsFrom,
  type Thread,
  type ThreadId,
} from '../../checker/index.js';
import { displayLocation, type SourceLocation } from '../../models/language/index.js';
import { shownStates } from '../explain/shown_values.js';
import { runTermsOf, termsOf } from '../explain/terms.js';
import { deadlockOf } from '../explain/waiting.js';
import type { Ending, Trace, TraceProperty } from '../trace/trace.js';
import { Words } from '../trace/trace_words.js';

/** A finding that the reference engine does not confirm. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
}

interface ReplayedRun {
  readonly steps: readonly Step[];
  /** One more than steps, unless the last step is a fault. */
  readonly states: readonly State[];
  /** The same, with locals as the model has them. */
  readonly shown: readonly State[];
  /** Why the last step has no value. */
  readonly fault: string | undefined;
}

/**
 * The Trace of a result that has a finding. `locate` writes a place in the model's
 * sources. Throws a ReplayError if a step is not enabled or the property is not decided as reported.
 */
export function replay(
  program: Program,
  { check, finding, verdict }: PropertyResult,
  locate: (at: SourceLocation) => string = displayLocation,
): Trace {
  if (finding === undefined || (verdict !== 'violated' && verdict !== 'reached')) {
    throw new ReplayError(`'${check.name}' has no finding to replay`);
  }
  const words = new Words(program, locate);
  const run = rerun(program, check.name, finding.path);
  const ending = decide(program, check, { ...finding, ...run }, words);
  const trace = traceOf(program, run, words.property(check, verdict), ending, words);
  return finding.loop === undefined ? trace : { ...trace, loop: finding.loop };
}

/**
 * The Trace of a walk without a violation, under a name such as `by hand`. Throws a ReplayError if a step is not
 * enabled or has no value, which would be a finding.
 */
export function replayWalk(
  program: Program,
  path: Path,
  name: string,
  locate: (at: SourceLocation) => string = displayLocation,
): Trace {
  const words = new Words(program, locate);
  const run = rerun(program, name, path);
  if (run.fault !== undefined) throw new ReplayError(`'${name}': ${run.fault} when replayed`);
  const end = run.shown.at(-1)!;
  const property = { name, expectation: 'walk', verdict: 'walked' } as const;
  return traceOf(program, run, property, words.ending(end, end, []), words);
}

function traceOf(
  program: Program,
  { steps, shown: states }: ReplayedRun,
  property: TraceProperty,
  ending: Ending,
  words: Words,
): Trace {
  return {
    model: program.name,
    settings: program.settings,
    ...(program.nonDefault && { nonDefault: program.nonDefault }),
    ...(program.without && { without: program.without }),
    ...(program.storeBuffers && { bufferSlots: program.storeBuffers.slots }),
    property,
    actors: program.threads.map(({ name }) => name),
    variables: program.variables.map((variable) => words.variable(variable)),
    steps: steps.map((step, i) => words.step(step, states[i]!, states[i + 1])),
    states: states.map((state) => words.state(state)),
    ending,
  };
}

function rerun(program: Program, name: string, path: Path): ReplayedRun {
  const system = referenceSystem(program);
  const first = system.initialStates()[path.initial];
  if (first === undefined) throw new ReplayError(`'${name}': there is no initial state ${path.initial}`);
  const steps: Step[] = [];
  const states = [first];
  let fault: string | undefined;
  for (const id of path.steps) {
    const step = program.steps[id];
    const taken = system.transitions(states.at(-1)!).find((transition) => transition.step === id);
    if (step === undefined || taken === undefined || fault !== undefined) {
      throw new ReplayError(`'${name}': step ${steps.length + 1} (${step?.label ?? id}) is not enabled`);
    }
    steps.push(step);
    if ('to' in taken) states.push(taken.to);
    else fault = taken.fault;
  }
  return { steps, states, shown: shownStates(program, steps, states), fault };
}

/** Decides the property at the end of the run, and returns the evidence. */
function decide(
  program: Program,
  check: Check,
  { steps, states, shown, fault, loop, stuck }: ReplayedRun & Pick<Finding, 'loop' | 'stuck'>,
  words: Words,
): Ending {
  const system = referenceSystem(program);
  const end = states.at(-1)!;
  const last = steps.at(-1);
  const unconfirmed = (why: string) => new ReplayError(`'${check.name}': ${why} when replayed`);
  if (fault !== undefined && !asks(check, 'fault')) throw unconfirmed(fault);
  const { question } = checkKinds[check.kind];
  switch (question.asks) {
    case 'condition': {
      const value = system.holds(check.condition, end);
      if (value !== question.where) throw unconfirmed(`the condition is ${value}`);
      return {
        ...words.ending(end, end, [check.condition]),
        terms: termsOf(program, states, check.condition),
      };
    }
    case 'possibility': {
      const reached = reaches(system, end, (state) => system.holds(check.condition, state) === true);
      if (reached === true) throw unconfirmed('it is still possible');
      const message = 'from here, no run makes it true';
      const terms = termsOf(program, states, check.condition);
      return { ...words.ending(end, end, [check.condition], message), terms };
    }
    case 'stuck': {
      const ending = stuckEnding(program, end, stuck, words);
      if (ending === undefined) throw unconfirmed('nobody is stuck');
      return ending;
    }
    case 'run': {
      const ids = steps.map(({ id }) => id);
      const why = check.liveness && objection(program, check.liveness, { states, steps: ids, loop });
      if (why !== undefined) throw unconfirmed(why);
      const { formula } = check.liveness!;
      return { ...words.ending(end, end, atomsOf(formula)), terms: runTermsOf(program, states, formula) };
    }
    case 'report': {
      if (last === undefined || !isReportOf(check, last)) throw unconfirmed('nothing is reported');
      const terms = termsOf(program, shown.slice(0, -1), reasonOf(last));
      const ending = words.ending(end, shown.at(-2)!, [reasonOf(last)], check.name);
      return terms.length === 0 ? ending : { ...ending, terms };
    }
    case 'deadlock': {
      const ending = deadlockEnding(program, end, words);
      if (ending === undefined) throw unconfirmed('no deadlock');
      return ending;
    }
    case 'fault': {
      if (fault === undefined || last === undefined) throw unconfirmed('every step has a value');
      return words.ending(end, end, operands(last), fault);
    }
    case 'value': {
      const { condition } = check;
      const value = system.holds(condition, end);
      if (typeof value !== 'string') throw unconfirmed('the formula has a value');
      const ending = words.ending(end, end, [condition], value);
      return { ...ending, terms: termsOf(program, states, condition) };
    }
  }
}

/** The guards that threads wait for. */
const guardsOf = (program: Program, state: State, threads: readonly Thread[]): readonly Expr[] =>
  threads.flatMap(({ id }) => stepsFrom(program, id, state.at.get(id)!).map(({ guard }) => guard));

/** The end of a run in a deadlock, with its waits; undefined if there is no deadlock. */
function deadlockEnding(program: Program, end: State, words: Words): Ending | undefined {
  const system = referenceSystem(program);
  const out = system.transitions(end);
  if (!isDeadlock(system, end, out.length > 0)) return undefined;
  const goesOn = ({ id }: Thread) => out.some(({ step }) => program.steps[step]!.thread === id);
  const guards = guardsOf(
    program,
    end,
    program.threads.filter((thread) => !goesOn(thread)),
  );
  const { waits, cycle, message } = deadlockOf(program, end);
  return { ...words.ending(end, end, guards, message), waits, ...(cycle !== undefined && { cycle }) };
}

/** So many states are searched for one that confirms or refutes what is claimed of all that can follow. */
const confirmedStatesMax = 20_000;

/**
 * The end of a run in which threads are stuck: those that the finding names, or all that are, as far as is searched.
 * Undefined if nobody is, or if one of those that are named can go on.
 */
function stuckEnding(
  program: Program,
  from: State,
  named: readonly ThreadId[] | undefined,
  words: Words,
): Ending | undefined {
  const system = referenceSystem(program);
  const claimed = program.threads.filter((thread) =>
    named === undefined
      ? ![...mayStayAt(thread), thread.dead].includes(from.at.get(thread.id)!)
      : named.includes(thread.id),
  );
  const left = new Set(claimed);
  reaches(system, from, (state) => {
    for (const { step } of system.transitions(state)) {
      left.delete(program.threads[program.steps[step]!.thread]!);
    }
    return left.size === 0;
  });
  if (left.size === 0 || (named !== undefined && left.size < named.length)) return undefined;
  const stuck = [...left];
  const texts = stuck.map(
    ({ id, name, locations }) => `${name} is stuck at ${locations[from.at.get(id)!]!.label}`,
  );
  const message = `${texts.join('; ')}: no run from here lets ${stuck.length === 1 ? 'it' : 'them'} go on`;
  return words.ending(from, from, guardsOf(program, from, stuck), message);
}

/** Does some run from a state reach one that fits? Undefined if too many states follow to look at them all. */
function reaches(
  system: ReturnType<typeof referenceSystem>,
  from: State,
  fits: (state: State) => boolean,
): boolean | undefined {
  const seen = system.seenStates();
  seen.add(from);
  const open = [from];
  for (const state of open) {
    if (fits(state)) return true;
    if (open.length > confirmedStatesMax) return undefined;
    for (const move of system.transitions(state)) {
      if ('to' in move && seen.add(move.to)) open.push(move.to);
    }
  }
  return false;
}

/** The condition that is true where a step reports: the negated expectation, or the guard. */
const reasonOf = ({ guard, reports }: Step): Expr =>
  reports?.tested === undefined ? guard : not(reports.tested);

/** Everything that a step reads. */
const operands = ({ guard, assignments }: Step) => [
  guard,
  ...assignments.flatMap(({ target, value }) =>
    target.index === undefined ? [value] : [target.index, value],
  ),
];

// The verdict of a model: which of its assertions and final conditions some execution violates, whether actors wait for ever,
// and which accesses race.

import type { Candidate } from '../execution/candidate.js';
import { enumerate, TooManyTries } from '../execution/enumerate.js';
import type { Execution } from '../execution/event.js';
import { grow } from '../execution/grow.js';
import type { AxiomaticModel } from '../models/model.js';
import { broken } from '../models/model.js';
import { computed, isTrue } from '../program/arithmetic.js';
import {
  endRegister,
  ends,
  periodRegister,
  reportRegister,
  sectionRegister,
} from '../translate/code_context.js';
import { type EndQuestion, endValue, type ModelReport } from '../translate/questions.js';
import type { TranslatedModel } from '../translate/translate.js';
import { evaluationOf, flagsOf, type RaisedFlag, refuseRcu } from './verdict.js';

export interface CountedAnswer {
  /** How many executions that it is about make it true, and false. */
  readonly positive: number;
  readonly negative: number;
  readonly outcome: 'Never' | 'Sometimes' | 'Always';
  /** The first execution in which it is true. */
  readonly witness: Execution | undefined;
}

export interface ModelVerdict {
  readonly translated: TranslatedModel;
  readonly model: AxiomaticModel;
  /** Are executions with load buffering among them? True also where the model allows none. */
  readonly isComplete: boolean;
  /** All that the model allows: in which all actors end, some waits for ever, some dies of a bug, some is cut off. */
  readonly executions: { readonly [how in 'ended' | 'waiting' | 'bug' | 'cut']: number };
  readonly reports: readonly (CountedAnswer & { readonly of: ModelReport })[];
  readonly ends: readonly (CountedAnswer & { readonly of: EndQuestion })[];
  /** Some actor waits for what never comes, and nobody else can go on. */
  readonly waiting: CountedAnswer;
  readonly flags: readonly RaisedFlag[];
}

/** An execution that may change after it was looked at. */
type Copyable = Execution & { readonly copy: () => Execution };

class Counter {
  #positive = 0;
  #negative = 0;
  #witness: Execution | undefined;

  count(isTrue: boolean, execution: Copyable): void {
    if (isTrue) {
      this.#positive++;
      this.#witness ??= execution.copy();
    } else this.#negative++;
  }

  answer(): CountedAnswer {
    const [positive, negative] = [this.#positive, this.#negative];
    const outcome = positive === 0 ? 'Never' : negative === 0 ? 'Always' : 'Sometimes';
    return { positive, negative, outcome, witness: this.#witness };
  }
}

/**
 * Enumerates all executions, from each initial state: all where they are few enough to guess, else all without load
 * buffering. Throws a LitmusError for what is not covered.
 */
export function judgeModel(translated: TranslatedModel, model: AxiomaticModel): ModelVerdict {
  const { program, initials } = translated;
  if (!model.hasRcu) refuseRcu(program, model);
  const isPossible = (begun: Execution) => broken(evaluationOf(begun), model) === undefined;
  const guessed = new VerdictTally(translated, model);
  try {
    for (const initial of initials) {
      const visit = (execution: Candidate) => guessed.add(execution);
      enumerate(initial, program, { isCoherent: true, isPossible, visit, triesMax });
    }
    return guessed.verdict(true);
  } catch (error) {
    if (!(error instanceof TooManyTries)) throw error;
  }
  const grown = new VerdictTally(translated, model);
  for (const initial of initials)
    grow(initial, program, { isPossible, visit: (execution) => grown.add(execution) });
  return grown.verdict(!model.hasLoadBuffering);
}

/** So many events are tried with guesses; what has more is grown. */
const triesMax = 10_000;

/** What has been seen of the executions. */
class VerdictTally {
  readonly #translated: TranslatedModel;
  readonly #model: AxiomaticModel;
  readonly #executions = { ended: 0, waiting: 0, bug: 0, cut: 0 };
  readonly #reports: readonly Counter[];
  readonly #ends: readonly Counter[];
  readonly #waiting = new Counter();
  readonly #flags = new Map<string, RaisedFlag>();

  constructor(translated: TranslatedModel, model: AxiomaticModel) {
    this.#translated = translated;
    this.#model = model;
    this.#reports = translated.reports.map(() => new Counter());
    this.#ends = translated.ends.map(() => new Counter());
  }

  /** Counts an execution; there may be more. */
  add(execution: Copyable): true {
    if (isHeldUpByNobody(execution)) return true;
    const how = howItEnds(execution);
    this.#executions[how]++;
    for (const [i, counter] of this.#reports.entries()) counter.count(isReported(execution, i), execution);
    if (how !== 'bug' && how !== 'cut') this.#waiting.count(how === 'waiting', execution);
    for (const [i, counter] of this.#ends.entries()) {
      const isSo = isTrueAtEnd(execution, this.#translated.ends[i]!);
      // Where some actor is not done the condition is not true; that says nothing of runs that go on.
      if (isSo || how === 'ended') counter.count(isSo, execution);
    }
    for (const flag of flagsOf(execution, this.#model))
      if (!this.#flags.has(flag.name)) this.#flags.set(flag.name, flag);
    return true;
  }

  verdict(isComplete: boolean): ModelVerdict {
    const { reports, ends } = this.#translated;
    return {
      translated: this.#translated,
      model: this.#model,
      isComplete,
      executions: this.#executions,
      reports: reports.map((of, i) => ({ of, ...this.#reports[i]!.answer() })),
      ends: ends.map((of, i) => ({ of, ...this.#ends[i]!.answer() })),
      waiting: this.#waiting.answer(),
      flags: [...this.#flags.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    };
  }
}

const endsOf = ({ registers }: Execution): readonly unknown[] => registers.map((of) => of.get(endRegister));

/** After a bug the others may end as they like. */
export function howItEnds(execution: Execution): 'ended' | 'waiting' | 'bug' | 'cut' {
  const all = endsOf(execution);
  if (all.includes(ends.dead)) return 'bug';
  if (all.includes(ends.cut)) return 'cut';
  return all.includes(ends.waits) ? 'waiting' : 'ended';
}

/** Does a thread wait for a grace period, and none in a section that it would wait for? Then it goes on, in another execution. */
const isHeldUpByNobody = ({ registers }: Execution): boolean =>
  registers.some((of) => of.get(periodRegister) === 1) &&
  !registers.some((of) => of.get(sectionRegister) === 1);

const isReported = ({ registers }: Execution, index: number): boolean =>
  registers.some((of) => of.get(reportRegister(index)) === 1);

/** Is the condition of a question true at the end of an execution? */
export function isTrueAtEnd(execution: Execution, { condition }: EndQuestion): boolean {
  const { registers, coherence, events } = execution;
  return isTrue(
    computed(condition, (key) => {
      const of = endValue(key);
      if (of.kind === 'done') return registers[of.thread]!.get(endRegister) === ends.done ? 1 : 0;
      if (of.kind === 'register') return registers[of.thread]!.get(of.name) ?? 0;
      return events[coherence.get(of.name)!.at(-1)!]!.value!;
    }),
  );
}

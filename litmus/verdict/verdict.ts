// The verdict of a test: which executions the model allows, what they leave, and whether that is what the test asks.

import { enumerate } from '../execution/enumerate.js';
import type { Execution, MemoryEvent } from '../execution/event.js';
import { ExecutionFacts } from '../execution/facts.js';
import { type AxiomaticModel, broken, Evaluator } from '../models/model.js';
import { compile } from '../program/compile.js';
import type { LitmusProgram } from '../program/instructions.js';
import { LitmusError, type LitmusTest, type Observable, observablesOf } from '../syntax/ast.js';
import { isTrueAtEnd, nameOf, valueAtEnd } from './condition.js';

/** What a test leaves at its end: values by name, in herd's order. */
export type FinalState = readonly (readonly [name: string, value: number | string])[];

export interface LitmusVerdict {
  readonly test: LitmusTest;
  readonly model: AxiomaticModel;
  /** Different ones, sorted. */
  readonly states: readonly FinalState[];
  /** How many executions the model allows in which the proposition is true, and false. */
  readonly positive: number;
  readonly negative: number;
  readonly outcome: 'Never' | 'Sometimes' | 'Always';
  /** How many executions the model allows, those that the filter leaves out too. */
  readonly executions: number;
  /** Is what the test demands so? */
  readonly isOk: boolean;
  /** Sorted by name. */
  readonly flags: readonly RaisedFlag[];
  /** The first execution that is allowed and decides: one in which the proposition is true, or for forall, false. */
  readonly witness: Execution | undefined;
}

/** A flag of the model, and the first two events that raise it; they may be the same. */
export interface RaisedFlag {
  readonly name: string;
  readonly events: readonly [MemoryEvent, MemoryEvent];
}

/** Enumerates all executions. Throws a LitmusError for what is not covered. */
export function judge(test: LitmusTest, model: AxiomaticModel): LitmusVerdict {
  const program = compile(test);
  if (!model.hasRcu) refuseRcu(program, model);
  const observed = observedBy(test, program);
  const states = new Map<string, FinalState>();
  const flags = new Map<string, RaisedFlag>();
  let [executions, positive, negative] = [0, 0, 0];
  let witness: Execution | undefined;
  enumerate(test.initial, program, {
    isCoherent: true,
    isPossible: (begun) => broken(evaluationOf(begun), model) === undefined,
    visit: (execution) => {
      executions++;
      if (test.filter !== undefined && !isTrueAtEnd(execution, test.filter)) return true;
      const state = observed.map((each) => [nameOf(each), valueAtEnd(execution, each)] as const);
      states.set(stateText(state), state);
      const isTrue = isTrueAtEnd(execution, test.condition.proposition);
      if (isTrue) positive++;
      else negative++;
      if (decides(test, isTrue)) witness ??= execution.copy();
      for (const flag of flagsOf(execution, model)) if (!flags.has(flag.name)) flags.set(flag.name, flag);
      return true;
    },
  });
  const outcome = positive === 0 ? 'Never' : negative === 0 ? 'Always' : 'Sometimes';
  const { quantifier } = test.condition;
  const isOk =
    quantifier === 'exists' ? positive > 0 : quantifier === '~exists' ? positive === 0 : negative === 0;
  const sorted = [...states].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
  return {
    test,
    model,
    states: sorted,
    executions,
    positive,
    negative,
    outcome,
    isOk,
    flags: [...flags.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    witness,
  };
}

/** Throws a LitmusError for RCU in a model that does not define it. */
export function refuseRcu({ threads }: LitmusProgram, { title }: AxiomaticModel): void {
  const kinds: readonly string[] = ['rcu-lock', 'rcu-unlock', 'sync-rcu'];
  for (const instruction of threads.flat()) {
    if (instruction.kind === 'fence' && kinds.includes(instruction.fence)) {
      throw new LitmusError(
        `'${instruction.text}' has no meaning in ${title}: RCU is covered by lkmm and sc`,
        instruction.at,
      );
    }
  }
}

/** Does the value of the condition at the end of an execution make it the deciding one? */
export const decides = ({ condition }: LitmusTest, isTrue: boolean): boolean =>
  isTrue !== (condition.quantifier === 'forall');

export const evaluationOf = (execution: Execution): Evaluator => new Evaluator(new ExecutionFacts(execution));

/** What an execution raises. */
export function flagsOf(execution: Execution, { flags }: AxiomaticModel): readonly RaisedFlag[] {
  const evaluation = evaluationOf(execution);
  return flags.flatMap(({ name, of }) => {
    const [pair] = evaluation.relation(of).pairs();
    if (pair === undefined) return [];
    // In the order of the file.
    const [first, second] = [Math.min(...pair), Math.max(...pair)];
    return [{ name, events: [execution.events[first]!, execution.events[second]!] }];
  });
}

/** '0:r0=1; [x]=2;' */
export const stateText = (state: FinalState): string =>
  state.map(([name, value]) => `${name}=${value};`).join(' ');

/** What the test names, registers first. Throws a LitmusError for a name that is nowhere. */
function observedBy(
  { locations, condition, filter }: LitmusTest,
  program: LitmusProgram,
): readonly Observable[] {
  const propositions = filter === undefined ? [condition.proposition] : [condition.proposition, filter];
  for (const each of [...locations, ...propositions.flatMap(observablesOf)]) {
    const { kind, name, at } = each;
    if (kind === 'register' && !program.registers[each.thread]!.has(name)) {
      const known = [...program.registers[each.thread]!];
      throw new LitmusError(`P${each.thread} has no register '${name}'`, at, { word: name, known });
    }
    if (kind === 'location' && !program.locations.includes(name)) {
      throw new LitmusError(`no location is named '${name}'`, at, { word: name, known: program.locations });
    }
  }
  return observedIn({ locations, condition });
}

/** What `locations` and the condition of a test name, each once, registers first. */
export function observedIn({
  locations,
  condition,
}: Pick<LitmusTest, 'locations' | 'condition'>): readonly Observable[] {
  const all = [...locations, ...observablesOf(condition.proposition)];
  const byName = new Map(all.map((each) => [nameOf(each), each]));
  const key = (each: Observable) =>
    each.kind === 'register' ? `${String(each.thread).padStart(3)} ${each.name}` : `~${each.name}`;
  return [...byName.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

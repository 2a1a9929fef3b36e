// A Program for Murphi: one rule for each step, so rumur's states are ours and its rules fired are our transitions. A
// value outside its domain, an index out of range and a division by zero are errors of the tool itself, which does not
// count such a rule as fired:
//
//   transitions = rules fired + errors, when no check is exported and rumur may go on (--max-errors)

import { asks, hasStatedCondition, isExample } from '../../decide/decide.js';
import { checkKinds } from '../../decide/kinds.js';
import { boundsOf, isTrue, typeOfDomain } from '../../ir/expression.js';
import { composed } from '../../ir/monitors.js';
import type { Expr, Location, Program, Step, ThreadId, Variable } from '../../ir/program.js';
import type { Check } from '../../search/report.js';
import { plainText, Titles } from '../names.js';
import { spoilsItself, takenAside } from '../order.js';
import { refuseBounded, refuseWideNumbers } from '../refusals.js';
import { expressionsOf, finalStates, finalText, type Symbols, symbolsOf } from '../symbols.js';
import { constantOf, expressionOf, standsAt } from './expressions.js';
import { printMurphi } from './print.js';
import {
  aboutStep,
  assertedIn,
  claim,
  header,
  indexType,
  indexTypeDeclaration,
  openWords,
  readFunction,
  reportOf,
  reserved,
  store,
  typeOf,
  widest,
  wordsType,
} from './shared.js';
import {
  chain,
  equals,
  type MurphiDeclarations,
  type MurphiExpression,
  type MurphiItem,
  type MurphiParameter,
  type MurphiRule,
  type MurphiStartState,
  type MurphiStatement,
  type MurphiType,
  name,
  named,
} from './syntax.js';

/**
 * The Program and some of its checks as text for rumur, or for CMurphi if it has no `cover`, `liveness` and `assume`.
 * `always` and `never` become invariants, `sometimes` a cover, `alwaysPossible` rumur's liveness, an assertion an error
 * statement; for the deadlock check an extra rule is enabled in final states. The domain check is always included.
 * Throws an ExportError for numbers of more than 32 bits.
 */
export function exportMurphi(bare: Program, all: readonly Check[]): string {
  refuseBounded(bare, 'rumur');
  const program = composed(bare);
  const checks = all.filter((check) => !asks(check, 'run'));
  refuseWideNumbers(expressionsOf(program, checks), program);
  const symbols = symbolsOf(program, checks, [...reserved, ...takenAside(program)]);
  const titles = new Titles();
  const asserted = assertedIn(checks);
  const hasDeadlockCheck = checks.some((check) => asks(check, 'deadlock'));
  const about =
    'One rule for each step: states and rules fired are the states and transitions that raceproof counts.';
  return printMurphi([
    header(program, [about], hasDeadlockCheck),
    declarations(program, symbols),
    ...symbols.groups.map((group) => readFunction(group, program, symbols)),
    startState(program, symbols),
    ...program.threads.flatMap((thread): readonly MurphiItem[] => [
      { kind: 'comment', lines: [thread.name] },
      ...program.steps
        .filter((step) => step.thread === thread.id)
        .map((step) => rule(step, program, symbols, titles, asserted)),
    ]),
    ...(hasDeadlockCheck ? [finishedRule(program, symbols)] : []),
    ...checks.filter(hasStatedCondition).map((check) => claim(check, wantedOf(check, symbols))),
  ]);
}

function declarations(program: Program, symbols: Symbols): MurphiDeclarations {
  const places = program.threads.map(({ id }) => ({
    name: symbols.at[id]!,
    type: symbols.names.take(`${symbols.at[id]}_t`),
    words: symbols.locations[id]!,
  }));
  return {
    kind: 'declarations',
    constants: openWords(symbols.enums),
    types: [
      indexTypeDeclaration,
      ...symbols.enums.map((one) => ({ name: one.name, type: wordsType(one) })),
      ...places.map(({ type, words }) => ({ name: type, type: { kind: 'enum', words } as const })),
    ],
    variables: [
      ...places.map((place) => ({ name: place.name, type: named(place.type) })),
      ...program.variables.map(({ id, domain }) => ({
        name: symbols.variables[id]!,
        type: typeOf(domain, symbols),
      })),
    ],
  };
}

/** A ruleset that selects one of several initial values. */
function startState(program: Program, symbols: Symbols): MurphiStartState {
  const chosen = new Map(
    program.variables
      .filter(({ initial }) => initial.length > 1)
      .map(({ id }) => [id, symbols.names.take(`any_${symbols.variables[id]}`)] as const),
  );
  const firstValue = ({ id, domain, initial }: Variable): MurphiExpression => {
    const choice = chosen.get(id);
    return choice === undefined ? constantOf(initial[0]!, typeOfDomain(domain), symbols) : name(choice);
  };
  return {
    kind: 'startstate',
    title: 'initial',
    parameters: [...chosen].map(([id, choice]) => ({
      name: choice,
      type: typeOf(program.variables[id]!.domain, symbols),
    })),
    body: [
      ...program.variables.flatMap((variable) => isFirstValue(variable, chosen.get(variable.id), symbols)),
      ...program.threads.map(({ id, start }) => move(id, start, symbols)),
      ...program.variables.map(
        (variable): MurphiStatement => ({
          kind: 'assign',
          to: name(symbols.variables[variable.id]!),
          value: firstValue(variable),
        }),
      ),
      ...(isTrue(program.initially) ? [] : [assume(expressionOf(program.initially, symbols))]),
    ],
  };
}

const assume = (condition: MurphiExpression): MurphiStatement => ({ kind: 'assume', condition });

/** The condition that the selected value is an initial one; nothing where every value is one. */
function isFirstValue(
  { domain, initial }: Variable,
  choice: string | undefined,
  symbols: Symbols,
): readonly MurphiStatement[] {
  const { min, max } = boundsOf(domain);
  if (choice === undefined || initial.length === max - min + 1) return [];
  const type = typeOfDomain(domain);
  const all = initial.map((value) => equals(name(choice), constantOf(value, type, symbols)));
  return [assume(chain('|', all))];
}

const move = (thread: ThreadId, to: Location, symbols: Symbols): MurphiStatement => ({
  kind: 'assign',
  to: name(symbols.at[thread]!),
  value: name(symbols.locations[thread]![to]!),
});

function rule(
  step: Step,
  program: Program,
  symbols: Symbols,
  titles: Titles,
  asserted: ReadonlySet<string>,
): MurphiRule {
  const { thread, from, to, guard } = step;
  const { locals, body } = effectsOf(step, program, symbols);
  return {
    kind: 'rule',
    about: aboutStep(step),
    title: titles.take(plainText(`${program.threads[thread]!.name}: ${step.label}`)),
    parameters: [],
    condition: {
      allOf: [standsAt(thread, from, symbols), ...(isTrue(guard) ? [] : [expressionOf(guard, symbols)])],
    },
    locals,
    body: [...body, ...(from === to ? [] : [move(thread, to, symbols)]), ...reportOf(step, asserted)],
  };
}

/** Murphi assigns one after the other; values that an earlier assignment would overwrite are saved first. */
function effectsOf({ assignments }: Step, program: Program, symbols: Symbols) {
  const textOf = (x: Expr) => expressionOf(x, symbols);
  if (!spoilsItself(assignments)) {
    const body = assignments.map(({ target, value }) =>
      store(target, target.index && textOf(target.index), textOf(value), symbols),
    );
    return { locals: [], body };
  }
  const locals: MurphiParameter[] = [];
  const aside: MurphiStatement[] = [];
  const writes: MurphiStatement[] = [];
  for (const [i, { target, value }] of assignments.entries()) {
    const keep = (prefix: string, type: MurphiType, x: Expr) => {
      const kept = name(`${prefix}${i}`);
      locals.push({ name: kept.name, type });
      aside.push({ kind: 'assign', to: kept, value: textOf(x) });
      return kept;
    };
    const index = target.index && keep('index_', indexType, target.index);
    const type = typeOf(widest(target.variables, program), symbols);
    writes.push(store(target, index, keep('value_', type, value), symbols));
  }
  return { locals, body: [...aside, ...writes] };
}

const finishedRule = (program: Program, symbols: Symbols): MurphiRule => ({
  kind: 'rule',
  about: finalText,
  title: 'finished',
  parameters: [],
  condition: { anyOf: finalStates(program).map((all) => all.map((x) => expressionOf(x, symbols))) },
  locals: [],
  body: [],
});

/** The condition of a check, negated for a `never`. */
function wantedOf(check: Check, symbols: Symbols): MurphiExpression {
  const { question } = checkKinds[check.kind];
  const isNegated = question.asks === 'condition' && question.where && !isExample(check);
  const condition = expressionOf(check.condition, symbols);
  return isNegated ? { kind: 'not', x: condition } : condition;
}

// A symmetric Program for rumur's symmetry reduction: interchangeable threads are a scalarset, variables that belong to
// them are arrays over it, and one rule, for any thread, stands for the same step of all. Without the reduction the
// states are still ours; with it there are fewer, and the same verdicts.
//
//   worker[0] … worker[2], arrived[0] … arrived[2]   ->   worker_t: scalarset(3); arrived: array [worker_t] of boolean;

import { stepKey } from '../../../analyse/keys.js';
import { Swap } from '../../../analyse/swap.js';
import { symmetryOf } from '../../../analyse/symmetry.js';
import { asks, hasStatedCondition } from '../../../decide/decide.js';
import { isTrue, typeOfDomain } from '../../../ir/expression.js';
import { composed } from '../../../ir/monitors.js';
import type { Assignment, Expr, Program, Step, VariableId } from '../../../ir/program.js';
import type { Check } from '../../../search/report.js';
import { plainText, Titles } from '../../names.js';
import { takenAside } from '../../order.js';
import { ExportError, refuseBounded, refuseWideNumbers } from '../../refusals.js';
import { expressionsOf, finalExpr, finalText, symbolsOf } from '../../symbols.js';
import { printMurphi } from '../print.js';
import { aboutStep, assertedIn, claim, header, readFunction, reportOf, reserved } from '../shared.js';
import {
  type MurphiItem,
  type MurphiRule,
  type MurphiStartState,
  type MurphiStatement,
  name,
} from '../syntax.js';
import { areDifferent, bindAll, nobodyBound, parametersOf, withEach } from './bound.js';
import { claimedOf, ofAny } from './claims.js';
import { declarations } from './declarations.js';
import { assign, effectsOf } from './effects.js';
import { expressionOf, standsAt, whereOf } from './expressions.js';
import { filled, filledStatement, type HoleFilling, type OpenStatement } from './holes.js';
import { type SymmetricNames, symmetricNames } from './names.js';
import { sumsOf } from './sums.js';

/**
 * The Program and some of its checks as text for rumur, with a scalarset for each class of interchangeable threads. A
 * check that names a thread of a class is stated for any of them. Throws an ExportError if no threads are
 * interchangeable, or if a check depends on their numbers.
 */
export function exportSymmetricMurphi(bare: Program, all: readonly Check[]): string {
  refuseBounded(bare, 'rumur');
  const program = composed(bare);
  const checks = all.filter((check) => !asks(check, 'run'));
  refuseWideNumbers(expressionsOf(program, checks), program);
  const symmetry = symmetryOf(program);
  if (symmetry.classes.length === 0) {
    throw new ExportError(`${program.name} has no actors that are interchangeable: no scalarset`);
  }
  const symbols = symbolsOf(program, checks, [...reserved, ...takenAside(program)]);
  const names = symmetricNames(program, symmetry, symbols);
  const sums = sumsOf((wish) => symbols.names.take(wish));
  const hasDeadlockCheck = checks.some((check) => asks(check, 'deadlock'));
  const rules = [
    ...stepRules(names, assertedIn(checks), sums.fill),
    ...(hasDeadlockCheck ? [finishedRule(names, sums.fill)] : []),
  ];
  const claims = checks.filter(hasStatedCondition).map((check): MurphiItem => {
    const claimed = claimedOf(check, names);
    if (!claimed.ok) throw new ExportError(`'${check.name}' ${claimed.why}: no scalarset`);
    return claim(check, filled(claimed.condition, sums.fill));
  });
  const classes = symmetry.classes.map((of) => `${of.threads.length} of ${of.name}`);
  const about = [
    `Interchangeable: ${classes.join(', ')}. States that differ only in their order count once;`,
    'with --symmetry-reduction off they are the states that raceproof counts.',
  ];
  return printMurphi([
    header(program, about, hasDeadlockCheck),
    declarations(names),
    ...symbols.groups
      .filter(({ variables }) => names.familyOf(variables[0]!) === undefined)
      .map((group) => readFunction(group, program, symbols)),
    ...sums.functions(),
    startState(names, sums.fill),
    ...rules,
    ...claims,
  ]);
}

/** A loop over each class, and the other threads one by one. */
function startState(names: SymmetricNames, fill: HoleFilling): MurphiStartState {
  const { program, symmetry, symbols } = names;
  const first = (id: VariableId): Assignment => {
    const { domain, initial } = program.variables[id]!;
    const value: Expr = { op: 'const', value: initial[0]!, type: typeOfDomain(domain) };
    return { target: { variables: [id] }, value };
  };
  const loops = symmetry.classes.map((of): OpenStatement => {
    const [thread] = of.threads;
    const { inner, over } = withEach(thread!, nobodyBound, names);
    const own = symmetry.families.filter((family) => family.of === of);
    const { start } = program.threads[thread!]!;
    return {
      kind: 'for',
      over,
      body: [
        {
          kind: 'assign',
          to: whereOf(thread!, inner, names),
          value: name(names.locationOf(thread!, start)),
        },
        ...own.flatMap(({ variables }) => assign(first(variables[0]!), inner, names)),
      ],
    };
  });
  const singles = program.threads.filter(({ id }) => names.classOf(id) === undefined);
  const shared = program.variables.filter(({ id }) => names.familyOf(id) === undefined);
  return {
    kind: 'startstate',
    title: 'initial',
    parameters: [],
    body: [
      ...loops.map((loop) => filledStatement(loop, fill)),
      ...singles.map(
        ({ id, start }): MurphiStatement => ({
          kind: 'assign',
          to: name(symbols.at[id]!),
          value: name(symbols.locations[id]![start]!),
        }),
      ),
      ...shared
        .flatMap(({ id }) => assign(first(id), nobodyBound, names))
        .map((statement) => filledStatement(statement, fill)),
    ],
  };
}

/** A rule for the first of all steps that differ only in the thread that takes them. */
function stepRules(
  names: SymmetricNames,
  asserted: ReadonlySet<string>,
  fill: HoleFilling,
): readonly MurphiRule[] {
  const titles = new Titles();
  return orbits(names).map((step) => stepRule(step, names, titles, asserted, fill));
}

function orbits({ program, symmetry }: SymmetricNames): readonly Step[] {
  const seen = new Set<string>();
  const swaps = symmetry.classes.flatMap(({ threads: [first, ...others] }) =>
    others.map((other) => new Swap(symmetry, first!, other, program)),
  );
  return program.steps.filter((step) => {
    if (seen.has(stepKey(step))) return false;
    const orbit = new Map([[stepKey(step), step]]);
    for (const one of orbit.values()) {
      for (const swap of swaps) {
        const image = swap.step(one);
        if (!orbit.has(stepKey(image))) orbit.set(stepKey(image), image);
      }
    }
    for (const key of orbit.keys()) seen.add(key);
    return true;
  });
}

function stepRule(
  step: Step,
  names: SymmetricNames,
  titles: Titles,
  asserted: ReadonlySet<string>,
  fill: HoleFilling,
): MurphiRule {
  const { thread, from, to, guard, label } = step;
  const of = names.classOf(thread);
  const { bound, open } = bindAll(of === undefined ? [] : [thread], names, (known) => ({
    ...effectsOf(step, known, names),
    ...(!isTrue(guard) && { condition: expressionOf(guard, known, names) }),
  }));
  const who = of?.name ?? names.program.threads[thread]!.name;
  const move: OpenStatement = {
    kind: 'assign',
    to: whereOf(thread, bound, names),
    value: name(names.locationOf(thread, to)),
  };
  return {
    kind: 'rule',
    about: aboutStep(step),
    title: titles.take(plainText(`${who}: ${label}`)),
    parameters: parametersOf(bound, names),
    condition: {
      allOf: [
        ...areDifferent(bound, names),
        filled(standsAt(thread, from, bound, names), fill),
        ...(open.condition === undefined ? [] : [filled(open.condition, fill)]),
      ],
    },
    locals: open.locals,
    body: [
      ...[...open.body, ...(from === to ? [] : [move])].map((one) => filledStatement(one, fill)),
      ...reportOf(step, asserted),
    ],
  };
}

const finishedRule = (names: SymmetricNames, fill: HoleFilling): MurphiRule => ({
  kind: 'rule',
  about: finalText,
  title: 'finished',
  parameters: [],
  condition: { allOf: [filled(ofAny('exists', finalExpr(names.program), names), fill)] },
  locals: [],
  body: [],
});

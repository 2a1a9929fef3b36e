// A Program for TLA+: a module with one action for each step, and its .cfg for TLC. Locations, words and threads are
// strings with the model's own names. As in raceproof, a step with a fault is not taken, so TLC's distinct states are
// ours; it generates our transitions, the initial states and the stuttering of finished ones.
//
// A run of ours goes on while some step is enabled, but TLA+ lets every behaviour stutter for ever: Spec has weak
// fairness of Next. TLA+ does not distinguish a step that changes nothing from stuttering, so where liveness is
// exported and such a step exists, an extra variable changes with each step; TLC then finds some states twice.

import type { Meaning } from '../../analyse/meaning.js';
import { asks, invariantOf, isExample, isReportOf } from '../../decide/decide.js';
import { checkKinds } from '../../decide/kinds.js';
import { isFalse, isTrue, or, typeOf, typeOfDomain, walk } from '../../ir/expression.js';
import type { Cell, Domain, Expr, Program, Step, VariableId } from '../../ir/program.js';
import type { Check } from '../../search/report.js';
import { type Dialect, infix } from '../infix.js';
import { Identifiers, identifier, plainText } from '../names.js';
import { expressionsOf, finalExpr, finalText } from '../symbols.js';
import {
  type ConstantValues,
  type NumberSetting,
  noConstants,
  type SymbolicSettings,
  symbolicIn,
  type TlaConstant,
  withConstantNames,
} from './constants.js';
import { conditionText, dialectOf, locationText, string, threadText } from './dialect.js';
import { sourceOf, type TlaSource } from './source.js';
import { type Definition, type Live, livenessText } from './tlaplus_liveness.js';

// biome-ignore format: a list of words
const reserved = [
  'action', 'assume', 'assumption', 'axiom', 'by', 'boolean', 'case', 'choose', 'constant', 'constants', 'corollary',
  'def', 'define', 'defs', 'domain', 'else', 'enabled', 'except', 'extends', 'false', 'have', 'hide', 'if', 'in',
  'instance', 'int', 'lambda', 'lemma', 'let', 'local', 'module', 'nat', 'new', 'obvious', 'omitted', 'only', 'other',
  'pick', 'proof', 'proposition', 'prove', 'qed', 'recursive', 'sf', 'state', 'string', 'subset', 'suffices', 'take',
  'temporal', 'then', 'theorem', 'true', 'unchanged', 'union', 'use', 'variable', 'variables', 'wf', 'with', 'witness',
  'at', 'vars', 'init', 'next', 'spec', 'typeok', 'finished', 'done', 'abs', 'quotient', 'remainder',
  'number', 'dividend', 'divisor', 'size', 'thread',
];

/** A module and its configuration, each a file of its own. */
export interface TlaModule {
  /** Of the module, and of both files: NAME.tla and NAME.cfg. */
  readonly name: string;
  readonly module: string;
  readonly config: string;
}

/**
 * The Program and some of its checks for TLC. All become invariants: a `sometimes` is reached where TLC reports that
 * its invariant is violated, and an assertion is violated where its step can be taken. Liveness that TLA+ can state
 * becomes a property, with its fairness before the implication.
 */
export const exportTla = (program: Program, checks: readonly Check[]): TlaModule =>
  printTla(sourceOf(program, checks), noConstants);

/**
 * The same for a model with settings: those that are only numbers in the module become its constants. `lowered` is the
 * model for other values of some settings, or undefined if it has no meaning for them.
 */
export function exportTlaWithConstants(
  settings: readonly NumberSetting[],
  lowered: (
    values: ConstantValues,
  ) => { readonly program: Program; readonly checks: readonly Check[] } | undefined,
): TlaModule {
  const sourceFor = (values: ConstantValues): TlaSource | undefined => {
    const found = lowered(values);
    return found && sourceOf(found.program, found.checks);
  };
  return printTla(sourceFor({})!, symbolicIn(settings, sourceFor));
}

/** The module, with some numbers as constants, whose values are in the configuration. */
function printTla(source: TlaSource, symbolic: SymbolicSettings): TlaModule {
  const { program: plain } = source;
  const names = new Identifiers(reserved, /^[WS]F_/);
  const name = names.take(plain.name);
  const variables = plain.variables.map((variable) => names.take(variable.name));
  const actions = plain.steps.map(({ label, thread }) =>
    names.take(`${label}_${plain.threads[thread]!.name}`),
  );
  const moved = source.mayStutter ? names.take('moved') : undefined;
  const constants = symbolic.settings.map((setting): TlaConstant => {
    return { ...setting, setting: setting.name, name: names.take(setting.name, `${setting.name}_setting`) };
  });
  const { program, checks, meanings, exempt } = withConstantNames(source, symbolic, constants);
  const dialect = dialectOf(program, variables);
  const context: TlaContext = { program, meanings, names, variables, dialect, actions, moved, constants };
  const invariants = checks.flatMap((check, i) => invariant(check, exempt[i]!, context));
  const live = checks.flatMap((check) =>
    livenessText(check, { ...context, text: (x) => infix(x, dialect, true) }),
  );
  const definitions = [...invariants, ...live];
  const findsDeadlocks = checks.some((check) => asks(check, 'deadlock'));
  return {
    name,
    module: moduleText(name, context, definitions, expressionsOf(program, checks)),
    config: configText(constants, invariants, live, findsDeadlocks),
  };
}

interface TlaContext {
  readonly program: Program;
  /** By step. */
  readonly meanings: readonly Meaning[];
  readonly names: Identifiers;
  readonly variables: readonly string[];
  readonly dialect: Dialect;
  /** By step. */
  readonly actions: readonly string[];
  /**
   * A variable that every step changes; undefined where every step changes some variable anyway, or no liveness is
   * exported.
   */
  readonly moved: string | undefined;
  readonly constants: readonly TlaConstant[];
}

/** A definition that the configuration names. */
interface Invariant extends Definition {
  /** Does it hold in a correct model? A `sometimes` does not. */
  readonly isClaimed: boolean;
}

function moduleText(
  name: string,
  context: TlaContext,
  definitions: readonly Live[],
  roots: readonly Expr[],
): string {
  const { program, variables, moved, constants } = context;
  const settings = Object.entries(program.settings).flatMap(([key, value]) =>
    constants.some(({ setting }) => setting === key) ? [] : [`${key}=${value}`],
  );
  const title = `---- MODULE ${name} ----`;
  const all = ['at', ...variables, ...(moved === undefined ? [] : [moved])].join(', ');
  return [
    title,
    `\\* ${plainText([program.name, ...settings].join(' '))}`,
    ...(moved === undefined
      ? ["\\* One action for each step: distinct states found = raceproof's states."]
      : movedComment(moved)),
    `\\* java -cp tla2tools.jar tlc2.TLC -workers auto ${name}`,
    'EXTENDS Integers',
    '',
    ...constantsText(constants),
    `VARIABLES ${all}`,
    `vars == <<${all}>>`,
    ...arithmeticText(roots),
    '',
    ...typeText(context),
    '',
    ...initText(context),
    ...program.steps.flatMap((step) => ['', ...actionText(step, context)]),
    '',
    ...nextText(context),
    ...definitions.flatMap(({ text }) => ['', ...text]),
    '',
    '='.repeat(title.length),
    '',
  ].join('\n');
}

function constantsText(constants: readonly TlaConstant[]): readonly string[] {
  if (constants.length === 0) return [];
  return [
    `CONSTANTS ${constants.map(({ name }) => name).join(', ')}`,
    '\\* The settings that are only numbers here; the module is the same for all these values.',
    ...constants.map(({ name, min, max }) => `ASSUME ${name} \\in ${min}..${max}`),
    '',
  ];
}

const movedComment = (moved: string): readonly string[] => [
  `\\* One action for each step. Some step may change nothing, which TLA+ takes for stuttering; so each changes ${moved},`,
  "\\* and some states are found twice. Exported with --checks=none, distinct states found = raceproof's states.",
];

/** C's division, for Programs that divide: TLA+ rounds down. */
function arithmeticText(roots: readonly Expr[]): readonly string[] {
  let divides = false;
  for (const root of roots) {
    walk(root, ({ op }) => {
      divides ||= op === 'div' || op === 'mod';
    });
  }
  if (!divides) return [];
  return [
    '',
    "\\* C's / and %: rounded toward zero.",
    'Abs(number) == IF number < 0 THEN -number ELSE number',
    'Quotient(dividend, divisor) ==',
    '  LET size == Abs(dividend) \\div Abs(divisor)',
    '  IN IF (dividend < 0) = (divisor < 0) THEN size ELSE -size',
    'Remainder(dividend, divisor) == dividend - divisor * Quotient(dividend, divisor)',
  ];
}

const setText = (domain: Domain): string => {
  if (domain.kind === 'bool') return 'BOOLEAN';
  return domain.kind === 'int' ? `${domain.min}..${domain.max}` : `{${domain.values.map(string).join(', ')}}`;
};

function typeText({ program, variables, moved }: TlaContext): readonly string[] {
  const domains = program.threads.map(({ id, locations }) => {
    const all = locations.map((_, location) => locationText(id, location, program));
    return `  /\\ at[${threadText(id, program)}] \\in {${all.join(', ')}}`;
  });
  return [
    'TypeOK ==',
    ...domains,
    ...program.variables.map(({ id, domain }) => `  /\\ ${variables[id]} \\in ${setText(domain)}`),
    ...(moved === undefined ? [] : [`  /\\ ${moved} \\in BOOLEAN`]),
  ];
}

function initText({ program, variables, dialect, moved }: TlaContext): readonly string[] {
  const start = program.threads.map(({ id, start: location }) => {
    const from = threadText(id, program);
    return `thread = ${from} -> ${locationText(id, location, program)}`;
  });
  const threads = program.threads.map(({ id }) => threadText(id, program));
  return [
    'Init ==',
    `  /\\ at = [thread \\in {${threads.join(', ')}} |-> CASE ${start.join(' [] ')}]`,
    ...program.variables.map(({ id, domain, initial }) => {
      const values = initial.map((value) => dialect.constant(value, typeOfDomain(domain)));
      return `  /\\ ${variables[id]} ${values.length === 1 ? `= ${values[0]}` : `\\in {${values.join(', ')}}`}`;
    }),
    ...(moved === undefined ? [] : [`  /\\ ${moved} = FALSE`]),
    ...(isTrue(program.initially) ? [] : [`  /\\ ${conditionText(program.initially, dialect)}`]),
  ];
}

function actionText(step: Step, context: TlaContext): readonly string[] {
  const { program, meanings, variables, dialect, actions, moved } = context;
  const { isTaken } = meanings[step.id]!;
  const thread = threadText(step.thread, program);
  const file = step.source.file === undefined ? '' : `${step.source.file}: `;
  const written = new Set(step.assignments.flatMap(({ target }) => target.variables));
  const kept = variables.filter((_, id) => !written.has(id));
  const move = `at' = [at EXCEPT ![${thread}] = ${locationText(step.thread, step.to, program)}]`;
  return [
    `\\* ${plainText(`${file}${step.caption}`)}`,
    `${actions[step.id]} ==`,
    `  /\\ ${dialect.at(step.thread, step.from)}`,
    ...(isTrue(isTaken) ? [] : [`  /\\ ${conditionText(isTaken, dialect)}`]),
    ...step.assignments.flatMap(({ target, value }) => assignmentText(target, value, dialect, variables)),
    ...(moved === undefined ? [] : [`  /\\ ${moved}' = ~${moved}`]),
    ...(step.from === step.to ? unchanged(['at', ...kept]) : [`  /\\ ${move}`, ...unchanged(kept)]),
  ];
}

const unchanged = (kept: readonly string[]): readonly string[] =>
  kept.length === 0 ? [] : [`  /\\ UNCHANGED <<${kept.join(', ')}>>`];

function assignmentText(
  { variables: ids, index }: Cell,
  value: Expr,
  dialect: Dialect,
  variables: readonly string[],
): readonly string[] {
  // The = of TLA+ binds more tightly than its logic.
  const text = infix(value, dialect, typeOf(value) === 'bool');
  const name = (id: VariableId) => variables[id]!;
  if (index === undefined) return [`  /\\ ${name(ids[0]!)}' = ${text}`];
  const i = infix(index, dialect, true);
  return ids.map((id, k) => `  /\\ ${name(id)}' = IF ${i} = ${k} THEN ${text} ELSE ${name(id)}`);
}

function nextText({ program, dialect, actions }: TlaContext): readonly string[] {
  return [
    `\\* ${finalText}`,
    'Finished ==',
    `  /\\ ${conditionText(finalExpr(program), dialect)}`,
    '  /\\ UNCHANGED vars',
    '',
    'Next ==',
    ...actions.map((action) => `  \\/ ${action}`),
    '  \\/ Finished',
    '',
    '\\* A run goes on while some step is enabled.',
    'Spec == Init /\\ [][Next]_vars /\\ WF_vars(Next)',
  ];
}

/** `exempt`: where its condition has no value. */
function invariant(check: Check, exempt: Expr, context: TlaContext): readonly Invariant[] {
  const { program, meanings, names, dialect } = context;
  const { name, about } = check;
  const comment = about === undefined ? [] : [`\\* ${plainText(about)}`];
  const define = (body: string, title = name, isClaimed = true): readonly Invariant[] => {
    const own = names.take(title, `Check_${identifier(title)}`);
    return [{ name: own, isClaimed, text: [...comment, `${own} ==`, `  ${body}`] }];
  };
  switch (checkKinds[check.kind].question.asks) {
    case 'condition': {
      const wanted = invariantOf(check)!;
      const body = infix(isFalse(exempt) ? wanted : or(exempt, wanted), dialect);
      return isExample(check) ? define(body, `never_${name}`, false) : define(body);
    }
    case 'report': {
      const steps = program.steps.filter((step) => isReportOf(check, step));
      return define(nowhere(steps, (step) => meanings[step.id]!.isTaken, context));
    }
    case 'fault':
      return define(nowhere(program.steps, (step) => meanings[step.id]!.isFault, context));
    default:
      return [];
  }
}

/** No step of these stands where its condition is true. */
function nowhere(steps: readonly Step[], condition: (step: Step) => Expr, { dialect }: TlaContext): string {
  const places = steps.flatMap((step) => {
    const x = condition(step);
    if (isFalse(x)) return [];
    const here = `(${dialect.at(step.thread, step.from)})`;
    return [isTrue(x) ? here : `(${here} /\\ ${infix(x, dialect, true)})`];
  });
  return places.length === 0 ? 'TRUE' : `~(${places.join(' \\/ ')})`;
}

function configText(
  constants: readonly TlaConstant[],
  invariants: readonly Invariant[],
  live: readonly Live[],
  findsDeadlocks: boolean,
): string {
  return [
    ...constants.map(({ name, value }) => `CONSTANT ${name} = ${value}`),
    'SPECIFICATION Spec',
    `CHECK_DEADLOCK ${findsDeadlocks ? 'TRUE' : 'FALSE'}`,
    'INVARIANT TypeOK',
    ...invariants.flatMap(({ name, isClaimed }) =>
      isClaimed
        ? [`INVARIANT ${name}`]
        : ['\\* Must be violated: then the condition is reached.', `\\* INVARIANT ${name}`],
    ),
    ...live.flatMap(({ name }) => (name === undefined ? [] : [`PROPERTY ${name}`])),
    '',
  ].join('\n');
}

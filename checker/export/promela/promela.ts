// A Program for SPIN: one process for each thread, one d_step for each step, locations as variables, so that a process
// has a single control state and a state of pan is one of ours. With `spin -o1 -o2 -o3` and `-DNOREDUCE -DSAFETY`:
//
//   one initial state:  states stored = states,     transitions = transitions + 1
//   several:            states stored = states + 1, transitions = transitions + 1 + the choices of an initial state
//
// The extra transition is the initial state; the extra state is the one before the initial state is chosen.

import { hasValue, meaningOf } from '../../analyse/meaning.js';
import { asks, checkAsking, conditionChecks, invariantOf, isReportOf } from '../../decide/decide.js';
import { isFalse, isTrue, not, or, typeOfDomain } from '../../ir/expression.js';
import { composed } from '../../ir/monitors.js';
import type { Assignment, Domain, Expr, Program, Step, Thread } from '../../ir/program.js';
import type { Check } from '../../search/report.js';
import { type Dialect, infix } from '../infix.js';
import { commentText, identifier } from '../names.js';
import { spoilsItself, takenAside } from '../order.js';
import { refuseBounded, refuseBranching, refuseWideNumbers } from '../refusals.js';
import { expressionsOf, finalText, finalTexts, type Symbols, symbolsOf } from '../symbols.js';
import { type LivenessText, livenessText } from './promela_liveness.js';

// biome-ignore format: a list of words
const reserved = [
  'active', 'assert', 'atomic', 'bit', 'bool', 'break', 'byte', 'c_code', 'c_decl', 'c_expr', 'c_state', 'c_track',
  'chan', 'D_proctype', 'd_step', 'define', 'do', 'else', 'empty', 'enabled', 'end', 'endif', 'eval', 'false', 'fi',
  'for', 'full', 'get_priority', 'goto', 'hidden', 'if', 'ifdef', 'in', 'include', 'init', 'inline', 'int', 'len',
  'local', 'ltl', 'mtype', 'nempty', 'never', 'nfull', 'np_', 'notrace', 'od', 'of', 'pc_value', 'pid', 'print',
  'printf', 'printm', 'priority', 'proctype', 'product', 'provided', 'return', 'run', 'select', 'set_priority',
  'short', 'show', 'skip', 'STDIN', 'timeout', 'trace', 'true', 'typedef', 'undef', 'unless', 'unsigned', 'until',
  'weakuntil', 'always', 'eventually', 'next', 'release', 'implies', 'equivalent', 'U', 'V', 'W', 'X', 'xr', 'xs',
  // The mode, which is a macro.
  'LIVENESS',
  // Reserved words of C, since pan is a C program.
  'auto', 'case', 'char', 'const', 'continue', 'default', 'double', 'enum', 'extern', 'float', 'long', 'main', 'now',
  'register', 'signed', 'sizeof', 'static', 'struct', 'switch', 'union', 'void', 'volatile', 'while',
];

/**
 * The Program and some of its checks as text for SPIN. `always`, `never` and `sometimes` become never claims, selected
 * with `-N`: an error means violated, and for `sometimes` reached. The others become assertions in the steps; for the
 * deadlock check an extra process can move in final states. Liveness is included under `-DLIVENESS`, without the rest.
 * Throws an ExportError for numbers of more than 32 bits, and for claims that would be too large.
 */
export function exportPromela(bare: Program, checks: readonly Check[]): string {
  refuseBounded(bare, 'SPIN');
  const program = composed(bare);
  refuseBranching(checks, 'SPIN');
  refuseWideNumbers(expressionsOf(program, checks), program);
  const symbols = symbolsOf(program, checks, [...reserved, ...takenAside(program)]);
  const dialect = dialectOf(symbols);
  const chosen = initialChoices(program) > 0 ? symbols.names.take('chosen') : undefined;
  const live = livenessText(checks, { program, symbols, dialect, chosen });
  const context: PromelaContext = { program, symbols, dialect, chosen, checks, live };
  return [
    ...header(context),
    '',
    ...declarations(context),
    ...program.threads.flatMap((thread) => ['', ...proctype(thread, context)]),
    ...unlessLive(context, [
      ...(checks.some((check) => asks(check, 'deadlock')) ? ['', ...finishedProcess(context)] : []),
      ...checks.flatMap((check) => claim(check, context)),
    ]),
    ...(live.claims.length === 0 ? [] : ['', '#ifdef LIVENESS', ...live.claims, '#endif']),
    '',
  ].join('\n');
}

/** Text for checks of states only: in liveness mode it would add runs that the Program does not have. */
const unlessLive = ({ live }: PromelaContext, text: readonly string[]): readonly string[] =>
  live.claims.length === 0 || text.length === 0 ? text : ['#ifndef LIVENESS', ...text, '#endif'];

interface PromelaContext {
  readonly program: Program;
  readonly symbols: Symbols;
  readonly dialect: Dialect;
  /** The variable that says that an initial state is chosen; undefined if there is just one. */
  readonly chosen: string | undefined;
  readonly checks: readonly Check[];
  readonly live: LivenessText;
}

/** The number of combinations of initial values, including those that `initially` refuses. */
const combinations = ({ variables }: Program): number =>
  variables.reduce((product, { initial }) => product * initial.length, 1);

/** The number of choices of an initial state in pan: 0 if there is nothing to choose. */
export const initialChoices = (program: Program): number =>
  isTrue(program.initially) && combinations(program) === 1 ? 0 : combinations(program);

function header({ program, chosen, checks, live }: PromelaContext): readonly string[] {
  const settings = Object.entries(program.settings).map(([name, value]) => `${name}=${value}`);
  const more = chosen === undefined ? '' : ' + 1, for the state in which none is chosen';
  const claims = conditionChecks(checks).map(({ check }) => check);
  return [
    `/* ${commentText([program.name, ...settings].join(' '))}`,
    ` * One d_step for each step: states stored = raceproof's states${more}.`,
    ` * spin -o1 -o2 -o3 -a ${identifier(program.name)}.pml`,
    ' * cc -O2 -DNOREDUCE -DSAFETY -o pan pan.c',
    ` * ./pan -m1000000${checks.some((check) => asks(check, 'deadlock')) ? '' : ' -E'}${claims.length === 0 ? '' : ` -N ${identifier(claims[0]!.name)}`}`,
    ...(live.claims.length === 0 ? [] : livenessHeader(program, checks)),
    ' */',
  ];
}

const livenessHeader = (program: Program, checks: readonly Check[]): readonly string[] => [
  ' * Liveness: a never claim each, and pan finds a run that the claim accepts where the property is violated.',
  ` * spin -DLIVENESS -o1 -o2 -o3 -a ${identifier(program.name)}.pml`,
  ' * cc -O2 -DNOREDUCE -o pan pan.c',
  ` * ./pan -a -A -E -m1000000 -N ${identifier(checkAsking(checks, 'run')!.name)}`,
];

function dialectOf(symbols: Symbols): Dialect {
  return {
    symbol: {
      and: '&&',
      or: '||',
      eq: '==',
      ne: '!=',
      lt: '<',
      le: '<=',
      gt: '>',
      ge: '>=',
      add: '+',
      sub: '-',
      mul: '*',
      div: '/',
      mod: '%',
    },
    not: '!',
    constant(value, type) {
      if (type === 'bool') return value === 0 ? 'false' : 'true';
      const word = typeof type === 'string' ? undefined : symbols.enumOf(type).words[value];
      return word ?? (value < 0 ? `(${value})` : String(value));
    },
    read({ variables, index }) {
      if (index === undefined) return symbols.variables[variables[0]!]!;
      const i = infix(index, this, true);
      return variables
        .slice(0, -1)
        .reduceRight(
          (rest, id, k) => `(${i} == ${k} -> ${symbols.variables[id]} : ${rest})`,
          symbols.variables[variables.at(-1)!]!,
        );
    },
    at: (thread, location) => `${symbols.at[thread]} == ${symbols.locations[thread]![location]}`,
    ifElse: (x, yes, no) => `${x} -> ${yes} : ${no}`,
  };
}

function declarations({ program, symbols, dialect, chosen, live }: PromelaContext): readonly string[] {
  const constants = [...symbols.enums.map(({ words }) => words), ...symbols.locations].flatMap((words) =>
    words.map((word, i) => `#define ${word} ${i}`),
  );
  const spoilt = program.steps.filter(({ assignments }) => spoilsItself(assignments));
  const aside = Math.max(0, ...spoilt.map(({ assignments }) => assignments.length));
  return [
    ...constants,
    '',
    ...program.threads.map(
      ({ id, start, locations }) =>
        `${typeFor(0, locations.length - 1)} ${symbols.at[id]} = ${symbols.locations[id]![start]};`,
    ),
    ...program.variables.map(
      ({ id, domain, initial }) =>
        `${typeText(domain)} ${symbols.variables[id]} = ${dialect.constant(initial[0]!, typeOfDomain(domain))};`,
    ),
    ...(chosen === undefined ? [] : [`bool ${chosen} = false;`]),
    ...live.declarations,
    ...[...Array(aside).keys()].map((i) => `hidden int value_${i}; hidden int index_${i};`),
  ];
}

function typeText(domain: Domain): string {
  if (domain.kind === 'bool') return 'bool';
  return domain.kind === 'int' ? typeFor(domain.min, domain.max) : typeFor(0, domain.values.length - 1);
}
function typeFor(min: number, max: number): string {
  if (min >= 0 && max <= 255) return 'byte';
  return min >= -(2 ** 15) && max < 2 ** 15 ? 'short' : 'int';
}

function proctype(thread: Thread, context: PromelaContext): readonly string[] {
  const { program, chosen } = context;
  const steps = program.steps.filter((step) => step.thread === thread.id);
  const choice = thread.id === 0 && chosen !== undefined ? chooseInitial(chosen, context) : [];
  const options = [...choice, ...steps.flatMap((step) => option(step, context))];
  const acts = choice.length > 0 || steps.some((step) => !isFalse(meaningOf(step, program).isTaken));
  return [
    `active proctype ${context.symbols.names.take(thread.name, `run_${thread.name}`)}()`,
    '{',
    '  do',
    // Promela has no process without options, so a thread without steps waits for ever.
    ...(acts ? [] : ['  :: false']),
    ...options,
    '  od',
    '}',
  ];
}

/** The step itself; where it has a fault, an error that leaves the state unchanged. */
function option(step: Step, context: PromelaContext): readonly string[] {
  const { program, symbols, checks } = context;
  const { thread, from, to, reports } = step;
  const { isTaken, isFault } = meaningOf(step, program);
  const here = `${context.chosen === undefined ? '' : `${context.chosen} && `}${symbols.at[thread]} == ${symbols.locations[thread]![from]}`;
  const when = (x: Expr) => (isTrue(x) ? here : `${here} && ${infix(x, context.dialect, true)}`);
  const asserts = reports !== undefined && checks.some((check) => isReportOf(check, step));
  const file = step.source.file === undefined ? '' : `${step.source.file}: `;
  const took = context.live.took(step.id);
  const actions = [
    ...assignmentTexts(step.assignments, context),
    ...(from === to ? [] : [`${symbols.at[thread]} = ${symbols.locations[thread]![to]}`]),
    ...(took === undefined ? [] : [took]),
    ...(asserts ? [`assert(false) /* ${commentText(reports.message)} */`] : []),
  ];
  const faultAction = checks.some((check) => asks(check, 'fault')) ? 'assert(false)' : 'skip';
  return [
    `  /* ${commentText(`${step.label}: ${file}${step.caption}`)} */`,
    ...(isFalse(isTaken) ? [] : [dStep(when(isTaken), actions)]),
    ...(isFalse(isFault)
      ? []
      : unlessLive(context, [dStep(when(isFault), [`${faultAction} /* a value outside its domain */`])])),
  ];
}

const dStep = (guard: string, actions: readonly string[]): string =>
  [
    '  :: d_step {',
    `       ${guard} ->`,
    `       ${(actions.length === 0 ? ['skip'] : actions).join(';\n       ')}`,
    '     }',
  ].join('\n');

/** Promela assigns one after the other; values that an earlier assignment would overwrite are saved first. */
function assignmentTexts(
  assignments: readonly Assignment[],
  { symbols, dialect }: PromelaContext,
): readonly string[] {
  const store = ({ variables }: Assignment['target'], index: string | undefined, value: string): string => {
    if (index === undefined) return `${symbols.variables[variables[0]!]} = ${value}`;
    const arms = variables.map((id, i) => `:: ${index} == ${i} -> ${symbols.variables[id]} = ${value}`);
    return `if ${arms.join(' ')} fi`;
  };
  if (!spoilsItself(assignments)) {
    return assignments.map(({ target, value }) =>
      store(target, target.index && infix(target.index, dialect, true), infix(value, dialect)),
    );
  }
  return [
    ...assignments.flatMap(({ target, value }, i) => [
      ...(target.index === undefined ? [] : [`index_${i} = ${infix(target.index, dialect)}`]),
      `value_${i} = ${infix(value, dialect)}`,
    ]),
    ...assignments.map(({ target }, i) => store(target, target.index && `index_${i}`, `value_${i}`)),
  ];
}

/** Chooses one of each variable's initial values; where `initially` refuses the choice, undoes it. */
function chooseInitial(chosen: string, { program, symbols, dialect }: PromelaContext): readonly string[] {
  const many = program.variables.filter(({ initial }) => initial.length > 1);
  const set = (id: number, value: number) =>
    `${symbols.variables[id]} = ${dialect.constant(value, typeOfDomain(program.variables[id]!.domain))}`;
  const choices = many.map(
    ({ id, initial }) => `       if ${initial.map((value) => `:: ${set(id, value)}`).join(' ')} fi;`,
  );
  const undo = many.map(({ id, initial }) => `${set(id, initial[0]!)}`);
  const admitted = infix(program.initially, dialect);
  return [
    '  /* any of the initial states */',
    '  :: atomic {',
    `       !${chosen} ->`,
    ...choices,
    `       if :: ${admitted} -> ${chosen} = true`,
    `          :: else -> ${undo.length === 0 ? 'skip' : undo.join('; ')}`,
    '       fi',
    '     }',
  ];
}

function finishedProcess({ program, symbols, dialect }: PromelaContext): readonly string[] {
  return [
    `/* ${finalText} */`,
    `active proctype ${symbols.names.take('finished')}()`,
    '{',
    '  do',
    `  :: ${finalTexts(program, dialect)
      .map((one) => `(${one})`)
      .join(' || ')}`,
    '  od',
    '}',
  ];
}

function claim(check: Check, { program, chosen, dialect, symbols }: PromelaContext): readonly string[] {
  const { name, kind, condition, about } = check;
  const wanted = invariantOf(check);
  if (wanted === undefined) return [];
  const exempt = not(hasValue(condition, program));
  const text = infix(isFalse(exempt) ? wanted : or(exempt, wanted), dialect);
  const always = chosen === undefined ? text : `!${chosen} || (${text})`;
  return [
    '',
    `/* ${commentText(`${kind}${about === undefined ? '' : `: ${about}`}`)} */`,
    `never ${symbols.names.take(name, `claim_${name}`)} {`,
    `  do :: assert(${always}) od`,
    '}',
  ];
}

// A Program for Murphi: one rule for each step, so rumur's states are ours and its rules fired are our transitions.
// A value outside its domain, an index outside and a division by zero are errors of the tool itself, which leaves
// such a rule out of its count:
//
//   transitions = rules fired + errors, when no check is exported and rumur may go on (--max-errors)

import { asks, hasStatedCondition, isExample } from '../../decide/decide.js';
import { checkKinds } from '../../decide/kinds.js';
import { boundsOf, isTrue, typeOfDomain } from '../../ir/expression.js';
import type { Assignment, Domain, Expr, Program, Step, Type, VariableId } from '../../ir/program.js';
import type { Check } from '../../search/report.js';
import { type Dialect, infix } from '../infix.js';
import { identifier, plainText, Titles } from '../names.js';
import { spoilsItself, takenAside } from '../order.js';
import { refuseWideNumbers } from '../refusals.js';
import {
  type EnumSymbols,
  expressionsOf,
  finalText,
  finalTexts,
  type Symbols,
  symbolsOf,
  type VariableGroup,
} from '../symbols.js';

/** Words that Murphi has taken, and those that the exporters use. */
// biome-ignore format: a list of words
export const reserved = [
  'alias', 'array', 'assert', 'assume', 'begin', 'boolean', 'by', 'case', 'clear', 'const', 'cover', 'do', 'else',
  'elsif', 'end', 'endalias', 'endexists', 'endfor', 'endforall', 'endfunction', 'endif', 'endprocedure',
  'endrecord', 'endrule', 'endruleset', 'endstartstate', 'endswitch', 'endwhile', 'enum', 'error', 'exists', 'export',
  'externproc', 'externfun', 'false', 'flush', 'for', 'forall', 'function', 'if', 'import', 'in', 'interleaved',
  'invariant', 'ismember', 'liveness', 'ltlspec', 'multiset', 'multisetadd', 'multisetcount',
  'multisetremove', 'multisetremovepred', 'of', 'procedure', 'process', 'program', 'put', 'real', 'record', 'return',
  'rule', 'ruleset', 'scalarset', 'startstate', 'switch', 'then', 'to', 'traceuntil', 'true', 'type', 'undefine',
  'union', 'var', 'while', 'isundefined', 'index_t', 'i', 'total',
];

/** What every index is passed as; one outside of it is an error as well. */
export const indexType = 'index_t';

/**
 * The Program and some of its checks as text for rumur, or for CMurphi where no `cover`, `liveness` and `assume` are
 * used. `always` and `never` become invariants, `sometimes` a cover, `alwaysPossible` what rumur calls liveness, an
 * assertion an error statement; for the deadlock check a rule keeps finished states moving. The domain check is always there.
 * Throws an ExportError for numbers of more than 32 bits.
 */
export function exportMurphi(program: Program, all: readonly Check[]): string {
  const checks = all.filter((check) => !asks(check, 'run'));
  refuseWideNumbers(expressionsOf(program, checks), program);
  const symbols = symbolsOf(program, checks, [...reserved, ...takenAside(program)]);
  const dialect = dialectOf(symbols);
  const titles = new Titles();
  const asserted = new Set(checks.filter((check) => asks(check, 'report')).map(({ name }) => name));
  const hasDeadlockCheck = checks.some((check) => asks(check, 'deadlock'));
  return [
    ...header(program, hasDeadlockCheck),
    '',
    ...declarations(program, symbols),
    ...symbols.groups.flatMap((group) => ['', ...readFunction(group, program, symbols)]),
    '',
    ...startState(program, symbols, dialect),
    ...program.threads.flatMap((thread) => [
      '',
      `-- ${thread.name}`,
      ...program.steps
        .filter((step) => step.thread === thread.id)
        .flatMap((step) => ['', ...rule(step, program, symbols, dialect, titles, asserted)]),
    ]),
    ...(hasDeadlockCheck ? ['', ...finishedRule(program, dialect)] : []),
    ...checks.flatMap((check) => checkText(check, dialect)),
    '',
  ].join('\n');
}

function header(program: Program, hasDeadlockCheck: boolean): readonly string[] {
  const settings = Object.entries(program.settings).map(([name, value]) => `${name}=${value}`);
  const deadlock = hasDeadlockCheck ? 'stuck' : 'off';
  const file = identifier(program.name);
  return [
    `-- ${plainText([program.name, ...settings].join(' '))}`,
    '-- One rule for each step: states and rules fired are the states and transitions that raceproof counts.',
    `-- rumur --threads 1 --value-type int32_t --deadlock-detection ${deadlock} -o ${file}.c ${file}.m`,
    `-- cc -O2 -mcx16 -o ${file} ${file}.c -lpthread && ./${file}     (-latomic in place of -mcx16 off x86)`,
  ];
}

function dialectOf(symbols: Symbols): Dialect {
  return {
    symbol: {
      and: '&',
      or: '|',
      eq: '=',
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
    constant: (value, type) => constantText(value, type, symbols),
    read(cell) {
      if (cell.index === undefined) return symbols.variables[cell.variables[0]!]!;
      return `${symbols.groupOf(cell).name}(${infix(cell.index, this)})`;
    },
    at: (thread, location) => `${symbols.at[thread]} = ${symbols.locations[thread]![location]}`,
    ifElse: (x, yes, no) => `${x} ? ${yes} : ${no}`,
  };
}

/** A constant as an atom. */
export function constantText(value: number, type: Type, symbols: Symbols): string {
  if (type === 'bool') return value === 0 ? 'false' : 'true';
  if (type === 'int') return value < 0 ? `(${value})` : String(value);
  return symbols.enumOf(type).words[value] ?? `(${value})`;
}

function declarations(program: Program, symbols: Symbols): readonly string[] {
  const places = program.threads.map(({ id }) => ({
    variable: symbols.at[id]!,
    type: symbols.names.take(`${symbols.at[id]}_t`),
    locations: symbols.locations[id]!,
  }));
  return [
    ...openWords(symbols.enums),
    'type',
    `  ${indexType}: -32768..32767;`,
    ...symbols.enums.map(wordsText),
    ...places.map(({ type, locations }) => `  ${type}: enum { ${locations.join(', ')} };`),
    'var',
    ...places.map(({ variable, type }) => `  ${variable}: ${type};`),
    ...program.variables.map(({ id, domain }) => `  ${symbols.variables[id]}: ${typeText(domain, symbols)};`),
  ];
}

/** The words of types that are numbers, for some expression of theirs has a value that is no word. */
export function openWords(enums: readonly EnumSymbols[]): readonly string[] {
  const open = enums.filter(({ isOpen }) => isOpen);
  if (open.length === 0) return [];
  return [
    '-- Words that are compared with words they do not know: numbers.',
    'const',
    ...open.flatMap(({ words }) => words.map((word, i) => `  ${word}: ${i};`)),
  ];
}

/** The declaration of a type of words. */
export const wordsText = ({ name, words, isOpen }: EnumSymbols): string =>
  isOpen ? `  ${name}: 0..${words.length - 1};` : `  ${name}: enum { ${words.join(', ')} };`;

/** The name of the type of a domain's values. */
export function typeText(domain: Domain, symbols: Symbols): string {
  if (domain.kind === 'bool') return 'boolean';
  return domain.kind === 'int' ? `${domain.min}..${domain.max}` : symbols.enumOf(domain.values).name;
}

/** What an index reads: a function, as a variable of its own stands for each element. */
export function readFunction(group: VariableGroup, program: Program, symbols: Symbols): readonly string[] {
  const type = typeText(widest(group.variables, program), symbols);
  return [
    `function ${group.name}(i: ${indexType}): ${type};`,
    'begin',
    '  switch i',
    ...group.variables.map((id, i) => `    case ${i}: return ${symbols.variables[id]};`),
    `    else error "${outside(group)}";`,
    '  endswitch;',
    'end;',
  ];
}

/** A domain with room for the values of all these variables, which are of one type. */
export function widest(variables: readonly VariableId[], program: Program): Domain {
  const domains = variables.map((id) => program.variables[id]!.domain);
  if (domains[0]!.kind !== 'int') return domains[0]!;
  const bounds = domains.map(boundsOf);
  const min = Math.min(...bounds.map((one) => one.min));
  return { kind: 'int', min, max: Math.max(...bounds.map((one) => one.max)) };
}

const outside = ({ name, variables }: VariableGroup) => `index outside 0..${variables.length - 1} of ${name}`;

function startState(program: Program, symbols: Symbols, dialect: Dialect): readonly string[] {
  const many = program.variables.filter(({ initial }) => initial.length > 1);
  const choices = many.map(({ id, domain }) => {
    const name = symbols.names.take(`any_${symbols.variables[id]}`);
    return { id, name, type: typeText(domain, symbols) };
  });
  const assumptions = many.flatMap(({ id, domain, initial }) => {
    const { min, max } = boundsOf(domain);
    if (initial.length === max - min + 1) return [];
    const type = typeOfDomain(domain);
    const { name } = choices.find((choice) => choice.id === id)!;
    return [initial.map((value) => `(${name} = ${constantText(value, type, symbols)})`).join(' | ')];
  });
  const firstValue = (id: number) => {
    const { domain, initial } = program.variables[id]!;
    const chosen = choices.find((choice) => choice.id === id)?.name;
    return chosen ?? constantText(initial[0]!, typeOfDomain(domain), symbols);
  };
  return [
    ...(choices.length === 0
      ? []
      : [`ruleset ${choices.map(({ name, type }) => `${name}: ${type}`).join('; ')} do`]),
    'startstate "initial"',
    'begin',
    ...assumptions.map((condition) => `  assume ${condition};`),
    ...program.threads.map(({ id, start }) => `  ${symbols.at[id]} := ${symbols.locations[id]![start]};`),
    ...program.variables.map(({ id }) => `  ${symbols.variables[id]} := ${firstValue(id)};`),
    ...(isTrue(program.initially) ? [] : [`  assume ${infix(program.initially, dialect)};`]),
    'end;',
    ...(choices.length === 0 ? [] : ['end;']),
  ];
}

function rule(
  step: Step,
  program: Program,
  symbols: Symbols,
  dialect: Dialect,
  titles: Titles,
  asserted: ReadonlySet<string>,
): readonly string[] {
  const { thread, from, to, guard, reports } = step;
  const name = `${program.threads[thread]!.name}: ${step.label}`;
  const file = step.source.file === undefined ? '' : `${step.source.file}: `;
  const body = bodyOf(step, program, symbols, dialect);
  const condition = isTrue(guard) ? '' : ` & ${infix(guard, dialect, true)}`;
  return [
    `-- ${plainText(`${file}${step.caption}`)}`,
    `rule "${titles.take(plainText(name))}"`,
    `  (${dialect.at(thread, from)})${condition}`,
    '==>',
    ...body.locals,
    'begin',
    ...body.statements,
    ...(from === to ? [] : [`  ${symbols.at[thread]} := ${symbols.locations[thread]![to]};`]),
    ...(reports !== undefined && asserted.has(reports.message)
      ? [`  error "${plainText(reports.message)}";`]
      : []),
    'end;',
  ];
}

/** Murphi assigns one after the other; values that an earlier assignment would spoil are taken aside first. */
function bodyOf({ assignments }: Step, program: Program, symbols: Symbols, dialect: Dialect) {
  if (!spoilsItself(assignments)) {
    const statements = assignments.flatMap(({ target, value }) =>
      store(target, target.index && infix(target.index, dialect), infix(value, dialect), symbols),
    );
    return { locals: [], statements };
  }
  const locals: string[] = [];
  const aside: string[] = [];
  const writes: string[] = [];
  assignments.forEach(({ target, value }, i) => {
    const keep = (prefix: string, type: string, x: Expr): string => {
      const name = `${prefix}${i}`;
      locals.push(`var ${name}: ${type};`);
      aside.push(`  ${name} := ${infix(x, dialect)};`);
      return name;
    };
    const index = target.index && keep('index_', indexType, target.index);
    const type = typeText(widest(target.variables, program), symbols);
    writes.push(...store(target, index, keep('value_', type, value), symbols));
  });
  return { locals, statements: [...aside, ...writes] };
}

/** Stores a value, where an index chooses the variable with a statement for each. */
export function store(
  target: Assignment['target'],
  index: string | undefined,
  value: string,
  symbols: Symbols,
): readonly string[] {
  if (index === undefined) return [`  ${symbols.variables[target.variables[0]!]} := ${value};`];
  return [
    `  switch ${index}`,
    ...target.variables.map((id, i) => `    case ${i}: ${symbols.variables[id]} := ${value};`),
    `    else error "${outside(symbols.groupOf(target))}";`,
    '  endswitch;',
  ];
}

function finishedRule(program: Program, dialect: Dialect): readonly string[] {
  const final = finalTexts(program, dialect);
  return [
    `-- ${finalText}`,
    'rule "finished"',
    `  ${final.map((one) => `(${one})`).join('\n  | ')}`,
    '==>',
    'begin',
    'end;',
  ];
}

function checkText(check: Check, dialect: Dialect): readonly string[] {
  const { question } = checkKinds[check.kind];
  if (!hasStatedCondition(check)) return [];
  const { name, condition, about } = check;
  const isNegated = question.asks === 'condition' && question.where && !isExample(check);
  const text = infix(condition, dialect);
  return [
    '',
    ...(about === undefined ? [] : [`-- ${plainText(about)}`]),
    `${clauseOf(check)} "${plainText(name)}"`,
    `  ${isNegated ? `!(${text})` : text};`,
  ];
}

/** The word with which rumur is asked. */
export const clauseOf = (check: Check): 'invariant' | 'cover' | 'liveness' =>
  asks(check, 'possibility') ? 'liveness' : isExample(check) ? 'cover' : 'invariant';

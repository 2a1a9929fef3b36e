// Common parts of both Murphi exports: reserved names, types, reading and writing variables by index.

import { asks, isExample } from '../../decide/decide.js';
import { boundsOf } from '../../ir/expression.js';
import type { Assignment, Domain, Program, Step, VariableId } from '../../ir/program.js';
import type { Check } from '../../search/report.js';
import { identifier, plainText } from '../names.js';
import type { EnumSymbols, Symbols, VariableGroup } from '../symbols.js';
import {
  type MurphiClaim,
  type MurphiDeclarations,
  type MurphiExpression,
  type MurphiFunction,
  type MurphiItem,
  type MurphiStatement,
  type MurphiType,
  name,
  named,
} from './syntax.js';

/** Murphi's reserved words, and the exporters' own. */
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

/** The type of every index parameter; an index out of its range is an error as well. */
export const indexType: MurphiType = named('index_t');
/** Its declaration. */
export const indexTypeDeclaration = {
  name: 'index_t',
  type: { kind: 'range', min: -32768, max: 32767 },
} as const;

/** The comments at the top: the model, the properties of this export, and how to run it. */
export function header(program: Program, about: readonly string[], hasDeadlockCheck: boolean): MurphiItem {
  const settings = Object.entries(program.settings).map(([key, value]) => `${key}=${value}`);
  const deadlock = hasDeadlockCheck ? 'stuck' : 'off';
  const file = identifier(program.name);
  return {
    kind: 'comment',
    lines: [
      plainText([program.name, ...settings].join(' ')),
      ...about,
      `rumur --threads 1 --value-type int32_t --deadlock-detection ${deadlock} -o ${file}.c ${file}.m`,
      `cc -O2 -mcx16 -o ${file} ${file}.c -lpthread && ./${file}     (-latomic in place of -mcx16 off x86)`,
    ],
  };
}

/** The words of enums that become numbers, because some expression of the type has a value that is not a word. */
export function openWords(enums: readonly EnumSymbols[]): MurphiDeclarations['constants'] {
  const open = enums.filter(({ isOpen }) => isOpen);
  if (open.length === 0) return [];
  const all = open.flatMap(({ words }) => words.map((word, value) => ({ name: word, value })));
  return [{ about: 'Words that are compared with values of other types: numbers.', all }];
}

/** The type of some words. */
export const wordsType = ({ words, isOpen }: EnumSymbols): MurphiType =>
  isOpen ? { kind: 'range', min: 0, max: words.length - 1 } : { kind: 'enum', words };

/** The type of a domain's values. */
export function typeOf(domain: Domain, symbols: Symbols): MurphiType {
  if (domain.kind === 'bool') return named('boolean');
  return domain.kind === 'int'
    ? { kind: 'range', min: domain.min, max: domain.max }
    : named(symbols.enumOf(domain.values).name);
}

/** A domain that includes the values of all these variables, which have one type. */
export function widest(variables: readonly VariableId[], program: Program): Domain {
  const domains = variables.map((id) => program.variables[id]!.domain);
  if (domains[0]!.kind !== 'int') return domains[0]!;
  const bounds = domains.map(boundsOf);
  const min = Math.min(...bounds.map((one) => one.min));
  return { kind: 'int', min, max: Math.max(...bounds.map((one) => one.max)) };
}

const outside = ({ name: group, variables }: VariableGroup): MurphiStatement => ({
  kind: 'error',
  message: `index outside 0..${variables.length - 1} of ${group}`,
});

/** Reads a variable by index: a function, since each element is a variable of its own. */
export const readFunction = (group: VariableGroup, program: Program, symbols: Symbols): MurphiFunction => ({
  kind: 'function',
  name: group.name,
  parameters: [{ name: 'i', type: indexType }],
  returns: typeOf(widest(group.variables, program), symbols),
  locals: [],
  body: [
    {
      kind: 'switch',
      of: name('i'),
      cases: group.variables.map((id) => ({ kind: 'return', value: name(symbols.variables[id]!) })),
      otherwise: outside(group),
    },
  ],
});

/** Stores a value; with an index, by a switch with one case for each variable. */
export function store<H>(
  target: Assignment['target'],
  index: MurphiExpression<H> | undefined,
  value: MurphiExpression<H>,
  symbols: Symbols,
): MurphiStatement<H> {
  const to = (id: VariableId) => name(symbols.variables[id]!);
  if (index === undefined) return { kind: 'assign', to: to(target.variables[0]!), value };
  return {
    kind: 'switch',
    of: index,
    cases: target.variables.map((id) => ({ kind: 'assign', to: to(id), value })),
    otherwise: outside(symbols.groupOf(target)),
  };
}

/** The comment of a rule on its step. */
export const aboutStep = ({ source, caption }: Step): string =>
  plainText(`${source.file === undefined ? '' : `${source.file}: `}${caption}`);

/** The error statement of a step that reports an exported assertion. */
export const reportOf = ({ reports }: Step, asserted: ReadonlySet<string>): readonly MurphiStatement[] =>
  reports !== undefined && asserted.has(reports.message)
    ? [{ kind: 'error', message: plainText(reports.message) }]
    : [];

/** The exported assertions, by message. */
export const assertedIn = (checks: readonly Check[]): ReadonlySet<string> =>
  new Set(checks.filter((check) => asks(check, 'report')).map(({ name: message }) => message));

/** The item for a check. */
export const claim = (check: Check, condition: MurphiExpression): MurphiClaim => ({
  kind: 'claim',
  clause: clauseOf(check),
  about: check.about === undefined ? undefined : plainText(check.about),
  title: plainText(check.name),
  condition,
});

/** rumur's keyword for a check. */
const clauseOf = (check: Check): MurphiClaim['clause'] =>
  asks(check, 'possibility') ? 'liveness' : isExample(check) ? 'cover' : 'invariant';

// Prints a Murphi tree. Every compound operand stands in parentheses, so that no reader has to know Murphi's
// precedence; whole expressions have none.

import type {
  MurphiClaim,
  MurphiDeclarations,
  MurphiExpression,
  MurphiFunction,
  MurphiItem,
  MurphiParameter,
  MurphiRule,
  MurphiStartState,
  MurphiStatement,
  MurphiType,
} from './syntax.js';

/** The module as text, its items separated by empty lines. */
export const printMurphi = (items: readonly MurphiItem[]): string =>
  `${items.map((item) => itemLines(item).join('\n')).join('\n\n')}\n`;

function itemLines(item: MurphiItem): readonly string[] {
  switch (item.kind) {
    case 'comment':
      return item.lines.map((line) => `-- ${line}`);
    case 'declarations':
      return declarationLines(item);
    case 'function':
      return functionLines(item);
    case 'startstate':
      return startLines(item);
    case 'rule':
      return ruleLines(item);
    case 'claim':
      return claimLines(item);
  }
}

const parameterText = ({ name, type }: MurphiParameter): string => `${name}: ${typeText(type)}`;
const localLine = (local: MurphiParameter): string => `var ${parameterText(local)};`;

function declarationLines({ constants, types, variables }: MurphiDeclarations): readonly string[] {
  return [
    ...constants.flatMap(({ about, all }) => [
      `-- ${about}`,
      'const',
      ...all.map(({ name, value }) => `  ${name}: ${value};`),
    ]),
    'type',
    ...types.map((type) => `  ${parameterText(type)};`),
    'var',
    ...variables.map((variable) => `  ${parameterText(variable)};`),
  ];
}

function typeText(type: MurphiType): string {
  switch (type.kind) {
    case 'named':
      return type.name;
    case 'range':
      return `${type.min}..${type.max}`;
    case 'enum':
      return `enum { ${type.words.join(', ')} }`;
    case 'scalarset':
      return `scalarset(${type.size})`;
    case 'array':
      return `array [${type.over}] of ${typeText(type.of)}`;
  }
}

const functionLines = ({ name, parameters, returns, locals, body }: MurphiFunction): readonly string[] => [
  `function ${name}(${parameters.map(parameterText).join('; ')}): ${typeText(returns)};`,
  ...locals.map(localLine),
  'begin',
  ...body.flatMap(statementLines),
  'end;',
];

/** The inside of a ruleset, or the text by itself if there is nothing to bind. */
function inRuleset(parameters: readonly MurphiParameter[], lines: readonly string[]): readonly string[] {
  if (parameters.length === 0) return lines;
  return [`ruleset ${parameters.map(parameterText).join('; ')} do`, ...lines, 'end;'];
}

const startLines = ({ title, parameters, body }: MurphiStartState): readonly string[] =>
  inRuleset(parameters, [`startstate "${title}"`, 'begin', ...body.flatMap(statementLines), 'end;']);

function ruleLines({ about, title, parameters, condition, locals, body }: MurphiRule): readonly string[] {
  const allText = (all: readonly MurphiExpression[]) => all.map(operandText).join(' & ');
  const text =
    'allOf' in condition
      ? allText(condition.allOf)
      : condition.anyOf.map((all) => `(${allText(all)})`).join('\n  | ');
  return inRuleset(parameters, [
    `-- ${about}`,
    `rule "${title}"`,
    `  ${text}`,
    '==>',
    ...locals.map(localLine),
    'begin',
    ...body.flatMap(statementLines),
    'end;',
  ]);
}

const claimLines = ({ clause, about, title, condition }: MurphiClaim): readonly string[] => [
  ...(about === undefined ? [] : [`-- ${about}`]),
  `${clause} "${title}"`,
  `  ${expressionText(condition)};`,
];

const indented = (statements: readonly MurphiStatement[]): readonly string[] =>
  statements.flatMap(statementLines).map((line) => `  ${line}`);

/** A statement, indented by one level. */
function statementLines(statement: MurphiStatement): readonly string[] {
  switch (statement.kind) {
    case 'if': {
      const { condition, yes, no } = statement;
      return [
        `  if ${expressionText(condition)} then`,
        ...indented(yes),
        ...(no === undefined ? [] : ['  else', ...indented(no)]),
        '  endif;',
      ];
    }
    case 'for':
      return [`  for ${parameterText(statement.over)} do`, ...indented(statement.body), '  endfor;'];
    case 'switch': {
      const { of, cases, otherwise } = statement;
      return [
        `  switch ${expressionText(of)}`,
        ...cases.map((one, i) => `    case ${i}: ${simpleText(one)};`),
        `    else ${simpleText(otherwise)};`,
        '  endswitch;',
      ];
    }
    default:
      return [`  ${simpleText(statement)};`];
  }
}

/** A statement that stands in one line. */
function simpleText(statement: MurphiStatement): string {
  switch (statement.kind) {
    case 'assign':
      return `${expressionText(statement.to)} := ${expressionText(statement.value)}`;
    case 'undefine':
      return `undefine ${expressionText(statement.place)}`;
    case 'copy': {
      const [to, from] = [expressionText(statement.to), expressionText(statement.from)];
      return `if isundefined(${from}) then undefine ${to}; else ${to} := ${from}; endif`;
    }
    case 'return':
      return `return ${expressionText(statement.value)}`;
    case 'assume':
      return `assume ${expressionText(statement.condition)}`;
    case 'error':
      return `error "${statement.message}"`;
    default:
      throw new Error(`'${statement.kind}' takes more than one line`);
  }
}

/** An expression that stands by itself. */
export function expressionText(x: MurphiExpression): string {
  switch (x.kind) {
    case 'name':
      return x.name;
    case 'number':
      return x.value < 0 ? `(${x.value})` : String(x.value);
    case 'element':
      return `${x.array}[${expressionText(x.index)}]`;
    case 'call':
      return `${x.name}(${x.given.map(expressionText).join(', ')})`;
    case 'not':
      return `!${operandText(x.x)}`;
    case 'binary':
      return `${operandText(x.x)} ${x.op} ${operandText(x.y)}`;
    case 'chain':
      return x.all.map(operandText).join(` ${x.op} `);
    case 'choice':
      return `(${operandText(x.x)} ? ${operandText(x.yes)} : ${operandText(x.no)})`;
    case 'quantified':
      return `${x.word} ${parameterText(x.over)} do ${expressionText(x.body)} end${x.word}`;
    case 'hole':
      return x.hole;
  }
}

const atoms: ReadonlySet<MurphiExpression['kind']> = new Set([
  'name',
  'number',
  'element',
  'call',
  'choice',
  'hole',
]);

/** An expression inside another one. */
const operandText = (x: MurphiExpression): string =>
  atoms.has(x.kind) ? expressionText(x) : `(${expressionText(x)})`;

// One-token mutants of a source file: what `npm run mutate` samples. A mutant is a place in the text and what stands
// there instead; a test suite that still passes with it has not looked at that place.
//
//   a < b   ->   a <= b        x && y   ->   x || y        all.some(f)   ->   all.every(f)        f(x);   ->   ;

import { parseAst } from 'rolldown/parseAst';

/** An operator, and the operator that takes its place. */
const operators = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '&': '|',
  '|': '&',
  '^': '&',
  '<<': '>>',
  '>>': '<<',
  '>>>': '<<',
  '&&': '||',
  '||': '&&',
  '++': '--',
  '--': '++',
  '+=': '-=',
  '-=': '+=',
  '|=': '&=',
  '&=': '|=',
};
const methods = { some: 'every', every: 'some', min: 'max', max: 'min' };

/** All mutants of a TypeScript text, in its order: { start, end, before, after }. */
export function mutantsOf(text) {
  const mutants = [];
  const replace = (start, end, after) => mutants.push({ start, end, before: text.slice(start, end), after });
  const isText = ({ type, value }) =>
    type === 'TemplateLiteral' || (type === 'Literal' && typeof value === 'string');
  /** The operator between two operands; comments there would mislead, and there are none. */
  const operator = (from, to, sign) => {
    const start = text.indexOf(sign, from);
    if (sign in operators && start >= 0 && start < to) replace(start, start + sign.length, operators[sign]);
  };
  walk(parseAst(text, { lang: 'ts' }), (node) => {
    switch (node.type) {
      case 'BinaryExpression':
      case 'LogicalExpression':
        if (!isText(node.left) && !isText(node.right)) {
          operator(node.left.end, node.right.start, node.operator);
        }
        break;
      case 'AssignmentExpression':
        operator(node.left.end, node.right.start, node.operator);
        break;
      case 'UpdateExpression':
        operator(node.start, node.end, node.operator);
        break;
      case 'UnaryExpression':
        if (node.operator === '!') replace(node.start, node.start + 1, '');
        break;
      case 'ConditionalExpression':
      case 'IfStatement':
        replace(node.test.start, node.test.end, `!(${text.slice(node.test.start, node.test.end)})`);
        break;
      case 'Literal':
        if (typeof node.value === 'boolean') replace(node.start, node.end, String(!node.value));
        if (Number.isSafeInteger(node.value)) replace(node.start, node.end, String(node.value + 1));
        break;
      case 'MemberExpression': {
        const { name, start, end } = node.property;
        if (!node.computed && Object.hasOwn(methods, name)) replace(start, end, methods[name]);
        break;
      }
      case 'ExpressionStatement':
        if (node.expression.type === 'CallExpression') replace(node.start, node.end, ';');
        break;
    }
  });
  return mutants.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Expressions that only carry a type beside. */
const typed = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression']);

/** Visits every node that is run, from the outside in; types are not. */
function walk(node, visit) {
  if (Array.isArray(node)) for (const one of node) walk(one, visit);
  if (node === null || typeof node !== 'object' || typeof node.type !== 'string') return;
  if (node.type.startsWith('TS') && !typed.has(node.type)) return;
  visit(node);
  for (const [key, value] of Object.entries(node)) {
    if (key !== 'typeAnnotation' && typeof value === 'object') walk(value, visit);
  }
}

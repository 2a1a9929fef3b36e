// Refuses model files in which JavaScript tests an expression of the model, which is an object and so always true. The
// source is rewritten: each operand of `&&`, `||`, `!`, `?:`, `if`, `while` and of a comparison with a constant is
// wrapped in a call that throws for expressions and returns anything else. Line numbers do not change.
//
//   If(busy && n.eq(0), …)      becomes   If($tested(busy,"&&") && n.eq(0), …)

import { type Node, parse } from 'acorn';
import { placed } from './placed.js';

/** Text to insert into the source, before the character at `position`. */
interface Insertion {
  readonly position: number;
  readonly text: string;
}

const language = new URL('../../models/language/index.js', import.meta.url).href;

/** The rewritten source of a module. Throws a SyntaxError with its location. */
export function watchTests(source: string, url: string): string {
  const { opening, closing } = insertionsFor(parsed(source, url));
  if (opening.length === 0) return source;
  // A hashbang must stay the first line.
  const start = source.startsWith('#!') ? source.indexOf('\n') + 1 : 0;
  const names = 'tested as $tested, thrown as $thrown';
  return written(source, [
    { position: start, text: `import { ${names} } from ${JSON.stringify(language)};` },
    // At one position, closing texts come before opening ones, innermost first.
    ...[...closing].reverse(),
    ...opening,
  ]);
}

/** Is it a module, judged by its imports and exports? */
export function isModule(source: string): boolean {
  try {
    return parse(source, options).body.some(({ type }) => /^(Import|Export)/.test(type));
  } catch {
    return false;
  }
}

const options = { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true } as const;

function parsed(source: string, url: string): Node {
  try {
    return parse(source, options);
  } catch (problem) {
    const { message, loc } = problem as {
      readonly message: string;
      readonly loc?: { readonly line: number };
    };
    const text = message
      .replace(/ \(\d+:\d+\)$/, '')
      .replace("character '@'", "'@': decorators are not supported");
    throw placed(new SyntaxError(text), url, loc?.line ?? 1);
  }
}

/** The insertions, outer nodes before inner ones. */
function insertionsFor(root: Node) {
  const opening: Insertion[] = [];
  const closing: Insertion[] = [];
  const open: unknown[] = [root];
  const around = (node: Node | null | undefined, call: string, operator?: string) => {
    if (node === null || node === undefined) return;
    // The range of `(a, b)` does not include its parentheses.
    const [begin, end] = node.type === 'SequenceExpression' ? ['(', ')'] : ['', ''];
    const more = operator === undefined ? '' : `,${JSON.stringify(operator)}`;
    opening.push({ position: node.start, text: `${call}(${begin}` });
    closing.push({ position: node.end, text: `${end}${more})` });
  };
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) {
      open.push(...next.filter((each) => each !== null).reverse());
      continue;
    }
    if (typeof next !== 'object' || next === null) continue;
    const node = next as AnyNode;
    for (const [operand, call, operator] of testsIn(node)) around(operand, call, operator);
    open.push(
      ...Object.values(node)
        .filter((each) => typeof each === 'object' && each !== null)
        .reverse(),
    );
  }
  return { opening, closing };
}

type AnyNode = Node & {
  readonly operator: string;
  readonly test: Node | null;
  readonly left: Node;
  readonly right: Node;
  readonly argument: Node;
  readonly discriminant: Node;
  readonly cases: readonly { readonly test: Node | null }[];
};

/** What a node tests: the operand, the call to wrap it in, and the spelling of the operator. */
function testsIn(node: AnyNode): readonly (readonly [Node | null, string, string?])[] {
  switch (node.type) {
    case 'LogicalExpression':
      return node.operator === '??' ? [] : [[node.left, '$tested', node.operator]];
    case 'UnaryExpression':
      return node.operator === '!' ? [[node.argument, '$tested', '!']] : [];
    case 'ConditionalExpression':
      return [[node.test, '$tested', '?:']];
    case 'IfStatement':
      return [[node.test, '$tested', 'if']];
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
      return [[node.test, '$tested', 'while']];
    case 'BinaryExpression':
      if (!/^[!=]==?$/.test(node.operator)) return [];
      if (isConstant(node.right)) return [[node.left, '$tested', node.operator]];
      return isConstant(node.left) ? [[node.right, '$tested', node.operator]] : [];
    case 'SwitchStatement':
      return node.cases.some(({ test }) => test !== null && isConstant(test))
        ? [[node.discriminant, '$tested', 'switch']]
        : [];
    case 'ThrowStatement':
      return [[node.argument, '$thrown']];
    default:
      return [];
  }
}

/** A number, string or boolean, which is no expression of a model. */
const isConstant = (node: Node): boolean => {
  const { type, value, argument } = node as AnyNode & { readonly value: unknown };
  if (type === 'UnaryExpression') return isConstant(argument);
  return type === 'TemplateLiteral' || (type === 'Literal' && value !== null);
};

function written(source: string, insertions: readonly Insertion[]): string {
  const ordered = insertions
    .map((insertion, i) => ({ ...insertion, i }))
    .sort((a, b) => a.position - b.position || a.i - b.i);
  let text = '';
  let from = 0;
  for (const { position, text: inserted } of ordered) {
    text += source.slice(from, position) + inserted;
    from = position;
  }
  return text + source.slice(from);
}

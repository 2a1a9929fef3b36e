// Sees to it that JavaScript never tests an expression of a model: it would find it true, whatever it says. Around each
// operand of `&&`, `||`, `!`, `?:`, `if`, `while` and of a comparison with a constant, the source of a model file gets
// a call that refuses expressions and returns anything else. Nothing moves to another line.
//
//   If(busy && n.eq(0), …)      becomes   If($tested(busy,"&&") && n.eq(0), …)

import { type Node, parse } from 'acorn';
import { placed } from './placed.js';

/** Something to be written into the source, in front of the character at `position`. */
interface Insertion {
  readonly position: number;
  readonly text: string;
}

const language = new URL('../../models/language/index.js', import.meta.url).href;

/** The source of a module, with its tests watched. Throws a SyntaxError that has a place. */
export function watchTests(source: string, url: string): string {
  const { opening, closing } = insertionsFor(parsed(source, url));
  if (opening.length === 0) return source;
  // A hashbang keeps its line.
  const start = source.startsWith('#!') ? source.indexOf('\n') + 1 : 0;
  const names = 'tested as $tested, thrown as $thrown';
  return written(source, [
    { position: start, text: `import { ${names} } from ${JSON.stringify(language)};` },
    // What ends at a character ends before anything begins there, what was begun last first.
    ...[...closing].reverse(),
    ...opening,
  ]);
}

/** Is it a module, by what it says? */
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

/** In the order of the tree, what is outside before what is inside. */
function insertionsFor(root: Node) {
  const opening: Insertion[] = [];
  const closing: Insertion[] = [];
  const open: unknown[] = [root];
  const around = (node: Node | null | undefined, call: string, operator?: string) => {
    if (node === null || node === undefined) return;
    // The range of `(a, b)` leaves its brackets out.
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

/** What a node of the tree tests: the operand, the call to put around it, and the operator's spelling. */
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

/** A number, a text, true or false: nothing that an expression of a model could be. */
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

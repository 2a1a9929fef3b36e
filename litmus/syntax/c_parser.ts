// The C of a thread: declarations of registers, assignments, calls of the kernel's primitives, if. What herd accepts and
// this parser does not is refused with its place.

import {
  type CBinaryOperator,
  type CExpression,
  type CStatement,
  type CUnaryOperator,
  LitmusError,
  operators,
} from './ast.js';
import { numberOf, type TokenReader } from './reader.js';
import type { LitmusToken } from './tokens.js';

/** C's operators of two operands, those that bind most loosely first. */
const levels: readonly (readonly CBinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

const typeWords: ReadonlySet<string> = new Set(
  'int long short char unsigned signed void volatile const bool struct atomic_t atomic_long_t spinlock_t intptr_t uintptr_t'.split(
    ' ',
  ),
);
const loops: ReadonlySet<string> = new Set(['while', 'for', 'do', 'goto', 'switch']);

/** Does a declaration begin here? */
export const isType = (reader: TokenReader): boolean =>
  reader.peek().kind === 'word' && typeWords.has(reader.peek().text);

/** The words of a type, such as `struct srcu_struct`, and the stars behind it. */
export function skipType(reader: TokenReader): void {
  while (isType(reader)) if (reader.take().text === 'struct') reader.word('the name of a struct');
  while (reader.skip('*') || reader.skip('const') || reader.skip('volatile'));
}

/** `{ … }`. */
export function readBlock(reader: TokenReader): readonly CStatement[] {
  const { at } = reader.expect('{', 'before the statements of a thread');
  return reader.nested(at, () => {
    const statements: CStatement[] = [];
    while (!reader.skip('}')) {
      if (reader.peek().kind === 'end') throw reader.unexpected("'}'");
      statements.push(...readStatement(reader));
    }
    return statements;
  });
}

/** One statement; several where a declaration gives registers their first values. */
function readStatement(reader: TokenReader): readonly CStatement[] {
  const first = reader.peek();
  if (reader.is('{')) return readBlock(reader);
  if (reader.skip(';')) return [];
  if (reader.is('if')) return [readIf(reader)];
  if (loops.has(first.text)) {
    throw new LitmusError(
      `'${first.text}' is not covered: write out as many rounds as there are to be`,
      first.at,
    );
  }
  if (first.text === 'return' || first.text === 'break')
    throw new LitmusError(
      `'${first.text}' is not covered: a thread runs to its end; write if and else`,
      first.at,
    );
  if (isType(reader)) return readDeclaration(reader);
  const statement = readSimple(reader, first);
  reader.expect(';', `after '${statement.text}'`);
  return [statement];
}

function readIf(reader: TokenReader): CStatement {
  const first = reader.take();
  reader.expect('(', "after 'if'");
  const condition = readExpression(reader);
  reader.expect(')', 'after the condition');
  const text = reader.written(first);
  return reader.nested(first.at, () => {
    const then = readStatement(reader);
    const otherwise = reader.skip('else') ? readStatement(reader) : [];
    return { kind: 'if', at: first.at, text, condition, then, otherwise };
  });
}

function readDeclaration(reader: TokenReader): readonly CStatement[] {
  const start = reader.peek();
  const statements: CStatement[] = [];
  skipType(reader);
  do {
    while (reader.skip('*'));
    const { text: name, at } = reader.word('the name of a register');
    if (reader.is('['))
      throw new LitmusError(`'${name}' is an array, which is not covered: give each element a location`, at);
    statements.push({ kind: 'declare', at, text: reader.written(start), names: [name] });
    if (!reader.skip('=')) continue;
    const value = readExpression(reader);
    statements.push({ kind: 'assign', at, text: reader.written(start), name, value });
  } while (reader.skip(','));
  reader.expect(';', 'after the declaration');
  return statements;
}

function readSimple(reader: TokenReader, first: LitmusToken): CStatement {
  const { at } = first;
  const left = readExpression(reader);
  if (left.kind === 'call' && !reader.is('=')) return { kind: 'call', at, text: left.text, call: left };
  if (!reader.is('=')) {
    const { text } = reader.peek();
    if (/^(?:\+\+|--|[-+*/%&|^]=|<<=|>>=)$/.test(text))
      throw new LitmusError(`'${text}' is not covered: write 'r = r + 1'`, reader.peek().at);
    throw reader.unexpected("'='");
  }
  reader.take();
  const value = readExpression(reader);
  const text = reader.written(first);
  if (left.kind === 'name') return { kind: 'assign', at, text, name: left.name, value };
  if (left.kind === 'pointed') return { kind: 'store', at, text, address: left.address, value };
  throw new LitmusError(`'${left.text}' cannot be assigned to`, at);
}

/** An expression, up to the first token that cannot belong to it. */
function readExpression(reader: TokenReader, level = 0): CExpression {
  const first = reader.peek();
  if (level === levels.length) return readUnary(reader);
  let left = readExpression(reader, level + 1);
  for (;;) {
    const operator = levels[level]!.find((candidate) => reader.is(candidate));
    if (operator === undefined) break;
    reader.take();
    const right = readExpression(reader, level + 1);
    left = { kind: 'binary', at: first.at, text: reader.written(first), operator, left, right };
  }
  if (level === 0 && reader.is('?'))
    throw new LitmusError("'?:' is not covered: write an if", reader.peek().at);
  return left;
}

function readUnary(reader: TokenReader): CExpression {
  const first = reader.peek();
  return reader.nested(first.at, () => {
    const { at } = first;
    if (reader.skip('*')) {
      const address = readUnary(reader);
      return { kind: 'pointed', at, text: reader.written(first), address };
    }
    if (reader.is('&')) return readAddress(reader);
    const operator = operators.unary.find((candidate: CUnaryOperator) => reader.is(candidate));
    if (operator !== undefined) {
      reader.take();
      const operand = readUnary(reader);
      return { kind: 'unary', at, text: reader.written(first), operator, operand };
    }
    return readPrimary(reader);
  });
}

/** `&*e` is e; the parameters of a thread are addresses already. */
function readAddress(reader: TokenReader): CExpression {
  const { at } = reader.take();
  const of = readUnary(reader);
  if (of.kind === 'pointed') return of.address;
  throw new LitmusError(`'&${of.text}' is not covered: '${of.text}' alone is the address of a location`, at);
}

function readPrimary(reader: TokenReader): CExpression {
  const first = reader.peek();
  const { at } = first;
  if (first.kind === 'number')
    return { kind: 'number', at, text: first.text, value: numberOf(reader.take()) };
  if (reader.skip('(')) {
    if (isType(reader))
      throw new LitmusError('casts are not covered: leave it out, numbers have no size', reader.peek().at);
    const inner = readExpression(reader);
    reader.expect(')', `after '${inner.text}'`);
    return inner;
  }
  const { text: name } = reader.word('an expression');
  const next = reader.peek();
  if (reader.is('(')) return readCall(reader, first);
  if (reader.is('[')) throw new LitmusError('arrays are not covered: give each element a location', next.at);
  if (reader.is('->') || reader.is('.'))
    throw new LitmusError('members of a struct are not covered: give each a location', next.at);
  return { kind: 'name', at, text: name, name };
}

function readCall(reader: TokenReader, first: LitmusToken): CExpression {
  reader.take();
  const args: CExpression[] = [];
  if (!reader.is(')'))
    do args.push(readExpression(reader));
    while (reader.skip(','));
  reader.expect(')', `after the arguments of ${first.text}`);
  return { kind: 'call', at: first.at, text: reader.written(first), name: first.text, args };
}

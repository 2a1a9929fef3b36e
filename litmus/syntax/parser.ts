// A .litmus file of herd's flavour C: a name, first values in braces, threads, and what is asked of the end.

import {
  type Condition,
  LitmusError,
  type LitmusTest,
  type LitmusThread,
  type LitmusValue,
  type Observable,
} from './ast.js';
import { isType, readBlock, skipType } from './c_parser.js';
import { readObservable, readProposition } from './condition_parser.js';
import { numberOf, TokenReader } from './reader.js';
import type { LitmusToken } from './tokens.js';

/** How many threads a test may have. */
const threadsMax = 16;

/** Reads a test. Throws a LitmusError where it is damaged, or has something that is not covered. */
export function parseLitmus(text: string): LitmusTest {
  const reader = new TokenReader(text);
  const name = readName(reader);
  const initial = readInitial(reader);
  const threads: LitmusThread[] = [];
  while (/^P\d+$/.test(reader.peek().text) && reader.peek(1).text === '(')
    threads.push(readThread(reader, threads.length));
  const { at } = reader.peek();
  if (threads.length === 0) throw reader.unexpected('a thread, P0(…) { … }');
  if (threads.length > threadsMax)
    throw new LitmusError(`${threads.length} threads: there may be at most ${threadsMax}`, at);
  const locations = reader.is('locations') ? readLocations(reader, threads.length) : [];
  const filter = reader.skip('filter') ? readProposition(reader, threads.length) : undefined;
  const condition = readCondition(reader, threads.length);
  return { name, initial, threads, locations, filter, condition };
}

/** The first line: the flavour, and a name that may have any characters but blanks. */
function readName(reader: TokenReader): string {
  const flavour = reader.peek();
  if (flavour.kind === 'end') throw new LitmusError('the file is empty', flavour.at);
  if (flavour.text !== 'C') {
    const isFlavour = /^(?:AArch64|ARM|PPC|X86(?:_64)?|RISCV|MIPS|LISA|Bell|BPF|JAVA|ASL)$/i.test(
      flavour.text,
    );
    if (isFlavour)
      throw new LitmusError(`a test of flavour ${flavour.text}: only flavour C is covered`, flavour.at);
    throw new LitmusError("no litmus test of flavour C: such a file begins with 'C NAME'", flavour.at);
  }
  const line = reader.text.slice(flavour.to).split('\n')[0]!.trim();
  const name = line.split(/\s+/)[0]!;
  if (name === '') throw new LitmusError('the test has no name', flavour.at);
  // What follows up to the first values is about the test, such as "a comment" or Cycle=….
  while (reader.peek().kind !== 'end' && !reader.is('{')) reader.take();
  return name;
}

/** `{ int x = 0; int *p = &x; spinlock_t l; y = 1; }`. */
function readInitial(reader: TokenReader): ReadonlyMap<string, LitmusValue> {
  const initial = new Map<string, LitmusValue>();
  reader.expect('{', 'before the first values');
  while (!reader.skip('}')) {
    if (reader.skip(';')) continue;
    const typed = isType(reader);
    if (typed) skipType(reader);
    const start = reader.peek();
    if (start.kind === 'number' || (/^P\d+$/.test(start.text) && reader.peek(1).text === ':')) {
      throw new LitmusError('first values of registers are not covered: assign them in the thread', start.at);
    }
    const bracketed = reader.skip('[');
    const { text: name, at } = reader.word('the name of a location');
    if (bracketed) reader.expect(']', `after '${name}'`);
    if (reader.is('['))
      throw new LitmusError(`'${name}' is an array, which is not covered: give each element a location`, at);
    if (initial.has(name)) throw new LitmusError(`'${name}' has two first values`, at);
    initial.set(name, reader.skip('=') ? readInitialValue(reader) : 0);
    if (!reader.is('}')) reader.expect(';', `after the first value of '${name}'`);
  }
  return initial;
}

function readInitialValue(reader: TokenReader): LitmusValue {
  if (reader.skip('-')) return -numberOf(reader.take());
  reader.skip('&');
  const token = reader.take();
  if (token.kind === 'number') return numberOf(token);
  if (token.kind !== 'word') throw reader.unexpected('a number or the name of a location', token);
  if (!reader.skip('(')) return token.text;
  // ATOMIC_INIT(0)
  const value = readInitialValue(reader);
  reader.expect(')', `after the value of ${token.text}`);
  return value;
}

function readThread(reader: TokenReader, index: number): LitmusThread {
  const { text, at } = reader.take();
  if (text !== `P${index}`) throw new LitmusError(`expected P${index}, found ${text}`, at);
  reader.expect('(', `after ${text}`);
  const parameters: string[] = [];
  if (!reader.skip(')')) {
    do {
      if (reader.is('void') && reader.peek(1).text === ')') reader.take();
      else parameters.push(readParameter(reader));
    } while (reader.skip(','));
    reader.expect(')', `after the parameters of ${text}`);
  }
  return { at, parameters, body: readBlock(reader) };
}

function readParameter(reader: TokenReader): string {
  const start = reader.peek();
  skipType(reader);
  if (reader.written(start).includes('*') || start.text === 'atomic_t')
    return reader.word('the name of a location').text;
  throw new LitmusError(
    `'${start.text} ${reader.peek().text}' is no pointer: parameters of threads are pointers to locations`,
    start.at,
  );
}

function readLocations(reader: TokenReader, threads: number): readonly Observable[] {
  reader.take();
  reader.expect('[', "after 'locations'");
  const found: Observable[] = [];
  while (!reader.skip(']')) {
    if (reader.skip(';')) continue;
    found.push(readObservable(reader, threads));
    if (isType(reader)) skipType(reader);
    if (!reader.is(']')) reader.expect(';', 'between locations');
  }
  return found;
}

function readCondition(reader: TokenReader, threads: number): Condition {
  const first = reader.peek();
  const quantifier = readQuantifier(reader, first);
  const start = reader.peek();
  const proposition = readProposition(reader, threads);
  const text = `${quantifier} ${reader.written(start)}`;
  reader.skip(';');
  if (reader.peek().kind !== 'end') throw reader.unexpected('the end of the file');
  return { quantifier, proposition, text };
}

function readQuantifier(reader: TokenReader, first: LitmusToken): Condition['quantifier'] {
  if (first.kind === 'end')
    throw new LitmusError("the test asks nothing: it ends without 'exists', '~exists' or 'forall'", first.at);
  const isNegated = reader.skip('~') || reader.skip('not');
  if (reader.skip('exists')) return isNegated ? '~exists' : 'exists';
  if (!isNegated && reader.skip('forall')) return 'forall';
  throw reader.unexpected("'exists', '~exists' or 'forall'");
}

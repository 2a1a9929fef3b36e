// What a test asks of the end of an execution: `0:r0=1 /\ ([x]=2 \/ not (y=0))`.

import { LitmusError, type LitmusValue, type Observable, type Proposition } from './ast.js';
import { numberOf, type TokenReader } from './reader.js';

/** A proposition about a test of so many threads. */
export function readProposition(reader: TokenReader, threads: number): Proposition {
  const left = readOr(reader, threads);
  if (!reader.skip('=>')) return left;
  return { kind: 'implies', parts: [left, readProposition(reader, threads)] };
}

function readOr(reader: TokenReader, threads: number): Proposition {
  let left = readAnd(reader, threads);
  while (reader.skip('\\/')) left = { kind: 'or', parts: [left, readAnd(reader, threads)] };
  return left;
}

function readAnd(reader: TokenReader, threads: number): Proposition {
  let left = readAtom(reader, threads);
  while (reader.skip('/\\')) left = { kind: 'and', parts: [left, readAtom(reader, threads)] };
  return left;
}

function readAtom(reader: TokenReader, threads: number): Proposition {
  const { at } = reader.peek();
  return reader.nested(at, () => {
    if (reader.skip('~') || reader.skip('not')) return { kind: 'not', of: readAtom(reader, threads) };
    if (reader.skip('true')) return { kind: 'constant', value: true };
    if (reader.skip('false')) return { kind: 'constant', value: false };
    if (reader.skip('(')) {
      const inner = readProposition(reader, threads);
      reader.expect(')', 'after the condition');
      return inner;
    }
    const of = readObservable(reader, threads);
    const isDifferent = reader.skip('!=');
    if (!isDifferent && !reader.skip('==')) reader.expect('=', 'after what is asked about');
    return { kind: isDifferent ? 'different' : 'equal', of, value: readValue(reader) };
  });
}

/** `0:r0`, `P0:r0`, `x`, `[x]`, `*x`. */
export function readObservable(reader: TokenReader, threads: number): Observable {
  const first = reader.peek();
  const thread = /^P?(\d+)$/.exec(first.text);
  if (thread !== null && reader.peek(1).text === ':') {
    reader.take();
    reader.take();
    const index = Number(thread[1]);
    if (index >= threads) throw new LitmusError(`there is no thread P${index}`, first.at);
    return {
      kind: 'register',
      thread: index,
      name: reader.word('the name of a register').text,
      at: first.at,
    };
  }
  const isBracketed = reader.skip('[');
  if (!isBracketed) reader.skip('*');
  const { text: name, at } = reader.word('a register, such as 0:r0, or a location');
  if (isBracketed) reader.expect(']', `after '${name}'`);
  return { kind: 'location', name, at };
}

function readValue(reader: TokenReader): LitmusValue {
  const isNegative = reader.skip('-');
  const isAddress = !isNegative && reader.skip('&');
  const token = reader.take();
  if (token.kind === 'number' && !isAddress) return isNegative ? -numberOf(token) : numberOf(token);
  if (token.kind === 'word' && !isNegative) return token.text;
  throw reader.unexpected('a number or the name of a location', token);
}

// Tokens, one after the other: what all parts of the parser share.

import { LitmusError, type Position } from './ast.js';
import { type LitmusToken, tokensOf } from './tokens.js';

/** Brackets, operators and statements nest no deeper. */
const depthMax = 100;

export class TokenReader {
  readonly text: string;
  readonly #tokens: readonly LitmusToken[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.text = text;
    this.#tokens = tokensOf(text);
  }

  /** The next token, or one behind it. */
  peek(ahead = 0): LitmusToken {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }

  take(): LitmusToken {
    const token = this.peek();
    if (token.kind !== 'end') this.#next++;
    return token;
  }

  /** Takes the next token if it is this one. */
  skip(text: string): boolean {
    if (!this.is(text)) return false;
    this.take();
    return true;
  }

  is(text: string): boolean {
    const { kind, text: found } = this.peek();
    return kind !== 'end' && kind !== 'string' && found === text;
  }

  expect(text: string, where: string): LitmusToken {
    if (this.is(text)) return this.take();
    throw this.unexpected(`'${text}' ${where}`);
  }

  word(what: string): LitmusToken {
    if (this.peek().kind === 'word') return this.take();
    throw this.unexpected(what);
  }

  unexpected(wanted: string, token = this.peek()): LitmusError {
    const found = token.kind === 'end' ? 'the file ends' : `'${token.text}'`;
    return new LitmusError(`expected ${wanted}, found ${found}`, token.at);
  }

  /** What is written from a token up to the one that was taken last, on one line. */
  written({ from }: LitmusToken): string {
    return this.text.slice(from, this.#tokens[this.#next - 1]!.to).replace(/\s+/g, ' ');
  }

  /** Reads something that may contain itself. */
  nested<T>(at: Position, read: () => T): T {
    if (++this.#depth > depthMax) throw new LitmusError(`nested more than ${depthMax} levels deep`, at);
    const found = read();
    this.#depth--;
    return found;
  }
}

/** A number as C writes it, with its sign before it. */
export function numberOf({ text, at }: LitmusToken): number {
  const digits = text.replace(/[uUlL]+$/, '');
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  if (Number.isSafeInteger(value)) return value;
  throw new LitmusError(`${text} is too large a number`, at);
}

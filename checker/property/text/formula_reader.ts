// Reads the tokens of a text one after the other, and points at one of them where something is wrong.

import { FormulaError, type Token, tokensOf } from './lexer.js';

export class FormulaReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  /** Throws a FormulaError for a character that begins no token. */
  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  /** The current token. */
  get token(): Token {
    return this.#tokens[this.#next]!;
  }

  /** A token by its distance from the current one; undefined before the first and after the last. */
  at = (distance: number): Token | undefined => this.#tokens[this.#next + distance];

  /** Takes the current token, but never goes beyond the end. */
  next(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.#next++;
    return token;
  }

  /** Takes the current token if it is one of these signs and words; a quoted token is none. */
  take(...texts: readonly string[]): Token | undefined {
    const { kind, isQuoted, text } = this.token;
    return kind === 'number' || isQuoted || !texts.includes(text) ? undefined : this.next();
  }

  /** Takes a name. */
  takeName(): Token {
    const { token } = this;
    if (token.kind !== 'name') this.fail('a name is missing here', token);
    return this.next();
  }

  fail(problem: string, { start }: Token = this.token): never {
    throw new FormulaError(problem, this.#text, start);
  }
}

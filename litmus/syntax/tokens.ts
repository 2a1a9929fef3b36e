// The words of a litmus test. Outside of threads `(* … *)` is a comment; inside, `(*x)` is C.

import { LitmusError, type Position } from './ast.js';

export interface LitmusToken {
  readonly kind: 'word' | 'number' | 'string' | 'symbol' | 'end';
  readonly text: string;
  readonly at: Position;
  /** Where it begins and ends in the text. */
  readonly from: number;
  readonly to: number;
}

/** No litmus test is longer, in characters. */
const lengthMax = 1 << 18;

const blank = /\s+/y;
const lineComment = /\/\/[^\n]*/y;
const cComment = /\/\*[\s\S]*?\*\//y;
const word = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /(?:0[xX][0-9a-fA-F]+|\d+)(?:[uUlL]*)(?![A-Za-z0-9_])/y;
const string = /"(?:[^"\\\n]|\\.)*"/y;
const symbol =
  /\/\\|\\\/|=>|->|<<=|>>=|\+\+|--|<<|>>|[-+*/%&|^]=|==|!=|<=|>=|&&|\|\||[-+*/%&|^~!<>=(){}[\];:,.?@$#]/y;

/** The tokens of a text, the last one its end. Throws a LitmusError. */
export function tokensOf(text: string): readonly LitmusToken[] {
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    const before = text.slice(0, nul).split('\n');
    const at = { line: before.length, column: before.at(-1)!.length + 1 };
    throw new LitmusError('this is no text: there is a NUL character here', at);
  }
  if (text.length > lengthMax)
    throw new LitmusError(`the file has more than ${lengthMax} characters: too large for a litmus test`);
  return new Lexer(text).all();
}

class Lexer {
  readonly #text: string;
  #place = 0;
  #line = 1;
  #lineStart = 0;
  readonly #tokens: LitmusToken[] = [];
  /** Before the first brace, where names and remarks may have any characters. */
  #isInHeader = true;
  #isInThread = false;
  /** How many of the thread are open. */
  #braces = 0;

  constructor(text: string) {
    this.#text = text;
  }

  all(): readonly LitmusToken[] {
    for (;;) {
      this.#skip();
      const at = { line: this.#line, column: this.#place - this.#lineStart + 1 };
      if (this.#place === this.#text.length) {
        this.#tokens.push({
          kind: 'end',
          text: 'the end of the file',
          at,
          from: this.#place,
          to: this.#place,
        });
        return this.#tokens;
      }
      const token = this.#token(at);
      this.#tokens.push(token);
      this.#countBraces(token);
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#place;
    return pattern.exec(this.#text)?.[0];
  }

  #advance(text: string): void {
    for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) {
      this.#line++;
      this.#lineStart = this.#place + i + 1;
    }
    this.#place += text.length;
  }

  #skip(): void {
    for (;;) {
      const found =
        this.#match(blank) ??
        this.#match(lineComment) ??
        this.#match(cComment) ??
        (!this.#isInThread && this.#text.startsWith('(*', this.#place) ? this.#nestedComment() : undefined);
      if (found === undefined) break;
      this.#advance(found);
    }
    if (this.#text.startsWith('/*', this.#place)) throw this.#error('a comment that does not end');
  }

  #nestedComment(): string {
    let open = 0;
    for (let i = this.#place; i < this.#text.length; i++) {
      if (this.#text.startsWith('(*', i)) open++;
      if (this.#text.startsWith('*)', i) && --open === 0) return this.#text.slice(this.#place, i + 2);
    }
    const isBehindThreads = this.#tokens.some(({ text }) => /^P\d+$/.test(text));
    const why = isBehindThreads ? ": is there a '}' too many before it, which ends the thread?" : '';
    throw this.#error(`a comment that begins with '(*' and does not end${why}`);
  }

  #token(at: Position): LitmusToken {
    const kinds = { word, number, string, symbol } as const;
    for (const kind of ['word', 'number', 'string', 'symbol'] as const) {
      const text = this.#match(kinds[kind]);
      if (text === undefined) continue;
      const from = this.#place;
      this.#advance(text);
      return { kind, text, at, from, to: this.#place };
    }
    const character = String.fromCodePoint(this.#text.codePointAt(this.#place)!);
    if (!this.#isInHeader) throw this.#error(`'${character}' means nothing here`);
    this.#advance(character);
    return { kind: 'symbol', text: character, at, from: this.#place - character.length, to: this.#place };
  }

  /** A thread is `P0(…) {…}`. */
  #countBraces({ text }: LitmusToken): void {
    if (text === '{') this.#isInHeader = false;
    if (text === '(' && /^P\d+$/.test(this.#tokens.at(-2)?.text ?? '')) this.#isInThread = true;
    if (!this.#isInThread) return;
    if (text === '{') this.#braces++;
    if (text === '}' && --this.#braces <= 0) [this.#isInThread, this.#braces] = [false, 0];
  }

  #error = (message: string): LitmusError =>
    new LitmusError(message, { line: this.#line, column: this.#place - this.#lineStart + 1 });
}

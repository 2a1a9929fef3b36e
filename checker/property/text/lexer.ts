// Formulas as text, split into tokens: names (with their indices and fields), numbers and signs, each with the position
// of its first character. An error points at that position.
//
//   mm[0].pmd == huge      name 'mm[0].pmd' at 0, sign '==' at 10, name 'huge' at 13
//   "next" == 1            name 'next' at 0: a quoted word is always a name

export interface Token {
  readonly kind: 'name' | 'number' | 'sign' | 'end';
  /** Without its quotes. */
  readonly text: string;
  /** A quoted name is never an operator or another word of the language. */
  readonly isQuoted?: true;
  /** Counted in characters from 0. */
  readonly start: number;
  /** One past its last character. */
  readonly end: number;
}

/** A text that is no formula: the message says what is wrong, shows the text, and points at the character. */
export class FormulaError extends Error {
  override readonly name = 'FormulaError';
  readonly position: number;

  constructor(problem: string, text: string, position: number) {
    const { shown, column } = around(text, position);
    super(`${problem}\n  ${shown}\n  ${' '.repeat(column)}^`);
    this.position = position;
  }
}

const shownMax = 400;

/** Of a long text only the part around the position is shown. */
function around(text: string, position: number): { readonly shown: string; readonly column: number } {
  if (text.length <= shownMax) return { shown: text, column: position };
  const from = Math.max(0, position - 40);
  const before = from === 0 ? '' : '… ';
  const after = position + 40 < text.length ? ' …' : '';
  return {
    shown: `${before}${text.slice(from, position + 40)}${after}`,
    column: before.length + position - from,
  };
}

const quoted = /"([^"]+)"/y;
const blank = /[ \t\r\n]*/y;
const patterns = [
  ['number', /\d+/y],
  ['name', /[A-Za-z_]\w*(?:[.:][A-Za-z_]\w*|\[\d+\])*/y],
  ['sign', /<->|<=>|->|=>|~>|&&|\|\||==|!=|<=|>=|\[\]|<>|[-+*/%<>!()|,]/y],
] as const;

/** The tokens of a text, an 'end' last. Throws a FormulaError. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let start = 0;
  const skip = () => {
    blank.lastIndex = start;
    blank.exec(text);
    start = blank.lastIndex;
  };
  for (skip(); start < text.length; skip()) {
    const token = match(text, start);
    if (token === undefined) throw new FormulaError(`'${text[start]}' means nothing here`, text, start);
    tokens.push(token);
    start = token.end;
  }
  return [...tokens, { kind: 'end', text: '', start: text.length, end: text.length }];
}

function match(text: string, start: number): Token | undefined {
  quoted.lastIndex = start;
  const [whole, name] = quoted.exec(text) ?? [];
  if (whole !== undefined && name !== undefined) {
    return { kind: 'name', text: name, isQuoted: true, start, end: start + whole.length };
  }
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = start;
    const found = pattern.exec(text);
    if (found !== null) return { kind, text: found[0], start, end: start + found[0].length };
  }
  return undefined;
}

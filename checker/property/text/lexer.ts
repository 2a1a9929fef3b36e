// Formulas as text, cut into words: names (with their indices and fields), numbers and signs, each with the place
// where it begins. An error points at that place.
//
//   mm[0].pmd == huge      name 'mm[0].pmd' at 0, sign '==' at 10, name 'huge' at 13

export interface Token {
  readonly kind: 'name' | 'number' | 'sign' | 'end';
  readonly text: string;
  /** Counted in characters from 0. */
  readonly start: number;
}

/** A text that is no formula: the message says what is wrong, shows the text, and points at the character. */
export class FormulaError extends Error {
  override readonly name = 'FormulaError';
  readonly position: number;

  constructor(problem: string, text: string, position: number) {
    super(`${problem}\n  ${text}\n  ${' '.repeat(position)}^`);
    this.position = position;
  }
}

const blank = /[ \t\r\n]*/y;
const patterns = [
  ['number', /\d+/y],
  ['name', /[A-Za-z_]\w*(?:[.:][A-Za-z_]\w*|\[\d+\])*/y],
  ['sign', /<->|<=>|->|=>|~>|&&|\|\||==|!=|<=|>=|\[\]|<>|[-+*/%<>!()|,]/y],
] as const;

/** The words of a text, an 'end' last. Throws a FormulaError. */
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
    start += token.text.length;
  }
  return [...tokens, { kind: 'end', text: '', start: text.length }];
}

function match(text: string, start: number): Token | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = start;
    const found = pattern.exec(text);
    if (found !== null) return { kind, text: found[0], start };
  }
  return undefined;
}

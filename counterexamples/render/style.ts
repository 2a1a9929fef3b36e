// The looks of text, named by meaning, so that renderers do not name colours.

export type Look = 'strong' | 'dim' | 'change' | 'good' | 'bad' | 'lock';
export type Style = (text: string, look: Look) => string;

/** A line of text in one look. */
export interface Line {
  readonly text: string;
  readonly look?: Look;
  /** Text at the right end, dim, if there is room. */
  readonly aside?: string;
  /** The indentation level; 0 if absent. */
  readonly indent?: number;
}

export const plain: Style = (text) => text;

const codes: { readonly [look in Look]: number } = {
  strong: 1,
  dim: 2,
  change: 36,
  good: 32,
  bad: 31,
  lock: 33,
};

/** The colours of a terminal. */
export const ansi: Style = (text, look) => (text === '' ? '' : `\u001b[${codes[look]}m${text}\u001b[0m`);

export const styled = (style: Style, { text, look }: Line): string =>
  look === undefined ? text : style(text, look);

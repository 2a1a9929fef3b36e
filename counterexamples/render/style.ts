// How text looks: by meaning, so that a renderer names what it shows and never a colour.

export type Look = 'strong' | 'dim' | 'change' | 'good' | 'bad' | 'lock';
export type Style = (text: string, look: Look) => string;

/** A line of text, all of it in one look. */
export interface Line {
  readonly text: string;
  readonly look?: Look;
  /** Said dimly at the right end, where there is room for it. */
  readonly aside?: string;
  /** How deep below what it belongs to; 0 if absent. */
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

// Text in plain ASCII, for mails and terminals that have nothing else. Marks have a spelling, letters lose their accents,
// and what is left becomes a question mark. A no-break space stays: it is broken lines that it prevents.
//
//   pmd: huge → none      ->      pmd: huge -> none

import { together } from './wrap.js';

const spellings: { readonly [mark: string]: string } = {
  '→': '->',
  '←': '<-',
  '…': '...',
  '⋮': ':',
  '┃': '#',
  '✗': 'X',
  '✓': 'ok',
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
  '·': '*',
  '×': 'x',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
};

/** A text of sentences and names. */
export const asciiText = (text: string): string =>
  /^[ -~]*$/.test(text)
    ? text
    : text
        .replace(/[^ -~]/gu, (mark) => spellings[mark] ?? mark)
        .normalize('NFD')
        .replace(/\p{M}/gu, '')
        .replace(/[^ -~]/gu, (mark) => (mark === together ? mark : '?'));

const glyphs: { readonly [glyph: string]: string } = {
  '│': '|',
  '─': '-',
  '┼': '+',
  '┃': '#',
  '┏': '#',
  '┗': '#',
  '║': '!',
  '╔': '!',
  '╚': '!',
  '═': '=',
  '╷': '.',
  '●': '*',
  '○': 'o',
  '⋮': ':',
  '…': ':',
  '↻': '@',
};

/** The glyphs of drawn lanes, each as one character; the texts in them are ASCII already. */
export const asciiDrawing = (drawing: string): string =>
  drawing.replace(/[^\n -~]/gu, (glyph) => glyphs[glyph] ?? '?');

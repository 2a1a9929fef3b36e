// The labels of a model in a column beside the C that they stand for.

import { type Page, widthOf, wrap } from '../../counterexamples/text.js';
import type { CFunction } from './c_functions.js';
import type { LabelsBeside, PlacedFunction, PlacedLabel } from './places.js';

/** So many lines of C around each label are printed. */
const around = 3;

/** All functions with their labels, and the labels that stand for none. */
export function besideText({ functions, others }: LabelsBeside, page: Page): string {
  const lines = [
    ...functions.flatMap((each) => [...functionText(each, page), '']),
    ...others.flatMap(({ procedure, labels }) => [
      `${procedure}: no function of this name in the files that it quotes`,
      ...labels.map(({ label, caption }) => `  ${label}: ${caption}`),
      '',
    ]),
  ];
  return lines.join('\n');
}

/** What the model may say of its functions, to be pasted into it. */
export const digestsText = ({ functions }: LabelsBeside): string =>
  functions
    .map(({ path, name, digest }) => `source('${path}', '${name}', { digest: '${digest}' })\n`)
    .join('');

function functionText({ path, name, definitions, labels }: PlacedFunction, page: Page): readonly string[] {
  const title = (definition: CFunction) => `${path}:${definition.from} ${name}()`;
  const [first, ...more] = definitions;
  return [
    page.style(title(first!), 'strong'),
    ...columns(first!, labels, page),
    ...more.map((other) => `also defined: ${title(other)}`),
  ];
}

function columns({ from, text }: CFunction, labels: readonly PlacedLabel[], page: Page): readonly string[] {
  const code = text.split('\n').map((line) => line.replaceAll('\t', '        '));
  const at = aligned(code, labels, from);
  const width = Math.max(16, Math.floor(page.width * 0.4));
  const isNear = (row: number) => at.some((line) => line !== undefined && Math.abs(line - row) <= around);
  const rows: string[] = [];
  const row = (label: string, number: string, c: string) => {
    rows.push(`${label}${' '.repeat(width - widthOf(label))} │${number.padStart(6)}  ${c}`.trimEnd());
  };
  let left = 0;
  const skipped = () => {
    if (left > 0) row('', '…', '');
    left = 0;
  };
  code.forEach((line, i) => {
    const here = labels.filter((_, k) => at[k] === i);
    const texts = here.flatMap((each) => labelLines(each, width));
    if (texts.length === 0 && i > 0 && i < code.length - 1 && !isNear(i)) {
      left++;
      return;
    }
    skipped();
    const [first = '', ...more] = texts;
    row(first, String(from + i), line);
    for (const label of more) row(label, '', '');
    for (const lost of labels.filter(
      (_, k) => at[k] === undefined && (at.slice(0, k).findLast((x) => x !== undefined) ?? 0) === i,
    )) {
      for (const label of labelLines(lost, width)) row(label, '', '');
    }
  });
  return rows;
}

const labelLines = ({ label, caption }: PlacedLabel, width: number): readonly string[] =>
  wrap(`${label.slice(label.indexOf('.') + 1)}: ${caption}`, width, '  ');

/**
 * The line of each label, from 0: the one that it names; else the next after the label before it that has a call of its
 * caption, or its words. Undefined where none is found.
 */
function aligned(
  code: readonly string[],
  labels: readonly PlacedLabel[],
  from: number,
): readonly (number | undefined)[] {
  let before = 0;
  return labels.map(({ caption, line }) => {
    const found = line === undefined ? search(code, caption, before) : line - from;
    if (found !== undefined) before = found;
    return found;
  });
}

function search(code: readonly string[], caption: string, begin: number): number | undefined {
  const calls = [...caption.matchAll(/([A-Za-z_]\w*)\(/g)].map(([, name]) => new RegExp(`\\b${name}\\s*\\(`));
  const bare = (text: string) => text.replace(/\s+/g, '').replaceAll('->', '.');
  const fits = (line: string) =>
    calls.some((call) => call.test(line)) || (bare(caption).length > 3 && bare(line).includes(bare(caption)));
  // The head of the function is no call of it.
  const found = code.findIndex((line, i) => i >= Math.max(begin, 1) && fits(line));
  return found === -1 ? undefined : found;
}

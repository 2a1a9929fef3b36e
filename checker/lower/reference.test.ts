// docs/language.md, docs/cookbook.md and docs/kernel.md: every example on these pages is lowered, and the page shows the
// steps of the result (`vitest -u` writes them); and every word of the kernel library is there.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as kernel from '../../models/kernel/index.js';
import * as language from '../../models/language/index.js';
import { printProgram } from '../ir/print.js';
import { lower } from './lower.js';

const pages = ['language', 'cookbook', 'kernel'] as const;
const words = { ...language, ...kernel };

/** An example: the block of a procedure, or code that ends with a procedure, a list of actors, or a model. */
type Example = language.ProcedureNode | readonly { readonly actors: language.ActorsNode }[];

/** The values of the page's state, and of an example. */
function evaluated(
  prelude: string,
  code: string,
): { readonly state: language.AnyShared; readonly made: Example } {
  const isBlock = code.startsWith('{');
  const lines = code.trimEnd().split('\n');
  const last = isBlock ? 0 : lines.findLastIndex((line) => /^\S/.test(line) && !/^[)}\]]/.test(line));
  const before = lines.slice(0, last).join('\n');
  const end = lines.slice(last).join('\n').replace(/;$/, '');
  const made = isBlock ? `procedure('p', () => (${end}))` : end;
  const given = before.includes('const state =') ? prelude.split('\n')[0] : prelude;
  const run = new Function(...Object.keys(words), `${given}\n${before}\nreturn { state, made: ${made} };`);
  return run(...Object.values(words));
}

/** The steps of an example, without the state, and without the braces of a lone actor. */
function stepsOf(prelude: string, code: string): string {
  const { state, made } = evaluated(prelude, code);
  const actors = 'body' in made ? [language.actor('a', made)] : made;
  const text = printProgram(lower(language.model('page', { about: '', state, actors })).program);
  const steps = text.slice(text.indexOf('actor '));
  if (actors.length > 1) return steps.trimEnd();
  return steps.slice(steps.indexOf('{\n') + 2, steps.lastIndexOf('\n}')).replace(/\ndone:\n {8};$/, '');
}

test.each(pages)('every example of docs/%s.md becomes the steps that are printed below it', async (name) => {
  const page = new URL(`../../docs/${name}.md`, import.meta.url);
  const text = readFileSync(page, 'utf8');
  const [, prelude = ''] = /```ts\n(.*?)```/s.exec(text) ?? [];
  let first = true;
  const written = text.replace(/```ts\n(.*?)```\n(\n```c\n.*?```\n)?/gs, (whole, code: string) => {
    if (first) {
      first = false;
      return whole;
    }
    return `\`\`\`ts\n${code}\`\`\`\n\n\`\`\`c\n${stepsOf(prelude, code)}\n\`\`\`\n`;
  });
  await expect(written).toMatchFileSnapshot(page.pathname);
});

/** A suffix of order changes nothing but the order: the word without it stands for all. */
const withoutOrder = (word: string) =>
  word.replace(/^((?:atomic_\w+|(?:try_)?(?:cmp)?xchg)?)_(?:relaxed|acquire|release)$/, '$1');

test('every word of the kernel library is in a table of docs/kernel.md, and in an example of a page', () => {
  const texts = pages.map((name) => readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8'));
  const examples = texts.flatMap((text) => text.match(/```ts\n.*?```/gs) ?? []).join('\n');
  const rows = (texts.at(-1)!.match(/^\| .*$/gm) ?? []).join('\n');
  const all = [...new Set(Object.keys(kernel).map(withoutOrder))];
  expect(all.length).toBeGreaterThan(330);
  const missing = (text: string, quote: string) =>
    all.filter((word) => !new RegExp(`(?<!\\w)${quote}${word}${quote}(?!\\w)`).test(text));
  expect(missing(rows, '`')).toEqual([]);
  expect(missing(examples, '')).toEqual([]);
  // A row that names a word which does not exist is a mistake, too.
  const first = [...rows.matchAll(/^\| ([^|]*) \|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`(\w+)`/g)]);
  expect(first.map(([, word]) => word!).filter((word) => !(word in kernel))).toEqual([]);
});

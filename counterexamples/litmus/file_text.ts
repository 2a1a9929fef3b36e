// A litmus test as a file of flavour C, in the style of tools/memory-model/litmus-tests: what it shows in a comment, first
// values, threads, and the exists clause.

import type { Program, VariableId } from '../../checker/index.js';
import { wrap } from '../render/wrap.js';
import { bodyLines, type CNames } from './c_text.js';
import type { ExistsTerm } from './condition.js';
import { namesOf } from './names.js';
import type { RaceTest } from './race_test.js';
import { firstRegister } from './run_values.js';
import type { LocationKey } from './statements.js';

/** Characters in a line of the comment. */
const commentWidth = 70;

/** `name` is that of the test; `paragraphs` stand in its comment. */
export function fileText(test: RaceTest, name: string, paragraphs: readonly (readonly string[])[]): string {
  const names = namesIn(test);
  const threads = test.threads.flatMap((thread, i) => {
    const used = test.locations.filter((key) =>
      thread.statements.some(({ statement }) => 'of' in statement && statement.of === key),
    );
    const parameters = used.map((key) => `${typeOf(key, names)} *${names.nameOf(key)}`).join(', ');
    return [`P${i}(${parameters}) // ${ascii(thread.name)}`, '{', ...bodyLines(thread, names), '}', ''];
  });
  return [
    `C ${name}`,
    '',
    ...commentLines(paragraphs),
    '',
    '{',
    ...initialLines(test, names),
    '}',
    '',
    ...threads,
    `exists (${test.terms.map((term) => termText(term, names)).join(' /\\ ')})`,
  ].join('\n');
}

const typeOf = (key: LocationKey, { isAtomic }: CNames): string =>
  key.startsWith('lock ') ? 'spinlock_t' : isAtomic(key) ? 'atomic_t' : 'int';

function termText(term: ExistsTerm, { nameOf }: CNames): string {
  return 'thread' in term
    ? `${term.thread}:r${term.register}=${term.value}`
    : `${nameOf(term.of)}=${term.value}`;
}

/** What is not 0 at first. */
function initialLines({ locations, included }: RaceTest, names: CNames): readonly string[] {
  return locations.flatMap((key) => {
    const value = key.startsWith('variable ') ? included.initial.get(idOf(key))! : 0;
    if (value === 0) return [];
    const text = names.isAtomic(key) ? `ATOMIC_INIT(${value})` : String(value);
    return [`\t${typeOf(key, names)} ${names.nameOf(key)} = ${text};`];
  });
}

const idOf = (key: LocationKey): VariableId => Number(key.split(' ')[1]);

/** What the comment says of the names: the model's own names, and what numbers stand for. */
export function legend(test: RaceTest): readonly string[] {
  const { program, locations, included } = test;
  const names = namesIn(test);
  return locations.flatMap((key): readonly string[] => {
    const name = names.nameOf(key);
    if (key.startsWith('lock ')) {
      const lock = key.slice('lock '.length);
      const { kind } = included.spans.find((span) => span.lock === lock) ?? lockOf(program, lock);
      const is = [
        ...(name === lock ? [] : [lock]),
        ...(kind === 'spinlock' ? [] : [`${/^[aeior]/.test(kind) ? 'an' : 'a'} ${kind}`]),
      ];
      return is.length === 0 ? [] : [`${name} is ${is.join(', ')}.`];
    }
    if (key.startsWith('mark ')) {
      const { label, thread } = stepAt(test, Number(key.split(' ')[1]));
      return [`${name} is no variable of the code: ${thread} is past ${label} once it is 1.`];
    }
    return variableLegend(test, idOf(key), name);
  });
}

function variableLegend({ program, numbering }: RaceTest, id: VariableId, name: string): readonly string[] {
  const { domain, name: of } = program.variables[id]!;
  const words = domain.kind === 'enum' || domain.kind === 'owner' ? domain.values : undefined;
  const again = numbering.again(id).map(({ number, value }) => `${number} ${words?.[value] ?? value} again`);
  const values = [...(words ?? []).map((word, i) => `${i} ${word}`), ...again].join(', ');
  const is = name === of ? name : `${name} is ${of}`;
  if (values !== '') return [`${is}: ${values}.`];
  return name === of ? [] : [`${is}.`];
}

const lockOf = ({ variables }: Program, name: string): { readonly kind: string } =>
  variables.find(({ lock }) => lock?.name === name)!.lock!;

const stepAt = ({ steps, program }: RaceTest, index: number) => {
  const { label, thread } = steps[index]!;
  return { label, thread: program.threads[thread]!.name };
};

function namesIn(test: RaceTest): CNames {
  const { program, locations, threads, steps } = test;
  const names = namesOf(locations, program, (mark) => steps[mark]!.label.split('.').slice(1).join('_'));
  const statements = threads.flatMap((thread) => thread.statements.map(({ statement }) => statement));
  const atomics = new Set(
    statements.flatMap((one) => (one.kind === 'add' || one.kind === 'add unless' ? [one.of] : [])),
  );
  return {
    nameOf: (key) => names.get(key)!,
    isAtomic: (key) => atomics.has(key),
    registerOf: (id) => id - firstRegister(program),
    remark: (index) => steps[index]?.label ?? '',
  };
}

/** A comment of a litmus file is nested by its own marks. */
const commentLines = (paragraphs: readonly (readonly string[])[]): readonly string[] => [
  '(*',
  ...paragraphs
    .filter((lines) => lines.length > 0)
    .flatMap((lines, i) => [...(i === 0 ? [] : ['']), ...lines.flatMap((line) => wrapped(ascii(line)))])
    .map((line) => (line === '' ? ' *' : ` * ${line}`)),
  ' *)',
];

/** What follows a number at the beginning is indented as the text behind it. */
function wrapped(line: string): readonly string[] {
  const [, number = ''] = /^(\d+\. )/.exec(line) ?? [];
  return wrap(line, commentWidth, ' '.repeat(number.length));
}

/** As herd reads comments: in ASCII, and without marks of comments inside. */
const ascii = (text: string): string =>
  text
    .replace(/\u2026/g, '...')
    .replace(/[^\x20-\x7e]/g, '?')
    .replaceAll('(*', '( *')
    .replaceAll('*)', '* )');

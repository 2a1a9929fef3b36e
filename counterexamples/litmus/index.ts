// The litmus file of a race's essence, with what memory models say of it in its comment.

import type { SourceLocation } from '../../models/language/index.js';
import { SentenceWriter } from '../essence/sentences.js';
import { Words } from '../trace/trace_words.js';
import { fileText, legend } from './file_text.js';
import { type RaceSource, type RaceTest, raceTest, withLock } from './race_test.js';
import type { LitmusStatement } from './statements.js';
import { type NamedVerdict, verdictsOf } from './verdicts.js';

export type { RaceSource } from './race_test.js';
export type { NamedVerdict } from './verdicts.js';

export interface RaceLitmus {
  /** A file of flavour C. */
  readonly text: string;
  /** LKMM is the first. */
  readonly verdicts: readonly NamedVerdict[];
  /** The same test, had the others held a lock, too. */
  readonly locked: readonly LockedTest[];
}

export interface LockedTest {
  readonly lock: string;
  readonly by: readonly string[];
  readonly text: string;
  readonly verdicts: readonly NamedVerdict[];
}

export interface LitmusWords {
  /** The name of the test. */
  readonly name: string;
  /** What the race is, as sentences. */
  readonly about: readonly string[];
  readonly locate: (at: SourceLocation) => string;
}

/** Throws a LitmusError, with the line of the model, for a race that no litmus test says. */
export function raceLitmus(race: RaceSource, { name, about, locate }: LitmusWords): RaceLitmus {
  const { program, found } = race;
  const test = raceTest(race);
  const verdicts = verdictsOf(fileText(test, name, []));
  const locked = test.advice.map(({ lock, notBy }): LockedTest => {
    const text = fileText(
      withLock(test, { lock, notBy } as (typeof test.advice)[number]),
      `${name}+locked`,
      [],
    );
    return { lock, by: notBy, text, verdicts: verdictsOf(text) };
  });
  const writer = new SentenceWriter(program, found, new Words(program, locate));
  const sentences = found.orderings.map((ordering, i) => `${i + 1}. ${writer.ordering(ordering).sentence}`);
  const actors = test.included.threads.map((thread) => program.threads[thread]!.name);
  const text = fileText(test, name, [
    [`Result: ${verdicts[0]!.outcome}`],
    about,
    [`It happens in every run of ${listed(actors)} in which`, ...sentences],
    [`By raceproof: ${verdictsText(verdicts)}.`, ...locked.map(lockedLine)],
    [...legend(test), ...notes(test)],
  ]);
  return { text, verdicts, locked };
}

const titles = { lkmm: 'LKMM', tso: 'x86-TSO', sc: 'SC' } as const;

/** `Sometimes under LKMM, x86-TSO and SC`. */
function verdictsText(verdicts: readonly NamedVerdict[]): string {
  const outcomes = [...new Set(verdicts.map(({ outcome }) => outcome))];
  const under = (wanted: NamedVerdict['outcome']) =>
    listed(verdicts.flatMap(({ model, outcome }) => (outcome === wanted ? [titles[model]] : [])));
  return outcomes.map((outcome) => `${outcome} under ${under(outcome)}`).join('; ');
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

const lockedLine = ({ lock, by, verdicts }: LockedTest): string =>
  `With ${lock} held by ${listed(by)}, too, around all accesses: ${verdictsText(verdicts)}.`;

function notes({ included, asked, threads }: RaceTest): readonly string[] {
  const kinds = new Set(
    included.spans.flatMap(({ lock, kind }) => (lock === undefined || kind === 'spinlock' ? [] : [kind])),
  );
  return [
    ...(kinds.size === 0
      ? []
      : ['Litmus tests have spinlocks alone: they stand for all locks that exclude each other.']),
    ...included.readOnlyLocks.map((lock) => `Left out: ${lock}, which all hold for reading.`),
    ...(asked.some(({ kind }) => kind === 'held')
      ? ['A litmus test ends: where an actor waits for a lock, it looks whether the lock is held.']
      : []),
    ...(threads.some(({ name }) => name === 'the property')
      ? ['The last threads look at what the property reads.']
      : []),
    ...(threads.some(({ statements }) => statements.some(({ statement }) => isPlain(statement)))
      ? ['Accesses to which the model gives no order are READ_ONCE() and WRITE_ONCE().']
      : []),
  ];
}

const isPlain = (statement: LitmusStatement): boolean =>
  (statement.kind === 'read' || statement.kind === 'write') && statement.order === 'plain';

// What a symmetric Program is made of in Murphi: a scalarset for each class of interchangeable threads, arrays over it
// of where they are and what is theirs. An owner has a kind, and beside it for each class which of them it is.
//
//   sem: owner_t;  sem_reader: reader_t;        sem = a_reader & sem_reader = p        the p-th reader owns it

import type { ThreadClass } from '../../analyse/swap.js';
import type { Program, Thread, Variable } from '../../ir/program.js';
import type { EnumSymbols } from '../symbols.js';
import { indexType, openWords, typeText, wordsText } from './murphi.js';
import type { Scalarsets } from './scalarsets.js';

/** Constants, types and variables. */
export function declarations(sets: Scalarsets): readonly string[] {
  const { program, symmetry, symbols } = sets;
  const singles = program.threads.filter(({ id }) => sets.classOf(id) === undefined);
  const places = [
    ...symmetry.classes.map((of) => ({ thread: of.threads[0]!, name: sets.atOf(of), of })),
    ...singles.map(({ id }) => ({ thread: id, name: symbols.at[id]!, of: undefined })),
  ].map((place) => ({ ...place, type: symbols.names.take(`${place.name}_t`) }));
  const owners = ownerTypes(program, sets);
  return [
    ...openWords(symbols.enums.filter((one) => !owners.includes(one))),
    'type',
    `  ${indexType}: -32768..32767;`,
    ...symmetry.classes.map((of) => `  ${sets.typeOf(of)}: scalarset(${of.threads.length});`),
    ...symbols.enums.map((one) => (owners.includes(one) ? ownerText(one, singles, sets) : wordsText(one))),
    ...places.map(({ type, thread }) => `  ${type}: enum { ${symbols.locations[thread]!.join(', ')} };`),
    'var',
    ...places.map(({ name, type, of }) => `  ${name}: ${arrayText(of, type, sets)};`),
    ...program.variables.flatMap((variable) => variableText(variable, sets)),
  ];
}

const ownerTypes = ({ variables }: Program, { symbols }: Scalarsets): readonly EnumSymbols[] =>
  variables.flatMap(({ domain }) => (domain.kind === 'owner' ? [symbols.enumOf(domain.values)] : []));

/** The kinds of an owner: nobody, one of those who are alone, or one of a class. */
function ownerText({ name, words }: EnumSymbols, singles: readonly Thread[], sets: Scalarsets): string {
  const kinds = [
    words[0]!,
    ...singles.map(({ id }) => words[id + 1]!),
    ...sets.symmetry.classes.map((of) => sets.kindOf(of)),
  ];
  return `  ${name}: enum { ${kinds.join(', ')} };`;
}

const arrayText = (of: ThreadClass | undefined, type: string, sets: Scalarsets): string =>
  of === undefined ? type : `array [${sets.typeOf(of)}] of ${type}`;

/** A variable, or the array that stands for it and those like it. */
function variableText({ id, domain }: Variable, sets: Scalarsets): readonly string[] {
  const family = sets.familyOf(id);
  if (family !== undefined && family.variables[0] !== id) return [];
  const named = sets.symmetry.namers.get(id);
  const type = named === undefined ? typeText(domain, sets.symbols) : sets.typeOf(named);
  const which = domain.kind === 'owner' ? [...sets.ownersOf(id)] : [];
  return [
    `  ${sets.nameOf(id)}: ${arrayText(family?.of, type, sets)};`,
    ...which.map(([of, name]) => `  ${name}: ${arrayText(family?.of, sets.typeOf(of), sets)};`),
  ];
}

// Constants, types and variables of a symmetric Program in Murphi.

import type { ThreadClass } from '../../../analyse/swap.js';
import type { Program, Thread, Variable } from '../../../ir/program.js';
import type { EnumSymbols } from '../../symbols.js';
import { indexTypeDeclaration, openWords, typeOf, wordsType } from '../shared.js';
import { type MurphiDeclarations, type MurphiParameter, type MurphiType, named } from '../syntax.js';
import type { SymmetricNames } from './names.js';

/** The array of a family stands for all its variables, and is declared at the place of the first. */
export function declarations(names: SymmetricNames): MurphiDeclarations {
  const { program, symmetry, symbols } = names;
  const singles = program.threads.filter(({ id }) => names.classOf(id) === undefined);
  const places = [
    ...symmetry.classes.map((of) => ({ thread: of.threads[0]!, name: names.of(of).at, of })),
    ...singles.map(({ id }) => ({ thread: id, name: symbols.at[id]!, of: undefined })),
  ].map((place) => ({ ...place, type: symbols.names.take(`${place.name}_t`) }));
  const owners = ownerTypes(program, names);
  return {
    kind: 'declarations',
    constants: openWords(symbols.enums.filter((one) => !owners.includes(one))),
    types: [
      indexTypeDeclaration,
      ...symmetry.classes.map(
        (of): MurphiParameter => ({
          name: names.of(of).type.name,
          type: { kind: 'scalarset', size: of.threads.length },
        }),
      ),
      ...symbols.enums.map((one) => ({
        name: one.name,
        type: owners.includes(one) ? ownerType(one, singles, names) : wordsType(one),
      })),
      ...places.map(
        ({ type, thread }): MurphiParameter => ({
          name: type,
          type: { kind: 'enum', words: symbols.locations[thread]! },
        }),
      ),
    ],
    variables: [
      ...places.map(({ name, type, of }) => ({ name, type: inArray(of, named(type), names) })),
      ...program.variables.flatMap((variable) => variablesFor(variable, names)),
    ],
  };
}

const ownerTypes = ({ variables }: Program, { symbols }: SymmetricNames): readonly EnumSymbols[] =>
  variables.flatMap(({ domain }) => (domain.kind === 'owner' ? [symbols.enumOf(domain.values)] : []));

/** The kinds of an owner: none, a thread that is in no class, or a thread of a class. */
const ownerType = (
  { words }: EnumSymbols,
  singles: readonly Thread[],
  names: SymmetricNames,
): MurphiType => ({
  kind: 'enum',
  words: [
    words[0]!,
    ...singles.map(({ id }) => words[id + 1]!),
    ...names.symmetry.classes.map((of) => names.of(of).kind),
  ],
});

const inArray = (of: ThreadClass | undefined, type: MurphiType, names: SymmetricNames): MurphiType =>
  of === undefined ? type : { kind: 'array', over: names.of(of).type.name, of: type };

/** A variable, or the array of its family. */
function variablesFor({ id, domain }: Variable, names: SymmetricNames): readonly MurphiParameter[] {
  const family = names.familyOf(id);
  if (family !== undefined && family.variables[0] !== id) return [];
  const naming = names.symmetry.namers.get(id);
  const type = naming === undefined ? typeOf(domain, names.symbols) : names.of(naming).type;
  const which = domain.kind === 'owner' ? [...names.ownersOf(id)] : [];
  return [
    { name: names.nameOf(id), type: inArray(family?.of, type, names) },
    ...which.map(([of, name]) => ({ name, type: inArray(family?.of, names.of(of).type, names) })),
  ];
}

// The names of a symmetric Program in Murphi: a scalarset for each class of interchangeable threads, and arrays over it
// for their locations and variables. An owner has a kind, and beside it for each class a variable that holds the
// thread.
//
//   sem: owner_t;  sem_reader: reader_t;        sem = a_reader & sem_reader = p        the p-th reader owns it

import type { Symmetry, ThreadClass, VariableFamily } from '../../../analyse/swap.js';
import type { Location, Program, ThreadId, VariableId } from '../../../ir/program.js';
import type { Symbols } from '../../symbols.js';
import { type MurphiType, named } from '../syntax.js';

/** The names of a class of threads. */
export interface ClassNames {
  /** Its scalarset. */
  readonly type: MurphiType & { readonly kind: 'named' };
  /** The array of their locations. */
  readonly at: string;
  /** The word for an owner that is a thread of the class. */
  readonly kind: string;
}

/** A Program, its symmetry, and the names of all its parts over scalarsets. */
export interface SymmetricNames {
  readonly program: Program;
  readonly symmetry: Symmetry;
  readonly symbols: Symbols;
  /** The variables that a rule binds, in their order: p, q, … */
  readonly ruleLetters: readonly string[];
  /** The variables that nested quantifiers and loops bind: x, y, … */
  readonly quantifierLetters: readonly string[];
  classOf(thread: ThreadId): ThreadClass | undefined;
  of(threads: ThreadClass): ClassNames;
  familyOf(id: VariableId): VariableFamily | undefined;
  /** The name of a variable, or of the array in which it stands. */
  nameOf(id: VariableId): string;
  /** Beside the kind of an owner: for each class, the variable that holds the thread. */
  ownersOf(id: VariableId): ReadonlyMap<ThreadClass, string>;
  /** The word for a location of a thread, the same for all of a class. */
  locationOf(thread: ThreadId, location: Location): string;
}

/** Assigns all names, in an order that depends on the Program alone. */
export function symmetricNames(program: Program, symmetry: Symmetry, symbols: Symbols): SymmetricNames {
  const { names } = symbols;
  const classes = new Map(
    symmetry.classes.map((one): readonly [ThreadClass, ClassNames] => [
      one,
      {
        type: named(names.take(`${one.name}_t`)) as ClassNames['type'],
        at: names.take(`at_${one.name}`),
        kind: names.take(`a_${one.name}`),
      },
    ]),
  );
  const arrays = arrayNames(symmetry, symbols);
  const nameOf = (id: VariableId) => arrays.get(id)?.name ?? symbols.variables[id]!;
  const owners = ownerNames(program, symmetry, symbols, nameOf);
  const classOf = (thread: ThreadId) => symmetry.classes.find(({ threads }) => threads.includes(thread));
  const letters = (wishes: string) =>
    symmetry.classes.flatMap(({ threads }) => threads).map((_, i) => names.take(wishes[i % wishes.length]!));
  return {
    program,
    symmetry,
    symbols,
    ruleLetters: letters('pqrstu'),
    quantifierLetters: letters('xyz'),
    classOf,
    of: (threads) => classes.get(threads)!,
    familyOf: (id) => arrays.get(id)?.family,
    nameOf,
    ownersOf: (id) => owners.get(nameOf(id))!,
    locationOf: (thread, location) => symbols.locations[classOf(thread)?.threads[0] ?? thread]![location]!,
  };
}

/** By variable: its family, and the name of the array over the class. */
function arrayNames({ families }: Symmetry, { groups, names }: Symbols) {
  const arrays = new Map<VariableId, { readonly family: VariableFamily; readonly name: string }>();
  for (const family of families) {
    // Variables that an index selects have a name already.
    const row = groups.find((group) => group.variables.join() === family.variables.join());
    const name = row?.name ?? names.take(family.name);
    for (const id of family.variables) arrays.set(id, { family, name });
  }
  return arrays;
}

/** By the name of an owner: for each class, the variable beside it. */
function ownerNames(
  { variables }: Program,
  { classes }: Symmetry,
  { names }: Symbols,
  nameOf: (id: VariableId) => string,
): ReadonlyMap<string, ReadonlyMap<ThreadClass, string>> {
  const owners = new Map<string, ReadonlyMap<ThreadClass, string>>();
  for (const { id, name, domain } of variables) {
    if (domain.kind !== 'owner') continue;
    owners.set(nameOf(id), new Map(classes.map((one) => [one, names.take(`${name}_${one.name}`)])));
  }
  return owners;
}

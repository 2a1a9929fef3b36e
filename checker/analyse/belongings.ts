// What may belong to the copies of an actor, and which numbers may name the copies: proposals that symmetry.ts checks.
// Locals and shares of locks belong to their threads. An array with one element for each copy may belong to the copies,
// and the values of one place may name them; evidence.ts decides what the steps decide, and each combination of the
// rest is a proposal.
//
//   arrived[0 … 2] of worker[0 … 2]     worker[0] writes arrived[0], worker[1] writes arrived[1]: arrived belongs to them, nothing is left to try

import type { Program, Variable, VariableId } from '../ir/program.js';
import { type Decision, evidenceOf, type Unit } from './evidence.js';
import type { Symmetry, ThreadClass, VariableFamily } from './swap.js';

/** At most 2 to the power of this many proposals are made; units beyond that keep their likelier answer. */
const openMax = 10;

/**
 * The proposals, added to what is known of other threads. Likelier ones first: more variables belong to threads, and
 * fewer values name them.
 */
export function proposals(of: ThreadClass, known: Symmetry, program: Program): readonly Symmetry[] {
  const taken = new Set(known.families.flatMap(({ variables }) => variables));
  const isFree = ({ variables }: VariableFamily) => variables.every((id) => !taken.has(id));
  const owned = ownedBy(of, program).filter(isFree);
  const rows = elementsFor(of, program).filter(isFree);
  const numbers = numbersOf(of, [...rows, ...owned], program).filter((ids) =>
    ids.every((id) => canName(id, of, program) && !known.namers.has(id)),
  );
  const units = [
    ...rows.map(({ variables }): Unit => ({ asks: 'belongs', variables })),
    ...numbers.map((variables): Unit => ({ asks: 'names', variables })),
  ];
  const decisions = evidenceOf(units, owned, of, program);
  if (decisions === undefined) return [];
  const answers = choices(decisions).map((yes) => ({
    theirs: rows.filter((_, i) => yes.has(i)),
    named: numbers.filter((_, i) => yes.has(rows.length + i)),
  }));
  return answers
    .map(({ theirs, named }) => ({ families: [...owned, ...theirs], named }))
    .filter(({ families }) => areDisjoint(families))
    .map(({ families, named }) => ({
      classes: [...known.classes, of],
      families: [...known.families, ...families],
      namers: new Map([...known.namers, ...named.flat().map((id) => [id, of] as const)]),
      noThread: known.noThread,
    }));
}

const areDisjoint = (families: readonly VariableFamily[]): boolean => {
  const all = families.flatMap(({ variables }) => variables);
  return new Set(all).size === all.length;
};

/**
 * All assignments of answers to the open units, each as the set of units that are answered yes. Likelier ones first.
 */
function choices(decisions: readonly Decision[]): readonly ReadonlySet<number>[] {
  const open = decisions.filter(({ answer }) => answer === undefined).slice(0, openMax);
  const all = Array.from({ length: 2 ** open.length }, (_, bits) =>
    decisions.flatMap((decision) => {
      const place = open.indexOf(decision);
      const isUnlikely = place >= 0 && (bits & (1 << place)) !== 0;
      const answer = decision.answer ?? decision.likelier !== isUnlikely;
      return answer ? decision.units : [];
    }),
  );
  const unlikely = all.map((_, bits) => open.filter((_, place) => (bits & (1 << place)) !== 0).length);
  return [...all.keys()].sort((a, b) => unlikely[a]! - unlikely[b]! || a - b).map((i) => new Set(all[i]));
}

/** Groups variables by a key, in the order of the variables; those without one are left out. */
function grouped(variables: readonly Variable[], keyOf: (variable: Variable) => string | undefined) {
  const groups = new Map<string, Variable[]>();
  for (const variable of variables) {
    const key = keyOf(variable);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), variable]);
  }
  return [...groups.values()];
}

/** The locals of the threads, and their shares in sets of holders. */
function ownedBy(of: ThreadClass, { variables }: Program): readonly VariableFamily[] {
  const rankOf = ({ thread, holder }: Variable) => of.threads.indexOf(thread ?? holder ?? -1);
  const groups = grouped(variables, (one) =>
    rankOf(one) < 0 || one.place === undefined
      ? undefined
      : JSON.stringify([one.thread === undefined, one.place]),
  );
  return groups.flatMap((group): readonly VariableFamily[] => {
    if (!of.threads.every((_, i) => group[i] !== undefined && rankOf(group[i]) === i)) return [];
    const text = placeText(group[0]!);
    const name = group[0]!.thread === undefined ? `${text}[${of.name}]` : `${of.name}:${text}`;
    return [{ name, of, variables: group.map(({ id }) => id) }];
  });
}

const placeText = ({ place = [] }: Variable, without?: number): string =>
  place
    .map((part, i) =>
      i === without ? '' : typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${part}`,
    )
    .join('');

/** Shared variables that differ in one index, of an array with as many elements as there are threads. */
function elementsFor(of: ThreadClass, { variables }: Program): readonly VariableFamily[] {
  const shared = variables.filter(({ thread }) => thread === undefined);
  const depth = Math.max(0, ...shared.map(({ place = [] }) => place.length));
  const rows = [...Array(depth).keys()].flatMap((at) =>
    grouped(shared, ({ place = [], holder }) =>
      typeof place[at] === 'number' ? JSON.stringify([place.with(at, ''), holder]) : undefined,
    ).map((row) => ({ at, row })),
  );
  return rows
    .filter(({ row }) => row.length === of.threads.length)
    .sort((a, b) => a.row[0]!.id - b.row[0]!.id)
    .map(({ at, row }) => {
      const { holder } = row[0]!;
      const share = holder === undefined ? '' : `[${holder}]`;
      return { name: `${placeText(row[0]!, at)}${share}`, of, variables: row.map(({ id }) => id) };
    });
}

/** Variables of one place, whatever the indices and the copy of an actor; those in rows come first. */
function numbersOf(
  { threads }: ThreadClass,
  rows: readonly VariableFamily[],
  { variables, actors = [] }: Program,
): readonly (readonly VariableId[])[] {
  const inRows = new Set(rows.flatMap((row) => row.variables));
  const ownerOf = ({ thread }: Variable) =>
    thread === undefined ? '' : (actors.find((all) => all.threads.includes(thread))?.name ?? thread);
  const all = grouped(variables, (one) =>
    one.place === undefined
      ? `${one.id}`
      : JSON.stringify([ownerOf(one), one.place.map((part) => (typeof part === 'number' ? null : part))]),
  ).map((group) => group.map(({ id }) => id));
  const isInRow = (ids: readonly VariableId[]) => threads.length > 0 && ids.some((id) => inRows.has(id));
  return [...all.filter(isInRow), ...all.filter((ids) => !isInRow(ids))];
}

function canName(id: VariableId, { threads }: ThreadClass, { variables }: Program): boolean {
  const { domain } = variables[id]!;
  return domain.kind === 'int' && domain.min <= 0 && domain.max >= threads.length - 1;
}

// The tie to the engines: with a few members, the states that a Schema reaches are exactly those of the Program that
// lowering makes, variable by variable and location by location.

import type { ComposedProgram } from '../ir/monitors.js';
import type { StoredStates } from '../search/stored_states.js';
import { type Configuration, initialConfiguration } from './configuration.js';
import { SchemaEvaluator } from './evaluate.js';
import { type Membership, nobody } from './membership.js';
import { NotUniform, type Schema } from './schema.js';
import type { Sizes } from './sizes.js';

/**
 * Throws a NotUniform unless the schema reaches the states of the Program, which has so many members. `of` is a
 * Membership of a larger Program of the same model: it names each member's variables.
 */
export function requireSameStates(
  schema: Schema,
  of: Membership,
  program: ComposedProgram,
  sizes: Sizes,
  states: StoredStates,
): void {
  const where = schema.classes.map(({ setting }, i) => `${setting}=${sizes[i]}`).join(' ');
  const word = wordsOf(of, program, sizes, where);
  const own = reachable(schema, sizes, word, states.count);
  for (let state = 0; state < states.count; state++) {
    const columns = Array.from({ length: states.columns }, (_, column) => states.value(state, column));
    if (!own.delete(columns.join())) throw differs(where);
  }
  if (own.size > 0) throw differs(where);
}

const differs = (where: string): NotUniform =>
  new NotUniform(`with ${where} its states are not those of the program for any number`);

/** The words of all configurations that are reached; stops when they are more than `most`. */
function reachable(
  schema: Schema,
  sizes: Sizes,
  word: (of: Configuration) => string,
  most: number,
): Set<string> {
  const evaluator = new SchemaEvaluator(schema);
  const first = initialConfiguration(
    schema,
    sizes.flatMap((size, index) => Array<number>(size).fill(index)),
  );
  const found = new Set([word(first)]);
  const open = [first];
  for (let here = open.pop(); here !== undefined; here = open.pop()) {
    for (const step of schema.steps) {
      for (const effect of evaluator.effects(step, here)) {
        if ('fault' in effect || found.has(word(effect.to))) continue;
        found.add(word(effect.to));
        open.push(effect.to);
        if (found.size > most) return found;
      }
    }
  }
  return found;
}

/** How the Program writes a configuration of so many members: locations and values, in its own order. */
function wordsOf(
  of: Membership,
  program: ComposedProgram,
  sizes: Sizes,
  where: string,
): (of: Configuration) => string {
  const threadNamed = new Map(program.threads.map(({ id, name }) => [name, id]));
  const variableNamed = new Map(program.variables.map(({ id, name }) => [name, id]));
  const found = (map: ReadonlyMap<string, number>, name: string): number => {
    const id = map.get(name);
    if (id === undefined) throw new NotUniform(`${name} is missing with ${where}`);
    return id;
  };
  const { threads, variables } = of.program;
  const sharedThreads = of.threads.map((id) => found(threadNamed, threads[id]!.name));
  const sharedVariables = of.variables.map((id) => found(variableNamed, variables[id]!.name));
  /** By member, in the order of configurations. */
  const members = sizes.flatMap((size, index) =>
    Array.from({ length: size }, (_, rank) => ({
      rank,
      thread: found(threadNamed, threads[of.classes[index]!.threads[rank]!]!.name),
      variables: of.families[index]!.map((family) =>
        found(variableNamed, variables[family.variables[rank]!]!.name),
      ),
    })),
  );
  const width = program.threads.length + program.variables.length;
  const covered =
    sharedThreads.length +
    sharedVariables.length +
    members.reduce((sum, one) => sum + 1 + one.variables.length, 0);
  if (covered !== width)
    throw new NotUniform(`with ${where} there are other variables or actors than with more`);
  const valueIn = (id: number, like: number, value: number): number => {
    const named = of.namedBy({ variables: [like] });
    if (named === undefined) return value;
    if (named === 'owner') {
      if (value === nobody) return 0;
      return 1 + (value > nobody ? members[value]!.thread : sharedThreads[nobody - 1 - value]!);
    }
    // Nobody is the number with which it starts.
    return value === nobody ? program.variables[id]!.initial[0]! : members[value]!.rank;
  };
  return (here) => {
    const word = Array<number>(width);
    const at = (id: number) => program.threads.length + id;
    for (const [i, id] of sharedThreads.entries()) word[id] = here.at[i]!;
    for (const [i, id] of sharedVariables.entries()) {
      word[at(id)] = valueIn(id, of.variables[i]!, here.values[i]!);
    }
    for (const [i, member] of members.entries()) {
      const { at: location, values, class: index } = here.members[i]!;
      word[member.thread] = location;
      for (const [family, id] of member.variables.entries()) {
        word[at(id)] = valueIn(id, of.families[index]![family]!.variables[0]!, values[family]!);
      }
    }
    return word.join();
  };
}

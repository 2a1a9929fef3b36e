// Small random Programs with properties, for comparing engines: variables of every kind, arrays with indices that may
// be out of range, divisions by numbers that may be zero, several first values, reports, and steps that leave a domain.
// Each is small enough to explore completely; most violate something. conformance/ has its own generator, for Programs
// that other tools can run: here numbers exceed 32 bits, and properties may have no value, which other tools cannot run
// or define differently; there texts are odd, and properties are about whole runs as well.

import {
  allOf,
  arithmetic,
  at,
  boundsOf,
  constant,
  equal,
  ifElse,
  int,
  less,
  not,
  or,
  read,
  truth,
  typeOfDomain,
} from '../ir/expression.js';
import type { Assignment, Cell, Domain, Expr, Program, Step, Thread, Variable } from '../ir/program.js';
import type { Property } from '../property/property.js';
import { type Random, random } from './random.js';

export interface RandomProgram {
  readonly program: Program;
  readonly properties: readonly Property[];
}

interface Draw {
  readonly dice: Random;
  readonly variables: readonly Variable[];
  readonly threads: readonly Thread[];
  /** Variables of one domain that an index may choose from: every variable alone, and some rows. */
  readonly rows: readonly (readonly number[])[];
}

export function randomProgram(seed: number): RandomProgram {
  const dice = random(seed);
  const threadCount = 1 + dice.below(3);
  const names = Array.from({ length: threadCount }, (_, id) => `thread${id}`);
  const { variables, rows } = randomVariables(dice, names);
  const threads = names.map((name, id): Thread => randomThread(dice, name, id));
  const draw = { dice, variables, threads, rows };
  const steps = threads.flatMap((thread) =>
    Array.from({ length: 1 + dice.below(5) }, () => randomStep(draw, thread)),
  );
  const initially = dice.oneIn(3) ? safely(randomBool(draw, 2)) : truth(true);
  const program: Program = {
    name: `random ${seed}`,
    settings: {},
    variables,
    threads,
    steps: steps.map((step, id) => ({ ...step, id })),
    initially,
  };
  const properties = Array.from({ length: dice.below(4) }, (_, i): Property => {
    const expectation = dice.pick(['always', 'never', 'sometimes'] as const);
    return { name: `property${i}`, expectation, condition: randomBool(draw, 3), source: {} };
  });
  return { program, properties };
}

/** The condition on initial states must have a value. */
const safely = (x: Expr): Expr =>
  x.op === 'at' || x.op === 'eq' || x.op === 'lt' ? onlyPlain(x) : truth(true);
const onlyPlain = (x: Expr): Expr => (JSON.stringify(x).match(/"index"|"div"|"mod"/) ? truth(true) : x);

function randomVariables(dice: Random, threads: readonly string[]) {
  const variables: Variable[] = [];
  const rows: number[][] = [];
  const count = 1 + dice.below(4);
  for (let group = 0; group < count; group++) {
    const domain = randomDomain(dice, threads);
    const { min, max } = boundsOf(domain);
    const size = dice.oneIn(3) ? 2 + dice.below(3) : 1;
    const row = Array.from({ length: size }, (_, i) => {
      const value = () => min + dice.below(Math.min(max - min + 1, 40));
      const many = variables.filter((variable) => variable.initial.length > 1).length;
      const initial = dice.oneIn(5) && many < 3 ? [...new Set([value(), value(), value()])] : [value()];
      const name = size === 1 ? `v${group}` : `v${group}[${i}]`;
      variables.push({ id: variables.length, name, domain, initial });
      return variables.length - 1;
    });
    rows.push(row, ...(size > 1 ? row.map((id) => [id]) : []));
  }
  return { variables, rows };
}

function randomDomain(dice: Random, threads: readonly string[]): Domain {
  switch (dice.below(6)) {
    case 0:
      return { kind: 'bool' };
    case 1:
      return { kind: 'enum', values: ['none', 'some', 'all'].slice(0, 2 + dice.below(2)) };
    case 2:
      return { kind: 'owner', values: ['free', ...threads] };
    case 3:
      return dice.oneIn(6)
        ? { kind: 'int', min: -(2 ** 31), max: 2 ** 31 - 1 }
        : { kind: 'int', min: -999, max: 999 };
    default: {
      const min = dice.below(4) - 2;
      return { kind: 'int', min, max: min + dice.below(6) };
    }
  }
}

function randomThread(dice: Random, name: string, id: number): Thread {
  const length = 1 + dice.below(4);
  const locations = Array.from({ length: length + 1 }, (_, i) => ({ label: `l${i}`, path: `l${i}` }));
  const thread = { id, name, locations, start: dice.below(length), done: length - 1 };
  return dice.oneIn(3) ? { ...thread, dead: length } : thread;
}

function randomStep(draw: Draw, thread: Thread): Omit<Step, 'id'> {
  const { dice } = draw;
  const location = () => dice.below(thread.locations.length);
  const rows = Array.from({ length: dice.below(3) }, () => dice.pick(draw.rows));
  const written = new Set<number>();
  const assignments = rows.flatMap((row): readonly Assignment[] => {
    if (row.some((id) => written.has(id))) return [];
    for (const id of row) written.add(id);
    return [randomAssignment(draw, row)];
  });
  const report = { kind: dice.pick(['bug', 'warning'] as const), message: `assertion ${dice.below(2)}` };
  return {
    thread: thread.id,
    from: dice.oneIn(2) ? thread.start : location(),
    to: location(),
    label: 'l',
    caption: '',
    source: {},
    guard: dice.oneIn(2) ? truth(true) : randomBool(draw, 2),
    assignments,
    ...(dice.oneIn(6) && { reports: report }),
  };
}

function randomAssignment(draw: Draw, row: readonly number[]): Assignment {
  const { domain } = draw.variables[row[0]!]!;
  const target = randomCell(draw, row, 1);
  const type = typeOfDomain(domain);
  if (type === 'int') return { target, value: randomInt(draw, 2) };
  if (type === 'bool') return { target, value: randomBool(draw, 2) };
  return { target, value: randomWord(draw, type) };
}

function randomCell({ dice, ...draw }: Draw, row: readonly number[], depth: number): Cell {
  if (row.length === 1 && !dice.oneIn(20)) return { variables: row };
  return {
    variables: row,
    index: dice.oneIn(4) ? int(dice.below(row.length + 1)) : randomInt({ dice, ...draw }, depth),
  };
}

function randomRead(draw: Draw, fits: (domain: Domain) => boolean, depth: number): Expr | undefined {
  const rows = draw.rows.filter(([id]) => fits(draw.variables[id!]!.domain));
  if (rows.length === 0) return undefined;
  const row = draw.dice.pick(rows);
  return read(randomCell(draw, row, depth - 1), typeOfDomain(draw.variables[row[0]!]!.domain));
}

function randomInt(draw: Draw, depth: number): Expr {
  const { dice } = draw;
  if (depth <= 0 || dice.oneIn(4)) {
    const known = dice.oneIn(3) ? undefined : randomRead(draw, ({ kind }) => kind === 'int', depth);
    return depth >= 0 && known !== undefined ? known : int(dice.below(6) - 2);
  }
  const inner = () => randomInt(draw, depth - 1);
  if (dice.oneIn(5)) return ifElse(randomBool(draw, depth - 1), inner(), inner());
  return arithmetic(dice.pick(['add', 'sub', 'mul', 'div', 'mod'] as const), inner(), inner());
}

function randomWord(draw: Draw, type: readonly string[]): Expr {
  const word = constant(draw.dice.below(type.length), type);
  const same = (domain: Domain) => typeOfDomain(domain).toString() === type.toString();
  return draw.dice.oneIn(2) ? word : (randomRead(draw, same, 1) ?? word);
}

function randomBool(draw: Draw, depth: number): Expr {
  const { dice, threads } = draw;
  if (depth <= 0) {
    const thread = dice.pick(threads);
    const places = thread.locations.map((_, i) => i).filter(() => dice.oneIn(2));
    return at(thread.id, places);
  }
  const inner = () => randomBool(draw, depth - 1);
  switch (dice.below(9)) {
    case 0:
      return not(inner());
    case 1:
      return allOf([inner(), inner()]);
    case 2:
      return or(inner(), inner());
    case 3:
      return ifElse(inner(), inner(), inner());
    case 4:
      return less('lt', randomInt(draw, depth - 1), randomInt(draw, depth - 1));
    case 5:
      return less('le', randomInt(draw, depth - 1), randomInt(draw, depth - 1));
    case 6: {
      const word = randomRead(draw, ({ kind }) => kind === 'enum' || kind === 'owner', depth);
      if (word?.op !== 'read' || typeof word.type === 'string') return inner();
      return equal(word, randomWord(draw, word.type));
    }
    case 7:
      return equal(randomInt(draw, depth - 1), randomInt(draw, depth - 1));
    default:
      return randomRead(draw, ({ kind }) => kind === 'bool', depth) ?? inner();
  }
}

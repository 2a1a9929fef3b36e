// A symmetric Program for rumur's symmetry reduction: interchangeable threads are a scalarset, what belongs to them are
// arrays over it, and one rule, for any of them, stands for the same step of all. Without the reduction the states are
// still ours; with it there are fewer, and the same verdicts.
//
//   worker[0] … worker[2], arrived[0] … arrived[2]   ->   worker_t: scalarset(3); arrived: array [worker_t] of boolean;

import { assignmentKey, stepKey } from '../../analyse/keys.js';
import { classOf, isAboutAnybody, namedBy, Swap, type ThreadClass } from '../../analyse/swap.js';
import { symmetryOf } from '../../analyse/symmetry.js';
import { asks, hasStatedCondition, invariantOf, isExample } from '../../decide/decide.js';
import { isTrue, typeOfDomain } from '../../ir/expression.js';
import type { Assignment, Expr, Location, Program, Step, ThreadId } from '../../ir/program.js';
import type { Check } from '../../search/report.js';
import { identifier, plainText, Titles } from '../names.js';
import { spoilsItself, takenAside } from '../order.js';
import { ExportError, refuseWideNumbers } from '../refusals.js';
import { expressionsOf, finalExpr, finalText, symbolsOf } from '../symbols.js';
import { clauseOf, indexType, readFunction, reserved, store, typeText, widest } from './murphi.js';
import { type Bound, type Grouping, Scalarsets, Unbound } from './scalarsets.js';
import { declarations } from './symmetric_declarations.js';

/**
 * The Program and some of its checks as text for rumur, with a scalarset for each class of interchangeable threads. A
 * check that names one of them is asked of any. Throws an ExportError if no threads are interchangeable.
 */
export function exportSymmetricMurphi(program: Program, all: readonly Check[]): string {
  const checks = all.filter((check) => !asks(check, 'run'));
  refuseWideNumbers(expressionsOf(program, checks), program);
  const symmetry = symmetryOf(program);
  if (symmetry.classes.length === 0) {
    throw new ExportError(`${program.name} has no actors that are interchangeable: no scalarset`);
  }
  const symbols = symbolsOf(program, checks, [...reserved, ...takenAside(program)]);
  const sets = new Scalarsets(program, symmetry, symbols);
  const titles = new Titles();
  const asserted = new Set(checks.filter((check) => asks(check, 'report')).map(({ name }) => name));
  const hasDeadlockCheck = checks.some((check) => asks(check, 'deadlock'));
  const rules = orbits(program, sets).flatMap((step) => ['', ...ruleText(step, sets, titles, asserted)]);
  const conditions = [
    ...(hasDeadlockCheck ? ['', ...finishedRule(sets)] : []),
    ...checks.flatMap((check) => checkText(check, sets)),
  ];
  return [
    ...header(sets, hasDeadlockCheck),
    '',
    ...declarations(sets),
    ...symbols.groups
      .filter(({ variables }) => sets.familyOf(variables[0]!) === undefined)
      .flatMap((group) => ['', ...readFunction(group, program, symbols)]),
    ...sets.functions([...rules, ...conditions].join('\n')),
    '',
    ...startState(sets),
    ...rules,
    ...conditions,
    '',
  ].join('\n');
}

function header({ program, symmetry }: Scalarsets, hasDeadlockCheck: boolean): readonly string[] {
  const settings = Object.entries(program.settings).map(([name, value]) => `${name}=${value}`);
  const deadlock = hasDeadlockCheck ? 'stuck' : 'off';
  const file = identifier(program.name);
  const classes = symmetry.classes.map(({ name, threads }) => `${threads.length} of ${name}`);
  return [
    `-- ${plainText([program.name, ...settings].join(' '))}`,
    `-- Interchangeable: ${classes.join(', ')}. States that differ in their order alone count once;`,
    '-- with --symmetry-reduction off they are the states that raceproof counts.',
    `-- rumur --threads 1 --value-type int32_t --deadlock-detection ${deadlock} -o ${file}.c ${file}.m`,
    `-- cc -O2 -mcx16 -o ${file} ${file}.c -lpthread && ./${file}     (-latomic in place of -mcx16 off x86)`,
  ];
}

function startState(sets: Scalarsets): readonly string[] {
  const { program, symmetry, symbols } = sets;
  const first = (id: number): Assignment => {
    const { domain, initial } = program.variables[id]!;
    const value: Expr = { op: 'const', value: initial[0]!, type: typeOfDomain(domain) };
    return { target: { variables: [id] }, value };
  };
  const loops = symmetry.classes.flatMap((of) => {
    const [thread] = of.threads as [ThreadId];
    const { name, inner } = sets.withEach(thread, new Map());
    const own = symmetry.families.filter((family) => family.of === of);
    const start = program.threads[thread]!.start;
    return [
      `  for ${name}: ${sets.typeOf(of)} do`,
      `    ${sets.atOf(of)}[${name}] := ${symbols.locations[thread]![start]};`,
      ...own.flatMap(({ variables }) => assign(first(variables[0]!), sets, inner)).map((line) => `  ${line}`),
      '  endfor;',
    ];
  });
  const singles = program.threads.filter(({ id }) => sets.classOf(id) === undefined);
  const shared = program.variables.filter(({ id }) => sets.familyOf(id) === undefined);
  return [
    'startstate "initial"',
    'begin',
    ...loops,
    ...singles.map(({ id, start }) => `  ${symbols.at[id]} := ${symbols.locations[id]![start]};`),
    ...shared.flatMap(({ id }) => assign(first(id), sets, new Map())),
    'end;',
  ];
}

/** The first of all steps that are the same but for who takes them. */
function orbits(program: Program, { symmetry }: Scalarsets): readonly Step[] {
  const seen = new Set<string>();
  const swaps = symmetry.classes.flatMap(({ threads: [first, ...others] }) =>
    others.map((other) => new Swap(symmetry, first!, other, program)),
  );
  return program.steps.filter((step) => {
    if (seen.has(stepKey(step))) return false;
    const orbit = new Map([[stepKey(step), step]]);
    for (const one of orbit.values()) {
      for (const swap of swaps) {
        const image = swap.step(one);
        if (!orbit.has(stepKey(image))) orbit.set(stepKey(image), image);
      }
    }
    for (const key of orbit.keys()) seen.add(key);
    return true;
  });
}

/** What `make` says of bound threads: of these, and of those that it turns out to need. */
function withBound<T>(threads: readonly ThreadId[], sets: Scalarsets, make: (bound: Bound) => T) {
  const bound = new Map(threads.map((thread, i) => [thread, sets.letter('p', i)] as const));
  for (;;) {
    try {
      return { bound, made: make(bound) };
    } catch (error) {
      if (!(error instanceof Unbound) || bound.has(error.thread)) throw error;
      bound.set(error.thread, sets.letter('p', bound.size));
    }
  }
}

/** That the bound threads of a class are different; or, with `=`, the ways in which two are the same. */
const areDifferent = (bound: Bound, sets: Scalarsets, sign: '!=' | '=' = '!='): readonly string[] =>
  [...bound].flatMap(([thread, name], i) =>
    sets.isOther(name, sets.classOf(thread)!, new Map([...bound].slice(i + 1)), sign),
  );

function ruleText(
  step: Step,
  sets: Scalarsets,
  titles: Titles,
  asserted: ReadonlySet<string>,
): readonly string[] {
  const { thread, from, to, guard, reports, label, caption } = step;
  const of = sets.classOf(thread);
  const file = step.source.file === undefined ? '' : `${step.source.file}: `;
  const { bound, made } = withBound(of === undefined ? [] : [thread], sets, (names) => {
    const condition = isTrue(guard) ? [] : [sets.text(guard, names)];
    return { condition, body: bodyOf(step, sets, names) };
  });
  const parameters = [...bound].map(([id, name]) => `${name}: ${sets.typeOf(sets.classOf(id)!)}`);
  const conditions = [...areDifferent(bound, sets), sets.at(thread, from, bound), ...made.condition];
  const who = of?.name ?? sets.program.threads[thread]!.name;
  return [
    ...(parameters.length === 0 ? [] : [`ruleset ${parameters.join('; ')} do`]),
    `-- ${plainText(`${file}${caption}`)}`,
    `rule "${titles.take(plainText(`${who}: ${label}`))}"`,
    `  ${conditions.join(' & ')}`,
    '==>',
    ...made.body.locals,
    'begin',
    ...made.body.statements,
    ...(from === to ? [] : [`  ${move(thread, to, sets, bound)}`]),
    ...(reports !== undefined && asserted.has(reports.message)
      ? [`  error "${plainText(reports.message)}";`]
      : []),
    'end;',
    ...(parameters.length === 0 ? [] : ['end;']),
  ];
}

const move = (thread: ThreadId, to: Location, sets: Scalarsets, bound: Bound): string =>
  `${sets.placeOf(thread, bound)} := ${sets.locationOf(thread, to)};`;

/** The effects, one after the other; values that an earlier one would spoil are taken aside first. */
function bodyOf({ assignments }: Step, sets: Scalarsets, bound: Bound) {
  const spoils = spoilsItself(assignments) || spoilsItself([...assignments].reverse());
  const kind: Grouping<Assignment> = {
    threads: ({ target, value }) => {
      return [...sets.threadsOf(target), ...sets.threads(value, namedBy(target, sets.symmetry))];
    },
    key: assignmentKey,
    swapped: (assignment, swap) => swap.assignment(assignment),
  };
  const open = assignments.flatMap(kind.threads).find((thread) => !bound.has(thread));
  if (spoils && open !== undefined) throw new Unbound(open);
  if (spoilsItself(assignments)) return aside(assignments, sets, bound);
  const statements = sets.grouped(assignments, kind, bound).flatMap(({ item, each }) => {
    if (each === undefined) return assign(item, sets, bound);
    const { name, inner, of } = sets.withEach(each, bound);
    const others = sets.isOther(name, of, bound);
    const body = assign(item, sets, inner).map((line) => `  ${line}`);
    return [
      `  for ${name}: ${sets.typeOf(of)} do`,
      ...(others.length === 0 ? body : [`    if ${others.join(' & ')} then`, ...body, '    endif;']),
      '  endfor;',
    ];
  });
  return { locals: [] as string[], statements };
}

function aside(assignments: readonly Assignment[], sets: Scalarsets, bound: Bound) {
  const locals: string[] = [];
  const [values, writes]: [string[], string[]] = [[], []];
  const keep = (name: string, type: string): string => {
    locals.push(`var ${name}: ${type};`);
    return name;
  };
  for (const [i, { target, value }] of assignments.entries()) {
    const { variables, index } = target;
    const named = namedBy(target, sets.symmetry);
    const { domain } = sets.program.variables[variables[0]!]!;
    const by = index && classOf(index, sets.symmetry);
    const wide = typeText(widest(variables, sets.program), sets.symbols);
    const which = index && keep(`index_${i}`, by === undefined ? indexType : sets.typeOf(by));
    if (which !== undefined) values.push(`  ${which} := ${sets.text(index!, bound)};`);
    const place = by === undefined ? undefined : `${sets.nameOf(variables[0]!)}[${which}]`;
    if (value.op === 'const' && (named !== undefined || domain.kind === 'owner')) {
      // It reads nothing.
      const write = place === undefined ? assign({ target, value }, sets, bound) : undefined;
      writes.push(...(write ?? assignTo(place!, value, named, sets, bound)));
      continue;
    }
    const kept = keep(`value_${i}`, named === undefined ? wide : sets.typeOf(named));
    values.push(...assignTo(kept, value, named, sets, bound));
    if (index !== undefined && by === undefined) writes.push(...store(target, which, kept, sets.symbols));
    else {
      const to = place ?? sets.place(target, bound);
      writes.push(...(named === undefined ? [`  ${to} := ${kept};`] : copy(to, kept)));
    }
  }
  return { locals, statements: [...values, ...writes] };
}

const copy = (to: string, from: string): readonly string[] => [
  `  if isundefined(${from}) then undefine ${to}; else ${to} := ${from}; endif;`,
];

function assign({ target, value }: Assignment, sets: Scalarsets, bound: Bound): readonly string[] {
  const { variables, index } = target;
  const named = namedBy(target, sets.symmetry);
  const { domain } = sets.program.variables[variables[0]!]!;
  if (domain.kind === 'owner') return own(target, value, sets, bound);
  if (index !== undefined && classOf(index, sets.symmetry) === undefined) {
    return store(target, sets.text(index, bound), sets.text(value, bound), sets.symbols);
  }
  return assignTo(sets.place(target, bound), value, named, sets, bound);
}

function assignTo(
  place: string,
  value: Expr,
  named: ThreadClass | undefined,
  sets: Scalarsets,
  bound: Bound,
): readonly string[] {
  if (named === undefined) return [`  ${place} := ${sets.text(value, bound)};`];
  switch (value.op) {
    case 'const': {
      const thread = named.threads[value.value];
      return [thread === undefined ? `  undefine ${place};` : `  ${place} := ${sets.thread(thread, bound)};`];
    }
    case 'read':
      return copy(place, sets.place(value.cell, bound));
    case 'if': {
      const side = (x: Expr) => assignTo(place, x, named, sets, bound);
      return [
        `  if ${sets.text(value.x, bound)} then`,
        ...side(value.then),
        '  else',
        ...side(value.else),
        '  endif;',
      ];
    }
    default:
      throw new Error(`'${value.op}' names no thread`);
  }
}

/** Says who owns it: of what kind, and which of them. */
function own(target: Assignment['target'], value: Expr, sets: Scalarsets, bound: Bound): readonly string[] {
  if (value.op !== 'const') throw new Error('an owner is somebody');
  const kind = sets.place(target, bound);
  const thread = value.value - 1;
  const of = value.value > 0 ? sets.classOf(thread) : undefined;
  const words = sets.symbols.enumOf(value.type as readonly string[]).words;
  return [
    `  ${kind} := ${of === undefined ? words[value.value] : sets.kindOf(of)};`,
    ...[...sets.ownersOf(target.variables[0]!).keys()].map((one) => {
      const which = sets.place(target, bound, one);
      return one === of ? `  ${which} := ${sets.thread(thread, bound)};` : `  undefine ${which};`;
    }),
  ];
}

function finishedRule(sets: Scalarsets): readonly string[] {
  return [
    `-- ${finalText}`,
    'rule "finished"',
    `  ${ofAny('exists', finalExpr(sets.program), sets)}`,
    '==>',
    'begin',
    'end;',
  ];
}

/** The condition, of some threads or of any, where it names single ones. */
function ofAny(word: 'exists' | 'forall', x: Expr, sets: Scalarsets): string {
  const { bound, made } = withBound([], sets, (names) => sets.text(x, names));
  const body =
    word === 'exists'
      ? [...areDifferent(bound, sets), made].join(' & ')
      : [...areDifferent(bound, sets, '='), made].join(' | ');
  return [...bound].reduceRight(
    (inner, [thread, one]) => `${word} ${one}: ${sets.typeOf(sets.classOf(thread)!)} do ${inner} end${word}`,
    body,
  );
}

/** A check that names some thread is about any, for what one can do the others can do as well. */
function checkText(check: Check, sets: Scalarsets): readonly string[] {
  if (!hasStatedCondition(check)) return [];
  const { name, condition, about } = check;
  if (!isAboutAnybody(condition, sets.symmetry, sets.program)) {
    throw new ExportError(`'${name}' tells interchangeable actors apart by their numbers: no scalarset`);
  }
  const comment = ['', ...(about === undefined ? [] : [`-- ${plainText(about)}`])];
  const title = plainText(name);
  if (asks(check, 'possibility')) {
    const { bound, made } = withBound([], sets, (names) => sets.text(condition, names));
    // With the reduction, rumur forgets which of them it was that could still come there.
    if (bound.size > 0) {
      throw new ExportError(
        `'${name}' asks what is always possible for one of interchangeable actors: no scalarset`,
      );
    }
    return [...comment, `${clauseOf(check)} "${title}"`, `  ${made};`];
  }
  return [
    ...comment,
    `${clauseOf(check)} "${title}"`,
    `  ${isExample(check) ? ofAny('exists', condition, sets) : ofAny('forall', invariantOf(check)!, sets)};`,
  ];
}

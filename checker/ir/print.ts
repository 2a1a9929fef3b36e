// A Program as C-like text that a kernel reviewer can read: the variables, then every actor as labelled steps.
//
//   zap_huge_pmd.clear_pmd:        /* mm/huge_memory.c: take the huge pmd, leave none */
//           orig_pmd = pmd, pmd = none;

import { isTrue, typeOfDomain, valueText, walk } from './expression.js';
import type { Assignment, Expr, Location, Program, Step, Thread, Variable } from './program.js';
import { cellText, domainText, exprText } from './text.js';

/** A Program as text for people. Example: `printProgram(lower(model).program)` */
export function printProgram(program: Program): string {
  const settings = Object.entries(program.settings).map(([name, value]) => `${name}=${value}`);
  return [
    `/* ${[program.name, ...settings].join(' ')} */`,
    '',
    ...program.variables.map(declaration),
    ...monitorTexts(program),
    ...definitions(program),
    ...(program.within === undefined ? [] : ['', `/* No step is taken where within is false. */`]),
    ...(isTrue(program.initially) ? [] : ['', `initially ${exprText(program.initially, program)};`]),
    ...program.threads.flatMap((thread) => ['', ...threadText(thread, program)]),
    '',
  ].join('\n');
}

function declaration({ name, domain, initial }: Variable): string {
  const first = initial.map((value) => valueText(value, typeOfDomain(domain))).join(' or ');
  return `${domainText(domain)} ${name} = ${first};`;
}

/** The monitors of properties, which run beside the actors. */
function monitorTexts(program: Program): readonly string[] {
  const { monitors = [] } = program;
  if (monitors.length === 0) return [];
  const updates = monitors.map(({ variable: { id }, update }) =>
    assignment({ target: { variables: [id] }, value: update }, program),
  );
  return [
    '',
    '/* Monitors of properties: every step of an actor makes these assignments, too. */',
    ...monitors.map(({ variable }) => declaration(variable)),
    ...updates.map((text) => `${indent}${text};`),
  ];
}

/** What the names in the text stand for. A name may stand for different variables in different actors. */
function definitions(program: Program): readonly string[] {
  const named = new Set<string>();
  const collect = (root: Expr) =>
    walk(root, ({ name, ...x }) => {
      if (name !== undefined) named.add(`#define ${name}  (${exprText(x as Expr, program)})`);
    });
  for (const { guard, assignments } of program.steps) {
    collect(guard);
    for (const { value } of assignments) collect(value);
  }
  for (const { update } of program.monitors ?? []) collect(update);
  return named.size === 0 ? [] : ['', ...named];
}

function threadText(thread: Thread, program: Program): readonly string[] {
  const steps = program.steps.filter((step) => step.thread === thread.id);
  const used = [...thread.locations.keys()].filter((at) => at !== thread.done && at !== thread.dead);
  const names = locationNames(thread);
  return [
    `actor ${thread.name}`,
    '{',
    ...used.flatMap((at, i) => {
      const out = steps.filter(({ from }) => from === at);
      const lines = out.flatMap((step) => stepText(step, thread, program, names, used[i + 1]));
      const rests = thread.rests?.includes(at) ? '       /* rests here: not waited for */' : '';
      return [`${names[at]}:${rests}`, ...(out.length === 0 ? [`${indent}when (false);`] : lines)];
    }),
    ...(steps.some(({ to }) => to === thread.done) || thread.start === thread.done
      ? ['done:', '        ;']
      : []),
    '}',
  ];
}

/** Names every location by the shortest end of its path that is unique: `zap_huge_pmd.lock`. */
function locationNames({ locations }: Thread): readonly string[] {
  const ends = locations.map(({ path }) => {
    const calls = path.split(' > ');
    return calls.map((_, i) => calls.slice(calls.length - 1 - i).join(' > '));
  });
  const uses = new Map<string, number>();
  for (const end of ends.flat()) uses.set(end, (uses.get(end) ?? 0) + 1);
  return ends.map((own) => own.find((end) => uses.get(end) === 1) ?? own.at(-1)!);
}

const indent = '        ';

function stepText(
  step: Step,
  thread: Thread,
  program: Program,
  names: readonly string[],
  next: Location | undefined,
): readonly string[] {
  const file = step.source.file === undefined ? '' : `${step.source.file}: `;
  const [writes, resets] = [false, true].map((isReset) =>
    step.assignments
      .filter(({ reset }) => (reset ?? false) === isReset)
      .map((a) => assignment(a, program))
      .join(', '),
  );
  const actions = [
    ...(isTrue(step.guard) ? [] : [`when (${exprText(step.guard, program)})`]),
    ...(step.reports === undefined ? [] : [`${step.reports.kind} "${step.reports.message}"`]),
    ...(writes === '' ? [] : [writes]),
    ...(resets === '' ? [] : [`/* reset: */ ${resets}`]),
    ...(step.to === next || step.to === thread.dead ? [] : [`goto ${names[step.to]}`]),
  ];
  const label = step.label === thread.locations[step.from]!.label ? '' : `${step.label}: `;
  return [`${indent}/* ${label}${file}${step.caption} */`, `${indent}${actions.join('; ')};`];
}

const assignment = ({ target, value }: Assignment, program: Program): string =>
  `${cellText(target, program)} = ${exprText(value, program)}`;

// raceproof prove MODEL --for=NAMES --by=smt: a proof for every value of these settings, judged by solvers that are not
// ours.

import { join } from 'node:path';
import { checkNames, type Lowered, SettingError } from '../../checker/index.js';
import {
  factObligations,
  inductionBreaks,
  type Obligations,
  ObligationsFor,
  obligationsOf,
  type Parameterised,
  type ProofAttempt,
  type ProofInvariant,
  parameterised,
  type Rule,
  SizeMatters,
  prove as search,
  type Tie,
  unjudged,
} from '../../checker/proof/index.js';
import { counted } from '../../counterexamples/text.js';
import type { Model } from '../../models/language/index.js';
import type { GivenSettings } from '../arguments/options.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { type LoadedModel, loadModel } from '../load/model.js';
import { print } from '../output/terminal.js';
import { knownInvariant, requireFolder, writeProof } from '../proof/files.js';
import {
  forEvery,
  headText,
  idleRules,
  idleText,
  invariantLines,
  type Judgement,
  judgementText,
  provedText,
  refutedText,
  smallText,
  takenText,
  unknownText,
} from '../proof/report.js';
import {
  comparedStatesMax,
  exploreSmall,
  isTiedBeyondOne,
  type SmallResult,
  type SmallSizes,
  samplesOf,
  settingsOf,
  sizesText,
  smallSizes,
  tieAt,
} from '../proof/small.js';
import { judge, type SolverName, searcher, solverNames, versionOf } from '../proof/solvers.js';
import type { Stop } from '../stop.js';

/** The arguments of prove that matter here. */
interface SmtArguments {
  readonly for: string | undefined;
  readonly set: GivenSettings;
  readonly out: string | undefined;
  readonly invariant: string | undefined;
  readonly solver: readonly string[];
  readonly without: readonly unknown[];
  readonly 'max-states': number | undefined;
}

/** Built-in checks of locks and objects are not a part of what is proved. */
const without = checkNames.filter((name) => name !== 'deadlock' && name !== 'stuck');

/** Proves a model that is named on the command line, and prints the outcome. */
export async function proveBySmt(name: string, args: SmtArguments, stop: Stop): Promise<ExitStatus> {
  if (args.without.length > 0) throw new UsageError('--without is for --by=views');
  const loaded = await stop.wait(`${name} was loaded`, () => loadModel(name, { stop }));
  const open = openSettings([args.for ?? ''], loaded.model, args.set);
  const asked = solversAsked(args.solver);
  const most = (setting: string) => mostOf(loaded.model, setting);
  const statesMax = args['max-states'] ?? comparedStatesMax;
  const cases = stop.run(`${name} was lowered`, () => casesOf(loaded, args.set, open, most));
  if (args.out !== undefined) for (const one of cases) requireFolder(folderOf(args.out, one), headOf(one));
  const known = cases.map((one) =>
    args.invariant === undefined ? undefined : knownInvariant(folderOf(args.invariant, one), one.program),
  );
  stop.listen();
  for (const [i, one] of cases.entries()) {
    const out = args.out === undefined ? undefined : folderOf(args.out, one);
    const status = await proveCase(name, loaded, one, { asked, out, most, statesMax, known: known[i] }, stop);
    if (status !== exitStatus.ok) return status;
  }
  if (cases.length > 1) await print(`proved ${forEvery(open)}: in each of ${cases.length} cases\n`);
  return exitStatus.ok;
}

/** One proof: some settings are set, the others open. */
interface SizeCase {
  readonly set: GivenSettings;
  readonly open: ReadonlyMap<string, number>;
  readonly lowered: Lowered;
  readonly program: Parameterised;
  /** What distinguishes it from other cases of the same proof. */
  readonly when: string;
}

const headOf = ({ program, set }: SizeCase): string =>
  headText(
    program,
    Object.entries(set)
      .map(([setting, value]) => `${setting}=${value}`)
      .join(' '),
  ).trim();
const folderOf = (out: string, { when }: SizeCase): string => (when === '' ? out : join(out, when));

/** Where the code depends on a size, its least value is a case of its own. */
function casesOf(
  loaded: LoadedModel,
  set: GivenSettings,
  open: ReadonlyMap<string, number>,
  most: (setting: string) => number,
  when = '',
): readonly SizeCase[] {
  const lowered = loaded.lower(set, without, undefined, undefined, open);
  try {
    return [{ set, open, lowered, when, program: parameterised(lowered) }];
  } catch (error) {
    if (!(error instanceof SizeMatters)) throw error;
    const { setting } = error;
    const least = open.get(setting)!;
    if (least >= Math.min(3, most(setting)) || open.size === 1) throw error;
    const others = new Map([...open].filter(([other]) => other !== setting));
    const more = new Map(open).set(setting, least + 1);
    const also = (text: string) => (when === '' ? text : `${when},${text}`);
    return [
      ...casesOf(loaded, { ...set, [setting]: String(least) }, others, most, also(`${setting}=${least}`)),
      ...casesOf(loaded, set, more, most, also(`${setting}=${least + 1}-`)),
    ];
  }
}

/** What is the same for all cases of a proof. */
interface ProofPlan {
  readonly asked: readonly SolverName[];
  readonly out: string | undefined;
  readonly most: (setting: string) => number;
  /** Sizes with more states are not compared. */
  readonly statesMax: number;
  /** An invariant that is given; else one is looked for. */
  readonly known: ProofInvariant | undefined;
}

async function proveCase(
  name: string,
  loaded: LoadedModel,
  one: SizeCase,
  how: ProofPlan,
  stop: Stop,
): Promise<ExitStatus> {
  const { program, set, open } = one;
  await print(`${headOf(one)}\n`);
  const at = (sizes: SmallSizes): Lowered => loaded.lower({ ...set, ...settingsOf(sizes) }, without);
  const ties: Tie[] = [];
  const small = [];
  for (const sizes of smallSizes(open, how.most)) {
    const result = await exploreSmall(at(sizes), sizes, how.statesMax);
    if (result.violated.length > 0) return refuted(name, set, result);
    small.push(result);
    const tied = tieAt(program, result, at(sizes), how.statesMax);
    const differs = tied.onlyInEngine ?? tied.onlyInInstance;
    if (differs !== undefined) return untied(sizes, differs);
    ties.push(tied);
  }
  const idle = idleRules(program, ties);
  await print(`${smallText(small, ties)}${takenText(program, idle)}`);
  const few = [...open.keys()].filter((setting) => !isTiedBeyondOne(setting, ties));
  if (few.length > 0) {
    const why =
      'too many to be compared with those of the proof (--max-states=N admits more), or more than the model admits';
    await print(`unknown: states with ${few.map((setting) => `${setting}=2`).join(', ')} are ${why}\n`);
    return exitStatus.unknown;
  }
  return judged(one, idle, how, stop);
}

/** Looks for the invariant, if none is given, has it judged, and says what is proved. */
async function judged(
  one: SizeCase,
  idle: readonly Rule[],
  { asked, out, most, known }: ProofPlan,
  stop: Stop,
): Promise<ExitStatus> {
  const { program, lowered } = one;
  const about = headOf(one);
  const versions = asked.map((solver) => ({ solver, version: versionOf(solver) }));
  const there = versions.flatMap(({ solver, version }) =>
    version === undefined ? [] : [{ solver, version }],
  );
  const facts = factObligations(lowered.open!);
  const factual = facts === undefined ? [] : [facts];
  const [first] = there;
  if (first === undefined) {
    if (out === undefined) return unwritten(asked);
    const found =
      known === undefined ? unjudged(program, samplesOf(program, most)) : attemptOf(known, program);
    return written({ ...found, obligations: [...factual, ...found.obligations] }, about, asked, out);
  }
  const solver = searcher(first.solver, stop);
  const attempt =
    known === undefined ? await search(program, samplesOf(program, most), solver) : attemptOf(known, program);
  const all = [...factual, ...attempt.obligations];
  if (out !== undefined) writeProof(out, about, attempt.invariant, all);
  if (attempt.failed.length > 0) {
    const sizes = smallSizes(one.open, most);
    await print(unknownText(program, attempt, await inductionBreaks(program, attempt, sizes, solver)));
    return exitStatus.unknown;
  }
  await print(foundText(attempt));
  const judgements = await Promise.all(
    there.map(({ solver, version }) => judgementOf(solver, version, all, stop)),
  );
  for (const judgement of judgements) await print(judgementText(judgement));
  if (judgements.some(({ open }) => open.length > 0)) {
    const other = known === undefined ? '' : '; without --invariant, another invariant is looked for';
    await print(`unknown: not every obligation is decided by every solver${other}\n`);
    return exitStatus.unknown;
  }
  const missing = versions.filter(({ version }) => version === undefined).map(({ solver }) => solver);
  if (missing.length > 0) {
    const only = there.map(({ solver }) => `--solver=${solver}`).join(' ');
    await print(`not judged by ${missing.join(', ')}, which is not installed: install it, or say ${only}\n`);
    return exitStatus.unjudged;
  }
  const never = await neverTaken(program, attempt.invariant, idle, asked, stop);
  const others = idle.filter((rule) => !never.includes(rule));
  await print(`${provedText(program, attempt.lemmas)}${idleText(never, others)}`);
  return exitStatus.ok;
}

/** Of steps that no run takes at small numbers, those that none takes at any number, as all solvers judge. */
async function neverTaken(
  program: Parameterised,
  invariant: ProofInvariant,
  idle: readonly Rule[],
  asked: readonly SolverName[],
  stop: Stop,
): Promise<readonly Rule[]> {
  if (idle.length === 0) return [];
  const obligations = new ObligationsFor(program, invariant).neverTaken(idle);
  const answers = await Promise.all(asked.map((solver) => judge(solver, obligations, stop)));
  const never = obligations.questions.flatMap(({ id, rule }) =>
    answers.every((one) => one.get(id) === 'unsat') ? [rule!] : [],
  );
  return idle.filter((rule) => isBehind(rule, new Set(never), program.rules));
}

/** Is a step one of those, or at a place that only those lead to? */
function isBehind(step: Rule, those: ReadonlySet<Rule>, rules: readonly Rule[]): boolean {
  const places = new Set([step.family.start]);
  for (const place of places)
    for (const rule of rules)
      if (rule.family === step.family && rule.from === place && !those.has(rule)) places.add(rule.to);
  return those.has(step) || !places.has(step.from);
}

/** An invariant that is given, with all that has to be shown of it. */
const attemptOf = (invariant: ProofInvariant, program: Parameterised): ProofAttempt => ({
  ...{ obligations: obligationsOf(program, invariant), invariant },
  candidates: invariant.clauses.length + invariant.sums.length,
  ...{ failed: [], notKept: [], dropped: [], lemmas: [] },
});

const foundText = (attempt: ProofAttempt): string =>
  [
    `${counted(invariantLines(attempt.invariant).length, 'invariant')}, of ${counted(attempt.candidates, 'candidate')}:`,
    ...invariantLines(attempt.invariant).map((line) => `  ${line}`),
    '',
  ].join('\n');

async function judgementOf(
  solver: SolverName,
  version: string,
  all: readonly Obligations[],
  stop: Stop,
): Promise<Judgement> {
  const open: string[] = [];
  let questions = 0;
  for (const obligations of all) {
    const answers = await judge(solver, obligations, stop);
    questions += obligations.questions.length;
    for (const { id, asks } of obligations.questions) if (answers.get(id) !== 'unsat') open.push(asks);
  }
  return { solver, version, questions, open };
}

const noneText = (asked: readonly SolverName[]): string =>
  `none of ${asked.join(', ')} is installed; nothing is proved`;

async function unwritten(asked: readonly SolverName[]): Promise<ExitStatus> {
  const what = '--out=DIR writes what solvers elsewhere can judge';
  await print(`not judged: ${noneText(asked)}; ${what}\n`);
  return exitStatus.unjudged;
}

/** Without a solver, what others can judge is written down. */
async function written(
  { invariant, obligations }: Pick<ProofAttempt, 'invariant' | 'obligations'>,
  about: string,
  asked: readonly SolverName[],
  out: string,
): Promise<ExitStatus> {
  writeProof(out, about, invariant, obligations);
  await print(
    `written, not judged: ${noneText(asked)}\n  ${counted(obligations.length, 'file')} in ${out}; the model is proved if z3 and cvc5 answer unsat to every question in them\n`,
  );
  return exitStatus.unjudged;
}

/** Prints what check prints at these sizes. */
async function refuted(name: string, set: GivenSettings, result: SmallResult): Promise<ExitStatus> {
  await print(refutedText(result));
  const { sizes } = result;
  const { command } = await import('./check.js');
  const given = Object.entries({ ...set, ...settingsOf(sizes) }).flatMap(([setting, value]) => [
    '--set',
    `${setting}=${value}`,
  ]);
  return command.run([name, ...given]);
}

async function untied(sizes: SmallSizes, state: string): Promise<ExitStatus> {
  await print(
    `unknown: at ${sizesText(sizes)} the model has other states than the program for any number, such as\n  ${state}\n`,
  );
  return exitStatus.unknown;
}

/** Settings that are left open, with their least values: `NR_MMS,NR_TRUNCATE:2`. */
function openSettings(
  given: readonly string[],
  { name, settings: known }: Model,
  set: { readonly [name: string]: string },
): ReadonlyMap<string, number> {
  const open = new Map<string, number>();
  for (const one of given.flatMap((all) => all.split(',')).filter((name) => name !== '')) {
    const [, setting, least = '1'] = /^(\w+)(?::(\d+))?$/.exec(one) ?? [];
    if (setting === undefined)
      throw new UsageError(`--for=${one}: needs names of settings, such as --for=NR,NR_CPUS:2`);
    const domain = Object.hasOwn(known, setting) ? known[setting] : undefined;
    if (domain === undefined) throw new SettingError(`${name} has no setting '${setting}'`);
    if (domain.node.kind !== 'int') throw new UsageError(`--for=${setting}: it is no number`);
    if (Number(least) < 1) throw new UsageError(`--for=${one}: a size is at least 1`);
    if (Number(least) > domain.node.max)
      throw new UsageError(`--for=${one}: the model goes up to ${domain.node.max}`);
    if (Object.hasOwn(set, setting)) throw new UsageError(`${setting} is both set and left open`);
    if (open.has(setting)) throw new UsageError(`--for names ${setting} twice`);
    open.set(setting, Number(least));
  }
  if (open.size > 0) return open;
  throw new UsageError('which settings are left open? raceproof prove MODEL --by=smt --for=NR');
}

function mostOf({ settings: known }: Model, setting: string): number {
  const { node } = known[setting]!;
  return node.kind === 'int' ? node.max : 1;
}

function solversAsked(given: readonly string[]): readonly SolverName[] {
  const names = given.flatMap((all) => all.split(','));
  const asked = solverNames.filter((name) => names.length === 0 || names.includes(name));
  const [wrong] = names.filter((name) => !solverNames.some((one) => one === name));
  if (wrong !== undefined) throw new UsageError(`--solver=${wrong}: there are ${solverNames.join(', ')}`);
  return asked;
}

// raceproof prove MODEL --for=NAMES --by=smt: a proof for every value of these settings, judged by solvers that are not
// ours.

import { checkNames, type Lowered, SettingError } from '../../checker/index.js';
import {
  factObligations,
  inductionBreaks,
  invariantTexts,
  type Obligations,
  type Parameterised,
  type ProofAttempt,
  parameterised,
  prove as search,
  type Tie,
  unjudged,
} from '../../checker/proof/index.js';
import { counted } from '../../counterexamples/text.js';
import type { Model } from '../../models/language/index.js';
import type { GivenSettings } from '../arguments/options.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { loadModel } from '../load/model.js';
import { print } from '../output/terminal.js';
import { requireFolder, writeProof } from '../proof/files.js';
import {
  headText,
  invariantLines,
  type Judgement,
  judgementText,
  provedText,
  smallText,
  takenText,
  unknownText,
} from '../proof/report.js';
import {
  exploreSmall,
  isTiedBeyondOne,
  type SmallSizes,
  samplesAt,
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
  readonly solver: readonly string[];
  readonly without: readonly unknown[];
  readonly 'max-states': number | undefined;
}

/** Built-in checks of locks and objects are not a part of what is proved. */
const without = checkNames.filter((name) => name !== 'deadlock' && name !== 'stuck');

/** Proves a model that is named on the command line, and prints the outcome. */
export async function proveBySmt(name: string, args: SmtArguments, stop: Stop): Promise<ExitStatus> {
  if (args.without.length > 0 || args['max-states'] !== undefined) {
    throw new UsageError('--without and --max-states are for --by=views');
  }
  const loaded = await stop.wait(`${name} was loaded`, () => loadModel(name, { stop }));
  const open = openSettings([args.for ?? ''], loaded.model, args.set);
  const asked = solversAsked(args.solver);
  const lowered = stop.run(`${name} was lowered`, () =>
    loaded.lower(args.set, without, undefined, undefined, open),
  );
  const program = stop.run(`${name} was lowered`, () => parameterised(lowered));
  const settingsGiven = Object.entries(args.set)
    .map(([setting, value]) => `${setting}=${value}`)
    .join(' ');
  const about = headText(program, settingsGiven).trim();
  if (args.out !== undefined) requireFolder(args.out, about);
  stop.listen();
  await print(`${about}\n`);
  const sizes = smallSizes(open, (setting) => mostOf(loaded.model, setting));
  const at = (one: SmallSizes): Lowered => loaded.lower({ ...args.set, ...settingsOf(one) }, without);
  const ties: Tie[] = [];
  const small = [];
  for (const one of sizes) {
    const result = await exploreSmall(at(one), one);
    if (result.violated.length > 0) return refuted(name, args, one, result.violated);
    small.push(result);
    const tied = tieAt(program, one, at(one));
    const differs = tied.onlyInEngine ?? tied.onlyInInstance;
    if (differs !== undefined) return untied(one, differs);
    ties.push(tied);
  }
  await print(`${smallText(small, ties)}${takenText(program, ties)}`);
  const few = [...open.keys()].filter((setting) => !isTiedBeyondOne(setting, ties));
  if (few.length > 0) {
    const why = 'too large to be compared with those of the proof, or more than the model admits';
    await print(`unknown: states with ${few.map((setting) => `${setting}=2`).join(', ')} are ${why}\n`);
    return exitStatus.unknown;
  }
  return judged(program, lowered, sizes, about, asked, args, stop);
}

/** Looks for the invariant, has it judged, and says what is proved. */
async function judged(
  program: Parameterised,
  lowered: Lowered,
  sizes: readonly SmallSizes[],
  about: string,
  asked: readonly SolverName[],
  { out }: SmtArguments,
  stop: Stop,
): Promise<ExitStatus> {
  const versions = asked.map((solver) => ({ solver, version: versionOf(solver) }));
  const there = versions.flatMap(({ solver, version }) =>
    version === undefined ? [] : [{ solver, version }],
  );
  const samples = samplesAt(program, sizes.slice(0, 2));
  const facts = factObligations(lowered.open!);
  const [first] = there;
  if (first === undefined)
    return written(program, facts === undefined ? [] : [facts], samples, about, asked, out);
  const solver = searcher(first.solver, stop);
  const attempt = await search(program, samples, solver);
  const all = [...(facts === undefined ? [] : [facts]), ...attempt.obligations];
  if (out !== undefined) writeProof(out, about, invariantLines(attempt), all);
  if (attempt.failed.length > 0) {
    await print(unknownText(attempt, await inductionBreaks(program, attempt, sizes, solver)));
    return exitStatus.unknown;
  }
  await print(foundText(attempt));
  const judgements: Judgement[] = [];
  for (const { solver, version } of there) {
    const judgement = await judgementOf(solver, version, all, stop);
    judgements.push(judgement);
    await print(judgementText(judgement));
  }
  if (judgements.some(({ open }) => open.length > 0)) {
    await print(`unknown: not every obligation is decided by every solver\n`);
    return exitStatus.unknown;
  }
  const missing = versions.filter(({ version }) => version === undefined).map(({ solver }) => solver);
  if (missing.length > 0) {
    const only = there.map(({ solver }) => `--solver=${solver}`).join(' ');
    await print(`not judged by ${missing.join(', ')}, which is not installed: install it, or say ${only}\n`);
    return exitStatus.unjudged;
  }
  await print(provedText(program));
  return exitStatus.ok;
}

const foundText = (attempt: ProofAttempt): string =>
  [
    `${counted(attempt.invariants.length, 'invariant')}, of ${counted(attempt.candidates, 'candidate')}:`,
    ...invariantLines(attempt).map((line) => `  ${line}`),
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

/** Without a solver, what others can judge is written down. */
async function written(
  program: Parameterised,
  obligations: readonly Obligations[],
  samples: ReturnType<typeof samplesAt>,
  about: string,
  asked: readonly SolverName[],
  out: string | undefined,
): Promise<ExitStatus> {
  const none = `none of ${asked.join(', ')} is installed; nothing is proved`;
  if (out === undefined) {
    await print(`not judged: ${none}; --out=DIR writes what solvers elsewhere can judge\n`);
    return exitStatus.unjudged;
  }
  const found = unjudged(program, samples);
  const all = [...obligations, ...found.obligations];
  writeProof(out, about, invariantTexts(found.invariants), all);
  await print(
    `written, not judged: ${none}\n  ${counted(all.length, 'file')} in ${out}; the model is proved if z3 and cvc5 answer unsat to every question in them\n`,
  );
  return exitStatus.unjudged;
}

/** Prints what check prints at these sizes. */
async function refuted(
  name: string,
  args: SmtArguments,
  sizes: SmallSizes,
  violated: readonly string[],
): Promise<ExitStatus> {
  await print(`refuted at ${sizesText(sizes)}: ${violated.join(', ')}\n`);
  const { command } = await import('./check.js');
  const given = Object.entries({ ...args.set, ...settingsOf(sizes) }).flatMap(([setting, value]) => [
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

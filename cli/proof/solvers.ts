// The solvers that judge proofs: z3 and cvc5, from the PATH. An answer counts only if the solver gave exactly one for
// each question and nothing else; anything else is an error, never a proof.

import { spawn, spawnSync } from 'node:child_process';
import {
  type Ask,
  fileOf,
  fileOfAll,
  type Obligations,
  type SearchAnswer,
  type Solver,
  type SolverAnswers,
  valueName,
} from '../../checker/proof/index.js';
import { ProofError } from '../errors.js';
import { type Stop, Stopped } from '../stop.js';

export const solverNames = ['z3', 'cvc5'] as const;
export type SolverName = (typeof solverNames)[number];

/** Amounts of work, so that an answer depends on no clock. */
const workMax: { readonly [name in SolverName]: number } = { z3: 40_000_000, cvc5: 20_000_000 };
/** To say its version, a solver takes milliseconds. */
const versionMilliseconds = 30_000;
/** While an invariant is looked for: for many questions together, and for one that is asked alone. */
const searchWorkMax = 2_000_000;
const aloneWorkMax = 20_000_000;

/** z3 instantiates quantifiers sooner than by default, which decides most questions of a step with a tenth of the work. */
const argumentsOf: { readonly [name in SolverName]: readonly string[] } = {
  z3: ['-in', '-smt2', 'smt.qi.eager_threshold=5'],
  cvc5: ['--lang=smt2', '--incremental', '--full-saturate-quant', `--rlimit-per=${workMax.cvc5}`, '-'],
};
const optionsOf: { readonly [name in SolverName]: readonly string[] } = {
  z3: [`(set-option :rlimit ${workMax.z3})`],
  cvc5: [],
};

/** The first line of what a solver says of its version; undefined if it is not there. */
export function versionOf(name: SolverName): string | undefined {
  const { error, stdout } = spawnSync(name, ['--version'], {
    encoding: 'utf8',
    timeout: versionMilliseconds,
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT') {
    throw new ProofError(`${name} --version does not end`);
  }
  if (error !== undefined) return undefined;
  return /\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? 'of unknown version';
}

/**
 * Judges all questions of some obligations; what stays unknown among others is asked again, alone. Throws a ProofError
 * for whatever is no answer.
 */
export async function judge(name: SolverName, obligations: Obligations, stop: Stop): Promise<SolverAnswers> {
  const ask = async (some: Obligations) => {
    const output = await answered(name, fileOf(some, optionsOf[name]), stop);
    return readAnswers(name, some, output.split('\n'));
  };
  const answers = new Map(await ask(obligations));
  if (obligations.questions.length === 1) return answers;
  for (const question of obligations.questions) {
    if (answers.get(question.id) !== 'unknown') continue;
    for (const [id, answer] of await ask({ ...obligations, questions: [question] })) answers.set(id, answer);
  }
  return answers;
}

/**
 * Asks while the invariant is looked for: with little work, and for what an answer needs. One process for all
 * obligations that assume the same. What z3 does not find so is asked again, each question alone: of z3 with a search
 * for models, of cvc5 if it is there, and last of z3 with more work and without a core, since looking for one can hide
 * the answer.
 */
const cores =
  (name: SolverName, stop: Stop): Ask =>
  async (all) => {
    const first = await asked(name, all, ['(set-option :smt.mbqi false)'], stop);
    const open = unanswered(all, first);
    if (name !== 'z3' || open.length === 0) return first;
    const others: readonly SolverName[] = versionOf('cvc5') === undefined ? ['z3'] : ['z3', 'cvc5'];
    const again: SearchAnswer[] = [];
    for (const one of open) again.push(await askedAlone(one, others, stop));
    return first.map((answer) => (answer.answer === 'unsat' ? answer : again.shift()!));
  };

/** The first answer that is known. */
async function askedAlone(one: Obligations, names: readonly SolverName[], stop: Stop): Promise<SearchAnswer> {
  for (const name of names) {
    const [alone] = await asked(name, [one], [], stop);
    if (alone!.answer !== 'unknown') return alone!;
  }
  const output = await answered('z3', fileOf(one, [`(set-option :rlimit ${aloneWorkMax})`]), stop);
  const answer = readAnswers('z3', one, output.split('\n')).get(one.questions[0]!.id)!;
  const named = Array.from(one.assumes.matchAll(/:named (\w+)\)/g), ([, all]) => all!);
  return { answer, core: new Set(answer === 'unsat' ? named : []) };
}

/** Asks while the invariant is looked for, and for a state that shows why there is none. */
export function searcher(name: SolverName, stop: Stop): Solver {
  const options = name === 'z3' ? [`(set-option :rlimit ${searchWorkMax})`] : [];
  return {
    cores: cores(name, stop),
    ask: async (obligations) => {
      if (obligations.questions.length === 0) return new Map();
      const output = await answered(name, fileOf(obligations, options), stop);
      return readAnswers(name, obligations, output.split('\n'));
    },
    values: async (obligations, count) => {
      const names = Array.from({ length: count }, (_, i) => `(get-value (${valueName(i)}))\n`);
      const wanted = [...options, '(set-option :produce-models true)'];
      const output = await answered(name, fileOf(obligations, wanted, names.join('')), stop);
      return readValues(name, output, count);
    },
  };
}

/** The integers that a solver has found, one on each line. */
function readValues(name: SolverName, output: string, count: number): readonly number[] {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const values = lines.slice(2).map((line, i) => {
    const { at, minus, digits } =
      /^\(\(\|value (?<at>\d+)\| (?:(?<minus>\(- )?(?<digits>\d+)\)?)\)\)$/.exec(line.trim())?.groups ?? {};
    if (Number(at) !== i) throw new ProofError(`${name} was asked for value ${i}, and said: ${line}`);
    return Number(digits) * (minus === undefined ? 1 : -1);
  });
  if (values.length === count) return values;
  throw new ProofError(`${name} was asked for ${count} values, and gave ${values.length}`);
}

/** What was not answered by `unsat`, each question alone. */
function unanswered(all: readonly Obligations[], answers: readonly SearchAnswer[]): readonly Obligations[] {
  const each = all.flatMap((one) => one.questions.map((question) => ({ ...one, questions: [question] })));
  return each.filter((_, i) => answers[i]!.answer !== 'unsat');
}

/** Where z3 has given up once, it gives up all that follows: that is asked again, in a process of its own. */
async function asked(
  name: SolverName,
  all: readonly Obligations[],
  z3Options: readonly string[],
  stop: Stop,
): Promise<readonly SearchAnswer[]> {
  const limits = name === 'z3' ? [`(set-option :rlimit ${searchWorkMax})`, ...z3Options] : [];
  const options = [...limits, '(set-option :produce-unsat-cores true)'];
  const each = all.flatMap((one) => one.questions.map((question) => ({ ...one, questions: [question] })));
  const answers: SearchAnswer[] = [];
  while (answers.length < each.length) {
    const rest = each.slice(answers.length);
    const other = rest.findIndex(({ assumes }) => assumes !== rest[0]!.assumes);
    const same = grouped(other < 0 ? rest : rest.slice(0, other));
    const output = await answered(name, fileOfAll(same, options, '(get-unsat-core)\n'), stop);
    const given = output
      .split(/^"?question \d+"?$/m)
      .slice(1)
      .map(readAnswer);
    if (given.length === 0) throw new ProofError(`${name} gives no answer`);
    const lost = given.findIndex(({ answer }) => answer !== 'unsat');
    answers.push(...(lost < 0 ? given : given.slice(0, lost + 1)));
  }
  return answers;
}

/** Questions that follow each other, of the same obligations, as one. */
function grouped(each: readonly Obligations[]): readonly Obligations[] {
  const groups: Obligations[] = [];
  for (const one of each) {
    const last = groups.at(-1);
    if (last === undefined || last.name !== one.name) groups.push(one);
    else groups[groups.length - 1] = { ...last, questions: [...last.questions, ...one.questions] };
  }
  return groups;
}

/** An answer with its core; without one, nothing is known. */
function readAnswer(text: string): SearchAnswer {
  const core = /^\s*unsat\s*\(([^()]*)\)\s*$/.exec(text)?.[1];
  if (core !== undefined) return { answer: 'unsat', core: new Set(core.split(/\s+/)) };
  return { answer: /^\s*sat\b/.test(text) ? 'sat' : 'unknown', core: new Set() };
}

/** Exactly one answer behind each question, in their order. */
export function readAnswers(
  name: SolverName,
  { name: file, questions }: Obligations,
  lines: readonly string[],
): SolverAnswers {
  const answers = new Map<string, 'unsat' | 'sat' | 'unknown'>();
  const said = lines.map((line) => line.trim().replaceAll('"', '')).filter((line) => line !== '');
  for (const [i, { id }] of questions.entries()) {
    const [question, answer] = said.slice(2 * i, 2 * i + 2);
    if (question !== `question ${i}`) {
      throw new ProofError(
        `${name} was asked question ${i} of ${file}, and said: ${question ?? 'nothing more'}`,
      );
    }
    if (answer !== 'unsat' && answer !== 'sat' && answer !== 'unknown') {
      throw new ProofError(`${name} answers question ${i} of ${file} by: ${answer ?? 'nothing'}`);
    }
    if (answers.has(id)) throw new Error(`two questions of ${file} are ${id}`);
    answers.set(id, answer);
  }
  const [more] = said.slice(2 * questions.length);
  if (more !== undefined) throw new ProofError(`${name} says more than was asked in ${file}: ${more}`);
  return answers;
}

/** What a solver writes about a text. Throws a ProofError if it cannot be run, fails or is killed. */
async function answered(name: SolverName, text: string, stop: Stop): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, argumentsOf[name], { stdio: ['pipe', 'pipe', 'pipe'] });
    let [output, errors] = ['', ''];
    const watch = setInterval(() => {
      if (stop.reason() !== undefined) child.kill();
    }, 200);
    child.stdout.setEncoding('utf8').on('data', (part) => {
      output += part;
    });
    child.stderr.setEncoding('utf8').on('data', (part) => {
      errors += part;
    });
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => {
      clearInterval(watch);
      reject(new ProofError(`cannot run ${name}: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      clearInterval(watch);
      const limit = stop.reason();
      if (limit !== undefined) return reject(new Stopped(limit, stop.signal, `${name} was asked`));
      if (signal !== null) return reject(new ProofError(`${name} was ended by ${signal}`));
      const failure = /\(error .*/.exec(output)?.[0] ?? (code === 0 ? undefined : errors.split('\n')[0]);
      if (failure !== undefined && !/unsat core/.test(failure)) {
        return reject(new ProofError(`${name} fails: ${failure || `status ${code}`}`));
      }
      resolve(output);
    });
    child.stdin.end(text);
  });
}

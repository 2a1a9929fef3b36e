// simulate --interactive: the user chooses each step. Commands come one a line, from a terminal or a pipe. A terminal
// gets a prompt and line editing; Ctrl-D quits, as `q` does, and Ctrl-C stops a check.

import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import {
  checksOf,
  didYouMean,
  digestOf,
  formulaChecks,
  type Lowered,
  type Path,
} from '../../checker/index.js';
import {
  backTo,
  choicesOf,
  choose,
  counted,
  evaluated,
  fitTrace,
  type Ground,
  met,
  possibleSteps,
  replay,
  replayWalk,
  type Stepper,
  saveTrace,
  shownIn,
  startAt,
  stepNames,
  stepsNamed,
  waitingActors,
  walkOn,
  wrap,
} from '../../counterexamples/index.js';
import type { Page } from '../../counterexamples/text.js';
import { visible } from '../../models/language/index.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { locate } from '../locate.js';
import {
  evaluatedText,
  situationText,
  stateText,
  waitingText,
  waitsText,
  walkText,
} from '../output/situation_text.js';
import { print } from '../output/terminal.js';
import { checkFromHere } from './check_from_here.js';
import { isTraceFile, readTraceFile } from './trace_source.js';

const help = `NUMBER    take a step of the list    r [N [SEED]]  take N random steps
NAME      the same, by label, actor  c [STATES]    check all that can follow
          or both (t NAME)           e FORMULA     evaluate in this state
u         undo                       y [ACTOR]     why an actor waits, for whom
g NUMBER  go back or forth to it     p, w          print the state, the walk
i NUMBER  start anew, there          s FILE        save as a trace
h, q      help, quit                 l FILE        load a saved trace`;

/** The current walk, and the longest one that it is the beginning of, so that undone steps can be taken again. */
interface Situation {
  readonly stepper: Stepper;
  /** Has the steps of `stepper` as its first ones. */
  readonly furthest: Stepper;
  /** The seed of the next random steps. */
  readonly seed: number;
}

/** What does not change while the user walks. */
interface Session {
  readonly lowered: Lowered;
  readonly page: Page;
  readonly signal: () => AbortSignal;
}

/** What a command does: prints something, goes somewhere, or both. */
interface CommandResult {
  readonly text?: string;
  readonly to?: Situation;
}

const says = (text: string): CommandResult => ({ text });

/** Reads and executes commands until the input ends, or `q`, or until nobody reads what is printed. */
export async function walkByHand(
  lowered: Lowered,
  ground: Ground,
  { page, seed }: { readonly page: Page; readonly seed: number },
): Promise<ExitStatus> {
  const start = startAt(ground)!;
  let situation: Situation = { stepper: start, furthest: start, seed };
  if (!(await print(`${help}\n\n${textOf(situation, page)}`))) return exitStatus.ok;
  const commands = new Commands();
  const session: Session = { lowered, page, signal: () => commands.work() };
  for await (const line of commands.lines()) {
    if (['q', 'quit', 'exit'].includes(line)) break;
    const { text, to } = await obey(situation, line, session);
    situation = to ?? situation;
    const shown = [text, to && textOf(situation, page)].filter((part) => part !== undefined);
    if (!(await print(shown.join('\n')))) break;
  }
  return commands.isInterrupted ? exitStatus.interrupted : exitStatus.ok;
}

const textOf = ({ stepper, furthest }: Situation, page: Page): string =>
  situationText(stepper, furthest.path.steps.length, page);

class Commands {
  isInterrupted = false;
  #working: AbortController | undefined;

  /** Begins work that Ctrl-C stops. */
  work(): AbortSignal {
    this.#working = new AbortController();
    return this.#working.signal;
  }

  /** The lines, trimmed. Ends at Ctrl-C, unless that stops work. */
  async *lines(): AsyncGenerator<string> {
    const { stdin: input, stdout: output } = process;
    const isTerminal = input.isTTY && output.isTTY;
    const reader = createInterface(isTerminal ? { input, output, prompt: '> ' } : { input });
    reader.on('SIGINT', () => {
      if (this.#working !== undefined) return this.#working.abort();
      this.isInterrupted = true;
      reader.close();
    });
    const lines = reader[Symbol.asyncIterator]();
    try {
      for (;;) {
        this.#working = undefined;
        if (isTerminal) reader.prompt();
        const { done, value } = await lines.next();
        if (done === true) break;
        yield value.trim();
      }
      if (isTerminal) output.write('\n');
    } finally {
      reader.close();
    }
  }
}

const statesMaxDefault = 1_000_000;

async function obey(situation: Situation, line: string, session: Session): Promise<CommandResult> {
  const { stepper, furthest } = situation;
  const { program } = session.lowered;
  const [word = ''] = line.split(/\s+/);
  const argument = line.slice(word.length).trim();
  const goTo = (to: Stepper, end = to): CommandResult => ({
    to: { ...situation, stepper: to, furthest: end },
  });
  const length = stepper.path.steps.length;
  switch (word) {
    case 'u':
      return length === 0
        ? says('no step to undo: this is the initial state')
        : goTo(backTo(stepper, length - 1), furthest);
    case 'g': {
      const last = furthest.path.steps.length;
      if (!isNumber(argument) || Number(argument) > last)
        return says(`usage: g NUMBER, with NUMBER from 0 to ${last}`);
      return goTo(backTo(furthest, Number(argument)), furthest);
    }
    case 'i': {
      const start = isNumber(argument) ? startAt(stepper.ground, Number(argument)) : undefined;
      return start === undefined
        ? says('i NUMBER: there is no such initial state; the first one is 0')
        : goTo(start);
    }
    case 't':
      return take(situation, argument, session.page);
    case 'r':
      return walkAtRandom(situation, argument, session);
    case 'c':
      return check(situation, argument, session);
    case 'e':
      return says(
        argument === '' ? "usage: e FORMULA, such as 'e x == 1'" : value(stepper, argument, session),
      );
    case 'y':
      return says(why(stepper, argument, session));
    case 'p':
      return says(stateText(stepper));
    case 'w':
      return says(length === 0 ? 'no step was taken yet' : walkText(stepper, session.page));
    case 's':
      return says(argument === '' ? 'usage: s FILE' : await save(stepper, argument, session.lowered));
    case 'l':
      return argument === '' ? says('usage: l FILE') : load(situation, argument, session);
    case 'h':
    case 'help':
    case '':
      return says(help);
    default:
      return isNumber(word) || namesStep(program, line)
        ? take(situation, line, session.page)
        : says(`no command '${visible(line)}'${didYouMean(line, shortNames(program))}; h lists the commands`);
  }
}

const isNumber = (text: string): boolean => /^\d+$/.test(text);

/** Does a text name some step of the model, wherever that can be taken? */
const namesStep = (program: Lowered['program'], text: string): boolean =>
  stepsNamed(stepNames(program), text).length > 0;

const shortNames = (program: Lowered['program']): readonly string[] => [
  ...new Set(stepNames(program).flatMap(({ actor, label }) => [actor, label])),
];

const paragraph = (text: string, { width }: Page): string => wrap(text, width, '  ').join('\n');

/** Takes the step of that number or name. */
function take(situation: Situation, text: string, page: Page): CommandResult {
  const { stepper, furthest } = situation;
  const offered = possibleSteps(stepper, locate);
  const numbered = offered.map(({ step, move }, i) => ({ ...step, move, number: i + 1 }));
  const named = isNumber(text)
    ? numbered.filter(({ number }) => number === Number(text))
    : stepsNamed(numbered, text);
  const [one, ...others] = named;
  if (text === '') return says('usage: t NAME, with the label of a step, its actor, or both');
  if (others.length > 0) {
    const which = named.map(({ number, actor, label }) => `${number} ${actor} ${label}`);
    return says(paragraph(`'${visible(text)}' may be one of several steps: ${which.join(', ')}`, page));
  }
  if (one === undefined)
    return says(isNumber(text) ? `no step ${text} in the list` : paragraph(notNow(stepper, text), page));
  const next = choose(stepper, one.move);
  const isKnown = furthest.path.steps[stepper.path.steps.length] === one.move.step;
  return { to: { ...situation, stepper: next, furthest: isKnown ? furthest : next } };
}

/** Why no possible step has that name. */
function notNow({ ground: { walker }, states }: Stepper, text: string): string {
  const { program } = walker;
  const state = states.at(-1)!;
  const actors = new Set(stepsNamed(stepNames(program), text).map(({ actor }) => actor));
  if (actors.size === 0) return `no step is called '${visible(text)}'`;
  const waiting = new Map(waitingActors(program, state).map((one) => [one.actor, waitsText(one)] as const));
  const places = program.threads
    .filter(({ name }) => actors.has(name))
    .map(
      ({ id, name, locations }) =>
        waiting.get(name) ?? `${name} is at ${locations[state.at.get(id)!]!.label}`,
    );
  return `'${visible(text)}' cannot be taken now: ${places.join('; ')}`;
}

function walkAtRandom(situation: Situation, argument: string, { page }: Session): CommandResult {
  const { stepper } = situation;
  const [count = '1', given] = argument.split(/\s+/).filter((word) => word !== '');
  if (!isNumber(count) || (given !== undefined && !isNumber(given)))
    return says('usage: r [N [SEED]], such as r 10');
  const seed = given === undefined ? situation.seed : Number(given);
  const end = walkOn(stepper, { seed, stepsMax: Number(count) });
  const taken = end.path.steps.length - stepper.path.steps.length;
  return {
    text: [
      `${counted(taken, 'random step')}, seed ${seed}`,
      ...(taken === 0 ? [] : [walkText(end, page, stepper.path.steps.length)]),
    ].join('\n'),
    to: { stepper: end, furthest: end, seed: seed + 1 },
  };
}

async function check(situation: Situation, argument: string, session: Session): Promise<CommandResult> {
  const { stepper } = situation;
  if (argument !== '' && !(isNumber(argument) && Number(argument) > 0))
    return says('usage: c [STATES], such as c 50000');
  if (stepper.states.length <= stepper.path.steps.length)
    return says('the last step has no value: no state follows');
  const statesMax = argument === '' ? statesMaxDefault : Number(argument);
  const { text, path } = await checkFromHere(stepper, session.lowered, {
    statesMax,
    signal: session.signal(),
    page: session.page,
  });
  return path === undefined
    ? says(text)
    : { text, to: { ...situation, furthest: along(stepper.ground, path) } };
}

/** The walk that takes these steps. */
function along(ground: Ground, { initial, steps }: Path): Stepper {
  let stepper = startAt(ground, initial)!;
  for (const id of steps) stepper = choose(stepper, choicesOf(stepper).find(({ step }) => step === id)!);
  return stepper;
}

function value(stepper: Stepper, text: string, { lowered, page }: Session): string {
  try {
    return evaluatedText(evaluated(lowered.program, shownIn(stepper), text), page);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Why the actor waits that a text names, or all that wait. */
function why({ states }: Stepper, name: string, { lowered: { program }, page }: Session): string {
  const state = states.at(-1)!;
  const asked = program.threads.filter((thread) => isCalled(thread.name, name));
  if (asked.length === 0) {
    const names = program.threads.map((thread) => thread.name);
    return `no actor '${visible(name)}'${didYouMean(name, names)}`;
  }
  const waiting = waitingActors(program, state).filter(({ actor }) => isCalled(actor, name));
  if (waiting.length > 0) return waitingText(waiting, page);
  if (name === '') return 'no actor waits';
  return asked
    .map(({ id, name, locations, done, dead }) => {
      const at = state.at.get(id)!;
      const { label } = locations[at]!;
      return at === done || at === dead ? `${name} is ${label}` : `${name} does not wait: it is at ${label}`;
    })
    .join('\n');
}

/** Is it the name of the actor, or of all its copies? No name is that of every actor. */
const isCalled = (actor: string, name: string): boolean =>
  name === '' || name === actor || name === actor.replace(/\[.*$/, '');

/** Saves the walk as a trace of what is violated here, or else reached; if nothing is, as a walk. */
async function save(stepper: Stepper, name: string, { program }: Lowered): Promise<string> {
  const { path } = stepper;
  const found = met(stepper, false) ?? met(stepper);
  const trace =
    found === undefined ? replayWalk(program, path, 'by hand', locate) : replay(program, found, locate);
  const file = isTraceFile(name) ? name : `${name}.json`;
  try {
    writeFileSync(file, saveTrace({ digest: await digestOf(program), path, trace }), { flag: 'wx' });
    const what = found?.check.name ?? `a walk of ${counted(path.steps.length, 'step')}`;
    return `saved ${what} in ${visible(file)}`;
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const why = isThere ? 'the file exists already' : error instanceof Error ? error.message : error;
    return `cannot write ${visible(file)}: ${visible(String(why))}`;
  }
}

/** Goes to the end of a saved trace or walk, if its steps fit this Program. */
function load(situation: Situation, name: string, { lowered }: Session): CommandResult {
  const { program, properties } = lowered;
  const file = isTraceFile(name) ? name : `${name}.json`;
  const checks = checksOf(program, properties);
  try {
    const saved = readTraceFile(file);
    const fit = fitTrace(saved, lowered, [...checks, ...formulaChecks(checks)], locate);
    if (fit.fits) {
      const end = along(situation.stepper.ground, fit.path);
      return { to: { ...situation, stepper: end, furthest: end } };
    }
    const other = Object.entries(saved.trace.settings).flatMap(([key, value]) =>
      program.settings[key] === value ? [] : [`${key}=${value}`],
    );
    const settings = other.length === 0 ? '' : `; it was saved with ${other.join(' ')}`;
    return says(visible(`${file} does not fit: ${fit.why}${settings}`));
  } catch (error) {
    if (error instanceof UsageError) return says(visible(error.message));
    throw error;
  }
}

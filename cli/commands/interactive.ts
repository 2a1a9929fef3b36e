// simulate --interactive: the user chooses each step. Commands come one a line, from a terminal or a pipe. A terminal
// gets a prompt and line editing; Ctrl-D quits, as `q` does.

import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { digestOf, type Lowered } from '../../checker/index.js';
import {
  backTo,
  choicesOf,
  choose,
  counted,
  fitted,
  type Ground,
  met,
  replay,
  replayWalk,
  type Stepper,
  saveTrace,
  startAt,
} from '../../counterexamples/index.js';
import type { Page } from '../../counterexamples/text.js';
import { visible } from '../../models/language/index.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { locate } from '../locate.js';
import { print } from '../output/terminal.js';
import { isTraceFile } from './trace_source.js';

const help = `NUMBER take a step       u undo           g NUMBER go back or forth to that step
p print the state        w print the walk i NUMBER start anew, in that initial state
s FILE save as a trace   h help           q quit`;

/** The current walk, and the longest one that it is the beginning of, so that undone steps can be taken again. */
interface Situation {
  readonly stepper: Stepper;
  /** Has the steps of `stepper` as its first ones. */
  readonly furthest: Stepper;
}

const standing = (stepper: Stepper, furthest = stepper): Situation => ({ stepper, furthest });

/** Reads and executes commands until the input ends, or `q`. */
export async function walkByHand(lowered: Lowered, ground: Ground, page: Page): Promise<ExitStatus> {
  let situation = standing(startAt(ground)!);
  await print(`${help}\n\n${situationText(situation)}`);
  const commands = new Commands();
  for await (const line of commands.lines()) {
    if (line === 'q') break;
    const next = await obey(situation, line, lowered, page);
    if (typeof next === 'string') await print(next);
    else {
      situation = next;
      await print(situationText(situation));
    }
  }
  return commands.isInterrupted ? exitStatus.interrupted : exitStatus.ok;
}

class Commands {
  isInterrupted = false;

  /** The lines, trimmed. Ends at Ctrl-C. */
  async *lines(): AsyncGenerator<string> {
    const { stdin: input, stdout: output } = process;
    const isTerminal = input.isTTY && output.isTTY;
    const reader = createInterface(isTerminal ? { input, output, prompt: '> ' } : { input });
    reader.on('SIGINT', () => {
      this.isInterrupted = true;
      reader.close();
    });
    const lines = reader[Symbol.asyncIterator]();
    try {
      for (;;) {
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

/** The situation after a command, or the text to print. */
async function obey(
  { stepper, furthest }: Situation,
  line: string,
  lowered: Lowered,
  page: Page,
): Promise<Situation | string> {
  const [word = ''] = line.split(/\s+/);
  const argument = line.slice(word.length).trim();
  const length = stepper.path.steps.length;
  if (isNumber(word)) return take(stepper, furthest, word);
  switch (word) {
    case 'u':
      return length === 0
        ? 'no step to undo: this is the initial state'
        : standing(backTo(stepper, length - 1), furthest);
    case 'g': {
      const last = furthest.path.steps.length;
      if (!isNumber(argument) || Number(argument) > last)
        return `usage: g NUMBER, with NUMBER from 0 to ${last}`;
      return standing(backTo(furthest, Number(argument)), furthest);
    }
    case 'i': {
      const start = isNumber(argument) ? startAt(stepper.ground, Number(argument)) : undefined;
      return start === undefined
        ? 'i NUMBER: there is no such initial state; the first one is 0'
        : standing(start);
    }
    case 'p':
      return stateText(stepper, lowered);
    case 'w':
      return walkText(stepper, page) || 'no step was taken yet';
    case 's':
      return argument === '' ? 'usage: s FILE' : save(stepper, argument, lowered);
    case 'h':
    case '':
      return help;
    default:
      return `no command '${visible(line)}'\n${help}`;
  }
}

const isNumber = (text: string): boolean => /^\d+$/.test(text);

function take(stepper: Stepper, furthest: Stepper, number: string): Situation | string {
  const move = choicesOf(stepper)[Number(number) - 1];
  if (move === undefined) return `no step ${number} in the list`;
  const next = choose(stepper, move);
  const isKnown = furthest.path.steps[stepper.path.steps.length] === move.step;
  return standing(next, isKnown ? furthest : next);
}

function situationText({ stepper, furthest }: Situation): string {
  const found = met(stepper);
  const said = found === undefined ? [] : [`${found.verdict}: ${found.check.name}`];
  const moves = choicesOf(stepper);
  const offered = moves.map(({ step }, i) => `  ${i + 1}  ${stepText(stepper, step)}`);
  const end = moves.length === 0 ? ['  no step can be taken'] : offered;
  const [length, last] = [stepper.path.steps.length, furthest.path.steps.length];
  const where = `after ${counted(length, 'step')}${last > length ? ` of ${last}` : ''}:`;
  return [where, ...said, ...end].join('\n');
}

/** One step of a walk, on one line. */
function stepText({ ground: { walker } }: Stepper, step: number): string {
  const { program } = walker;
  const { thread, label, caption } = program.steps[step]!;
  return `${program.threads[thread]!.name}  ${label}  ${caption}`;
}

/** The steps of a walk, one on each line. */
const walkText = (stepper: Stepper, { width }: Page): string =>
  stepper.path.steps
    .map((step, i) => `${i + 1}  ${stepText(stepper, step)}`)
    .map((line) => fitted(line, width))
    .join('\n');

function stateText({ states }: Stepper, { program }: Lowered): string {
  const state = states.at(-1)!;
  const values = program.variables.map((variable) => {
    const value = state.value.get(variable.id)!;
    const { domain } = variable;
    const text = domain.kind === 'int' ? value : domain.kind === 'bool' ? value !== 0 : domain.values[value];
    return `  ${variable.name} = ${text}`;
  });
  const places = program.threads.map(
    ({ id, name, locations }) => `  ${name} at ${locations[state.at.get(id)!]!.label}`,
  );
  return [...values, ...places].join('\n');
}

/** Saves the walk as a trace of what is violated or reached here; if nothing is, as a walk. */
async function save(stepper: Stepper, name: string, { program }: Lowered): Promise<string> {
  const { path } = stepper;
  const found = met(stepper);
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

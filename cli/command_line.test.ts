// Mistakes in the command line: one line each, with the nearest right word.

import { expect, test } from 'vitest';
import { verbs } from './arguments/help.js';
import { runCommandLine } from './command_line.js';
import { explain } from './errors.js';

const see = (verb: string) => `see 'raceproof ${verb} --help'`;

test.each([
  [[], "no command given; 'raceproof --help' lists them"],
  [['chekc', 'increment'], "no command 'chekc'; did you mean 'check'?"],
  [['dissect'], `no command 'dissect'; there are ${verbs.join(', ')}`],
  [['--stats', 'check'], 'the command comes first: raceproof COMMAND --stats'],
  [['check'], "which model? raceproof check MODEL ('raceproof list' names them)"],
  [['show'], "which model? raceproof show MODEL ('raceproof list' names them)"],
  [['compare'], "which model? raceproof compare MODEL ('raceproof list' names them)"],
  [['check', 'incremnt'], "no model 'incremnt'; did you mean 'increment'?"],
  [['check', 'increment', 'peterson'], `check takes no argument 'peterson'; ${see('check')}`],
  [['list', 'increment'], `list takes no argument 'increment'; ${see('list')}`],
  [
    ['check', 'increment', '--max-state=3'],
    "check has no option '--max-state'; did you mean '--max-states'?",
  ],
  [['list', '--format=json'], `list has no option '--format'; ${see('list')}`],
  [['check', 'increment', '-s'], `no option '-s': options are long; ${see('check')}`],
  [['check', 'increment', '-stats'], `no option '-stats': options are long; ${see('check')}`],
  [['check', 'increment', '--__proto__=1'], `check has no option '--__proto__'; ${see('check')}`],
  [['check', 'increment', '--model=peterson'], `check has no option '--model'; ${see('check')}`],
  [['check', '--format', '--stats', 'increment'], `--format needs a value; ${see('check')}`],
  [['check', '--', '--stats'], "no model '--stats' ('raceproof list' names them)"],
  [['render', 'increment', '--property=a', '--property=b'], '--property is given twice'],
  [['check', 'increment', '--set'], `--set needs a value; ${see('check')}`],
  [['check', 'increment', '--set', 'NR_ACTORS'], '--set NR_ACTORS: write --set NAME=VALUE'],
  [
    ['check', 'increment', '--set', 'NR_ACTORS=1', '--set', 'NR_ACTORS=2'],
    '--set NR_ACTORS is given twice: NR_ACTORS=1, NR_ACTORS=2',
  ],
  [
    ['check', 'increment', '--set', 'NR_ACTRS=2'],
    "increment has no setting 'NR_ACTRS'; did you mean 'NR_ACTORS'?",
  ],
  [['check', 'increment', '--set', 'NR_ACTORS=0'], 'NR_ACTORS=0: not in int(1, 8)'],
  [['check', '--set', 'NR_ACTORS=many', 'increment'], 'NR_ACTORS=many: not in int(1, 8)'],
  [['check', 'increment', '--format=lnes'], "--format=lnes: not one of lanes, json; did you mean 'lanes'?"],
  [['check', 'increment', '--format=json', '--format=json'], '--format is given twice'],
  [['check', 'increment', '--max-states=0'], '--max-states=0: not a whole number from 1 up'],
  [['check', 'increment', '--max-depth=1.5'], '--max-depth=1.5: not a whole number from 0 up'],
  [['check', 'increment', '--max-seconds=soon'], '--max-seconds=soon: not a number from 0 up'],
  [['check', 'increment', '--width=10'], '--width=10: not a whole number from 40 up'],
  [['check', 'increment', '--stats=3'], '--stats takes no value'],
  [['check', 'increment', '--all-traces=yes'], '--all-traces takes no value'],
  [['check', 'increment', '--engine=reference', '--workers=2'], 'the reference engine has one worker'],
  [['check', 'increment', '--no-stats'], "check has no option '--no-stats'; did you mean '--stats'?"],
  [
    ['compare', 'increment'],
    'increment names no candidates to compare; --over SETTING=VALUE,VALUE compares values of a setting (its settings are NR_ACTORS)',
  ],
])('raceproof %j', async (args, line) => {
  const error: unknown = await runCommandLine(args).catch((thrown: unknown) => thrown);
  expect(explain(error)).toEqual({ text: `raceproof: ${line}`, status: 2 });
});

// The help: what it says, and that it fits.

import { describe, expect, test } from 'vitest';
import { called } from '../testing/command.js';
import { commands } from './command_line.js';
import { helpOn, verbs } from './help.js';

describe('help', () => {
  test.each([undefined, ...verbs])('on %s fits a terminal and ends with an example', (verb) => {
    const lines = helpOn(verb).trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.at(-1)).toMatch(/^Example: raceproof /);
  });

  test.each(verbs)('on %s tells every option that there is, and no other', async (verb) => {
    const { parameters } = (await commands[verb]()).command;
    const named = (kind: string) => Object.keys(parameters).filter((name) => parameters[name]!.kind === kind);
    const told = (pattern: RegExp) => [...helpOn(verb).matchAll(pattern)].map(([, name]) => name!);
    expect(told(/^ {2}--([a-z-]+) {2}/gm).sort()).toEqual(named('flag').sort());
    expect(told(/^ {2}--([a-z-]+)(?:=| [A-Z])/gm).sort()).toEqual(named('value').sort());
  });

  test('is printed by --help, alone or after a command', async () => {
    const [general, check] = await Promise.all([called(['--help']), called(['check', '--help'])]);
    expect(general).toEqual({ status: 0, stdout: helpOn(undefined), stderr: '' });
    expect(check).toEqual({ status: 0, stdout: helpOn('check'), stderr: '' });
  });

  test('in general tells the commands and the exit statuses', () => {
    expect(helpOn(undefined)).toMatchInlineSnapshot(`
      "raceproof: an explicit-state model checker for kernel races

        raceproof list             the models that come with it
        raceproof init NAME        a project with a model to start from
        raceproof show MODEL       a model as C-like text, its settings and properties
        raceproof check MODEL      explore every interleaving, and report what holds
        raceproof compare MODEL    every candidate fix in every scenario
        raceproof export MODEL     the same program for rumur, SPIN, TLC and others
        raceproof verify FILE      check a certificate of all states, by other code
        raceproof render MODEL     a counterexample as HTML, Markdown, Mermaid, ITF
        raceproof explain MODEL    which orderings make a counterexample inevitable
        raceproof replay FILE      does a saved trace still fit its model?
        raceproof simulate MODEL   walk through a model, by chance or by hand
        raceproof test             every row of a project is as expected
        raceproof litmus FILE      what a memory model says of a litmus test

      MODEL is a name from the list, or a file that exports a model.
      raceproof COMMAND --help tells more; raceproof --version tells the version.

      Exit status
        0            everything holds, and every reachable state was explored. 'no
                     actor is stuck' alone may be 'not checked' (see check --stuck)
        3            a limit was reached before the end: not a proof
        10           with --strict: a property holds vacuously
        11 12 13 14  violated: a deadlock or a stuck actor, a safety property, a
                     liveness property, an assertion in the code. 12 is also a value
                     outside its domain: a run ends there, and all else was explored
                     up to there only. 14 is also a warning, which ends no run
        20 21 22     a saved trace or a certificate is about another program; there is
                     nothing to show: everything holds, or there is no essence; a row
                     is not as expected
        23           a certificate is refused: it does not show what it claims
        2            a mistake in the command line or in the model
        70 74        a mistake of raceproof; the result could not be written
        129 130 143  stopped by SIGHUP, Ctrl-C or SIGTERM, with a partial report

      Example: raceproof check thp_truncate --set fix=none
      "
    `);
  });
  test('on check tells its options', () => {
    expect(helpOn('check')).toMatchInlineSnapshot(`
      "raceproof check MODEL [OPTION]...

      Explores every interleaving of the model's actors, and says of each property
      whether it holds. If one does not, the exit status says so, and the shortest
      interleaving that breaks it is told in lanes, one for each actor.

        --set NAME=VALUE     choose the value of a setting; once for each setting
        --format=FORMAT      lanes (default, for people) or json (for programs)
        --all-traces         every counterexample, and examples of what is reached
        --certificate=FILE   if all holds, write all states to FILE, for raceproof
                             verify; not covered: properties of whole runs
        --only=NAME          only the steps of this actor or kind of actors, or those
                             that change this variable: munmap[1], munmap, _mapcount
        --hide=NAME          not this actor, or not what becomes of this variable;
                             both as often as you like, and * stands for anything
        --always=FORMULA     one more property, typed here: 'compound_mapcount >= 0',
        --never=FORMULA      'truncate is done and once PG_locked == free';
        --sometimes=FORMULA  each option as often as you like
        --always-possible=FORMULA
                             from every state some run still reaches this: 'p is done'
        --ltl=FORMULA        a formula of whole runs: 'F truncate is done'
        --fair=FAIRNESS      to every actor, for these: none (default), weak or strong
        --shortest-lassos    look longer for shorter counterexamples of liveness
        --stuck              is an actor stuck for ever though others go on? Asked
                             where there are more than 1,000,000 states, too
        --coverage           labels never reached, ways never taken, idle waits
        --strict             to hold vacuously is a failure: exit status 10
        --watch              check again whenever a file beside the model changes
        --without=NAME       switch a built-in check off; repeatable: lock-held,
                             lock-recursion, lock-order, lock-balance, might-sleep,
                             use-after-free, bad-free, null-dereference,
                             deadlock, stuck
        --engine=ENGINE      compiled (default, fast) or reference (the definition)
        --search=ORDER       bfs (default: breadth first, shortest traces), dfs (depth
                             first) or iterative (deepening)
        --storage=STORAGE    exact (default), hash64 or bitstate: less, but no proof
        --reduce=REDUCTION   none (default) or movers: actors go on alone where no one
                             else notices. The same verdicts and traces from fewer
                             states; what needs every state, such as liveness, stays
                             unknown, and --stuck and --coverage are refused
        --workers=N          search with N threads (default: as many as there are
                             processors, from 4,000,000 states on): the same result
        --max-states=N       stop before there are more states than N
        --max-depth=N        check the states up to N steps from the start, in every
                             order of search; those N steps away are not expanded
        --max-memory=N       stop before states and table take more than N megabytes
        --max-seconds=N      stop the whole command after N seconds
        --stats              time, rates and memory, on stderr
        --width=N            characters in a line, from 40 up; by default as wide as
                             the terminal, at most 160, and 80 if there is none

      In formulas: variables, numbers, words such as huge or free, ACTOR at LABEL,
      ACTOR is done, enabled(ACTOR), == != < <= > >= + - * / %, and or not -> <->;
      of the future G F X, U W R, leadsTo; of the past once, historically, previously,
      since. Names may be shortened from the left: lock for zap_huge_pmd.lock. In
      double quotes they are names whatever they mean without: '"next" == 1'.

      Example: raceproof check thp_truncate --set fix=none
      "
    `);
  });
});

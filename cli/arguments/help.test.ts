// The help: what it says, and that it fits.

import { describe, expect, test } from 'vitest';
import { commands } from '../command_line.js';
import { called } from '../testing/command.js';
import { helpOn, verbs } from './help.js';

describe('help', () => {
  test.each([undefined, ...verbs])('on %s fits a terminal and ends with an example', (verb) => {
    const lines = helpOn(verb).trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.at(-1)).toMatch(/^Example: raceproof /);
  });

  test.each(verbs)('on %s lists every option that there is, and no other', async (verb) => {
    const { parameters } = (await commands[verb]()).command;
    const named = (kind: string) => Object.keys(parameters).filter((name) => parameters[name]!.kind === kind);
    const optionsMatching = (pattern: RegExp) => [...helpOn(verb).matchAll(pattern)].map(([, name]) => name!);
    expect(optionsMatching(/^ {2}--([a-z-]+) {2}/gm).sort()).toEqual(named('flag').sort());
    expect(optionsMatching(/^ {2}--([a-z-]+)(?:=| [A-Z])/gm).sort()).toEqual(named('value').sort());
  });

  test('is printed by --help, alone or after a command', async () => {
    const [general, check] = await Promise.all([called(['--help']), called(['check', '--help'])]);
    expect(general).toEqual({ status: 0, stdout: helpOn(undefined), stderr: '' });
    expect(check).toEqual({ status: 0, stdout: helpOn('check'), stderr: '' });
  });

  test('in general lists the commands and the exit statuses', () => {
    expect(helpOn(undefined)).toMatchInlineSnapshot(`
      "raceproof: an explicit-state model checker for kernel races

        raceproof list             list the models that come with raceproof
        raceproof init NAME        write a project with a model to start from
        raceproof show MODEL       print a model as C-like text, with its settings
        raceproof check MODEL      explore every interleaving, and report what holds
        raceproof compare MODEL    check every candidate fix in every scenario
        raceproof export MODEL     translate a model for rumur, SPIN, TLC and others
        raceproof verify FILE      check a certificate of a model that holds
        raceproof prove MODEL      prove a model for any number of its actors
        raceproof render MODEL     print a counterexample as HTML, Markdown, SVG, ITF
        raceproof explain MODEL    print which orderings make the bug inevitable
        raceproof replay FILE      check that a saved trace still fits its model
        raceproof simulate MODEL   take random steps, or the steps that you choose
        raceproof test             check the models of a project against expectations
        raceproof litmus FILE      check a litmus test or a model in a memory model
        raceproof barriers MODEL   find missing memory barriers, and needless ones

      MODEL is a name from 'raceproof list', or a file that exports a model.
      'raceproof COMMAND --help' explains a command; --version prints the version.

      Exit status
        0    everything holds, and every reachable state was explored. Only the check
             'no actor is stuck' may be 'not checked' (see check --stuck)
        2    error in the command line or in the model
        3    a limit was reached before every state was explored: not a proof
        10   with --strict: a property holds vacuously, or a memory model takes steps
             for atomic that do not say that they are
        11   violated: deadlock, or an actor that is stuck for ever
        12   violated: safety property, or a value out of range. The run ends at that
             value, so the other results hold only up to there
        13   violated: liveness property
        14   violated: assertion in the model's code, or a built-in check of locks;
             also for a warning, which does not end the run
        20   a saved trace or a certificate does not fit its model, or a model the C
             sources that it names
        21   nothing to show: no counterexample, or it has no essence
        22   a row of 'raceproof test' is not as expected
        23   a certificate is refused: it does not prove what it claims
        24   'prove': neither proved nor refuted
        25   'prove --by=smt': a solver is missing, or failed
        70   internal error (a bug in raceproof)
        74   cannot write the output
        129  stopped by SIGHUP, with a partial report (130: Ctrl-C; 143: SIGTERM)

      Example: raceproof check thp_truncate --set fix=none
      "
    `);
  });
  test('on check lists its options', () => {
    expect(helpOn('check')).toMatchInlineSnapshot(`
      "raceproof check MODEL [OPTION]...

      Explores every interleaving of the model's actors, and reports for each property
      whether it holds. If one is violated, prints a shortest interleaving that
      violates it, in one column for each actor, and exits with the status of the
      violation (see 'raceproof --help').

        --set NAME=VALUE     set one setting; repeatable
        --format=FORMAT      lanes (default: text in columns) or json
        --all-traces         print the trace of every violated property, and of every
                             'sometimes' that is reached
        --certificate=FILE   if everything holds, write all states to FILE for
                             'raceproof verify'; does not cover --ltl and other
                             properties of whole runs
        --report=FORMAT:FILE write a report with statistics to FILE: html (a page with
                             charts, and counts beside the model's source) or json;
                             repeatable. Time and memory are in it. If it cannot be
                             written, the exit status is 74
        --story              show only the steps that matter to the bug and to what
                             they read, and count the others (docs/story.md)
        --terms              with --story: show what named conditions are made of
        --checkpoint=FILE    now and then, and when a signal or a limit (other than
                             --max-depth) ends the search for states, write how far
                             it has come; for --search=bfs --storage=exact, with any
                             --workers
        --checkpoint-every=MINUTES
                             how often (default: 10)
        --resume=FILE        go on from a checkpoint of the same model, settings and
                             properties: the report is that of an uninterrupted run
        --only=NAME          show only the steps of this actor (munmap[1]), of these
                             actors (munmap), or that change this variable (_mapcount)
        --hide=NAME          omit an actor's steps or a variable's changes;
                             both options are repeatable, and * is a wildcard
        --always=FORMULA     check that FORMULA is true in every state; repeatable, as
                             are the next four: --always='compound_mapcount >= 0'
        --never=FORMULA      check that FORMULA is true in no state
        --sometimes=FORMULA  check that FORMULA is true in some state
        --always-possible=FORMULA
                             check that from every state some run reaches a state
                             where FORMULA is true: 'p is done'
        --ltl=FORMULA        check an LTL formula on all runs: 'F truncate is done'
        --fair=FAIRNESS      the fairness to every actor that these properties assume:
                             none (default), weak or strong
        --shortest-lassos    minimise counterexamples to liveness (slower)
        --stuck              check that no actor is stuck for ever while others go on,
                             even above 1,000,000 states (below, always checked)
        --coverage           print labels never reached, branches never taken, and
                             lock waits in which no actor ever waited
        --strict             exit with status 10 if a property holds only vacuously,
                             or with --memory=tso if what holds rests on steps that
                             are taken for atomic and do not say that they are
        --watch              check again when a file in the model's folder changes
        --no-types           do not have TypeScript check the types of a model's file;
                             it does where it is installed, and status 2 if they are
                             wrong
        --without=NAME       switch off a built-in check; repeatable. NAME: lock-held,
                             lock-recursion, lock-order, irq-safety, lock-balance,
                             might-sleep, use-after-free, bad-free, null-dereference,
                             deadlock or stuck
        --memory=MODEL       sc (default: every access is seen at once by all) or tso
                             (x86-TSO: stores wait in buffers)
        --buffer=K           with tso, buffers of K stores (default: as large as they
                             must be, if that is known)
        --engine=ENGINE      compiled (default: fast) or reference (slow; it defines
                             what a model means)
        --search=ORDER       bfs (default: breadth first, shortest traces), dfs (depth
                             first) or iterative (iterative deepening)
        --storage=STORAGE    exact (default); hash64 or bitstate use less memory, but
                             may miss states: their result is never a proof
        --reduce=REDUCTION   none (default); movers: actors run on without a switch
                             where no other actor can notice; stubborn: some actors
                             go first where the order does not matter; symmetry:
                             states that differ only in which copy of an actor is
                             which are one; auto: those of the three that help, with
                             the reason. Same verdicts and lengths of traces from
                             fewer states; liveness and other checks that need every
                             state stay unknown (auto then takes none); --stuck,
                             --coverage are refused
        --workers=N          search with N threads of WebAssembly; the result is the
                             same (default: 1)
        --backend=BACKEND    auto (default: WebAssembly from 2,000 states on, where it
                             can), wasm (from the first state on; refused where a
                             number may need more than 32 bits) or javascript; the
                             result is the same
        --max-states=N       stop at N states
        --max-depth=N        check only states at most N steps from the start
        --max-memory=N       stop when states and table need more than N megabytes
        --max-seconds=N      stop after N seconds, loading the model included
        --stats              print time, rates and memory to stderr
        --width=N            characters in a line, at least 40 (default: the width of
                             the terminal, at most 160; 80 without a terminal)

      Formulas: variables, numbers, enum values (huge, free), ACTOR at LABEL, ACTOR is
      done, enabled(ACTOR); == != < <= > >= + - * / %; and, or, not, ->, <->.
      Temporal operators: G F X U W R leadsTo (future), once historically previously
      since (past). The front of a name may be left out: lock for zap_huge_pmd.lock.
      Quote a name that is also an operator: '"next" == 1'.

      Example: raceproof check thp_truncate --set fix=none
      "
    `);
  });
});

// The help texts of `raceproof` and of its commands, but for those about traces (trace_help.ts).

import { barriers, litmus } from './memory_help.js';
import {
  explainHelp,
  filters,
  memory,
  renderHelp,
  replayHelp,
  settings,
  simulateHelp,
  story,
  width,
  without,
} from './trace_help.js';

const general = `raceproof: an explicit-state model checker for kernel races

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
`;

const list = `raceproof list [OPTION]...

Lists the models that come with raceproof: first races of the kernel, with the
kind of bug, the primitives that they use and the commit that fixed them; then
other models, with their numbers of settings and properties.

  --kind=KIND          only races of this kind: use-after-free, deadlock, ...
  --uses=PRIMITIVE     only races that use this: refcount, 'wait queue', ...

Example: raceproof list --kind=use-after-free
`;

const init = `raceproof init NAME

Writes a project into the folder NAME, which must be new or empty: a model
with a race and its fix, properties, the rows that 'raceproof test' expects,
package.json, tsconfig.json, and a task for an editor that checks the open file.

Example: raceproof init my-race
`;

const exploration = `  --engine=ENGINE      compiled (default: fast) or reference (slow; it defines
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
  --stats              print time, rates and memory to stderr`;

const show = `raceproof show MODEL [OPTION]...

Prints the settings, actors and properties of a model, and its program as C-like
text, one label for each atomic step.

${settings}
${without}
${memory}
  --as=FORM            program (default); source: the file of an example, to
                       be copied; plan: the words of the packed state that each
                       step reads and writes; javascript: the code that the
                       search runs; c: a C program that counts states
  --format=FORMAT      c (default) or json
  --beside=DIR         print the labels beside the functions of the source tree
                       DIR that they stand for; what the model names and the
                       tree does not have, or has changed since its digest, is
                       said at the end, and the exit status is 20
  --digests            with --beside: print the functions with the digests of
                       their texts, as source(...) in the model takes them
${width}

Example: raceproof show thp_truncate --set fix=unmap_mapping_page
`;

const formulas = `  --always=FORMULA     check that FORMULA is true in every state; repeatable, as
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
${without}`;

const inFormulas = `Formulas: variables, numbers, enum values (huge, free), ACTOR at LABEL, ACTOR is
done, enabled(ACTOR); == != < <= > >= + - * / %; and, or, not, ->, <->.
Temporal operators: G F X U W R leadsTo (future), once historically previously
since (past). The front of a name may be left out: lock for zap_huge_pmd.lock.
Quote a name that is also an operator: '"next" == 1'.`;

const check = `raceproof check MODEL [OPTION]...

Explores every interleaving of the model's actors, and reports for each property
whether it holds. If one is violated, prints a shortest interleaving that
violates it, in one column for each actor, and exits with the status of the
violation (see 'raceproof --help').

${settings}
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
${story}
  --checkpoint=FILE    now and then, and when a signal or a limit (other than
                       --max-depth) ends the search for states, write how far
                       it has come; for --search=bfs --storage=exact, with any
                       --workers
  --checkpoint-every=MINUTES
                       how often (default: 10)
  --resume=FILE        go on from a checkpoint of the same model, settings and
                       properties: the report is that of an uninterrupted run
${filters}
${formulas}
${memory}
${exploration}
${width}

${inFormulas}

Example: raceproof check thp_truncate --set fix=none
`;

const compare = `raceproof compare MODEL [OPTION]...
raceproof compare --traces A.json B.json

Checks every candidate fix of a model in every scenario and environment that the
model names, or with --over the values of any settings. Prints a table with the
length of the shortest counterexample in each cell, and a conclusion for each
candidate. Cells are explored in parallel, and their results kept in a cache.
Exit status: 0 if every cell was explored, violated or not; 2 if the model
refuses the settings of a cell; 3 if a limit was reached.

${settings},
                       not for settings that the comparison itself varies
${without}
${memory};
                       an environment of the model may name its own
  --candidates=WHICH   another comparison of the model, such as mutants; or only
                       candidates of these names: none,try_to_unmap
  --over=SETTING=VALUES
                       vary this setting instead: --over fix=none,lock; 1..3 is
                       1, 2 and 3; without VALUES all of them. Repeatable: the
                       first setting goes down the table, the others across
  --only=NAME          only this candidate, scenario or environment; repeatable;
                       * is a wildcard: --only=none --only='powerpc*'
  --traces             compare two saved traces: the steps that both begin with,
                       where they part, and what differs in their states
  --format=FORMAT      table (default), markdown, json or html
  --out=DIR            folder for the pages of --format=html: one page for each
                       cell, with its trace and essence or its state counts
  --jobs=N             explore N cells at once (default: number of processors);
                       each then has one thread, unless --workers is given
  --no-cache           neither read nor write cached results
  --cache-dir=DIR      the cache (default: ~/.cache/raceproof)
${exploration}
${width}

Example: raceproof compare increment --over NR_ACTORS=2,3
`;

const exportText = `raceproof export MODEL [OPTION]...

Translates a model for another tool, step by step. A comment at the top of the
output shows how to run it. With --checks=none the tool counts the same states
and transitions as 'raceproof check'.

${settings}
${without}
${memory}
  --to=TARGET          murphi (default; for rumur), promela (SPIN), tlaplus and
                       tlaplus-config (TLC: NAME.tla and NAME.cfg); dot
                       (Graphviz) and aut (CADP, mCRL2): the state graph, of a
                       small model unless it goes to a file; states: all states
                       and transitions as lines of JSON
  --out=FILE           write to FILE, whole or not at all
  --checks=WHICH       all (default): translate the properties too; or none
  --symmetry           only for murphi: declare interchangeable actors as a
                       scalarset, so that rumur counts states that differ only
                       in the order of these actors once

Example: raceproof export increment --to=promela
`;

const test = `raceproof test [TARGET]... [OPTION]...

Checks models under the settings of each row, and compares the results with the
expectations of the row. TARGET is a project file, a model file that exports a
manifest, a folder with either, or the name of a model; by default, the nearest
raceproof.config.ts, .js or .json in this folder or above:

  { "models": ["increment", { "model": "./race.ts", "rows": [
    { "settings": { "fix": "none" }, "violated": { "no_uaf": 7 } },
    { "settings": { "fix": "lock" }, "verdict": "holds", "states": 35 } ] }] }

A row may expect a verdict (holds, violated, incomplete); violated properties by
name, with the steps of its counterexample; states, transitions and depth;
unreached examples. What a row does not name is not compared.
Rows run in several processes; results are printed in the order of the rows, and
cached under a digest of all that they depend on.

  --report=FORMAT:FILE junit, sarif, json or markdown; or github (without a
                       file): annotations and job summary. Repeatable
  --update             rewrite the expectations of rows that differ
  --jobs=N             run N rows at once (default: number of processors)
  --no-cache           neither read nor write the cache
  --cache-dir=DIR      folder of the cache (default: ~/.cache/raceproof)
  --engine=ENGINE      compiled (default) or reference
  --max-states=N       stop each row at N states
  --max-memory=N       stop each row when it needs more than N megabytes
  --max-seconds=N      stop the whole command after N seconds; the other rows
                       are reported as not run
  --serve              internal: run rows for another process
${width}

Exit status: 0 if all rows are as expected, 22 if one is not, 2 if a model or a
row is invalid, 3 if rows were not run.

Example: raceproof test --report=junit:results.xml
`;

const verify = `raceproof verify FILE MODEL [OPTION]...

Checks a certificate of 'raceproof check MODEL --certificate=FILE', under the
same settings and properties: that it holds exactly the reachable states, and
that no property of single states and steps is violated in them.
certificate/verify.js does the check. It shares no code with the engines of
raceproof, and also runs alone on the output of 'raceproof export --to=json'.
A certificate of 'raceproof prove' is closed again by certificate/views.js.
Exit status: 0 if everything that is covered holds, 20 if FILE is about another
program, 23 if the certificate is refused.

${settings}
  --always=FORMULA     the properties that were typed for 'raceproof check';
  --never=FORMULA      each option is repeatable
  --sometimes=FORMULA
  --always-possible=FORMULA
  --ltl=FORMULA
  --fair=FAIRNESS      none (default), weak or strong
  --without=NAME       a built-in check that was switched off; repeatable
${memory}
  --max-seconds=N      stop the whole command after N seconds

Example: raceproof verify peterson.cert peterson
`;

const prove = `raceproof prove MODEL --for=SETTING,... [OPTION]...

Proves what 'raceproof check' shows of a few actors for any number of them. Each
SETTING is the number of copies of an actor, which must all be alike. First all
instances with up to three of each are explored: a violation there is printed
with its trace. Then the views of one or two of them, beside all that they
share, are closed under every step, whoever takes it: what no view violates
holds for every number. docs/prove.md says what is covered.
Exit status: 0 proved; 11 to 14 refuted, as for 'raceproof check'; 24 neither,
with the view that was not excluded; 3 stopped by --max-seconds;
2 the method does not take the model, with the line that is the reason.

With --by=smt: lengths of arrays may be any number as well, an inductive
invariant is looked for, and z3 and cvc5 judge each of its obligations: see
docs/prove-smt.md. 25: a solver is missing, or failed.

  --for=SETTING,...    the settings that may be any number; with --by=smt NAME:N
                       begins at N
  --by=WAY             views (default) or smt
  --out=DIR            smt: write the obligations, one file for each step, and
                       the invariant
  --invariant=DIR      smt: judge the invariant that --out=DIR has written, and
                       look for none
  --solver=NAME        smt: z3 or cvc5; repeatable. Both must agree by default
${settings}
  --without=NAME       a built-in check that is switched off; repeatable
  --certificate=FILE   write the views to FILE: 'raceproof verify FILE MODEL'
                       closes them again, by a program of its own
  --format=FORMAT      text (default) or json: the report for programs, see
                       docs/json.md; for views
  --max-states=N       views: give up where an instance has more than N states;
                       smt: compare sizes with up to N states, 300,000 if not
                       given
  --max-seconds=N      stop the whole command after N seconds
${width}

Example: raceproof prove two_phase_commit --for=NR_RMS
`;

const texts = {
  list,
  init,
  show,
  check,
  compare,
  export: exportText,
  verify,
  prove,
  render: renderHelp,
  explain: explainHelp,
  replay: replayHelp,
  simulate: simulateHelp,
  test,
  litmus,
  barriers,
};

export type Verb = keyof typeof texts;
export const verbs = Object.keys(texts) as readonly Verb[];
export const isVerb = (text: string | undefined): text is Verb => verbs.some((verb) => verb === text);

/** The help text of a command, or the general one. */
export const helpOn = (verb: Verb | undefined): string => (verb === undefined ? general : texts[verb]);

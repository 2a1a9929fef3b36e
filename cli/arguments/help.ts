// The help, written by hand.

import {
  explainHelp,
  filters,
  renderHelp,
  replayHelp,
  settings,
  simulateHelp,
  width,
  without,
} from './trace_help.js';

const general = `raceproof: an explicit-state model checker for kernel races

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
`;

const list = `raceproof list [OPTION]...

Lists the models that come with raceproof: races of the kernel with the kind of
bug, the primitives that they use and the commit that fixed them; then others,
with how many settings and properties they have.

  --kind=KIND          only races of this kind: use-after-free, deadlock, ...
  --uses=PRIMITIVE     only races that use this: refcount, 'wait queue', ...

Example: raceproof list --kind=use-after-free
`;

const init = `raceproof init NAME

Writes a project into the folder NAME, which must not exist or be empty: a model
with a race and its fix, properties, the rows that 'raceproof test' expects,
package.json, tsconfig.json, and a task for an editor that checks the open file.

Example: raceproof init my-race
`;

const exploration = `  --engine=ENGINE      compiled (default, fast) or reference (the definition)
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
  --stats              time, rates and memory, on stderr`;

const show = `raceproof show MODEL [OPTION]...

Prints what is checked: the settings, actors and properties of a model, and its
program as C-like text, one label for each atomic step.

${settings}
${without}
  --as=FORM            program (default); plan: each step as words of a state
                       that it reads and writes; javascript: what a search
                       runs; c: a C program that counts the states
  --format=FORMAT      c (default) or json
${width}

Example: raceproof show thp_truncate --set fix=unmap_mapping_page
`;

const formulas = `  --always=FORMULA     one more property, typed here: 'compound_mapcount >= 0',
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
${without}`;

const inFormulas = `In formulas: variables, numbers, words such as huge or free, ACTOR at LABEL,
ACTOR is done, enabled(ACTOR), == != < <= > >= + - * / %, and or not -> <->;
of the future G F X, U W R, leadsTo; of the past once, historically, previously,
since. Names may be shortened from the left: lock for zap_huge_pmd.lock. In
double quotes they are names whatever they mean without: '"next" == 1'.`;

const check = `raceproof check MODEL [OPTION]...

Explores every interleaving of the model's actors, and says of each property
whether it holds. If one does not, the exit status says so, and the shortest
interleaving that breaks it is told in lanes, one for each actor.

${settings}
  --format=FORMAT      lanes (default, for people) or json (for programs)
  --all-traces         every counterexample, and examples of what is reached
  --certificate=FILE   if all holds, write all states to FILE, for raceproof
                       verify; not covered: properties of whole runs
${filters}
${formulas}
${exploration}
${width}

${inFormulas}

Example: raceproof check thp_truncate --set fix=none
`;

const compare = `raceproof compare MODEL [OPTION]...

Runs every candidate fix of a model in every scenario and environment that the
model names, and prints candidates by scenarios, with the length of the shortest
counterexample of each, and what follows for each candidate.
A candidate that fails is a result: the exit status is 0 if all was explored.
One that is refused has its place in the table, and then the exit status is 2.

${settings},
                       as far as the comparison does not choose it itself
${without}
  --candidates=WHICH   another comparison that the model names, such as mutants
  --format=FORMAT      table (default), markdown, json or html
  --out=DIR            where the pages of html go: each cell leads to its trace
                       with the essence, or to its figures; and the coverage
${exploration}
${width}

Example: raceproof compare thp_truncate
`;

const exportText = `raceproof export MODEL [OPTION]...

Prints the program of a model for a tool that others wrote, one step of theirs
for each of ours; a comment on top says how to run it. With --checks=none the
tool counts the same states and transitions as raceproof check.

${settings}
${without}
  --to=TARGET          murphi (default; for rumur), promela (SPIN), tlaplus and
                       tlaplus-config (TLC: NAME.tla and NAME.cfg); dot
                       (Graphviz) and aut (CADP, mCRL2): the state graph of a
                       small model; json: the program and its checks as data,
                       described in docs/program.schema.json
  --checks=WHICH       all (default) or none
  --symmetry           for murphi: interchangeable actors as a scalarset: rumur
                       counts states that differ in their order alone once

Example: raceproof export increment --to=promela
`;

const test = `raceproof test [TARGET]... [OPTION]...

Explores models under settings, and compares what is found with what is
expected. TARGET is a project file, a model file that exports a manifest, a
folder with either, or the name of a model; without one the nearest
raceproof.config.ts, .js or .json here or above is the project file:

  { "models": ["increment", { "model": "./race.ts", "rows": [
    { "settings": { "fix": "none" }, "violated": { "no_uaf": 7 } },
    { "settings": { "fix": "lock" }, "verdict": "holds", "states": 35 } ] }] }

A row may expect a verdict (holds, violated, incomplete); all that is violated,
by name, with the steps of the counterexample; states, transitions and depth;
examples that are unreached. What it does not name is not compared.
Rows run in several processes, and print in their order. Their results are kept
in a cache, under a digest of all that they depend on.

  --report=FORMAT:FILE junit, sarif, json or markdown; or github, without a
                       file: annotations, and the summary of the job.
                       Repeatable
  --update             rewrite the rows that are not as expected
  --jobs=N             run N rows at once (default: one for each processor)
  --no-cache           neither read nor write the cache
  --cache-dir=DIR      where it lies (default: ~/.cache/raceproof)
  --engine=ENGINE      compiled (default) or reference
  --max-states=N       stop each row before it has more states than N
  --max-memory=N       stop each row before it takes more than N megabytes
  --max-seconds=N      stop the whole command after N seconds: rows that are
                       left are reported as not run
  --serve              answer questions about rows on stdin: what raceproof test
                       starts its processes with
${width}

The exit status is 0 if all rows are as expected, 22 if one is not, 2 if a model
or a row cannot be used, 3 if rows were not run.

Example: raceproof test --report=junit:results.xml
`;

const litmus = `raceproof litmus FILE [OPTION]...

Enumerates the executions of a litmus test, a .litmus file of herd's flavour C,
that a memory model allows, and prints what herd prints: final states, counts of
witnesses, Never, Sometimes or Always, data races. Then the execution that
decides: one that satisfies the condition, or why the model forbids it.

  --model=MODEL        lkmm (default: the Linux-kernel memory model), tso (x86)
                       or sc (sequential consistency)
  --format=FORMAT      text (default), herd (the verdict alone, line for line),
                       json, svg, dot (Graphviz): pictures of the execution
  --max-seconds=N      stop after N seconds

The exit status is 0 if the condition of exists is never true, or that of forall
or ~exists holds, and 12 if not, or if an execution has a data race; 11: no
execution runs to its end; 2: FILE is damaged, or has something not covered.
docs/memory.md says what is.

Example: raceproof litmus conformance/litmus/files/MP+wmb+po.litmus
`;

const verify = `raceproof verify FILE MODEL [OPTION]...

Checks a certificate that raceproof check MODEL --certificate=FILE wrote, for
the same settings and properties: that it has all states that the model can
reach and no others, and that no property of single states and steps is violated
in them. certificate/verify.js does it, which shares no code with the engines of
raceproof, and also runs by itself on what raceproof export --to=json prints.
The exit status is 0 if all that is covered holds, 20 if FILE is about another
program, and 23 if it is refused.

${settings}
  --always=FORMULA     the properties that were typed when it was written;
  --never=FORMULA      each option as often as you like
  --sometimes=FORMULA
  --always-possible=FORMULA
  --ltl=FORMULA
  --fair=FAIRNESS      none (default), weak or strong
  --without=NAME       the built-in checks of locks that were switched off
  --max-seconds=N      stop the whole command after N seconds

Example: raceproof verify peterson.cert peterson
`;

const texts = {
  list,
  init,
  show,
  check,
  compare,
  export: exportText,
  verify,
  render: renderHelp,
  explain: explainHelp,
  replay: replayHelp,
  simulate: simulateHelp,
  test,
  litmus,
};

export type Verb = keyof typeof texts;
export const verbs = Object.keys(texts) as readonly Verb[];
export const isVerb = (text: string | undefined): text is Verb => verbs.some((verb) => verb === text);

/** The help on a command, or the general one. */
export const helpOn = (verb: Verb | undefined): string => (verb === undefined ? general : texts[verb]);

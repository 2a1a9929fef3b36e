// The help texts of the commands about traces.

/** Options that several help texts share, as the two below. */
export const settings = `  --set NAME=VALUE     set one setting; repeatable`;

export const without = `  --without=NAME       switch off a built-in check; repeatable. NAME: lock-held,
                       lock-recursion, lock-order, irq-safety, lock-balance,
                       might-sleep, use-after-free, bad-free, null-dereference,
                       deadlock or stuck`;

export const memory = `  --memory=MODEL       sc (default: every access is seen at once by all) or tso
                       (x86-TSO: stores wait in buffers)
  --buffer=K           with tso, buffers of K stores (default: as large as they
                       must be, if that is known)`;

export const width = `  --width=N            characters in a line, at least 40 (default: the width of
                       the terminal, at most 160; 80 without a terminal)`;

export const filters = `  --only=NAME          show only the steps of this actor (munmap[1]), of these
                       actors (munmap), or that change this variable (_mapcount)
  --hide=NAME          omit an actor's steps or a variable's changes;
                       both options are repeatable, and * is a wildcard`;

export const story = `  --story              show only the steps that matter to the bug and to what
                       they read, and count the others (docs/story.md)
  --terms              with --story: show what named conditions are made of`;

const chosen = `${settings}
${without}
${memory}
  --property=NAME      take the trace of this property (default: of the
                       property that decides the verdict)`;

export const replayHelp = `raceproof replay FILE [OPTION]

Takes the steps of a saved trace again in its model, and prints the first step
that the model no longer allows. Exit status: 0 if the trace fits, 20 if not.
A trace names its model; raceproof runs a model file only if --model names it.
Built-in checks that were switched off when it was saved are off again.

  --model=MODEL        the model file, if the model is not from 'raceproof list'
${width}

Example: raceproof replay counterexamples/gallery/seed_race.json
`;

export const renderHelp = `raceproof render FILE|MODEL [OPTION]...

Prints a counterexample: the one that is saved in FILE (which ends in .json), or
one that a search of MODEL finds. --format=json prints what FILE holds.
Exit status: 21 if there is no counterexample.

${chosen}
  --model=MODEL        the model file, if the model is not from the list
  --minimal=ORDER      no (default: as found), steps (fewest steps, then fewest
                       switches between actors) or switches (the reverse)
  --format=FORMAT      lanes (default), html, markdown, mail (plain text in
                       72 columns), mermaid, svg, itf, json or explorer (a page
                       that walks through MODEL in a browser)
${story}
${filters}
${width}

Example: raceproof render thp_truncate --format=html > race.html
`;

export const explainHelp = `raceproof explain FILE|MODEL [OPTION]...

Prints the essence of a counterexample: the orderings between steps of different
actors that make the bug inevitable, the values that pass between these steps,
and the locks that would prevent the order. Then prints the trace, with the racy
window marked. Exit status: 21 if there is no counterexample or no essence, 20
if FILE does not fit its model.

${chosen}
  --model=MODEL        the model file, if the model is not from the list
  --to=litmus          print the essence as a .litmus file for herd7, klitmus7
                       and 'raceproof litmus', with our own verdict of it
  --format=FORMAT      text (default) or json
${story}
${filters}
${width}

Example: raceproof explain thp_truncate
`;

export const simulateHelp = `raceproof simulate MODEL [OPTION]...

Takes random steps, reproducible with --seed, until a property is violated; or
the steps that you choose. A walk without a violation proves nothing: see check.
Exit status: that of the violation, as for check; 0 if there was none.

${settings}
${without}
${memory}
  --seed=N             seed of the first walk (default 1)
  --walks=N            take N walks, each with the next seed (default 1)
  --steps=N            end a walk after N steps (default 1000)
  --guided             prefer the steps that were taken least often so far
  --interactive        choose each step, by number or name: each says what it
                       would change and violate. Evaluate formulas, check what
                       can follow, ask why an actor waits, undo, save, load
${filters}
${width}

Example: raceproof simulate thp_truncate --walks=1000
`;

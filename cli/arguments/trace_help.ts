// The help on the commands about traces, written by hand.

/** A line of the help on several commands, as the two below are. */
export const settings = `  --set NAME=VALUE     choose the value of a setting; once for each setting`;

export const without = `  --without=NAME       switch a built-in check off; repeatable: lock-held,
                       lock-recursion, lock-order, lock-balance, might-sleep,
                       use-after-free, bad-free, null-dereference,
                       deadlock, stuck`;

export const width = `  --width=N            characters in a line, from 40 up; by default as wide as
                       the terminal, at most 160, and 80 if there is none`;

export const filters = `  --only=NAME          only the steps of this actor or kind of actors, or those
                       that change this variable: munmap[1], munmap, _mapcount
  --hide=NAME          not this actor, or not what becomes of this variable;
                       both as often as you like, and * stands for anything`;

const chosen = `${settings}
${without}
  --property=NAME      the trace of this property, not the decisive one`;

export const replayHelp = `raceproof replay FILE [OPTION]

Holds a saved trace against the model of today: takes its steps again, and says
precisely where it no longer fits. The exit status is 0 if it fits, 20 if not.
A trace of a model file says which file it was; only --model runs one. Built-in
checks that were switched off when it was saved are off again.

  --model=MODEL        the model, if it is not one that comes with raceproof
${width}

Example: raceproof replay counterexamples/gallery/seed_race.json
`;

export const renderHelp = `raceproof render FILE|MODEL [OPTION]...

Prints a counterexample: of a saved trace (FILE ends in .json), or the decisive
one of a model. --format=json saves it. Status 21: there is none.

${chosen}
  --model=MODEL        the model of FILE, if it does not come with raceproof
  --minimal=ORDER      no (default: as it was found), steps (fewest steps, then
                       fewest switches between actors), or switches (first)
  --format=FORMAT      lanes (default), html, markdown, mermaid, svg, itf, json
${filters}
${width}

Example: raceproof render thp_truncate --format=html > race.html
`;

export const explainHelp = `raceproof explain FILE|MODEL [OPTION]...

Tells the essence of a counterexample: the orderings between steps of
different actors that make it inevitable, what one sees of the other there, and
which lock would have ordered them; then its lanes, the racy window marked.
Status 21: there is no counterexample, or no essence; 20: FILE does not fit.

${chosen}
  --model=MODEL        the model of FILE, if it does not come with raceproof
  --format=FORMAT      text (default) or json
${filters}
${width}

Example: raceproof explain thp_truncate
`;

export const simulateHelp = `raceproof simulate MODEL [OPTION]...

Walks through a model by chance, the same for the same seed, until something is
violated; or step by step, as you choose. Walks prove nothing: see check. The
exit status is that of what is met, as for check, and 0 if nothing is.

${settings}
${without}
  --seed=N             the seed of the first walk (default 1)
  --walks=N            so many walks, each with the next seed (default 1)
  --steps=N            a walk ends after N steps (default 1000)
  --guided             prefer the steps that were taken least so far
  --interactive        choose each step; undo, go back, print, save as a trace
${filters}
${width}

Example: raceproof simulate thp_truncate --walks=1000
`;

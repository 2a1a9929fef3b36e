// The help texts of the commands about memory models.

export const litmus = `raceproof litmus FILE [OPTION]...
raceproof litmus MODEL [OPTION]...

Enumerates the executions of a litmus test, a .litmus file of herd's flavour C,
that a memory model allows, and prints what herd prints: final states, counts of
witnesses, Never, Sometimes or Always, data races. Then the execution that
decides: one that satisfies the condition, or why the model forbids it.

Of a MODEL (a name from 'raceproof list', or a .ts or .js file) it judges the
assertions, the properties about the end of a run, and whether actors wait for
ever. Each step must be one access to shared memory.

  --model=MODEL        lkmm (default: the Linux-kernel memory model), tso (x86)
                       or sc (sequential consistency)
  --format=FORMAT      text (default), herd (the verdict alone, line for line),
                       json, svg, dot (Graphviz): pictures of the execution
  --max-seconds=N      stop after N seconds

For a MODEL:
  --set NAME=VALUE     set one setting; repeatable
  --unroll=N           each actor goes round its loops N times at most; without
                       it, a loop that does more than wait is refused
  --plain=once         accesses without an order are READ_ONCE and WRITE_ONCE
                       (default: plain, which may race)
  --strict             exit with status 10 if all is well, but steps that do not
                       say that they are atomic are taken for it

The exit status of a MODEL is 14 if an assertion fails, 11 if actors wait for
ever, 12 for a property or a data race, 3 if some executions are not covered.
Of a FILE it is 0 if the condition of exists is never true, or that of forall
or ~exists holds, and 12 if not, or if an execution has a data race; 11: no
execution runs to its end; 2: FILE is damaged, or has something not covered.
docs/memory.md says what is.

Example: raceproof litmus conformance/litmus/files/MP+wmb+po.litmus
`;

export const barriers = `raceproof barriers MODEL [OPTION]...
raceproof barriers FILE [OPTION]...

Finds the smallest sets of memory barriers, acquires and releases with which
all holds that holds where every access is seen at once: in a MODEL, before any
access but the first of an actor; in a FILE, a .litmus file, before any
statement. Also reports which of today's barriers are not needed for that.

  --memory=MODEL       lkmm (default: the Linux-kernel memory model; as
                       'raceproof litmus MODEL' judges it) or tso (x86; as
                       'raceproof check MODEL --memory=tso' does)
  --set NAME=VALUE     set one setting of a MODEL; repeatable
  --unroll=N           with lkmm, actors go round their loops N times at most
  --plain=once         with lkmm, accesses without an order are READ_ONCE and
                       WRITE_ONCE
  --max-seconds=N      stop after N seconds

The exit status is 0 if no barrier is missing for what was asked, which the
report lists where that is not all; 3 if not all was covered; 12 if a barrier
is missing or if none helps.

Example: raceproof barriers peterson_pair --memory=tso
`;

// raceproof beside SPIN and rumur on the same Programs: one interleaved run, a table of all figures, and what becomes
// of the goals. The exporting is not counted; generators, the C compiler and the run are.

import type { BenchCase } from './cases.js';
import { type Contestant, contestantsOf, type Measurement } from './contestants.js';
import { isInstalled, makeStopwatch, median, tableHead, tableRow } from './processes.js';

interface Measured {
  readonly contestant: Contestant;
  readonly buildSeconds: number;
  readonly outcomes: readonly Measurement[];
}

/** What takes longer than this, in seconds, is not run again in later rounds. */
const repeatableSeconds = 45;

/** Prints a row for each case and tool as the cases are done, then the ratios. */
export function printPeers(cases: readonly BenchCase[], rounds: number, folder: string): void {
  const missing = ['gcc', 'spin', 'rumur'].filter((tool) => !isInstalled(tool));
  for (const tool of missing) console.log(`NOT RUN: ${tool} is not installed.\n`);
  if (missing.includes('gcc')) return;
  const isHere = ({ tool }: Contestant): boolean => !missing.includes(tool.toLowerCase());
  const stopwatch = makeStopwatch(folder);
  const speed = ['M transitions / s', 'M transitions / CPU s'];
  const memory = ['bytes a state', 'peak bytes a state'];
  const head = ['case', 'tool', 'states', 'transitions', ...speed, ...memory, 's from source to verdict'];
  for (const line of tableHead(head, 2)) console.log(line);
  const ratios: RatioRow[] = [];
  for (const each of cases) {
    const measured = measure(contestantsOf(each, folder, stopwatch).filter(isHere), rounds);
    for (const one of measured) console.log(figuresRow(each.name, one));
    if (!missing.includes('spin')) ratios.push(ratioRow(each.name, measured));
  }
  if (ratios.length > 0) printRatios(ratios);
}

type RatioRow = readonly (string | number)[];

function printRatios(rows: readonly RatioRow[]): void {
  console.log(
    '\nraceproof to the best SPIN that reduces nothing: the fastest, the most frugal, the soonest.\n',
  );
  const goals = ['speed, 1 worker', 'by CPU', 'speed, 2 workers', 'bytes a state', 'peak a state'];
  for (const line of tableHead(['case', 'states', ...goals, 'source to verdict'], 1)) console.log(line);
  console.log(tableRow(['*wanted*', 'past 5 million', '≥ 5', '', '≥ 8', '≤ 0.33', '', 'if small ≤ 0.1']));
  for (const row of rows) console.log(tableRow(row));
}

/** All build first; then, round by round, all run by turns. */
function measure(contestants: readonly Contestant[], rounds: number): readonly Measured[] {
  const built = contestants.map((contestant) => {
    const buildSeconds = contestant.build();
    return { contestant, buildSeconds, outcomes: [] as Measurement[] };
  });
  for (let round = 0; round < rounds; round++) {
    for (const { contestant, outcomes } of built) {
      if (round > 0 && outcomes[0]!.usage.seconds > repeatableSeconds) continue;
      outcomes.push(contestant.run(built[0]!.outcomes[0]?.states ?? 0));
    }
  }
  for (const { contestant, outcomes } of built) refuseOthers(contestant, outcomes, built[0]!.outcomes[0]!);
  return built;
}

/** Figures can be compared only if all have explored the same: SPIN counts its initial step as a transition. */
function refuseOthers(
  { name, tool, reduces }: Contestant,
  outcomes: readonly Measurement[],
  ours: Measurement,
) {
  for (const { states, transitions } of outcomes) {
    const expected = ours.transitions + (tool === 'SPIN' ? 1 : 0);
    if (!reduces && (states !== ours.states || transitions !== expected)) {
      const found = `${states} states, ${transitions} transitions`;
      throw new Error(`${name} found ${found}; raceproof ${ours.states}, ${ours.transitions}`);
    }
  }
}

const middle = ({ outcomes }: Measured, of: (outcome: Measurement) => number): number =>
  median(outcomes.map(of));

const rate = (measured: Measured): number =>
  middle(measured, ({ transitions, usage }) => transitions / usage.seconds);

/** Transitions by the processor time of all threads together. */
const cpuRate = (measured: Measured): number =>
  middle(measured, ({ transitions, usage }) => transitions / usage.cpuSeconds);

const peakBytes = (measured: Measured): number =>
  middle(measured, ({ states, usage }) => (usage.mebibytes * 2 ** 20) / states);

const bytes = (measured: Measured): number =>
  middle(measured, ({ bytesPerState = Number.NaN }) => bytesPerState);

const verdictSeconds = (measured: Measured): number =>
  middle(measured, (outcome) => outcome.verdictSeconds ?? measured.buildSeconds + outcome.usage.seconds);

/** A figure with so many decimals; nothing where there is none, or where a few states make it meaningless. */
const text = (value: number, decimals: number): string =>
  Number.isFinite(value) && value < 1e5 ? value.toFixed(decimals) : '';

function figuresRow(name: string, measured: Measured): string {
  const { states, transitions } = measured.outcomes[0]!;
  const isTiny = transitions < 10_000;
  const rates = [rate(measured), cpuRate(measured)].map((value) => (isTiny ? '' : text(value / 1e6, 2)));
  const memory = [bytes(measured), peakBytes(measured)].map((value) => (isTiny ? '' : text(value, 1)));
  const verdict = text(verdictSeconds(measured), 2);
  return tableRow([name, measured.contestant.name, states, transitions, ...rates, ...memory, verdict]);
}

function ratioRow(name: string, measured: readonly Measured[]): RatioRow {
  const [one] = measured;
  const two = measured.find(({ contestant: { tool, threads } }) => tool === 'raceproof' && threads === 2);
  const spins = measured.filter(({ contestant: { tool, reduces } }) => tool === 'SPIN' && !reduces);
  const { states, transitions } = one!.outcomes[0]!;
  const isTiny = transitions < 10_000;
  const to = (value: number, other: number): string => (isTiny ? '' : text(value / other, 2));
  const most = (of: (measured: Measured) => number): number => Math.max(...spins.map(of));
  const least = (of: (measured: Measured) => number): number => Math.min(...spins.map(of));
  return [
    name,
    states,
    to(rate(one!), most(rate)),
    to(cpuRate(one!), most(cpuRate)),
    to(rate(two!), most(rate)),
    to(bytes(one!), least(bytes)),
    to(peakBytes(one!), least(peakBytes)),
    text(verdictSeconds(one!) / least(verdictSeconds), 3),
  ];
}

// What was found about barriers, in plain text.

import { type BarrierKind, type BarriersFound, barriersMax, type ChosenBarrier } from './search.js';

const words: { readonly [kind in BarrierKind]: string } = {
  acquire: 'an acquire by the load before it',
  release: 'a release by this store',
  rmb: 'smp_rmb()',
  wmb: 'smp_wmb()',
  mb: 'smp_mb()',
  sync: 'synchronize_rcu()',
};

export interface BarriersAsked {
  readonly name: string;
  readonly title: string;
  /** What is violated under the memory model and not by interleavings. */
  readonly violated: readonly string[];
  /** What was asked, and interleavings do not violate. */
  readonly judged: readonly string[];
  /** What interleavings violate already. */
  readonly hopeless: readonly string[];
  /** What was not asked, and why. */
  readonly unjudged: readonly { readonly name: string; readonly why: string }[];
  /** What was not covered: clauses. */
  readonly gaps: ReadonlySet<string>;
  /** What it rests on beside that: clauses. */
  readonly notes: readonly string[];
}

/** The lines of the report. */
export function barrierLines(
  asked: BarriersAsked,
  { need, sets, areAll, notNeeded, together }: BarriersFound,
): readonly string[] {
  const { name, hopeless, unjudged, gaps, notes } = asked;
  return [
    ...hopeless.map(
      (one) => `${name}: ${one}: violated by interleavings alone; no barrier helps, and it is left out here.`,
    ),
    ...unjudged.map((one) => `${name}: not asked: ${one.name}: ${one.why}.`),
    ...[...gaps].map((gap) => `${name}: incomplete: ${gap}.`),
    ...notes.map((one) => `${name}: note: ${one}.`),
    ...headLines(asked, need),
    ...(need === 'added' ? ['', ...setLines(sets, areAll)] : []),
    ...(notNeeded.length > 0 ? ['', ...notNeededLines(notNeeded, together, need)] : []),
  ];
}

function headLines(
  { name, title, judged, violated, hopeless, unjudged, gaps }: BarriersAsked,
  need: BarriersFound['need'],
): readonly string[] {
  switch (need) {
    case 'enough':
      if (gaps.size > 0)
        return [`${name}: under ${title} no missing barrier was found; this is not a proof.`];
      if (hopeless.length + unjudged.length === 0) return [`${name}: under ${title} no barrier is missing.`];
      return [
        `${name}: under ${title} no barrier is missing for what was asked:`,
        ...judged.map((one) => `  ${one}`),
      ];
    case 'none':
      return [
        `${name}: under ${title} no barriers help, not even smp_mb() between all accesses:`,
        ...violated.map((one) => `  ${one}`),
      ];
    case 'added':
      return [`${name}: under ${title} barriers are missing:`, ...violated.map((one) => `  ${one}`)];
  }
}

function setLines(sets: readonly (readonly ChosenBarrier[])[], areAll: boolean): readonly string[] {
  const size = sets[0]!.length;
  const barriers = `${size} barrier${size === 1 ? '' : 's'}`;
  const head = areAll
    ? `All holds with ${barriers}${sets.length === 1 ? '' : `, any of these ${sets.length} sets`}; with fewer it does not:`
    : `All holds with these ${barriers}, of which none can go; sets of up to ${barriersMax} do not suffice:`;
  return [
    head,
    ...sets.flatMap((set, i) => [
      ...(sets.length === 1 ? [] : [`  set ${i + 1}`]),
      ...set.map(({ place, kinds }) => `  ${place.name}: ${kinds.map((kind) => words[kind]).join(', or ')}`),
    ]),
  ];
}

function notNeededLines(
  notNeeded: readonly string[],
  together: readonly string[],
  need: BarriersFound['need'],
): readonly string[] {
  const when = need === 'added' ? ' beside the first of these' : '';
  const all = together.length === notNeeded.length;
  return [
    `Not needed for this${when}:`,
    ...notNeeded.map((one) => `  ${one}`),
    ...(notNeeded.length === 1
      ? []
      : [all ? 'All of them can go at once.' : `At once only these can go: ${together.join(', ')}.`]),
  ];
}

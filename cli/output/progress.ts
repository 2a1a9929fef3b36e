// Watches a search: stops it on a signal, at a time limit (stop.ts) or when memory is nearly full, and prints a line of
// progress once it takes longer than a second. Nothing that it measures enters a result.

import { getHeapStatistics } from 'node:v8';
import { type LimitReached, outlookOf, type Progress } from '../../checker/index.js';
import { grouped } from '../../counterexamples/text.js';
import type { Stop } from '../stop.js';
import { twoDigits } from './estimate.js';
import { note } from './terminal.js';

export interface ProgressWatch {
  /** For `explore`: stops the search at a limit. */
  readonly onProgress: (progress: Progress) => LimitReached | undefined;
  /** Stops watching; clears the progress line. */
  readonly end: () => void;
  readonly seconds: () => number;
}

const firstReportSeconds = 1;
const nextReportSeconds = 0.2;
/**
 * A search that keeps its states as objects is stopped when they fill this share of Node's heap; beyond, Node aborts.
 */
const heapShareMax = 0.8;
/** The part of its heap that Node reserves for young objects. */
const youngBytes = 48 * 2 ** 20;
/** Memory that is left to the machine: growing a large table takes a tenth more of all memory for a while. */
const reserveBytesMin = 2 ** 27;
const reserveShare = 0.1;

/** The limits of a search, of which the line of progress says how much is used. */
export interface SearchLimits {
  readonly states?: number | undefined;
  readonly megabytes?: number | undefined;
  readonly seconds?: number | undefined;
}

/** Starts watching. `what` names the run in the line of progress. Without a `stop`, a signal ends the process. */
export function watch(what: string, stop?: Stop, limits: SearchLimits = {}): ProgressWatch {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const shows = process.stderr.isTTY;
  let nextAt = firstReportSeconds;
  const onProgress = (progress: Progress): LimitReached | undefined => {
    const now = seconds();
    const reason = stop?.reason();
    if (reason !== undefined) return reason;
    if (now >= nextAt) {
      nextAt = now + nextReportSeconds;
      if (shows) showProgress(progressParts(what, progress, now, limits));
      const full = fullMemory();
      if (full !== undefined) return full;
    }
    return undefined;
  };
  return {
    onProgress,
    end: () => {
      if (shows && nextAt > firstReportSeconds) clearProgress();
    },
    seconds,
  };
}

/**
 * The limit to stop at, if the memory of the process or of the machine is nearly full; otherwise the process would be
 * killed.
 */
function fullMemory(): LimitReached | undefined {
  const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics();
  if (used > heapShareMax * (most - youngBytes)) {
    return { kind: 'heap', text: `the memory of the process, ${megabytes(most)} MB` };
  }
  const { rss } = process.memoryUsage;
  const reserve = Math.max(reserveBytesMin, reserveShare * rss());
  if (process.availableMemory() >= reserve) return undefined;
  return { kind: 'machine', text: `the memory of the machine, with ${megabytes(rss())} MB in use` };
}

/** A line of progress over many runs, most of them too short for a line of their own. */
export function watchAll(total: number): {
  readonly next: (what: string) => void;
  readonly end: () => void;
} {
  let done = 0;
  let nextAt = performance.now() + nextReportSeconds * 1000;
  return {
    next: (what) => {
      done += 1;
      if (!process.stderr.isTTY || performance.now() < nextAt) return;
      nextAt = performance.now() + nextReportSeconds * 1000;
      showProgress([`${done} of ${total}: ${what}`]);
    },
    end: clearProgress,
  };
}

/** A line of progress over states of which the number is known. */
export function watchStates(what: string): {
  readonly next: (done: number, total: number) => void;
  readonly end: () => void;
} {
  const start = performance.now();
  let nextAt = start + firstReportSeconds * 1000;
  return {
    next: (done, total) => {
      const now = performance.now();
      if (!process.stderr.isTTY || now < nextAt) return;
      nextAt = now + nextReportSeconds * 1000;
      showProgress([
        `${what}: ${grouped(done)} of ${grouped(total)} states`,
        clock((now - start) / 1000),
        `${Math.floor((100 * done) / total)} %`,
      ]);
    },
    end: clearProgress,
  };
}

/** Prints as many of the parts as fit into a line, and at least the first. */
const showProgress = (parts: readonly string[]): void => {
  const width = (process.stderr.columns || 80) - 1;
  let text = parts[0]!.slice(0, width);
  for (const part of parts.slice(1)) {
    if (text.length + part.length + 2 > width) break;
    text += `, ${part}`;
  }
  process.stderr.write(`\r${text}\u001b[K`);
};
const clearProgress = (): void => {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
};

/** The parts of the line of progress, the most important first. */
export function progressParts(
  what: string,
  progress: Progress,
  seconds: number,
  limits: SearchLimits = {},
): readonly string[] {
  const { violated = [] } = progress;
  const { states, transitions, depth, queue, levels, again } = progress;
  if (again !== undefined) {
    return [`${what}: searching again for the traces`, `${Math.floor(100 * again)} %`];
  }
  const perSecond = transitions / seconds;
  const outlook = outlookOf(levels);
  const all = outlook?.states;
  return [
    `${what}: ${grouped(states)} ${all === undefined ? 'states' : `of about ${grouped(twoDigits(Math.max(all, states)))} states`}`,
    ...(violated.length === 0 ? [] : [`violated: ${violated.join(', ')}`]),
    clock(seconds),
    ...limitParts(progress, seconds, limits),
    perSecond < 1e5
      ? `${grouped(Math.round(perSecond))} transitions/s`
      : `${(perSecond / 1e6).toFixed(1)} M transitions/s`,
    ...(outlook === undefined || all !== undefined ? [] : [`levels ${outlook.trend}`]),
    `depth ${depth}`,
    `${megabytes(process.memoryUsage.rss())} MB`,
    `${grouped(queue)} to expand`,
  ];
}

/** `0:07`, `1:02:03`. */
function clock(seconds: number): string {
  const [hours, minutes, rest] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(Math.floor);
  const two = (n: number | undefined) => String(n).padStart(2, '0');
  return hours === 0 ? `${minutes}:${two(rest)}` : `${hours}:${two(minutes)}:${two(rest)}`;
}

/** How much of each limit is used. */
function limitParts({ states, bytes }: Progress, seconds: number, limits: SearchLimits): readonly string[] {
  const parts = [
    [states, limits.states, 'states'],
    [bytes === undefined ? undefined : bytes / 2 ** 20, limits.megabytes, 'memory'],
    [seconds, limits.seconds, 'time'],
  ] as const;
  return parts.flatMap(([used, most, name]) =>
    used === undefined || most === undefined || most === 0
      ? []
      : [`${Math.min(100, Math.floor((100 * used) / most))} % of the ${name} limit`],
  );
}

/** Prints the figures of --stats. */
export function noteStats(
  { states, transitions }: { readonly states: number; readonly transitions: number },
  seconds: number,
): void {
  const perSecond = (count: number) => grouped(Math.round(count / seconds));
  const memory = megabytes(process.resourceUsage().maxRSS * 1024);
  note(
    `${seconds.toFixed(2)} s, ${perSecond(states)} states/s, ${perSecond(transitions)} transitions/s, ${memory} MB`,
  );
}

const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

// Watching a search: the time limit, Ctrl-C, and a line of progress once it takes longer than a second. The only
// clock of a run; what it reads never gets into a result.

import type { Progress } from '../checker/index.js';
import { grouped } from '../counterexamples/text.js';
import { note } from './terminal.js';

export interface Watch {
  /** For `explore`: a text stops the search. */
  readonly onProgress: (progress: Progress) => string | undefined;
  /** Has Ctrl-C been pressed? */
  readonly isInterrupted: () => boolean;
  /** Stops watching; clears the progress line. */
  readonly end: () => void;
  readonly seconds: () => number;
}

const firstReportSeconds = 1;
const nextReportSeconds = 0.2;

let isInterrupted = false;
let isHeeding = false;

/** From now on, the first Ctrl-C only ends the search; the next one ends the process at once. */
function heedInterrupts(): void {
  if (isHeeding) return;
  isHeeding = true;
  process.once('SIGINT', () => {
    isInterrupted = true;
  });
}

/** Starts watching. `what` names the run in the line of progress. */
export function watch(what: string, secondsMax = Number.POSITIVE_INFINITY): Watch {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const shows = process.stderr.isTTY;
  let nextAt = firstReportSeconds;
  heedInterrupts();
  const onProgress = (progress: Progress): string | undefined => {
    const now = seconds();
    if (shows && now >= nextAt) {
      nextAt = now + nextReportSeconds;
      showProgress(progressText(what, progress, now));
    }
    if (isInterrupted) return 'Ctrl-C';
    return now >= secondsMax ? `${secondsMax} second${secondsMax === 1 ? '' : 's'}` : undefined;
  };
  return {
    onProgress,
    isInterrupted: () => isInterrupted,
    end: () => {
      if (shows && nextAt > firstReportSeconds) clearProgress();
    },
    seconds,
  };
}

/** A line of progress over many runs, most of them too short to show their own. */
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
      showProgress(`${done} of ${total}: ${what}`);
    },
    end: clearProgress,
  };
}

const showProgress = (text: string): void => {
  process.stderr.write(`\r${text.slice(0, (process.stderr.columns ?? 80) - 1)}\u001b[K`);
};
const clearProgress = (): void => {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
};

function progressText(
  what: string,
  { states, transitions, depth, queue }: Progress,
  seconds: number,
): string {
  return [
    `${what}: ${grouped(states)} states`,
    `${grouped(Math.round(transitions / seconds))} transitions/s`,
    `depth ${depth}`,
    `${grouped(queue)} to expand`,
    `${megabytes(process.memoryUsage.rss())} MB`,
  ].join(', ');
}

/** What --stats adds. */
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

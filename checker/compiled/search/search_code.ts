// The code of the Program in a breadth-first search: it sweeps over the states that were found, and passes rare events
// to callbacks. Threads of WebAssembly get its text, for what they leave to JavaScript.

import type { CompiledProgram } from '../compile.js';
import {
  type CodeEnvironment,
  conditionSets,
  type ProgramCode,
  type RareEvents,
  type Watched,
} from '../emit/javascript_program.js';
import type { States } from '../table/states.js';
import { warmUpSamples } from './warm_up.js';

export class SearchCode {
  /** Which events would be new: see `Surroundings`. */
  readonly openConditions: Int32Array;
  readonly openSteps: Uint8Array;
  /** The successors of the last sweep. */
  readonly batch: Int32Array;

  readonly #compiled: CompiledProgram;
  readonly watched: readonly Watched[];
  readonly #states: States;
  readonly #code: ProgramCode;
  /** The receiver of the events of a sweep. */
  readonly events: RareEvents;
  #isWarm = false;

  constructor(
    compiled: CompiledProgram,
    watched: readonly Watched[],
    states: States,
    batch: Int32Array,
    events: RareEvents,
  ) {
    this.#compiled = compiled;
    this.watched = watched;
    this.#states = states;
    this.batch = batch;
    this.events = events;
    this.openConditions = new Int32Array(conditionSets(watched.length));
    this.openSteps = new Uint8Array(compiled.program.steps.length);
    const around: CodeEnvironment = {
      batch,
      openSteps: this.openSteps,
      openConditions: this.openConditions,
      ...events,
    };
    this.#code = compiled.code(around, watched);
  }

  /** Do some of these threads, as bits, wait for each other's locks for ever? */
  hasLockCycle(s: Int32Array, at: number, among: number): boolean {
    return this.#code.hasLockCycle(s, at, among);
  }

  /** Checks and expands states of one segment from `number` on; returns the first that did not fit. */
  sweep(number: number, end: number): number {
    return this.#code.sweep(this.#states.segment(number), this.#states.offset(number), number, end, 0);
  }

  /** Checks the conditions in states of one segment, and does not expand them. */
  inspect(number: number, end: number): void {
    this.#code.inspect(this.#states.segment(number), this.#states.offset(number), number, end);
  }

  /** May a state be without successors? */
  isFinal(s: Int32Array, at: number): boolean {
    return this.#code.isFinal(s, at);
  }

  /** How many numbers of the batch the last sweep filled. */
  get batchLength(): number {
    return this.#code.filled();
  }

  /** The text of the code, for a batch of another length. */
  textFor(batchLength: number): string {
    return this.#compiled.text(batchLength, this.watched);
  }

  /** Prepares for a long search, the first time. */
  warmUp(): void {
    if (!this.#isWarm) this.#code.warmUp(warmUpSamples(this.#compiled));
    this.#isWarm = true;
  }
}

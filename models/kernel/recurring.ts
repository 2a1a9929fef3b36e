// The actors of primitives that run functions of a model: handlers, softirqs, kworkers and threads of interrupts. Each
// rests until its function is due, runs it, and comes again.

import {
  type Block,
  type CpuNode,
  type Level,
  procedure,
  recurring,
  type SingleActor,
} from '../language/index.js';

/** Where an actor of a primitive runs. */
export interface RunsOn {
  /** The CPU that it shares with others, whose tasks it interrupts if it is an interrupt. Without, one of its own. */
  readonly on?: CpuNode;
}

/**
 * The actor that takes these steps again and again: the first one, which rests until the function is due, the call of the
 * function, and the step behind it. The caller builds them, so that they have the line of the model.
 * `body`: the kernel's function around it, with which the labels begin.
 */
export const runs = (
  name: string,
  level: Level,
  body: string,
  steps: Block,
  { on }: RunsOn,
): SingleActor<never> =>
  recurring(
    name,
    procedure(body, () => steps),
    { level, ...(on !== undefined && { on }) },
  ) as SingleActor<never>;

// The events of an execution: a read, a write or a fence, of a thread or, for first values, of none.

import type { FenceKind, Order } from '../program/primitives.js';
import type { LitmusValue, Position } from '../syntax/ast.js';

/**
 * What an event is to a lock, after herd: the read and the write of a lock that is taken, an unlock, a trylock that
 * fails, a test that finds the lock taken or free.
 */
export type LockPart = 'LKR' | 'LKW' | 'UL' | 'LF' | 'RL' | 'RU';

export interface MemoryEvent {
  readonly id: number;
  /** -1: a first value. */
  readonly thread: number;
  readonly kind: 'read' | 'write' | 'fence';
  /** Of accesses. */
  readonly location?: string;
  /** What is read or written. */
  readonly value?: LitmusValue;
  readonly order?: Order;
  readonly fence?: FenceKind;
  readonly lock?: LockPart;
  /** Of a read: what it has read stays there for ever. */
  readonly isLast?: true;
  /** Of a read-modify-write, even one that fails. */
  readonly isModification: boolean;
  readonly at?: Position;
  /** The statement. */
  readonly text: string;
}

/** A complete or partial execution: reads-from, coherence order of each location, dependencies. */
export interface Execution {
  /** First values, then those of each thread, in program order. */
  readonly events: readonly MemoryEvent[];
  /** By read: the write that it reads from; undefined while that is open, and for other events. */
  readonly readsFrom: readonly (number | undefined)[];
  /** By location: its writes, in coherence order; the first value comes first. */
  readonly coherence: ReadonlyMap<string, readonly number[]>;
  /** Pairs of events: a successful read-modify-write, and dependencies from a read. */
  readonly modifications: readonly Pair[];
  readonly address: readonly Pair[];
  readonly data: readonly Pair[];
  readonly control: readonly Pair[];
  /** From a read to an event whose value or location is computed from it. */
  readonly flow: readonly Pair[];
  /** The registers of each thread, where it stands. */
  readonly registers: readonly ReadonlyMap<string, LitmusValue>[];
}

export type Pair = readonly [from: number, to: number];

// A candidate execution under construction: the search adds events and choices, and removes them in reverse order.
// It checks coherence and atomicity, which all models demand.

import type { LitmusValue } from '../syntax/ast.js';
import type { Execution, MemoryEvent, Pair } from './event.js';

/** The size of a candidate at some moment, to restore it. */
interface CandidateMark {
  readonly events: number;
  readonly modifications: number;
  readonly address: number;
  readonly data: number;
  readonly control: number;
  readonly flow: number;
}

export type Dependency = 'modifications' | 'address' | 'data' | 'control' | 'flow';

export class Candidate implements Execution {
  readonly events: MemoryEvent[] = [];
  readonly readsFrom: (number | undefined)[] = [];
  readonly coherence = new Map<string, number[]>();
  readonly modifications: Pair[] = [];
  readonly address: Pair[] = [];
  readonly data: Pair[] = [];
  readonly control: Pair[] = [];
  readonly flow: Pair[] = [];
  readonly registers: ReadonlyMap<string, LitmusValue>[] = [];

  /** With the first value of each location written. */
  constructor(initial: readonly (readonly [location: string, value: LitmusValue])[]) {
    for (const [location, value] of initial) {
      const id = this.push({
        thread: -1,
        kind: 'write',
        location,
        value,
        isModification: false,
        text: `${location}=${value}`,
      });
      this.coherence.set(location, [id]);
    }
  }

  /** A copy that later changes do not affect. */
  copy(): Execution {
    return {
      events: [...this.events],
      readsFrom: [...this.readsFrom],
      coherence: new Map([...this.coherence].map(([location, writes]) => [location, [...writes]])),
      modifications: [...this.modifications],
      address: [...this.address],
      data: [...this.data],
      control: [...this.control],
      flow: [...this.flow],
      registers: [...this.registers],
    };
  }

  mark(): CandidateMark {
    return {
      events: this.events.length,
      modifications: this.modifications.length,
      address: this.address.length,
      data: this.data.length,
      control: this.control.length,
      flow: this.flow.length,
    };
  }

  /** Removes what was added since. The caller restores the places in coherence. */
  back(mark: CandidateMark): void {
    this.events.length = mark.events;
    this.readsFrom.length = mark.events;
    for (const name of ['modifications', 'address', 'data', 'control', 'flow'] as const)
      this[name].length = mark[name];
  }

  push(event: Omit<MemoryEvent, 'id'>, source?: number): number {
    const id = this.events.length;
    this.events.push({ ...event, id });
    this.readsFrom.push(source);
    return id;
  }

  depend(name: Dependency, from: readonly number[], to: number): void {
    for (const read of from) this[name].push([read, to]);
  }

  /** Reads without a source. */
  open(): readonly MemoryEvent[] {
    return this.events.filter(({ kind, id }) => kind === 'read' && this.readsFrom[id] === undefined);
  }

  /** Could these accesses of one location happen in some order, each read-modify-write at once? */
  isCoherentAt(location: string): boolean {
    const places = new Map(this.coherence.get(location)!.map((write, place) => [write, place]));
    let thread = -1;
    let latest = 0;
    for (const event of this.events) {
      if (event.location !== location || event.thread === -1) continue;
      if (event.thread !== thread) [thread, latest] = [event.thread, 0];
      const source = this.readsFrom[event.id];
      if (event.kind === 'read' && source === undefined) continue;
      const place = places.get(source ?? event.id)!;
      if (event.kind === 'write' ? place <= latest : place < latest) return false;
      latest = place;
    }
    return this.modifications.every(([read, write]) => {
      const source = this.readsFrom[read];
      return (
        this.events[write]!.location !== location ||
        source === undefined ||
        places.get(write) === places.get(source)! + 1
      );
    });
  }

  /** Have the reads that must see what stays for ever read that? */
  hasLastReads(): boolean {
    return this.events.every(
      ({ id, isLast, location }) =>
        isLast === undefined || this.coherence.get(location!)!.at(-1) === this.readsFrom[id],
    );
  }

  /** Does every value have a source other than itself? */
  hasGroundedValues(): boolean {
    const after = new Map<number, number[]>();
    const edges = [
      ...this.flow,
      ...this.readsFrom.flatMap((source, read) => (source === undefined ? [] : [[source, read] as const])),
    ];
    for (const [from, to] of edges) after.set(from, [...(after.get(from) ?? []), to]);
    const [done, open] = [new Set<number>(), new Set<number>()];
    const isGrounded = (event: number): boolean => {
      if (done.has(event)) return true;
      if (open.has(event)) return false;
      open.add(event);
      const all = (after.get(event) ?? []).every(isGrounded);
      open.delete(event);
      done.add(event);
      return all;
    };
    return this.events.every(({ id }) => isGrounded(id));
  }
}

// Replaces states by the one that stands for their orbit: interchangeable threads are sorted by what they have. Runs in
// threads that start from its text, so it uses nothing but its arguments and itself.
//
//   threads at 2, 0, 1, lock held by the first      ->      at 0, 1, 2, lock held by the third
//
// Where threads name each other, sorting leaves the order of some open: all orders of those are tried, and the state
// with the least words is taken. So all states of an orbit have one representative, exactly.

import type { OrbitClass, OrbitField, OrbitPlan } from '../plan/orbits.js';

/** Long, since its steps share arrays that are made once for all states. */
export class OrbitSorter {
  readonly #plan: OrbitPlan;
  /** By class: what comes before its values and its keys. */
  readonly #valuesAt: readonly number[];
  readonly #keyLength: number;
  /** By word: the bits that belong to no thread and name none. */
  readonly #kept: Int32Array;
  readonly #values: Int32Array;
  readonly #keys: Int32Array;
  /** By place among all classes: the slot that comes there, the end of the places that are open with it. */
  readonly #order: Int32Array;
  readonly #openUntil: Int32Array;
  /** By slot: where it comes; and whether it names another thread or is named by one. */
  readonly #place: Int32Array;
  readonly #isLinked: Uint8Array;
  readonly #made: Int32Array;
  readonly #best: Int32Array;
  #hasBest = false;
  readonly #hasLinks: boolean;

  constructor(plan: OrbitPlan) {
    const { words, slots, classes, shared } = plan;
    this.#plan = plan;
    const rowsMax = Math.max(0, ...classes.map(({ rows }) => rows.length));
    const at: number[] = [];
    let length = 0;
    for (const { count, rows } of classes) {
      at.push(length);
      length += count * rows.length;
    }
    this.#valuesAt = at;
    this.#keyLength = rowsMax + 1 + Math.ceil(shared.length / 32);
    this.#kept = new Int32Array(words).fill(-1);
    const drop = ({ word, shift, mask }: OrbitField) => {
      this.#kept[word]! &= ~(mask << shift);
    };
    for (const { rows } of classes) for (const { fields } of rows) fields.forEach(drop);
    for (const { field } of shared) drop(field);
    this.#values = new Int32Array(length);
    this.#keys = new Int32Array(slots * this.#keyLength);
    this.#order = new Int32Array(slots);
    this.#openUntil = new Int32Array(slots);
    this.#place = new Int32Array(slots);
    this.#isLinked = new Uint8Array(slots);
    this.#made = new Int32Array(words);
    this.#best = new Int32Array(words);
    this.#hasLinks = classes.some(({ rows }) => rows.some(({ names }) => names !== undefined));
  }

  /** Replaces the records in `m` between two indices; their marks stay. */
  sort(m: Int32Array, from: number, to: number): void {
    const { words } = this.#plan;
    for (let at = from; at < to; at += words + 1) this.#sortRecord(m, at);
  }

  #sortRecord(m: Int32Array, at: number): void {
    this.#read(m, at);
    if (this.#hasLinks) this.#link();
    let isSorted = true;
    for (const one of this.#plan.classes) if (!this.#sortClass(one)) isSorted = false;
    const isOpen = this.#hasLinks && this.#findOpen();
    if (!isOpen) {
      if (isSorted) return;
      this.#make(m, at);
      m.set(this.#made, at);
      return;
    }
    this.#hasBest = false;
    this.#tryOrders(0, m, at);
    m.set(this.#best, at);
  }

  /** Reads all values, and makes keys of those that name no thread. */
  #read(m: Int32Array, at: number): void {
    const { classes, shared } = this.#plan;
    const keys = this.#keys.fill(0);
    const keyLength = this.#keyLength;
    for (let c = 0; c < classes.length; c++) {
      const { rows, count, firstSlot } = classes[c]!;
      const begin = this.#valuesAt[c]!;
      for (let r = 0; r < rows.length; r++) {
        const { fields, names } = rows[r]!;
        for (let i = 0; i < count; i++) {
          const { word, shift, mask } = fields[i]!;
          const raw = (m[at + word]! >>> shift) & mask;
          this.#values[begin + r * count + i] = raw;
          if (names === undefined) keys[(firstSlot + i) * keyLength + r] = raw;
        }
      }
    }
    for (let k = 0; k < shared.length; k++) {
      const { field, names } = shared[k]!;
      const slot = names.slotOf[(m[at + field.word]! >>> field.shift) & field.mask] ?? -1;
      if (slot >= 0) keys[slot * keyLength + keyLength - 1 - (k >>> 5)]! |= 1 << (k & 31);
    }
  }

  /** Makes keys of the values that name threads, as far as they do not depend on the order: none, itself, another one. */
  #link(): void {
    const { classes } = this.#plan;
    const isLinked = this.#isLinked.fill(0);
    const keyLength = this.#keyLength;
    for (let c = 0; c < classes.length; c++) {
      const { rows, count, firstSlot } = classes[c]!;
      for (let r = 0; r < rows.length; r++) {
        const { names } = rows[r]!;
        if (names === undefined) continue;
        for (let i = 0; i < count; i++) {
          const slot = firstSlot + i;
          const raw = this.#values[this.#valuesAt[c]! + r * count + i]!;
          const named = names.slotOf[raw] ?? -1;
          this.#keys[slot * keyLength + r] = named < 0 ? raw : named === slot ? -1 : -2;
          if (named < 0 || named === slot) continue;
          isLinked[slot] = 1;
          isLinked[named] = 1;
        }
      }
    }
    const linkAt = keyLength - 1 - Math.ceil(this.#plan.shared.length / 32);
    for (let slot = 0; slot < isLinked.length; slot++)
      this.#keys[slot * keyLength + linkAt] = isLinked[slot]!;
  }

  /** Sorts the slots of a class by their keys; were they sorted? */
  #sortClass({ firstSlot, count }: OrbitClass): boolean {
    const order = this.#order;
    let isSorted = true;
    for (let i = firstSlot; i < firstSlot + count; i++) {
      let to = i;
      for (; to > firstSlot && this.#compare(order[to - 1]!, i) > 0; to--) order[to] = order[to - 1]!;
      order[to] = i;
      if (to !== i) isSorted = false;
    }
    return isSorted;
  }

  #compare(a: number, b: number): number {
    const keys = this.#keys;
    const keyLength = this.#keyLength;
    for (let k = 0; k < keyLength; k++) {
      const x = keys[a * keyLength + k]!;
      const y = keys[b * keyLength + k]!;
      if (x !== y) return x < y ? -1 : 1;
    }
    return 0;
  }

  /** Finds slots with equal keys that name each other or others: their order is open. Is there any? */
  #findOpen(): boolean {
    let isOpen = false;
    for (const { firstSlot, count } of this.#plan.classes) {
      let end = firstSlot + count;
      for (let p = end - 1; p >= firstSlot; p--) {
        const isNext = p + 1 < firstSlot + count && this.#compare(this.#order[p]!, this.#order[p + 1]!) === 0;
        if (!isNext || this.#isLinked[this.#order[p]!] === 0) end = p + 1;
        this.#openUntil[p] = end;
        if (end > p + 1) isOpen = true;
      }
    }
    return isOpen;
  }

  /** Tries all orders of the slots from a place on that are open, and keeps the least state. */
  #tryOrders(place: number, m: Int32Array, at: number): void {
    const order = this.#order;
    if (place === order.length) {
      this.#make(m, at);
      if (this.#hasBest && !this.#isLess()) return;
      this.#best.set(this.#made);
      this.#hasBest = true;
      return;
    }
    const until = this.#openUntil[place]!;
    for (let p = place; p < until; p++) {
      this.#exchange(place, p);
      this.#tryOrders(place + 1, m, at);
      this.#exchange(place, p);
    }
  }

  #exchange(p: number, q: number): void {
    const order = this.#order;
    const slot = order[p]!;
    order[p] = order[q]!;
    order[q] = slot;
  }

  #isLess(): boolean {
    for (let k = 0; k < this.#made.length; k++) {
      const [x, y] = [this.#made[k]!, this.#best[k]!];
      if (x !== y) return x < y;
    }
    return false;
  }

  /** Makes the state in which the slots have the current order. */
  #make(m: Int32Array, at: number): void {
    const { classes, shared } = this.#plan;
    const order = this.#order;
    const place = this.#place;
    const made = this.#made;
    for (let p = 0; p < order.length; p++) place[order[p]!] = p;
    for (let k = 0; k < made.length; k++) made[k] = m[at + k]! & this.#kept[k]!;
    for (let c = 0; c < classes.length; c++) {
      const { rows, count, firstSlot } = classes[c]!;
      for (let r = 0; r < rows.length; r++) {
        const { fields, names } = rows[r]!;
        for (let i = 0; i < count; i++) {
          const from = order[firstSlot + i]! - firstSlot;
          const raw = this.#values[this.#valuesAt[c]! + r * count + from]!;
          const slot = names === undefined ? -1 : (names.slotOf[raw] ?? -1);
          const { word, shift } = fields[i]!;
          made[word]! |= (slot < 0 ? raw : names!.rawOf[place[slot]!]!) << shift;
        }
      }
    }
    for (let k = 0; k < shared.length; k++) {
      const { field, names } = shared[k]!;
      const raw = (m[at + field.word]! >>> field.shift) & field.mask;
      const slot = names.slotOf[raw] ?? -1;
      made[field.word]! |= (slot < 0 ? raw : names.rawOf[place[slot]!]!) << field.shift;
    }
  }
}

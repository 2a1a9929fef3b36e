// Nodes of an automaton, each stored once: a hash table of lists of numbers.

const noNode = -1;

/** Finds a node by its edges, or adds it. Numbers are exact up to 2^53. */
export class NodeTable {
  /** The edges of all nodes one after the other: value, node, value, node, … */
  #edges = new Float64Array(1 << 12);
  /** Where the edges of node n begin, at n - 1; and where those of the last one end. */
  #starts = new Float64Array(1 << 10);
  #slots = new Int32Array(1 << 11).fill(noNode);
  #count = 0;

  /** Nodes from 1 on. */
  get count(): number {
    return this.#count;
  }

  /** The edges of a node: value, node, value, node, … */
  edgesOf(node: number): readonly number[] {
    return [...this.#edges.subarray(this.#starts[node - 1], this.#starts[node])];
  }

  /** The number of the node with these edges, an old one or a new one. */
  numberOf(edges: readonly number[]): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(edges) & mask;
    for (let node = this.#slots[slot]!; node !== noNode; node = this.#slots[slot]!) {
      if (this.#isNode(node, edges)) return node;
      slot = (slot + 1) & mask;
    }
    return this.#add(edges, slot);
  }

  #isNode(node: number, edges: readonly number[]): boolean {
    const start = this.#starts[node - 1]!;
    if (this.#starts[node]! - start !== edges.length) return false;
    for (let i = 0; i < edges.length; i++) if (this.#edges[start + i] !== edges[i]) return false;
    return true;
  }

  #add(edges: readonly number[], slot: number): number {
    const start = this.#starts[this.#count]!;
    this.#edges = withRoom(this.#edges, start + edges.length);
    this.#edges.set(edges, start);
    this.#count++;
    this.#starts = withRoom(this.#starts, this.#count + 1);
    this.#starts[this.#count] = start + edges.length;
    this.#slots[slot] = this.#count;
    if (2 * this.#count > this.#slots.length) this.#grow();
    return this.#count;
  }

  #grow(): void {
    const slots = new Int32Array(2 * this.#slots.length).fill(noNode);
    const mask = slots.length - 1;
    for (let node = 1; node <= this.#count; node++) {
      let slot = hashOf(this.edgesOf(node)) & mask;
      while (slots[slot] !== noNode) slot = (slot + 1) & mask;
      slots[slot] = node;
    }
    this.#slots = slots;
  }
}

function withRoom(numbers: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  if (length <= numbers.length) return numbers;
  const larger = new Float64Array(2 * length);
  larger.set(numbers);
  return larger;
}

function hashOf(edges: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const number of edges) {
    hash = Math.imul(hash ^ number, 0x01000193);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

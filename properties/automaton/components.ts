// Strongly connected components: Tarjan, "Depth-First Search and Linear Graph Algorithms" (SIAM J. Comput. 1, 1972),
// without recursion. Nodes are numbers; a component is a set of nodes that can all reach each other.
//
//   0 -> 1 -> 2 -> 1    2 -> 3      components {3}, {2, 1}, {0}: those that others lead to come first

/** Edges out of node n: `to[first[n]]` … `to[first[n + 1] - 1]`. */
export interface Edges {
  readonly first: ArrayLike<number>;
  readonly to: ArrayLike<number>;
}

/** The components that can be reached from `roots` through nodes that are `in` the graph. */
export function components(
  edges: Edges,
  roots: Iterable<number>,
  isIn: (node: number) => boolean = () => true,
): readonly (readonly number[])[] {
  const search = findComponents(edges, roots, isIn);
  let next = search.next();
  while (!next.done) next = search.next();
  return next.value;
}

/** How many edges are processed between two pauses. */
const edgesPerPause = 2 ** 18;

/** The same with pauses, for large graphs: yields the number of nodes seen now and then. */
export function* findComponents(
  { first, to }: Edges,
  roots: Iterable<number>,
  isIn: (node: number) => boolean,
): Generator<number, readonly (readonly number[])[], undefined> {
  const size = first.length - 1;
  /** 0: not seen; otherwise 1 + the order of discovery. */
  const order = new Int32Array(size);
  const low = new Int32Array(size);
  const onStack = new Uint8Array(size);
  const cursor = new Int32Array(size);
  const stack: number[] = [];
  const path: number[] = [];
  const found: number[][] = [];
  let seen = 0;
  let looks = 0;

  const enter = (node: number) => {
    order[node] = low[node] = ++seen;
    cursor[node] = first[node]!;
    onStack[node] = 1;
    stack.push(node);
    path.push(node);
  };
  const leave = (node: number) => {
    path.pop();
    const parent = path.at(-1);
    if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
    if (low[node] !== order[node]) return;
    const from = stack.lastIndexOf(node);
    const component = stack.splice(from);
    for (const member of component) onStack[member] = 0;
    found.push(component);
  };

  for (const root of roots) {
    if (order[root] !== 0 || !isIn(root)) continue;
    enter(root);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      if (++looks % edgesPerPause === 0) yield seen;
      const edge = cursor[node]!;
      if (edge === first[node + 1]) {
        leave(node);
        continue;
      }
      cursor[node] = edge + 1;
      const target = to[edge]!;
      if (!isIn(target)) continue;
      if (order[target] === 0) enter(target);
      else if (onStack[target] === 1) low[node] = Math.min(low[node]!, order[target]!);
    }
  }
  return found;
}

/** Edges as lists, for graphs small enough to write down. */
export function edgesOf(successors: readonly (readonly number[])[]): Edges {
  const first = [0];
  for (const out of successors) first.push(first.at(-1)! + out.length);
  return { first, to: successors.flat() };
}

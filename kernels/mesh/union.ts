/** The root of `node`'s set; halves the path on the way. `parent[n] === n` marks a root. */
export function find(parent: Uint32Array, node: number): number {
  let at = node;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]];
    at = parent[at];
  }
  return at;
}

/** Joins the sets of two nodes under the lower root, so that the result does not depend on the order of joining. */
export function unite(parent: Uint32Array, a: number, b: number): void {
  const p = find(parent, a);
  const q = find(parent, b);
  if (p < q) parent[q] = p;
  else parent[p] = q;
}

/**
 * Leaves out pairs of triangles with the same three vertices that face each other: a fold of no thickness, as where a surface that touches
 * itself in a plane is cut there. Their edges cancel, so what is closed stays closed, and no volume changes. Looks only at triangles whose
 * vertices all satisfy `among`. Three vertex numbers a triangle. O(triangles).
 */
export function withoutFolds(triangles: readonly number[], among: (vertex: number) => boolean): readonly number[] {
  const open = new Map<string, number[]>();
  const gone = new Set<number>();
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [triangles[at], triangles[at + 1], triangles[at + 2]];
    if (!among(a) || !among(b) || !among(c)) continue;
    const least = Math.min(a, b, c);
    const [first, second] = least === a ? [b, c] : least === b ? [c, a] : [a, b];
    const other = open.get(`${least} ${second} ${first}`)?.pop();
    if (other === undefined) {
      const key = `${least} ${first} ${second}`;
      const list = open.get(key);
      if (list) list.push(at);
      else open.set(key, [at]);
      continue;
    }
    gone.add(at);
    gone.add(other);
  }
  return gone.size === 0 ? triangles : triangles.filter((_, n) => !gone.has(n - (n % 3)));
}

import { type Edges, edgesOf, none, open } from './edges.ts';
import { keepTriangles } from './keep-triangles.ts';
import type { Mesh } from './mesh.ts';
import { partsAround } from './parts-around.ts';
import { find, unite } from './union.ts';

export interface MeshPart {
  /** Number of its first triangle. */
  first: number;
  triangles: number;
  /** mm³; below 0 where it faces inward, as a cavity does; without meaning where it is open. */
  volumeMm3: number;
  areaMm2: number;
  /** Every edge has two triangles or more. */
  closed: boolean;
  /** Of its finite vertices. */
  boundsLps: { min: [number, number, number]; max: [number, number, number] };
}

/** No part: a triangle with two equal corners. */
export const noPart = 0xffffffff;

/**
 * The part that each triangle belongs to, numbered by their first triangles: pieces held together by edges, whatever way round and
 * however many triangles an edge has. Cost: O(triangles).
 */
export function partNumbers({ twins, crowds }: Edges): { parts: Uint32Array; count: number } {
  const triangles = twins.length / 3;
  const parts = new Uint32Array(triangles).fill(noPart);
  const waiting = new Uint32Array(triangles);
  let count = 0;
  for (let triangle = 0; triangle < triangles; triangle++) {
    if (parts[triangle] !== noPart || twins[triangle * 3] === none) continue;
    const part = count++;
    parts[triangle] = part;
    let held = 0;
    waiting[held++] = triangle;
    while (held > 0) {
      const from = waiting[--held] * 3;
      for (let h = from; h < from + 3; h++) {
        if (twins[h] < 0) continue;
        const beside = Math.floor(twins[h] / 3);
        if (parts[beside] !== noPart) continue;
        parts[beside] = part;
        waiting[held++] = beside;
      }
    }
  }
  if (crowds.length === 0) return { parts, count };
  const parent = Uint32Array.from({ length: count }, (_, part) => part);
  for (let at = 0; at < crowds.length; at += crowds[at] + 1) {
    for (let n = 2; n <= crowds[at]; n++) {
      unite(parent, parts[Math.floor(crowds[at + 1] / 3)], parts[Math.floor(crowds[at + n] / 3)]);
    }
  }
  const number = new Uint32Array(count);
  let joined = 0;
  for (let part = 0; part < count; part++) number[part] = find(parent, part) === part ? joined++ : number[find(parent, part)];
  return { parts: parts.map((part) => (part === noPart ? noPart : number[part])), count: joined };
}

/**
 * The pieces of a surface held together by edges, in the order of their first triangles. `mesh` LPS mm, welded.
 * Throws RangeError where a triangle names a vertex that is not there. Cost: O(triangles).
 */
export function partsOf(mesh: Mesh): MeshPart[] {
  const { positions: p, triangles } = mesh;
  for (const vertex of triangles) if (vertex * 3 >= p.length) throw new RangeError(`a triangle names vertex ${vertex} of ${p.length / 3}`);
  const edges = edgesOf(triangles, p.length / 3);
  const numbers = partNumbers(edges);
  const found = measureParts(mesh, numbers);
  for (let h = 0; h < edges.twins.length; h++) if (edges.twins[h] === open) found[numbers.parts[Math.floor(h / 3)]].closed = false;
  return found;
}

/**
 * Leaves out bodies (closed parts that face outward) of less than a volume, as their outer surface encloses it, and the cavities that lie in
 * them. All other cavities stay, however small: without its surface a cavity would be solid. Open parts stay, since their volume says
 * nothing. `parts` are `partsOf` this mesh, its parts one way round. The same mesh where no body is so small; otherwise what stays is
 * unchanged, in its order, on shared memory. `dropped` counts bodies, `cavities` what went with them. Cost: O(triangles).
 */
export function dropParts(mesh: Mesh, parts: readonly MeshPart[], belowMm3: number): { mesh: Mesh; dropped: number; cavities: number } {
  const goes = parts.map((part) => part.closed && part.volumeMm3 >= 0 && part.volumeMm3 < belowMm3);
  const dropped = goes.filter((one) => one).length;
  if (dropped === 0) return { mesh, dropped, cavities: 0 };
  const numbers = partNumbers(edgesOf(mesh.triangles, mesh.positions.length / 3)).parts;
  // What lies in a body of so little volume has less.
  const inner = (part: number) => parts[part].volumeMm3 < 0 && -parts[part].volumeMm3 < belowMm3;
  const small = [...goes];
  const around = partsAround(mesh, parts, numbers, inner, (part) => small[part]);
  let cavities = 0;
  for (let part = 0; part < parts.length; part++) {
    if (around[part].size === 0) continue;
    goes[part] = true;
    cavities++;
  }
  return { mesh: keepTriangles(mesh, (triangle) => numbers[triangle] === noPart || !goes[numbers[triangle]]).mesh, dropped, cavities };
}

/**
 * How many parts are closed and face inward: hollows within bodies. `numbers` are `partNumbers` of these edges. O(triangles). Volumes are
 * summed about a vertex of each part, as `partsOf` does.
 */
export function countCavities(
  { positions: p, triangles }: Mesh,
  { twins }: Edges,
  { parts, count }: { parts: Uint32Array; count: number },
): number {
  const first = new Int32Array(count).fill(-1);
  const volumes = new Float64Array(count);
  for (let triangle = 0; triangle < parts.length; triangle++) {
    const part = parts[triangle];
    if (part === noPart) continue;
    const h = triangle * 3;
    const a = triangles[h] * 3;
    const b = triangles[h + 1] * 3;
    const c = triangles[h + 2] * 3;
    if (first[part] < 0) first[part] = a;
    if (twins[h] === open || twins[h + 1] === open || twins[h + 2] === open) volumes[part] = NaN;
    const m = first[part];
    const ax = p[a] - p[m];
    const ay = p[a + 1] - p[m + 1];
    const az = p[a + 2] - p[m + 2];
    const bx = p[b] - p[m];
    const by = p[b + 1] - p[m + 1];
    const bz = p[b + 2] - p[m + 2];
    const cx = p[c] - p[m];
    const cy = p[c + 1] - p[m + 1];
    const cz = p[c + 2] - p[m + 2];
    volumes[part] += ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
  }
  return volumes.reduce((sum, volume) => (volume < 0 ? sum + 1 : sum), 0);
}

/** Figures of parts that are known. Volumes are summed about a point near the surface: far from it the terms would be large and cancel. */
function measureParts({ positions: p, triangles }: Mesh, { parts, count }: { parts: Uint32Array; count: number }): MeshPart[] {
  const found: MeshPart[] = Array.from({ length: count }, () => ({
    first: -1,
    triangles: 0,
    volumeMm3: 0,
    areaMm2: 0,
    closed: true,
    boundsLps: { min: [Infinity, Infinity, Infinity], max: [-Infinity, -Infinity, -Infinity] },
  }));
  const middles = new Float64Array(count * 3);
  for (let triangle = 0; triangle < parts.length; triangle++) {
    if (parts[triangle] === noPart) continue;
    const part = found[parts[triangle]];
    const a = triangles[triangle * 3] * 3;
    const b = triangles[triangle * 3 + 1] * 3;
    const c = triangles[triangle * 3 + 2] * 3;
    if (part.first < 0) {
      part.first = triangle;
      for (let axis = 0; axis < 3; axis++) middles[parts[triangle] * 3 + axis] = Number.isFinite(p[a + axis]) ? p[a + axis] : 0;
    }
    part.triangles++;
    const { min, max } = part.boundsLps;
    for (let axis = 0; axis < 3; axis++) {
      for (const at of [a, b, c]) {
        const value = p[at + axis];
        if (!Number.isFinite(value)) continue;
        if (value < min[axis]) min[axis] = value;
        if (value > max[axis]) max[axis] = value;
      }
    }
    const middle = parts[triangle] * 3;
    const ax = p[a] - middles[middle];
    const ay = p[a + 1] - middles[middle + 1];
    const az = p[a + 2] - middles[middle + 2];
    const ux = p[b] - p[a];
    const uy = p[b + 1] - p[a + 1];
    const uz = p[b + 2] - p[a + 2];
    const vx = p[c] - p[a];
    const vy = p[c + 1] - p[a + 1];
    const vz = p[c + 2] - p[a + 2];
    const cx = uy * vz - uz * vy;
    const cy = uz * vx - ux * vz;
    const cz = ux * vy - uy * vx;
    const area = Math.sqrt(cx * cx + cy * cy + cz * cz);
    if (!Number.isFinite(area) || !Number.isFinite(ax + ay + az)) continue;
    part.areaMm2 += area / 2;
    part.volumeMm3 += (ax * cx + ay * cy + az * cz) / 6;
  }
  for (const { boundsLps } of found)
    if (!(boundsLps.min[0] <= boundsLps.max[0])) Object.assign(boundsLps, { min: [0, 0, 0], max: [0, 0, 0] });
  return found;
}

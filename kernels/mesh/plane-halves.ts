import type { Triple } from '../volume/geometry.ts';
import { capTriangles } from './cap-triangles.ts';
import { edgesOf } from './edges.ts';
import { withoutFolds } from './fold-pairs.ts';
import type { Mesh } from './mesh.ts';
import { type Plane, unitNormal } from './mirror.ts';
import { acrossOf } from './plane-step.ts';
import { splitEdges } from './split-edges.ts';
import { splitFans } from './split-fans.ts';

export interface Halves {
  /** Against the plane's normal. */
  below: Mesh;
  /** Along it. */
  above: Mesh;
}

/** Nearer to the plane than this part of the largest coordinate a vertex lies on it: new vertices stay apart from old ones in float32. */
const onPlanePart = 2 ** -21;

/** What runs along the plane: how often a half is bounded by each edge from its lower to its higher vertex, less the other way. */
class PlaneEdges {
  private readonly counts = new Map<number, number>();
  private readonly span: number;
  constructor(span: number) {
    this.span = span;
  }
  add(a: number, b: number): void {
    const key = Math.min(a, b) * this.span + Math.max(a, b);
    this.counts.set(key, (this.counts.get(key) ?? 0) + (a < b ? 1 : -1));
  }
  /** Also where it cancels. */
  has(a: number, b: number): boolean {
    return this.counts.has(Math.min(a, b) * this.span + Math.max(a, b));
  }
  /** Edges that do not cancel, in their direction. */
  left(): [number, number][] {
    const edges: [number, number][] = [];
    for (const [key, count] of this.counts) {
      const [low, high] = [Math.floor(key / this.span), key % this.span];
      for (let n = Math.abs(count); n > 0; n--) edges.push(count > 0 ? [low, high] : [high, low]);
    }
    return edges;
  }
}

/** Edges as closed rims; a way that comes by a vertex again has gone round one. Throws RangeError where one does not close. */
function rimsOf(edges: readonly [number, number][]): number[][] {
  const ways = new Map<number, number[]>();
  for (const [from, to] of edges) {
    const list = ways.get(from);
    if (list) list.push(to);
    else ways.set(from, [to]);
  }
  const rims: number[][] = [];
  for (const [first, list] of ways) {
    while (list.length > 0) {
      const way: number[] = [];
      const placeOf = new Map<number, number>();
      for (let vertex = first; ; ) {
        const seen = placeOf.get(vertex);
        if (seen !== undefined) {
          const rim = way.splice(seen);
          for (const gone of rim) placeOf.delete(gone);
          rims.push(rim);
          if (way.length === 0) break;
        }
        const next = ways.get(vertex)?.pop();
        if (next === undefined) throw new RangeError('the surface is open where it is cut: repair it first');
        placeOf.set(vertex, way.length);
        way.push(vertex);
        vertex = next;
      }
    }
  }
  return rims;
}

/** The vertices that are used, numbered anew in their order. */
function compact(places: Float64Array, triangles: readonly number[], like: Mesh['positions']): Mesh {
  const numberOf = new Int32Array(places.length / 3).fill(-1);
  for (const vertex of triangles) numberOf[vertex] = 0;
  let count = 0;
  for (let vertex = 0; vertex < numberOf.length; vertex++) if (numberOf[vertex] === 0) numberOf[vertex] = count++;
  const positions = like instanceof Float32Array ? new Float32Array(count * 3) : new Float64Array(count * 3);
  for (let vertex = 0; vertex < numberOf.length; vertex++) {
    const at = numberOf[vertex] * 3;
    if (at >= 0) for (let axis = 0; axis < 3; axis++) positions[at + axis] = places[vertex * 3 + axis];
  }
  return { positions, triangles: Uint32Array.from(triangles, (vertex) => numberOf[vertex]) };
}

/** Whether both halves are closed, manifold and one way round. */
function areSound({ below, above }: Halves): boolean {
  return [below, above].every(({ positions, triangles }) => {
    const { openEdges, misorientedEdges, nonManifoldEdges } = edgesOf(triangles, positions.length / 3);
    return openEdges + misorientedEdges + nonManifoldEdges === 0;
  });
}

/** A plane beside one that cannot be had, in widths of what counts as on it. */
const beside = [0, 4, -4];

/**
 * Cuts a closed surface by a plane into two closed surfaces, whose caps are the same triangles seen from either side, so that their volumes
 * add up. A vertex on the plane (within 2^-21 of the largest coordinate) stays where it is and belongs to both; a triangle in the plane
 * belongs to the half whose material it bounds. A half that meets itself in a vertex or an edge there is parted as by `splitFans` and `splitEdges`; where it lies folded
 * in the plane so that even this does not help, the plane is moved beside it, by 2^-19 of the largest coordinate (0.0004 mm for a head).
 *
 * LPS mm, finite; keeps the kind of array. Throws RangeError on a surface that is open where it is cut and on a plane without direction.
 * O(vertices + triangles), and the caps.
 */
export function planeHalves(mesh: Mesh, plane: Plane): Halves {
  const normal = unitNormal(plane);
  let largest = 0;
  for (let at = 0; at < mesh.positions.length; at++) largest = Math.max(largest, Math.abs(mesh.positions[at]));
  const slack = largest * onPlanePart;
  const found: Halves[] = [];
  for (const widths of beside) {
    const pointLps = plane.pointLps.map((value, axis) => value + widths * slack * normal[axis]) as Triple;
    const { touching, ...halves } = halvesAt(mesh, { pointLps, normal }, slack);
    if (!touching || areSound(halves)) return halves;
    found.push(halves);
  }
  return found[0];
}

function halvesAt(mesh: Mesh, plane: Plane, slack: number): Halves & { touching: boolean } {
  const { positions: p, triangles } = mesh;
  const { normal: n, pointLps: o } = plane;
  const vertices = p.length / 3;
  const signed = new Float64Array(vertices);
  let touching = false;
  for (let v = 0; v < vertices; v++) {
    const mm = n[0] * (p[v * 3] - o[0]) + n[1] * (p[v * 3 + 1] - o[1]) + n[2] * (p[v * 3 + 2] - o[2]);
    if (!Number.isFinite(mm)) throw new RangeError(`vertex ${v} has no place`);
    signed[v] = Math.abs(mm) <= slack ? 0 : mm;
    if (signed[v] === 0) touching = true;
  }

  const span = vertices + triangles.length;
  const crossings = new Map<number, number>();
  const added: number[] = [];
  /** The vertex where an edge meets the plane: the same for both its triangles. */
  const crossing = (a: number, b: number): number => {
    const [low, high] = a < b ? [a, b] : [b, a];
    const key = low * span + high;
    const known = crossings.get(key);
    if (known !== undefined) return known;
    const t = signed[low] / (signed[low] - signed[high]);
    const vertex = vertices + added.length / 3;
    for (let axis = 0; axis < 3; axis++) {
      const mm = p[low * 3 + axis] + t * (p[high * 3 + axis] - p[low * 3 + axis]);
      added.push(p instanceof Float32Array ? Math.fround(mm) : mm);
    }
    crossings.set(key, vertex);
    return vertex;
  };
  const place = (v: number, axis: number): number => (v < vertices ? p[v * 3 + axis] : added[(v - vertices) * 3 + axis]);
  const lies = (v: number): boolean => v >= vertices || signed[v] === 0;

  const above: number[] = [];
  const below: number[] = [];
  const aboveEdges = new PlaneEdges(span);
  const allEdges = new PlaneEdges(span);
  const give = (side: number[], ring: readonly number[]): void => {
    if (ring.length === 4) {
      const across = (a: number, b: number) => Math.hypot(place(a, 0) - place(b, 0), place(a, 1) - place(b, 1), place(a, 2) - place(b, 2));
      const [a, b, c, d] = ring;
      side.push(...(across(a, c) <= across(b, d) ? [a, b, c, a, c, d] : [a, b, d, b, c, d]));
    } else side.push(ring[0], ring[1], ring[2]);
    ring.forEach((a, at) => {
      const b = ring[(at + 1) % ring.length];
      if (!lies(a) || !lies(b)) return;
      allEdges.add(a, b);
      if (side === above) aboveEdges.add(a, b);
    });
  };
  for (let at = 0; at < triangles.length; at += 3) {
    const corners = [triangles[at], triangles[at + 1], triangles[at + 2]];
    const low = Math.min(signed[corners[0]], signed[corners[1]], signed[corners[2]]);
    const high = Math.max(signed[corners[0]], signed[corners[1]], signed[corners[2]]);
    if (low >= 0 && high > 0) give(above, corners);
    else if (high <= 0 && low < 0) give(below, corners);
    else if (high === 0) give(facesAlong(p, corners, n) ? below : above, corners);
    else {
      const rings: [number[], number[]] = [[], []];
      corners.forEach((a, k) => {
        const b = corners[(k + 1) % 3];
        if (signed[a] >= 0) rings[0].push(a);
        if (signed[a] <= 0) rings[1].push(a);
        if (signed[a] * signed[b] < 0) for (const ring of rings) ring.push(crossing(a, b));
      });
      give(above, rings[0]);
      give(below, rings[1]);
    }
  }
  if (allEdges.left().length > 0) throw new RangeError('the surface is open where it is cut: repair it first');

  const places = new Float64Array(p.length + added.length);
  places.set(p);
  places.set(added, p.length);
  const rims = rimsOf(aboveEdges.left().map(([from, to]) => [to, from]));
  const cap = capTriangles(flatten(places, rims, o, n), rims, { fuzzMm: slack / 2, taken: (a, b) => allEdges.has(a, b) });
  for (const vertex of cap) above.push(vertex);
  for (let at = 0; at < cap.length; at += 3) below.push(cap[at], cap[at + 2], cap[at + 1]);
  const [belowMesh, aboveMesh] = [below, above].map((side) => {
    const half = compact(places, touching ? withoutFolds(side, lies) : side, p);
    return touching ? splitEdges(splitFans(half).mesh).mesh : half;
  });
  return { below: belowMesh, above: aboveMesh, touching };
}

function facesAlong(p: ArrayLike<number>, [a, b, c]: number[], n: Triple): boolean {
  const [ux, uy, uz] = [p[b * 3] - p[a * 3], p[b * 3 + 1] - p[a * 3 + 1], p[b * 3 + 2] - p[a * 3 + 2]];
  const [vx, vy, vz] = [p[c * 3] - p[a * 3], p[c * 3 + 1] - p[a * 3 + 1], p[c * 3 + 2] - p[a * 3 + 2]];
  return n[0] * (uy * vz - uz * vy) + n[1] * (uz * vx - ux * vz) + n[2] * (ux * vy - uy * vx) > 0;
}

/** Places in the plane of the vertices of rims, as seen from below, where the upper half's cap faces. */
function flatten(places: Float64Array, rims: readonly number[][], o: Triple, n: Triple): Float64Array {
  const flat = new Float64Array((places.length / 3) * 2);
  const axes = acrossOf(n.map((value) => -value) as Triple);
  for (const rim of rims) {
    for (const v of rim) {
      axes.forEach((axis, k) => {
        flat[v * 2 + k] = axis[0] * (places[v * 3] - o[0]) + axis[1] * (places[v * 3 + 1] - o[1]) + axis[2] * (places[v * 3 + 2] - o[2]);
      });
    }
  }
  return flat;
}

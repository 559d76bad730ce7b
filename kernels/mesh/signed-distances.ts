import { type RunParts, sharedArray, stretches } from '../parts.ts';
import { angleNormals } from './angle-normals.ts';
import { edgesOf } from './edges.ts';
import type { Mesh, Tick } from './mesh.ts';
import { NearestTriangle } from './nearest.ts';
import { onSharedMemory } from './on-shared-memory.ts';
import { type PlaceTree, placeTreeOf } from './place-tree.ts';

interface SignedInput {
  tree: PlaceTree;
  /** Of the other mesh: vertex numbers, twins of half-edges, unit normals of vertices. */
  triangles: Uint32Array;
  twins: Int32Array;
  normals: Float32Array;
  positions: Float64Array | Float32Array;
  points: Float64Array | Float32Array;
  signedMm: Float32Array;
  from: number;
  to: number;
}

/** Feet nearer than this part of a triangle to its rim lie on the rim. */
const onRim = 1e-9;

/** Adds the unit normal of a triangle to `sum`. */
function addNormal(sum: Float64Array, p: Float64Array | Float32Array, triangles: Uint32Array, t: number): void {
  const a = triangles[t * 3] * 3;
  const b = triangles[t * 3 + 1] * 3;
  const c = triangles[t * 3 + 2] * 3;
  const ux = p[b] - p[a];
  const uy = p[b + 1] - p[a + 1];
  const uz = p[b + 2] - p[a + 2];
  const vx = p[c] - p[a];
  const vy = p[c + 1] - p[a + 1];
  const vz = p[c + 2] - p[a + 2];
  const nx = uy * vz - uz * vy;
  const ny = uz * vx - ux * vz;
  const nz = ux * vy - uy * vx;
  const length = Math.sqrt(nx * nx + ny * ny + nz * nz);
  if (!(length > 0)) return;
  sum[0] += nx / length;
  sum[1] += ny / length;
  sum[2] += nz / length;
}

/** Signed distances of the points [from, to). */
export function signedPart({ tree, triangles, twins, normals, positions, points, signedMm, from, to }: SignedInput): void {
  const nearest = new NearestTriangle(tree);
  const { corners, triangleOf } = tree;
  const normal = new Float64Array(3);
  for (let n = from; n < to; n++) {
    const x = points[n * 3];
    const y = points[n * 3 + 1];
    const z = points[n * 3 + 2];
    const mm = nearest.distanceMm(x, y, z);
    const [s, r] = nearest.footOnSlot(x, y, z);
    const at = nearest.slot * 9;
    const t = triangleOf[nearest.slot];
    normal.fill(0);
    const onAb = r <= onRim;
    const onCa = s <= onRim;
    const onBc = s + r >= 1 - onRim;
    const corner = onAb && onCa ? 0 : onAb && onBc ? 1 : onCa && onBc ? 2 : -1;
    if (corner >= 0) {
      const vertex = triangles[t * 3 + corner] * 3;
      for (let axis = 0; axis < 3; axis++) normal[axis] = normals[vertex + axis];
    } else {
      addNormal(normal, positions, triangles, t);
      const half = onAb ? 0 : onBc ? 1 : onCa ? 2 : -1;
      const twin = half >= 0 ? twins[t * 3 + half] : -1;
      if (twin >= 0) addNormal(normal, positions, triangles, Math.floor(twin / 3));
    }
    let side = 0;
    for (let axis = 0; axis < 3; axis++) {
      const a = corners[at + axis];
      const foot = a + s * (corners[at + 3 + axis] - a) + r * (corners[at + 6 + axis] - a);
      side += (points[n * 3 + axis] - foot) * normal[axis];
    }
    signedMm[n] = side < 0 ? -mm : mm;
  }
}

const atOnce = 8;
const grain = 2048;

/**
 * How far each vertex of `from` lies from the surface `to`, in mm: above 0 outside, below 0 inside. The sign is that of the angle-weighed
 * normal of the face, edge or vertex that holds the nearest point (Baerentzen and Aanaes 2005), right wherever `to` is closed and faces
 * outside; of an open surface it says on which side of the nearest triangle the vertex lies.
 *
 * LPS mm, finite, `to` welded. Returns a float32 a vertex, NaN where `to` has no triangles. Throws RangeError on a corner that is not
 * finite. Cost: 1 µs a triangle of `to`, 2 µs a vertex of `from`.
 */
export async function signedDistances(from: Mesh, to: Mesh, run: RunParts, tick?: Tick): Promise<Float32Array> {
  const signedMm = sharedArray(Float32Array, from.positions.length / 3).fill(NaN);
  if (to.triangles.length === 0) return signedMm;
  tick?.(0);
  const tree = placeTreeOf(to);
  tick?.(0.2);
  const twins = sharedArray(Int32Array, to.triangles.length);
  twins.set(edgesOf(to.triangles, to.positions.length / 3).twins);
  const shared = {
    tree,
    twins,
    triangles: onSharedMemory(to.triangles),
    normals: angleNormals(to),
    positions: onSharedMemory(to.positions),
    points: onSharedMemory(from.positions),
    signedMm,
  };
  const pieces = stretches(signedMm.length, 64, grain);
  for (let at = 0; at < pieces.length; at += atOnce) {
    tick?.(0.3 + (0.7 * at) / pieces.length);
    const inputs = pieces.slice(at, at + atOnce).map(([first, last]) => ({ ...shared, from: first, to: last }));
    await run(signedPart, inputs);
  }
  return signedMm;
}

import type { DensityField } from './density-field.ts';
import { type ImageTraits, type ProfilePlan, type Reading, readEdge } from './grey-place.ts';
import type { GridFrame } from './grid-frame.ts';

export interface NormalsInput {
  fromList: Uint32Array;
  list: Uint32Array;
  here: Float32Array;
  there: Float32Array;
  from: number;
  to: number;
}

/** One round: each vertex's normal becomes the unit vector along the sum of its own and its neighbours' normals. */
export function smoothNormalsPart({ fromList, list, here, there, from, to }: NormalsInput): void {
  for (let vertex = from; vertex < to; vertex++) {
    const at = vertex * 3;
    let x = here[at];
    let y = here[at + 1];
    let z = here[at + 2];
    for (let n = fromList[vertex]; n < fromList[vertex + 1]; n++) {
      const other = list[n] * 3;
      x += here[other];
      y += here[other + 1];
      z += here[other + 2];
    }
    const length = Math.sqrt(x * x + y * y + z * z);
    // Where normals cancel out (a spike), the vertex keeps its own.
    const share = length > 1e-12 ? 1 / length : 0;
    there[at] = share > 0 ? x * share : here[at];
    there[at + 1] = share > 0 ? y * share : here[at + 1];
    there[at + 2] = share > 0 ? z * share : here[at + 2];
  }
}

export interface PlaceInput {
  values: Int16Array | Float32Array;
  frame: GridFrame;
  plan: ProfilePlan;
  traits: ImageTraits;
  field: DensityField | null;
  positions: Float32Array;
  normals: Float32Array;
  fromList: Uint32Array;
  list: Uint32Array;
  /** Written: displacement along the normal, NaN where the profile shows no step. */
  offsets: Float32Array;
  /** Written: thickness of the wall as the profile shows it; infinite where it shows no other side. */
  walls: Float32Array;
  from: number;
  to: number;
}

/** Reads the profiles of a stretch of vertices. */
export function placePart(input: PlaceInput): void {
  const { values, frame, plan, traits, field, positions: p, normals: n, fromList, list, offsets, walls, from, to } = input;
  const reading: Reading = { offsetMm: 0, wallMm: 0, high: 0, low: 0, misfit: 0, sigmaMm: 0 };
  for (let vertex = from; vertex < to; vertex++) {
    const at = vertex * 3;
    if (!readEdge(values, frame, plan, traits, field, p[at], p[at + 1], p[at + 2], n[at], n[at + 1], n[at + 2], reading)) {
      offsets[vertex] = Number.NaN;
      walls[vertex] = Number.POSITIVE_INFINITY;
      continue;
    }
    // Blur along the surface draws the half-maximum of a curved edge towards its centre, by the variance times the mean curvature: the
    // image's own blur and, between voxels, that of trilinear interpolation (a sixth of the voxel's side squared on average).
    const sigma = reading.sigmaMm;
    let between = 0;
    for (let axis = 0; axis < 9; axis += 3) {
      const x = frame.steps[axis];
      const y = frame.steps[axis + 1];
      const z = frame.steps[axis + 2];
      between += x * x + y * y + z * z - (x * n[at] + y * n[at + 1] + z * n[at + 2]) ** 2;
    }
    const bend = (sigma * sigma + between / 12) * meanCurvature(vertex, p, n, fromList, list);
    const shift = Math.max(-0.4 * sigma, Math.min(0.4 * sigma, bend));
    offsets[vertex] = reading.offsetMm + shift;
    walls[vertex] = reading.wallMm;
  }
}

/** Mean curvature at a vertex, 1/mm, above 0 where the surface bulges outward: how normals turn along the edges around it. */
function meanCurvature(vertex: number, p: Float32Array, n: Float32Array, fromList: Uint32Array, list: Uint32Array): number {
  const at = vertex * 3;
  let turned = 0;
  let length2 = 0;
  for (let edge = fromList[vertex]; edge < fromList[vertex + 1]; edge++) {
    const other = list[edge] * 3;
    const x = p[other] - p[at];
    const y = p[other + 1] - p[at + 1];
    const z = p[other + 2] - p[at + 2];
    // Only what lies in the tangent plane: steps of the mask across it are no turn of the surface.
    const across = x * n[at] + y * n[at + 1] + z * n[at + 2];
    turned += x * (n[other] - n[at]) + y * (n[other + 1] - n[at + 1]) + z * (n[other + 2] - n[at + 2]);
    length2 += x * x + y * y + z * z - across * across;
  }
  return length2 > 0 ? turned / length2 : 0;
}

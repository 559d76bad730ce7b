import { lpsToIndex, type Triple, type VolumeGeometry } from '../volume/geometry.ts';

/** What the brush kernels share: the grid's steps, the slab of a circle and the cells along a path. */
export interface IndexFrame {
  /** One voxel's step along i, j, k in mm. */
  steps: [Triple, Triple, Triple];
  /** How fast i, j, k grow per mm. */
  gradients: [Triple, Triple, Triple];
}

export const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Steps and gradients of a grid. Throws RangeError on a grid without volume. */
export function indexFrame(g: VolumeGeometry): IndexFrame {
  const [sx, sy, sz] = g.spacingMm;
  const d = g.directionLps;
  const [ox, oy, oz] = g.originLps;
  const x = lpsToIndex(g, ox + 1, oy, oz);
  const y = lpsToIndex(g, ox, oy + 1, oz);
  const z = lpsToIndex(g, ox, oy, oz + 1);
  return {
    steps: [
      [d[0] * sx, d[1] * sx, d[2] * sx],
      [d[3] * sy, d[4] * sy, d[5] * sy],
      [d[6] * sz, d[7] * sz, d[8] * sz],
    ],
    gradients: [
      [x[0], y[0], z[0]],
      [x[1], y[1], z[1]],
      [x[2], y[2], z[2]],
    ],
  };
}

export interface Slab {
  /** Unit, turned along the grid. */
  normal: Triple;
  /** Half of its thickness, mm. */
  half: number;
  tolerance: number;
}

/**
 * The slab of centres that a circle may set: half a voxel's extent along the normal to each side, so that it is one layer on a plane of the
 * grid and without holes on an oblique one. Open below and closed above, so that a plane midway between two layers takes one of them; the
 * normal is turned along the grid, so that it is the layer in which `walkCells` rounds. Throws RangeError on a normal without length.
 */
export function circleSlab(frame: IndexFrame, fromLps: Triple, planeNormalLps: Triple): Slab {
  const size = Math.hypot(...planeNormalLps);
  if (!(size > 0 && Number.isFinite(size))) throw new RangeError('a circle needs the normal of its plane');
  const lean = frame.steps.map((step) => dot(step, planeNormalLps) / size);
  const steepest = lean.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  const scale = Math.sign(steepest) / size;
  const half = lean.reduce((sum, value) => sum + Math.abs(value), 0) / 2;
  const tolerance = 1e-9 * (half + Math.hypot(...fromLps));
  return { normal: [planeNormalLps[0] * scale, planeNormalLps[1] * scale, planeNormalLps[2] * scale], half, tolerance };
}

/** A vector without its part along a unit normal. */
export function flat(v: Triple, normal: Triple): Triple {
  const off = dot(v, normal);
  return [v[0] - off * normal[0], v[1] - off * normal[1], v[2] - off * normal[2]];
}

/** How far a ball, or a disc of a slab, reaches along each index from its middle. */
export function reachOf({ gradients }: IndexFrame, radius: number, slab: Slab | null): Triple {
  const one = (gradient: Triple): number =>
    (slab
      ? radius * Math.hypot(...flat(gradient, slab.normal)) + slab.half * Math.abs(dot(gradient, slab.normal))
      : radius * Math.hypot(...gradient)) + 1e-6;
  return [one(gradients[0]), one(gradients[1]), one(gradients[2])];
}

/** Visits every cell (the voxel nearest by index) that the segment a-b of index space passes through, both ends included. */
export function walkCells(a: Triple, b: Triple, dimensions: Triple, visit: (index: number) => void): void {
  const [nx, ny, nz] = dimensions;
  const cuts = [0, 1];
  for (let n = 0; n < 3; n++) {
    const delta = b[n] - a[n];
    if (delta === 0) continue;
    // Faces between cells lie at half indices; those outside the grid are of no interest.
    const first = Math.max(-1, Math.floor(Math.min(a[n], b[n]))) + 0.5;
    const last = Math.min(dimensions[n], Math.max(a[n], b[n]));
    for (let face = first; face <= last; face++) {
      const t = (face - a[n]) / delta;
      if (t > 0 && t < 1) cuts.push(t);
    }
  }
  cuts.sort((s, t) => s - t);
  const cellAt = (t: number): void => {
    const i = Math.floor(a[0] + t * (b[0] - a[0]) + 0.5);
    const j = Math.floor(a[1] + t * (b[1] - a[1]) + 0.5);
    const k = Math.floor(a[2] + t * (b[2] - a[2]) + 0.5);
    if (i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz) visit((k * ny + j) * nx + i);
  };
  cellAt(0);
  for (let n = 1; n < cuts.length; n++) cellAt((cuts[n - 1] + cuts[n]) / 2);
  cellAt(1);
}

import type { Mesh } from './mesh.ts';

/** What tells a volume to be the peers' phantom, and how it is sampled. */
export interface PhantomMeta {
  shape_xyz: readonly number[];
  spacing_mm: readonly number[];
}

export interface SurfaceError extends Spread {
  /** Without the vertices about the specks that touch the skull: these are bone of their own, up to 2 mm beside the table. */
  clearOfSpecks: Spread;
}

export interface Spread {
  vertices: number;
  meanMm: number;
  sdMm: number;
  /** 95th percentile of the size, between neighbours as numpy does it. */
  p95Mm: number;
  maxMm: number;
}

/** lowbias32, as the phantom's. */
function hash(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** The phantom's 240 floating balls: x, y, z, radius. Some float into the skull. */
const specks = Array.from({ length: 240 }, (_, n) => {
  const [turn, height, far, size] = [101, 102, 103, 104].map((salt) => hash(n * 7 + salt) / 2 ** 32);
  const cosine = 2 * height - 1;
  const sine = Math.sqrt(1 - cosine * cosine);
  const away = 103 + 9 * far;
  const angle = 2 * Math.PI * turn;
  const [x, y] = [away * sine * Math.cos(angle), away * sine * Math.sin(angle) * 0.98];
  return [115.2 + x, 115.2 + y, 102.4 + 0.9 * away * cosine, 0.7 + 1.1 * size];
});

type Place = (x: number, y: number, z: number) => number;

/** Signed distance to an ellipsoid, to first order; exact at its surface, where the phantom's blur stands. */
const toEllipsoid =
  (c: readonly number[], r: readonly number[]): Place =>
  (x, y, z) => {
    const px = (x - c[0]) / r[0];
    const py = (y - c[1]) / r[1];
    const pz = (z - c[2]) / r[2];
    const k0 = Math.sqrt(px * px + py * py + pz * pz);
    const k1 = Math.sqrt((px / r[0]) ** 2 + (py / r[1]) ** 2 + (pz / r[2]) ** 2);
    return (k0 * (k0 - 1)) / Math.max(k1, 1e-6);
  };

const skull = [115.2, 118, 130];
const aboveTheBase: (y: number, z: number) => boolean = (y, z) => y > 125 && z > 135;

/** The places of the peers' phantom whose surface is known in closed form, mm; distance above 0 outside of bone. */
const places: Record<string, { distance: Place; within: (x: number, y: number, z: number) => boolean }> = {
  outerTable: { distance: toEllipsoid(skull, [70, 84, 66]), within: (_, y, z) => aboveTheBase(y, z) },
  innerTable: {
    distance: (x, y, z) => -toEllipsoid(skull, [64, 78, 60])(x, y, z),
    within: (_, y, z) => aboveTheBase(y, z),
  },
};

/**
 * The peers' stick (`surface_error`): signed distances of a mesh's vertices to the analytic tables of the skull in the smooth region, those
 * within -0.9 to 1.4 mm. The mesh's origin is the first voxel's centre, the phantom's its corner. Null where no vertex is there: the mesh
 * is of something else.
 */
export function surfaceError(mesh: Mesh, meta: PhantomMeta, place: 'outerTable' | 'innerTable' = 'outerTable'): SurfaceError | null {
  const { distance, within } = places[place];
  const used = new Uint8Array(mesh.positions.length / 3);
  for (const vertex of mesh.triangles) used[vertex] = 1;
  const errors: number[] = [];
  const clear: number[] = [];
  const near = specks.filter(([x, y, z, radius]) => Math.abs(distance(x, y, z)) < radius + 2);
  for (let vertex = 0; vertex < used.length; vertex++) {
    if (used[vertex] === 0) continue;
    const x = mesh.positions[vertex * 3] + meta.spacing_mm[0] / 2;
    const y = mesh.positions[vertex * 3 + 1] + meta.spacing_mm[1] / 2;
    const z = mesh.positions[vertex * 3 + 2] + meta.spacing_mm[2] / 2;
    if (!within(x, y, z)) continue;
    const error = distance(x, y, z);
    if (!(error > -0.9 && error < 1.4)) continue;
    errors.push(error);
    if (near.every(([a, b, c, radius]) => Math.hypot(x - a, y - b, z - c) > radius + 2)) clear.push(error);
  }
  return errors.length === 0 || clear.length === 0 ? null : { ...spreadOf(errors), clearOfSpecks: spreadOf(clear) };
}

function spreadOf(errors: number[]): Spread {
  const n = errors.length;
  const mean = errors.reduce((sum, error) => sum + error, 0) / n;
  const sd = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / n);
  const sizes = Float64Array.from(errors, Math.abs).sort();
  const at = 0.95 * (n - 1);
  const low = Math.floor(at);
  const p95 = sizes[low] + (at - low) * (sizes[Math.min(n - 1, low + 1)] - sizes[low]);
  return { vertices: n, meanMm: mean, sdMm: sd, p95Mm: p95, maxMm: sizes[n - 1] };
}

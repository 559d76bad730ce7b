import { type BitGrid, emptyBits } from '../../../kernels/labels/bits.ts';
import { loopMask } from '../../../kernels/labels/loop-mask.ts';
import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { cross } from '../../../kernels/volume/stack.ts';

/** Contours as places on the grid: one plane of the slices, or a plane of their own. */
interface Plane {
  /** Index along k; null: the plane crosses the slices. */
  k: number | null;
  loops: Triple[][];
}

interface Filled {
  bits: BitGrid;
  /** What a person should know of the contours. */
  findings: string[];
}

/** Points of one slice differ by no more than this along k, in voxels. */
const flat = 0.1;
/** Within this a point is a voxel's centre: what single precision and printed decimals leave. */
const onCentre = 0.02;
const farFromPlaneMm = 0.5;

/** Contours of one plane together: holes and islands are told by how often a voxel is enclosed. */
function planesOf(contours: Triple[][], grid: VolumeGeometry): { planes: Plane[]; bent: number } {
  const byK = new Map<number, Plane>();
  const planes: Plane[] = [];
  const loopsAt = (k: number): Triple[][] => {
    const made = byK.get(k) ?? { k, loops: [] };
    if (!byK.has(k)) planes.push(made);
    byK.set(k, made);
    return made.loops;
  };
  const lying: { middle: number; points: Triple[] }[] = [];
  let bent = 0;
  for (const points of contours) {
    const ks = points.map((p) => lpsToIndex(grid, ...p)[2]);
    const [low, high] = [ks.reduce((a, b) => Math.min(a, b)), ks.reduce((a, b) => Math.max(a, b))];
    if (high - low <= flat) {
      const middle = (low + high) / 2;
      const slice = Math.round(middle);
      if (Math.abs(middle - slice) > flat) lying.push({ middle, points });
      else loopsAt(slice).push(points);
    } else if (points.length >= 3 && normalOf(points)) planes.push({ k: null, loops: [points] });
    else bent++;
  }
  // Between slices a hole and what surrounds it are one plane although printed decimals part them.
  let last = Number.NEGATIVE_INFINITY;
  let k = 0;
  for (const { middle, points } of lying.sort((a, b) => a.middle - b.middle)) {
    if (middle - last > flat) k = middle;
    last = middle;
    loopsAt(k).push(points);
  }
  return { planes, bent };
}

/** Unit normal of a polygon by its area on the three planes of the axes; null: it encloses nothing, or is not flat. */
function normalOf(points: readonly Triple[]): Triple | null {
  const sum: Triple = [0, 0, 0];
  const first = points[0] as Triple;
  for (const [n, p] of points.entries()) {
    const next = points[(n + 1) % points.length] as Triple;
    const part = cross(p.map((v, a) => v - first[a]!) as Triple, next.map((v, a) => v - first[a]!) as Triple);
    for (let a = 0; a < 3; a++) sum[a] = sum[a]! + part[a]!;
  }
  const size = Math.hypot(...sum);
  if (!(size > 1e-6)) return null;
  const normal = sum.map((v) => v / size) as Triple;
  const flatEnough = points.every((p) => Math.abs(p.reduce((d, v, a) => d + (v - first[a]!) * normal[a]!, 0)) <= farFromPlaneMm);
  return flatEnough ? normal : null;
}

const whole = (v: number) => Math.abs(v - Math.round(v)) <= onCentre;

/** The voxels on a contour's line where all of its corners are voxel centres and it runs straight or diagonally between them; else null. */
function tracedVoxels(points: readonly Triple[], grid: VolumeGeometry): Triple[] | null {
  const at = points.map((p) => lpsToIndex(grid, ...p));
  if (!at.every((p) => p.every(whole))) return null;
  const corners = at.map((p) => p.map(Math.round) as Triple);
  const line: Triple[] = [];
  for (const [n, a] of corners.entries()) {
    const b = corners[(n + 1) % corners.length] as Triple;
    const [di, dj] = [b[0] - a[0], b[1] - a[1]];
    if (b[2] !== a[2] || (di !== 0 && dj !== 0 && Math.abs(di) !== Math.abs(dj))) return null;
    const steps = Math.max(Math.abs(di), Math.abs(dj));
    for (let m = 0; m <= steps; m++) line.push([a[0] + m * Math.sign(di), a[1] + m * Math.sign(dj), a[2]]);
  }
  return line;
}

function setVoxel(bits: BitGrid, [i, j, k]: Triple): void {
  const [nx, ny, nz] = bits.dimensions;
  if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) return;
  const word = (j + ny * k) * bits.wordsPerRow + (i >> 5);
  bits.words[word] = (bits.words[word] as number) | (1 << (i & 31));
}

/** How far apart neighbouring planes of contours lie, in slices, where all gaps are alike and wider than one. */
function everyNth(planes: readonly Plane[]): number | null {
  const ks = planes.flatMap(({ k }) => (k === null ? [] : [k])).sort((a, b) => a - b);
  const gaps = ks.slice(1).map((k, n) => k - (ks[n] as number));
  const [first = 0] = gaps;
  return gaps.length >= 2 && first > 1.5 && gaps.every((gap) => Math.abs(gap - first) < 0.2) ? first : null;
}

/**
 * The voxels that closed contours enclose, by the even-odd rule on each plane (a hole may be a contour of its own, or joined to what
 * surrounds it). Contours whose every corner is a voxel's centre were traced through the outermost voxels, which then are inside.
 * @param contours of one region, LPS mm
 */
export function fillContours(contours: Triple[][], grid: VolumeGeometry, tick: () => void): Filled {
  const bits = emptyBits(grid.dimensions);
  const findings: string[] = [];
  const { planes, bent } = planesOf(
    contours.filter((points) => points.length > 0),
    grid,
  );
  const d = grid.directionLps;
  const across = cross([d[0], d[1], d[2]], [d[3], d[4], d[5]]);
  const traced = contours.map((points) => tracedVoxels(points, grid));
  const byCentres = traced.length > 0 && traced.every((line) => line !== null);
  for (const { k, loops } of planes) {
    tick();
    if (k === null) {
      const [points] = loops as [Triple[]];
      const normal = normalOf(points) as Triple;
      const first = points[0] as Triple;
      const lying = points.map((p) => {
        const off = p.reduce((sum, v, a) => sum + (v - first[a]!) * normal[a]!, 0);
        return p.map((v, a) => v - off * normal[a]!) as Triple;
      });
      loopMask(grid, { loopsLps: [lying], normalLps: normal, depth: 'slice', eyeLps: null }, bits);
      continue;
    }
    const onto = loops
      .filter((points) => points.length >= 3)
      .map((points) =>
        points.map((p) => {
          const [i, j] = lpsToIndex(grid, ...p);
          return indexToLps(grid, i, j, k);
        }),
      );
    if (onto.length > 0) loopMask(grid, { loopsLps: onto, normalLps: across, depth: 'slice', eyeLps: null }, bits);
  }
  if (byCentres) for (const line of traced) for (const voxel of line as Triple[]) setVoxel(bits, voxel);
  const thin = byCentres ? 0 : contours.filter((points) => points.length < 3).length;
  const between = planes.filter(({ k }) => k !== null && !Number.isInteger(k)).length;
  const oblique = planes.filter(({ k }) => k === null).length;
  const beyond = planes.filter(({ k }) => k !== null && (k < -0.5 || k >= grid.dimensions[2] - 0.5)).length;
  const nth = everyNth(planes);
  if (byCentres)
    findings.push(
      'The contours run through voxel centres, as programs write that trace the outermost voxels: those voxels count as inside.',
    );
  if (between > 0) findings.push(`${between} planes of contours lie between slices: each was filled on the nearest slice.`);
  if (oblique > 0) findings.push(`${oblique} contours cross the slices: each was filled where voxels lie within half a slice of it.`);
  if (beyond > 0) findings.push(`${beyond} planes of contours lie outside of the series and were left out.`);
  if (bent + thin > 0) findings.push(`${bent + thin} contours enclose no area of one plane and were left out.`);
  if (nth !== null)
    findings.push(`Contours stand on every ${Math.round(nth * 10) / 10}th slice alone: fill between slices where they belong together.`);
  return { bits, findings };
}

import { type Triple, type VolumeGeometry, voxelCount } from '../volume/geometry.ts';
import { indexMap } from '../volume/index-map.ts';

type Values = Int16Array | Float32Array | Uint8Array;

/** How often a new voxel reads the old grid along each of its axes: more than once where it is coarser, so that nothing is skipped. */
export function readsPerAxis(map: Float64Array, most: number): Triple {
  const reads = (a: number) => Math.max(1, Math.min(most, Math.ceil(Math.hypot(map[a]!, map[3 + a]!, map[6 + a]!) - 1e-6)));
  return [reads(0), reads(1), reads(2)];
}

/**
 * Values of one grid on another (8.3), trilinear, averaged over the new voxel where that is coarser than the old ones.
 * @param from grid of `values`; `to`: grid wanted; both LPS mm, i fastest, axes may be turned and mirrored against each other
 * @param outside value of places beyond the old grid's outermost voxel centres by more than half a voxel; nearer ones repeat the edge
 * @param between called between slices of the new grid with the share done; may throw to stop
 * @param mostReads places that are averaged along an axis at most
 * @returns float32 of `to`'s size
 * @throws RangeError where values and grid do not fit
 * Cost: eight reads a new voxel and sub-position.
 */
export function resampleTurned(
  values: Values,
  from: VolumeGeometry,
  to: VolumeGeometry,
  outside: number,
  between: (share: number) => void = () => {},
  mostReads = 8,
): Float32Array {
  if (values.length !== voxelCount(from.dimensions)) throw new RangeError('the values do not fit their grid');
  const [nx, ny, nz] = from.dimensions;
  const [mx, my, mz] = to.dimensions;
  const { map, origin } = indexMap(to, from);
  const reads = readsPerAxis(map, mostReads);
  const into = new Float32Array(voxelCount(to.dimensions));
  const plane = nx * ny;
  const offsets = subPositions(reads, map);
  const weight = 1 / (offsets.length / 3);
  for (let k = 0, at = 0; k < mz; k++) {
    between(k / mz);
    for (let j = 0; j < my; j++) {
      for (let i = 0; i < mx; i++, at++) {
        const cx = origin[0] + map[0]! * i + map[1]! * j + map[2]! * k;
        const cy = origin[1] + map[3]! * i + map[4]! * j + map[5]! * k;
        const cz = origin[2] + map[6]! * i + map[7]! * j + map[8]! * k;
        let sum = 0;
        for (let s = 0; s < offsets.length; s += 3) {
          let x = cx + offsets[s]!;
          let y = cy + offsets[s + 1]!;
          let z = cz + offsets[s + 2]!;
          if (x < -0.5 || y < -0.5 || z < -0.5 || x > nx - 0.5 || y > ny - 0.5 || z > nz - 0.5) {
            sum += outside;
            continue;
          }
          x = x < 0 ? 0 : Math.min(x, nx - 1);
          y = y < 0 ? 0 : Math.min(y, ny - 1);
          z = z < 0 ? 0 : Math.min(z, nz - 1);
          const x0 = Math.floor(x);
          const y0 = Math.floor(y);
          const z0 = Math.floor(z);
          const fx = x - x0;
          const fy = y - y0;
          const fz = z - z0;
          const p = z0 * plane + y0 * nx + x0;
          const dx = fx > 0 ? 1 : 0;
          const dy = fy > 0 ? nx : 0;
          const dz = fz > 0 ? plane : 0;
          const low =
            (values[p]! * (1 - fx) + values[p + dx]! * fx) * (1 - fy) + (values[p + dy]! * (1 - fx) + values[p + dy + dx]! * fx) * fy;
          if (dz === 0) {
            sum += low;
            continue;
          }
          const q = p + dz;
          const high =
            (values[q]! * (1 - fx) + values[q + dx]! * fx) * (1 - fy) + (values[q + dy]! * (1 - fx) + values[q + dy + dx]! * fx) * fy;
          sum += low * (1 - fz) + high * fz;
        }
        into[at] = sum * weight;
      }
    }
  }
  return into;
}

/** Offsets, in old voxels, of the places that one new voxel averages over. */
export function subPositions(reads: Triple, map: Float64Array): Float64Array {
  const at: number[] = [];
  for (let c = 0; c < reads[2]; c++)
    for (let b = 0; b < reads[1]; b++)
      for (let a = 0; a < reads[0]; a++) {
        const [u, v, w] = [(a + 0.5) / reads[0] - 0.5, (b + 0.5) / reads[1] - 0.5, (c + 0.5) / reads[2] - 0.5];
        for (let r = 0; r < 3; r++) at.push(map[3 * r]! * u + map[3 * r + 1]! * v + map[3 * r + 2]! * w);
      }
  return Float64Array.from(at);
}

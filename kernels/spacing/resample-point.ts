import { type VolumeGeometry, voxelCount } from '../volume/geometry.ts';
import { indexMap } from '../volume/index-map.ts';
import { type Step, sameKind, type Values } from '../volume/values.ts';
import { readsPerAxis, subPositions } from './resample-turned.ts';

/** The nearest old voxel of each new one; grids turned against each other. */
export function pickTurned(values: Values, from: VolumeGeometry, to: VolumeGeometry, outside: number, step: Step): Values {
  const out = sameKind(values, voxelCount(to.dimensions));
  const [nx, ny, nz] = from.dimensions;
  eachPlace(from, to, step, (at, x, y, z) => {
    if (x < -0.5 || y < -0.5 || z < -0.5 || x > nx - 0.5 || y > ny - 0.5 || z > nz - 0.5) out[at] = outside;
    else {
      const i = Math.max(0, Math.min(nx - 1, Math.round(x)));
      const j = Math.max(0, Math.min(ny - 1, Math.round(y)));
      const k = Math.max(0, Math.min(nz - 1, Math.round(z)));
      out[at] = values[(k * ny + j) * nx + i];
    }
  });
  step(1);
  return out;
}

/** Catmull and Rom's cubic in three directions; averaged over the new voxel where that is coarser. Grids turned against each other. */
export function resampleCubicTurned(
  values: Values,
  from: VolumeGeometry,
  to: VolumeGeometry,
  outside: number,
  step: Step,
  mostReads: number,
): Float32Array {
  const out = new Float32Array(voxelCount(to.dimensions));
  const { map } = indexMap(to, from);
  const [nx, ny, nz] = from.dimensions;
  const offsets = subPositions(readsPerAxis(map, mostReads), map);
  const [column, row, slice] = [new Int32Array(4), new Int32Array(4), new Int32Array(4)];
  const [wx, wy, wz] = [new Float64Array(4), new Float64Array(4), new Float64Array(4)];
  const read = (x: number, y: number, z: number): number => {
    if (x < -0.5 || y < -0.5 || z < -0.5 || x > nx - 0.5 || y > ny - 0.5 || z > nz - 0.5) return outside;
    cubicTaps(x, nx, 1, column, wx);
    cubicTaps(y, ny, nx, row, wy);
    cubicTaps(z, nz, nx * ny, slice, wz);
    let sum = 0;
    for (let c = 0; c < 4; c++) {
      let plane = 0;
      for (let b = 0; b < 4; b++) {
        const p = slice[c] + row[b];
        plane +=
          wy[b] *
          (wx[0] * values[p + column[0]] + wx[1] * values[p + column[1]] + wx[2] * values[p + column[2]] + wx[3] * values[p + column[3]]);
      }
      sum += wz[c] * plane;
    }
    return sum;
  };
  eachPlace(from, to, step, (at, x, y, z) => {
    let sum = 0;
    for (let s = 0; s < offsets.length; s += 3) sum += read(x + offsets[s], y + offsets[s + 1], z + offsets[s + 2]);
    out[at] = (3 * sum) / offsets.length;
  });
  return out;
}

/** Four reads around a place, those beyond the border at the border, as offsets in memory. */
function cubicTaps(x: number, length: number, stride: number, places: Int32Array, weights: Float64Array): void {
  const low = Math.floor(x);
  const t = x - low;
  for (let n = 0; n < 4; n++) places[n] = stride * Math.max(0, Math.min(length - 1, low - 1 + n));
  weights[0] = ((-0.5 * t + 1) * t - 0.5) * t;
  weights[1] = (1.5 * t - 2.5) * t * t + 1;
  weights[2] = ((-1.5 * t + 2) * t + 0.5) * t;
  weights[3] = (0.5 * t - 0.5) * t * t;
}

/** Where each voxel of the new grid lies on the old one, in its voxels. */
export function eachPlace(
  from: VolumeGeometry,
  to: VolumeGeometry,
  step: Step,
  each: (at: number, x: number, y: number, z: number) => void,
): void {
  const { map: m, origin } = indexMap(to, from);
  const [mx, my, mz] = to.dimensions;
  for (let k = 0, at = 0; k < mz; k++) {
    step(k / mz);
    for (let j = 0; j < my; j++) {
      const x = origin[0] + m[1] * j + m[2] * k;
      const y = origin[1] + m[4] * j + m[5] * k;
      const z = origin[2] + m[7] * j + m[8] * k;
      for (let i = 0; i < mx; i++, at++) each(at, x + m[0] * i, y + m[3] * i, z + m[6] * i);
    }
  }
}

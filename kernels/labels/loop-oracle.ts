import { indexToLps, type Triple, type VolumeGeometry, voxelCount } from '../volume/geometry.ts';
import type { PlaneLoops } from './loop-mask.ts';

const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const minus = (a: Triple, b: Triple): Triple => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const crossed = (a: Triple, b: Triple): Triple => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

/**
 * Slow twin of `loopMask` for tests: every centre alone, by the turns that each loop makes around where it is seen. 1 inside, 0 outside,
 * null where the centre is seen so close to a line, or lies so close to the side of the slab, that either is right.
 */
export function loopOracle(g: VolumeGeometry, { loopsLps, normalLps, depth, eyeLps }: PlaneLoops): (0 | 1 | null)[] {
  const size = Math.hypot(...normalLps);
  const n = normalLps.map((v) => v / size) as Triple;
  const place = loopsLps[0][0];
  const steps = (
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as Triple[]
  ).map((at) => minus(indexToLps(g, ...at), g.originLps));
  const half = steps.reduce((sum, step) => sum + Math.abs(dot(step, n)), 0) / 2;
  const [nx, ny] = g.dimensions;
  return Array.from({ length: voxelCount(g.dimensions) }, (_, index) => {
    const p = indexToLps(g, index % nx, Math.floor(index / nx) % ny, Math.floor(index / nx / ny));
    const off = dot(minus(p, place), n);
    if (depth === 'slice') {
      if (Math.abs(Math.abs(off) - half) < 1e-6) return null;
      if (Math.abs(off) > half) return 0;
    }
    let seen = minus(p, n.map((v) => v * off) as Triple);
    if (eyeLps) {
      const ray = minus(p, eyeLps);
      const far = dot(minus(place, eyeLps), n) / dot(ray, n);
      if (!(far > 0 && Number.isFinite(far))) return 0;
      seen = eyeLps.map((v, a) => v + far * ray[a]) as Triple;
    }
    let inside: 0 | 1 = 0;
    for (const loop of loopsLps) {
      let angle = 0;
      for (const [m, corner] of loop.entries()) {
        const [a, b] = [minus(corner, seen), minus(loop[(m + 1) % loop.length], seen)];
        const length = Math.hypot(...minus(b, a));
        const apart =
          length === 0
            ? Math.hypot(...a)
            : Math.hypot(
                ...minus(
                  a,
                  minus(b, a)
                    .map((v) => v * Math.min(1, Math.max(0, -dot(a, minus(b, a)) / length ** 2)))
                    .map((v) => -v) as Triple,
                ),
              );
        if (apart < 1e-5) return null;
        angle += Math.atan2(dot(crossed(a, b), n), dot(a, b));
      }
      if (Math.round(angle / (2 * Math.PI)) % 2 !== 0) inside = inside ? 0 : 1;
    }
    return inside;
  });
}

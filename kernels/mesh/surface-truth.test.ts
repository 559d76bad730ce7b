import { expect, test } from 'vitest';
import { surfaceError } from './surface-truth.fixture.ts';

const meta = { shape_xyz: [512, 512, 256], spacing_mm: [0.45, 0.45, 0.8] };

/** Vertices so far outside of the outer table, on its upper back. */
function cap(outMm: number) {
  const positions: number[] = [];
  for (let turn = 0.2; turn < 2.9; turn += 0.02) {
    for (let rise = 0.3; rise < 1.2; rise += 0.02) {
      const n = [Math.cos(turn) * Math.cos(rise), Math.sin(turn) * Math.cos(rise), Math.sin(rise)];
      const on = [70 * n[0], 84 * n[1], 66 * n[2]];
      const normal = [n[0] / 70, n[1] / 84, n[2] / 66];
      const length = Math.hypot(...normal);
      const origin = [115.2, 118, 130];
      for (let axis = 0; axis < 3; axis++)
        positions.push(origin[axis] + on[axis] + (outMm * normal[axis]) / length - meta.spacing_mm[axis] / 2);
    }
  }
  return { positions: Float32Array.from(positions), triangles: Uint32Array.from({ length: positions.length / 3 }, (_, n) => n) };
}

test('[P-surface] the stick reads how far a surface lies outside of the phantom, and nothing where there is none', () => {
  for (const out of [0, 0.3, -0.5]) {
    const read = surfaceError(cap(out), meta);
    expect(read?.meanMm).toBeCloseTo(out, 2);
    expect(read?.sdMm).toBeLessThan(0.01);
    expect(read?.p95Mm).toBeCloseTo(Math.abs(out), 1);
    expect(read?.clearOfSpecks.vertices).toBeLessThan(read?.vertices ?? 0);
  }
  expect(surfaceError(cap(5), meta)).toBeNull();
  expect(surfaceError({ positions: new Float32Array(0), triangles: new Uint32Array(0) }, meta)).toBeNull();
});

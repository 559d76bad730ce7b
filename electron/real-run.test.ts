import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { sharedSets, unpackedSeries } from './ports/dicom/shared-series.ts';

/** 32-bit mix of three coordinates' bits (murmur's finaliser, seeded). */
function mix(a: number, b: number, seed: number): number {
  let h = Math.imul(a ^ seed, 0x85ebca6b) ^ Math.imul(b + seed, 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}

/**
 * A second opinion on an STL, sharing nothing with ours: on a closed surface that is oriented throughout, every directed edge a→b meets
 * b→a, so a hash summed over both with opposite signs is zero. Also the volume by the divergence theorem and the bounds.
 */
async function judge(file: string) {
  const bytes = await readFile(file);
  const triangles = bytes.readUInt32LE(80);
  expect(bytes.length).toBe(84 + 50 * triangles);
  let [sum, other, volume] = [0, 0, 0];
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  const corner = (at: number, seed: number) =>
    mix(mix(bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4), seed), bytes.readUInt32LE(at + 8), seed);
  for (let t = 0, at = 96; t < triangles; t++, at += 50) {
    const p = Array.from({ length: 9 }, (_, n) => bytes.readFloatLE(at + 4 * n)) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    volume += (p[0] * (p[4] * p[8] - p[5] * p[7]) - p[1] * (p[3] * p[8] - p[5] * p[6]) + p[2] * (p[3] * p[7] - p[4] * p[6])) / 6;
    for (let n = 0; n < 9; n++) {
      min[n % 3] = Math.min(min[n % 3] as number, p[n] as number);
      max[n % 3] = Math.max(max[n % 3] as number, p[n] as number);
    }
    for (let e = 0; e < 3; e++) {
      const [a, b] = [at + 12 * e, at + 12 * ((e + 1) % 3)];
      sum = (sum + mix(corner(a, 17), corner(b, 17), 29) - mix(corner(b, 17), corner(a, 17), 29)) | 0;
      other = (other + mix(corner(a, 71), corner(b, 71), 83) - mix(corner(b, 71), corner(a, 71), 83)) | 0;
    }
  }
  return { triangles, closed: sum === 0 && other === 0, volume, min, max };
}

describe.skipIf(!sharedSets)('the main job on real series', () => {
  const sets = [
    { set: 'cranium-invesalius', folder: 'cranium-dicom-derived', truth: 'dicom-derived' },
    { set: 'skull-phantom-philips', folder: 'bone-1mm', truth: 'bone-1mm' },
  ];
  test.each(sets)('[P-surface][P-export] $set runs to a closed, manifold STL in patient coordinates', async ({ set, folder, truth }) => {
    const work = await mkdtemp(path.join(tmpdir(), 'lamina-run-'));
    try {
      const out = path.join(work, 'out.stl');
      const args = [path.join(import.meta.dirname, 'cli.ts'), 'run', path.join(unpackedSeries(), set, folder), '--out', out, '--json'];
      const result = JSON.parse(
        execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { encoding: 'utf8', maxBuffer: 1 << 26 }),
      );
      expect(result.check.outcome).toBe('accept');
      expect(result.mesh).toMatchObject({ openEdges: 0, nonManifoldEdges: 0, misorientedEdges: 0, degenerateTriangles: 0 });
      const second = await judge(out);
      expect(second).toMatchObject({ closed: true, triangles: result.mesh.triangles });
      expect(second.volume / result.mesh.volumeMm3).toBeCloseTo(1, 6);
      // Half a slice or less beyond the outermost voxel centres, and inside the series' own box.
      const read = JSON.parse(await readFile(path.join(sharedSets as string, set, `truth-${truth}.json`), 'utf8'));
      const spacing = [...read.pixel_spacing_row_col_mm].reverse();
      const low = read.first_ipp as [number, number, number];
      const high = [low[0] + (read.cols - 1) * spacing[0], low[1] + (read.rows - 1) * spacing[1], read.last_ipp[2]] as const;
      for (let axis = 0; axis < 3; axis++) {
        expect(second.min[axis]).toBeGreaterThan((low[axis] as number) - 1.5);
        expect(second.max[axis]).toBeLessThan((high[axis] as number) + 1.5);
      }
      // Points lie half-way between the body and what lies beside it: of a head inside of a mask at 200 HU, of plastic in air outside.
      expect(result.mesh.finish.grey.part).toBeGreaterThan(0.2);
      expect(result.mesh.volumeMm3 / result.clean.volumeMm3).toBeGreaterThan(0.75);
      expect(result.mesh.volumeMm3 / result.clean.volumeMm3).toBeLessThan(1.1);
      expect(result.mesh.selfIntersections).toBe(0);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
});

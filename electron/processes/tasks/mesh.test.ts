import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Refusal } from '../../../contract/errors.ts';
import { meshReport, meshSettings } from '../../../contract/mesh.ts';
import { checkMesh as checkTriangles } from '../../../kernels/mesh/check.ts';
import { ballMask, maskWhere, obliqueGrid, unitGrid } from '../../../kernels/mesh/mask-shapes.ts';
import { readStl } from '../../../kernels/mesh/stl.ts';
import { weld } from '../../../kernels/mesh/weld.ts';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import type { TaskContext } from '../protocol.ts';
import { mesh } from './mesh.ts';
import { preview } from './preview.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamina-mesh-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const quiet: TaskContext = { progress() {}, throwIfCancelled() {} };
const settings = meshSettings.parse({ surface: 'mask', smoothIterations: 16 });

async function maskFile(mask: Uint8Array) {
  const base = join(folder, 'mask.u8');
  await writeFile(base, mask);
  return { base, deltas: [] };
}

async function meshOfBall(geometry: VolumeGeometry, more = {}) {
  const side = geometry.dimensions[0];
  const mask = await maskFile(ballMask(side, side / 2 - 2));
  return mesh({ mask, geometry, volume: null, settings: { ...settings, ...more }, into: folder, header: 'made by a test' }, quiet);
}

describe('mesh task', () => {
  test('[P-surface] the report is what stands in the written file, and its hash is of those bytes', async () => {
    const { stl, report, reasons, seconds } = await meshOfBall(obliqueGrid([25, 25, 25], true));
    const bytes = await readFile(stl.path);
    expect(stl.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(stl.bytes).toBe(bytes.length);
    expect(bytes.subarray(0, 14).toString()).toBe('made by a test');
    const read = readStl(bytes);
    if ('error' in read) throw new RangeError(read.error);
    const { nonManifoldVertices, invalidVertices, ...figures } = checkTriangles(weld(read.soup));
    const { deviationMm, finish, walls, warnings } = report;
    expect(report).toEqual({ ...figures, selfIntersections: 0, deviationMm, finish, walls, warnings, sha256: stl.sha256 });
    expect(meshReport.parse(report)).toEqual(report);
    expect(report).toMatchObject({
      openEdges: 0,
      nonManifoldEdges: 0,
      misorientedEdges: 0,
      degenerateTriangles: 0,
      parts: 1,
      selfIntersections: 0,
      genus: 0,
      eulerNumber: 2,
    });
    expect(report.volumeMm3).toBeGreaterThan(0);
    expect(reasons).toEqual([]);
    expect(seconds).toBeGreaterThan(0);
  });

  test('[P-finish] smoothing moves the surface by less than a voxel and says how far; none moves it only by rounding', async () => {
    const smooth = (await meshOfBall(unitGrid([25, 25, 25]))).report.deviationMm;
    expect(smooth?.mean).toBeGreaterThan(0.02);
    expect(smooth?.mean).toBeLessThan(0.3);
    expect(smooth?.max).toBeLessThan(0.49 * Math.sqrt(3) + 1e-6);
    const rough = (await meshOfBall(unitGrid([25, 25, 25]), { smoothIterations: 0 })).report.deviationMm;
    expect(rough?.max).toBeLessThan(1e-5);
    const bound = (await meshOfBall(unitGrid([25, 25, 25]), { smoothBoundMm: 0.05 })).report.deviationMm;
    expect(bound?.max).toBeLessThan(0.0501);
  });

  test('[P-finish] decimation is off at 0 and stays within its error when on', async () => {
    const full = (await meshOfBall(unitGrid([25, 25, 25]))).report;
    const light = (await meshOfBall(unitGrid([25, 25, 25]), { decimateErrorMm: 0.1 })).report;
    expect(light.triangles).toBeLessThan(full.triangles * 0.7);
    expect(light).toMatchObject({ openEdges: 0, nonManifoldEdges: 0, parts: 1 });
    expect(light.deviationMm?.max ?? 9).toBeLessThan((full.deviationMm?.max ?? 0) + 0.1);
  });

  test('[P-surface] an empty segment is refused with what to do, and leaves no file', async () => {
    const geometry = unitGrid([4, 4, 4]);
    const input = { mask: { base: null, deltas: [] }, geometry, volume: null, settings, into: folder, header: 'x' };
    await expect(mesh(input, quiet)).rejects.toMatchObject({ code: 'EMPTY_SEGMENT' });
    await expect(mesh(input, quiet)).rejects.toBeInstanceOf(Refusal);
    expect(await readdir(folder)).toEqual([]);
  });

  test('a cancel stops it within any stage, and progress only grows', async () => {
    const geometry = unitGrid([25, 25, 25]);
    const mask = await maskFile(ballMask(25, 10));
    const fractions: number[] = [];
    let asked = 0;
    const run = (stopAt: number) => {
      asked = 0;
      return mesh(
        { mask, geometry, volume: null, settings: { ...settings, decimateErrorMm: 0.1 }, into: folder, header: 'x' },
        {
          progress: (fraction) => fractions.push(fraction),
          throwIfCancelled() {
            if (++asked === stopAt) throw new Error('cancelled');
          },
        },
      );
    };
    await run(Infinity);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    const looks = asked;
    expect(looks).toBeGreaterThan(40);
    for (const stopAt of [1, 5, 20, 40, looks]) await expect(run(stopAt)).rejects.toThrow('cancelled');
    // Only the mask and the one finished mesh are there.
    expect((await readdir(folder)).length).toBe(2);
  });
});

describe('preview task', () => {
  test('[P-surface] a small grid is shown in full, a large one at half the resolution without losing a thin plate', async () => {
    for (const [dimensions, spacing] of [
      [[40, 40, 40], 1],
      [[220, 210, 200], 2],
    ] as [[number, number, number], number][]) {
      const geometry = obliqueGrid(dimensions);
      const mask = await maskFile(maskWhere(dimensions, (i, j, k) => k === 20 && i > 9 && i < 30 && j > 9 && j < 30));
      const path = join(folder, `preview-${spacing}.stl`);
      const made = await preview({ mask, geometry, path }, quiet);
      const bytes = await readFile(path);
      const read = readStl(bytes);
      if ('error' in read) throw new RangeError(read.error);
      const figures = checkTriangles(weld(read.soup));
      expect(made).toEqual({
        path,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
        triangles: figures.triangles,
      });
      expect(figures).toMatchObject({ parts: 1, openEdges: 0, nonManifoldEdges: 0 });
      const thickness = figures.boundsLps.max[2] - figures.boundsLps.min[2];
      expect(thickness).toBeGreaterThan(0.2 * spacing * 1.5);
      expect(thickness).toBeLessThan(2.01 * spacing * 1.5);
      expect(figures.triangles).toBeLessThan(2500 / spacing);
    }
  });

  test('[P-surface] an empty segment has an empty preview', async () => {
    const made = await preview({ mask: { base: null, deltas: [] }, geometry: unitGrid([4, 4, 4]), path: join(folder, 'p.stl') }, quiet);
    expect(made).toMatchObject({ triangles: 0, bytes: 84 });
  });
});

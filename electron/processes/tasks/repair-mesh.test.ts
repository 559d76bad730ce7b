import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { meshCheck, repairResult, repairSettings } from '../../../contract/mesh.ts';
import type { Mesh } from '../../../kernels/mesh/mesh.ts';
import { badMeshes, ballMesh, boxMesh, insideOut, meshOf, together, without } from '../../../kernels/mesh/solid-shapes.ts';
import { writeStl } from '../../../kernels/mesh/stl-write.ts';
import type { TaskContext } from '../protocol.ts';
import { checkMesh } from './check-mesh.ts';
import { repairMesh } from './repair-mesh.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamina-repair-mesh-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const quiet: TaskContext = { progress() {}, throwIfCancelled() {} };
const limits = { minimumWallMm: 0.5, buildMm: [250, 250, 250] as [number, number, number] };
const save = async (mesh: Mesh) => {
  const path = join(folder, 'in.stl');
  await writeFile(path, writeStl(mesh, 'test'));
  return path;
};
const check = async (mesh: Mesh, more: Partial<typeof limits> = {}) => {
  const result = await checkMesh({ path: await save(mesh), ...limits, ...more }, quiet);
  expect(meshCheck.parse(result)).toEqual(result);
  return result;
};
const repair = async (mesh: Mesh, settings: object = {}) =>
  repairMesh({ path: await save(mesh), settings: repairSettings.parse(settings), into: folder, header: 'test' }, quiet);
const codes = (list: { code: string }[]) => list.map((one) => one.code);

describe('check of a mesh file', () => {
  test('[P-print] each bad mesh is named by its codes, as a file too', async () => {
    for (const [name, { mesh, faults, crossings }] of Object.entries(badMeshes)) {
      const result = await check(mesh);
      expect([name, codes(result.reasons)]).toEqual([name, faults]);
      expect([name, result.outcome]).toEqual([name, faults.length > 0 ? 'reject' : crossings > 0 ? 'accept_with_warning' : 'accept']);
      expect(result.selfIntersections).toBe(name === 'not a number' ? null : crossings);
      expect([name, codes(result.warnings).includes('MESH_SELF_INTERSECTION')]).toEqual([name, crossings > 0]);
    }
  });

  test('[P-print] walls and size are held against the printer; a cavity makes a shell', async () => {
    const shell = together(ballMesh(10, 12), insideOut(ballMesh(9, 12)));
    const good = await check(shell, { minimumWallMm: 0.8 });
    expect(good).toMatchObject({ outcome: 'accept', parts: 2, genus: 0, eulerNumber: 4, format: 'stl', selfIntersections: 0 });
    expect(good.walls?.medianMm).toBeCloseTo(1, 1);
    const thin = await check(shell, { minimumWallMm: 1.2, buildMm: [19, 30, 30] });
    expect(thin.outcome).toBe('accept_with_warning');
    expect(codes(thin.warnings)).toEqual(['MESH_WALL_TOO_THIN', 'MESH_EXCEEDS_BUILD_VOLUME']);
    for (const { message } of thin.warnings) expect(message).toMatch(/\. [A-Z]/);
    expect((await check(boxMesh([200, 10, 10]), { buildMm: [11, 12, 201] })).outcome).toBe('accept');
  });
});

describe('repair of a mesh file', () => {
  test('[P-finish] a mesh with holes, turned and repeated triangles is written whole, and told', async () => {
    const ball = ballMesh(8, 6);
    const triangles = [...without(ball, 3, 40, 41).triangles, ...ball.triangles.subarray(0, 3)];
    const { stl, before, after, repairs } = await repair({
      positions: ball.positions,
      triangles: Uint32Array.from(triangles).toReversed(),
    });
    expect(before.outcome).toBe('reject');
    expect(after).toMatchObject({ outcome: 'accept', openEdges: 0, genus: 0, selfIntersections: 0 });
    expect(codes(repairs.map((one) => ({ code: one.kind })))).toEqual(['removed-duplicate', 'filled-hole', 'turned-triangles']);
    for (const { text } of repairs) expect(text).toMatch(/^\d+ [a-z]/);
    expect(repairResult.parse({ before, after, repairs, path: stl.path, sha256: stl.sha256 })).toMatchObject({ sha256: stl.sha256 });
    expect((await readFile(stl.path)).length).toBe(stl.bytes);
    expect(after.volumeMm3).toBeGreaterThan(0);
  });

  test('[P-finish] what stays open is refused by its code with both checks, and no file is left', async () => {
    const refused = repair(badMeshes['open cube']!.mesh, { fillHolesUpToMm: 1 });
    await expect(refused).rejects.toMatchObject({
      code: 'MESH_NOT_WATERTIGHT',
      report: { before: { openEdges: 4 }, after: { openEdges: 4 }, repairs: [] },
    });
    expect(await readdir(folder)).toEqual(['in.stl']);
    await expect(repair(meshOf([], []))).rejects.toMatchObject({ code: 'MESH_NOT_WATERTIGHT' });
    const text = join(folder, 'text.stl');
    await writeFile(text, 'no mesh at all');
    const input = { path: text, settings: repairSettings.parse({}), into: folder, header: 'test' };
    await expect(repairMesh(input, quiet)).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
  });

  test('[P-finish] a cancel leaves no file', async () => {
    for (const after of [1, 5, 9, 14]) {
      let calls = 0;
      const stop: TaskContext = {
        progress() {},
        throwIfCancelled() {
          if (++calls > after) throw new RangeError('cancelled');
        },
      };
      const path = await save(ballMesh(5, 4));
      await expect(repairMesh({ path, settings: repairSettings.parse({}), into: folder, header: 'test' }, stop)).rejects.toThrow(
        'cancelled',
      );
      expect(await readdir(folder)).toEqual(['in.stl']);
    }
  });
});

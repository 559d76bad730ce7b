import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { meshCheck } from '../../../contract/mesh.ts';
import { writeStl } from '../../../kernels/mesh/stl-write.ts';
import type { TaskContext } from '../protocol.ts';
import { checkMesh } from './check-mesh.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamina-check-mesh-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const limits = { minimumWallMm: 0.5, buildMm: [250, 250, 250] as [number, number, number] };
const quiet: TaskContext = { progress() {}, throwIfCancelled() {} };
const corners = [0, 2, 1, 1, 2, 3, 4, 5, 6, 5, 7, 6, 0, 1, 4, 1, 5, 4, 2, 6, 3, 3, 6, 7, 0, 4, 2, 2, 4, 6, 1, 3, 5, 3, 7, 5];
const cube = (x = 0, y = 0, z = 0) => corners.flatMap((c) => [x + (c & 1), y + ((c >> 1) & 1), z + (c >> 2)]);
const soupFile = (soup: number[]) =>
  writeStl({ positions: Float64Array.from(soup), triangles: Uint32Array.from({ length: soup.length / 3 }, (_, n) => n) }, 'test');

async function check(bytes: Uint8Array | string) {
  const path = join(folder, 'm.stl');
  await writeFile(path, bytes);
  const result = await checkMesh({ path, ...limits }, quiet);
  expect(meshCheck.parse(result)).toEqual(result);
  return result;
}

describe('mesh check task', () => {
  test('[P-print] a good cube is accepted, also where its header begins with solid', async () => {
    const bytes = soupFile(cube());
    expect(await check(bytes)).toMatchObject({
      outcome: 'accept',
      reasons: [],
      warnings: [],
      triangles: 12,
      vertices: 8,
      parts: 1,
      volumeMm3: 1,
    });
    bytes.set(Buffer.from('solid cube facet'));
    expect(await check(bytes)).toMatchObject({ outcome: 'accept', triangles: 12, volumeMm3: 1 });
  });

  test('[P-print] an open, a non-manifold, an inverted and a NaN mesh are rejected by their codes, in words', async () => {
    const turned = Array.from({ length: 12 }, (_, t) => [2, 1, 0].flatMap((n) => cube().slice(t * 9 + n * 3, t * 9 + n * 3 + 3))).flat();
    const cases = {
      MESH_NOT_WATERTIGHT: cube().slice(0, -9),
      MESH_NON_MANIFOLD: [...cube(), ...cube(1, 1, 0)],
      MESH_ORIENTATION: turned,
      MESH_INVALID_VERTEX: [NaN, ...cube().slice(1)],
    };
    for (const [code, soup] of Object.entries(cases)) {
      const result = await check(soupFile(soup));
      expect(result.outcome).toBe('reject');
      // What is wrong with the numbers themselves comes before what follows from it.
      expect(result.reasons[0]?.code).toBe(code);
      if (code !== 'MESH_INVALID_VERTEX') expect(result.reasons.length).toBe(1);
      expect(result.reasons[0]?.message).toMatch(/\. /);
    }
    expect((await check(soupFile([...cube(), ...cube(1, 1, 1)]))).reasons).toMatchObject([{ code: 'MESH_NON_MANIFOLD' }]);
  });

  test('[P-print] what is no mesh is rejected as such', async () => {
    const bytes = soupFile(cube());
    expect(await check(bytes.subarray(0, -20))).toMatchObject({ outcome: 'reject', reasons: [{ code: 'TRUNCATED_FILE' }], triangles: 0 });
    expect(await check('')).toMatchObject({ outcome: 'reject', reasons: [{ code: 'TRUNCATED_FILE' }] });
    expect(await check(Buffer.concat([bytes, Buffer.from('x')]))).toMatchObject({ outcome: 'reject', reasons: [{ code: 'CORRUPT_FILE' }] });
    expect(await check('%PDF-1.7'.padEnd(500, 'z'))).toMatchObject({ outcome: 'reject', reasons: [{ code: 'CORRUPT_FILE' }] });
    expect(await check('solid\nfacet normal 0 0 1\nouter loop\nvertex a b c')).toMatchObject({ reasons: [{ code: 'CORRUPT_FILE' }] });
    expect(await check(soupFile([]))).toMatchObject({ outcome: 'reject', reasons: [{ code: 'MESH_NOT_WATERTIGHT' }] });
  });

  test('[P-print] a missing file, a folder and one beyond 4 GiB are refused', async () => {
    await expect(checkMesh({ path: join(folder, 'none.stl'), ...limits }, quiet)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(checkMesh({ path: folder, ...limits }, quiet)).rejects.toMatchObject({ code: 'UNREADABLE_FILE' });
    const huge = join(folder, 'huge.stl');
    await writeFile(huge, '');
    await truncate(huge, 2 ** 32 + 1);
    await expect(checkMesh({ path: huge, ...limits }, quiet)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });
});

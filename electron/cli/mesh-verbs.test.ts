import { describe, expect, test } from 'vitest';
import type { MeshCheck } from '../../contract/mesh.ts';
import type { Client } from './client.ts';
import { compareMeshVerbs } from './compare-mesh-verb.ts';
import { meshVerbs } from './mesh-verbs.ts';

/** A client that answers every job with the same and keeps what it was asked. */
function clientOf(answer: unknown): { client: Client; asked: { url: string; body: unknown }[] } {
  const asked: { url: string; body: unknown }[] = [];
  const client = {
    job: async (url: string, body: unknown) => {
      asked.push({ url, body });
      return answer;
    },
  } as unknown as Client;
  return { client, asked };
}
const good = {
  outcome: 'accept_with_warning',
  reasons: [],
  warnings: [{ code: 'MESH_WALL_TOO_THIN', message: 'Thin.' }],
  triangles: 12,
  parts: 1,
  cavities: 0,
  genus: 0,
  volumeMm3: 1500,
  walls: { minimumMm: 0.3 },
} as unknown as MeshCheck;
const bad = { ...good, outcome: 'reject', warnings: [], reasons: [{ code: 'MESH_NOT_WATERTIGHT', message: 'Open.' }] } as MeshCheck;

describe('mesh verbs', () => {
  test("[P-print] check-mesh passes the printer's limits on, and its exit code tells a reject from a warning", async () => {
    const { client, asked } = clientOf(good);
    const done = await meshVerbs['check-mesh']!.run(client, ['/m/a.stl', '--minimum-wall', '0.8', '--build', '200,180,160', '--json']);
    expect(asked).toEqual([{ url: '/api/check-mesh', body: { path: '/m/a.stl', minimumWallMm: 0.8, buildMm: [200, 180, 160] } }]);
    expect(done.exitCode).toBe(0);
    expect(done.text).toMatch(
      /12 triangles, closed and manifold, 1 body, 0 handles, 1\.50 ml, thinnest wall 0\.30 mm \(over 0\.5 mm² or 0\.01 % of the surface\)\nwarning MESH_WALL_TOO_THIN/,
    );
    const hollow = await meshVerbs['check-mesh']!.run(clientOf({ ...good, parts: 138, cavities: 133 }).client, ['/m/a.stl']);
    expect(hollow.text).toContain('manifold, 5 bodies, 133 closed cavities, 0 handles');
    const old = await meshVerbs['check-mesh']!.run(clientOf({ ...good, parts: 2, cavities: null }).client, ['/m/a.stl']);
    expect(old.text).toContain('manifold, 2 parts, 0 handles');
    const rejected = await meshVerbs['check-mesh']!.run(clientOf(bad).client, ['/m/a.stl']);
    expect(rejected).toMatchObject({ exitCode: 3, text: 'MESH_NOT_WATERTIGHT: Open.' });
    for (const argv of [[], ['a', 'b'], ['a', '--minimum-wall', 'x'], ['a', '--build', '1,,3']])
      await expect(meshVerbs['check-mesh']!.run(client, argv)).rejects.toThrow();
  });

  test('[P-finish] repair-mesh reads its settings and tells each change', async () => {
    const repairs = [{ kind: 'filled-hole', count: 1, text: '1 hole closed; the longest rim was 4.0 mm' }];
    const { client, asked } = clientOf({ before: bad, after: good, repairs, path: '/b.stl', sha256: 'x' });
    const set = ['--set', 'fillHolesUpToMm=5', 'mendSelfIntersections=false'];
    const done = await meshVerbs['repair-mesh']!.run(client, ['/m/a.stl', '--out', '/b.stl', ...set]);
    const settings = { fillHolesUpToMm: 5, mendSelfIntersections: false };
    expect(asked).toEqual([{ url: '/api/repair-mesh', body: { path: '/m/a.stl', out: '/b.stl', settings } }]);
    expect(done.text.split('\n')[0]).toBe(repairs[0]!.text);
    await expect(meshVerbs['repair-mesh']!.run(client, ['/m/a.stl'])).rejects.toThrow(/--out/);
  });

  test('[P-finish] compare-mesh asks for both files and an absolute PLY, and tells both ways and signed', async () => {
    const answer = {
      twoSidedMm: { mean: 0.1, p95: 0.2, max: 0.3 },
      signedMm: { mean: -0.05, sd: 0.1, p05: -0.2, p95: 0.1 },
      path: '/c.ply',
    };
    const { client, asked } = clientOf(answer);
    const done = await compareMeshVerbs['compare-mesh']!.run(client, ['/m/a.stl', '/m/b.nii.gz', '--out', '/c.ply']);
    expect(asked).toEqual([{ url: '/api/compare-meshes', body: { a: '/m/a.stl', b: '/m/b.nii.gz', out: '/c.ply' } }]);
    expect(done.text).toContain('95 % within 0.200 mm');
    expect(done.text).toContain('mean -0.050 mm');
    for (const argv of [['/m/a.stl'], ['/m/a', '/m/b', '/m/c'], ['/m/a', '/m/b', '--out', '/m/c.stl']])
      await expect(compareMeshVerbs['compare-mesh']!.run(client, argv)).rejects.toThrow();
  });
});

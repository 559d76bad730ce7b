import { describe, expect, test } from 'vitest';
import { inTurn } from '../parts.ts';
import { checkMesh } from './check.ts';
import { decimateMesh } from './decimate.ts';
import { decimateApart } from './decimate-apart.ts';
import type { Mesh } from './mesh.ts';
import { selfIntersections } from './self-intersections.ts';
import { sphere, together } from './wall-shapes.ts';

/** A ball with a cavity that comes to within 0.05 mm of its surface on one side: there, what is coarse crosses. */
function nested(): Mesh {
  const cavity = sphere(8, 25, true);
  const positions = Float32Array.from(cavity.positions, (value, n) => (n % 3 === 0 ? value + 1.95 : value));
  return together(sphere(10, 28), { ...cavity, positions });
}

describe('decimation without crossings', () => {
  test('[P-finish] sides that a coarse mesh takes through each other are left fine there, and stay apart', async () => {
    const mesh = nested();
    expect((await selfIntersections(mesh, inTurn)).pairs).toBe(0);
    const plain = await decimateMesh(mesh, { errorMm: 0.4, part: 1 }, inTurn);
    expect((await selfIntersections(plain.mesh, inTurn)).pairs).toBeGreaterThan(0);
    const apart = await decimateApart(mesh, { errorMm: 0.4, part: 1 }, inTurn);
    expect(apart.crossings).toBe((await selfIntersections(apart.mesh, inTurn)).pairs);
    expect(apart.crossings).toBe(0);
    expect(apart.boundMm).toBeLessThanOrEqual(0.4 * (1 + 1e-6));
    expect(checkMesh(apart.mesh)).toMatchObject({ openEdges: 0, nonManifoldEdges: 0, parts: 2, eulerNumber: 4 });
    expect(apart.mesh.triangles.length).toBeLessThan(mesh.triangles.length / 2);
  });

  test('[P-finish] where nothing crosses it is the plain decimation, to the last bit', async () => {
    const mesh = sphere(10, 20);
    const plain = await decimateMesh(mesh, { errorMm: 0.1, part: 1 }, inTurn);
    const apart = await decimateApart(mesh, { errorMm: 0.1, part: 1 }, inTurn);
    expect(apart).toEqual({ ...plain, crossings: 0 });
  });

  test('[P-finish] vertices in a kept box stay where they are', async () => {
    const mesh = sphere(10, 20);
    const { mesh: light } = await decimateMesh(mesh, { errorMm: 0.3, part: 1, keepBoxes: [-20, -20, 0, 20, 20, 20] }, inTurn);
    const upper = (of: Mesh) =>
      Array.from({ length: of.positions.length / 3 }, (_, v) => Array.from(of.positions.slice(v * 3, v * 3 + 3), Math.fround).join())
        .filter((_, v) => (of.positions[v * 3 + 2] as number) >= 0)
        .sort();
    const lower = (of: Mesh) => of.positions.length / 3 - upper(of).length;
    expect(upper(light)).toEqual(upper(mesh));
    expect(lower(light)).toBeLessThan(lower(mesh) / 2);
  });
});

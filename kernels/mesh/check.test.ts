import { describe, expect, test } from 'vitest';
import { checkMesh, faultsOf } from './check.ts';
import { ballMask, unitGrid } from './mask-shapes.ts';
import { emptyMesh, type Mesh } from './mesh.ts';
import { surfaceOfBytes } from './surface-oracle.ts';
import { weld } from './weld.ts';

const faces = [0, 2, 1, 1, 2, 3, 4, 5, 6, 5, 7, 6, 0, 1, 4, 1, 5, 4, 2, 6, 3, 3, 6, 7, 0, 4, 2, 2, 4, 6, 1, 3, 5, 3, 7, 5];
/** A unit cube with its lowest corner at (x, y, z), as twelve loose triangles. */
function cubeSoup(x = 0, y = 0, z = 0): number[] {
  return faces.flatMap((corner) => [x + (corner & 1), y + ((corner >> 1) & 1), z + (corner >> 2)]);
}
const meshOf = (...soups: number[][]): Mesh => weld(Float32Array.from(soups.flat()));
const clean = {
  openEdges: 0,
  nonManifoldEdges: 0,
  misorientedEdges: 0,
  degenerateTriangles: 0,
  nonManifoldVertices: 0,
  invalidVertices: 0,
};

describe('mesh check', () => {
  test('[P-print] a cube: closed, volume 1, area 6, its box, no fault', () => {
    const figures = checkMesh(meshOf(cubeSoup(100, -200, 300)));
    expect(figures).toMatchObject({ ...clean, triangles: 12, vertices: 8, parts: 1, selfIntersections: null });
    expect(figures.volumeMm3).toBeCloseTo(1, 9);
    expect(figures.areaMm2).toBeCloseTo(6, 9);
    expect(figures.boundsLps).toEqual({ min: [100, -200, 300], max: [101, -199, 301] });
    expect(faultsOf(figures)).toEqual([]);
  });

  test('[P-print] a missing triangle leaves three open edges', () => {
    const figures = checkMesh(meshOf(cubeSoup().slice(0, -9)));
    expect(figures).toMatchObject({ ...clean, openEdges: 3 });
    expect(faultsOf(figures)).toEqual(['MESH_NOT_WATERTIGHT']);
  });

  test('[P-print] two cubes that share an edge are not manifold there', () => {
    const figures = checkMesh(meshOf(cubeSoup(), cubeSoup(1, 1, 0)));
    expect(figures).toMatchObject({ ...clean, nonManifoldEdges: 1, parts: 1 });
    expect(faultsOf(figures)).toEqual(['MESH_NON_MANIFOLD']);
  });

  test('[P-print] two cubes that share a vertex only are two parts and not manifold there', () => {
    const figures = checkMesh(meshOf(cubeSoup(), cubeSoup(1, 1, 1)));
    expect(figures).toMatchObject({ ...clean, nonManifoldVertices: 1, parts: 2 });
    expect(faultsOf(figures)).toEqual(['MESH_NON_MANIFOLD']);
  });

  test('[P-print] a cube inside out has negative volume; one turned triangle makes three misoriented edges', () => {
    const cube = meshOf(cubeSoup());
    const inward = checkMesh({ ...cube, triangles: cube.triangles.toReversed() });
    expect(inward).toMatchObject(clean);
    expect(inward.volumeMm3).toBeCloseTo(-1, 9);
    expect(faultsOf(inward)).toEqual(['MESH_ORIENTATION']);
    const turned = cube.triangles.slice();
    [turned[0], turned[1]] = [turned[1], turned[0]];
    const figures = checkMesh({ ...cube, triangles: turned });
    expect(figures).toMatchObject({ ...clean, misorientedEdges: 3 });
    expect(faultsOf(figures)).toEqual(['MESH_ORIENTATION']);
  });

  test('[P-print] NaN and infinite vertices are named, and the figures stay finite', () => {
    for (const bad of [NaN, Infinity]) {
      const soup = cubeSoup();
      soup[0] = bad;
      const figures = checkMesh(meshOf(soup));
      expect(figures.invalidVertices).toBe(1);
      expect(faultsOf(figures)).toContain('MESH_INVALID_VERTEX');
      for (const value of [figures.volumeMm3, figures.areaMm2, ...figures.boundsLps.min, ...figures.boundsLps.max])
        expect(value).toSatisfy(Number.isFinite);
    }
  });

  test('[P-print] triangles without area are counted; one with two equal corners does not open or double an edge', () => {
    const point = [5, 5, 5, 5, 5, 5, 5, 5, 5];
    const line = [5, 5, 5, 6, 6, 6, 8, 8, 8];
    const withLine = checkMesh(meshOf(cubeSoup(), line));
    expect(withLine).toMatchObject({ degenerateTriangles: 1, openEdges: 3, parts: 2 });
    expect(checkMesh(meshOf(cubeSoup(), point))).toMatchObject({ ...clean, degenerateTriangles: 1, parts: 1 });
    expect(checkMesh(meshOf(cubeSoup(), [0, 0, 0, 0, 0, 0, 1, 0, 0]))).toMatchObject({ ...clean, degenerateTriangles: 1 });
  });

  test('[P-print] nothing is not a printable mesh', () => {
    const figures = checkMesh(emptyMesh());
    expect(figures).toMatchObject({
      ...clean,
      triangles: 0,
      vertices: 0,
      parts: 0,
      volumeMm3: 0,
      boundsLps: { min: [0, 0, 0], max: [0, 0, 0] },
    });
    expect(faultsOf(figures)).toEqual(['MESH_NOT_WATERTIGHT']);
  });

  test('[P-print] a vertex shared by a hundred thousand triangles costs no more than others', () => {
    const count = 100_000;
    const positions = new Float32Array((count + 1) * 3);
    for (let n = 0; n < count; n++) positions.set([Math.cos((n * 2 * Math.PI) / count), Math.sin((n * 2 * Math.PI) / count), 0], n * 3 + 3);
    const triangles = new Uint32Array(count * 3);
    for (let n = 0; n < count; n++) triangles.set([0, n + 1, ((n + 1) % count) + 1], n * 3);
    expect(checkMesh({ positions, triangles })).toMatchObject({
      openEdges: count,
      nonManifoldEdges: 0,
      misorientedEdges: 0,
      parts: 1,
      nonManifoldVertices: 0,
    });
  });

  test('a triangle that names a vertex that is not there is our mistake', () => {
    expect(() => checkMesh({ positions: new Float64Array(9), triangles: Uint32Array.of(0, 1, 3) })).toThrow(RangeError);
  });
});

describe('weld', () => {
  test('[P-print] joins corners that are equal as float32 and no others', () => {
    const next = Math.fround(1 + 2 ** -23);
    const mesh = weld(Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, -0, 0, -0, next, 0, 0, 0, 1, 0));
    expect([...mesh.triangles]).toEqual([0, 1, 2, 0, 3, 2]);
  });

  test('[P-print] gives back the numbering of a surface that was taken apart', () => {
    const grid = unitGrid([25, 25, 25]);
    const surface = surfaceOfBytes(ballMask(25, 11), grid.dimensions, grid);
    const soup = Float32Array.from([...surface.triangles].flatMap((vertex) => [...surface.positions.subarray(vertex * 3, vertex * 3 + 3)]));
    const welded = weld(soup);
    expect(welded.positions.length).toBe(surface.positions.length);
    expect(checkMesh(welded)).toMatchObject({ ...clean, parts: 1 });
  });

  test('[P-print] survives soups of one NaN and of nothing shared', () => {
    expect(weld(new Float32Array(90_000).fill(NaN)).positions.length).toBe(3);
    const loose = Float32Array.from({ length: 90_000 }, (_, n) => n);
    expect(weld(loose).positions.length).toBe(90_000);
    expect(() => weld(new Float32Array(10))).toThrow(RangeError);
  });
});

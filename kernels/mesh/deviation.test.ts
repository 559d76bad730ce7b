import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inTurn, type RunParts } from '../parts.ts';
import { type DeviationOptions, deviationBetween } from './deviation.ts';
import { deviationSlowly, toMeshSlowly } from './distance-oracle.ts';
import { ballMask, obliqueGrid, unitGrid } from './mask-shapes.ts';
import { emptyMesh, type Mesh } from './mesh.ts';
import { NearestTriangle } from './nearest.ts';
import { surfaceOfBytes } from './surface-oracle.ts';

const between = (a: Mesh, b: Mesh, options?: DeviationOptions) => deviationBetween(a, b, inTurn, options);

/** The surface with every vertex a little off, the same in every run. */
function shaken(mesh: Mesh, byMm: number): Mesh {
  const positions = Float64Array.from(mesh.positions, (x, n) => x + byMm * Math.sin(n * 12.9898));
  return { positions, triangles: mesh.triangles };
}

const coordinate = fc.integer({ min: -50, max: 50 }).map((n) => n / 5);
const anyMesh = fc.array(coordinate, { minLength: 12, maxLength: 60 }).chain((numbers) => {
  const vertices = Math.floor(numbers.length / 3);
  return fc.array(fc.tuple(fc.nat(vertices - 1), fc.nat(vertices - 1), fc.nat(vertices - 1)), { minLength: 1, maxLength: 40 }).map(
    (triangles): Mesh => ({
      positions: Float64Array.from(numbers.slice(0, vertices * 3)),
      triangles: Uint32Array.from(triangles.flat()),
    }),
  );
});

describe('distance to a mesh', () => {
  test('[P-finish] the tree agrees with asking every triangle, also slivers and points', async () => {
    fc.assert(
      fc.property(anyMesh, fc.array(fc.tuple(coordinate, coordinate, coordinate), { minLength: 1, maxLength: 20 }), (mesh, points) => {
        const nearest = new NearestTriangle(mesh);
        for (const point of points) expect(nearest.distanceMm(...point)).toBeCloseTo(toMeshSlowly(point, mesh), 6);
      }),
      { numRuns: 300 },
    );
  });
});

describe('deviation', () => {
  test('[P-finish] agrees with a second, sorting implementation on random masks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 12, maxLength: 12, max: 1 }), async (mask) => {
        fc.pre(mask.includes(1));
        const grid = obliqueGrid([2, 2, 3]);
        const surface = surfaceOfBytes(mask, grid.dimensions, grid);
        const smooth = shaken(surface, 0.2);
        const fast = await between(surface, smooth);
        const slow = deviationSlowly(surface, smooth);
        expect(fast?.mean).toBeCloseTo(slow.mean, 6);
        expect(fast?.max).toBeCloseTo(slow.max, 6);
        expect(fast?.p95).toBeCloseTo(slow.p95, 6);
      }),
      { numRuns: 25 },
    );
  });

  test('[P-finish] two squares a known distance apart', async () => {
    const square = (z: number): Mesh => ({
      positions: Float64Array.of(0, 0, z, 1, 0, z, 1, 1, z, 0, 1, z),
      triangles: Uint32Array.of(0, 1, 2, 0, 2, 3),
    });
    const apart = await between(square(0), square(0.25));
    expect(apart).toEqual({ mean: 0.25, p95: 0.25, max: 0.25 });
  });

  test('[P-finish] one side alone does not hide what the other lacks', async () => {
    const grid = unitGrid([21, 21, 21]);
    const ball = surfaceOfBytes(ballMask(21, 8), grid.dimensions, grid);
    const vertices = ball.positions.length / 3;
    const more: Mesh = {
      positions: Float64Array.of(...ball.positions, 30, 0, 0, 30, 1, 0, 30, 0, 1),
      triangles: Uint32Array.of(...ball.triangles, vertices, vertices + 1, vertices + 2),
    };
    expect((await between(ball, more))?.max).toBeGreaterThan(10);
    expect(await between(more, ball)).toEqual(await between(ball, more));
  });

  test('[P-finish] thinning the samples keeps mean and percentile', async () => {
    const grid = unitGrid([41, 41, 41]);
    const surface = surfaceOfBytes(ballMask(41, 18), grid.dimensions, grid);
    const smooth = shaken(surface, 0.2);
    const all = await between(surface, smooth);
    const some = await between(surface, smooth, { samplesPerSide: 4000 });
    expect(Math.abs((some?.mean ?? 0) / (all?.mean ?? 1) - 1)).toBeLessThan(0.1);
    expect(Math.abs((some?.p95 ?? 0) / (all?.p95 ?? 1) - 1)).toBeLessThan(0.1);
  });

  test('a mesh is at no distance from itself; against nothing there is no answer', async () => {
    const grid = unitGrid([2, 2, 2]);
    const surface = surfaceOfBytes(new Uint8Array(8).fill(1), grid.dimensions, grid);
    const self = await between(surface, surface);
    expect(self?.max).toBeLessThan(1e-7);
    expect(await between(surface, emptyMesh())).toBeNull();
  });

  test('[P-finish] does not depend on the order in which the pieces run', async () => {
    const grid = unitGrid([41, 41, 41]);
    const surface = surfaceOfBytes(ballMask(41, 18), grid.dimensions, grid);
    const backwards: RunParts = async (part, inputs) => {
      const outputs = [...inputs].reverse().map((input) => part(input));
      return outputs.reverse();
    };
    expect(await deviationBetween(surface, shaken(surface, 0.2), backwards)).toEqual(await between(surface, shaken(surface, 0.2)));
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inTurn } from '../parts.ts';
import { isDegenerate, retreat } from './float32.ts';
import { ballMask, unitGrid } from './mask-shapes.ts';
import { coincidentVertices, flatTriangles, retreatByParts } from './retreat.ts';
import { surfaceOfBytes } from './surface-oracle.ts';

const grid = unitGrid([9, 9, 9]);
const { positions, triangles } = surfaceOfBytes(ballMask(9, 3.5), grid.dimensions, grid);
const start = Float32Array.from(positions);
const vertices = start.length / 3;

describe('vertices that go back', () => {
  test('[P-finish] the same vertices as one after the other in turn', async () => {
    const vertex = fc.integer({ min: 0, max: vertices - 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(vertex, vertex), { maxLength: 8 }), vertex, async (pairs, flattened) => {
        const moved = Float32Array.from(start, (value) => value * 1.01);
        for (const [a, b] of pairs) moved.set(moved.subarray(a * 3, a * 3 + 3), b * 3);
        const [a, b, c] = triangles.subarray((flattened % (triangles.length / 3)) * 3);
        for (let axis = 0; axis < 3; axis++) moved[a * 3 + axis] = (moved[b * 3 + axis] + moved[c * 3 + axis]) / 2;
        const twin = { positions: moved.slice(), triangles };
        const went = retreat(twin, start);
        expect(went).toBeGreaterThan(0);
        expect(await retreatByParts({ positions: moved, triangles }, start, inTurn)).toBe(went);
        expect(moved).toEqual(twin.positions);
      }),
      { numRuns: 200 },
    );
  });

  test('[P-finish] places are equal as floats are: 0 and -0, every share finds its own', () => {
    const twice = Float32Array.of(0, 1, -0, 3, 3, 3, -0, 1, 0, 3, 3, 3, 3, 3, 4);
    const found = (shares: number) =>
      Array.from({ length: shares }, (_, share) => coincidentVertices({ positions: twice, share, shares }))
        .flat()
        .sort();
    for (const shares of [1, 2, 5]) expect(found(shares)).toEqual([0, 1, 2, 3]);
  });

  test('[P-finish] flat triangles are those without area, near ones are not', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1, noNaN: true }), fc.double({ min: -50, max: 50, noNaN: true }), (height, far) => {
        const p = Float32Array.of(far, far, far, far + 1, far, far, far + 0.5, far + height, far);
        const flat = flatTriangles({ positions: p, triangles: Uint32Array.of(0, 1, 2), from: 0, to: 1 });
        expect(flat).toEqual(isDegenerate(p, 0, 1, 2) ? [0] : []);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inTurn, type RunParts } from '../parts.ts';
import { crossingPairs } from './crossing-oracle.ts';
import { emptyMesh, type Mesh } from './mesh.ts';
import { orient2d, orient3d } from './orient.ts';
import { selfIntersections } from './self-intersections.ts';
import { ballMesh, boxMesh, meshOf, moved, together, torusMesh } from './solid-shapes.ts';
import { trianglesCross } from './triangles-cross.ts';

const count = async (mesh: Mesh) => (await selfIntersections(mesh, inTurn)).pairs;

/** Points on a small grid: most triples of them touch, lie in a plane or on a line. */
const smallMesh = (side: number) =>
  fc
    .tuple(
      fc.array(fc.array(fc.integer({ min: 0, max: side }), { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 9 }),
      fc.array(fc.array(fc.nat(), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 9 }),
    )
    .map(([points, corners]) =>
      meshOf(
        points,
        corners.map((three) => three.map((n) => n % points.length)),
      ),
    );

describe('selfIntersections', () => {
  test('[P-finish] every pair of small meshes is judged as by clipping in whole numbers', async () => {
    for (const side of [1, 2, 4, 1000]) {
      await fc.assert(
        fc.asyncProperty(smallMesh(side), fc.constantFrom(1, 2 ** -30, 1024), async (mesh, scale) => {
          const expected = crossingPairs(mesh);
          const scaled = { ...mesh, positions: mesh.positions.map((v) => v * scale) };
          const found = await selfIntersections(scaled, inTurn);
          expect(found.pairs).toBe(expected.length);
          const involved = [...new Set(expected.flatMap((pair) => pair.split('-').map(Number)))].sort((a, b) => a - b);
          expect([...found.triangles]).toEqual(involved);
        }),
        { numRuns: 400, verbose: 1 },
      );
    }
  });

  test('[P-finish] the test of a pair does not depend on the order of triangles or corners', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 18, maxLength: 18 }), fc.nat(2), fc.nat(2), (v, r, s) => {
        const p = Float64Array.from(v);
        const area = (a: number, b: number, c: number) => [0, 1, 2].some((n) => orient2d(p, n, (n + 1) % 3, a, b, c) !== 0);
        fc.pre(area(0, 1, 2) && area(3, 4, 5));
        const first = [r, (r + 1) % 3, (r + 2) % 3] as const;
        const second = [3 + s, 3 + ((s + 1) % 3), 3 + ((s + 2) % 3)] as const;
        const once = trianglesCross(p, 0, 1, 2, 3, 4, 5);
        expect(trianglesCross(p, ...first, ...second)).toBe(once);
        expect(trianglesCross(p, ...second, ...first)).toBe(once);
        expect(trianglesCross(p, first[2], first[1], first[0], ...second)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  test('[P-finish] two triangles that cross, touch or miss by the last bit of float32', async () => {
    const pierced = (z: number) =>
      meshOf(
        [
          [0, 0, 0],
          [4, 0, 0],
          [0, 4, 0],
          [1, 1, z],
          [1, 1, z + 5],
          [2, 1, z + 5],
        ],
        [
          [0, 1, 2],
          [3, 4, 5],
        ],
      );
    expect(await count(pierced(-1))).toBe(1);
    expect(await count(pierced(0))).toBe(1);
    expect(await count(pierced(2 ** -140))).toBe(0);
    expect(await count(pierced(2 ** -149))).toBe(0);
  });

  test('[P-finish] a fin folded onto itself counts, an edge however sharp does not', async () => {
    const fin = (z: number) =>
      meshOf(
        [
          [0, 0, 0],
          [1, 0, 0],
          [0.2, 1, 0],
          [0.7, 0.8, z],
        ],
        [
          [0, 1, 2],
          [1, 0, 3],
        ],
      );
    expect(await count(fin(0))).toBe(1);
    expect(await count(fin(1e-30))).toBe(0);
    expect(
      await count(
        meshOf(
          [
            [0, 0, 0],
            [1, 0, 0],
            [0.2, 1, 0],
            [0.7, -0.8, 0],
          ],
          [
            [0, 1, 2],
            [1, 0, 3],
          ],
        ),
      ),
    ).toBe(0);
    const fan = meshOf(
      [
        [0, 0, 0],
        [2, 0, 0],
        [2, 1, 0],
        [1, -1, -1],
        [1, 1, 1],
      ],
      [
        [0, 1, 2],
        [0, 3, 4],
      ],
    );
    expect(await count(fan)).toBe(1);
  });

  test('[P-finish] equal corners are joined first; a doubled triangle is one pair', async () => {
    const apart = meshOf(
      [
        [0, 0, 0],
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 0],
        [1, 0, 0],
        [0, -1, 0],
      ],
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
    );
    expect(await count(apart)).toBe(0);
    expect(
      await count(
        meshOf(
          [
            [0, 0, 0],
            [1, 0, 0],
            [0, 1, 0],
          ],
          [
            [0, 1, 2],
            [0, 1, 2],
          ],
        ),
      ),
    ).toBe(1);
  });

  test('[P-finish] closed surfaces do not cross: flat, round, ring, and at any place of float32', async () => {
    const far = moved(ballMesh(6), (x, y, z) => [x - 400.3, y + 85.7, z * 0.3 - 710.1]);
    for (const mesh of [boxMesh([3, 1, 2], [0.1, 0, 0], 5), ballMesh(6), torusMesh(5, 1), far]) expect(await count(mesh)).toBe(0);
  });

  test('[P-finish] two balls that overlap cross along a ring, and every triangle of the ring is named', async () => {
    const whole = (mesh: Mesh) => moved(mesh, (x, y, z) => [Math.round(x), Math.round(y), Math.round(z)]);
    const ball = whole(ballMesh(100, 4));
    const both = together(
      ball,
      moved(ball, (x, y, z) => [x + 77, y - 3, z + 1]),
    );
    const found = await selfIntersections(both, inTurn);
    expect(found.pairs).toBe(crossingPairs(both).length);
    expect(found.pairs).toBeGreaterThan(20);
    const half = both.triangles.length / 6;
    expect(found.triangles.some((t) => t < half) && found.triangles.some((t) => t >= half)).toBe(true);
  });

  test('[P-finish] the answer does not depend on the order in which parts run, and a limit cuts it the same way', async () => {
    const positions = Float64Array.from({ length: 900 }, (_, n) => ((n * 7919) % 61) / 4);
    const mesh: Mesh = { positions, triangles: Uint32Array.from({ length: 900 }, (_, n) => (n * 31 + (n >> 4)) % 300) };
    const backwards: RunParts = async (part, inputs) => inputs.map((_, n) => part(inputs[inputs.length - 1 - n]!)).reverse();
    const once = await selfIntersections(mesh, inTurn);
    expect(once.pairs).toBeGreaterThan(100);
    expect(await selfIntersections(mesh, backwards)).toEqual(once);
    const cut = await selfIntersections(mesh, inTurn, undefined, 10);
    expect(cut.pairs).toBe(10);
    expect(await selfIntersections(mesh, backwards, undefined, 10)).toEqual(cut);
  });

  test('[P-finish] nothing, one triangle, triangles without area and corners that are not numbers are defined', async () => {
    expect(await count(emptyMesh())).toBe(0);
    expect(
      await count(
        meshOf(
          [
            [0, 0, 0],
            [1, 0, 0],
            [0, 1, 0],
          ],
          [[0, 1, 2]],
        ),
      ),
    ).toBe(0);
    const line = meshOf(
      [
        [0, 0, 0],
        [2, 0, 0],
        [0, 2, 0],
        [0.5, 0.5, -1],
        [0.5, 0.5, 0],
        [0.5, 0.5, 1],
      ],
      [
        [0, 1, 2],
        [3, 4, 5],
        [0, 0, 1],
      ],
    );
    expect(await count(line)).toBe(0);
    for (const bad of [NaN, Infinity]) {
      const points = [
        [0, 0, 0],
        [2, 0, 0],
        [0, 2, 0],
        [0.5, 0.5, -1],
        [0.5, 0.6, 1],
        [bad, 0.5, 1],
      ];
      expect(
        await count(
          meshOf(points, [
            [0, 1, 2],
            [3, 4, 5],
          ]),
        ),
      ).toBe(0);
    }
    await expect(selfIntersections(meshOf([[0, 0, 0]], [[0, 0, 1]]), inTurn)).rejects.toThrow(RangeError);
    await expect(selfIntersections(emptyMesh(), inTurn, undefined, 0)).rejects.toThrow(RangeError);
  });
});

describe('orientation', () => {
  test('[P-finish] signs are exact for points that doubles cannot tell apart', () => {
    const tiny = 2 ** -60;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 12, maxLength: 12 }), fc.constantFrom(0, 1, 2 ** 20), (v, far) => {
        // Whole steps of 2^-20 about a far point, and one of 2^-60 along x for d: the determinant in whole numbers has the sign.
        const p = Float64Array.from(v, (n) => far + n * 2 ** -20);
        const whole = v.map((n) => BigInt(n));
        if (far === 0) {
          p[9] = p[9]! + tiny;
          for (let n = 0; n < 12; n++) whole[n] = whole[n]! * 2n ** 40n;
          whole[9] = whole[9]! + 1n;
        }
        const d = (n: number, axis: number) => whole[n * 3 + axis]! - whole[axis]!;
        const m = (i: number, j: number) => d(1, i) * d(2, j) - d(1, j) * d(2, i);
        const volume = d(3, 0) * m(1, 2) + d(3, 1) * m(2, 0) + d(3, 2) * m(0, 1);
        const exact = far === 0 && p[9] !== v[9]! * 2 ** -20 + tiny ? null : volume > 0n ? 1 : volume < 0n ? -1 : 0;
        if (exact !== null) expect(Math.sign(orient3d(p, 0, 1, 2, 3)) + 0).toBe(exact);
        const area = m(0, 1);
        expect(Math.sign(orient2d(p, 0, 1, 0, 1, 2)) + 0).toBe(area > 0n ? 1 : area < 0n ? -1 : 0);
      }),
      { numRuns: 2000 },
    );
  });

  test('[P-finish] differences that no double holds keep their sign', () => {
    const p = Float64Array.of(1e10, 0, 0, 0, 1e-10, 0, 0, 0, 1, -1e10, 2e-10, 0);
    // On the line of a and b and beyond, seen from any side.
    expect(orient2d(p, 0, 1, 0, 1, 3)).toBe(0);
    expect(orient3d(p, 0, 1, 2, 3)).toBe(0);
    p[9] = -1e10 - 2e-6;
    expect(Math.sign(orient3d(p, 0, 1, 2, 3))).toBe(-Math.sign(orient3d(p, 1, 0, 2, 3)));
    expect(orient3d(p, 0, 1, 2, 3)).not.toBe(0);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import { headMesh, placed } from './aligned-shapes.fixture.ts';
import { capTriangles } from './cap-triangles.ts';
import { checkMesh } from './check.ts';
import { cutMesh } from './cut.ts';
import { closed, closedness, maskWhere, throughStl, unitGrid } from './mask-shapes.ts';
import { emptyMesh, type Mesh } from './mesh.ts';
import type { Plane } from './mirror.ts';
import { ballMesh, boxMesh, insideOut, meshOf, together, torusMesh, without } from './solid-shapes.ts';
import { surfaceOfBytes } from './surface-oracle.ts';
import { sphere, turned } from './wall-shapes.ts';

const volume = (mesh: Mesh): number => checkMesh(mesh).volumeMm3;
const area = (mesh: Mesh): number => checkMesh(mesh).areaMm2;
const at = (pointLps: Triple, normal: Triple): Plane => ({ pointLps, normal });

/** Both sides closed and outward (or empty), volumes that add up (but for `partedMm3` where a half touches itself), nothing on the wrong side. */
function sound(mesh: Mesh, plane: Plane, partedMm3 = 0): [below: Mesh, above: Mesh] {
  const [below, above] = cutMesh(mesh, [plane], 'both') as [Mesh, Mesh];
  const length = Math.hypot(...plane.normal);
  const slack = 1e-5 * Math.max(1, ...mesh.positions.map(Math.abs)) + 0.0011;
  for (const [half, way] of [
    [below, 1],
    [above, -1],
  ] as const) {
    if (half.triangles.length > 0) {
      const { flaws, outward } = closedness(half);
      expect({ flaws: { ...flaws, degenerateTriangles: 0 }, outward }).toEqual(closed);
    }
    for (let n = 0; n < half.positions.length; n += 3) {
      const s = [0, 1, 2].reduce((sum, a) => sum + ((half.positions[n + a]! - plane.pointLps[a]!) * plane.normal[a]!) / length, 0);
      expect(way * s).toBeLessThan(slack);
    }
  }
  expect(Math.abs(volume(below) + volume(above) - volume(mesh))).toBeLessThanOrEqual(1e-6 * volume(mesh) + partedMm3);
  return [below, above];
}

const cube = boxMesh([2, 2, 2], [-1, -1, -1]);

describe('cuts', () => {
  test('[P-print] a cube in two: volume, area of the caps and corners as they must be', () => {
    const [below, above] = sound(cube, at([0, 0, 0.5], [0, 0, 3]));
    expect(volume(below)).toBeCloseTo(6, 12);
    expect(volume(above)).toBeCloseTo(2, 12);
    expect(area(below)).toBeCloseTo(8 + 4 * 3, 12);
    expect(area(above)).toBeCloseTo(8 + 4, 12);
    expect(checkMesh(above)).toMatchObject({
      genus: 0,
      parts: 1,
      boundsLps: { min: [-1, -1, 0.5], max: [1, 1, 1] },
      degenerateTriangles: 0,
    });
    // Across the diagonal, through four vertices and along edges.
    const [one, other] = sound(cube, at([0, 0, 0], [1, 1, 0]));
    expect([volume(one), volume(other)].map((v) => Math.round(v * 1e9) / 1e9)).toEqual([4, 4]);
    expect(area(one)).toBeCloseTo(4 + 4 + 8 + 0 + 4 * Math.SQRT2 - 4, 9);
    // A regular hexagon through the middles of edges.
    const [half] = sound(cube, at([0, 0, 0], [1, 1, 1]));
    expect(area(half)).toBeCloseTo(12 + 3 * Math.sqrt(3), 9);
  });

  test('[P-print] a ball, a ring and a shell in two', () => {
    const [cap] = sound(ballMesh(10, 32), at([0, 0, -5], [0, 0, 1]));
    expect(volume(cap) / ((Math.PI * 25 * 25) / 3)).toBeCloseTo(1, 2);
    const ring = torusMesh(10, 3, 48, 24);
    for (const half of sound(ring, at([0, 0.1, 0], [0, 1, 0]))) expect(checkMesh(half)).toMatchObject({ genus: 0, parts: 1 });
    const two = sound(ring, at([0, 8.6, 0], [0, 1, 0]))[1];
    expect(checkMesh(two)).toMatchObject({ genus: 0, parts: 1 });
    // Sliced like a bread roll it stays a ring on either side: the cap is a disc with a hole.
    for (const half of sound(ring, at([0, 0, 0.2], [0, 0, 1]))) expect(checkMesh(half)).toMatchObject({ genus: 1, parts: 1 });
    const rolled = sound(ring, at([0, 0, 0], [0, 0, 1]));
    expect(volume(rolled[0])).toBeCloseTo(volume(rolled[1]), 9);
    const flat = (n: number) => n * Math.sin((2 * Math.PI) / n) * 0.5;
    expect(area(rolled[0]) - area(ring) / 2).toBeCloseTo(flat(48) * (13 ** 2 - 7 ** 2), 6);
    const shell = together(sphere(10, 12), sphere(9, 12, true), sphere(4, 6), sphere(3, 6, true));
    for (const half of sound(shell, at([0, 0, 0.3], [0.1, 0.2, 1]))) expect(checkMesh(half)).toMatchObject({ genus: 0, parts: 2 });
  });

  test('[P-print] random planes through heads, rings and shells, in both kinds of numbers', () => {
    const far = (mesh: Mesh) => placed(mesh, (p) => turned(p));
    const shapes = [
      headMesh(9),
      far(headMesh(9)),
      far(torusMesh(30, 9)),
      far(together(sphere(40, 9), sphere(38, 9, true))),
      far(boxMesh([30, 40, 50], [-15, -20, -25], 3)),
    ];
    const mm = fc.double({ min: -35, max: 35, noNaN: true });
    const unit = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(...shapes),
        fc.tuple(mm, mm, mm),
        fc.tuple(unit, unit, unit).filter((v) => Math.hypot(...v) > 0.1),
        fc.boolean(),
        (mesh, point, normal, float32) => {
          const given = float32 ? { ...mesh, positions: Float32Array.from(mesh.positions) } : mesh;
          const halves = sound(given, at(turned(point), normal));
          for (const half of halves) {
            expect(half.positions.constructor).toBe(given.positions.constructor);
            if (!float32 || half.triangles.length === 0) continue;
            const { flaws } = closedness(throughStl(half));
            expect([flaws.openEdges, flaws.misorientedEdges]).toEqual([0, 0]);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('[P-print] surfaces of masks cut in their own vertices and faces', () => {
    const size: Triple = [7, 7, 7];
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 125, maxLength: 125 }),
        fc.integer({ min: 0, max: 12 }),
        fc.nat(2),
        (bits, twice, axis) => {
          const within = (n: number) => n >= 1 && n <= 5;
          const mask = maskWhere(size, (i, j, k) => within(i) && within(j) && within(k) && bits[(k - 1) * 25 + (j - 1) * 5 + i - 1]!);
          if (!mask.includes(1)) mask[171] = 1;
          const normal: Triple = [0, 0, 0];
          normal[axis] = 1;
          sound(surfaceOfBytes(mask, size, unitGrid(size)), at([twice / 2, twice / 2, twice / 2], normal), 0.01);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('[P-print] a plane that misses, touches a corner, lies in a face; no planes; nothing to cut', () => {
    for (const [plane, below, above] of [
      [at([0, 0, 5], [0, 0, 1]), 8, 0],
      [at([0, 0, 5], [0, 0, -1]), 0, 8],
      [at([0, 0, 1], [0, 0, 1]), 8, 0],
      [at([0, 0, -1], [0, 0, 1]), 0, 8],
      [at([1, 1, 1], [1, 1, 1]), 8, 0],
      [at([1, 0, 1], [1, 0, 1]), 8, 0],
    ] as const) {
      const halves = sound(cube, plane);
      expect(halves.map((half) => Math.round(volume(half) * 1e9) / 1e9)).toEqual([below, above]);
      expect(halves.map((half) => half.triangles.length)).toEqual([below && 36, above && 36]);
    }
    // A stair cut in its tread: the tread belongs to the lower half, the cap covers the rest.
    const stair = surfaceSteps();
    const [low, high] = sound(stair, at([0, 0, 1], [0, 0, 1]));
    expect([volume(low), volume(high), area(low), area(high)].map((v) => Math.round(v * 1e9) / 1e9)).toEqual([2, 1, 10, 6]);
    expect(cutMesh(cube, [], 'inside')).toEqual([cube]);
    expect(cutMesh(cube, [], 'outside')).toEqual([]);
    expect(cutMesh(emptyMesh(), [at([0, 0, 0], [1, 0, 0])], 'both')).toEqual([emptyMesh(), emptyMesh()]);
    expect(() => cutMesh(cube, [at([0, 0, 0], [0, 0, 0])], 'inside')).toThrow(RangeError);
    expect(() => cutMesh(without(cube, 0, 1, 2), [at([0, 0, 0], [1, 1, 0.1])], 'both')).toThrow(/open/);
  });

  test('[P-print] a box of planes keeps the block and what each plane cuts off', () => {
    const planes = [0, 1, 2].flatMap((axis) =>
      [-1, 1].map((way) => at([way * 3, way * 3, way * 3], [0, 1, 2].map((a) => (a === axis ? way : 0)) as Triple)),
    );
    const ball = ballMesh(10, 12);
    const three = (mm: number) => expect.closeTo(mm, 9);
    const [block, ...rest] = cutMesh(ball, planes, 'both');
    expect(volume(block!)).toBeCloseTo(216, 9);
    expect(checkMesh(block!)).toMatchObject({
      boundsLps: { min: [three(-3), three(-3), three(-3)], max: [three(3), three(3), three(3)] },
      genus: 0,
      openEdges: 0,
      areaMm2: expect.closeTo(216, 6),
    });
    expect(rest).toHaveLength(6);
    expect([block!, ...rest].reduce((sum, piece) => sum + volume(piece), 0) / volume(ball)).toBeCloseTo(1, 9);
    expect(cutMesh(ball, planes, 'inside')).toEqual([block]);
    expect(cutMesh(ball, planes, 'outside')).toEqual(rest);
  });
});

/** Two steps of 1 mm: an L across y. */
function surfaceSteps(): Mesh {
  const outline = [
    [0, 0],
    [2, 0],
    [2, 1],
    [1, 1],
    [1, 2],
    [0, 2],
  ];
  const points = [0, 1].flatMap((y) => outline.map(([x, z]) => [x!, y, z!]));
  const faces = [
    [0, 1, 3],
    [1, 2, 3],
    [0, 3, 5],
    [3, 4, 5],
  ];
  const sides = outline.flatMap((_, n) => {
    const m = (n + 1) % 6;
    return [
      [n, n + 6, m + 6],
      [n, m + 6, m],
    ];
  });
  const mesh = meshOf(points, [...faces, ...faces.map(([a, b, c]) => [a! + 6, c! + 6, b! + 6]), ...sides]);
  return volume(mesh) > 0 ? mesh : insideOut(mesh);
}

describe('caps', () => {
  test('[P-print] cover outlines with holes and islands in them exactly, over their own corners', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.55, max: 1, noNaN: true }), { minLength: 60, maxLength: 60 }),
        fc.integer({ min: 3, max: 14 }),
        (far, n) => {
          const flat: number[] = [];
          let expected = 0;
          const rim = (cx: number, cy: number, size: number, from: number, hole: boolean): number[] => {
            const first = flat.length / 2;
            for (let k = 0; k < n; k++) {
              const [angle, reach] = [(2 * Math.PI * k) / n, size * far[(from + k) % 60]!];
              flat.push(cx + reach * Math.cos(angle), cy + reach * Math.sin(angle));
            }
            const numbers = Array.from({ length: n }, (_, k) => first + k);
            let twice = 0;
            numbers.forEach((a, k) => {
              const b = numbers[(k + 1) % n]!;
              twice += flat[a * 2]! * flat[b * 2 + 1]! - flat[b * 2]! * flat[a * 2 + 1]!;
            });
            expected += ((hole ? -1 : 1) * twice) / 2;
            return hole ? numbers.reverse() : numbers;
          };
          const rims = [rim(0, 0, 100, 0, false), rim(300, 0, 50, 7, false)];
          for (const [x, y, salt] of [
            [-8, -8, 3],
            [8, -8, 9],
            [0, 9, 21],
          ] as const) {
            rims.push(rim(x, y, 6, salt, true), rim(x, y, 1.4, salt + 5, false));
          }
          const p = Float64Array.from(flat);
          const triangles = capTriangles(p, rims);
          let covered = 0;
          const edges = new Map<string, number>();
          for (let t = 0; t < triangles.length; t += 3) {
            const [a, b, c] = [triangles[t]!, triangles[t + 1]!, triangles[t + 2]!];
            const twice =
              (p[b * 2]! - p[a * 2]!) * (p[c * 2 + 1]! - p[a * 2 + 1]!) - (p[b * 2 + 1]! - p[a * 2 + 1]!) * (p[c * 2]! - p[a * 2]!);
            expect(twice).toBeGreaterThan(-1e-9);
            covered += twice / 2;
            for (const [x, y] of [
              [a, b],
              [b, c],
              [c, a],
            ] as const)
              edges.set(`${x} ${y}`, (edges.get(`${x} ${y}`) ?? 0) + 1);
          }
          // All triangles turn one way and their areas add up: none overlaps.
          expect(covered / expected).toBeCloseTo(1, 9);
          for (const outline of rims) for (const [k, a] of outline.entries()) edges.set(`${outline[(k + 1) % n]} ${a}`, 1);
          for (const [edge, count] of edges) expect([count, edges.get(edge.split(' ').reverse().join(' '))]).toEqual([1, 1]);
        },
      ),
      { numRuns: 100 },
    );
  });
});

import { describe, expect, test } from 'vitest';
import { vertexOpenness } from './openness.ts';
import { prepareMesh } from './prepare.ts';
import { creaseNormals } from './shade.ts';

/** A cube of side 2 round the origin, 8 welded vertices, outward. */
const cube = {
  positions: new Float32Array([-1, -1, -1, 1, -1, -1, 1, 1, -1, -1, 1, -1, -1, -1, 1, 1, -1, 1, 1, 1, 1, -1, 1, 1]),
  triangles: new Uint32Array([0, 2, 1, 0, 3, 2, 4, 5, 6, 4, 6, 7, 0, 1, 5, 0, 5, 4, 1, 2, 6, 1, 6, 5, 2, 3, 7, 2, 7, 6, 3, 0, 4, 3, 4, 7]),
};

/** A ball of `radius` in rings; `inward` turns its faces to the middle. */
function ball(radius: number, rings: number, inward: boolean) {
  const positions: number[] = [];
  const triangles: number[] = [];
  for (let a = 0; a <= rings; a++)
    for (let b = 0; b < 2 * rings; b++) {
      const [u, v] = [(Math.PI * a) / rings, (Math.PI * b) / rings];
      positions.push(radius * Math.sin(u) * Math.cos(v), radius * Math.sin(u) * Math.sin(v), radius * Math.cos(u));
    }
  const at = (a: number, b: number) => a * 2 * rings + (b % (2 * rings));
  for (let a = 0; a < rings; a++)
    for (let b = 0; b < 2 * rings; b++) {
      const quad = [at(a, b), at(a + 1, b), at(a + 1, b + 1), at(a, b), at(a + 1, b + 1), at(a, b + 1)];
      triangles.push(...(inward ? quad.reverse() : quad));
    }
  return { positions: new Float32Array(positions), triangles: new Uint32Array(triangles) };
}

describe('creaseNormals', () => {
  test('keeps the edges of a cube sharp', () => {
    const normals = creaseNormals(cube.positions, cube.triangles, 50);
    for (let at = 0; at < normals.length; at += 3)
      expect(Math.max(...[0, 1, 2].map((axis) => Math.abs(normals[at + axis] as number)))).toBeCloseTo(1, 6);
  });

  test('rounds a ball: normals point from its middle', () => {
    const { positions, triangles } = ball(10, 24, false);
    const normals = creaseNormals(positions, triangles, 50);
    triangles.forEach((vertex, corner) => {
      const out = [0, 1, 2].reduce(
        (sum, axis) => sum + ((positions[3 * vertex + axis] as number) / 10) * (normals[3 * corner + axis] as number),
        0,
      );
      expect(out).toBeGreaterThan(0.99);
    });
  });

  test('a triangle without area gets its neighbours’ normal, never NaN', () => {
    const positions = new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, 0.5, 0, 0]);
    const normals = creaseNormals(positions, new Uint32Array([0, 1, 2, 0, 3, 1]), 50);
    expect(Array.from(normals).every(Number.isFinite)).toBe(true);
    expect(normals[9 + 2]).toBeCloseTo(1, 6);
  });
});

describe('vertexOpenness', () => {
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  test('the outside of a ball is open, the wall of a hollow inside it is not', () => {
    const outside = mean(vertexOpenness(ball(10, 40, false).positions, ball(10, 40, false).triangles));
    const small = ball(1.5, 40, true);
    const shell = ball(10, 40, false);
    const both = {
      positions: new Float32Array([...shell.positions, ...small.positions]),
      triangles: new Uint32Array([...shell.triangles, ...small.triangles.map((v) => v + shell.positions.length / 3)]),
    };
    const inside = mean(vertexOpenness(both.positions, both.triangles).slice(shell.positions.length / 3));
    expect(outside).toBeGreaterThan(0.8);
    expect(inside).toBeLessThan(outside - 0.1);
  });
  test('no triangles, no division by nothing', () => {
    expect(vertexOpenness(new Float32Array(3), new Uint32Array(0))).toEqual(new Float32Array([1]));
  });
});

test('prepareMesh draws every triangle once, where it is', () => {
  const prepared = prepareMesh(cube);
  expect(prepared.bounds).toEqual({ min: [-1, -1, -1], max: [1, 1, 1] });
  expect(prepared.shaded.positions.length).toBe(cube.triangles.length * 3);
  expect(Array.from(prepared.shaded.positions.slice(0, 9))).toEqual([-1, -1, -1, 1, 1, -1, 1, -1, -1]);
});

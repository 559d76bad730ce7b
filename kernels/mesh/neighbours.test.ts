import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inTurn, sharedArray } from '../parts.ts';
import { ballMask, unitGrid } from './mask-shapes.ts';
import { findNeighbours } from './neighbours.ts';
import { surfaceOfBytes } from './surface-oracle.ts';

/** Neighbours by a set for each vertex. */
function neighbourSets(vertices: number, triangles: Uint32Array): Set<number>[] {
  const sets = Array.from({ length: vertices }, () => new Set<number>());
  for (let at = 0; at < triangles.length; at++) {
    const first = at - (at % 3);
    for (let n = 0; n < 3; n++) if (first + n !== at) sets[triangles[at]].add(triangles[first + n]);
  }
  return sets;
}

async function found(vertices: number, triangles: Uint32Array): Promise<number[][]> {
  const starts = sharedArray(Uint32Array, vertices + 1);
  const list = sharedArray(Uint32Array, triangles.length);
  await findNeighbours(triangles, starts, list, inTurn);
  return Array.from({ length: vertices }, (_, v) => [...list.subarray(starts[v], starts[v + 1])].map((byte) => byte / 16));
}

describe('neighbours of vertices', () => {
  test('[P-finish] each neighbour once, whatever the order of vertices and triangles, over several stretches', async () => {
    const ball = surfaceOfBytes(ballMask(45, 20), [45, 45, 45], unitGrid([45, 45, 45]));
    const vertices = ball.positions.length / 3;
    expect(vertices).toBeGreaterThan(6000);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: vertices - 1 }), async (step) => {
        // Renumbering by a stride that has no factor with the number of vertices spreads each triangle over all stretches.
        const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
        fc.pre(gcd(step, vertices) === 1);
        const triangles = ball.triangles.map((vertex) => (vertex * step) % vertices);
        const lists = await found(vertices, triangles);
        for (const [v, set] of neighbourSets(vertices, triangles).entries()) {
          expect(lists[v].length).toBe(set.size);
          expect(new Set(lists[v])).toEqual(set);
        }
      }),
      { numRuns: 4 },
    );
  });

  test('a vertex that no triangle uses has none; no triangles, no neighbours', async () => {
    expect(await found(6, Uint32Array.of(0, 1, 3, 0, 3, 4, 0, 4, 1, 1, 4, 3))).toEqual([
      [1, 3, 4],
      [3, 0, 4],
      [],
      [0, 4, 1],
      [0, 1, 3],
      [],
    ]);
    expect(await found(0, new Uint32Array(0))).toEqual([]);
  });
});

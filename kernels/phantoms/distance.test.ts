import { describe, expect, test } from 'vitest';
import { ball, block, dome, mirrorX, type Point, rod, smoothMin, superellipsoid } from './distance.ts';
import { createRandom } from './random.ts';

const random = createRandom(17);
const somewhere = (): Point => [random.between(-20, 20), random.between(-20, 20), random.between(-20, 20)];

describe('distances', () => {
  test('a ball is exact', () => {
    const { distance } = ball([1, 2, 3], 5);
    for (let n = 0; n < 100; n++) {
      const [x, y, z] = somewhere();
      const exact = Math.hypot(x - 1, y - 2, z - 3) - 5;
      if (exact > -4) expect(distance(x, y, z)).toBeCloseTo(exact, 9);
    }
  });

  test.each([2, 2.5, 4] as const)('a superellipsoid of exponent %f has its surface and its slope right', (p) => {
    const { distance } = superellipsoid([0, 0, 0], [9, 5, 7], p);
    for (let n = 0; n < 200; n++) {
      const [x, y, z] = somewhere();
      const r = (Math.abs(x / 9) ** p + Math.abs(y / 5) ** p + Math.abs(z / 7) ** p) ** (1 / p);
      const [sx, sy, sz] = [x / r, y / r, z / r];
      expect(distance(sx, sy, sz)).toBeCloseTo(0, 9);
      const h = 1e-4;
      const slope = Math.hypot(distance(sx + h, sy, sz), distance(sx, sy + h, sz), distance(sx, sy, sz + h)) / h;
      expect(slope).toBeCloseTo(1, 2);
    }
  });

  test('a dome is a superellipse from above and an ellipse from the side', () => {
    const distance = dome([0, 0, 0], [9, 7, 5]);
    for (let n = 0; n < 200; n++) {
      const [x, y, z] = somewhere();
      const r = Math.hypot((Math.abs(x / 9) ** 2.5 + Math.abs(y / 7) ** 2.5) ** 0.4, z / 5);
      const [sx, sy, sz] = [x / r, y / r, z / r];
      expect(distance(sx, sy, sz)).toBeCloseTo(0, 9);
      const h = 1e-4;
      const slope = Math.hypot(distance(sx + h, sy, sz), distance(sx, sy + h, sz), distance(sx, sy, sz + h)) / h;
      expect(slope).toBeCloseTo(1, 2);
    }
  });

  test('a rod is the nearest of many balls along it', () => {
    const a: Point = [-3, 1, 2];
    const b: Point = [6, -4, 5];
    const { distance, box } = rod(a, b, 2);
    for (let n = 0; n < 50; n++) {
      const [x, y, z] = somewhere();
      let nearest = Number.POSITIVE_INFINITY;
      for (let t = 0; t <= 1; t += 0.0002) {
        nearest = Math.min(
          nearest,
          Math.hypot(x - a[0] - t * (b[0] - a[0]), y - a[1] - t * (b[1] - a[1]), z - a[2] - t * (b[2] - a[2])) - 2,
        );
      }
      expect(distance(x, y, z)).toBeCloseTo(nearest, 2);
      const inBox = x >= box[0] && x <= box[1] && y >= box[2] && y <= box[3] && z >= box[4] && z <= box[5];
      if (nearest < 0) expect(inBox).toBe(true);
    }
  });

  test('blocks, unions and mirrors', () => {
    const { distance } = block([0, 0, 0], [4, 3, 2], 0.5);
    expect(distance(6, 0, 0)).toBeCloseTo(2);
    expect(distance(0, 0, 0)).toBeCloseTo(-2);
    expect(distance(7, 7, 2)).toBeCloseTo(Math.hypot(3.5, 4.5, 0.5) - 0.5);
    expect(smoothMin(1, 9, 2)).toBe(1);
    expect(smoothMin(1, 1, 2)).toBeCloseTo(0.5);
    const right = mirrorX(ball([10, 0, 0], 1));
    expect(right.distance(-10, 0, 0)).toBeLessThan(0);
    expect(right.box[0]).toBeLessThan(-10);
  });
});

import { Vector3 } from 'three';
import { describe, expect, test } from 'vitest';
import { anteriorDirection, createCamera, frameBox } from './camera.ts';

const head = { min: [-70, -90, -110] as [number, number, number], max: [80, 100, 60] as [number, number, number] };

describe('the opening view', () => {
  const camera = createCamera(1.6);
  const target = frameBox(camera, head, anteriorDirection);
  const seen = (x: number, y: number, z: number) => new Vector3(x, y, z).project(camera);

  test('a marker on the patient’s left is on the right of the screen, superior is up, anterior is near', () => {
    expect(seen(60, 0, 0).x).toBeGreaterThan(seen(-60, 0, 0).x);
    expect(seen(60, target.y, target.z).x).toBeGreaterThan(0);
    expect(seen(-60, target.y, target.z).x).toBeLessThan(0);
    expect(seen(0, 0, 40).y).toBeGreaterThan(seen(0, 0, -90).y);
    expect(seen(0, -80, 0).z).toBeLessThan(seen(0, 80, 0).z);
  });

  test('nothing is mirrored: the step from world to screen keeps its hand', () => {
    camera.updateMatrixWorld();
    expect(camera.matrixWorld.determinant()).toBeCloseTo(1, 9);
    const middle = seen(target.x, target.y, target.z);
    const right = seen(target.x + 1, target.y, target.z).sub(middle);
    const up = seen(target.x, target.y, target.z + 1).sub(middle);
    expect(right.x * up.y - right.y * up.x).toBeGreaterThan(0);
  });

  test.each([0.5, 1, 2.4])('the whole box is in view and fills it, at aspect %d', (aspect) => {
    const narrow = createCamera(aspect);
    frameBox(narrow, head, anteriorDirection);
    let widest = 0;
    for (const x of [head.min[0], head.max[0]])
      for (const y of [head.min[1], head.max[1]])
        for (const z of [head.min[2], head.max[2]]) {
          const corner = new Vector3(x, y, z).project(narrow);
          widest = Math.max(widest, Math.abs(corner.x), Math.abs(corner.y));
          expect(Math.abs(corner.z)).toBeLessThan(1);
        }
    expect(widest).toBeLessThan(1);
    expect(widest).toBeGreaterThan(0.7);
  });
});

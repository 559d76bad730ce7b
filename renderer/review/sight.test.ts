import { type PerspectiveCamera, Vector3 } from 'three';
import { expect, it } from 'vitest';
import { anteriorDirection, createCamera, frameBox } from './camera.ts';
import { seenOnPlane } from './sight.ts';

const size = [640, 400] as const;
const place = (camera: PerspectiveCamera, point: Vector3): [number, number] => {
  const p = point.clone().project(camera);
  return [((p.x + 1) / 2) * size[0], ((1 - p.y) / 2) * size[1]];
};

it('[9.1-types] a place of the 3D picture comes back as the patient point on the plane through the turning point', () => {
  for (const direction of [anteriorDirection, new Vector3(1, 0.3, -0.2), new Vector3(-0.2, 1, 0.9)]) {
    const camera = createCamera(size[0] / size[1]);
    const target = frameBox(camera, { min: [-80, -120, 10], max: [90, 60, 200] }, direction);
    const right = new Vector3(1, 0, 0).applyQuaternion(camera.quaternion);
    const up = new Vector3(0, 1, 0).applyQuaternion(camera.quaternion);
    const points = [
      [0, 0],
      [30, 12],
      [-41, 25],
    ].map(([a, b]) =>
      target
        .clone()
        .addScaledVector(right, a as number)
        .addScaledVector(up, b as number),
    );
    const seen = seenOnPlane(
      camera,
      target,
      points.map((p) => place(camera, p)),
      size,
    );
    for (const [n, p] of points.entries()) expect(new Vector3(...(seen.pointsLps[n] ?? [])).distanceTo(p)).toBeLessThan(1e-6);
    expect(new Vector3(...seen.eyeLps).distanceTo(camera.position)).toBe(0);
    // Towards the patient, not back at the eye.
    expect(new Vector3(...seen.normalLps).dot(target.clone().sub(camera.position).normalize())).toBeCloseTo(1, 9);
  }
});

it('[9.1-types] seen from anterior the picture is not mirrored: its left is the patient’s right', () => {
  const camera = createCamera(1);
  const target = frameBox(camera, { min: [-50, -50, -50], max: [50, 50, 50] }, anteriorDirection);
  const [left, right] = seenOnPlane(
    camera,
    target,
    [
      [100, 200],
      [300, 200],
    ],
    [400, 400],
  ).pointsLps;
  expect(left?.[0]).toBeLessThan(0);
  expect(right?.[0]).toBeGreaterThan(0);
});

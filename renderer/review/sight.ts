import { type PerspectiveCamera, Vector3 } from 'three';

type Lps = [number, number, number];
const triple = (v: Vector3): Lps => [v.x, v.y, v.z];

/** A closed line drawn on the 3D picture: on the plane through the turning point across the sight, with where the eye was. LPS mm. */
export interface SeenLoop {
  pointsLps: Lps[];
  normalLps: Lps;
  eyeLps: Lps;
}

/**
 * Places of the picture (CSS px from its corner) put onto the plane through `target` across the camera's direction of sight. World units
 * are LPS mm.
 */
export function seenOnPlane(
  camera: PerspectiveCamera,
  target: Vector3,
  places: readonly (readonly [number, number])[],
  [width, height]: readonly [number, number],
): SeenLoop {
  camera.updateMatrixWorld();
  const eye = camera.position.clone();
  const normal = camera.getWorldDirection(new Vector3());
  const depth = target.clone().sub(eye).dot(normal);
  const pointsLps = places.map(([x, y]) => {
    const ray = new Vector3((2 * x) / width - 1, 1 - (2 * y) / height, 0.5).unproject(camera).sub(eye).normalize();
    return triple(ray.multiplyScalar(depth / ray.dot(normal)).add(eye));
  });
  return { pointsLps, normalLps: triple(normal), eyeLps: triple(eye) };
}

import { PerspectiveCamera, Vector3 } from 'three';
import type { Bounds } from './planes.ts';

/** Narrow, so that a head is not swollen at the near side. Degrees, vertical. */
const fieldOfView = 26;
const margin = 1.14;

/** From the target to the camera on opening: from anterior and slightly above. LPS: anterior is -y, superior is +z. */
export const anteriorDirection = new Vector3(0, -1, 0.16).normalize();

/** World units are patient millimetres (LPS) and up is superior, so nothing is mirrored: see camera.test.ts. */
export function createCamera(aspect: number): PerspectiveCamera {
  const camera = new PerspectiveCamera(fieldOfView, aspect, 1, 10_000);
  camera.up.set(0, 0, 1);
  return camera;
}

/** Puts the whole box into view from `direction` (target to camera) and returns the new target, the middle of the box. */
export function frameBox(camera: PerspectiveCamera, box: Bounds, direction: Vector3): Vector3 {
  const target = new Vector3(...box.min).add(new Vector3(...box.max)).multiplyScalar(0.5);
  const toward = direction.clone().normalize();
  camera.position.copy(target).add(toward);
  camera.lookAt(target);
  const right = new Vector3(1, 0, 0).applyQuaternion(camera.quaternion);
  const up = new Vector3(0, 1, 0).applyQuaternion(camera.quaternion);
  const tanY = Math.tan((camera.fov * Math.PI) / 360);
  const tanX = tanY * camera.aspect;
  let distance = 0;
  let radius = 0;
  for (let index = 0; index < 8; index++) {
    const corner = new Vector3(
      index & 1 ? box.max[0] : box.min[0],
      index & 2 ? box.max[1] : box.min[1],
      index & 4 ? box.max[2] : box.min[2],
    ).sub(target);
    const near = corner.dot(toward);
    radius = Math.max(radius, corner.length());
    distance = Math.max(distance, near + (margin * Math.abs(corner.dot(right))) / tanX, near + (margin * Math.abs(corner.dot(up))) / tanY);
  }
  distance = Math.max(distance, radius, 1);
  camera.position.copy(target).addScaledVector(toward, distance);
  camera.near = Math.max(0.1, distance / 500);
  camera.far = distance * 20 + radius * 4;
  camera.updateProjectionMatrix();
  camera.updateMatrixWorld();
  return target;
}

import type { Plane, Point } from '../../stores/viewer.ts';
import { along, dot, type PlaneAxes, planeAxes, planes } from './plane-axes.ts';
import { lpsToCanvas, type PlaneCamera } from './plane-camera.ts';
import type { SliceStack } from './slices.ts';

const cross = (a: Point, b: Point): Point => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

function unit(v: Point): Point {
  const size = Math.hypot(...v);
  return [v[0] / size, v[1] / size, v[2] / size];
}

/** A vector turned about a unit axis, right-handed (Rodrigues). */
export function turnedAbout(v: Point, axis: Point, radians: number): Point {
  const c = Math.cos(radians);
  const kept = dot(axis, v) * (1 - c);
  const side = cross(axis, v);
  const s = Math.sin(radians);
  return [0, 1, 2].map((n) => v[n]! * c + side[n]! * s + axis[n]! * kept) as Point;
}

/**
 * Turns a plane's axes about a unit axis. They are made square again, so that a hundred small turns leave no shear: right stays, down is
 * brought across it, and the normal keeps its side (slice numbers rise the same way).
 */
export function turnedAxes(axes: PlaneAxes, axis: Point, radians: number): PlaneAxes {
  const rightLps = unit(turnedAbout(axes.rightLps, axis, radians));
  const lean = turnedAbout(axes.downLps, axis, radians);
  const downLps = unit(along(lean, rightLps, -dot(lean, rightLps)));
  const across = cross(rightLps, downLps);
  const sign = Math.sign(dot(across, turnedAbout(axes.normalLps, axis, radians)));
  return { rightLps, downLps, normalLps: [sign * across[0], sign * across[1], sign * across[2]] };
}

/**
 * The planes after those beside `held` were turned about its normal, so that their lines in its view turn by `degrees` clockwise on the
 * screen. The held plane stays; planes that stood square to each other still do.
 */
export function turnedPlanes(axes: Record<Plane, PlaneAxes>, held: Plane, degrees: number): Record<Plane, PlaneAxes> {
  const { rightLps, downLps, normalLps } = axes[held];
  // Clockwise on the screen is from right to down; where the normal looks the other way the hand turns over.
  const radians = (Math.sign(dot(cross(rightLps, downLps), normalLps)) * degrees * Math.PI) / 180;
  const turned = { ...axes };
  for (const plane of planes) if (plane !== held) turned[plane] = turnedAxes(axes[plane], normalLps, radians);
  return turned;
}

const aside = 0.05;

/** Degrees between a plane as it stands and its own of the patient, 0..180; 0 for what no eye tells from it. */
export function tiltDegrees(plane: Plane, axes: PlaneAxes): number {
  const own = planeAxes[plane];
  // The angle of the turn as a whole, so that a picture spun in its own plane counts too.
  const trace = dot(own.rightLps, axes.rightLps) + dot(own.downLps, axes.downLps) + dot(own.normalLps, axes.normalLps);
  const degrees = (Math.acos(Math.min(1, Math.max(-1, (trace - 1) / 2))) * 180) / Math.PI;
  return degrees < aside ? 0 : degrees;
}

/** The camera under turned axes that shows `heldLps` at the place where it was. */
export function turnedCamera(before: PlaneAxes, after: PlaneAxes, camera: PlaneCamera, heldLps: Point): PlaneCamera {
  const [x, y] = lpsToCanvas(before, camera, heldLps);
  const right = (camera.widthPx / 2 - x) * camera.mmPerPx;
  const down = (camera.heightPx / 2 - y) * camera.mmPerPx;
  return { ...camera, centreLps: along(along(heldLps, after.rightLps, right), after.downLps, down) };
}

/** The stack moved so that one of its slices goes through a place along the normal: an oblique plane always holds the crosshair. */
export function anchored(stack: SliceStack, lastMm: number, mm: number): SliceStack {
  const inside = Math.min(lastMm, Math.max(stack.firstMm, mm));
  const below = Math.floor((inside - stack.firstMm) / stack.stepMm + 1e-9);
  const firstMm = inside - below * stack.stepMm;
  return { firstMm, stepMm: stack.stepMm, count: Math.floor((lastMm - firstMm) / stack.stepMm + 1e-6) + 1 };
}

/** The direction on the screen (unit, right and down) of the line in which another plane cuts a view; null where they do not cross. */
export function cutDirection(axes: PlaneAxes, other: PlaneAxes): [number, number] | null {
  const line = cross(axes.normalLps, other.normalLps);
  const [x, y] = [dot(line, axes.rightLps), dot(line, axes.downLps)];
  const size = Math.hypot(x, y);
  return size < 1e-6 ? null : [x / size, y / size];
}

import type { Anatomy } from './anatomy.ts';
import { smoothMin } from './distance.ts';
import type { Pose } from './pose.ts';
import { thinnestMm } from './sheet.ts';

/** One orbit's cavity as it was drawn, in patient mm (LPS). */
export interface CavityTruth {
  /** HU without blur or noise as far as walls go: 400 lies exactly on the face of solid bone. For the rim's definition. */
  solidHu(x: number, y: number, z: number): number;
  /** Whether a point lies within the orbit's walls; the front is open. */
  within(x: number, y: number, z: number): boolean;
  /** Corners of a box that holds it. */
  low: [number, number, number];
  high: [number, number, number];
}

const steepHuPerMm = 1000;
/** Over which slopes are measured, mm; as the walls are painted. */
const step = 0.15;

/** The drawn cavity of one side: 1 the patient's left, -1 the right. */
export function cavityTruth(anatomy: Anatomy, pose: Pose, side: 1 | -1): CavityTruth {
  const orbit = anatomy.orbits.find((one) => one.side === side);
  if (!orbit) throw new RangeError('a head has two orbits');
  const { cranium } = anatomy;
  const solids = [...anatomy.bones, ...cranium.solids].filter(
    ({ box }) => box[4] < 34 && box[5] > -34 && box[2] < 30 && (side === 1 ? box[1] > -4 : box[0] < 4),
  );
  const inBox = (b: readonly number[], x: number, y: number, z: number): boolean =>
    x >= b[0]! && x <= b[1]! && y >= b[2]! && y <= b[3]! && z >= b[4]! && z <= b[5]!;
  const head = new Float64Array(3);
  const bone = (x: number, y: number, z: number): number => {
    let d = 50;
    for (const { box, distance } of solids) if (inBox(box, x, y, z)) d = smoothMin(d, distance(x, y, z), 3.5);
    const depth = cranium.cavity(x, y, z);
    const outer = depth - (depth < 40 ? cranium.shellMm(x, y, z) : 5);
    d = Math.max(smoothMin(d, Math.max(outer, -depth), 2.5), -depth);
    for (const { box, distance } of cranium.channels) if (inBox(box, x, y, z)) d = Math.max(d, -distance(x, y, z));
    d = Math.max(d, -orbit.distance(x, y, z));
    for (const { box, distance } of anatomy.spaces) if (inBox(box, x, y, z)) d = Math.max(d, -distance(x, y, z));
    const wall = orbit.behindRim(x, y, z) < 0.5 ? 0 : orbit.wallMm(x, y, z);
    return wall < thinnestMm ? d : Math.min(d, Math.abs(orbit.distance(x, y, z) - wall / 2) - wall / 2);
  };
  /** Drawn distance to the middle of the wall, a step along one axis away. */
  const middle = (x: number, y: number, z: number, axis: number, by: number): number => {
    pose.toHead(x + (axis === 0 ? by : 0), y + (axis === 1 ? by : 0), z + (axis === 2 ? by : 0), head);
    const [hx, hy, hz] = [head[0]!, head[1]!, head[2]!];
    return orbit.distance(hx, hy, hz) - orbit.wallMm(hx, hy, hz) / 2;
  };
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const x of [8, 60])
    for (const y of [-20, 44])
      for (const z of [-26, 26])
        pose.toLps(side * x, y, z).forEach((v, a) => {
          low[a] = Math.min(low[a]!, v - pose.bendMm);
          high[a] = Math.max(high[a]!, v + pose.bendMm);
        });
  return {
    low,
    high,
    solidHu: (x, y, z) => {
      pose.toHead(x, y, z, head);
      return Math.max(-100, Math.min(1200, 400 - steepHuPerMm * bone(head[0]!, head[1]!, head[2]!)));
    },
    within: (x, y, z) => {
      pose.toHead(x, y, z, head);
      const [hx, hy, hz] = [head[0]!, head[1]!, head[2]!];
      if (orbit.distance(hx, hy, hz) >= 0) return false;
      const wall = hy > orbit.apex[1] - 2 || orbit.behindRim(hx, hy, hz) < 0.5 ? 0 : orbit.wallMm(hx, hy, hz);
      if (wall < thinnestMm || orbit.distance(hx, hy, hz) < -1.5) return true;
      // The wall is drawn as a sheet of its true thickness about its middle: its face lies a little inside of the drawn distance's zero.
      const slope = Math.hypot(...[0, 1, 2].map((axis) => (middle(x, y, z, axis, step) - middle(x, y, z, axis, -step)) / (2 * step)));
      return middle(x, y, z, 0, 0) / slope < -wall / 2;
    },
  };
}

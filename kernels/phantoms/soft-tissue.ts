import { ball, type Distance, mirrorX, type Point, rod, type Shape, smoothMin, superellipsoid } from './distance.ts';
import { waves } from './noise-field.ts';
import type { Orbit } from './orbit.ts';
import type { Random } from './random.ts';
import { turbinateFlesh } from './thin-walls.ts';

/** A soft solid with its HU. They are painted in their order, later over earlier. */
export interface SoftSolid extends Shape {
  hu: Distance;
}

const at =
  (hu: number): Distance =>
  () =>
    hu;

/** The outside of the head: scalp over the brain case (whose outer surface is `skullMm` away), face, nose, lips, ears, neck. */
export function skinSurface(): (x: number, y: number, z: number, skullMm: number) => number {
  const face = superellipsoid([0, 34, -46], [63, 60, 62], 2.5);
  const cheeks = superellipsoid([0, 46, -16], [72, 46, 42], 2.5);
  const neck = superellipsoid([0, 82, -64], [62, 56, 62], 2.5);
  const nose = [rod([0, -15, 8], [0, -33, -29], 6, 7.5), superellipsoid([0, -22, -36], [14, 14, 6])];
  const front = [...nose, superellipsoid([0, -21, -59], [23, 9, 11]), superellipsoid([0, -14, -80], [22, 12, 12])];
  const eyes = [ball([32, -2.5, 0], 14.4), ball([-32, -2.5, 0], 14.4)];
  const ears = [ear(), mirrorX(ear())];
  const temples = [superellipsoid([47, 30, 3], [22, 32, 30], 2.5), superellipsoid([-47, 30, 3], [22, 32, 30], 2.5)];
  return (x, y, z, skullMm) => {
    let d = skullMm - 6;
    if (z < 48) {
      d = smoothMin(d, temples[x > 0 ? 0 : 1].distance(x, y, z), 12);
    }
    if (z < 40) {
      d = smoothMin(d, cheeks.distance(x, y, z), 14);
      d = smoothMin(d, face.distance(x, y, z), 16);
      d = smoothMin(d, neck.distance(x, y, z), 14);
      if (y < 16) {
        for (const shape of front) d = smoothMin(d, shape.distance(x, y, z), 6);
        for (const shape of eyes) d = smoothMin(d, shape.distance(x, y, z), 4);
      }
      if (Math.abs(x) > 62 && z < 26) for (const shape of ears) d = smoothMin(d, shape.distance(x, y, z), 2.5);
    }
    return d;
  };
}

function ear(): Shape {
  const shell = superellipsoid([78, 88, -10], [6, 13, 25]);
  const hollow = superellipsoid([84.5, 84, -12], [6, 8, 12]);
  return { box: shell.box, distance: (x, y, z) => Math.max(shell.distance(x, y, z), -hollow.distance(x, y, z)) };
}

/** Muscles of chewing, tongue, lips, neck. */
export function muscles(): Shape[] {
  const side: Shape[] = [
    superellipsoid([57, 32, 8], [10, 27, 33]),
    superellipsoid([57, 34, -12], [7, 16, 16]),
    superellipsoid([57, 42, -54], [8, 15, 30]),
    superellipsoid([37, 48, -52], [7, 13, 20]),
    superellipsoid([35, 48, -29], [12, 15, 7]),
    superellipsoid([28, 122, -62], [24, 20, 34], 2.5),
    superellipsoid([58, 100, -66], [9, 14, 30]),
    superellipsoid([12, 80, -62], [10, 7, 34]),
    superellipsoid([20, 62, -50], [8, 8, 18]),
    superellipsoid([30, -16, -40], [6, 5, 14]),
  ];
  return [...side, ...side.map(mirrorX), superellipsoid([0, 22, -68], [23, 34, 16], 2.5), superellipsoid([0, -20, -59], [24, 6, 11])];
}

/** Eyeball with lens and coat, four straight muscles and the optic nerve, each eye in its own place. */
export function eyeContents(random: Random, orbit: Orbit): SoftSolid[] {
  const s = orbit.side;
  const eye: Point = [s * (32 + random.between(-0.6, 0.6)), -2 + random.between(-0.8, 0.8), 0.5 + random.between(-0.6, 0.6)];
  const [x, y, z] = eye;
  const radius = random.between(11.6, 12.2);
  const [ax, ay, az] = orbit.apex;
  const solids: SoftSolid[] = [];
  const nerveBend = random.between(-1.2, 1.2);
  const half: Point = [(x + ax) / 2 + s * 0.8, (y + radius + ay) / 2, (z + az) / 2 + nerveBend];
  for (const shape of [rod([x - s * 2.5, y + radius - 1, z], half, 2.2), rod(half, [ax, ay, az], 2.1, 1.9)])
    solids.push({ ...shape, hu: at(38) });
  for (const [ox, oz] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    const belly: Point = [x * 0.52 + ax * 0.48 + ox * 9.2, y + 19, z * 0.52 + az * 0.48 + oz * 8.8];
    const insertion: Point = [x + ox * (radius + 0.6), y + 2, z + oz * (radius + 0.4)];
    const origin: Point = [ax + ox * 2.6, ay - 3, az + oz * 2.6];
    solids.push({ ...rod(origin, belly, 1.4, 2.3), hu: at(56) }, { ...rod(belly, insertion, 2.3, 1.1), hu: at(56) });
  }
  solids.push({ ...superellipsoid([s * 44, 0, 9.5], [4, 6, 5]), hu: at(48) });
  solids.push({ ...ball(eye, radius), hu: at(62) }, { ...ball(eye, radius - 1.1), hu: at(12) });
  solids.push({ ...superellipsoid([x, y - 8, z], [4.6, 2, 4.6]), hu: at(88) });
  return solids;
}

export function fleshOfTurbinates(): SoftSolid[] {
  return turbinateFlesh.flatMap(({ x, z, radius, from, to }) => {
    const shape = superellipsoid([x, (from + to) / 2, z], [radius, (to - from) / 2, radius * 1.45], 2.5);
    return [shape, mirrorX(shape)].map((s) => ({ ...s, hu: at(42) }));
  });
}

/** HU inside the brain case at a depth under the bone: white and grey matter, sulci, ventricles, falx. */
export function brainHu(random: Random): (x: number, y: number, z: number, depthMm: number) => number {
  const folds = waves(random, 17);
  const deep = waves(random, 26);
  const horn = [rod([9, 36, 34], [13, 86, 40], 4.2, 5), rod([13, 86, 40], [26, 104, 24], 5, 4), rod([26, 104, 24], [32, 72, 8], 3.5, 2.5)];
  const ventricles = [...horn, ...horn.map(mirrorX), superellipsoid([0, 66, 22], [2.2, 12, 9]), superellipsoid([0, 100, -10], [6, 5, 9])];
  const nuclei = [superellipsoid([19, 62, 26], [9, 18, 12]), mirrorX(superellipsoid([19, 62, 26], [9, 18, 12]))];
  return (x, y, z, depth) => {
    // The falx in the midline, the dura under the bone, and the water around the brain.
    if (Math.abs(x) < 0.8 && z > 14 + Math.max(0, 60 - Math.abs(y - 70)) * 0.45 && y > 4) return 55;
    if (depth < 0.7) return 52;
    if (depth < 1.8) return 12;
    const fold = Math.abs(folds(x + 4 * deep(x, y, z), y, z));
    if (z > -6 && depth < 13 && fold < 0.09 * (1 - depth / 13) + 0.02) return 14;
    for (const shape of ventricles) if (shape.distance(x, y, z) < 0) return 8;
    if (z < -12 && y < 92 && Math.abs(x) < 16) return 30;
    for (const shape of nuclei) if (shape.distance(x, y, z) < 0) return 38;
    return depth < 5.5 || fold < 0.3 * Math.max(0, 1 - depth / 26) ? 39 : 30;
  };
}

import { chain, mirrorX, type Point, plate, rod, type Shape, superellipsoid } from './distance.ts';
import type { Orbit } from './orbit.ts';
import type { Random } from './random.ts';

/** Solid bones of the face: rims, zygoma and arch, nose, upper jaw, rami of the lower jaw. Each side is drawn for itself. */
export function faceBones(random: Random, orbits: [Orbit, Orbit]): Shape[] {
  const left = half(random);
  const right = half(random).map(mirrorX);
  return [...left, ...right, ...midline(), ...orbits.flatMap(rim)];
}

/** The ring of thick bone around the entrance of an orbit: strongest above, weakest at the nose. */
function rim(orbit: Orbit): Shape[] {
  const steps = 28;
  const at = (n: number): { point: Point; radius: number } => {
    const angle = (2 * Math.PI * n) / steps;
    const up = Math.sin(angle);
    const lateral = Math.cos(angle);
    const radius = 2.9 + 1.4 * Math.max(0, up) + 0.7 * Math.max(0, lateral) - 0.5 * Math.max(0, -lateral) + 0.2 * Math.max(0, -up);
    const [x, y, z] = orbit.rim(angle, 0.75 * radius);
    return { point: [x, y + 0.8 * radius, z], radius };
  };
  return Array.from({ length: steps }, (_, n) => {
    const a = at(n);
    const b = at(n + 1);
    return rod(a.point, b.point, a.radius, b.radius);
  });
}

function half(random: Random): Shape[] {
  const j = (p: Point, by = 0.6): Point => [p[0] + random.between(-by, by), p[1] + random.between(-by, by), p[2] + random.between(-by, by)];
  const tubercle = j([64, 56, -17]);
  return [
    // brow, and the corner where frontal bone and zygoma meet
    rod(j([10, -10, 21]), j([26, -8, 25]), 5, 5.4),
    rod(j([26, -8, 25]), j([46, 3, 23]), 5.4, 5),
    rod(j([48, 5, 20]), j([55.5, 8, 10]), 4.6, 3.6),
    // body of the zygoma, its buttress to the upper jaw, its arch
    superellipsoid(j([50, 4.5, -21]), [9, 8, 9.5]),
    rod(j([46, 3, -26]), j([35, 6, -44]), 4.6, 4.2),
    rod(j([52, 6, -20]), j([36, -4, -23]), 4.4, 3),
    ...arch([j([53, 6, -20]), j([62, 20, -20.5]), j([66.5, 36, -20]), tubercle, [60, 68, -15]]),
    // frontal process of the maxilla, margin of the nasal aperture, canine pillar
    ...plate([10.5, -10, 7], [13.5, -11, -22], [14, -8.5, 4], [20, -8, -22], 1.7),
    ...chain(
      [
        [13, -11.5, -22],
        [14.5, -11, -32],
        [10, -13.5, -43],
      ],
      2.4,
    ),
    rod([20, -9, -24], [21, -9, -48], 2.6, 4),
    // nasal bone
    ...plate([1.2, -13.5, 10], [1.5, -24, -12], [10, -10.5, 8], [10.5, -13.5, -12], 1.5, 6),
    // ramus, neck, condyle and coronoid of the lower jaw
    superellipsoid([50, 66.5, -24], [9, 4.2, 4]),
    rod([50, 66, -26], [48, 60, -42], 3.4, 3.6),
    ...plate([48, 61, -42], [44, 56, -86], [47.5, 40, -38], [43, 34, -86], 3.1, 6),
    rod([47.5, 41, -28], [47.5, 42, -44], 2, 3.2),
  ];
}

/** A flat bar, higher than wide: the zygomatic arch. */
function arch(points: Point[]): Shape[] {
  const lifted = (by: number): Point[] => points.map(([x, y, z]) => [x, y, z + by] as const);
  return [...chain(lifted(1.6), 2.2), ...chain(lifted(-1.6), 2.2)];
}

function midline(): Shape[] {
  return [
    superellipsoid([0, -8, 20], [21, 8, 14], 2.5),
    // hard palate and anterior nasal spine
    superellipsoid([0, 19, -46.6], [25, 33, 2.3], 2.5),
    rod([0, -17.5, -44], [0, -8, -45], 1.2, 3),
  ];
}

/** Centre line of the upper dental arch: half an ellipse. `angle` runs from -1 (right molars) to 1 (left molars). */
export function archPoint(angle: number, z: number): Point {
  const t = angle * 1.5;
  return [26.5 * Math.sin(t), 27 - 41 * Math.cos(t), z];
}

/** The alveolar bone that holds the upper teeth. */
export function alveolus(): Shape[] {
  const steps = 17;
  return Array.from({ length: steps }, (_, n) => {
    const angle = -1 + (2 * n) / (steps - 1);
    const molar = Math.abs(angle);
    return rod(archPoint(angle, -44), archPoint(angle, -56), 4.4 + 1.2 * molar, 4 + 1.4 * molar);
  });
}

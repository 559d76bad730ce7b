import { airCells } from './cells.ts';
import { type Box, type Distance, mirrorX, rod, type Shape, superellipsoid } from './distance.ts';
import type { Orbit } from './orbit.ts';
import type { Random } from './random.ts';
import { thinnestMm } from './sheet.ts';

/** A hollow in bone or soft tissue with its lining. */
export interface AirSpace {
  name: string;
  box: Box;
  /** Signed distance to the surface under the lining. */
  distance: Distance;
  liningMm: number;
  /** HU inside the lining at a point: air, or fluid and swollen lining. */
  hu: Distance;
}

export interface Sinuses {
  spaces: AirSpace[];
  /** Maxillary sinuses (left, right): their walls are thin sheets. */
  maxillary: [Shape, Shape];
  sphenoid: [Shape, Shape];
  /** The ethmoid labyrinth (left, right) and the cells in it. */
  labyrinth: [Shape, Shape];
  ethmoidCells: ReturnType<typeof airCells>;
  nasal: Shape;
}

const air: Distance = () => -1000;
/** Bone between the nose and a maxillary sinus. */
export const nasalWallMm = 0.8;

export function makeSinuses(random: Random, orbits: [Orbit, Orbit]): Sinuses {
  const onSide = (shape: Shape, n: number): Shape => (n === 0 ? shape : mirrorX(shape));
  const maxillary = orbits.map((_, n) =>
    onSide(
      tapered(
        superellipsoid([29 + random.between(-0.6, 0.6), 15, -29], [16 + random.between(-0.8, 0.8), 17.5, 19 + random.between(-1, 1)], 2.5),
      ),
      n,
    ),
  ) as [Shape, Shape];
  const sphenoid = orbits.map((_, n) =>
    onSide(superellipsoid([7.2 + random.between(-0.8, 0.8), 53, -5], [6.8 + random.between(-1, 1), 10, 8.5], 2.5), n),
  ) as [Shape, Shape];
  const labyrinth = orbits.map((_, n) => onSide(superellipsoid([8.4, 20, 1.5], [6.6, 22, 8.8], 4), n)) as [Shape, Shape];
  const nasal: Shape = { box: [-22, 22, -30, 58, -52, 14], distance: nasalCavity };
  const ethmoidCells = airCells(Math.floor(random.next() * 2 ** 31), [6, 7.5, 6.5]);
  const fluidY = random.between(19, 24);
  const spaces: AirSpace[] = [];
  orbits.forEach((orbit, n) => {
    const side = n === 0 ? 'left' : 'right';
    /** Leaves room for the orbit and its wall, so that the wall stands between fat and air. */
    const beside = (shape: Shape): Distance => {
      return (x, y, z) => Math.max(shape.distance(x, y, z), wallOf(orbit, x, y, z) - orbit.distance(x, y, z));
    };
    const roomy = beside(maxillary[n]);
    spaces.push({
      name: `maxillary ${side}`,
      box: maxillary[n].box,
      distance: (x, y, z) => Math.max(roomy(x, y, z), nasalWallMm - nasalCavity(x, y, z)),
      liningMm: n === 0 ? 0.9 : 0.5,
      // The patient lies on the back: fluid stands behind a level.
      hu: n === 0 ? (_x, y) => (y > fluidY ? 14 : -1000) : air,
    });
    spaces.push({
      name: `ethmoid ${side}`,
      box: labyrinth[n].box,
      distance: beside(labyrinth[n]),
      liningMm: 0.25,
      hu: (x, y, z) => (ethmoidCells(x, y, z).cell % 9 === 0 ? 30 : -1000),
    });
    spaces.push({ name: `sphenoid ${side}`, box: sphenoid[n].box, distance: sphenoid[n].distance, liningMm: 0.4, hu: air });
    const frontal = onSide(
      superellipsoid([10 + random.between(-1, 2), -7.4, 21.5 + random.between(-1, 1)], [8.5 + random.between(-1.5, 2), 3, 9], 2.5),
      n,
    );
    spaces.push({ name: `frontal ${side}`, box: frontal.box, distance: frontal.distance, liningMm: 0.3, hu: air });
    const mastoid = onSide(superellipsoid([55, 91, -24], [9, 11, 14.5]), n);
    const mastoidCells = airCells(Math.floor(random.next() * 2 ** 31), [4.5, 4.5, 4.5]);
    spaces.push({
      name: `mastoid ${side}`,
      box: mastoid.box,
      distance: (x, y, z) => Math.max(mastoid.distance(x, y, z), 0.55 - mastoidCells(x, y, z).wallMm),
      liningMm: 0,
      hu: air,
    });
    const canal = onSide(rod([84, 79, -19], [50, 80, -18], 3.2, 3), n);
    spaces.push({ name: `ear canal ${side}`, box: canal.box, distance: canal.distance, liningMm: 0, hu: air });
    const tympanum = onSide(superellipsoid([46, 80, -16], [3.5, 5, 6]), n);
    spaces.push({ name: `tympanum ${side}`, box: tympanum.box, distance: tympanum.distance, liningMm: 0, hu: air });
    const nostril = onSide(rod([5.5, -33, -46], [5, -12, -39], 3.2, 4), n);
    spaces.push({ name: `nostril ${side}`, box: nostril.box, distance: nostril.distance, liningMm: 0, hu: air });
  });
  spaces.push({ name: 'nasal', box: nasal.box, distance: nasal.distance, liningMm: 1, hu: air });
  const pharynx = superellipsoid([0, 60, -38], [13, 9, 15], 2.5);
  const throat = rod([0, 64, -48], [0, 66, -96], 8, 7);
  spaces.push({ name: 'nasopharynx', box: pharynx.box, distance: pharynx.distance, liningMm: 1, hu: air });
  spaces.push({ name: 'throat', box: throat.box, distance: throat.distance, liningMm: 1, hu: air });
  return { spaces, maxillary, sphenoid, labyrinth, ethmoidCells, nasal };
}

/** Thickness of the orbit's wall at a point, 0 where nature left it out. */
export function wallOf(orbit: Orbit, x: number, y: number, z: number): number {
  const thickness = orbit.wallMm(x, y, z);
  return thickness < thinnestMm ? 0 : thickness;
}

/** A maxillary sinus narrows downwards, towards the teeth, and a little towards the back. */
function tapered({ box, distance }: Shape): Shape {
  const x0 = (box[0] + box[1]) / 2;
  return {
    box: [box[0] - 4, box[1] + 4, box[2], box[3], box[4], box[5]],
    distance: (x, y, z) => distance(x0 + (x - x0 + 2) / (1 + 0.013 * (z + 29) - 0.006 * (y - 15)) - 1, y, z),
  };
}

/** Narrow between the ethmoids, wide between the jaws; in front it follows the bridge of the nose. */
const nasalCavity: Distance = (x, y, z) => {
  const low = Math.min(1, Math.max(0, (-4 - z) / 14));
  const ahead = Math.min(1, Math.max(0, (-6 - y) / 8));
  const halfWidth = (2.2 + 11 * low * low * (3 - 2 * low)) * (1 - 0.35 * ahead);
  const roof = 8 - Math.max(0, y - 26) * 0.75;
  const front = -8 - 0.6 * (8 - Math.max(-14, z)) + 0.5 * Math.max(0, -32 - z);
  const floor = -44.4 + 0.04 * (y - 16) + 0.25 * Math.max(0, -8 - y);
  return Math.max(Math.abs(x) - halfWidth, floor - z, 0.8 * (z - roof), y - 52, 0.85 * (front - y));
};

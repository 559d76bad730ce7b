import { nasalWallMm, type Sinuses, wallOf } from './air-spaces.ts';
import type { Shape } from './distance.ts';
import { waves } from './noise-field.ts';
import type { Orbit } from './orbit.ts';
import type { Random } from './random.ts';
import type { Sheet } from './sheet.ts';

/** Everything that is drawn as a sheet: orbital walls, walls of the sinuses, septa, turbinates. */
export function thinWalls(random: Random, orbits: [Orbit, Orbit], sinuses: Sinuses): Sheet[] {
  const sheets: Sheet[] = [];
  orbits.forEach((orbit, n) => {
    const other = (x: number): boolean => Math.sign(x) !== orbit.side && x !== 0;
    sheets.push(orbitalWall(orbit));
    const sinus = sinuses.maxillary[n];
    const sinusMm = random.between(0.9, 1.4);
    sheets.push(
      around(
        sinus,
        sinusMm,
        (x, y, z) => orbit.distance(x, y, z) > 0 && orbit.section(y).z > z && sinuses.nasal.distance(x, y, z) > nasalWallMm,
      ),
    );
    sheets.push(around(sinuses.sphenoid[n], 0.6, () => true));
    const labyrinth = sinuses.labyrinth[n];
    const septumMm = random.between(0.22, 0.4);
    sheets.push({
      box: labyrinth.box,
      distance: (x, y, z) => sinuses.ethmoidCells(x, y, z).wallMm,
      thicknessMm: (x, y, z) => (labyrinth.distance(x, y, z) < 0.2 && orbit.distance(x, y, z) > wallOf(orbit, x, y, z) ? septumMm : 0),
      hu: random.between(750, 1000),
    });
    // The medial lamella of the labyrinth towards the olfactory cleft.
    sheets.push(around(labyrinth, 0.4, (x, y, z) => !other(x) && orbit.distance(x, y, z) > 1));
    sheets.push(...turbinates(random, orbit.side));
  });
  // The side wall of the nose: in front and behind it is open, above the labyrinth closes it, below the palate.
  sheets.push(around(sinuses.nasal, nasalWallMm, (x, y, z) => Math.abs(x) > 4 && y > -9 && y < 50 && z < -6 && z > -45));
  sheets.push(nasalSeptum(random));
  return sheets;
}

function orbitalWall(orbit: Orbit): Sheet {
  const { apex, side } = orbit;
  return {
    box: side === 1 ? [4, 62, -14, apex[1] + 4, -26, 28] : [-62, -4, -14, apex[1] + 4, -26, 28],
    distance: (x, y, z) => orbit.distance(x, y, z) - wallOf(orbit, x, y, z) / 2,
    thicknessMm: (x, y, z) => {
      // In front of the rim there is none; the canal and the fissures open it behind.
      if (orbit.behindRim(x, y, z) < 0.5 || y > apex[1] - 2) return 0;
      return wallOf(orbit, x, y, z);
    },
    hu: 1180,
  };
}

/** A wall outside a hollow. */
function around(hollow: Shape, thicknessMm: number, where: (x: number, y: number, z: number) => boolean): Sheet {
  return {
    box: hollow.box,
    distance: (x, y, z) => hollow.distance(x, y, z) - thicknessMm / 2,
    thicknessMm: (x, y, z) => (where(x, y, z) ? thicknessMm : 0),
    hu: 1150,
  };
}

function nasalSeptum(random: Random): Sheet {
  const bend = random.between(1.5, 3) * (random.next() < 0.5 ? -1 : 1);
  const middle = random.between(-28, -20);
  return {
    box: [-8, 8, -14, 52, -48, 14],
    distance: (x, y, z) => x - bend * Math.exp(-(((z - middle) / 10) ** 2) - ((y - 14) / 18) ** 2),
    // Bone behind (perpendicular plate and vomer); in front the septum is cartilage.
    thicknessMm: (_x, y, z) =>
      z > -46 && z < 9 - Math.max(0, y - 30) * 0.6 && y < 48 && y > -4 - 0.35 * (z + 20) * (z < -20 ? -1 : 0) ? 0.7 : 0,
    hu: 950,
  };
}

/** Scrolls of thin bone: half tubes hung up at their outer side. */
function turbinates(random: Random, side: 1 | -1): Sheet[] {
  const wavy = waves(random, 20);
  const scroll = (cx: number, cz: number, radius: number, from: number, to: number, thicknessMm: number): Sheet => ({
    box: side === 1 ? [0, 16, from, to, cz - 8, cz + 10] : [-16, 0, from, to, cz - 8, cz + 10],
    distance: (x, y, z) => Math.hypot(side * x - cx - 0.5 * wavy(0, y, z), 0.7 * (z - cz)) - radius,
    thicknessMm: (x, _y, z) => (z < cz - 0.5 * radius && side * x > cx ? 0 : thicknessMm),
    hu: 900,
  });
  return [scroll(7.6, -34, 2.6, -3, 42, 0.8), scroll(5.6, -17, 1.9, 6, 42, 0.6)];
}

/** Soft tissue on the turbinates: what is seen of them inside the nose. */
export const turbinateFlesh = [
  { x: 7.6, z: -34, radius: 4.6, from: -5, to: 44 },
  { x: 5.6, z: -17, radius: 3.4, from: 4, to: 44 },
] as const;

import { type AirSpace, makeSinuses, wallOf } from './air-spaces.ts';
import { type Cranium, makeCranium } from './cranium.ts';
import { type Distance, rod, type Shape, superellipsoid } from './distance.ts';
import { alveolus, faceBones } from './face-bones.ts';
import { grain, waves } from './noise-field.ts';
import { makeOrbit, type Orbit } from './orbit.ts';
import type { Random } from './random.ts';
import type { Sheet } from './sheet.ts';
import { brainHu, eyeContents, fleshOfTurbinates, muscles, type SoftSolid, skinSurface } from './soft-tissue.ts';
import { type Tooth, upperTeeth } from './teeth.ts';
import { thinWalls } from './thin-walls.ts';
import type { WallTruth } from './truth.ts';

/** One head, drawn in head mm: x to the left, y to the back, z up, the orbits at z = 0 and their rims near y = 0. */
export interface Anatomy {
  cranium: Cranium;
  orbits: [Orbit, Orbit];
  spaces: AirSpace[];
  bones: Shape[];
  teeth: Tooth[];
  sheets: Sheet[];
  muscles: Shape[];
  soft: SoftSolid[];
  /** Outside of the head, without what the bones under the skin push out. */
  skin: ReturnType<typeof skinSurface>;
  brain: ReturnType<typeof brainHu>;
  corticalMm: Distance;
  corticalHu: Distance;
  trabecularHu: Distance;
  walls: WallTruth[];
}

export function makeAnatomy(random: Random): Anatomy {
  const cranium = makeCranium(random);
  const orbits: [Orbit, Orbit] = [makeOrbit(random, 1), makeOrbit(random, -1)];
  const { spaces, ...sinuses } = makeSinuses(random, orbits);
  const dense = waves(random, 60);
  const marrow = grain(Math.floor(random.next() * 2 ** 31), 1.7);
  const corticalHu = random.between(1380, 1560);
  const corticalMm = random.between(1.25, 1.5);
  const cord = rod([0, 100, -24], [0, 108, -100], 6.5, 6);
  return {
    cranium,
    orbits,
    spaces,
    bones: [...faceBones(random, orbits), ...alveolus(), ...neckBones()],
    teeth: upperTeeth(random),
    sheets: thinWalls(random, orbits, { spaces, ...sinuses }),
    muscles: muscles(),
    soft: [{ ...cord, hu: () => 34 }, ...fleshOfTurbinates(), ...orbits.flatMap((orbit) => eyeContents(random, orbit))],
    skin: skinSurface(),
    brain: brainHu(random),
    corticalMm: () => corticalMm,
    corticalHu: (x, y, z) => corticalHu + 110 * dense(x, y, z),
    trabecularHu: (x, y, z) => 330 + 60 * dense(y, z, x) + 90 * marrow(x, y, z),
    walls: orbits.flatMap((orbit) => [wallTruth(orbit, 'medial'), wallTruth(orbit, 'floor')]),
  };
}

/** The atlas around the cord and the tooth of the axis, so that the neck is not empty. */
function neckBones(): Shape[] {
  const ring: Shape = {
    box: [-48, 48, 66, 140, -72, -44],
    distance: (x, y, z) => Math.hypot(Math.hypot(x, (y - 104) * 1.05) - 21, z + 57) - (y < 108 ? 5.5 : 4),
  };
  const wing = (side: number): Shape => superellipsoid([side * 31, 98, -57], [11, 6, 4.5]);
  return [ring, wing(1), wing(-1), rod([0, 91, -50], [0, 92, -90], 5, 6.5)];
}

/** Thickness of one wall over the middle of its area. */
function wallTruth(orbit: Orbit, wall: 'medial' | 'floor'): WallTruth {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  let sum = 0;
  let count = 0;
  for (let y = 4; y <= 32; y++) {
    const at = orbit.section(y);
    for (let across = -0.45; across <= 0.45; across += 0.05) {
      const x = orbit.side * (wall === 'medial' ? at.x - at.halfWidth : at.x + across * at.halfWidth);
      const z = wall === 'medial' ? at.z + across * at.halfHeight : at.z - at.halfHeight;
      const thickness = wallOf(orbit, x, y, z);
      least = Math.min(least, thickness);
      most = Math.max(most, thickness);
      sum += thickness;
      count++;
    }
  }
  return { wall, side: orbit.side === 1 ? 'left' : 'right', thicknessMm: { least, mean: sum / count, most } };
}

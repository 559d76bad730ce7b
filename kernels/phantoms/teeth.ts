import { type Shape, superellipsoid } from './distance.ts';
import { archPoint } from './face-bones.ts';
import type { Random } from './random.ts';

export interface Tooth {
  root: Shape;
  crown: Shape;
  pulp: Shape;
  crownHu: number;
}

/** Place along half the arch (0 front, 1 back), half-width across and along the arch in mm, of the eight teeth of a quadrant. */
const quadrant = [
  [0.075, 3.4, 4.1],
  [0.21, 3.1, 3.3],
  [0.335, 3.9, 3.8],
  [0.455, 4.4, 3.4],
  [0.56, 4.5, 3.3],
  [0.69, 5.4, 5],
  [0.835, 5.3, 4.8],
  [0.965, 4.9, 4.3],
] as const;

/** Sixteen upper teeth; the first left molar wears a metal crown, the second right premolar is missing. */
export function upperTeeth(random: Random): Tooth[] {
  const teeth: Tooth[] = [];
  for (const side of [-1, 1] as const) {
    quadrant.forEach(([place, across, along], n) => {
      if (side === -1 && n === 4) return;
      const angle = side * (place + random.between(-0.004, 0.004));
      const crownZ = -62.5 + random.between(-0.4, 0.4);
      const [x, y] = archPoint(angle, 0);
      // Front teeth stand across the arch, molars along it: the two half-widths swap with the turn.
      const turn = Math.abs(Math.sin(angle * 1.5));
      const a = along + (across - along) * turn;
      const b = across + (along - across) * turn;
      const rootLength = n === 2 ? 9.5 : 7.5;
      teeth.push({
        root: superellipsoid([x, y, crownZ + rootLength], [a * 0.66, b * 0.66, rootLength + 2.5], 2.5),
        crown: superellipsoid([x, y, crownZ], [a, b, 4.6], 2.5),
        pulp: superellipsoid([x, y, crownZ + rootLength - 1], [0.8, 0.8, rootLength - 1]),
        crownHu: side === 1 && n === 5 ? 3071 : 2350,
      });
    });
  }
  return teeth;
}

import type { Triple } from '../volume/geometry.ts';

/** Slow twins of this room for its tests: bytes, every pair, no bits. */

export interface Surfel {
  pointMm: Triple;
  code: number;
}

/** The surfels of a mask of bytes by their definition. */
export function surfelsByDefinition(mask: Uint8Array, [nx, ny, nz]: Triple, spacingMm: Triple): Surfel[] {
  const inside = (i: number, j: number, k: number) =>
    i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz && mask[i + nx * (j + ny * k)] !== 0;
  const found: Surfel[] = [];
  for (let k = 0; k <= nz; k++) {
    for (let j = 0; j <= ny; j++) {
      for (let i = 0; i <= nx; i++) {
        let code = 0;
        for (let c = 0; c < 8; c++) if (inside(i - 1 + (c & 1), j - 1 + ((c >> 1) & 1), k - 1 + (c >> 2))) code |= 1 << c;
        if (code !== 0 && code !== 255) found.push({ pointMm: [i * spacingMm[0], j * spacingMm[1], k * spacingMm[2]], code });
      }
    }
  }
  return found;
}

/** Distance of each surfel to the nearest of the others, every pair. */
export function distancesByDefinition(from: Surfel[], to: Surfel[]): number[] {
  return from.map(({ pointMm: p }) =>
    to.reduce((least, { pointMm: q }) => Math.min(least, Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])), Infinity),
  );
}

/** The least distance with at least `share` of the area at it or nearer, by sorting. */
export function percentileByDefinition(distancesMm: number[], areasMm2: number[], share: number): number {
  const order = distancesMm.map((_, n) => n).sort((a, b) => distancesMm[a] - distancesMm[b]);
  const whole = areasMm2.reduce((a, b) => a + b, 0);
  let below = 0;
  for (const n of order) {
    below += areasMm2[n];
    if (below >= whole * share * (1 - 1e-12)) return distancesMm[n];
  }
  return distancesMm[order[order.length - 1]];
}

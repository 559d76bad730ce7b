/** Where a point lies among air cells: the cell's own number and the distance to the wall that parts it from the next. */
export interface CellHit {
  cell: number;
  wallMm: number;
}

const hash = (i: number, j: number, k: number, seed: number): number => {
  let h = Math.imul(i + 101, 0x27d4eb2d) ^ Math.imul(j + 211, 0x165667b1) ^ Math.imul(k + 307, 0x9e3779b1) ^ seed;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/**
 * Air cells as the Voronoi regions of a jittered lattice (Worley, 1996; the wall by the bisector of the two nearest points).
 * The distance is to the wall's midplane and holds near it.
 */
export function airCells(seed: number, [sx, sy, sz]: readonly [number, number, number]): (x: number, y: number, z: number) => CellHit {
  const hit: CellHit = { cell: 0, wallMm: 0 };
  return (x, y, z) => {
    const ci = Math.floor(x / sx);
    const cj = Math.floor(y / sy);
    const ck = Math.floor(z / sz);
    let best = Number.POSITIVE_INFINITY;
    let second = Number.POSITIVE_INFINITY;
    let bx = 0;
    let by = 0;
    let bz = 0;
    let qx = 0;
    let qy = 0;
    let qz = 0;
    for (let i = ci - 1; i <= ci + 1; i++) {
      for (let j = cj - 1; j <= cj + 1; j++) {
        for (let k = ck - 1; k <= ck + 1; k++) {
          const h = hash(i, j, k, seed);
          const px = (i + 0.2 + 0.6 * ((h & 1023) / 1023)) * sx;
          const py = (j + 0.2 + 0.6 * (((h >> 10) & 1023) / 1023)) * sy;
          const pz = (k + 0.2 + 0.6 * ((h >>> 22) / 1023)) * sz;
          const square = (x - px) ** 2 + (y - py) ** 2 + (z - pz) ** 2;
          if (square < best) {
            second = best;
            qx = bx;
            qy = by;
            qz = bz;
            best = square;
            bx = px;
            by = py;
            bz = pz;
            hit.cell = h;
          } else if (square < second) {
            second = square;
            qx = px;
            qy = py;
            qz = pz;
          }
        }
      }
    }
    hit.wallMm = (second - best) / (2 * Math.hypot(bx - qx, by - qy, bz - qz));
    return hit;
  };
}

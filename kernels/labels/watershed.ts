import { type BitGrid, bitAt } from './bits.ts';
import type { Components } from './components.ts';

const heights = 4096;
const ticksEvery = 1 << 20;

/** A label volume of parts: `after` + 1 and on in their order, 0 elsewhere. */
export function labelsOfParts({ runs, part }: Components, after: number): Uint32Array {
  const [nx, ny, nz] = runs.dimensions;
  const labels = new Uint32Array(nx * ny * nz);
  for (let row = 0; row < ny * nz; row++)
    for (let n = runs.rowStart[row]; n < runs.rowStart[row + 1]; n++)
      labels.fill(after + 1 + part[n], row * nx + runs.ends[2 * n], row * nx + runs.ends[2 * n + 1]);
  return labels;
}

/**
 * Watershed by flooding from markers (Meyer): highest ground first, first come first served on equal ground, so that basins meet in the
 * saddles between them. Ground is the distance to what is not set, in 4096 steps.
 * @param squaredMm that distance, squared; Infinity counts as the highest
 * @param labels the markers, 0 elsewhere; every voxel of the mask that a marker reaches gets its label, in place
 * Cost: some 0.7 us a voxel of the mask; 4 bytes a voxel.
 */
export function watershed(bits: BitGrid, squaredMm: Float32Array, labels: Uint32Array, connectivity: 6 | 18 | 26, tick: () => void): void {
  const [nx, ny] = bits.dimensions;
  const away = { 6: 1, 18: 2, 26: 3 }[connectivity];
  let highest = 0;
  for (let n = 0; n < squaredMm.length; n++) if (squaredMm[n] > highest && squaredMm[n] < Number.POSITIVE_INFINITY) highest = squaredMm[n];
  const heightOf = (n: number): number =>
    highest === 0 ? 0 : Math.min(heights - 1, Math.floor(Math.sqrt(squaredMm[n] / highest) * (heights - 1)));
  // A queue for every height; a voxel is in one of them once, when it gets its label.
  const head = new Int32Array(heights).fill(-1);
  const tail = new Int32Array(heights).fill(-1);
  const next = new Int32Array(labels.length).fill(-1);
  const push = (n: number, height: number): void => {
    if (head[height] < 0) head[height] = n;
    else next[tail[height]] = n;
    tail[height] = n;
  };
  for (let n = 0; n < labels.length; n++) if (labels[n] > 0) push(n, heightOf(n));
  let done = 0;
  let height = heights - 1;
  while (height >= 0) {
    const n = head[height];
    if (n < 0) {
      height--;
      continue;
    }
    head[height] = next[n];
    if (done++ % ticksEvery === 0) tick();
    const i = n % nx;
    const row = (n - i) / nx;
    const j = row % ny;
    const k = (row - j) / ny;
    for (let dk = -1; dk <= 1; dk++)
      for (let dj = -1; dj <= 1; dj++)
        for (let di = -1; di <= 1; di++) {
          if (Math.abs(di) + Math.abs(dj) + Math.abs(dk) > away || !bitAt(bits, i + di, j + dj, k + dk)) continue;
          const to = n + di + nx * (dj + ny * dk);
          if (labels[to] > 0) continue;
          labels[to] = labels[n];
          // Water does not run uphill: higher ground behind a saddle is reached as late as the saddle.
          push(to, Math.min(height, heightOf(to)));
        }
  }
}

import { median, spreadSlices, type Voxels } from './sampled-slices.ts';

export interface BlockNoise {
  /** Standard deviation of voxels inside homogeneous blocks, median of many; null where too few blocks are. */
  sd: number | null;
  blocks: number;
  /** Slice of each block, and its own deviation: where noise is worse than elsewhere. */
  bySlice: Map<number, number[]>;
}

const blockMm = 5;
/** A median of fewer blocks says little. */
const leastBlocks = 20;

/**
 * Noise in one kind of tissue: blocks of about 5 mm whose mean lies between two limits and whose four quarters agree, so that no edge or
 * slope counts as noise. Blocks that touch the lowest value (clipped or padded) are left out, since clipping hides noise.
 * @param floor values below are padding
 * Cost: at most some 3 million reads
 */
export function blockNoise({ values, dimensions: [nx, ny, nz], spacingMm }: Voxels, from: number, to: number, floor: number): BlockNoise {
  const side = Math.max(4, Math.min(12, 2 * Math.round(blockMm / Math.max(spacingMm[0], spacingMm[1]) / 2)));
  const half = side >> 1;
  const step = side * 2;
  const quarter = new Float64Array(4);
  const found: number[] = [];
  const bySlice = new Map<number, number[]>();
  for (const k of spreadSlices(nz, 48)) {
    for (let y = (k % 2) * half; y + side <= ny; y += step) {
      for (let x = 0; x + side <= nx; x += step) {
        // The middle voxel tells most blocks apart before the others are read.
        const middle = values[(k * ny + y + half) * nx + x + half]!;
        if (middle < from - 150 || middle > to + 150) continue;
        quarter.fill(0);
        let sum = 0;
        let squares = 0;
        let low = false;
        for (let j = 0; j < side && !low; j++) {
          const row = (k * ny + y + j) * nx + x;
          for (let i = 0; i < side; i++) {
            const value = values[row + i]!;
            if (value <= floor) {
              low = true;
              break;
            }
            const off = value - middle;
            sum += off;
            squares += off * off;
            quarter[(j < half ? 0 : 2) + (i < half ? 0 : 1)]! += off;
          }
        }
        if (low) continue;
        const count = side * side;
        const mean = sum / count;
        if (middle + mean < from || middle + mean > to) continue;
        const sd = Math.sqrt(Math.max(0, (squares - count * mean * mean) / (count - 1)));
        if (sd === 0) continue;
        const means = quarter.map((part) => part / (half * half));
        if (Math.max(...means) - Math.min(...means) > 1.2 * sd) continue;
        found.push(sd);
        const known = bySlice.get(k);
        if (known) known.push(sd);
        else bySlice.set(k, [sd]);
      }
    }
  }
  return { sd: found.length >= leastBlocks ? median(found) : null, blocks: found.length, bySlice };
}

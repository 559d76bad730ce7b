import type { SeriesSummary } from '../../../contract/volume.ts';
import { frameBytes, frameValues } from './frames.ts';
import type { Slice } from './slice.ts';

const longestSide = 96;
/** Bone window: width 2000, level 500 (HU). */
const boneHu = [-500, 1500] as const;

/** One slice of stored values, and what they mean. */
export interface ShownSlice {
  stored: ArrayLike<number>;
  columns: number;
  rows: number;
  slope: number;
  intercept: number;
  /** Between columns, between rows; zeros where unknown. */
  inPlaneMm: [number, number];
  isHu: boolean;
}

/** The decoded values of a DICOM slice. Throws Refusal where it cannot be decoded. */
export function shownSlice(slice: Slice, inPlaneMm: [number, number], isHu: boolean): ShownSlice {
  const { file, frame } = slice;
  const stored = frameValues(file, frameBytes(file)[frame.index] as Uint8Array);
  const { rows, columns } = file.format;
  return { stored, rows, columns, slope: frame.slope ?? 1, intercept: frame.intercept ?? 0, inPlaneMm, isHu };
}

/** A slice as 8-bit grey, its pixels square, at most 96 on a side. */
export function thumbnail(shown: ShownSlice): NonNullable<SeriesSummary['thumbnail']> {
  const { stored, rows, columns, slope, intercept, inPlaneMm, isHu } = shown;
  const [low, high] = isHu ? boneHu : spread(stored, slope, intercept);
  const wide = columns * (inPlaneMm[0] || 1);
  const tall = rows * (inPlaneMm[1] || 1);
  const scale = longestSide / Math.max(wide, tall);
  const width = Math.max(1, Math.min(columns, Math.round(wide * scale)));
  const height = Math.max(1, Math.min(rows, Math.round(tall * scale)));
  const grey = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * rows) / height);
    for (let x = 0; x < width; x++) {
      const value = (stored[row * columns + Math.floor(((x + 0.5) * columns) / width)] as number) * slope + intercept;
      grey[y * width + x] = Math.max(0, Math.min(255, Math.round(((value - low) / (high - low || 1)) * 255)));
    }
  }
  return { width, height, grey: Buffer.from(grey).toString('base64') };
}

/** From the darkest to the 99th percentile of a sample: one hot voxel must not make the picture black. */
function spread(stored: ArrayLike<number>, slope: number, intercept: number): [number, number] {
  const sample: number[] = [];
  const stride = Math.max(1, Math.floor(stored.length / 4096));
  for (let n = 0; n < stored.length; n += stride) sample.push((stored[n] as number) * slope + intercept);
  sample.sort((a, b) => a - b);
  return [sample[0] ?? 0, sample[Math.floor((sample.length - 1) * 0.99)] ?? 1];
}

import { integrateProbabilities } from '../../kernels/networks/integrate.ts';
import { supportedFromHu } from '../viewports/overlay/inferred.ts';
import type { LoadedVolume, ProbabilityField } from './viewer.ts';

/** What the side panel says of a run: counted over its box. */
export interface RunCounts {
  /** Voxels of every probability byte. */
  histogram: Uint32Array;
  /** Voxels of the mask in the box, and those of them that no HU supports. */
  bone: number;
  inferred: number;
}

/** Voxels at or above a byte. */
export function atLeast(histogram: Uint32Array, byte: number): number {
  let sum = 0;
  for (let b = Math.max(0, byte); b < 256; b++) sum += histogram[b]!;
  return sum;
}

/** One layer of the box (k counted inside of it) into `counts`. */
export function countLayer(volume: LoadedVolume, field: ProbabilityField, mask: Uint8Array, k: number, counts: RunCounts): void {
  const [nx, ny] = volume.geometry.dimensions;
  const { offsetIjk, dimensions } = field.box;
  const [ni, nj] = dimensions;
  const layer = ni * nj;
  const hu = new Float32Array(layer);
  for (let j = 0; j < nj; j++) {
    const row = offsetIjk[0] + nx * (offsetIjk[1] + j + ny * (offsetIjk[2] + k));
    for (let i = 0; i < ni; i++) {
      const value = volume.values[row + i]!;
      hu[j * ni + i] = value;
      if (mask[row + i] !== 1) continue;
      counts.bone++;
      if (value < supportedFromHu) counts.inferred++;
    }
  }
  const part = (n: number) => field.parts[n]!.subarray(k * layer, (k + 1) * layer);
  const bytes = field.integration ? integrateProbabilities(part(0), part(1), hu, field.integration) : part(0);
  const air = field.airHu ?? Number.NEGATIVE_INFINITY;
  for (let n = 0; n < layer; n++) {
    const b = hu[n]! < air ? 0 : bytes[n]!;
    counts.histogram[b] = counts.histogram[b]! + 1;
  }
}

/** Counts a run in pieces of a few milliseconds. Resolves to null when `wanted` says that it came too late. */
export async function countRun(
  volume: LoadedVolume,
  field: ProbabilityField,
  mask: Uint8Array,
  wanted: () => boolean,
): Promise<RunCounts | null> {
  const counts: RunCounts = { histogram: new Uint32Array(256), bone: 0, inferred: 0 };
  let since = performance.now();
  for (let k = 0; k < field.box.dimensions[2]; k++) {
    countLayer(volume, field, mask, k, counts);
    if (performance.now() - since < 8) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (!wanted()) return null;
    since = performance.now();
  }
  return counts;
}

import { Refusal } from '../../../contract/errors.ts';
import type { ModelCard } from '../../../contract/model.ts';

/** One axis of a tile in voxels: `from` to `to` are read, `keepFrom` to `keepTo` of them are kept (all counted from the volume's first). */
export interface Span {
  from: number;
  to: number;
  keepFrom: number;
  keepTo: number;
}
export interface Tile {
  w: Span;
  h: Span;
  d: Span;
}

/**
 * No tensor of a run is larger than this. On Electron one native request of 1 GiB ends the process (aligned allocations are replaced
 * there), and the runtime asks for a tensor in one piece.
 */
export const largestTensorBytes = 512 * 1024 * 1024;

/** Below this many slices a tile is mostly halo. */
const comfortableSlices = 24;

/** `count` parts of an axis, all windows of one size that is at least `least`, shifted inwards at the ends so that none is smaller. */
function splitAxis(size: number, count: number, halo: number, least: number): Span[] {
  const bounds = Array.from({ length: count + 1 }, (_, n) => Math.round((n * size) / count));
  const widest = Math.max(...bounds.slice(1).map((to, n) => to - bounds[n]!));
  const window = count === 1 ? size : Math.min(size, Math.max(least, widest + 2 * halo));
  return bounds.slice(1).map((keepTo, n) => {
    const keepFrom = bounds[n]!;
    const from = Math.max(0, Math.min(keepFrom - halo, size - window));
    return { from, to: from + window, keepFrom, keepTo };
  });
}

/** Slices in runs of at most `depth`; at the ends of the volume there is no halo, so that a network sees the true end there. */
function splitSlices(size: number, depth: number, halo: number): Span[] {
  const out: Span[] = [];
  for (let keepFrom = 0; keepFrom < size; ) {
    const from = Math.max(0, keepFrom - halo);
    const to = Math.min(size, from + depth);
    const keepTo = to === size ? size : to - halo;
    out.push({ from, to, keepFrom, keepTo });
    keepFrom = keepTo;
  }
  return out;
}

/**
 * Cuts a volume into tiles that the card's widest layer keeps below the bound (12-environment). Networks that normalise look at the whole
 * tile, so slices stay whole where one with its halo fits; else they are cut along H and W into as few windows as fit.
 * @param dimensions voxels along W, H, D
 * @returns tiles whose kept parts cover the volume exactly once
 * @throws Refusal OUT_OF_MEMORY where even the least tile that the card allows is above the bound
 */
export function planTiles(
  dimensions: readonly [number, number, number],
  card: { memory: ModelCard['memory']; input: Pick<ModelCard['input'], 'haloSlices' | 'haloPixels' | 'leastTilePixels'> },
  bytes: number = largestTensorBytes,
): Tile[] {
  const [width, height, depth] = dimensions;
  const { haloSlices, haloPixels, leastTilePixels } = card.input;
  const voxels = Math.floor(bytes / 4 / card.memory.widestFloatsPerVoxel);
  const leastDepth = Math.min(depth, 2 * haloSlices + 1);
  let [across, down] = [1, 1];
  for (;;) {
    const w = splitAxis(width, across, haloPixels, leastTilePixels);
    const h = splitAxis(height, down, haloPixels, leastTilePixels);
    const slice = (w[0]!.to - w[0]!.from) * (h[0]!.to - h[0]!.from);
    const fitting = Math.floor(voxels / slice);
    // Half of what fits is as fast, holds half the memory, and is heard sooner when the user cancels.
    const slices = Math.min(fitting, Math.max(leastDepth, comfortableSlices, Math.floor(fitting / 2)));
    if (fitting >= leastDepth)
      return splitSlices(depth, slices, haloSlices).flatMap((d) => h.flatMap((one) => w.map((other) => ({ w: other, h: one, d }))));
    const next = cutFurther(w, h, width, height, haloPixels, leastTilePixels);
    if (next === null)
      throw new Refusal(
        'OUT_OF_MEMORY',
        `This network needs ${card.memory.widestFloatsPerVoxel} numbers a voxel at its widest; even its least tile is above ${Math.round(bytes / 2 ** 20)} MiB for one layer. Choose a smaller network.`,
      );
    if (next === 'w') across++;
    else down++;
  }
}

/** What the widest layer takes on the largest of some tiles. */
export function widestBytes(tiles: Tile[], widestFloatsPerVoxel: number): number {
  const size = ({ from, to }: Span) => to - from;
  return 4 * widestFloatsPerVoxel * Math.max(...tiles.map(({ w, h, d }) => size(w) * size(h) * size(d)));
}

/** The axis to cut once more: the one whose window is longer and can still shrink. */
function cutFurther(w: Span[], h: Span[], width: number, height: number, halo: number, least: number): 'w' | 'h' | null {
  const floor = (size: number) => Math.min(size, Math.max(least, 2 * halo + 1));
  const room = (spans: Span[], size: number) => spans[0]!.to - spans[0]!.from - floor(size);
  const roomW = room(w, width);
  const roomH = room(h, height);
  if (roomW <= 0 && roomH <= 0) return null;
  return roomW >= roomH ? 'w' : 'h';
}

import type { MaskDelta, MaskSource } from '../../contract/segmentation.ts';
import { applyRuns, runsFromText } from '../../kernels/labels/runs.ts';

/** How the mask on screen becomes the mask that the case now has. `takeBack` is in the order in which it must happen: newest first. */
export type MaskPlan = { kind: 'same' } | { kind: 'strokes'; takeBack: number[]; draw: number[] } | { kind: 'fetch' };

/** Above this many strokes one transfer of the whole mask is quicker than one request each. */
const manyStrokes = 24;

/** Compares two states of one mask. Strokes are only ever added and removed at the end, so a shared beginning needs nothing. */
export function planMaskChange(shown: MaskSource | null, wanted: MaskSource): MaskPlan {
  if (shown === null || shown.base !== wanted.base) return { kind: 'fetch' };
  let shared = 0;
  while (shared < shown.strokes.length && shared < wanted.strokes.length && shown.strokes[shared] === wanted.strokes[shared]) shared++;
  const takeBack = shown.strokes.slice(shared).reverse();
  const draw = wanted.strokes.slice(shared);
  if (takeBack.length + draw.length === 0) return { kind: 'same' };
  return takeBack.length + draw.length > manyStrokes ? { kind: 'fetch' } : { kind: 'strokes', takeBack, draw };
}

/** Draws a stroke's delta into a mask, in place. */
export function drawDelta(mask: Uint8Array, delta: MaskDelta): void {
  applyRuns(mask, runsFromText(delta.runs), delta.value);
}

/** Takes an act back: a delta names only voxels that changed, all to one value, so its inverse is the other value; a flip is its own. */
export function takeBackDelta(mask: Uint8Array, delta: MaskDelta): void {
  applyRuns(mask, runsFromText(delta.runs), delta.value === 'flip' ? 'flip' : delta.value === 1 ? 0 : 1);
}

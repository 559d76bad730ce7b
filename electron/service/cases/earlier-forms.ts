/** Acts as earlier versions wrote them, read as they are written now; nothing of a journal is rewritten. */

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Every model was made from the mask alone and nobody looked for crossings; the settings did not say so. */
export const meshSettingsOf = (kept: unknown): unknown =>
  isObject(kept) && !('surface' in kept) ? { ...kept, surface: 'mask', mendSelfIntersections: false } : kept;

/** Each mask that an effect made or changed was an act of its own, on the segment that it changed or split. */
export function effectOf(kept: unknown): unknown {
  if (!isObject(kept) || 'changes' in kept) return kept;
  const { made = null, change, voxels, volumeMm3, ...rest } = kept;
  return { ...rest, changes: [{ into: made === null ? kept.segment : null, made, change, voxels, volumeMm3 }] };
}

/** Each segment of a file was an act of its own, and its markups were an act beside them. */
export function loadOf(kept: unknown): unknown {
  if (!isObject(kept) || 'changes' in kept || !isObject(kept.source)) return kept;
  const { series, source, ...one } = kept;
  const { value, networkWording, algorithmType, ...file } = source;
  return { series, source: file, changes: [{ ...one, value, networkWording, algorithmType }] };
}

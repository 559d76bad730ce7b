export interface CrfDecision {
  /** 0 and 1, a new array. */
  mask: Uint8Array;
  added: number;
  removed: number;
}

/**
 * What a field's answer changes in a mask: bone is where its probability is 0.5 and above, but
 * - a voxel that is `held` keeps what it has,
 * - in the `zone` of thin walls voxels are only added, elsewhere only taken away: a Potts model of isotropic kernels wears thin walls off and
 *   thickens the rims of thick bone (docs/decisions/0012-crf.md has the figures). Without a zone the field decides alone.
 * @throws RangeError where the lengths differ
 */
export function crfMask(before: Uint8Array, probability: Float32Array, held: Uint8Array, zone: Uint8Array | null): CrfDecision {
  if (probability.length !== before.length || held.length !== before.length || (zone !== null && zone.length !== before.length))
    throw new RangeError('the answer does not cover the same voxels');
  const mask = before.slice();
  let added = 0;
  let removed = 0;
  for (let n = 0; n < mask.length; n++) {
    const bone = probability[n] >= 0.5 ? 1 : 0;
    if (bone === before[n] || held[n] !== 0) continue;
    if (zone !== null && (zone[n] !== 0) !== (bone === 1)) continue;
    mask[n] = bone;
    if (bone === 1) added++;
    else removed++;
  }
  return { mask, added, removed };
}

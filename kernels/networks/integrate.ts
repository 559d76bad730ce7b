/** How Method C joins its two networks (D.3). HU. */
export interface Integration {
  overlapHu: [number, number];
  /** 0.5: both count fully, which is the union of the two masks; towards 1 the thin network loses its say in the overlap, towards 0 the cortical one. */
  corticalWeight: number;
}

/**
 * One probability out of those of the cortical and the thin-bone network: the larger of the two, and inside the overlap band each
 * weighed first (D.3; the re-weighing is ours).
 * @param cortical, thin uint8, 255 = certain
 * @param valuesHu of the same voxels
 * @returns uint8
 * @throws RangeError where the lengths differ
 */
export function integrateProbabilities(
  cortical: Uint8Array,
  thin: Uint8Array,
  valuesHu: Int16Array | Float32Array,
  { overlapHu: [low, high], corticalWeight }: Integration,
): Uint8Array {
  if (cortical.length !== thin.length || thin.length !== valuesHu.length)
    throw new RangeError('the probabilities do not cover the same voxels');
  const into = new Uint8Array(cortical.length);
  const ofCortical = Math.min(1, 2 * corticalWeight);
  const ofThin = Math.min(1, 2 * (1 - corticalWeight));
  for (let n = 0; n < into.length; n++) {
    const c = cortical[n]!;
    const t = thin[n]!;
    const v = valuesHu[n]!;
    if (v < low || v > high) into[n] = Math.max(c, t);
    else into[n] = Math.round(Math.max(c * ofCortical, t * ofThin));
  }
  return into;
}

/**
 * The probability with clear air taken out: 0 wherever the HU lies below `airHu`. Physics, not learning: even a wall of 0.1 mm between air
 * lifts its voxel above this, so that what a network draws there is invented.
 * @param probability uint8; `valuesHu` of the same voxels
 * @throws RangeError where the lengths differ
 */
export function withoutAir(probability: Uint8Array, valuesHu: Int16Array | Float32Array, airHu: number): Uint8Array {
  if (probability.length !== valuesHu.length) throw new RangeError('the probability does not cover the same voxels');
  const into = probability.slice();
  for (let n = 0; n < into.length; n++) if (valuesHu[n]! < airHu) into[n] = 0;
  return into;
}

/** Probability 0..1 as a byte; `thresholdByte` is the least byte that counts as at or above a threshold. */
export const probabilityByte = (p: number): number => Math.round(p * 255);
export const thresholdByte = (p: number): number => Math.ceil(p * 255 - 1e-9);

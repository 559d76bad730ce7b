/** The voxels of a volume as it is kept: i fastest. */
export type Values = Int16Array | Float32Array;

/** Told how much of the work is done, 0 to 1, often enough to draw a bar; what it throws ends the work. */
export type Step = (fraction: number) => void;

export const noStep: Step = () => undefined;

/** An empty array of the same kind as another, zeros. */
export function sameKind<T extends Values | Uint8Array>(values: T, length: number): T {
  return new (values.constructor as new (length: number) => T)(length);
}

/** Throws RangeError where values and grid do not fit. */
export function assertFits(values: ArrayLike<number>, voxels: number): void {
  if (values.length !== voxels) throw new RangeError(`${values.length} values do not fit a grid of ${voxels} voxels`);
}

/**
 * Where patches begin along one side of a picture: every `stride` pixels from 0 until the whole side is covered. The last patch may
 * reach beyond the edge; a picture smaller than a patch gets one patch.
 * @throws RangeError where a length, size or stride is not a whole number from 1 on
 */
export function patchStarts(length: number, size: number, stride: number): number[] {
  for (const n of [length, size, stride]) if (!Number.isInteger(n) || n < 1) throw new RangeError(`not a number of pixels: ${n}`);
  const starts = [0];
  // With gaps between patches (stride above size) a start beyond the edge would hold nothing of the picture.
  while (starts[starts.length - 1] + size < length && starts[starts.length - 1] + stride < length)
    starts.push(starts[starts.length - 1] + stride);
  return starts;
}

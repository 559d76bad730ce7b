import { passesOn } from '../simd/mesh-instance.ts';
import type { SmoothField } from './smooth-field.ts';

/** A pass over the vertices [from, to). */
export interface PassInput {
  field: SmoothField;
  from: number;
  to: number;
  first: number;
  second: number;
}

/** rough = here - mean of here over the neighbours. */
export function roughnessPass({ field, from, to }: PassInput): void {
  const { memory, starts, list, here, rough } = field;
  if (memory) passesOn(memory).roughness(from, to, starts.byteOffset, list.byteOffset, here.byteOffset, rough.byteOffset);
  else plainRoughness(field, from, to);
}

/** here = (1 - first * r + second * r^2) here, where r here is in `rough` already. */
export function factorPass({ field, from, to, first, second }: PassInput): void {
  const { memory, starts, list, here, rough } = field;
  if (memory) passesOn(memory).factor(from, to, starts.byteOffset, list.byteOffset, here.byteOffset, rough.byteOffset, first, second);
  else plainFactor(field, from, to, first, second);
}

const { fround } = Math;

/** The mean of one coordinate over some neighbours, every step rounded as the vector instructions round it. */
function meanOf(list: Uint32Array, from: number, to: number, points: Float32Array, axis: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum = fround(sum + points[list[at] / 4 + axis]);
  return fround(sum / fround(to - from));
}

/** The twin of the compiled pass, the same to the last bit. */
function plainRoughness({ starts, list, here, rough }: SmoothField, from: number, to: number): void {
  for (let vertex = from; vertex < to; vertex++) {
    for (let axis = 0; axis < 3; axis++) {
      const at = vertex * 4 + axis;
      const alone = starts[vertex] === starts[vertex + 1];
      rough[at] = alone ? 0 : here[at] - meanOf(list, starts[vertex], starts[vertex + 1], here, axis);
    }
  }
}

/** The twin of the compiled pass, the same to the last bit. */
function plainFactor({ starts, list, here, rough }: SmoothField, from: number, to: number, first: number, second: number): void {
  const [a, b] = [fround(first), fround(second)];
  for (let vertex = from; vertex < to; vertex++) {
    if (starts[vertex] === starts[vertex + 1]) continue;
    for (let axis = 0; axis < 3; axis++) {
      const at = vertex * 4 + axis;
      const twice = fround(rough[at] - meanOf(list, starts[vertex], starts[vertex + 1], rough, axis));
      here[at] = fround(here[at] - fround(a * rough[at])) + fround(b * twice);
    }
  }
}

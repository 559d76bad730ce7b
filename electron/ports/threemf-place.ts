import type { Mesh } from '../../kernels/mesh/mesh.ts';
import { type Placed, ThreeMfFault, type ThreeMfModel, type Transform } from './threemf-parts.ts';

/** Objects of objects of objects: a small file can ask for a mesh without end. */
const limits = { depth: 16, visits: 100_000, triangles: 2 ** 25 };

interface Leaf {
  positions: Float32Array;
  triangles: Uint32Array;
  transform: Transform | null;
}

/** First `first`, then `second`. */
function after(first: Transform | null, second: Transform | null): Transform | null {
  if (!first || !second) return first ?? second;
  const out: number[] = [];
  for (let row = 0; row < 4; row++)
    for (let column = 0; column < 3; column++) {
      let sum = row === 3 ? (second[9 + column] as number) : 0;
      for (let n = 0; n < 3; n++) sum += (first[row * 3 + n] as number) * (second[n * 3 + column] as number);
      out.push(sum);
    }
  return out;
}

const turnsOver = (m: number[]): boolean => {
  const [a, b, c, d, e, f, g, h, i] = m as [number, number, number, number, number, number, number, number, number];
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g) < 0;
};

function leavesOf(model: ThreeMfModel): Leaf[] {
  const leaves: Leaf[] = [];
  let visits = 0;
  let triangles = 0;
  const visit = ({ object: id, transform }: Placed, depth: number) => {
    const object = model.objects.get(id);
    if (!object) throw new ThreeMfFault('damaged', 'it places an object that is not there');
    triangles += object.triangles.length / 3;
    if (++visits > limits.visits || depth > limits.depth || triangles > limits.triangles)
      throw new ThreeMfFault('unsupported', 'its objects are placed in one another too often');
    if (object.triangles.length > 0) leaves.push({ positions: object.positions.values(), triangles: object.triangles.values(), transform });
    for (const part of object.components) visit({ object: part.object, transform: after(part.transform, transform) }, depth + 1);
  };
  for (const item of model.items) visit(item, 0);
  return leaves;
}

function placedPositions({ positions, transform }: Leaf, unitMm: number): Float32Array {
  // Untouched where nothing moves them: what we write is read back bit for bit.
  if (!transform && unitMm === 1) return positions;
  const m = transform ?? [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0];
  const out = new Float32Array(positions.length);
  for (let n = 0; n < positions.length; n += 3)
    for (let axis = 0; axis < 3; axis++) {
      let sum = m[9 + axis] as number;
      for (let from = 0; from < 3; from++) sum += (positions[n + from] as number) * (m[from * 3 + axis] as number);
      out[n + axis] = sum * unitMm;
    }
  return out;
}

/**
 * What a 3MF builds as one mesh in mm: each item's object, with its components in their places; mirrored ones turned the right way out.
 * Throws ThreeMfFault where a vertex or an object is named that is not there, nothing is built, or small XML asks for too much.
 */
export function placedMesh(model: ThreeMfModel): Mesh & { positions: Float32Array } {
  const leaves = leavesOf(model);
  if (leaves.length === 0) throw new ThreeMfFault('damaged', 'it builds nothing');
  const positions = new Float32Array(leaves.reduce((sum, leaf) => sum + leaf.positions.length, 0));
  const triangles = new Uint32Array(leaves.reduce((sum, leaf) => sum + leaf.triangles.length, 0));
  let place = 0;
  let corner = 0;
  for (const leaf of leaves) {
    const first = place / 3;
    positions.set(placedPositions(leaf, model.unitMm), place);
    place += leaf.positions.length;
    const over = leaf.transform !== null && turnsOver(leaf.transform);
    const vertices = leaf.positions.length / 3;
    for (let n = 0; n < leaf.triangles.length; n++) {
      const at = over && n % 3 !== 0 ? (n % 3 === 1 ? n + 1 : n - 1) : n;
      const vertex = leaf.triangles[at] as number;
      if (vertex >= vertices) throw new ThreeMfFault('damaged', 'a triangle names a vertex that is not there');
      triangles[corner++] = first + vertex;
    }
  }
  return { positions, triangles };
}

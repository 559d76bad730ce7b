import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { convolutionModel, grid } from '../ports/onnx/onnx-writer.fixture.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
export const bytesOf = (values: Float32Array): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** What convolutionModel answers for bone: a weighted mean of 3 x 3 x 3 neighbours, zero outside. Written here anew as a slow oracle. */
export function convolved(values: Float32Array, [w, h, d]: readonly [number, number, number]): Float32Array {
  const out = new Float32Array(values.length);
  for (let z = 0; z < d; z++)
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++) {
        let sum = 0;
        for (let n = 0; n < 27; n++) {
          const [c, b, a] = [x + (n % 3) - 1, y + (Math.floor(n / 3) % 3) - 1, z + Math.floor(n / 9) - 1];
          if (a < 0 || b < 0 || c < 0 || a >= d || b >= h || c >= w) continue;
          sum += (((n % 5) + 1) / 79) * values[(a * h + b) * w + c]!;
        }
        out[(z * h + y) * w + x] = sum;
      }
  return out;
}

export interface PackageOptions {
  id?: string;
  model?: Uint8Array;
  widestFloatsPerVoxel?: number;
  /** Name of the model file. */
  file?: string;
  /** Null: none. `wrong`: one that the model does not give. */
  knownAnswer?: 'right' | 'wrong' | null;
}

/** A model package of a network without normalisation, whose halo is one voxel, with its known answer. */
export async function writePackage(folder: string, options: PackageOptions = {}): Promise<string> {
  const { id = 'tiny', model = convolutionModel(), widestFloatsPerVoxel = 2, file = 'model.onnx', knownAnswer = 'right' } = options;
  const into = path.join(folder, id);
  await mkdir(into, { recursive: true });
  await writeFile(path.join(into, file), model);
  const card = {
    schema: 1,
    id,
    title: 'a convolution',
    wording: 'test',
    licence: 'Apache-2.0',
    intendedUse: 'tests',
    file: { name: file, sha256: sha256(model), bytes: model.length, opset: 17 },
    input: {
      name: 'hu',
      dtype: 'float32',
      shape: [1, 1, ...grid],
      modality: 'CT',
      unit: 'HU',
      rangeHu: [0, 1],
      pixelMm: { trained: [0.4, 0.6], resampleTo: 0.5 },
      sliceMm: { trained: [0.6, 1] },
      haloSlices: 1,
      haloPixels: 1,
      leastTilePixels: 8,
    },
    outputs: [{ name: 'probability', dtype: 'float32', shape: [1, 2, ...grid], classes: ['background', 'bone'] }],
    memory: { widestFloatsPerVoxel },
    risks: ['none known', { text: 'a test' }],
  };
  await writeFile(path.join(into, 'card.json'), JSON.stringify(card));
  if (knownAnswer === null) return into;
  const dimensions = [6, 5, 4] as const;
  const hu = Float32Array.from({ length: 120 }, (_, n) => ((n * 31) % 97) / 97);
  const bone = convolved(hu, dimensions);
  const probability = new Float32Array(240);
  for (const [n, p] of bone.entries()) {
    probability[n] = 1 - p;
    probability[120 + n] = knownAnswer === 'wrong' ? p / 2 : p;
  }
  const parity = path.join(into, 'parity');
  await mkdir(parity, { recursive: true });
  await writeFile(path.join(parity, 'hu.bin'), bytesOf(hu));
  await writeFile(path.join(parity, 'probability.bin'), bytesOf(probability));
  const spec = (file: string, values: Float32Array, channels: number) => ({
    file,
    dtype: 'float32-le',
    shape: [1, channels, 4, 5, 6],
    sha256: sha256(bytesOf(values)),
  });
  await writeFile(
    path.join(parity, 'parity.json'),
    JSON.stringify({
      model: id,
      tolerance: 1e-5,
      input: spec('hu.bin', hu, 1),
      outputs: { probability: spec('probability.bin', probability, 2) },
    }),
  );
  return into;
}

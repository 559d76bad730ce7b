import { type Triple, voxelCount } from '../volume/geometry.ts';
import { assertFits, noStep, type Step, type Values } from '../volume/values.ts';

export interface AnisotropicOptions {
  iterations: number;
  /** Neighbours that differ by this or more do not mix at all; by half of it, at 56 % of the full pace. */
  contrastHu: number;
  /** 2d: within each slice. */
  plane: '2d' | '3d';
}

/** Of the largest step that can overshoot nowhere. */
const pace = 0.75;

/**
 * Anisotropic diffusion (8.1): Perona and Malik's explicit scheme (1990) with the edge-stopping function of Tukey's biweight (Black et al.,
 * 1998), which unlike theirs stops at an edge altogether. What flows out of a voxel flows into its neighbour, so that the mean stays; no
 * new highest or lowest value appears; nothing crosses the border. The time step follows from the spacing, the finest axis first.
 * Thin walls: a 0.5 mm wall behind a PSF of 0.9 mm FWHM (584 HU above what lies beside it, voxels of 0.45 mm) keeps all of its height up
 * to a contrast of 200 HU, 72 % at 400 HU after 5 iterations, 47 % after 15. Choose the contrast at about three to five times the noise
 * (5 iterations at 100 HU leave 15 % of a noise of 20 HU) and below the step from wall to fat.
 * @param values HU or plain intensity, i fastest
 * @throws RangeError where a setting is not positive or the values do not fit
 * Cost: the result and three slices; 1.3 s an iteration for 67 million voxels in 3D.
 */
export function anisotropic(
  values: Values,
  dimensions: Triple,
  spacingMm: Triple,
  { iterations, contrastHu, plane }: AnisotropicOptions,
  step: Step = noStep,
): Float32Array {
  assertFits(values, voxelCount(dimensions));
  if (!(Number.isSafeInteger(iterations) && iterations > 0)) throw new RangeError(`not a number of iterations: ${iterations}`);
  if (!(contrastHu > 0 && Number.isFinite(contrastHu))) throw new RangeError(`not a contrast: ${contrastHu}`);
  const [nx, ny, nz] = dimensions;
  const inverse = spacingMm.map((mm, a) => (a === 2 && plane === '2d' ? 0 : 1 / (mm * mm)));
  const time = pace / (2 * (inverse[0] + inverse[1] + inverse[2]));
  const [cx, cy, cz] = inverse.map((v) => v * time);
  const out = Float32Array.from(values);
  const size = nx * ny;
  const perSquare = 1 / (contrastHu * contrastHu);
  let below = new Float32Array(size);
  let here = new Float32Array(size);
  for (let round = 0; round < iterations; round++) {
    for (let k = 0; k < nz; k++) {
      step((round + k / nz) / iterations);
      const at = k * size;
      here.set(out.subarray(at, at + size));
      const above = k + 1 < nz ? out.subarray(at + size, at + 2 * size) : here;
      spread(out, at, [nx, ny], here, k > 0 ? below : here, above, [cx, cy, cz], perSquare);
      [below, here] = [here, below];
    }
  }
  step(1);
  return out;
}

/** One step of one slice: `here`, `below` and `above` are as they were before it. A neighbour that is missing is the voxel itself. */
function spread(
  out: Float32Array,
  at: number,
  [nx, ny]: [number, number],
  here: Float32Array,
  below: Float32Array,
  above: Float32Array,
  [cx, cy, cz]: number[],
  perSquare: number,
): void {
  for (let j = 0; j < ny; j++) {
    const back = j > 0 ? -nx : 0;
    const front = j < ny - 1 ? nx : 0;
    for (let i = 0, n = j * nx; i < nx; i++, n++) {
      const v = here[n];
      const flowX = flow(here[i > 0 ? n - 1 : n] - v, perSquare) + flow(here[i < nx - 1 ? n + 1 : n] - v, perSquare);
      const flowY = flow(here[n + back] - v, perSquare) + flow(here[n + front] - v, perSquare);
      const flowZ = cz === 0 ? 0 : flow(below[n] - v, perSquare) + flow(above[n] - v, perSquare);
      out[at + n] = v + cx * flowX + cy * flowY + cz * flowZ;
    }
  }
}

/** Tukey's biweight: the difference itself while it is small, nothing from the contrast on. */
function flow(difference: number, perSquare: number): number {
  const rest = 1 - difference * difference * perSquare;
  return rest > 0 ? difference * rest * rest : 0;
}

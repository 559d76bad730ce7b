import { crfDefaults } from '../contract/segmentation.ts';
import { crf } from '../kernels/labels/crf.ts';
import { crfMask } from '../kernels/labels/crf-mask.ts';
import { sheetZone } from '../kernels/labels/sheets.ts';
import type { Triple } from '../kernels/volume/geometry.ts';

/**
 * `node bench/crf.ts`: the conditional random field on a region of orbits, 5.2 million voxels of 0.45 x 0.45 x 0.75 mm, as a clean runs it.
 * Shells 2 mm thick with noise; 10 % of the voxels are doubtful, twice what a network
 * leaves on a synthetic head. Prints JSON; on a machine that is busy with other work `cpuSeconds` is the figure to quote.
 */
const dimensions: Triple = [260, 224, 90];
const spacingMm: Triple = [0.45, 0.45, 0.75];
const voxels = dimensions[0] * dimensions[1] * dimensions[2];
let state = 1;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const hu = new Int16Array(voxels);
const probability = new Uint8Array(voxels);
for (let at = 0; at < voxels; at++) {
  const [i, j, k] = [at % 260, Math.floor(at / 260) % 224, Math.floor(at / (260 * 224))];
  const shell = Math.sin(i / 9) + Math.sin(j / 11) + Math.sin(k / 7);
  hu[at] = 400 * shell + 40 * (random() - 0.5);
  probability[at] = 255 / (1 + Math.exp(-12 * (shell - 0.8)));
}
const before = Uint8Array.from(probability, (p) => (p >= 128 ? 1 : 0));
const s = crfDefaults;
const started = performance.now();
const busy = process.cpuUsage();
const field = crf(
  { dimensions, spacingMm, hu, probability },
  {
    iterations: s.crfIterations,
    appearance: { sigmaMm: s.crfAppearanceMm, sigmaHu: s.crfAppearanceHu, weight: s.crfAppearanceWeight },
    smoothness: { sigmaMm: s.crfSmoothMm, weight: s.crfSmoothWeight },
    rangeHu: [-300, 700],
    everyVoxel: false,
  },
);
const zone = sheetZone(before, dimensions, spacingMm, s.crfSheetMm);
const { added, removed } = crfMask(before, field.probability, new Uint8Array(voxels), zone);
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(busy);
process.stdout.write(`${JSON.stringify({ voxels, updated: field.updated, added, removed, seconds, cpuSeconds: (user + system) / 1e6 })}\n`);

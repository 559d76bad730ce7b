import { packMask } from '../kernels/labels/bits.ts';
import { wallGaps } from '../kernels/labels/wall-gaps.ts';
import { makeHead } from '../kernels/phantoms/head.ts';
import { countGaps, sumOfCounts } from './gaps/count.ts';

/**
 * `npm run bench -- --gaps [--fewer]`: what the list of gaps in thin walls finds, and what it does not, on synthetic heads of five seeds
 * (`--fewer`: one), segmented at 200 HU, against the heads' own labels. Synthetic: it says nothing of a patient. The same figures on every
 * machine. JSON on stdout. What counts as a hole need not be one by its shape: the three of 10 to 50 mm2 that seed 11 misses are free ends of
 * turbinates, which no bone surrounds.
 */
const thresholdHu = 200;
/** As the list leaves them out. */
const leastGapMm2 = 1;
const thinBone = 3;
const seeds = process.argv.includes('--fewer') ? [11] : [11, 12, 13, 14, 15];

const heads = [];
for (const seed of seeds) {
  const { hu, labels, geometry, scanner } = makeHead(seed, 'orbits');
  const { dimensions, spacingMm } = geometry;
  const mask = Uint8Array.from(hu, (value) => (value > thresholdHu ? 1 : 0));
  const listed = (await wallGaps(packMask(mask, dimensions), spacingMm)).filter((gap) => gap.areaMm2 >= leastGapMm2);
  const thin = Uint8Array.from(labels, (label) => (label === thinBone ? 1 : 0));
  const count = await countGaps(listed, { thin, mask, dimensions, spacingMm });
  heads.push({ seed, spacingMm, kernel: scanner.kernel, ...count });
  process.stderr.write(`seed ${seed}: ${count.onMissingBone} of ${count.listed} listed places on missing bone\n`);
}
const all = sumOfCounts([heads[0] as (typeof heads)[number], ...heads.slice(1)]);
const { listed, onMissingBone, holes } = all;
const precision = listed > 0 ? onMissingBone / listed : null;
const recall = holes.map(({ there, found, ...size }) => ({ ...size, there, found, recall: there > 0 ? found / there : null }));
process.stdout.write(
  `${JSON.stringify({ data: 'synthetic', thresholdHu, listed, onMissingBone, precision, holes: recall, heads }, null, 2)}\n`,
);

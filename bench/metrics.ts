import { readNiftiLabels } from '../electron/ports/nifti-labels.ts';
import { agreementOf } from '../kernels/metrics/agreement.ts';

/** `node bench/metrics.ts TRUTH RESULT`: seconds of all figures of 11.2 and of the surfaces, without reading the two labelmaps. */
const [truthFile, resultFile] = process.argv.slice(2);
if (truthFile === undefined || resultFile === undefined) throw new Error('node bench/metrics.ts TRUTH RESULT');
const truth = await readNiftiLabels(truthFile, () => {});
const result = await readNiftiLabels(resultFile, () => {});
const started = performance.now();
const busy = process.cpuUsage();
const found = agreementOf({
  truth: truth.bone,
  result: result.bone,
  roi: null,
  thin: null,
  spacingMm: truth.header.geometry.spacingMm,
});
const { user, system } = process.cpuUsage(busy);
process.stdout.write(
  `${JSON.stringify({
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
    dimensions: truth.header.geometry.dimensions,
    dsc: found.dsc,
    hd95Mm: found.hd95Mm,
    assdMm: found.assdMm,
  })}\n`,
);

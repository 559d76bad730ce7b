import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../../../contract/errors.ts';
import { type HeadPhantom, makeHead } from '../../../kernels/phantoms/head.ts';
import { type CtSeries, ctSlice } from '../../ports/dicom-write.ts';
import { writeNifti } from '../../ports/nifti-write.ts';
import type { Task } from '../protocol.ts';
import { writeDurably } from './masks.ts';

const words =
  'Synthetic head phantom: drawn from formulas by seed, no patient. Anatomy is plausible, not measured. Figures obtained on it are synthetic.';

function seriesOf(head: HeadPhantom, seed: number, size: string): CtSeries {
  return {
    geometry: head.geometry,
    hu: head.hu,
    uidSeed: `Lamina head phantom 1 seed ${seed} ${size}`,
    patientName: 'PHANTOM^SYNTHETIC',
    patientId: `PHANTOM-${seed}`,
    studyDescription: 'Synthetic head phantom',
    seriesDescription: `Synthetic head, seed ${seed}, ${head.geometry.spacingMm[2]} mm`,
    date: '20240101',
    time: '120000',
    kernel: head.scanner.kernel.toUpperCase(),
    imageComments: words,
  };
}

function truthOf(head: HeadPhantom, seed: number, size: string): string {
  const truth = {
    words,
    seed,
    size,
    geometry: head.geometry,
    sha256Int16: createHash('sha256')
      .update(new Uint8Array(head.hu.buffer, head.hu.byteOffset, head.hu.byteLength))
      .digest('hex'),
    labels: { file: 'truth-labels.nii.gz', 0: 'other', 1: 'cortical bone', 2: 'trabecular bone', 3: 'thin bone' },
    ...(size === 'orbits'
      ? { thickness: { file: 'truth-thickness.nii.gz', unit: '0.01 mm', words: 'true thickness of the wall where the label is 3, else 0' } }
      : {}),
    labelRule:
      'A wall thinner than a voxel is widened along its normal to one closed layer of voxels; solids count where the voxel centre is inside.',
    markers: head.markers,
    walls: head.walls,
    scanner: head.scanner,
  };
  return `${JSON.stringify(truth, null, 2)}\n`;
}

/**
 * Writes a synthetic head by seed into a folder: `dicom/*.dcm` (a CT series), `truth-labels.nii.gz`, `truth.json`;
 * of the cut around the orbits also `truth-thickness.nii.gz`.
 * The same seed and size give the same bytes. Never overwrites.
 * @throws Refusal OUTPUT_NOT_WRITABLE where a phantom is there already; else the file system's own errors
 */
export const phantom: Task<'phantom'> = async ({ seed, into, size }, context) => {
  context.progress(0, 'Drawing the head');
  await mkdir(into, { recursive: true });
  const folder = join(into, 'dicom');
  // Not recursive: a series that is already there is found before anything is drawn.
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new Refusal('OUTPUT_NOT_WRITABLE', `There is already a phantom in ${into}; choose an empty folder.`);
  });
  const head = makeHead(seed, size, (done, total) => {
    context.throwIfCancelled();
    if (done % 8 === 0) context.progress((0.85 * done) / total, `Slice ${done} of ${total}`);
  });
  const series = seriesOf(head, seed, size);
  const slices = head.geometry.dimensions[2];
  for (let k = 0; k < slices; k++) {
    context.throwIfCancelled();
    await writeDurably(join(folder, `slice-${String(k + 1).padStart(4, '0')}.dcm`), ctSlice(series, k));
    context.progress(0.85 + (0.1 * (k + 1)) / slices, `File ${k + 1} of ${slices}`);
  }
  await writeNifti(join(into, 'truth-labels.nii.gz'), { geometry: head.geometry, values: head.labels });
  const thickness = size === 'orbits';
  if (thickness) await writeNifti(join(into, 'truth-thickness.nii.gz'), { geometry: head.geometry, values: head.thickness });
  await writeDurably(join(into, 'truth.json'), new TextEncoder().encode(truthOf(head, seed, size)));
  context.progress(1, 'Phantom written');
  return { files: slices + (thickness ? 3 : 2), dimensions: head.geometry.dimensions, findings: [{ text: words }] };
};

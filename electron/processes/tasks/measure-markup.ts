import type { MarkupMeasures } from '../../../contract/markups.ts';
import { measureMarkup } from '../../../kernels/markups/measure.ts';
import { encloses } from '../../../kernels/markups/shape.ts';
import type { Task } from '../protocol.ts';
import { readVoxels } from './masks.ts';

/** Measures markups on the image that they were drawn on (9.1). The voxels are read once, and only where one asks for them. */
export const measureMarkups: Task<'measureMarkup'> = async ({ volume, markups }, context) => {
  const asked = markups.some(({ kind }) => kind === 'point' || encloses(kind));
  if (asked) context.progress(0, 'Reading the volume');
  const image = asked ? { values: await readVoxels(volume), geometry: volume } : null;
  const measures = markups.map((shape, n): MarkupMeasures => {
    context.throwIfCancelled();
    context.progress((n + 1) / markups.length, 'Measuring');
    const { values, ...rest } = measureMarkup(shape, image);
    return { ...rest, values: values && { ...values, units: volume.units } };
  });
  return { measures };
};

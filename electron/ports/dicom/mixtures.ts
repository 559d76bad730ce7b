import { type Coded, Refusal } from '../../../contract/errors.ts';
import { identityTags } from './image.ts';
import type { Slice } from './slice.ts';

const temporalPosition = 0x00200100;
const acquisitionNumber = 0x00200012;
const kernel = 0x00181210;
const said = new Map<number, string>([
  [temporalPosition, 'temporal position'],
  [0x00180086, 'echo number'],
  [0x00180081, 'echo time'],
  [0x00180082, 'inversion time'],
  [0x00189087, 'b-value'],
  [0x00180060, 'tube voltage'],
  [kernel, 'reconstruction kernel'],
  [acquisitionNumber, 'acquisition number'],
]);

/**
 * Takes apart slices that were made in different ways and lie between each other or side by side: as one stack they would be a volume
 * that nobody acquired. Acquisition numbers that only count on along the stack are one scan; a value for each slice is a counter.
 * @param slices one a position, ordered
 * @throws Refusal INCONSISTENT_SLICES where single slices are of another reconstruction
 */
export function takeApart(slices: Slice[]): { volumes: Slice[][]; warnings: Coded[] } {
  for (const [n, tag] of identityTags.entries()) {
    const values = slices.map((slice) => slice.file.identity[n] || (tag === temporalPosition ? (slice.frame.phases[1] ?? '') : ''));
    const parts = new Map<string, Slice[]>();
    for (const [at, value] of values.entries()) {
      const part = parts.get(value);
      if (part) part.push(slices[at] as Slice);
      else parts.set(value, [slices[at] as Slice]);
    }
    // A slice that does not say how it was made contradicts nobody.
    if ([...parts.keys()].filter((value) => value !== '').length < 2) continue;
    const runs = values.filter((value, at) => at === 0 || value !== values[at - 1]).length;
    // Magnetic resonance interleaves the passes of one scan; a tube turns on from slice to slice.
    if (tag === acquisitionNumber && (runs === parts.size || slices[0]?.file.modality !== 'CT')) continue;
    const volumes = [...parts.values()];
    if (volumes.every((volume) => volume.length >= 3)) {
      const message = `The images differ in their ${said.get(tag)}; the ${volumes.length} kinds became volumes of their own.`;
      return { volumes, warnings: [{ code: 'MULTIPLE_VOLUMES_SPLIT', message }] };
    }
    if (tag === kernel) {
      throw new Refusal(
        'INCONSISTENT_SLICES',
        'Some slices are of another reconstruction kernel than the others. Send one reconstruction only.',
      );
    }
  }
  return { volumes: [slices], warnings: [] };
}

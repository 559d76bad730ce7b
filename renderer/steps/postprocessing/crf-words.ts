import type { Segment } from '../../../contract/case.ts';
import { count, ml } from '../../design/numbers.ts';

/** What the last field of a segment did, in words; null where none ran, or where something came after it. */
export function effectOf(segment: Pick<Segment, 'technique' | 'voxels' | 'volumeMm3'>): string | null {
  const last = segment.technique.at(-1)?.parameters;
  if (!last || typeof last.crfAdded !== 'number' || typeof last.crfRemoved !== 'number') return null;
  const voxelMm3 = segment.voxels > 0 ? segment.volumeMm3 / segment.voxels : 0;
  const side = (voxels: number, word: string) =>
    `${count(voxels)} ${voxels === 1 ? 'voxel' : 'voxels'} (${ml(voxels * voxelMm3)} ml) ${word}`;
  const held = typeof last.crfHeld === 'number' ? last.crfHeld : 0;
  return `${side(last.crfAdded, 'added')}, ${side(last.crfRemoved, 'removed')}${
    held > 0 ? `; ${count(held)} stayed as a hand or an earlier clean had left them` : ''
  }.`;
}

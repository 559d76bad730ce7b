import type { CavityReport, CavitySettings, CavitySide } from '../../../contract/cavity.ts';
import { Refusal } from '../../../contract/errors.ts';
import { type CavityFault, orbitCavity } from '../../../kernels/labels/orbit-cavity.ts';
import { findOrbits } from '../../../kernels/networks/find-orbits.ts';
import { type Triple, voxelCount, voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import type { Task, TaskContext, Tasks } from '../protocol.ts';
import { readVoxels, stage } from './masks.ts';

type SideName = 'left' | 'right';

const faults: Record<CavityFault, (side: SideName) => string> = {
  'no rim': (side) =>
    `The rim of the ${side} orbit was not found. Give the centre of the ${side} eye as ${side}Lps=x,y,z, lower boneHu, or segment the other side alone.`,
  'cut off': (side) =>
    `The volume ends inside the ${side} orbit, so that its volume would be too small. Import the whole series, or segment the other side alone.`,
  leak: (side) =>
    `The ${side} cavity ran out to more than 60 ml, which no orbit holds: a wall has an opening wider than closeMm. Raise closeMm, or give the centre of the eye as ${side}Lps=x,y,z.`,
};

/** The centres of the eyes that are needed: given, or looked for. */
function eyes(values: Int16Array | Float32Array, input: Tasks['segment']['in'], settings: CavitySettings): Record<SideName, Triple | null> {
  const given = { left: settings.leftLps, right: settings.rightLps };
  const wanted = settings.side === 'both' ? (['left', 'right'] as const) : ([settings.side] as const);
  if (given.left && given.right) return given;
  const found = findOrbits(values, input.volume);
  const centres = { left: given.left ?? found?.leftLps ?? null, right: given.right ?? found?.rightLps ?? null };
  for (const side of wanted)
    if (centres[side] === null)
      throw new Refusal(
        'NOT_FOUND',
        `No eyes were found in this volume. Give the centre of the ${side} eye as ${side}Lps=x,y,z (LPS, mm).`,
      );
  return centres;
}

/**
 * M-cavity: the cavities of one or both orbits as one segment, and the volume of each.
 * Throws Refusal NOT_FOUND where there are no eyes, no rim, a leak or an orbit that the volume cuts off; each names what to do.
 */
export async function segmentCavity(
  input: Tasks['segment']['in'],
  settings: CavitySettings,
  context: TaskContext,
): ReturnType<Task<'segment'>> {
  const { volume, into } = input;
  context.progress(0, 'Reading the volume');
  const values = await readVoxels(volume);
  context.throwIfCancelled();
  context.progress(0.2, 'Looking for the eyes');
  const centres = eyes(values, input, settings);
  const mask = new Uint8Array(voxelCount(volume.dimensions));
  const cavity: CavityReport = { left: null, right: null };
  const bounds = { boneHu: settings.boneHu, airHu: settings.airHu, closeMm: settings.closeMm, profile: settings.faces === 'profile' };
  for (const [n, side] of (['left', 'right'] as const).entries()) {
    const eye = centres[side];
    if (eye === null || (settings.side !== 'both' && settings.side !== side)) continue;
    context.throwIfCancelled();
    context.progress(0.4 + 0.2 * n, `Cavity of the ${side} orbit`);
    const other = centres[side === 'left' ? 'right' : 'left'];
    const made = orbitCavity(values, volume, eye, other, side === 'left' ? 1 : -1, bounds, mask);
    if (typeof made === 'string') throw new Refusal('NOT_FOUND', faults[made](side));
    cavity[side] = made satisfies CavitySide;
  }
  context.throwIfCancelled();
  context.progress(0.8, 'Writing the segment');
  const file = await stage(into, mask, '.raw');
  const voxels = (cavity.left?.voxels ?? 0) + (cavity.right?.voxels ?? 0);
  context.progress(1, 'Segment written');
  return { mask: file, voxels, volumeMm3: voxels * voxelVolumeMm3(volume), cavity };
}

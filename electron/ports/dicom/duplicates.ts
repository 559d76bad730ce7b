import type { Coded } from '../../../contract/errors.ts';
import { frameHash } from './frames.ts';
import type { Slice } from './slice.ts';

export type Parted = { volumes: Slice[][]; warnings: Coded[] } | { ambiguous: Coded };

/** Splits by the first attribute that has one value for each image at every position, the same values everywhere. */
function byPhase(groups: Slice[][]): Slice[][] | null {
  const count = groups[0]?.length ?? 0;
  if (count < 2 || groups.length < 2 || groups.some((group) => group.length !== count)) return null;
  const phasesOf = (slice: Slice) => [...slice.frame.phases, ...slice.file.phases];
  const attributes = groups[0]?.[0] ? phasesOf(groups[0][0]).length : 0;
  for (let n = 0; n < attributes; n++) {
    const values = [...new Set(groups.flat().map((slice) => phasesOf(slice)[n] ?? ''))].sort();
    if (values.length !== count) continue;
    const volumes = values.map((value) => groups.flatMap((group) => group.filter((slice) => phasesOf(slice)[n] === value)));
    if (volumes.every((volume) => volume.length === groups.length)) return volumes;
  }
  return null;
}

/**
 * Makes one slice of each position. Complete acquisitions that an attribute tells apart become volumes of their own; the same picture twice
 * is dropped; two pictures at one position that nothing tells apart are refused.
 * @param groups slices by position, ordered
 * Cost: reads and hashes pixels of coinciding images only.
 */
export function dropDuplicates(groups: Slice[][]): Parted {
  if (groups.every((group) => group.length === 1)) return { volumes: [groups.map((group) => group[0] as Slice)], warnings: [] };
  const phases = byPhase(groups);
  if (phases) {
    const message = `${phases.length} complete acquisitions share one series; each became a volume of its own.`;
    return { volumes: phases, warnings: [{ code: 'MULTIPLE_VOLUMES_SPLIT', message }] };
  }
  let dropped = 0;
  const kept: Slice[] = [];
  for (const group of groups) {
    const first = group[0] as Slice;
    kept.push(first);
    if (group.length === 1) continue;
    const hash = frameHash(first.file, first.frame);
    for (const other of group.slice(1)) {
      if (frameHash(other.file, other.frame) !== hash) {
        const message =
          'Different images lie at the same position and nothing tells which belongs to which volume. Send one acquisition only.';
        return { ambiguous: { code: 'AMBIGUOUS_DUPLICATE_POSITIONS', message } };
      }
      dropped++;
    }
  }
  return {
    volumes: [kept],
    warnings: [{ code: 'DUPLICATE_SLICES', message: `${dropped} images are there twice; one of each was taken.` }],
  };
}

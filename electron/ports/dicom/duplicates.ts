import { createHash } from 'node:crypto';
import type { Coded } from '../../../contract/errors.ts';
import { frameBytes, frameHash, frameValues } from './frames.ts';
import type { Slice } from './slice.ts';

export type Parted = { volumes: Slice[][]; warnings: Coded[] } | { ambiguous: Coded };

const attributesOf = (slice: Slice) => [...slice.frame.phases, ...slice.file.identity, ...slice.file.phases];

/**
 * Splits by the first attribute that tells the images of every position apart, with the same few values everywhere. Where an acquisition
 * lacks a slice that the others have, it is left to the judgement of its own stack.
 */
function byPhase(groups: Slice[][]): Slice[][] | null {
  const count = groups.reduce((most, group) => Math.max(most, group.length), 0);
  if (count < 2 || groups.length < 2) return null;
  const complete = groups.every((group) => group.length === count);
  const attributes = groups.map((group) => group.map(attributesOf));
  for (let n = 0; n < (attributes[0]?.[0]?.length ?? 0); n++) {
    const volumes = new Map<string, Slice[]>();
    let apart = true;
    for (const [at, group] of groups.entries()) {
      const values = (attributes[at] as string[][]).map((own) => own[n] ?? '');
      if (new Set(values).size < values.length) apart = false;
      group.forEach((slice, which) => {
        const part = volumes.get(values[which] as string);
        if (part) part.push(slice);
        else volumes.set(values[which] as string, [slice]);
      });
      if (!apart || volumes.size > count) break;
    }
    if (!apart || volumes.size !== count) continue;
    const parts = [...volumes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
    if (parts.every((part) => (complete ? part.length === groups.length : part.length >= 3))) return parts;
  }
  return null;
}

/** Positions are decimal strings: what rounding makes of one place stays one place. */
const samePlaceMm = 0.05;
function samePlace(a: Slice, b: Slice): boolean {
  return Math.hypot(a.position[0] - b.position[0], a.position[1] - b.position[1], a.position[2] - b.position[2]) <= samePlaceMm;
}

/** Copies state one size: where one says another, nobody knows which is true. */
function sameSize(a: Slice, b: Slice): boolean {
  const { rows, columns } = a.file.format;
  const [one, other] = [a.frame.pixelSpacing, b.frame.pixelSpacing];
  if (!one || !other) return one === other;
  return Math.abs(one[0] - other[0]) * rows <= sameRimMm && Math.abs(one[1] - other[1]) * columns <= sameRimMm;
}
const sameRimMm = 0.01;

function valueHash({ file, frame }: Slice): string {
  const stored = frameValues(file, frameBytes(file)[frame.index] as Uint8Array);
  const values = Float64Array.from(stored, (value) => value * (frame.slope ?? 1) + (frame.intercept ?? 0));
  return createHash('sha256').update(values).digest('hex');
}

/** The same bytes with the same meaning, or the same values written in another way (a copy that was compressed on its way). */
function samePicture(a: Slice, b: Slice): boolean {
  if (frameHash(a.file, a.frame) === frameHash(b.file, b.frame)) return true;
  const { rows, columns } = a.file.format;
  return rows === b.file.format.rows && columns === b.file.format.columns && valueHash(a) === valueHash(b);
}

/**
 * Makes one slice of each position. Complete acquisitions that an attribute tells apart become volumes of their own; the same picture twice
 * is dropped; two pictures at one position that nothing tells apart are refused.
 * @param groups slices by position, ordered
 * Cost: reads and hashes pixels of coinciding images only.
 */
export function dropDuplicates(groups: Slice[][]): Parted {
  if (groups.every((group) => group.length === 1)) return { volumes: [groups.map((group) => group[0] as Slice)], warnings: [] };
  const complete = groups.every((group) => group.length === groups[0]?.length) ? byPhase(groups) : null;
  if (complete) return { volumes: complete, warnings: [splitWarning(complete.length)] };
  let dropped = 0;
  const kept = groups.map((group) => {
    const different: Slice[] = [];
    for (const slice of group) {
      if (different.some((other) => samePlace(slice, other) && sameSize(slice, other) && samePicture(slice, other))) dropped++;
      else different.push(slice);
    }
    return different;
  });
  const warnings: Coded[] =
    dropped > 0 ? [{ code: 'DUPLICATE_SLICES', message: `${dropped} images are there twice; one of each was taken.` }] : [];
  const contested = kept.filter((group) => group.length > 1);
  if (contested.length === 0) return { volumes: [kept.map((group) => group[0] as Slice)], warnings };
  const phases = byPhase(kept);
  if (phases) return { volumes: phases, warnings: [splitWarning(phases.length), ...warnings] };
  if (contested.some((group) => group.some((slice) => !samePlace(slice, group[0] as Slice)))) {
    const message = 'Images of one plane lie at different places in it. Send one reconstruction only.';
    return { ambiguous: { code: 'INCONSISTENT_SLICES', message } };
  }
  const message = 'Different images lie at the same position and nothing tells which belongs to which volume. Send one acquisition only.';
  return { ambiguous: { code: 'AMBIGUOUS_DUPLICATE_POSITIONS', message } };
}

const splitWarning = (count: number): Coded => ({
  code: 'MULTIPLE_VOLUMES_SPLIT',
  message: `${count} acquisitions share one series; each became a volume of its own.`,
});

import type { DoubtfulPlace } from '../../../contract/review.ts';

/** A place before a person has a say. */
export type FoundPlace = Omit<DoubtfulPlace, 'reviewed'>;

const tenth = (value: number): number => Math.round(value * 10) / 10;
/** Two digits that say something. */
const short = (value: number): string => (value >= 9.95 ? value.toFixed(0) : value.toFixed(1));

/** A place with its id: kind and centre to 0.1 mm. */
function place(
  kind: FoundPlace['kind'],
  centreLps: [number, number, number],
  rest: Omit<FoundPlace, 'id' | 'kind' | 'centreLps'>,
): FoundPlace {
  const rounded = centreLps.map((mm) => tenth(mm) + 0) as [number, number, number];
  return { id: `${kind}@${rounded.join(',')}`, kind, centreLps, ...rest };
}

/** `ridgeHu`: how far the image stands out in the hole over both sides of it; null: nothing was measured. Larger and better seen is worse. */
export function gapPlace(
  centreLps: [number, number, number],
  { areaMm2, wallMm, radiusMm, ridgeHu }: { areaMm2: number; wallMm: number; radiusMm: number; ridgeHu: number | null },
): FoundPlace {
  const evidence = ridgeHu === null ? 0 : Math.min(1, Math.max(0, ridgeHu / 300));
  const seen = ridgeHu === null || ridgeHu < 60 ? '' : `; the image stands out there by ${Math.round(ridgeHu)} HU`;
  return place('gap', centreLps, {
    radiusMm,
    volumeMm3: areaMm2 * wallMm,
    weight: 0.45 + 0.3 * evidence + 0.25 * Math.min(1, areaMm2 / 20),
    text: `gap of ${short(areaMm2)} mm² in a wall of ${wallMm.toFixed(1)} mm${seen}`,
  });
}

export function uncertainPlace(
  centreLps: [number, number, number],
  region: { volumeMm3: number; radiusMm: number; doubt: number; lowest: number; highest: number; threshold: number },
): FoundPlace {
  const { volumeMm3, radiusMm, doubt, lowest, highest, threshold } = region;
  return place('uncertainty', centreLps, {
    radiusMm,
    volumeMm3,
    weight: 0.3 + 0.6 * doubt * Math.min(1, Math.cbrt(volumeMm3 / 60)),
    text: `the network is unsure in ${short(volumeMm3)} mm³: probability ${lowest.toFixed(2)} to ${highest.toFixed(2)}, bone from ${threshold.toFixed(2)}`,
  });
}

export function islandPlace(
  centreLps: [number, number, number],
  { volumeMm3, voxels, radiusMm }: { volumeMm3: number; voxels: number; radiusMm: number },
): FoundPlace {
  return place('island', centreLps, {
    radiusMm,
    volumeMm3,
    weight: 0.05 + 0.35 * Math.min(1, Math.log10(1 + volumeMm3) / 3),
    text: `part of ${volumeMm3 < 0.95 ? volumeMm3.toFixed(2) : short(volumeMm3)} mm³ on its own (${voxels} ${voxels === 1 ? 'voxel' : 'voxels'})`,
  });
}

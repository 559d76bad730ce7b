import type { EffectSettings } from '../../../../contract/effects.ts';

type Reach = { mm?: number | undefined; voxels?: number | undefined; neighbours: number };
const reach = (s: Reach): string =>
  s.mm !== undefined ? `${s.mm} mm` : `${s.voxels} ${s.voxels === 1 ? 'voxel' : 'voxels'} (${s.neighbours})`;
const listed = (names: readonly string[]): string => names.join(', ');

/** Masking by the names of its segments. */
interface NamedLimits {
  inside: string | null;
  notOver: readonly string[];
  gateHu: readonly [number, number] | null;
}
const limitWords = ({ inside, notOver, gateHu }: NamedLimits): string =>
  [
    ...(inside === null ? [] : [`inside ${inside}`]),
    ...(notOver.length === 0 ? [] : [`not over ${listed(notOver)}`]),
    ...(gateHu === null ? [] : [`values from ${gateHu[0]} to ${gateHu[1]}`]),
  ].join(', ');
const adds = (s: EffectSettings): boolean => 'operation' in s && (s.operation === 'add' || s.operation === 'fill');

/** Why an effect left every voxel as it was, as far as its settings and masking tell. `spacingMm` of the segment's grid. */
export function unchangedWords(s: EffectSettings, name: string, spacingMm: readonly number[], limits: NamedLimits | null): string {
  if (limits && limits.inside === name && adds(s))
    return `Nothing changed: masking is inside ${name} itself, where nothing can be added. Choose another segment for masking, or none.`;
  if (limits)
    return `Nothing changed: where masking lets it change (${limitWords(limits)}), ${name} is already as this leaves it. Change or switch off masking to reach further.`;
  const mm = 'mm' in s && s.mm !== undefined ? Math.abs(s.mm) : null;
  const voxel = Math.min(...spacingMm);
  const why =
    mm !== null && mm < voxel ? `${mm} mm is less than a voxel (${+voxel.toFixed(3)} mm)` : `${name} is already as this leaves it`;
  return `Nothing changed: ${why}.`;
}

/** An effect in the words that the journal and undo show. */
export function effectTitle(s: EffectSettings): string {
  switch (s.effect) {
    case 'erode':
      return `Erode ${reach(s)}`;
    case 'dilate':
      return `Dilate ${reach(s)}`;
    case 'open':
      return `Open ${reach(s)}`;
    case 'close':
      return `Close ${reach(s)}`;
    case 'margin':
      return s.mm < 0 ? `Shrink by ${-s.mm} mm` : `Grow by ${s.mm} mm`;
    case 'hollow':
      return `Hollow, shell of ${s.shellMm} mm, segment as ${s.surface} surface`;
    case 'smooth':
      return `Smooth, ${s.filter} ${s.mm} mm${s.with ? ` with ${listed(s.with)}` : ''}`;
    case 'combine':
      return `${{ union: 'Join with', intersect: 'Intersect with', subtract: 'Subtract' }[s.operation]} ${listed(s.with)}`;
    case 'invert':
      return 'Invert';
    case 'roi':
      return s.keep === 'inside' ? 'Keep inside of a box' : 'Take a box out';
    case 'grow-from-seeds':
      return `Grow from seeds against ${listed(s.with)}`;
    case 'fill-between-slices':
      return 'Fill between slices';
    case 'split':
      return 'Split into parts';
    case 'scissors':
      return `Scissors: ${s.operation} ${s.region}, ${s.depth === 'slice' ? 'one slice' : 'through the volume'}`;
    case 'flood-fill':
      return `Flood fill: ${s.operation}${s.normalLps ? ', one slice' : ''}`;
    case 'level-trace':
      return `Level tracing: ${s.operation}`;
    case 'contour':
      if (s.tool === 'livewire') return `Livewire: ${s.operation}`;
      return `${s.contoursLps.length === 1 ? 'Contour' : `${s.contoursLps.length} contours`}: ${s.operation}`;
    case 'island':
      return { remove: 'Remove an island', keep: 'Keep one island', 'take-out': 'Island to a segment of its own' }[s.operation];
  }
}

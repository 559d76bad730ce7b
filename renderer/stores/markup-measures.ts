import { type Markup, type MarkupMeasures, markupPoints } from '../../contract/markups.ts';
import { measureMarkup } from '../../kernels/markups/measure.ts';
import { fixed, hu, significant } from '../design/numbers.ts';
import type { DrawnMarkup } from './markups.ts';
import type { LoadedVolume } from './viewer.ts';

type Shape = Pick<DrawnMarkup, 'kind' | 'pointsLps' | 'normalLps'>;

/** The same figures as the service gives, from the volume in memory: nothing is asked for while a hand draws. */
export function measuresOf({ kind, pointsLps, normalLps }: Shape, volume: LoadedVolume): MarkupMeasures | null {
  if (pointsLps.length < markupPoints[kind].least) return null;
  const { values, ...rest } = measureMarkup({ kind, pointsLps, normalLps }, { values: volume.values, geometry: volume.geometry });
  return { ...rest, values: values && { ...values, units: volume.units } };
}

const known = new Map<string, { shape: Shape; volume: LoadedVolume; measures: MarkupMeasures | null }>();
const mostKnown = 4096;

function same(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.pointsLps.length !== b.pointsLps.length || String(a.normalLps) !== String(b.normalLps)) return false;
  return a.pointsLps.every((p, n) => p[0] === b.pointsLps[n]![0] && p[1] === b.pointsLps[n]![1] && p[2] === b.pointsLps[n]![2]);
}

/** As `measuresOf`, of a markup of the case; measured again only when it or the volume has changed. */
export function keptMeasures(markup: Markup, volume: LoadedVolume): MarkupMeasures | null {
  const held = known.get(markup.id);
  if (held?.volume === volume && same(held.shape, markup)) return held.measures;
  const measures = measuresOf(markup, volume);
  if (known.size >= mostKnown) known.clear();
  known.set(markup.id, { shape: markup, volume, measures });
  return measures;
}

const value = (v: number, units: string): string => (units === 'HU' ? hu(v) : significant(v));
/** Figures with their units, one a line: '12.4 mm', '38.0 mm²', '512 ± 40 HU'. `all` with what there is no room for on a picture. */
export function measureWords(measures: MarkupMeasures | null, all = false): string[] {
  if (!measures) return [];
  const { lengthMm, areaMm2, angleDeg, values } = measures;
  const words: string[] = [];
  if (areaMm2 !== null) words.push(`${fixed(areaMm2, areaMm2 < 10 ? 2 : 1)} mm²`);
  if (lengthMm !== null && (areaMm2 === null || all))
    words.push(`${areaMm2 === null ? '' : 'round '}${fixed(lengthMm, lengthMm < 10 ? 2 : 1)} mm`);
  if (angleDeg !== null) words.push(`${fixed(angleDeg, 1)}°`);
  if (values) {
    const unit = values.units === 'HU' ? ' HU' : '';
    const mean = value(values.mean, values.units);
    words.push(values.voxels === 1 ? `${mean}${unit}` : `${mean} ± ${value(values.sd, values.units)}${unit}`);
    if (all && values.voxels > 1) {
      words.push(`${value(values.minimum, values.units)} to ${value(values.maximum, values.units)}${unit}`, `${values.voxels} voxels`);
    }
  }
  return words;
}

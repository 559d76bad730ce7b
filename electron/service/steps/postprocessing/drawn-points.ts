import type { EffectSettings } from '../../../../contract/effects.ts';

type Point = [number, number, number];

/** What is drawn is kept to a hundredth of a millimetre: far below a voxel, and what files of contours keep. */
const decimals = 2;

/** In perspective a loop near the eye is a small picture of a large one: kept to a hundred-thousandth of its distance, if that is less. */
function decimalsFor(loop: readonly Point[], eyeLps: Point | null): number {
  if (eyeLps === null) return decimals;
  const away = Math.min(...loop.map((p) => Math.hypot(...p.map((v, n) => v - eyeLps[n]!))));
  return away > 0 ? Math.min(12, Math.max(decimals, Math.ceil(5 - Math.log10(away)))) : 12;
}

const rounded = (loop: readonly Point[], digits: number): Point[] =>
  loop.map((p) => p.map((mm) => Number(mm.toFixed(digits)) + 0) as Point);

/** The settings as they are carried out and kept: the points of what was drawn rounded, so that a step stays small in the journal. */
export function withRoundedPoints(settings: EffectSettings): EffectSettings {
  if (settings.effect === 'scissors') {
    const { loopLps, eyeLps } = settings;
    return { ...settings, loopLps: rounded(loopLps, decimalsFor(loopLps, eyeLps)) };
  }
  if (settings.effect === 'contour') return { ...settings, contoursLps: settings.contoursLps.map((loop) => rounded(loop, decimals)) };
  return settings;
}

import type { MeshFinish } from '../../contract/mesh.ts';
import { count, fixed, significant } from '../design/numbers.ts';

export interface FinishLine {
  id: string;
  name: string;
  text: string;
}

const moved = ({ mean, max }: { mean: number; max: number }) => `${fixed(mean, 2)} mm on average, at most ${fixed(max, 2)}`;

function smoothing({ iterations, greyToleranceMm, maskToleranceMm, greyMovedMm, maskMovedMm }: MeshFinish['smoothing']): string {
  if (iterations === 0) return 'Left as found.';
  const rounds = `${count(iterations)} ${iterations === 1 ? 'round' : 'rounds'}.`;
  const where = [
    ...(greyMovedMm && greyToleranceMm !== null
      ? [`By grey values within ${fixed(greyToleranceMm, 2)} mm: moved at most ${fixed(greyMovedMm.max, 2)}.`]
      : []),
    ...(maskMovedMm ? [`By the mask within ${fixed(maskToleranceMm, 2)} mm: moved at most ${fixed(maskMovedMm.max, 2)}.`] : []),
  ];
  return [rounds, ...where].join(' ');
}

/** What was done between the mask and the file, one line each, in its order; nothing is said of what was not asked for. */
export function finishLines(finish: MeshFinish): FinishLine[] {
  const { grey, thickening, decimation, repairs } = finish;
  const lines: FinishLine[] = [
    {
      id: 'surface',
      name: 'Surface',
      text: grey
        ? `${significant(grey.part * 100, 1)} % of the points placed by grey values: moved ${moved(grey.movedMm)}.`
        : 'From the mask alone.',
    },
    { id: 'smoothing', name: 'Smooth', text: smoothing(finish.smoothing) },
  ];
  if (thickening) {
    const left = thickening.leftMm2 > 0 ? ` ${significant(thickening.leftMm2 / 100, 2)} cm² stay thinner.` : '';
    lines.push({
      id: 'thickening',
      name: 'Thicken',
      text: `To ${thickening.toMm} mm, ${thickening.side === 'both' ? 'both sides' : `towards ${thickening.side}`}: ${count(thickening.vertices)} points, at most ${fixed(thickening.largestMm, 2)} mm, ${significant(thickening.addedMm3 / 1000, 2)} ml added.${left}`,
    });
  }
  if (decimation)
    lines.push({
      id: 'decimation',
      name: 'Reduce',
      text: `${count(decimation.before)} to ${count(decimation.after)} triangles. Proven within ${fixed(decimation.boundMm, 3)} mm either way, measured at most ${fixed(decimation.measuredMm.max, 3)}.`,
    });
  repairs.forEach((repair, n) => {
    lines.push({ id: `repair-${n}`, name: n === 0 ? 'Repair' : '', text: `${repair.text}.` });
  });
  return lines;
}

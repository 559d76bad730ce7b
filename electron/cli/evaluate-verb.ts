import type { Evaluation } from '../../contract/evaluation.ts';
import { Usage } from './client.ts';
import { withNetworkWording } from './network-words.ts';
import { readOptions } from './options.ts';
import { absolute, type Verb } from './verb.ts';

const share = (value: number | null) => (value === null ? '-' : `${(100 * value).toFixed(2)} %`);
const mm = (value: number | null) => (value === null ? '-' : `${value.toFixed(3)} mm`);

/** The figures as lines, with what the state means. */
export function evaluationText(e: Evaluation): string {
  const verdict = {
    ok: '',
    missed: e.truthMl > 0 ? 'missed: the result is empty in the region' : 'missed: the truth is empty in the region, the result is not',
    undefined: 'undefined: neither truth nor result has a voxel in the region',
  }[e.state];
  const lines = [
    `region       ${e.roi.text}`,
    `sensitivity  ${share(e.sensitivity)}`,
    `specificity  ${share(e.specificity)}`,
    `accuracy     ${share(e.accuracy)}`,
    `DSC          ${share(e.dsc)}`,
    `IoU          ${share(e.iou)}`,
    `HD95         ${mm(e.hd95Mm)}   larger of the two directions, by area`,
    `ASSD         ${mm(e.assdMm)}`,
    `surface Dice ${share(e.surfaceDice)}   within ${e.surfaceDiceToleranceMm} mm`,
    `volume error ${e.volumeErrorMl.toFixed(3)} ml   (${e.resultMl.toFixed(2)} of ${e.truthMl.toFixed(2)} ml)`,
  ];
  if (e.thinWall) lines.push(`thin walls   ${share(e.thinWallRecall)}   of ${e.thinWall.voxels} true thin voxels`);
  return [...(verdict ? [verdict] : []), ...lines].join('\n');
}

/** Numbers alone: '1mm' is not read as 1, and nothing as 0. */
function readTolerance(text: string | null): number | null {
  if (text === null) return null;
  const value = /^\s*$/.test(text) ? Number.NaN : Number(text);
  if (!(value >= 0 && value <= 20)) throw new Usage(`--tolerance takes a number of mm from 0 to 20, without its unit; not '${text}'`);
  return value;
}

export const evaluateVerbs: Record<string, Verb> = {
  evaluate: {
    synopsis: '--truth FILE --result FILE [--roi FILE] [--tolerance MM] [--json]',
    about: 'Compares two labelmaps (NIfTI, non-zero is bone): clause 11.2 and surface distances.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['truth', 'result', 'roi', 'tolerance'] });
      if (o.positional.length) throw new Usage(`unexpected: ${o.positional.join(' ')}`);
      const toleranceMm = readTolerance(o.one('tolerance'));
      const roi = o.one('roi');
      const json = await client.job<Evaluation>('/api/evaluate', {
        truth: absolute(o.need('truth')),
        result: absolute(o.need('result')),
        roi: roi === null ? null : absolute(roi),
        ...(toleranceMm === null ? {} : { toleranceMm }),
      });
      return withNetworkWording({ json, text: evaluationText(json) }, [json.truth, json.result]);
    },
  },
};

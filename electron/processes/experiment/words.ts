import type { ExperimentResult, Measure, Summary, thicknessBinsMm } from '../../../contract/experiment.ts';

export type Unit = '%' | 'mm';

export const measureWords: Record<Measure, { name: string; unit: Unit; better: 'higher' | 'lower' }> = {
  dsc: { name: 'DSC', unit: '%', better: 'higher' },
  iou: { name: 'IoU', unit: '%', better: 'higher' },
  sensitivity: { name: 'Sensitivity', unit: '%', better: 'higher' },
  specificity: { name: 'Specificity', unit: '%', better: 'higher' },
  accuracy: { name: 'Accuracy', unit: '%', better: 'higher' },
  hd95Mm: { name: 'HD95', unit: 'mm', better: 'lower' },
  assdMm: { name: 'ASSD', unit: 'mm', better: 'lower' },
};

/** '93.5' or '0.42'; a minus that typography knows. */
export function number(value: number, unit: Unit): string {
  const text = unit === '%' ? (100 * value).toFixed(1) : value.toFixed(2);
  return (Number(text) === 0 ? text.replace('-', '') : text).replace('-', '\u2212');
}

/** Mean ± SD, or a dash where there is none. */
export function meanSd({ mean, sd }: Summary, unit: Unit): string {
  if (mean === null) return '–';
  return sd === null ? number(mean, unit) : `${number(mean, unit)} ± ${number(sd, unit)}`;
}

export function interval({ interval95 }: Summary, unit: Unit): string {
  return interval95 ? `${number(interval95[0], unit)} to ${number(interval95[1], unit)}` : '–';
}

export const binWords = (bins: typeof thicknessBinsMm): string[] =>
  bins.slice(1).map((high, n) => `${bins[n]!.toFixed(2)}–${high.toFixed(2)}`);

/** What the figures are figures of, in one line. */
export function headsWords({ heads, spec }: ExperimentResult): string {
  const drawn = heads.filter((h) => h.seed !== null);
  const given = heads.length - drawn.length;
  const kernels = new Map<string, number>();
  for (const { kernel } of drawn) if (kernel) kernels.set(kernel, (kernels.get(kernel) ?? 0) + 1);
  const list = [...kernels].sort().map(([kernel, count]) => `${count} ${kernel}`);
  const parts = [
    drawn.length ? `${drawn.length} synthetic head${drawn.length > 1 ? 's' : ''} (${spec.size}; kernels: ${list.join(', ')})` : '',
    given ? `${given} head${given > 1 ? 's' : ''} from files` : '',
  ];
  return parts.filter(Boolean).join(' and ');
}

import type { ExperimentNetwork, ExperimentResult, Measure, Summary, thicknessBinsMm } from '../../../contract/experiment.ts';

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

/** '1 missed; others 75.0', or nothing where no head was missed. */
export function missedWords({ missed, mean, meanFound }: Summary, unit: Unit): string {
  if (!missed) return '';
  return meanFound === null || meanFound === mean ? `${missed} missed` : `${missed} missed; others ${number(meanFound, unit)}`;
}

/** What the networks' cards say of their training where it is not alike; null where it is. */
export function unequalTraining({ networks }: ExperimentResult): string | null {
  const steps = new Set(networks.map((n) => n.training?.steps ?? null));
  const unfinished = networks.filter((n) => n.training?.complete === false).map((n) => n.id);
  const parts = [
    steps.size > 1 ? 'The networks were not trained for equally many steps: their figures do not compare the methods alone.' : '',
    unfinished.length ? `Training was not completed: ${unfinished.join(', ')}.` : '',
  ].filter(Boolean);
  return parts.length ? parts.join(' ') : null;
}

/** Steps, completeness, seed of a network's training, as its card gives them. */
export function trainingWords({ training }: ExperimentNetwork): [string, string, string] {
  if (!training) return ['not stated', '–', '–'];
  const { steps, stepsPlanned, complete, seed } = training;
  const of = stepsPlanned === null ? `${steps}` : `${steps} of ${stepsPlanned}`;
  return [of, complete === null ? 'not stated' : complete ? 'yes' : 'no', seed === null ? '–' : `${seed}`];
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

import {
  type Compared,
  compared,
  type ExperimentHead,
  type ExperimentResult,
  type HeadFigures,
  type Measure,
  type MethodSummary,
  measures,
  type Region,
  regions,
  type Summary,
  thicknessBinsMm,
} from '../../../contract/experiment.ts';
import { type CaseFigure, cohortFigure } from '../../../kernels/metrics/cohort.ts';

const distances: readonly Measure[] = ['hd95Mm', 'assdMm'];

function summed(figures: readonly CaseFigure[]): Summary {
  const { cases, mean, sd, interval95, least, most, missed } = cohortFigure(figures);
  return { heads: cases, mean, sd, interval95, least, most, missed };
}

/** A head where one mask is empty counts with the overlap that it has (DSC 0); distances it has none, and is counted as missed. */
function figureOf(head: HeadFigures, region: Region, measure: Measure): CaseFigure {
  const { state, [measure]: value } = head[region];
  return { state: state === 'missed' && !distances.includes(measure) ? 'ok' : state, value };
}
const plain = (value: number | null): CaseFigure => ({ state: 'ok', value });

const ofRegion = (heads: readonly HeadFigures[], region: Region) =>
  Object.fromEntries(measures.map((m) => [m, summed(heads.map((h) => figureOf(h, region, m)))])) as Record<Measure, Summary>;

function summaryOf(heads: readonly HeadFigures[]): MethodSummary {
  const [whole, cortical, thin] = regions.map((region) => ofRegion(heads, region));
  return {
    whole: whole!,
    cortical: cortical!,
    thin: thin!,
    thinWalls: {
      exact: summed(heads.map((h) => plain(h.thinWalls.exact))),
      near: summed(heads.map((h) => plain(h.thinWalls.near))),
      bins: thicknessBinsMm.slice(1).map((_, b) => summed(heads.map((h) => plain(h.thinWalls.bins[b] ?? null)))),
    },
  };
}

/** The one number of a head that a comparison goes by. */
function comparedOf(head: HeadFigures, by: Compared): number | null {
  if (by === 'corticalDsc') return head.cortical.dsc;
  if (by === 'thinDsc') return head.thin.dsc;
  if (by === 'thinWalls') return head.thinWalls.exact;
  return head.whole[by];
}

function differenceOf(heads: readonly ExperimentHead[], method: string, reference: string, by: Compared): Summary {
  return summed(
    heads.map((head) => {
      const [own, other] = [comparedOf(head.methods[method]!, by), comparedOf(head.methods[reference]!, by)];
      return plain(own === null || other === null ? null : own - other);
    }),
  );
}

/**
 * Mean, SD and 95 % interval over the heads for each method, and the differences to the reference method head by head (which is sharper
 * than two intervals side by side: heads differ more than methods do).
 * @throws TypeError where a head lacks a method
 */
export function summarise(
  heads: readonly ExperimentHead[],
  methods: readonly string[],
  reference: string | null,
): Pick<ExperimentResult, 'summary' | 'differences'> {
  for (const head of heads)
    for (const id of methods) if (!head.methods[id]) throw new TypeError(`head ${head.name} was not measured with ${id}`);
  const summary = Object.fromEntries(methods.map((id) => [id, summaryOf(heads.map((h) => h.methods[id]!))]));
  if (reference === null) return { summary, differences: null };
  const others = methods.filter((id) => id !== reference);
  const rows = others.map((id) => [id, Object.fromEntries(compared.map((by) => [by, differenceOf(heads, id, reference, by)]))]);
  return { summary, differences: { reference, methods: Object.fromEntries(rows) as Record<string, Record<Compared, Summary>> } };
}

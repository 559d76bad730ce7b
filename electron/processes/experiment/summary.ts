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
import { cohortFigure } from '../../../kernels/metrics/cohort.ts';

/** A figure of one head; a missed head may have a value all the same (DSC 0). */
interface HeadFigure {
  value: number | null;
  missed: boolean;
}

function summed(figures: readonly HeadFigure[]): Summary {
  const over = (list: readonly HeadFigure[]) => cohortFigure(list.map(({ value }) => ({ state: 'ok', value })));
  const { cases, mean, sd, interval95, least, most } = over(figures);
  const meanFound = over(figures.filter((f) => !f.missed)).mean;
  return { heads: cases, mean, meanFound, sd, interval95, least, most, missed: figures.filter((f) => f.missed).length };
}

function figureOf(head: HeadFigures, region: Region, measure: Measure): HeadFigure {
  const { state, [measure]: value } = head[region];
  return { value: state === 'undefined' ? null : value, missed: state === 'missed' };
}

/** Walls that the truth has are missed with the whole head; a head whose truth has none misses none. */
const wallOf = (head: HeadFigures, value: number | null): HeadFigure => ({
  value,
  missed: value !== null && head.whole.state === 'missed',
});

const ofRegion = (heads: readonly HeadFigures[], region: Region) =>
  Object.fromEntries(measures.map((m) => [m, summed(heads.map((h) => figureOf(h, region, m)))])) as Record<Measure, Summary>;

function summaryOf(heads: readonly HeadFigures[]): MethodSummary {
  const [whole, cortical, thin] = regions.map((region) => ofRegion(heads, region));
  return {
    whole: whole!,
    cortical: cortical!,
    thin: thin!,
    thinWalls: {
      exact: summed(heads.map((h) => wallOf(h, h.thinWalls.exact))),
      near: summed(heads.map((h) => wallOf(h, h.thinWalls.near))),
      bins: thicknessBinsMm.slice(1).map((_, b) => summed(heads.map((h) => wallOf(h, h.thinWalls.bins[b] ?? null)))),
    },
  };
}

/** The one number of a head that a comparison goes by. */
function comparedOf(head: HeadFigures, by: Compared): HeadFigure {
  if (by === 'corticalDsc') return figureOf(head, 'cortical', 'dsc');
  if (by === 'thinDsc') return figureOf(head, 'thin', 'dsc');
  if (by === 'thinWalls') return wallOf(head, head.thinWalls.exact);
  return figureOf(head, 'whole', by);
}

function differenceOf(heads: readonly ExperimentHead[], method: string, reference: string, by: Compared): Summary {
  return summed(
    heads.map((head) => {
      const [own, other] = [comparedOf(head.methods[method]!, by), comparedOf(head.methods[reference]!, by)];
      return { value: own.value === null || other.value === null ? null : own.value - other.value, missed: own.missed || other.missed };
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

import { type ExperimentResult, type Measure, measures, regions, type Summary, thicknessBinsMm } from '../../../contract/experiment.ts';
import { binWords, headsWords, interval, meanSd, measureWords, missedWords, trainingWords, type Unit, unequalTraining } from './words.ts';

const columns: readonly Measure[] = ['dsc', 'sensitivity', 'specificity', 'accuracy', 'iou', 'hd95Mm', 'assdMm'];
const regionWords = { whole: 'Whole bone', cortical: 'Cortical bone', thin: 'Thin bone' } as const;

/** A cell of Markdown cannot hold a bar or a line break; a title from a file may. */
const cell = (text: string): string => text.replace(/\s+/g, ' ').replace(/[|<>`]/g, '\\$&');
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly string[][]): string =>
  [row(head), row(head.map((_, n) => (n ? '---:' : '---'))), ...rows.map(row)].join('\n');

/** Mean ± SD, with how many heads were missed and the mean of the others. */
function shown(summary: Summary, unit: Unit): string {
  const missed = missedWords(summary, unit);
  return missed ? `${meanSd(summary, unit)} (${missed})` : meanSd(summary, unit);
}

function networkTable(result: ExperimentResult): string[] {
  if (!result.networks.length) return [];
  const unequal = unequalTraining(result);
  return [
    '## Networks',
    ...(unequal ? [`**${cell(unequal)}**`] : []),
    table(
      ['Network', 'Steps trained', 'Complete', 'Seed', 'Wording'],
      result.networks.map((n) => [n.id, ...trainingWords(n), n.wording].map(cell)),
    ),
  ];
}

/** experiment.md: means, deviations and intervals for people to read. */
export function markdown(result: ExperimentResult): string {
  const { methods, summary } = result;
  const titled = methods.map((m) => [m, summary[m.id]!] as const);
  const parts = regions.map((region) =>
    [
      `## ${regionWords[region]}`,
      table(
        ['Method', ...columns.map((m) => `${measureWords[m].name} (${measureWords[m].unit})`)],
        titled.map(([m, s]) => [cell(m.title), ...columns.map((c) => shown(s[region][c], measureWords[c].unit))]),
      ),
      '95 % interval of the mean:',
      table(
        ['Method', ...columns.map((m) => measureWords[m].name)],
        titled.map(([m, s]) => [cell(m.title), ...columns.map((c) => interval(s[region][c], measureWords[c].unit))]),
      ),
    ].join('\n\n'),
  );
  const walls = table(
    ['Method', 'all (%)', 'all, nearly (%)', ...binWords(thicknessBinsMm).map((w) => `${w} mm`)],
    titled.map(([m, { thinWalls: w }]) => [cell(m.title), ...[w.exact, w.near, ...w.bins].map((s) => shown(s, '%'))]),
  );
  return `${[
    `# ${cell(result.title)}`,
    `**${result.synthetic ? 'Synthetic figures. ' : ''}Networks: ${result.wording}.**`,
    `${headsWords(result)}. Mean ± SD over the heads.`,
    ...parts,
    '## True thin walls found, by thickness',
    walls,
    ...networkTable(result),
    '## Definitions',
    Object.values(result.definitions)
      .map((text) => `- ${text}`)
      .join('\n'),
  ].join('\n\n')}\n`;
}

/** Text of a comma-separated cell. A leading sign of a formula gets an apostrophe, so that a spreadsheet runs nothing. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** experiment.csv: every figure of every head, one a line, for a statistics program. */
export function csv({ heads, methods }: ExperimentResult): string {
  const lines = ['head,seed,kernel,method,region,measure,unit,value'];
  for (const head of heads)
    for (const { id } of methods) {
      const figures = head.methods[id]!;
      const put = (region: string, measure: string, unit: string, value: number | null) =>
        lines.push([quoted(head.name), head.seed ?? '', head.kernel ?? '', id, region, measure, unit, value ?? ''].join(','));
      for (const region of regions)
        for (const m of measures) put(region, m.replace(/Mm$/, ''), measureWords[m].unit === 'mm' ? 'mm' : 'share', figures[region][m]);
      put('thin walls', 'recall exact', 'share', figures.thinWalls.exact);
      put('thin walls', 'recall near', 'share', figures.thinWalls.near);
      figures.thinWalls.bins.forEach((value, b) => {
        put(`thin walls ${thicknessBinsMm[b]}-${thicknessBinsMm[b + 1]} mm`, 'recall exact', 'share', value);
      });
    }
  return `${lines.join('\n')}\n`;
}

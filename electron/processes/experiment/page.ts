import {
  type Compared,
  type ExperimentResult,
  type Measure,
  type Region,
  regions,
  type Summary,
  thicknessBinsMm,
} from '../../../contract/experiment.ts';
import { binPlot, dotPlot, escaped, legendMark, type Marker, markers, type Row } from './plots.ts';
import { style } from './style.ts';
import {
  binWords,
  headsWords,
  interval,
  meanSd,
  measureWords,
  missedWords,
  number,
  trainingWords,
  type Unit,
  unequalTraining,
} from './words.ts';

const regionWords: Record<Region, string> = { whole: 'Whole bone', cortical: 'Cortical bone', thin: 'Thin bone' };

/** Families share a hue: thresholds grey, B blue, C teal, ours orange. */
const families: Record<string, readonly string[]> = {
  hu: ['#5f6672', '#9aa1ad'],
  unet: ['#2b6cb0', '#7fb0de'],
  'multi-unet': ['#0f766e', '#5fb3aa'],
  default: ['#b4450f', '#e07b39', '#8a5a00', '#d1a13b', '#8c2f39'],
};

interface Drawn {
  id: string;
  title: string;
  colour: string;
  marker: Marker;
}

/** Colour and marker of each method: neither alone has to be told apart. */
function drawnMethods({ spec, methods }: ExperimentResult): Drawn[] {
  const used = new Map<string, number>();
  const colourOf = (method: string): string => {
    const family = method === 'threshold' || method === 'hysteresis' ? 'hu' : method;
    const colours = families[family] ?? families.hu!;
    const n = used.get(family) ?? 0;
    used.set(family, n + 1);
    return colours[n % colours.length]!;
  };
  const colours = new Map(
    spec.methods.flatMap((m) => [m.id, ...m.variants.map((v) => v.id)].map((id) => [id, colourOf(m.segment.method)] as const)),
  );
  return methods.map(({ id, title }, n) => ({ id, title, colour: colours.get(id)!, marker: markers[n % markers.length]! }));
}

const heading = (cells: readonly string[]): string =>
  `<thead><tr>${cells.map((c, n) => `<th scope="col"${n ? '' : ' class="first"'}>${c}</th>`).join('')}</tr></thead>`;

function cellOf(summary: Summary, unit: Unit, best: boolean): string {
  const words = missedWords(summary, unit);
  const missed = words ? `<i>${words}</i>` : '';
  return `<td${best ? ' class="best"' : ''}>${meanSd(summary, unit)}${summary.interval95 ? `<i>${interval(summary, unit)}</i>` : ''}${missed}</td>`;
}

/** Which rows of a column show the best mean: those that read the same as it. None where all read the same. */
function bestOf(column: readonly (number | null)[], unit: Unit, better: 'higher' | 'lower'): boolean[] {
  const there = column.filter((v) => v !== null);
  const best = better === 'higher' ? Math.max(...there) : Math.min(...there);
  const reads = (v: number) => number(v, unit) === number(best, unit);
  return column.map((v) => v !== null && reads(v) && !there.every(reads));
}

function summaryTable(result: ExperimentResult, drawn: readonly Drawn[]): string {
  type Column = { words: string; unit: Unit; better: 'higher' | 'lower'; of: (id: string) => Summary };
  const of = (region: Region, measure: Measure, words: string): Column => ({
    words: `${words}<i>${measureWords[measure].unit}</i>`,
    ...measureWords[measure],
    of: (id) => result.summary[id]![region][measure],
  });
  const columns: Column[] = [
    of('whole', 'dsc', 'DSC whole'),
    of('cortical', 'dsc', 'DSC cortical'),
    of('thin', 'dsc', 'DSC thin'),
    { words: 'Thin walls found<i>%</i>', unit: '%', better: 'higher', of: (id) => result.summary[id]!.thinWalls.exact },
    of('whole', 'sensitivity', 'Sensi&shy;tivity'),
    of('whole', 'specificity', 'Speci&shy;ficity'),
    of('whole', 'hd95Mm', 'HD95'),
    of('whole', 'assdMm', 'ASSD'),
  ];
  const best = columns.map((c) =>
    bestOf(
      drawn.map((m) => c.of(m.id).mean),
      c.unit,
      c.better,
    ),
  );
  const rows = drawn.map(
    (m, n) =>
      `<tr><th scope="row">${legendMark(m.marker, m.colour)}${escaped(m.title)}</th>${columns.map((c, at) => cellOf(c.of(m.id), c.unit, best[at]![n]!)).join('')}</tr>`,
  );
  return `<div class="wide"><table>${heading(['Method', ...columns.map((c) => c.words)])}<tbody>${rows.join('')}</tbody></table></div>`;
}

function regionTable(result: ExperimentResult, drawn: readonly Drawn[], region: Region): string {
  const columns: Measure[] = ['dsc', 'iou', 'sensitivity', 'specificity', 'accuracy', 'hd95Mm', 'assdMm'];
  const rows = drawn.map(
    (m) =>
      `<tr><th scope="row">${escaped(m.title)}</th>${columns.map((c) => cellOf(result.summary[m.id]![region][c], measureWords[c].unit, false)).join('')}</tr>`,
  );
  return `<h3>${regionWords[region]}</h3><div class="wide"><table>${heading(['Method', ...columns.map((c) => `${measureWords[c].name}<i>${measureWords[c].unit}</i>`)])}<tbody>${rows.join('')}</tbody></table></div>`;
}

function dscPlots(result: ExperimentResult, drawn: readonly Drawn[]): string {
  const plots = regions.map((region, n) => {
    const rows = rowsOf(
      result,
      drawn,
      (id) => result.summary[id]![region].dsc,
      (head, id) => head.methods[id]![region].dsc,
    );
    const name = `DSC, ${regionWords[region].toLowerCase()}, by method and head`;
    return `<figure class="${n ? 'w290' : 'w460 named'}"><figcaption>${regionWords[region]}</figcaption>${dotPlot(rows, { unit: '%', titled: n === 0, width: n ? 290 : 460, name })}</figure>`;
  });
  return `<div class="row">${plots.join('')}</div>`;
}

function rowsOf(
  result: ExperimentResult,
  drawn: readonly Drawn[],
  summary: (id: string) => Summary,
  value: (head: ExperimentResult['heads'][number], id: string) => number | null,
): Row[] {
  return drawn.map((m) => ({ ...m, summary: summary(m.id), values: result.heads.map((head) => value(head, m.id)) }));
}

function distancePlots(result: ExperimentResult, drawn: readonly Drawn[]): string {
  const plots = (['hd95Mm', 'assdMm'] as const).map((measure, n) => {
    const rows = rowsOf(
      result,
      drawn,
      (id) => result.summary[id]!.whole[measure],
      (head, id) => head.methods[id]!.whole[measure],
    );
    const { name } = measureWords[measure];
    return `<figure class="${n ? 'w372' : 'w560 named'}"><figcaption>${name}, mm</figcaption>${dotPlot(rows, { unit: 'mm', titled: n === 0, width: n ? 372 : 560, name: `${name} by method and head` })}</figure>`;
  });
  return `<div class="row">${plots.join('')}</div>`;
}

function wallPlot(result: ExperimentResult, drawn: readonly Drawn[]): string {
  const rows = drawn.map((m) => ({ ...m, bins: result.summary[m.id]!.thinWalls.bins }));
  if (rows.every((r) => r.bins.every((b) => b.mean === null)))
    return '<p class="none">The truth of these heads does not tell the thickness of its walls.</p>';
  const legend = drawn.map((m) => `<li>${legendMark(m.marker, m.colour)}${escaped(m.title)}</li>`).join('');
  return `<figure><ul class="legend">${legend}</ul>${binPlot(rows, binWords(thicknessBinsMm), 'Thin walls found, by true thickness and method')}<figcaption>Mean over the heads, per cent, with its 95 % interval. Lines join the bins of one method; methods stand side by side within a bin.</figcaption></figure>`;
}

const comparedWords: Record<Compared, [string, Unit]> = {
  dsc: ['DSC whole', '%'],
  corticalDsc: ['DSC cortical', '%'],
  thinDsc: ['DSC thin', '%'],
  thinWalls: ['Thin walls found', '%'],
  hd95Mm: ['HD95', 'mm'],
  assdMm: ['ASSD', 'mm'],
};

function differences({ differences: all, methods }: ExperimentResult): string {
  if (!all) return '';
  const titles = new Map(methods.map((m) => [m.id, m.title]));
  const by = Object.keys(comparedWords) as Compared[];
  const rows = Object.entries(all.methods).map(([id, row]) => {
    const cells = by.map((c) => {
      const s = row[c];
      const sure = s.interval95 !== null && (s.interval95[0] > 0 || s.interval95[1] < 0);
      const unit = comparedWords[c][1];
      const text = s.mean === null ? '–' : `${s.mean > 0 ? '+' : ''}${number(s.mean, unit)}`;
      const missed = missedWords(s, unit);
      return `<td${sure ? '' : ' class="unsure"'}>${text}<i>${interval(s, unit)}</i>${missed ? `<i>${missed}</i>` : ''}</td>`;
    });
    return `<tr><th scope="row">${escaped(titles.get(id) ?? id)}</th>${cells.join('')}</tr>`;
  });
  const heads = by.map((c) => `${comparedWords[c][0]}<i>${comparedWords[c][1] === '%' ? 'points' : 'mm'}</i>`);
  return `<section><h2>Difference to ${escaped(titles.get(all.reference) ?? all.reference)}, head by head</h2>
<p>Method minus reference on the same head: mean and its 95 % interval. Grey: the interval holds zero. Not adjusted for the number of comparisons.</p>
<div class="wide"><table>${heading(['Method', ...heads])}<tbody>${rows.join('')}</tbody></table></div></section>`;
}

function headTable({ heads, methods }: ExperimentResult): string {
  const rows = heads.map(
    (h) =>
      `<tr><th scope="row">${escaped(h.name)}</th><td>${escaped(h.kernel ?? '–')}</td><td>${h.spacingMm.map((v) => v.toFixed(2)).join(' × ')}</td>${methods.map(({ id }) => `<td>${h.methods[id]!.whole.dsc === null ? '–' : number(h.methods[id]!.whole.dsc, '%')}</td>`).join('')}</tr>`,
  );
  return `<details><summary>DSC of whole bone, head by head</summary><div class="wide"><table>${heading(['Head', 'Kernel', 'Voxel, mm', ...methods.map((m) => escaped(m.title))])}<tbody>${rows.join('')}</tbody></table></div></details>`;
}

function networkTable(result: ExperimentResult): string {
  if (!result.networks.length) return '';
  const rows = result.networks.map(
    (n) =>
      `<tr><th scope="row">${escaped(n.id)}</th>${[...trainingWords(n), n.wording].map((text) => `<td>${escaped(text)}</td>`).join('')}</tr>`,
  );
  const unequal = unequalTraining(result);
  return `<section><h2>Networks</h2><p>What each network's card says of its training.</p>${unequal ? `<p class="warning">${escaped(unequal)}</p>` : ''}
<div class="wide"><table>${heading(['Network', 'Steps trained', 'Complete', 'Seed', 'Wording'])}<tbody>${rows.join('')}</tbody></table></div></section>
`;
}

function provenance(result: ExperimentResult): string {
  const providers = [...new Set(result.methods.flatMap((m) => (m.provider ? [m.provider] : [])))];
  const facts: [string, string][] = [
    ['Seeds', result.spec.seeds.join(', ') || 'none'],
    ...(result.spec.pairs.length ? [['Pairs', result.spec.pairs.map((p) => p.name).join(', ')] as [string, string]] : []),
    ['Networks', result.networks.map(({ id, sha256 }) => `${id} (SHA-256 ${sha256})`).join(', ') || 'none'],
    ['Provider', providers.join(', ') || 'none'],
    ['Flagged', [...new Set(result.methods.flatMap((m) => m.warnings))].sort().join(', ') || 'nothing'],
    ['Experiment file', `SHA-256 ${result.specSha256}`],
    ['Lamina', result.lamina],
  ];
  return `<dl>${facts.map(([term, text]) => `<dt>${term}</dt><dd>${escaped(text)}</dd>`).join('')}</dl>`;
}

/**
 * The experiment as one page: no script, no network, nothing beside it. Every text of the experiment's file is escaped.
 * @returns HTML; the same result gives the same bytes
 */
export function page(result: ExperimentResult): string {
  const drawn = drawnMethods(result);
  const definitions = Object.values(result.definitions)
    .map((text) => `<li>${escaped(text)}</li>`)
    .join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(result.title)}</title><style>${style}</style></head><body><main>
<header><p class="kind">Experiment, clause D.4</p><h1>${escaped(result.title)}</h1>
<p class="lead">${escaped(headsWords(result))}; ${result.methods.length} method${result.methods.length > 1 ? 's' : ''} on each.</p>
<p class="warning">${result.synthetic ? '<b>Synthetic figures.</b> They tell nothing of patients. ' : ''}Networks: ${escaped(result.wording)}.</p></header>
<section><h2>Result</h2><p>Mean ± SD over the heads, and the 95 % interval of the mean. Bold: the best mean of a column, which is no test. Where heads were missed, their DSC of 0 is in the mean, and the mean of the others stands below.</p>${summaryTable(result, drawn)}</section>
<section><h2>Overlap with the truth (DSC, %)</h2><p>A dot is a head; the diamond is the mean, the bar its 95 % interval. Higher is better. The axes differ.</p>${dscPlots(result, drawn)}</section>
<section><h2>True thin walls found, by thickness</h2>${wallPlot(result, drawn)}</section>
<section><h2>Distance to the true surface</h2><p>Whole bone. Lower is better. The axes differ.</p>${distancePlots(result, drawn)}</section>
${differences(result)}
<section><h2>All measures</h2>${regions.map((region) => regionTable(result, drawn, region)).join('')}${headTable(result)}</section>
${networkTable(result)}<section><h2>Definitions</h2><ul class="plain">${definitions}</ul></section>
<section><h2>Where it comes from</h2>${provenance(result)}</section>
</main></body></html>
`;
}

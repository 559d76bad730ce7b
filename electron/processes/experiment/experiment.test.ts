import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExperimentHead, ExperimentResult, HeadFigures, RegionFigures } from '../../../contract/experiment.ts';
import { experimentSpec } from '../../../contract/experiment.ts';
import { d4Experiment } from '../../../contract/experiment-d4.ts';
import { page } from './page.ts';
import { inTwo, ticks } from './plots.ts';
import { summarise } from './summary.ts';
import { csv, markdown } from './table.ts';

const region = (dsc: number, hd95Mm: number | null, state: RegionFigures['state'] = 'ok'): RegionFigures => ({
  state,
  voxels: { tp: 1, fp: 1, tn: 1, fn: 1 },
  sensitivity: dsc,
  specificity: 0.9,
  accuracy: 0.9,
  dsc,
  iou: dsc / (2 - dsc),
  hd95Mm,
  assdMm: hd95Mm === null ? null : hd95Mm / 4,
});
const figures = (dsc: number, walls: number | null, hd95Mm: number | null = 1): HeadFigures => ({
  whole: region(dsc, hd95Mm, hd95Mm === null ? 'missed' : 'ok'),
  cortical: region(dsc, 1),
  thin: region(dsc / 2, 1),
  thinWalls: { exact: walls, near: walls, bins: [null, walls, walls, null, 0.5, 1] },
});
const head = (n: number, methods: Record<string, HeadFigures>): ExperimentHead => ({
  name: `seed ${n}`,
  seed: n,
  kernel: 'standard',
  dimensions: [10, 10, 10],
  spacingMm: [0.5, 0.5, 0.8],
  methods,
});
const heads = [
  head(1, { a: figures(0.8, 0.3, 2), b: figures(0.9, 0.8) }),
  head(2, { a: figures(0.7, 0.2, 3), b: figures(0.86, 0.7) }),
  head(3, { a: figures(0, 0, null), b: figures(0.94, 0.9) }),
];
const hostile = `<img src=x onerror="alert(1)"> & 'B' | x`;

function result(): ExperimentResult {
  const spec = experimentSpec.parse({
    schema: 1,
    title: hostile,
    seeds: [1, 2, 3],
    reference: 'a',
    methods: [
      { id: 'a', title: 'A: 300 HU', segment: { method: 'threshold', lowHu: 300 } },
      { id: 'b', title: '=cmd|1', segment: { method: 'unet' } },
    ],
  });
  return {
    schema: 1,
    clause: 'D.4',
    title: hostile,
    synthetic: true,
    wording: 'trained on procedural phantoms only; not validated on patients; validate locally',
    lamina: '0',
    spec,
    specSha256: 'x',
    definitions: { region: hostile },
    methods: spec.methods.map(({ id, title }) => ({ id, title, models: [], provider: null, warnings: [] })),
    networks: [
      { id: 'unet-b', sha256: 'b0b', wording: hostile, training: { steps: 4000, stepsPlanned: 4000, complete: true, seed: 1 } },
      { id: 'orbit', sha256: 'c0c', wording: 'w', training: { steps: 1000, stepsPlanned: 7000, complete: false, seed: 2 } },
    ],
    heads,
    ...summarise(heads, ['a', 'b'], 'a'),
    times: { startedAt: '', finishedAt: '', seconds: {} },
  };
}

describe('[D.4-experiment] statistics', () => {
  test('mean, SD and 95 % interval are those of Student, checked against a table', () => {
    const { summary } = summarise(heads, ['a', 'b'], null);
    // 0.90, 0.86, 0.94: SD 0.04, t(2) = 4.3027 (table), half width 4.3027 x 0.04 / sqrt 3.
    const { mean, sd, interval95, heads: count } = summary.b!.whole.dsc;
    expect(mean).toBeCloseTo(0.9, 12);
    expect(sd).toBeCloseTo(0.04, 12);
    expect(interval95![1] - 0.9).toBeCloseTo((4.3027 * 0.04) / Math.sqrt(3), 5);
    expect(0.9 - interval95![0]).toBeCloseTo((4.3027 * 0.04) / Math.sqrt(3), 5);
    expect(count).toBe(3);
  });

  test('a missed head counts with DSC 0, is counted as missed, and the mean of the others is given beside it', () => {
    const { summary, differences } = summarise(heads, ['a', 'b'], 'b');
    const { whole, thinWalls } = summary.a!;
    expect(whole.dsc).toMatchObject({ heads: 3, missed: 1, least: 0 });
    expect(whole.dsc.mean).toBeCloseTo(0.5, 12);
    expect(whole.dsc.meanFound).toBeCloseTo(0.75, 12);
    expect(whole.hd95Mm).toMatchObject({ heads: 2, mean: 2.5, meanFound: 2.5, missed: 1 });
    expect(thinWalls.exact).toMatchObject({ heads: 3, missed: 1 });
    expect(thinWalls.exact.meanFound).toBeCloseTo(0.25, 12);
    // The first bin has no walls in any head: nothing to miss.
    expect(thinWalls.bins[0]).toMatchObject({ heads: 0, mean: null, missed: 0 });
    expect(differences!.methods.a!.dsc).toMatchObject({ heads: 3, missed: 1 });
    expect(differences!.methods.a!.dsc.meanFound).toBeCloseTo(-0.13, 12);
    expect(summary.b!.whole.dsc).toMatchObject({ missed: 0, meanFound: summary.b!.whole.dsc.mean });
    const alone = summarise(heads.slice(2), ['a'], null).summary.a!.whole;
    expect(alone.dsc).toMatchObject({ heads: 1, mean: 0, meanFound: null, missed: 1 });
    expect(alone.hd95Mm).toMatchObject({ heads: 0, mean: null, meanFound: null, sd: null, interval95: null, missed: 1 });
  });

  test('differences are taken head by head: what both methods share drops out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0.1, max: 0.6, noNaN: true }), fc.double({ min: 0, max: 0.1, noNaN: true })), {
          minLength: 2,
          maxLength: 12,
        }),
        (pairs) => {
          const list = pairs.map(([base, gain], n) => head(n, { a: figures(base, base), b: figures(base + 0.2 + gain, base) }));
          const { differences } = summarise(list, ['a', 'b'], 'a');
          const d = differences!.methods.b!.dsc;
          expect(d.mean).toBeCloseTo(0.2 + pairs.reduce((s, p) => s + p[1], 0) / pairs.length, 9);
          expect(d.least!).toBeGreaterThan(0.2 - 1e-9);
          expect(d.most!).toBeLessThan(0.3 + 1e-9);
          expect(differences!.methods.b!.thinWalls.mean).toBeCloseTo(0, 9);
        },
      ),
    );
    const { differences } = result();
    expect(Object.keys(differences!.methods)).toEqual(['b']);
    // The third head has no distance under a: two pairs are left.
    expect(differences!.methods.b!.hd95Mm).toMatchObject({ heads: 2, mean: -1.5 });
  });

  test('a head that lacks a method is our mistake', () => {
    expect(() => summarise([head(1, { a: figures(1, 1) })], ['a', 'b'], null)).toThrow(TypeError);
  });
});

describe('[D.4-experiment] table and page', () => {
  test('the page holds no script, no link outwards, and nothing of a hostile title as markup', () => {
    const html = page(result());
    expect(html).toBe(page(result()));
    expect(html).not.toMatch(/<script|<img|<iframe|<link|javascript:|url\(|@import|\son\w+\s*=\s*["']/i);
    expect(html).not.toMatch(/<[^>]*\s(href|src|style|on\w+)\s*=/i);
    expect(html).toContain('&#60;img src=x onerror=&#34;alert(1)&#34;&#62;');
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('Synthetic figures');
    expect(html).toContain('trained on procedural phantoms only; not validated on patients; validate locally');
    expect(html).not.toMatch(/NaN|undefined|Infinity|null/);
  });

  test('every head is a dot in every plot of DSC, and a missed head is said', () => {
    const html = page(result());
    const plot = html.match(/aria-label="DSC, whole bone[^"]*">(.*?)<\/svg>/)![1]!;
    expect(plot.match(/fill-opacity/g)!.length).toBe(6);
    expect(html).toContain('<i>1 missed; others 75.0</i>');
    expect(markdown(result())).toContain('50.0 ± 43.6 (1 missed; others 75.0)');
  });

  test("each network's steps, completeness, seed and wording are printed, and that they are unequal", () => {
    const [html, text] = [page(result()), markdown(result())];
    expect(html).toContain('<td>4000 of 4000</td><td>yes</td><td>1</td><td>&#60;img');
    expect(html).toContain('<td>1000 of 7000</td><td>no</td><td>2</td><td>w</td>');
    expect(text).toContain('| orbit | 1000 of 7000 | no | 2 | w |');
    for (const out of [html, text]) {
      expect(out).toContain('not trained for equally many steps');
      expect(out).toContain('Training was not completed: orbit.');
    }
    const unknown = {
      ...result(),
      networks: result()
        .networks.slice(0, 1)
        .map((n) => ({ ...n, training: null })),
    };
    expect(page(unknown)).toContain('<td>not stated</td>');
    expect(page(unknown)).not.toMatch(/equally many|not completed/);
    expect(page({ ...result(), networks: [] })).not.toContain('<h2>Networks</h2>');
  });

  test('one head has means without deviations', () => {
    const one = { ...result(), heads: heads.slice(0, 1), ...summarise(heads.slice(0, 1), ['a', 'b'], 'a') };
    expect(page(one)).not.toMatch(/NaN|undefined|Infinity/);
    expect(markdown(one)).toContain('| A: 300 HU | 80.0 |');
  });

  test('Markdown and CSV keep a title in its cell, and a spreadsheet runs nothing', () => {
    const text = markdown(result());
    for (const line of text.split('\n').filter((l) => l.startsWith('| =cmd'))) expect(line).toContain('=cmd\\|1');
    expect(text).toContain('Synthetic figures');
    const lines = csv({ ...result(), heads: [{ ...heads[0]!, name: '=1+1,"x"' }] })
      .trim()
      .split('\n');
    // 2 methods x (3 regions x 7 measures + 2 recalls + 6 bins), and the head line.
    expect(lines.length).toBe(1 + 2 * (21 + 2 + 6));
    expect(lines[1]).toBe(`"'=1+1,""x""",1,standard,a,whole,sensitivity,share,0.8`);
  });

  test('a long name takes two lines and no more, and loses nothing that fits', () => {
    expect(inTwo('B: one U-Net')).toEqual(['B: one U-Net']);
    expect(inTwo('C: cortical and thin U-Nets, integrated')).toEqual(['C: cortical and thin', 'U-Nets, integrated']);
    for (const words of inTwo('x'.repeat(80))) expect(words.length).toBeLessThanOrEqual(25);
  });

  test('ticks are round, even, and span the values', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e4, max: 1e4, noNaN: true }), fc.double({ min: 1e-3, max: 1e4, noNaN: true }), (low, span) => {
        const marks = ticks(low, low + span, 5);
        expect(marks[0]!).toBeLessThanOrEqual(low + 1e-6 * span);
        expect(marks.at(-1)!).toBeGreaterThanOrEqual(low + span - 1e-6 * span);
        expect(marks.length).toBeLessThanOrEqual(9);
        const step = marks[1]! - marks[0]!;
        expect([1, 2, 5, 10].some((m) => Math.abs(step / 10 ** Math.floor(Math.log10(step * 1.0000001)) - m) < 1e-3)).toBe(true);
      }),
    );
  });
});

test('[D.4-experiment] the experiment that comes as a file is the one that the window runs, and it fits the contract', async () => {
  const file = await readFile(new URL('../../../assets/experiments/d4.json', import.meta.url), 'utf8');
  expect(JSON.parse(file)).toEqual(d4Experiment);
  const { clean } = experimentSpec
    .parse(d4Experiment)
    .methods.flatMap((m) => m.variants)
    .find((v) => v.id === 'ours-crf-ccl')!;
  expect(clean).toMatchObject([
    { keep: 'all', crf: true },
    { keep: 'minimum', minimumMm3: 2, connectivity: 26, crf: false },
  ]);
  expect(experimentSpec.parse(d4Experiment).methods.map((m) => m.segment.method)).toEqual([
    'threshold',
    'hysteresis',
    'unet',
    'multi-unet',
    'default',
    'default',
  ]);
});

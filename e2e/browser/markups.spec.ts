import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { Markup, MarkupKind, MarkupMeasures } from '../../contract/markups.ts';
import type { SeriesEntry } from '../../contract/volume.ts';
import { indexToLps, type Triple } from '../../kernels/volume/geometry.ts';
import { expect, test } from '../app.ts';
import { lamina, smallHead } from '../phantom.ts';
import { acceptImport, counts, importFolder, journaled, step, threshold } from '../steps.ts';

type Place = [number, number];
type Plane = 'axial' | 'coronal' | 'sagittal';
const markups = (page: Page): Promise<Markup[]> =>
  page.evaluate(() => (window.__lamina.caseState() as unknown as { markups: Markup[] }).markups);
const world = (page: Page, plane: Plane, [x, y]: Place): Promise<Triple> =>
  page.evaluate(([p, a, b]) => window.__lamina.canvasToWorld(p, a, b), [plane, x, y] as const);

/** The view's corner and middle, CSS pixels. */
async function view(page: Page, plane: Plane) {
  const box = await page.getByTestId(`viewport-${plane}`).boundingBox();
  if (!box) throw new Error(`no ${plane} view`);
  const middle: Place = [Math.round(box.width / 2), Math.round(box.height / 2)];
  return { middle, at: ([x, y]: Place): Place => [box.x + x, box.y + y] };
}
async function drag(page: Page, plane: Plane, places: Place[]): Promise<void> {
  const { at } = await view(page, plane);
  await page.mouse.move(...at(places[0]!));
  await page.mouse.down();
  for (const place of places.slice(1)) await page.mouse.move(...at(place), { steps: 3 });
  await page.mouse.up();
}
async function clicks(page: Page, plane: Plane, places: Place[]): Promise<void> {
  const { at } = await view(page, plane);
  for (const place of places) {
    await page.mouse.move(...at(place));
    await page.mouse.down();
    await page.mouse.up();
  }
}
const take = (page: Page, kind: MarkupKind) => page.getByTestId(`markup-kind-${kind}`).click();

/** Draws and waits until the case has it. */
async function drawn(page: Page, act: () => Promise<unknown>): Promise<Markup> {
  const before = (await markups(page)).length;
  await act();
  await expect.poll(async () => (await markups(page)).length, { timeout: 15_000 }).toBe(before + 1);
  return (await markups(page)).at(-1)!;
}

/** As the service measures them, over its own route. */
const measured = (page: Page): Promise<MarkupMeasures[]> =>
  page.evaluate(async () => {
    const id = window.__lamina.caseState()!.id;
    const headers = { 'content-type': 'application/json' };
    const started = await (await fetch(`/api/cases/${id}/markups/measures`, { method: 'POST', body: '{}', headers })).json();
    for (;;) {
      const job = await (await fetch(`/api/jobs/${started.id}`)).json();
      if (job.state === 'done') return job.result;
      if (job.state !== 'running' && job.state !== 'queued') throw new Error(JSON.stringify(job));
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  });

async function opened(page: Page): Promise<void> {
  await importFolder(page, smallHead());
  await acceptImport(page);
}

test('[9.1-types] each kind is drawn with the pointer where it says, undone by name, redone, and there after a reload', async ({
  lamina: page,
}) => {
  await opened(page);
  await step(page, 'correct');
  await page.getByTestId('viewport-axial').focus();
  await page.keyboard.press('9');
  await expect(page.getByTestId('tool-markup')).toHaveAttribute('aria-pressed', 'true');
  const { middle } = await view(page, 'axial');
  /** Fifteen places for drawings that do not touch each other. */
  const around = (n: number, dx: number, dy: number): Place => [
    middle[0] - 195 + (n % 5) * 80 + dx,
    middle[1] - 115 + Math.floor(n / 5) * 80 + dy,
  ];
  const lps = (places: Place[]) => Promise.all(places.map((place) => world(page, 'axial', place)));
  const expectPoints = async (made: Markup, kind: MarkupKind, name: string, places: Place[]) => {
    expect(made).toMatchObject({ kind, name });
    const expected = await lps(places);
    expect(made.pointsLps).toHaveLength(expected.length);
    for (const [n, point] of made.pointsLps.entries())
      for (const axis of [0, 1, 2]) expect(point[axis]).toBeCloseTo(expected[n]![axis]!, 6);
    const flat = kind === 'point' || kind === 'text';
    expect(made.normalLps).toEqual(flat ? null : [0, 0, 1]);
  };

  await take(page, 'line');
  const line: Place[] = [around(0, 0, 0), around(0, 40, 20)];
  await expectPoints(await drawn(page, () => drag(page, 'axial', line)), 'line', 'Line 1', line);
  // The same by two clicks, over a point that is not free any more.
  const second: Place[] = [around(1, 0, 0), around(1, 40, 30)];
  await expectPoints(await drawn(page, () => clicks(page, 'axial', second)), 'line', 'Line 2', second);

  await take(page, 'angle');
  const angle: Place[] = [around(2, 0, 0), around(2, 0, 30), around(2, 40, 30)];
  await expectPoints(await drawn(page, () => clicks(page, 'axial', angle)), 'angle', 'Angle 1', angle);

  await take(page, 'rectangle');
  const [a, b]: Place[] = [around(3, 0, 0), around(3, 40, 30)] as [Place, Place];
  const rectangle = await drawn(page, () => drag(page, 'axial', [a, b]));
  await expectPoints(rectangle, 'rectangle', 'Rectangle 1', [a, [b[0], a[1]], b, [a[0], b[1]]]);

  await take(page, 'ellipse');
  const [c, d]: Place[] = [around(4, 0, 0), around(4, 40, 30)] as [Place, Place];
  const ellipse = await drawn(page, () => drag(page, 'axial', [c, d]));
  const [my, mx] = [(c[1] + d[1]) / 2, (c[0] + d[0]) / 2];
  await expectPoints(ellipse, 'ellipse', 'Ellipse 1', [
    [c[0], my],
    [d[0], my],
    [mx, c[1]],
  ]);

  for (const [n, kind, name] of [
    [5, 'polygon', 'Polygon 1'],
    [6, 'closed-curve', 'Closed curve 1'],
    [7, 'polyline', 'Polyline 1'],
    [8, 'curve', 'Curve 1'],
  ] as const) {
    await take(page, kind);
    const corners: Place[] = [around(n, 0, 0), around(n, 40, 0), around(n, 40, 30), around(n, 5, 28)];
    const made = await drawn(page, async () => {
      await clicks(page, 'axial', [...corners.slice(0, 3), around(n, 20, 44)]);
      // The last one was not meant.
      const { at } = await view(page, 'axial');
      await page.mouse.click(...at(around(n, 20, 20)), { button: 'right' });
      await clicks(page, 'axial', corners.slice(3));
      await page.keyboard.press('Enter');
    });
    await expectPoints(made, kind, name, corners);
  }

  await take(page, 'freehand');
  const hand: Place[] = [around(9, 0, 0), around(9, 40, 2), around(9, 38, 30), around(9, 4, 26)];
  const free = await drawn(page, () => drag(page, 'axial', hand));
  expect(free).toMatchObject({ kind: 'freehand', name: 'Freehand 1', normalLps: [0, 0, 1] });
  const [first] = await lps(hand);
  expect(Math.hypot(...free.pointsLps[0]!.map((v, n) => v - first![n]!))).toBeLessThan(1e-6);
  expect(free.pointsLps.length).toBeGreaterThan(8);

  await take(page, 'point');
  await expectPoints(await drawn(page, () => clicks(page, 'axial', [around(10, 0, 10)])), 'point', 'Point 1', [around(10, 0, 10)]);
  await take(page, 'pointer');
  const arrow: Place[] = [around(11, 0, 10), around(11, 36, 30)];
  await expectPoints(await drawn(page, () => drag(page, 'axial', arrow)), 'pointer', 'Pointer 1', arrow);
  await take(page, 'text-pointer');
  const note: Place[] = [around(12, 0, 10), around(12, 36, 30)];
  const noted = await drawn(page, async () => {
    await drag(page, 'axial', note);
    await page.getByTestId('markup-text').fill('gap');
    await page.getByTestId('markup-text').press('Enter');
  });
  await expectPoints(noted, 'text-pointer', 'Text pointer 1', note);
  expect(noted.text).toBe('gap');
  await take(page, 'text');
  const text = await drawn(page, async () => {
    await clicks(page, 'axial', [around(14, 0, 10)]);
    await page.getByTestId('markup-text').fill('thin wall');
    await page.getByTestId('markup-text').press('Enter');
  });
  await expectPoints(text, 'text', 'Text 1', [around(14, 0, 10)]);
  expect(text.text).toBe('thin wall');
  // A text that nobody wrote is none.
  await clicks(page, 'axial', [around(13, 0, 10)]);
  await page.getByTestId('markup-text').press('Escape');
  await expect(page.getByTestId('markup-text')).toHaveCount(0);

  const all = await markups(page);
  expect(new Set(all.map((one) => one.kind)).size).toBe(13);
  await expect(page.getByTestId('markup-row')).toHaveCount(all.length);
  await page.getByTestId('viewport-axial').focus();
  await page.keyboard.press('Control+z');
  await expect.poll(() => markups(page)).toEqual(all.slice(0, -1));
  await page.keyboard.press('Control+y');
  await expect.poll(() => markups(page)).toEqual(all);

  // A double click on a text writes in it.
  const { at } = await view(page, 'axial');
  const [tx, ty] = around(14, 0, 10);
  await page.mouse.dblclick(...at([tx, ty]));
  await page.getByTestId('markup-text').fill('thin wall, left');
  await page.getByTestId('markup-text').press('Enter');
  await expect.poll(async () => (await markups(page)).at(-1)?.text).toBe('thin wall, left');

  // Its end is taken hold of, then the whole is moved, then it goes.
  await clicks(page, 'axial', [around(1, 20, 15)]);
  await drag(page, 'axial', [second[1]!, around(1, 50, 12)]);
  const [from] = await lps([second[0]!]);
  const [to] = await lps([around(1, 50, 12)]);
  await expect.poll(async () => (await markups(page)).find((one) => one.name === 'Line 2')!.pointsLps[1]![0]).toBeCloseTo(to![0], 6);
  const line2 = (await markups(page)).find((one) => one.name === 'Line 2')!;
  for (const axis of [0, 1, 2]) {
    expect(line2.pointsLps[0]![axis]).toBeCloseTo(from![axis]!, 6);
    expect(line2.pointsLps[1]![axis]).toBeCloseTo(to![axis]!, 6);
  }
  await page.keyboard.press('Delete');
  await expect.poll(async () => (await markups(page)).some((one) => one.name === 'Line 2')).toBe(false);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await markups(page)).some((one) => one.name === 'Line 2')).toBe(true);

  const before = await markups(page);
  await page.reload();
  await page.waitForFunction(() => window.__lamina?.ready(), undefined, { timeout: 120_000 });
  expect(await markups(page)).toEqual(before);
});

test('[9.1-types] figures beside a markup are those of the voxels inside it; what it encloses is filled, voxel for voxel', async ({
  lamina: page,
  workstation,
}) => {
  const report = lamina('import', smallHead(), '--case', path.join(workstation.cases, 'by-script.lamina')) as unknown as {
    series: [SeriesEntry];
  };
  const [series] = report.series;
  const bytes = readFileSync(series.voxels.path);
  const [nx, ny, nz] = series.dimensions;
  await opened(page);
  await threshold(page, 300);
  await step(page, 'correct');
  await page.getByTestId('viewport-coronal').focus();
  await page.keyboard.press('9');
  await take(page, 'rectangle');
  const { middle } = await view(page, 'coronal');
  const [a, b]: [Place, Place] = [
    [middle[0] - 40, middle[1] - 30],
    [middle[0] + 35, middle[1] + 28],
  ];
  const made = await drawn(page, () => drag(page, 'coronal', [a, b]));
  const [p, , q] = made.pointsLps as [Triple, Triple, Triple];
  expect(made.normalLps).toEqual([0, 1, 0]);

  const inside: number[] = [];
  const indices: number[] = [];
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const [x, y, z] = indexToLps(series, i, j, k);
        if (Math.abs(y - p[1]) > series.spacingMm[1] / 2 - 1e-6) continue;
        if (x < Math.min(p[0], q[0]) || x > Math.max(p[0], q[0]) || z < Math.min(p[2], q[2]) || z > Math.max(p[2], q[2])) continue;
        indices.push(i + nx * (j + ny * k));
        inside.push(bytes.readInt16LE(2 * indices.at(-1)!));
      }
  expect(inside.length).toBeGreaterThan(100);
  const mean = inside.reduce((sum, v) => sum + v, 0) / inside.length;
  const sd = Math.sqrt(inside.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (inside.length - 1));
  const [measures] = await measured(page);
  expect(measures!.areaMm2).toBeCloseTo(Math.abs((p[0] - q[0]) * (p[2] - q[2])), 6);
  expect(measures!.values).toMatchObject({
    voxels: inside.length,
    minimum: Math.min(...inside),
    maximum: Math.max(...inside),
    units: 'HU',
  });
  expect(measures!.values!.mean).toBeCloseTo(mean, 6);
  expect(measures!.values!.sd).toBeCloseTo(sd, 6);
  // The window says the same from the voxels in its own memory.
  const said = ((await page.getByTestId('markup-more').textContent()) ?? '').replaceAll('−', '-');
  expect(said).toContain(`${measures!.areaMm2!.toFixed(1)} mm²`);
  expect(said).toContain(`${Math.round(mean)} ± ${Math.round(sd)} HU`);
  expect(said).toContain(`${inside.length} voxels`);

  const mask = () => page.evaluate(() => Array.from(window.__lamina.store.getState().layers[0]!.values));
  const before = await mask();
  await journaled(page, () => page.getByTestId('markup-fill-add').click());
  const filled = await mask();
  const expected = [...before];
  for (const index of indices) expected[index] = 1;
  expect(filled.reduce((unlike, v, n) => unlike + Number(v !== expected[n]), 0)).toBe(0);
  expect((await counts(page))[0]).toBe(expected.reduce((sum, v) => sum + v, 0));
  await journaled(page, () => page.getByTestId('markup-fill-erase').click());
  const erased = await mask();
  for (const index of indices) expected[index] = 0;
  expect(erased.reduce((unlike, v, n) => unlike + Number(v !== expected[n]), 0)).toBe(0);
});

test('[9.1-types] on a turned plane a markup lies on that plane, with the figures of its voxels', async ({ lamina: page }) => {
  await opened(page);
  await step(page, 'correct');
  await page.getByTestId('viewport-coronal').focus();
  await page.keyboard.press('Alt+ArrowRight');
  await page.keyboard.press('Alt+ArrowRight');
  await page.keyboard.press('9');
  await take(page, 'rectangle');
  const axes = await page.evaluate(() =>
    (window.__lamina as unknown as { axes: (plane: string) => { normalLps: [number, number, number] } }).axes('axial'),
  );
  expect(Math.abs(axes.normalLps[2])).toBeLessThan(0.999);
  const { middle } = await view(page, 'axial');
  const [a, b]: [Place, Place] = [
    [middle[0] - 30, middle[1] - 25],
    [middle[0] + 42, middle[1] + 20],
  ];
  const corners = await Promise.all([a, [b[0], a[1]], b, [a[0], b[1]]].map((place) => world(page, 'axial', place as Place)));
  const made = await drawn(page, () => drag(page, 'axial', [a, b]));
  for (const [n, point] of made.pointsLps.entries()) for (const axis of [0, 1, 2]) expect(point[axis]).toBeCloseTo(corners[n]![axis]!, 6);
  for (const axis of [0, 1, 2]) expect(made.normalLps![axis]).toBeCloseTo(axes.normalLps[axis]!, 9);
  const [measures] = await measured(page);
  const side = (p: Triple, q: Triple) => Math.hypot(...p.map((v, n) => v - q[n]!));
  expect(measures!.areaMm2).toBeCloseTo(side(corners[0]!, corners[1]!) * side(corners[1]!, corners[2]!), 6);
  await expect(page.getByTestId('markup-more')).toContainText(`${measures!.values!.voxels} voxels`);
  // Turned back, it is still there, where it passes through; M hides them all.
  await page.getByTestId('viewport-axial').focus();
  await page.keyboard.press('r');
  await expect(page.getByTestId('markup-row')).toHaveCount(1);
  await page.keyboard.press('m');
  await expect(page.getByTestId('markups-shown')).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('m');
  await expect(page.getByTestId('markups-shown')).toHaveAttribute('aria-pressed', 'true');
});

test('[9.1-types] mask to contours: the outlines of a segment on the slice in hand become polygons, which undo takes back', async ({
  lamina: page,
}) => {
  await opened(page);
  await threshold(page, 300);
  await step(page, 'correct');
  await page.getByTestId('viewport-axial').focus();
  await page.getByTestId('markup-contours').click();
  await expect.poll(async () => (await markups(page)).length, { timeout: 20_000 }).toBeGreaterThan(0);
  const made = await markups(page);
  const [middle] = [await world(page, 'axial', (await view(page, 'axial')).middle)];
  for (const one of made) {
    expect(one.kind).toBe('polygon');
    for (const point of one.pointsLps) expect(Math.abs(point[2] - middle![2])).toBeLessThan(1.3);
  }
  await expect(page.getByTestId('markup-row')).toHaveCount(made.length);
  await page.getByTestId('viewport-axial').focus();
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await markups(page)).length).toBe(0);
});

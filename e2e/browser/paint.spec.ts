import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry } from '../../kernels/volume/geometry.ts';
import { expect, pictures, test } from '../app.ts';
import { smallHead } from '../phantom.ts';
import { acceptImport, importFolder, journaled, step, threshold } from '../steps.ts';

interface Case {
  id: string;
  series: (VolumeGeometry & { seriesInstanceUid: string })[];
  segments: { id: string; name: string }[];
}
/** Asks one of the page's test hooks. */
const hook = <T>(page: Page, name: string, ...given: unknown[]): Promise<T> =>
  page.evaluate(([ask, all]) => (window as unknown as { __lamina: Record<string, (...a: unknown[]) => unknown> }).__lamina[ask]?.(...all), [
    name,
    given,
  ] as const) as Promise<T>;
const caseOf = (page: Page) => hook<Case>(page, 'caseState');

/** Bytes of a route of the open case, as the service holds them. */
async function bytesOf(page: Page, route: string): Promise<Buffer> {
  const { id } = await caseOf(page);
  const text = await page.evaluate(async (url) => {
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
    let whole = '';
    for (let n = 0; n < bytes.length; n += 8192) whole += String.fromCharCode(...bytes.subarray(n, n + 8192));
    return btoa(whole);
  }, `/api/cases/${id}/${route}`);
  return Buffer.from(text, 'base64');
}
const maskOf = (page: Page, segment: string) => bytesOf(page, `segments/${segment}/mask`);
async function valuesOf(page: Page): Promise<Int16Array> {
  const { series } = await caseOf(page);
  const bytes = await bytesOf(page, `series/${series[0]?.seriesInstanceUid}/voxels`);
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
}
const changedIn = (before: Buffer, after: Buffer) => [...after.keys()].filter((n) => before[n] !== after[n]);

async function head(page: Page): Promise<VolumeGeometry> {
  await importFolder(page, smallHead());
  await acceptImport(page);
  await step(page, 'segment');
  const [series] = (await caseOf(page)).series;
  if (!series) throw new Error('no series');
  return series;
}
const segmentNamed = async (page: Page, n: number) => (await caseOf(page)).segments[n]?.id ?? '';

async function brush(page: Page, mm: number, shape: 'Circle' | 'Sphere'): Promise<void> {
  await page.getByTestId('tool-brush').click();
  await page.getByTestId('brush-size').fill(String(mm));
  await page.getByTestId('brush-size').press('Enter');
  await page.getByRole('region', { name: 'Brush', exact: true }).getByRole('radio', { name: shape }).click();
}
const offset = ({ dimensions: [nx, ny, nz] }: VolumeGeometry, [i, j, k]: Triple): number => {
  if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) throw new Error('outside of the grid');
  return i + nx * (j + ny * k);
};
const cellAt = (g: VolumeGeometry, lps: Triple): Triple => lpsToIndex(g, ...lps).map((v) => Math.floor(v + 0.5)) as Triple;

/** Draws from share to share of a view in very few events, as a fast hand does. Answers both ends in the patient. */
async function fastStroke(page: Page, plane: string, from: [number, number], to: [number, number], steps = 2): Promise<[Triple, Triple]> {
  const box = await page.getByTestId(`viewport-${plane}`).boundingBox();
  if (!box) throw new Error(`no ${plane} view`);
  const at = ([x, y]: [number, number]): [number, number] => [Math.round(box.width * x), Math.round(box.height * y)];
  const ends = (await Promise.all([at(from), at(to)].map(([x, y]) => hook(page, 'canvasToWorld', plane, x, y)))) as [Triple, Triple];
  await page.mouse.move(box.x + at(from)[0], box.y + at(from)[1]);
  await page.mouse.down();
  await page.mouse.move(box.x + at(to)[0], box.y + at(to)[1], { steps });
  await page.mouse.up();
  return ends;
}

test('[9.1-types] a fast stroke has no gap: every voxel that its path passes through is set, on disk too', async ({ lamina: page }) => {
  const g = await head(page);
  await threshold(page, 1200);
  await step(page, 'correct');
  await brush(page, 2, 'Circle');
  const segment = await segmentNamed(page, 0);
  const before = await maskOf(page, segment);
  let ends: [Triple, Triple] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  await journaled(page, async () => {
    ends = await fastStroke(page, 'axial', [0.3, 0.3], [0.7, 0.6]);
  });
  const after = await maskOf(page, segment);
  expect(changedIn(before, after).length).toBeGreaterThan(30);
  for (let t = 0; t <= 1; t += 1 / 500) {
    const at = ends[0].map((v, n) => v + t * ((ends[1][n] as number) - v)) as Triple;
    expect(after[offset(g, cellAt(g, at))], `at ${t}`).toBe(1);
  }
  // One layer of the grid alone: a circle draws on the slice under the pointer.
  const layers = new Set(changedIn(before, after).map((n) => Math.floor(n / (g.dimensions[0] * g.dimensions[1]))));
  expect(layers.size).toBe(1);
});

test('[9.1-types] the edge brush takes what is joined to the voxel under the pointer and near to its value, nothing across the edge', async ({
  lamina: page,
}) => {
  const g = await head(page);
  await threshold(page, 1200);
  await step(page, 'correct');
  const values = await valuesOf(page);
  const segment = await segmentNamed(page, 0);
  await brush(page, 30, 'Circle');
  await page.getByTestId('brush-edge').click();
  await page.getByTestId('brush-edge-hu').fill('120');
  await page.getByTestId('brush-edge-hu').press('Enter');
  const before = await maskOf(page, segment);
  let at: Triple = [0, 0, 0];
  await journaled(page, async () => {
    [at] = await fastStroke(page, 'axial', [0.5, 0.5], [0.5, 0.5], 1);
  });
  const changed = changedIn(before, await maskOf(page, segment));
  const seed = values[offset(g, cellAt(g, at))] as number;
  expect(changed.length).toBeGreaterThan(20);
  for (const n of changed) expect(Math.abs((values[n] as number) - seed)).toBeLessThanOrEqual(120);
  // The same dab without the edge draws more.
  await journaled(page, () => page.keyboard.press('Control+z'));
  await page.getByTestId('brush-edge').click();
  await journaled(page, () => fastStroke(page, 'axial', [0.5, 0.5], [0.5, 0.5], 1));
  expect(changedIn(before, await maskOf(page, segment)).length).toBeGreaterThan(changed.length);
});

test('[9.1-types] masking inside of a segment: nothing outside of it changes, and the journal is asked for no more than that', async ({
  lamina: page,
}) => {
  await head(page);
  await threshold(page, 200);
  await threshold(page, 1200);
  await step(page, 'correct');
  const [bone, dense] = [await segmentNamed(page, 0), await segmentNamed(page, 1)];
  await brush(page, 12, 'Sphere');
  await page.getByTestId('masking-inside').selectOption({ index: 1 });
  const inside = await maskOf(page, bone);
  const before = await maskOf(page, dense);
  await journaled(page, () => fastStroke(page, 'axial', [0.2, 0.5], [0.8, 0.5], 6));
  const changed = changedIn(before, await maskOf(page, dense));
  expect(changed.length).toBeGreaterThan(50);
  expect(changed.filter((n) => inside[n] !== 1)).toEqual([]);
  expect(await maskOf(page, bone)).toEqual(inside);
});

test('[9.1-types] a locked segment is refused in words with the way out, and is not drawn over from another', async ({ lamina: page }) => {
  await head(page);
  await threshold(page, 200);
  await threshold(page, 1200);
  const [bone, dense] = [await segmentNamed(page, 0), await segmentNamed(page, 1)];
  const { id } = await caseOf(page);
  // By the route that the list of segments uses; the window then reads the case anew.
  const answer = await page.evaluate(async (url) => {
    const change = { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '{"locked":true}' };
    return (await fetch(url, change)).status;
  }, `/api/cases/${id}/segments/${bone}`);
  expect(answer).toBe(200);
  await page.reload();
  await step(page, 'correct');
  const held = await maskOf(page, bone);
  const before = await maskOf(page, dense);
  await brush(page, 14, 'Sphere');
  await journaled(page, () => fastStroke(page, 'axial', [0.2, 0.45], [0.8, 0.45], 6));
  const changed = changedIn(before, await maskOf(page, dense));
  expect(changed.length).toBeGreaterThan(50);
  expect(changed.filter((n) => held[n] === 1)).toEqual([]);
  // The locked one itself: chosen with Q, the tool is refused beside the way out.
  await page.keyboard.press('q');
  await expect(page.getByTestId('edit-refusal')).toContainText('is locked. Unlock it');
  await fastStroke(page, 'axial', [0.3, 0.5], [0.6, 0.5], 4);
  // The button is up; the words stay to be read, and go by themselves.
  const words = page.getByTestId('viewport-axial').locator('[data-part="pop"]').filter({ hasText: 'is locked' });
  await expect(words).toBeVisible();
  await expect(words).toBeHidden();
  expect(await maskOf(page, bone)).toEqual(held);
});

test('[9.1-types] planes turned about the crosshair: picture, letters and lines stay true, and a circle draws on the plane that is shown', async ({
  lamina: page,
}) => {
  const g = await head(page);
  await threshold(page, 1200);
  await step(page, 'correct');
  await brush(page, 24, 'Circle');
  const box = await page.getByTestId('viewport-axial').boundingBox();
  if (!box) throw new Error('no axial view');
  const crosshair = await page.evaluate(
    () => (window as unknown as { __lamina: { store: { getState(): { crosshairLps: Triple } } } }).__lamina.store.getState().crosshairLps,
  );
  const [cx, cy] = await hook<[number, number]>(page, 'worldToCanvas', 'axial', crosshair);
  const round = (degrees: number): [number, number] => [
    box.x + cx + 90 * Math.cos((degrees * Math.PI) / 180),
    box.y + cy + 90 * Math.sin((degrees * Math.PI) / 180),
  ];
  await page.mouse.move(...round(0));
  await page.keyboard.down('Alt');
  await page.mouse.down();
  for (let degrees = 3; degrees <= 24; degrees += 3) await page.mouse.move(...round(degrees));
  await page.mouse.up();
  await page.keyboard.up('Alt');
  const coronal = page.getByTestId('viewport-coronal');
  await expect(coronal).toContainText('oblique 24°');
  await expect(coronal).toContainText('LP');
  await expect(page.getByTestId('viewport-axial')).not.toContainText('oblique');
  const axes = await hook<{ normalLps: Triple }>(page, 'axes', 'coronal');
  expect(Math.acos(axes.normalLps[1] as number) * (180 / Math.PI)).toBeCloseTo(24, 0);
  // Cornerstone's picture is of the same plane: greys follow the data, and places agree.
  await expect.poll(async () => (await hook<{ follows: boolean }>(page, 'checkPicture', 'coronal')).follows).toBe(true);
  for (const lps of [crosshair, indexToLps(g, 40, 40, 40)]) {
    const [x, y] = await hook<[number, number]>(page, 'worldToCanvas', 'coronal', lps);
    const [px, py] = await hook<[number, number]>(page, 'pictureWorldToCanvas', 'coronal', lps);
    expect(Math.hypot(px - x, py - y)).toBeLessThan(0.6);
  }
  const segment = await segmentNamed(page, 0);
  const before = await maskOf(page, segment);
  let at: Triple = [0, 0, 0];
  await journaled(page, async () => {
    [at] = await fastStroke(page, 'coronal', [0.5, 0.5], [0.5, 0.5], 1);
  });
  const changed = changedIn(before, await maskOf(page, segment));
  expect(changed.length).toBeGreaterThan(60);
  const half = g.spacingMm.reduce((sum, mm, n) => sum + mm * Math.abs(axes.normalLps[n] as number), 0) / 2;
  const [nx, ny] = g.dimensions;
  const offs = changed.map((n) => {
    const lps = indexToLps(g, n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny)));
    return lps.reduce((sum, v, m) => sum + (v - (at[m] as number)) * (axes.normalLps[m] as number), 0);
  });
  expect(Math.max(...offs.map(Math.abs))).toBeLessThanOrEqual(half + 1e-6);
  // Not one plane of the grid: it leans.
  expect(new Set(changed.map((n) => Math.floor(n / nx) % ny)).size).toBeGreaterThan(3);
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, 'oblique.png') });
  // R puts them back; the keyboard turns by five degrees about the view that was worked in.
  await coronal.focus();
  await page.keyboard.press('r');
  await expect(coronal).not.toContainText('oblique');
  await page.keyboard.press('Alt+ArrowRight');
  await expect(page.getByTestId('viewport-axial')).toContainText('oblique 5°');
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(page.getByTestId('viewport-axial')).not.toContainText('oblique');
});

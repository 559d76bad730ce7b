import { mkdtempSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { dciodvfy, oraclesThere, runOracle } from '../../electron/fixtures/oracles.fixture.ts';
import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry } from '../../kernels/volume/geometry.ts';
import { expect, startWorkstation, test } from '../app.ts';
import { smallHead } from '../phantom.ts';
import { acceptImport, goToFolder, importFolder, journaled, saveAs, step } from '../steps.ts';

interface Case {
  id: string;
  series: (VolumeGeometry & { seriesInstanceUid: string })[];
  segments: { id: string; name: string; voxels: number; label: { key: string } }[];
}
const caseOf = (page: Page) => page.evaluate(() => window.__lamina.caseState()) as unknown as Promise<Case>;

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
/** The saved mask of the segment of that name. */
async function maskOf(page: Page, name: string): Promise<Buffer> {
  const found = (await caseOf(page)).segments.filter((one) => one.name === name);
  expect(found, name).toHaveLength(1);
  return bytesOf(page, `segments/${found[0]!.id}/mask`);
}
async function valuesOf(page: Page): Promise<Int16Array> {
  const { series } = await caseOf(page);
  const bytes = await bytesOf(page, `series/${series[0]!.seriesInstanceUid}/voxels`);
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
}
const offset = ({ dimensions: [nx, ny] }: VolumeGeometry, [i, j, k]: Triple) => i + nx * (j + ny * k);
const indexOf = ({ dimensions: [nx, ny] }: VolumeGeometry, n: number): Triple => [
  n % nx,
  Math.floor(n / nx) % ny,
  Math.floor(n / (nx * ny)),
];
const lpsOf = (g: VolumeGeometry, n: number): Triple => indexToLps(g, ...indexOf(g, n));
const setIn = (mask: Buffer) => [...mask.keys()].filter((n) => mask[n] === 1);
const changedIn = (before: Buffer, after: Buffer) => [...before.keys()].filter((n) => before[n] !== after[n]);
const masked = (grid: VolumeGeometry, asked: (lps: Triple, n: number) => boolean): Buffer =>
  Buffer.from(
    Uint8Array.from({ length: grid.dimensions[0] * grid.dimensions[1] * grid.dimensions[2] }, (_, n) => Number(asked(lpsOf(grid, n), n))),
  );

async function head(page: Page): Promise<VolumeGeometry> {
  await importFolder(page, smallHead());
  await acceptImport(page);
  await step(page, 'segment');
  return (await caseOf(page)).series[0]!;
}
async function bone(page: Page, lowHu: number, name: string): Promise<void> {
  await step(page, 'segment');
  await page.getByTestId('method-threshold').click();
  await page.getByTestId('low-hu').fill(String(lowHu));
  await page.getByTestId('low-hu').press('Enter');
  await page.getByTestId('segment-name').fill(name);
  await journaled(page, () => page.getByTestId('apply-segment').click());
}
const row = (page: Page, name: string) => page.getByTestId('segment-row').filter({ hasText: name });
async function select(page: Page, name: string): Promise<void> {
  const { id } = (await caseOf(page)).segments.find((one) => one.name === name)!;
  await row(page, name).getByText(name, { exact: true }).first().click();
  const active = () => page.evaluate(() => (window.__lamina.store.getState() as unknown as { activeSegment: string }).activeSegment);
  await expect.poll(active).toBe(id);
}
const option = (page: Page, name: string, value: string) =>
  page.getByTestId(`tool-option-${name}`).getByRole('radio', { name: value, exact: true }).check();

/** Brings all planes to the slices of a voxel by its coordinates, as typed. */
async function goToVoxel(page: Page, grid: VolumeGeometry, ijk: Triple): Promise<void> {
  const lps = indexToLps(grid, ...ijk).map((v) => Number(v.toFixed(2)));
  await page.keyboard.press('Control+g');
  await page.getByTestId('palette-input').fill(lps.join(', '));
  await page.keyboard.press('Enter');
  const here = () => page.evaluate(() => (window.__lamina.store.getState() as unknown as { crosshairLps: number[] }).crosshairLps);
  await expect.poll(async () => Math.hypot(...(await here()).map((v, n) => v - lps[n]!))).toBeLessThan(0.1);
}
/** Whole pixels of a view for a patient point, on the page, and the patient point that they mean. */
async function aim(page: Page, plane: string, lps: Triple): Promise<{ px: [number, number]; lps: Triple }> {
  const box = await page.getByTestId(`viewport-${plane}`).boundingBox();
  if (!box) throw new Error(`no ${plane} view`);
  const [x, y] = await page.evaluate(([p, at]) => window.__lamina.worldToCanvas(p, at), [plane, lps] as const);
  const px: [number, number] = [Math.round(box.x + x), Math.round(box.y + y)];
  const meant = await page.evaluate(([p, u, v]) => window.__lamina.canvasToWorld(p, u, v), [plane, px[0] - box.x, px[1] - box.y] as const);
  return { px, lps: meant };
}
/** Drags through patient points of a view. Answers the points that the pixels mean. */
async function drag(page: Page, plane: string, points: Triple[]): Promise<Triple[]> {
  const aims: { px: [number, number]; lps: Triple }[] = [];
  for (const point of points) aims.push(await aim(page, plane, point));
  await page.mouse.move(...aims[0]!.px);
  await page.mouse.down();
  for (const { px } of aims.slice(1)) await page.mouse.move(...px, { steps: 6 });
  await page.mouse.up();
  return aims.map((one) => one.lps);
}
async function brush(page: Page, tool: 'brush' | 'eraser', mm: number): Promise<void> {
  await page.getByTestId(`tool-${tool}`).click();
  await page.getByTestId('brush-size').fill(String(mm));
  await page.getByTestId('brush-size').press('Enter');
  await page
    .getByRole('region', { name: tool === 'brush' ? 'Brush' : 'Eraser', exact: true })
    .getByRole('radio', { name: 'Circle' })
    .click();
}
async function whole(page: Page, effect: string): Promise<void> {
  await step(page, 'correct');
  await page.getByTestId(`whole-${effect}`).click();
  await expect(page.getByTestId('effect')).toHaveValue(effect);
}
const applyEffect = (page: Page) => journaled(page, () => page.getByTestId('apply-effect').click());

test('[9.1-types] an orbit: bone by threshold, restricted to a box, is every voxel of the range inside of the box and no other', async ({
  lamina: page,
}) => {
  const grid = await head(page);
  await bone(page, 200, 'Orbit');
  const values = await valuesOf(page);
  const before = await maskOf(page, 'Orbit');
  expect(before.equals(masked(grid, (_, n) => values[n]! >= 200))).toBe(true);
  await step(page, 'clean');
  await page.getByTestId('clean-part').getByRole('radio', { name: 'Effects' }).check();
  await page.getByTestId('effect').selectOption('roi');
  // Around the right orbit; no side of it passes through voxel centres.
  const box = [-60.3, -240.2, 60.1, -5.1, -180.7, 100.4];
  for (const [n, value] of box.entries()) {
    await page.getByTestId(`effect-setting-box-${n}`).fill(String(value));
    await page.getByTestId(`effect-setting-box-${n}`).press('Enter');
  }
  const inside = (lps: Triple) => lps.every((v, a) => v > box[a]! && v < box[a + 3]!);
  const orbit = masked(grid, (lps, n) => before[n] === 1 && inside(lps));
  expect(setIn(orbit).length).toBeGreaterThan(500);
  await page.getByTestId('preview-effect').click();
  await expect(page.getByTestId('mask-preview')).toHaveAttribute('data-voxels', String(setIn(orbit).length), { timeout: 120_000 });
  expect((await maskOf(page, 'Orbit')).equals(before)).toBe(true);
  await applyEffect(page);
  expect((await maskOf(page, 'Orbit')).equals(orbit)).toBe(true);
  await journaled(page, () => page.keyboard.press('Control+z'));
  expect((await maskOf(page, 'Orbit')).equals(before)).toBe(true);
});

test('[9.1-types][M-combine] the orbital floor: drawn by hand on two slices, filled between them, joined to the bone; a hole is drawn shut', async ({
  lamina: page,
}) => {
  const grid = await head(page);
  await bone(page, 200, 'Bone');
  await step(page, 'correct');
  const bare = await maskOf(page, 'Bone');
  const radiusMm = 2;
  const halfVoxel = Math.hypot(grid.spacingMm[0], grid.spacingMm[2]) / 2;
  // What this scan's partial volume has taken off the floor: the wall between orbit and sinus, where no voxel reaches the threshold.
  const floor = (j: number): [Triple, Triple] => [indexToLps(grid, 29, j, 24), indexToLps(grid, 41, j, 24)];
  expect([29, 32, 35, 38].filter((i) => bare[offset(grid, [i, 28, 24])] === 1)).toEqual([]);

  await journaled(page, () => page.getByTestId('new-segment').click());
  const name = (await caseOf(page)).segments.find((one) => one.voxels === 0)!.name;
  await select(page, name);
  await brush(page, 'brush', 2 * radiusMm);
  const drawn: number[] = [];
  for (const j of [26, 31]) {
    await goToVoxel(page, grid, [35, j, 24]);
    const before = await maskOf(page, name);
    let ends: Triple[] = [];
    await journaled(page, async () => {
      ends = await drag(page, 'coronal', floor(j));
    });
    const after = await maskOf(page, name);
    const changed = changedIn(before, after);
    drawn.push(...changed);
    // On its slice alone, no further from the stroke than the brush reaches, and all along it.
    for (const n of changed) {
      const at = lpsOf(grid, n);
      expect(indexOf(grid, n)[1]).toBe(j);
      expect(Math.abs(at[2] - ends[0]![2])).toBeLessThan(radiusMm + halfVoxel);
      expect(at[0]).toBeGreaterThan(ends[0]![0] - radiusMm - halfVoxel);
      expect(at[0]).toBeLessThan(ends[1]![0] + radiusMm + halfVoxel);
    }
    for (let i = 29; i <= 41; i++) expect(after[offset(grid, [i, j, 24])], `${i} on ${j}`).toBe(1);
  }
  await whole(page, 'fill-between-slices');
  await applyEffect(page);
  const filled = await maskOf(page, name);
  const slice = (mask: Buffer, j: number) => setIn(mask).filter((n) => indexOf(grid, n)[1] === j);
  expect([...slice(filled, 26), ...slice(filled, 31)].sort((a, b) => a - b)).toEqual(drawn.sort((a, b) => a - b));
  expect(new Set(setIn(filled).map((n) => indexOf(grid, n)[1]))).toEqual(new Set([26, 27, 28, 29, 30, 31]));
  for (const j of [27, 28, 29, 30]) for (let i = 30; i <= 40; i++) expect(filled[offset(grid, [i, j, 24])], `${i} on ${j}`).toBe(1);

  await select(page, 'Bone');
  await whole(page, 'combine');
  await page.getByTestId('effect-setting-with').check();
  await applyEffect(page);
  const joined = await maskOf(page, 'Bone');
  expect(joined.equals(masked(grid, (_, n) => bare[n] === 1 || filled[n] === 1))).toBe(true);

  // A hole in the floor on one slice, and shut again.
  await step(page, 'correct');
  await goToVoxel(page, grid, [35, 28, 24]);
  await brush(page, 'eraser', 6);
  const at = indexToLps(grid, 35, 28, 24);
  let [aimed]: Triple[] = [];
  await journaled(page, async () => {
    [aimed] = await drag(page, 'coronal', [at, at]);
  });
  const holed = await maskOf(page, 'Bone');
  const hole = changedIn(joined, holed);
  expect(hole.length).toBeGreaterThanOrEqual(3);
  const away = (n: number) => Math.hypot(lpsOf(grid, n)[0] - aimed![0], lpsOf(grid, n)[2] - aimed![2]);
  for (const n of hole) {
    expect(joined[n]).toBe(1);
    expect(indexOf(grid, n)[1]).toBe(28);
    expect(away(n)).toBeLessThan(3 + halfVoxel);
  }
  for (const n of setIn(holed)) if (indexOf(grid, n)[1] === 28) expect(away(n)).toBeGreaterThan(3 - 1e-6);
  await brush(page, 'brush', 6);
  await journaled(page, () => drag(page, 'coronal', [at, at]));
  const shut = await maskOf(page, 'Bone');
  expect(hole.filter((n) => shut[n] !== 1)).toEqual([]);
  for (const n of changedIn(joined, shut)) expect([indexOf(grid, n)[1], away(n) < 3 + halfVoxel]).toEqual([28, true]);
});

test('[9.1-types][9.1-values] the mandible: scissors through the volume part it from the skull, an island becomes a segment of its own, labelled', async ({
  lamina: page,
}) => {
  const grid = await head(page);
  await bone(page, 300, 'Skull');
  await bone(page, 300, 'Lower jaw');
  await step(page, 'correct');
  const before = await maskOf(page, 'Skull');
  expect((await maskOf(page, 'Lower jaw')).equals(before)).toBe(true);
  await goToVoxel(page, grid, [26, 43, 6]);
  await page.keyboard.press('4');
  await option(page, 'shape', 'Rect');
  await option(page, 'depth', 'Through');
  const corners: [Triple, Triple] = [indexToLps(grid, 26, 33.5, 8.5), indexToLps(grid, 26, 53.5, 1)];
  const preview = page.getByTestId('drawn-preview');
  const cut = async (segment: string, region: string): Promise<Triple[]> => {
    await select(page, segment);
    await option(page, 'region', region);
    const drawn = await drag(page, 'sagittal', corners);
    await expect(preview).toBeVisible({ timeout: 120_000 });
    const promised = Number(await preview.getAttribute('data-voxels'));
    await journaled(page, () => page.getByTestId('drawn-apply').click());
    expect(setIn(await maskOf(page, segment))).toHaveLength(promised);
    return drawn;
  };
  const [a, b] = await cut('Skull', 'Inside');
  const [c, d] = await cut('Lower jaw', 'Outside');
  expect([c, d]).toEqual([a, b]);
  const between = (v: number, one: number, other: number) => v > Math.min(one, other) && v < Math.max(one, other);
  const inLine = (lps: Triple) => between(lps[1], a![1], b![1]) && between(lps[2], a![2], b![2]);
  const [skull, jaw] = [await maskOf(page, 'Skull'), await maskOf(page, 'Lower jaw')];
  expect(skull.equals(masked(grid, (lps, n) => before[n] === 1 && !inLine(lps)))).toBe(true);
  expect(jaw.equals(masked(grid, (lps, n) => before[n] === 1 && inLine(lps)))).toBe(true);
  expect(setIn(jaw).length).toBeGreaterThan(200);
  expect(setIn(jaw).length + setIn(skull).length).toBe(setIn(before).length);

  // Both rami are islands of their own now; the right one is taken out.
  await page.keyboard.press('3');
  await option(page, 'island', 'Take out');
  const ramus = indexToLps(grid, 26, 43, 6);
  expect(jaw[offset(grid, [26, 43, 6])]).toBe(1);
  const { px } = await aim(page, 'axial', ramus);
  await page.mouse.move(...px, { steps: 3 });
  await page.mouse.click(...px);
  await expect(preview).toBeVisible({ timeout: 120_000 });
  const names = (await caseOf(page)).segments.map((one) => one.name);
  // The island's segment and what is left are one entry.
  await journaled(page, () => page.getByTestId('drawn-apply').click());
  const own = (await caseOf(page)).segments.find((one) => !names.includes(one.name))!;
  const [right, left] = [await maskOf(page, own.name), await maskOf(page, 'Lower jaw')];
  expect(setIn(right).filter((n) => left[n] === 1)).toEqual([]);
  expect(jaw.equals(masked(grid, (_, n) => right[n] === 1 || left[n] === 1))).toBe(true);
  // The patient's right is towards lower x.
  expect(Math.max(...setIn(right).map((n) => lpsOf(grid, n)[0]))).toBeLessThan(Math.min(...setIn(left).map((n) => lpsOf(grid, n)[0])));

  await row(page, own.name).hover();
  await row(page, own.name).getByTestId('segment-open').click();
  await page.getByTestId('segment-label').fill('mandible');
  await expect(page.getByTestId('segment-label-option')).not.toHaveCount(0);
  await journaled(page, () => page.getByTestId('segment-label').press('Enter'));
  expect((await caseOf(page)).segments.find((one) => one.id === own.id)!.label.key).toBe('mandible');
  expect((await maskOf(page, own.name)).equals(right)).toBe(true);
});

test('[9.1-types] an empty segment, two contours some slices apart, filled between: every slice between lies between the two', async ({
  lamina: page,
}) => {
  const grid = await head(page);
  await step(page, 'correct');
  await journaled(page, () => page.getByTestId('new-segment').click());
  const { name } = (await caseOf(page)).segments[0]!;
  expect(setIn(await maskOf(page, name))).toEqual([]);
  await page.getByTestId('viewport-axial').focus();
  await page.keyboard.press('8');
  await option(page, 'shape', 'Ellipse');
  const box = (k: number, side: number): Triple[] => [indexToLps(grid, 48 - side, 55 - side, k), indexToLps(grid, 48 + side, 55 + side, k)];
  for (const [k, side] of [
    [40, 14],
    [46, 6],
  ] as const) {
    await goToVoxel(page, grid, [48, 55, k]);
    const before = await maskOf(page, name);
    let [p, q]: Triple[] = [];
    await journaled(page, async () => {
      [p, q] = await drag(page, 'axial', box(k, side));
    });
    const changed = changedIn(before, await maskOf(page, name));
    const round = ([x, y]: Triple) =>
      Math.hypot((x - (p![0] + q![0]) / 2) / ((q![0] - p![0]) / 2), (y - (p![1] + q![1]) / 2) / ((q![1] - p![1]) / 2));
    expect(changed.every((n) => indexOf(grid, n)[2] === k && round(lpsOf(grid, n)) < 1.001)).toBe(true);
    const asked = setIn(masked(grid, (lps, n) => indexOf(grid, n)[2] === k && round(lps) < 0.998));
    expect(asked.filter((n) => !changed.includes(n))).toEqual([]);
  }
  const drawn = await maskOf(page, name);
  await whole(page, 'fill-between-slices');
  await applyEffect(page);
  const filled = await maskOf(page, name);
  const [nx, ny, nz] = grid.dimensions;
  const slice = (mask: Buffer, k: number) => mask.subarray(k * nx * ny, (k + 1) * nx * ny);
  const [large, small] = [slice(drawn, 40), slice(drawn, 46)];
  for (let k = 0; k < nz; k++) {
    const here = slice(filled, k);
    if (k <= 40 || k >= 46) {
      expect(here.equals(slice(drawn, k)), `slice ${k}`).toBe(true);
      continue;
    }
    expect(setIn(small).filter((n) => here[n] !== 1)).toEqual([]);
    expect(setIn(here).filter((n) => large[n] !== 1)).toEqual([]);
    expect(setIn(here).length).toBeLessThan(setIn(slice(filled, k - 1)).length);
    expect(setIn(here).length).toBeGreaterThan(setIn(small).length);
  }
  await journaled(page, () => page.keyboard.press('Control+z'));
  expect((await maskOf(page, name)).equals(drawn)).toBe(true);
});

async function exportSeg(page: Page, names: string[], file: string): Promise<void> {
  await step(page, 'export');
  const objects = page.getByTestId('objects');
  await page.getByTestId('object-kind').selectOption('seg');
  for (const name of names) await objects.getByRole('checkbox', { name }).check();
  await page.getByTestId('export-object').click();
  await saveAs(page, file);
  await expect(page.getByTestId('object-written').locator('[data-path]')).toHaveAttribute('data-path', file, { timeout: 120_000 });
}
async function loadFile(page: Page, file: string): Promise<void> {
  await page.getByTestId('load-object').click();
  await expect(page.getByTestId('folder-dialog')).toBeVisible();
  await goToFolder(page, path.dirname(file));
  await page
    .getByTestId('folder-entry')
    .filter({ hasText: path.basename(file) })
    .click();
  await page.getByTestId('folder-confirm').click();
}

test('[9.1-interop] SEG: read by others voxel for voxel, changed elsewhere and back as one act, opened on another workstation with the same masks', async ({
  lamina: page,
  browser,
}) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lamina-e2e-clinical-'));
  const file = path.join(folder, 'both.dcm');
  const grid = await head(page);
  await bone(page, 300, 'Cranium');
  await bone(page, 900, 'Dense');
  const before = [await maskOf(page, 'Cranium'), await maskOf(page, 'Dense')] as const;
  await journaled(page, () => exportSeg(page, ['Cranium', 'Dense'], file));
  if (oraclesThere) {
    expect(dciodvfy(file)).toEqual([]);
    const [seen] = runOracle<{ segments: { label: string }[]; volume: Triple[][] }[]>('dicom_seg', ['read', file]);
    expect(seen!.segments.map((one) => one.label)).toEqual(['Cranium', 'Dense']);
    for (const [n, points] of seen!.volume.entries()) {
      const found = points.map((lps) => offset(grid, lpsToIndex(grid, ...lps).map(Math.round) as Triple));
      expect(found.sort((a, b) => a - b)).toEqual(setIn(before[n]!));
    }
    // Changed elsewhere: a square of 5 x 5 voxels in the corner of the third frame.
    const edited = path.join(folder, 'edited.dcm');
    const edit = runOracle<{ changed: number; position: Triple }>('edit_seg', [file, edited, '2', '5']);
    expect(edit.changed).toBe(25);
    await journaled(page, () => loadFile(page, edited));
    await expect(page.getByTestId('object-loaded')).toContainText('Cranium: 25 voxels changed');
    const k = Math.round(lpsToIndex(grid, ...edit.position)[2]);
    const square = setIn(masked(grid, (_, n) => indexOf(grid, n)[2] === k && indexOf(grid, n)[0] < 5 && indexOf(grid, n)[1] < 5));
    expect(changedIn(before[0], await maskOf(page, 'Cranium'))).toEqual(square);
    expect((await maskOf(page, 'Dense')).equals(before[1])).toBe(true);
    await journaled(page, () => page.getByTestId('undo').click());
    expect((await maskOf(page, 'Cranium')).equals(before[0])).toBe(true);
  }

  const second = await startWorkstation();
  try {
    const other = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    await other.goto(`${second.url}&test`);
    const there = await head(other);
    expect(there.dimensions).toEqual(grid.dimensions);
    await step(other, 'export');
    // Two new segments, one entry.
    await journaled(other, () => loadFile(other, file));
    expect((await caseOf(other)).segments.map((one) => one.name)).toEqual(['Cranium', 'Dense']);
    expect((await maskOf(other, 'Cranium')).equals(before[0])).toBe(true);
    expect((await maskOf(other, 'Dense')).equals(before[1])).toBe(true);
    await other.close();
  } finally {
    await second.stop();
  }
});

test('killed between two steps of drawing: what was drawn is there voxel for voxel, what was half drawn is not, undo goes on', async ({
  page,
}) => {
  const cases = path.join(await mkdtemp(path.join(tmpdir(), 'lamina-killed-')), 'cases');
  const first = await startWorkstation({ cases });
  await page.goto(`${first.url}&test`);
  const grid = await head(page);
  await bone(page, 300, 'Bone');
  await step(page, 'correct');
  const before = await maskOf(page, 'Bone');
  await goToVoxel(page, grid, [48, 50, 40]);
  await page.keyboard.press('8');
  await option(page, 'shape', 'Free');
  const line: Triple[] = (
    [
      [40, 45],
      [56, 45],
      [56, 60],
      [40, 60],
    ] as const
  ).map(([i, j]) => indexToLps(grid, i, j, 40));
  await journaled(page, () => drag(page, 'axial', line));
  const drawn = await maskOf(page, 'Bone');
  const filled = changedIn(before, drawn);
  expect(filled.length).toBeGreaterThan(150);
  // The next one is begun and not ended.
  const { px } = await aim(page, 'axial', indexToLps(grid, 20, 20, 40));
  await page.mouse.move(...px);
  await page.mouse.down();
  await page.mouse.move(px[0] + 60, px[1], { steps: 5 });
  await first.kill();
  await page.mouse.up();

  const second = await startWorkstation({ cases });
  try {
    await page.goto(`${second.url}&test`);
    await page.getByTestId('open-folder').click();
    await goToFolder(page, cases);
    await page.getByTestId('folder-entry').filter({ hasText: '.lamina' }).first().click();
    await page.getByTestId('folder-confirm').click();
    await expect(page.getByTestId('case-name')).toBeVisible();
    await step(page, 'correct');
    expect((await maskOf(page, 'Bone')).equals(drawn)).toBe(true);
    // The second step, as it would have been.
    await goToVoxel(page, grid, [48, 50, 40]);
    await page.keyboard.press('8');
    await option(page, 'shape', 'Free');
    await page.keyboard.down('Control');
    await journaled(page, () => drag(page, 'axial', line));
    await page.keyboard.up('Control');
    const erased = await maskOf(page, 'Bone');
    expect(filled.filter((n) => erased[n] === 1)).toEqual([]);
    await journaled(page, () => page.keyboard.press('Control+z'));
    expect((await maskOf(page, 'Bone')).equals(drawn)).toBe(true);
    await journaled(page, () => page.keyboard.press('Control+z'));
    expect((await maskOf(page, 'Bone')).equals(before)).toBe(true);
  } finally {
    await second.stop();
  }
});

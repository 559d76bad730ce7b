import { rm } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { CaseState } from '../../contract/case.ts';
import { expect, test } from '../app.ts';
import { smallHead, twoScans } from '../phantom.ts';
import { acceptImport, importFolder, threshold } from '../steps.ts';

type Triple = [number, number, number];
interface Shown {
  volume: { seriesInstanceUid: string; units: string; geometry: { dimensions: Triple; spacingMm: Triple } } | null;
  regionLps: number[] | null;
  crosshairLps: Triple;
  layers: { segmentId: string; values: Uint8Array }[];
}
const patient = { timeout: 120_000 };

async function openPreprocess(page: Page): Promise<void> {
  await page.getByTestId('step-preprocess').click();
  await page.waitForFunction(() => window.__lamina?.ready(), undefined, patient);
}

/** What the page shows now. */
const shown = (page: Page): Promise<Omit<Shown, 'layers'> & { segments: string[] }> =>
  page.evaluate(() => {
    const { volume, regionLps, crosshairLps, layers } = window.__lamina.store.getState() as unknown as Shown;
    const grid = volume && { ...volume, geometry: { dimensions: volume.geometry.dimensions, spacingMm: volume.geometry.spacingMm } };
    const { seriesInstanceUid = '', units = '', geometry = null } = grid ?? {};
    return {
      volume: geometry && { seriesInstanceUid, units, geometry },
      regionLps: regionLps && [...regionLps],
      crosshairLps,
      segments: layers.map((l) => l.segmentId),
    };
  });

/** What the service holds, asked of it anew. */
const held = (page: Page): Promise<CaseState> =>
  page.evaluate(async () => (await fetch(`/api/cases/${window.__lamina.caseState()?.id}`)).json());

const ready = async (page: Page) => expect(page.getByTestId('preview-area')).toHaveAttribute('data-state', 'ready', patient);
const pixels = (page: Page): Promise<number> =>
  page.getByTestId('preview-after').evaluate((canvas: HTMLCanvasElement) => {
    const bytes = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let sum = 0;
    for (const [at, value] of bytes.entries()) sum = (sum * 31 + value * ((at % 7) + 1)) >>> 0;
    return sum;
  });
/** Waits until the planes show a series of this grid, and answers it. */
async function showsGrid(page: Page, spacingMm: Triple): Promise<NonNullable<Shown['volume']>> {
  await expect
    .poll(async () => (await shown(page)).volume?.geometry.spacingMm.map((v) => Number(v.toFixed(4))), patient)
    .toEqual(spacingMm);
  return (await shown(page)).volume as NonNullable<Shown['volume']>;
}

test('[8.1-sequence][8.3-spacing][8.2-intensity] a chain is previewed, applied as a new series, undone to its source and done again', async ({
  lamina: page,
}) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  await openPreprocess(page);
  const source = (await shown(page)).volume as NonNullable<Shown['volume']>;
  const [, , sliceMm] = source.geometry.spacingMm;
  await expect(page.getByTestId('apply-chain')).toBeDisabled();
  await expect(page.getByTestId('chain-switch-register')).toBeDisabled();

  // The preview follows the settings and the slice, and nothing of it is kept.
  await page.getByTestId('chain-switch-denoise').check();
  await ready(page);
  const first = await pixels(page);
  await page.getByTestId('denoise-method').getByRole('radio', { name: 'Gaussian' }).check();
  await page.getByTestId('denoise-sigma').fill('3');
  await expect(page.getByTestId('thin-walls')).toContainText('%');
  await ready(page);
  await expect.poll(() => pixels(page), patient).not.toBe(first);
  const before = (await shown(page)).crosshairLps;
  await page.getByTestId('preview-area').hover();
  await page.mouse.wheel(0, -120);
  await expect.poll(async () => (await shown(page)).crosshairLps[2] - before[2]).toBeCloseTo(sliceMm, 3);
  await ready(page);
  await page.getByTestId('preview-view').getByRole('radio', { name: 'Difference' }).check();
  const box = await page.getByTestId('preview-area').boundingBox();
  if (!box) throw new Error('no preview');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect(page.getByTestId('preview-values')).toContainText(/→.*HU.*change/);
  expect((await held(page)).series).toHaveLength(1);

  await page.getByTestId('chain-switch-interpolate').check();
  await page.getByTestId('interpolate-mm').fill('1.5');
  await page.getByTestId('chain-switch-normalize').check();
  await page.getByTestId('normalize-round').check();
  await expect(page.getByTestId('chain-result')).toContainText('1.5 × 1.5');
  const words = (await page.getByTestId('chain-result').textContent()) ?? '';
  await page.getByTestId('apply-chain').click();
  const made = await showsGrid(page, [1.5, 1.5, sliceMm]);
  expect(made.units).toBe('normalized');
  expect(words.replaceAll(/\s/g, ' ')).toContain(made.geometry.dimensions.join(' × '));
  const state = await held(page);
  expect(state.series).toHaveLength(2);
  expect(state.series[1]).toMatchObject({
    seriesInstanceUid: made.seriesInstanceUid,
    dimensions: made.geometry.dimensions,
    spacingMm: made.geometry.spacingMm,
    derivation: { from: source.seriesInstanceUid, settings: { denoise: { method: 'gaussian', sigmaMm: 3 }, register: null } },
  });
  await expect(page.getByTestId('series-menu')).toContainText('denoised, 1.5 mm, 0 to 255');
  await expect(page.getByTestId('derivation')).toContainText('Gaussian');
  await expect(page.getByTestId('chain-switch-window')).toBeDisabled();
  await expect(page.getByTestId('window-preset').getByRole('radio').first()).toBeDisabled();
  await expect(page.getByTestId('step-preprocess')).toHaveAttribute('aria-label', /1 series made/);

  await page.keyboard.press('Control+z');
  expect((await showsGrid(page, source.geometry.spacingMm.map((v) => Number(v.toFixed(4))) as Triple)).units).toBe('HU');
  expect((await held(page)).series).toHaveLength(1);
  await expect(page.getByTestId('series-menu')).toHaveCount(0);
  await page.keyboard.press('Control+y');
  expect((await showsGrid(page, [1.5, 1.5, sliceMm])).seriesInstanceUid).toBe(made.seriesInstanceUid);

  // Both stay at hand.
  await page.getByTestId('series-menu').click();
  await page.locator(`.series-list [data-uid="${source.seriesInstanceUid}"]`).click();
  await expect.poll(async () => (await shown(page)).volume?.seriesInstanceUid, patient).toBe(source.seriesInstanceUid);
});

test('[A-roi][8.3-spacing] four foramina picked in the planes give the region; a segment is carried along and found on its series', async ({
  lamina: page,
}) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  await threshold(page, 250);
  await openPreprocess(page);
  const source = (await shown(page)).volume as NonNullable<Shown['volume']>;
  await page.getByTestId('chain-switch-region').check();
  await page.getByTestId('landmark-pick').first().click();
  const box = await page.getByTestId('viewport-coronal').boundingBox();
  if (!box) throw new Error('no coronal view');
  const places: [number, number][] = [
    [0.35, 0.35],
    [0.65, 0.37],
    [0.36, 0.63],
    [0.64, 0.65],
  ];
  const picked: Triple[] = [];
  for (const [x, y] of places) {
    picked.push(await page.evaluate(([a, b]) => window.__lamina.canvasToWorld('coronal', a, b), [box.width * x, box.height * y] as const));
    await page.mouse.click(box.x + box.width * x, box.y + box.height * y);
  }
  const [top, , , bottom] = picked as [Triple, Triple, Triple, Triple];
  await expect(page.getByTestId('region-kept')).toBeVisible();
  const region = (await shown(page)).regionLps as number[];
  expect(Math.abs((region[5] as number) - top[2] - 10)).toBeLessThan(0.5);
  expect(Math.abs((region[2] as number) - bottom[2])).toBeLessThan(0.5);

  // An outline: right click takes back, Enter closes.
  await page.getByTestId('region-by').getByRole('radio', { name: 'Drawing' }).check();
  await page.getByTestId('outline-draw').click();
  const axial = await page.getByTestId('viewport-axial').boundingBox();
  if (!axial) throw new Error('no axial view');
  for (const [x, y] of [
    [0.3, 0.3],
    [0.7, 0.3],
    [0.7, 0.7],
    [0.5, 0.5],
  ] as const)
    await page.mouse.click(axial.x + axial.width * x, axial.y + axial.height * y);
  await expect(page.getByTestId('outline-words')).toContainText('4 points');
  await page.mouse.click(axial.x + 60, axial.y + 60, { button: 'right' });
  await expect(page.getByTestId('outline-words')).toContainText('3 points');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('outline-words')).toContainText('closed');

  await page.getByTestId('region-by').getByRole('radio', { name: 'Landmarks' }).check();
  await page.getByTestId('chain-switch-interpolate').check();
  await page.getByTestId('interpolate-mm').fill('1.2');
  await page.getByTestId('carry-segment').check();
  await page.getByTestId('apply-chain').click();
  const made = await showsGrid(page, [1.2, 1.2, source.geometry.spacingMm[2]]);
  expect(made.geometry.dimensions[2]).toBeLessThan(source.geometry.dimensions[2]);
  await expect.poll(async () => (await shown(page)).segments.length, patient).toBe(1);
  const state = await held(page);
  const [bone, carried] = state.segments;
  expect(state.segments.map((s) => s.series)).toEqual([source.seriesInstanceUid, made.seriesInstanceUid]);
  expect((await shown(page)).segments).toEqual([carried?.id]);
  expect(carried?.voxels).toBeGreaterThan(1000);
  expect(carried?.volumeMm3).toBeLessThan(bone?.volumeMm3 as number);
  const saved = await page.evaluate(
    async ([id, segment]) =>
      new Uint8Array(await (await fetch(`/api/cases/${id}/segments/${segment}/mask`)).arrayBuffer()).reduce((a, b) => a + b, 0),
    [state.id, carried?.id] as const,
  );
  expect(saved).toBe(carried?.voxels);

  // The other series' segment is one click away.
  await page.getByTestId('step-correct').click();
  await expect(page.getByTestId('journal')).toContainText('Preprocess: ');
  await page.getByTestId('segment-row').filter({ hasText: 'show its series' }).getByText('show its series').click();
  await expect.poll(async () => (await shown(page)).volume?.seriesInstanceUid, patient).toBe(source.seriesInstanceUid);
  await expect.poll(async () => (await shown(page)).segments).toEqual([bone?.id]);
});

test('[8.1-sequence] both scans of a folder come into one case with one press, and one can be brought onto the other', async ({
  lamina: page,
}) => {
  const folder = twoScans();
  try {
    await importFolder(page, folder);
    await expect(page.getByTestId('series-row')).toHaveCount(2);
    await expect(page.getByTestId('import-all')).toHaveText('Import all 2 series');
    await page.getByTestId('import-all').click();
    await expect(page.getByTestId('import-report')).toBeVisible(patient);
    await openPreprocess(page);
    const { series } = await held(page);
    expect(series.map((s) => s.dimensions.join(' × '))).toEqual(['96 × 96 × 64', '96 × 96 × 64']);
    expect(new Set(series.map((s) => s.seriesInstanceUid)).size).toBe(2);
    const [first, second] = series;
    await page.getByTestId('chain-switch-register').check();
    await page.getByTestId('register-onto').selectOption(second?.seriesInstanceUid ?? '');
    await page.getByTestId('apply-chain').click();
    await expect.poll(async () => (await held(page)).series.length, patient).toBe(3);
    const made = (await held(page)).series[2]?.derivation;
    expect(made).toMatchObject({ from: first?.seriesInstanceUid, settings: { register: { onto: second?.seriesInstanceUid } } });
    // The same head twice: it stays where it is.
    const moved = made?.steps.find((s) => s.registration)?.registration?.translationMm ?? [];
    expect(moved).toHaveLength(3);
    for (const mm of moved) expect(Math.abs(mm)).toBeLessThan(0.2);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

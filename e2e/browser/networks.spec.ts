import path from 'node:path';
import type { Page } from '@playwright/test';
import { networkWording } from '../../contract/model.ts';
import { expect, test } from '../app.ts';
import { lamina, smallHead } from '../phantom.ts';
import { acceptImport, counts, importFolder, journaled, step } from '../steps.ts';

/** Networks on two cores that also draw: a run of the small head takes seconds alone and much longer beside other work. */
const patient = { timeout: 400_000 };
test.describe.configure({ timeout: 900_000 });

async function segmentOrbit(page: Page): Promise<void> {
  await step(page, 'segment');
  await page.getByTestId('segment-orbit').click();
  await expect(page.getByTestId('network-result')).toBeVisible(patient);
  await expect(page.getByTestId('segment-orbit')).toBeEnabled(patient);
}

/** Moves the probability as a person types it; the planes follow without an act. */
async function setProbability(page: Page, value: number): Promise<void> {
  const field = page.getByTestId('probability-field');
  await expect(field).toBeEnabled(patient);
  await field.fill(String(value));
  await field.press('Enter');
}

const pixels = (page: Page, plane: string): Promise<string> =>
  page.evaluate((name) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`[data-plane="${name}"] canvas[data-part="mask"]`);
    const bytes = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let sum = 0;
    for (const [at, value] of bytes.entries()) sum = (sum * 31 + value * ((at % 7) + 1)) >>> 0;
    return String(sum);
  }, plane);

test('[M-unet][12-process][12-risk] Segment orbit marks what the command line marks; the probability moves without another run and is undone', async ({
  lamina: page,
  workstation,
}) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  await segmentOrbit(page);
  await expect(page.getByTestId('network-wording')).toContainText(networkWording, { ignoreCase: true });
  await expect(page.getByTestId('network-provider')).toContainText(/\w+ in [\d.]+ s/);
  await expect(page.getByTestId('network-roi')).toHaveAttribute('data-roi', /found|whole/);
  const first = await counts(page);
  const dir = path.join(workstation.cases, 'by-script.lamina');
  lamina('import', smallHead(), '--case', dir);
  expect(lamina('segment', '--case', dir, '--method', 'default').voxels).toBe(first[0]);

  // A moved probability is drawn at once and stored only when it is applied.
  const before = await pixels(page, 'axial');
  await setProbability(page, 0.2);
  await expect(page.getByTestId('viewport-axial')).toContainText('0.20');
  await expect.poll(() => pixels(page, 'axial')).not.toBe(before);
  expect(await counts(page), 'a preview stores nothing').toEqual(first);
  const moved = await journaled(page, () => page.getByTestId('apply-probability').click());
  expect(moved[0]).toBeGreaterThan(first[0] as number);
  await expect(page.getByTestId('undo')).toContainText('Probability 0.2');
  await expect(page.getByTestId('apply-probability')).toBeDisabled();
  expect(await journaled(page, () => page.keyboard.press('Control+z'))).toEqual(first);
  await expect(page.getByTestId('probability-field')).toHaveValue('0.5');

  // Maps and the hatching of inferred bone change the picture and nothing else.
  await expect.poll(() => pixels(page, 'axial')).toBe(before);
  await page.getByTestId('map-choice').getByRole('radio', { name: 'Uncertainty' }).check();
  await expect(page.getByTestId('map-legend')).toContainText('mirror');
  await expect.poll(() => pixels(page, 'axial')).not.toBe(before);
  await page.getByTestId('map-choice').getByRole('radio', { name: 'Result' }).check();
  await expect.poll(() => pixels(page, 'axial')).toBe(before);
  await expect(page.getByTestId('inferred-count')).toContainText(/\d+ voxels/);
  expect(await counts(page)).toEqual(first);
});

test('[M-unet][M-multi-unet] the missing methods are run one after another and compared on one slice; C is weighed again', async ({
  lamina: page,
}) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  await step(page, 'segment');
  await page.getByTestId('compare').click();
  await page.getByTestId('compare-run').click();
  const tiles = page.getByTestId('compare-tile');
  await expect(tiles).toHaveCount(4, { timeout: 800_000 });
  await expect(page.getByTestId('compare-run')).toBeDisabled();
  await expect(page.getByTestId('compare-strip')).toContainText(networkWording);
  await expect(page.getByTestId('compare-difference')).toContainText(/ml/);
  await tiles.filter({ hasText: 'Two U-Nets' }).click();
  const before = await counts(page);
  await page.getByTestId('cortical-weight').fill('1');
  const after = await journaled(page, () => page.getByTestId('apply-probability').click());
  await expect(page.getByTestId('undo')).toContainText('cortical weight 1');
  expect(after[2]).toBeLessThan(before[2] as number);
  expect([after[0], after[1], after[3]]).toEqual([before[0], before[1], before[3]]);
});

test('[12-package][12-environment] models say their state, steps, providers and risks', async ({ lamina: page }) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  await step(page, 'segment');
  await page.getByTestId('models').click();
  const rows = page.getByTestId('model-row');
  await expect(rows).toHaveCount(4);
  const orbit = rows.and(page.locator('[data-model="orbit"]'));
  await orbit.getByTestId('model-deploy').click();
  await expect(orbit.getByTestId('model-state')).toHaveAttribute('data-state', 'enabled', patient);
  await expect(orbit).toContainText('Known answer');
  await expect(orbit).toContainText(/chosen/);
  await expect(orbit).toContainText(networkWording);
});

test('[12-risk] a network that is cancelled leaves the case as it was', async ({ lamina: page }) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  await step(page, 'segment');
  await page.getByTestId('segment-orbit').click();
  await page.getByTestId('network-progress').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByTestId('segment-orbit')).toBeEnabled(patient);
  await expect(page.getByTestId('notice').first()).toContainText(/cancelled/i);
  expect(await counts(page)).toEqual([]);
});

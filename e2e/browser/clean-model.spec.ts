import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, pictures, test } from '../app.ts';
import { smallHead } from '../phantom.ts';
import { acceptImport, counts, importFolder, journaled, step, threshold } from '../steps.ts';

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

/** A picture at both sizes, with the panel's `top` scrolled into view. */
async function picture(page: Page, name: string, top?: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  for (const size of sizes) {
    await page.setViewportSize(size);
    if (top) await page.getByTestId(top).scrollIntoViewIfNeeded();
    await page.waitForTimeout(400);
    await page.screenshot({ path: path.join(pictures, `${name}-${size.width}.png`) });
  }
  await page.setViewportSize(sizes[0] as (typeof sizes)[0]);
}

const meshes = (page: Page) =>
  page.evaluate(async () => {
    const id = window.__lamina.caseState()?.id;
    const state = await (await fetch(`/api/cases/${id}`)).json();
    return state.meshes as {
      id: string;
      settings: { thickenToMm: number; surface: string };
      report: {
        openEdges: number;
        nonManifoldEdges: number;
        vertices: number;
        walls: { belowMm2: number; limitMm: number } | null;
        finish: { grey: { part: number } | null; thickening: { addedMm3: number } | null };
      };
    }[];
  });

test('[M-combine] an opening of one voxel: looked at before, applied voxel for voxel as shown, undone', async ({ lamina: page }) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  const [before] = await threshold(page, 300);
  await step(page, 'clean');
  await page.getByTestId('preview-clean').click();
  const preview = page.getByTestId('mask-preview');
  await expect(preview).toHaveAttribute('data-age', 'fresh', { timeout: 120_000 });
  await expect(preview).toHaveAttribute('data-parts', '1');
  expect(await counts(page)).toEqual([before]);

  await page.getByTestId('clean-part').getByRole('radio', { name: 'Effects' }).check();
  await expect(preview).toBeHidden();
  await page.getByTestId('effect').selectOption('open');
  await page.getByTestId('effect-setting-unit').getByRole('radio', { name: 'Voxels' }).check();
  await page.getByTestId('preview-effect').click();
  await expect(preview).toHaveAttribute('data-age', 'fresh', { timeout: 120_000 });
  const promised = Number(await preview.getAttribute('data-voxels'));
  expect(promised).toBeGreaterThan(0);
  expect(promised).toBeLessThan(before as number);
  expect(await page.evaluate(() => window.__lamina.caseState()?.segments[0]?.voxels)).toBe(before);
  await picture(page, 'clean-preview');
  await page.getByTestId('effect-setting-voxels').fill('2');
  await expect(preview).toHaveAttribute('data-age', 'older than the settings');
  await page.getByTestId('effect-setting-voxels').fill('1');
  await expect(preview).toHaveAttribute('data-age', 'fresh');

  expect(await journaled(page, () => page.getByTestId('apply-effect').click())).toEqual([promised]);
  expect(await journaled(page, () => page.getByTestId('undo').click())).toEqual([before]);

  // An effect with others says what it lacks.
  await page.getByTestId('effect').selectOption('combine');
  await expect(page.getByTestId('apply-effect')).toBeDisabled();
  await expect(page.getByText('There is no other segment on this series')).toBeVisible();
  await picture(page, 'clean-combine');
});

test('[P-surface] [P-finish] [P-print] a model from grey values: preview, walls as colours, the offered repair, deviation', async ({
  lamina: page,
}) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  await threshold(page, 300);
  await page.getByTestId('step-model').click();

  // Looked at before it is kept; a changed setting makes the preview old.
  await page.getByTestId('preview-model').click();
  await expect(page.getByTestId('model-preview')).toHaveAttribute('data-age', 'fresh', { timeout: 120_000 });
  expect(await meshes(page)).toHaveLength(0);
  await picture(page, 'model-preview');
  await page.getByTestId('model-setting-smooth').fill('12');
  await expect(page.getByTestId('model-preview')).toHaveAttribute('data-age', 'older than the settings');

  await page.getByTestId('make-model').click();
  await expect(page.getByTestId('model-preview')).toBeHidden({ timeout: 120_000 });
  const [first] = await meshes(page);
  expect(first?.settings.surface).toBe('grey');
  // Voxels of 2 mm show few edges of their own beyond doubt.
  expect(first?.report.finish.grey?.part).toBeGreaterThan(0.1);
  expect(first?.report).toMatchObject({ openEdges: 0, nonManifoldEdges: 0 });
  for (const check of ['closed', 'manifold', 'outward'])
    await expect(page.getByTestId(`check-${check}`)).toHaveAttribute('data-judgement', 'ok');
  await expect(page.getByTestId('finish-surface')).toContainText('grey values');
  await expect(page.getByTestId('mesh-review')).toHaveAttribute('data-state', 'ready');
  await picture(page, 'model-plain');

  await page.getByTestId('model-colours').getByRole('radio', { name: 'Thickness' }).check();
  const legend = page.getByTestId('colour-legend');
  await expect(legend).toHaveAttribute('data-kind', 'thickness', { timeout: 120_000 });
  await expect(legend).toContainText('printer 0.5');
  const stage = await page.getByTestId('mesh-review').boundingBox();
  if (!stage) throw new Error('no model on screen');
  await page.mouse.move(stage.x + stage.width * 0.5, stage.y + stage.height * 0.45);
  await expect(page.getByTestId('colour-value')).toHaveAttribute('data-mm', /^\d/);
  await picture(page, 'model-thickness');

  const thin = first?.report.walls?.belowMm2 ?? 0;
  expect(thin).toBeGreaterThan(0);
  await expect(page.getByTestId('check-walls')).toHaveAttribute('data-judgement', 'warn');
  await page.getByTestId('repair-walls').click();
  await expect.poll(async () => (await meshes(page)).at(-1)?.settings.thickenToMm, { timeout: 120_000 }).toBe(0.5);
  const mended = (await meshes(page)).at(-1);
  expect(mended?.report.finish.thickening?.addedMm3).toBeGreaterThan(0);
  expect(mended?.report.walls?.belowMm2).toBeLessThan(thin);
  await expect(page.getByTestId('finish-thickening')).toBeVisible();

  await page.getByTestId('model-colours').getByRole('radio', { name: 'Deviation' }).check();
  await expect(legend).toHaveAttribute('data-kind', 'deviation', { timeout: 120_000 });
  expect(Number(await legend.getAttribute('data-min'))).toBeLessThan(0);
  expect(Number(await legend.getAttribute('data-max'))).toBeGreaterThan(0);
  await picture(page, 'model-deviation', 'finish-surface');
  await journaled(page, () => page.getByTestId('undo').click());
  expect(await meshes(page)).toHaveLength(1);
});

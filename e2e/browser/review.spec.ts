import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { plates, writePlates } from '../../electron/fixtures/plates.fixture.ts';
import { expect, pictures, test } from '../app.ts';
import { lamina } from '../phantom.ts';
import { goToFolder, journaled, saveAs, step, stroke } from '../steps.ts';

const crosshair = (page: Page) =>
  page.evaluate(() => (window.__lamina.store.getState() as unknown as { crosshairLps: [number, number, number] }).crosshairLps);
const away = (a: readonly number[], b: readonly number[]) => Math.hypot(...a.map((v, n) => v - b[n]!));
const rows = (page: Page) =>
  page.getByTestId('doubt-row').evaluateAll((all) => all.map((row) => [row.dataset.kind, row.dataset.reviewed].join(' ')));
const reviewedInCase = (page: Page) =>
  page.evaluate(
    () => (window.__lamina.caseState() as unknown as { segments: { reviewed: { kind: string }[] }[] }).segments[0]!.reviewed.length,
  );

test('[9.1-types] doubtful places are found, walked with N, confirmed, mended and told at export; who drew it is on the planes', async ({
  lamina: page,
}) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  const folder = mkdtempSync(path.join(tmpdir(), 'lamina-e2e-review-'));
  const wall = path.join(folder, 'wall.nii.gz');
  const caseFolder = path.join(folder, 'wall.lamina');
  await writePlates(wall);
  lamina('import', wall, '--case', caseFolder);
  lamina('segment', '--case', caseFolder, '--method', 'threshold', '--set', 'lowHu=300', '--name', 'Wall');
  await page.getByTestId('open-folder').click();
  await goToFolder(page, caseFolder);
  await page.getByTestId('folder-confirm').click();
  await expect(page.getByTestId('case-name')).toBeVisible({ timeout: 60_000 });
  await step(page, 'correct');

  // N looks for the places where nobody has, then goes to the worst of them.
  await page.getByTestId('viewport-axial').focus();
  await page.keyboard.press('n');
  await expect(page.getByTestId('review-count')).toHaveText('0 of 3 reviewed', { timeout: 120_000 });
  expect(await rows(page)).toEqual(['gap false', 'gap false', 'island false']);
  await expect.poll(async () => away(await crosshair(page), plates.holeA)).toBeLessThan(1);
  await expect(page.getByTestId('viewport-axial').locator('.vp-doubt:not(.seen)')).toHaveCount(2);
  await page.keyboard.press('n');
  await expect.poll(async () => away(await crosshair(page), plates.holeB)).toBeLessThan(1);
  await page.keyboard.press('Shift+N');
  await expect.poll(async () => away(await crosshair(page), plates.holeA)).toBeLessThan(1);
  expect(await reviewedInCase(page)).toBe(0);
  await page.screenshot({ path: path.join(pictures, 'review-1920.png') });
  // Confirmed it is an act of the case, and the next one comes.
  await journaled(page, () => page.keyboard.press('y'));
  expect(await rows(page)).toEqual(['gap true', 'gap false', 'island false']);
  expect(await reviewedInCase(page)).toBe(1);
  await expect.poll(async () => away(await crosshair(page), plates.holeB)).toBeLessThan(1);
  await expect(page.getByTestId('doubt-tool')).toContainText('1 of 3 doubtful');
  await journaled(page, () => page.getByTestId('undo').click());
  await expect(page.getByTestId('review-count')).toHaveText('0 of 3 reviewed');
  await journaled(page, () => page.getByTestId('redo').click());
  await expect(page.getByTestId('review-count')).toHaveText('1 of 3 reviewed');

  // Who drew it: all by threshold, then a stroke that the map does not know until it is read again.
  await page.keyboard.press('h');
  const legend = page.getByTestId('authorship-legend');
  await expect(legend.locator('[data-author=threshold]')).toContainText('100.0 %', { timeout: 60_000 });
  const [before] = await page.evaluate(() => Object.values(window.__lamina.labelCounts()));
  await page.getByTestId('tool-brush').click();
  const [after] = await journaled(page, () => stroke(page, 'axial', [0.3, 0.5], [0.5, 0.5]));
  expect(after).toBeGreaterThan(before!);
  await expect(legend).toHaveAttribute('data-stale', 'true');
  await expect(page.getByTestId('review-stale')).toBeVisible();
  await page.getByTestId('authorship-refresh').click();
  await expect(legend.locator('[data-author=hand]')).toHaveAttribute('data-voxels', String(after! - before!), { timeout: 60_000 });
  await expect(legend.locator('[data-author=threshold]')).toHaveAttribute('data-voxels', String(before));
  await page.screenshot({ path: path.join(pictures, 'authorship-1920.png') });
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByTestId('authorship').scrollIntoViewIfNeeded();
  await page.screenshot({ path: path.join(pictures, 'authorship-1280.png') });
  await page.setViewportSize({ width: 1920, height: 1080 });
  await journaled(page, () => page.getByTestId('undo').click());

  // At export the share is said, and the report has it.
  await step(page, 'model');
  await page.getByTestId('make-model').click();
  await expect(page.getByTestId('check-watertight').or(page.getByTestId('deviation')).first()).toBeVisible({ timeout: 120_000 });
  await step(page, 'export');
  await expect(page.getByTestId('unreviewed')).toContainText('2 of 3 doubtful places not reviewed (67 %)');
  await page.screenshot({ path: path.join(pictures, 'review-export.png') });
  const out = path.join(folder, 'wall.stl');
  await page.getByTestId('export-choose').click();
  await saveAs(page, out);
  const failed = page.getByText('Write it although it failed');
  if (await failed.isVisible()) await failed.click();
  await page.getByTestId('export-stl').click();
  await page.getByTestId('export-unsigned').click();
  await expect(page.getByTestId('exported')).toBeVisible({ timeout: 60_000 });
  const report = JSON.parse(readFileSync(path.join(folder, 'wall.report.json'), 'utf8'));
  expect(report.doubtfulPlaces.statement).toBe('2 of 3 doubtful places not reviewed (67 %).');
  expect(report.authorship.percent.threshold).toBe(100);
});
